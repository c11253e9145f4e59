from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from sync.errors import WorkbookError
from sync.exports import read_export

if TYPE_CHECKING:
    from pathlib import Path

SHOPIFY = "Handle,Title,Vendor\r\ntee,Grünes T-Shirt,Müller\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encoding_and_separator_are_found_out(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(SHOPIFY.replace(",", separator).encode(encoding))
    assert read_export(path).rows == (("tee", "Grünes T-Shirt", "Müller"),)


def test_line_breaks_and_separators_within_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text('Handle,Title,Body (HTML)\na,"A, ""really""","one\ntwo"\n', newline="")
    assert read_export(path).rows[0][:2] == ("a", 'A, "really"')


def test_nothing_is_taken_for_a_number(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Handle,Title,Variant SKU\n00123,1e5,007\n")
    assert read_export(path).rows == (("00123", "1e5", "007"),)


def test_other_files_are_refused_with_the_headings_found_and_expected(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("Artikel,Preis\n1,2\n")
    with pytest.raises(WorkbookError, match=r"prices\.csv is no product export .* Artikel, Preis") as caught:
        read_export(path)
    assert "Handle" in caught.value.hint
    assert "Short description" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"PK\x03\x04rest", "is an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"\x00\x01\x02binary", "is a binary file"),
        (b"Handle,Title,Vendor\n", "but no product"),
        (b"Handle,Title\na,b,c,d\n", "no well-formed CSV"),
    ],
)
def test_unusable_files_say_what_they_are(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=message):
        read_export(path)


def test_a_workbook_is_told_from_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    with pytest.raises(WorkbookError, match="not a CSV file") as caught:
        read_export(path)
    assert "CSV" in caught.value.hint


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="there is no file"):
        read_export(tmp_path / "nothing.csv")
    with pytest.raises(WorkbookError, match="is a folder"):
        read_export(tmp_path)
