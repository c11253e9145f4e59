"""Texts of the service, or of anybody: in a cell they are texts, to the letter or with a note (G12)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from sync.workbook.save import save
from tests.workbook.package.making import plain
from tests.workbook.package.reading import by_calamine, differing
from tests.workbooks.readers import local, tree

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEET = "xl/worksheets/sheet1.xml"
BATCH = 100

# What spreadsheets, their files and their readers take for something else than a text.
TAKEN = [
    *("=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://example.com";"a")', "=cmd|' /C calc'!A0", "\t=1", "\r=1"),
    *(
        "{=1}",
        "#N/A",
        "#REF!",
        "TRUE",
        "1E5",
        "00123",
        "2021-03-04",
        "1/2",
        "'quoted",
        "http://example.com",
        "mailto:a@b.c",
    ),
    *(
        "_x0041_",
        "_x005F_x0041_",
        "_x000D_",
        "_xD83D_",
        "_x",
        "x0041_",
        "&amp;",
        "&#65;",
        "<b>",
        "</t></is></c>",
        "]]>",
    ),
    *(
        "<![CDATA[",
        "<!--",
        "<?x?>",
        "<f>1</f>",
        "\0",
        "\x01",
        "\x0b",
        "\x1f",
        "\x7f",
        "\x85",
        "\ufffe",
        "\uffff",
        "\ufeff",
    ),
    *(
        "\ud800",
        "\udfff",
        "😀",
        "e\u0301",
        "\u202e",
        "\u2028",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "x" * 400,
        "ä" * 40,
    ),
]
TEXTS = (
    st.lists(st.one_of(st.sampled_from(TAKEN), st.text(max_size=6)), min_size=1, max_size=5).map("".join).filter(bool)
)


def written(texts: Sequence[str]) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Save the texts into column C; give by row what openpyxl sees, what calamine sees, and what was noted.

    They must be inline texts and nothing else, in a file in which nothing else differs.
    """
    with TemporaryDirectory() as folder:
        path, before = plain(Path(folder, "a.xlsx")), Path(folder, "before.xlsx")
        before.write_bytes(path.read_bytes())
        report = save(path, {"Records": {(row, 3): text for row, text in enumerate(texts, 10)}})
        assert report.certificate.ok
        assert differing(before, path) == {SHEET}
        with zipfile.ZipFile(path) as archive:
            root = tree(archive.read(SHEET))
        assert not [element for element in root.iter() if local(element) in {"f", "hyperlink", "hyperlinks"}]
        for cell in (element for element in root.iter() if local(element) == "c"):
            if re.fullmatch(r"C[0-9]{2,}", cell.get("r", "")):
                assert [local(inner) for inner in cell.iter()] == ["c", "is", "t"]
                assert cell.get("t") == "inlineStr"
        cells = openpyxl.load_workbook(path)["Records"]["C"]
        assert {cell.data_type for cell in cells[9:] if cell.value is not None} <= {"s", "inlineStr"}
        seen = {cell.row: unescape(str(cell.value)) for cell in cells[9:] if cell.value is not None}
        shown = {row: text for (row, column), text in by_calamine(path).items() if column == 3}
        return seen, shown, {note.row: note.text for note in report.notes}


def check(texts: Sequence[str]) -> None:
    """See that each text came out to the letter, or with a note that tells how not."""
    seen, shown, notes = written(texts)
    for row, text in enumerate(texts, 10):
        wanted = text.replace("\r\n", "\n")
        if any("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff" for letter in wanted):
            assert "was replaced" in notes.pop(row)
            wanted = re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", wanted)
        assert joined(seen[row]) == wanted
        assert shown[row] == wanted
    assert not notes


def joined(text: str) -> str:
    """Join the halves of characters that openpyxl undoes one by one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


@pytest.mark.soak
@given(st.lists(TEXTS, min_size=BATCH, max_size=BATCH))
@settings(max_examples=50, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_g12_five_thousand_texts_stay_texts(texts: list[str]) -> None:
    check(texts)


@pytest.mark.long
@given(st.lists(TEXTS, min_size=BATCH, max_size=BATCH))
@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_g12_a_hundred_thousand_texts_stay_texts(texts: list[str]) -> None:
    check(texts)


@pytest.mark.parametrize("text", TAKEN, ids=ascii)
def test_what_is_easily_taken_for_something_else_stays_a_text(text: str) -> None:
    check([text, text * 2, f"{text} and more"])


@pytest.mark.parametrize("letter", ["x", "ß", "😀", "\x0b", "_x0041_", "&"], ids=ascii)
def test_w04_a_text_that_no_cell_holds_is_cut_with_a_mark_and_a_note(letter: str) -> None:
    text = letter * 32_767
    seen, shown, notes = written([text, letter])
    assert notes == ({10: notes[10]} if len(letter.encode("utf-16-le")) > 2 else {})
    for found in (joined(seen[10]), shown[10]):
        assert len(found.encode("utf-16-le")) // 2 <= 32_767
        assert found == text or (found.endswith("… [cut]") and text.startswith(found.removesuffix("… [cut]")))
