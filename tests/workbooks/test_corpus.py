"""Hard workbooks: a text goes into a cell that is there, a new cell and a new row, and nothing else changes.

Three programs that are not ours read what came of it: openpyxl, calamine and LibreOffice.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.workbook.package.reading import raw_entries
from tests.workbooks import make, readers, trial

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = {"rows-none.xlsx", "rows-none-at-all.xlsx"}
"""Sheets without a row: only a new one can be written."""

# Workbooks that these programs cannot read before anything was written into them either.
BACKWARD = {"parts-in-other-case.xlsx", "parts-with-backslashes.xlsx"}
UNREAD = {
    "openpyxl": BACKWARD | {"dde-link.xlsx", "strict.xlsx", "parts-with-spaces.xlsx"},
    "calamine": {
        "parts-elsewhere.xlsx",
        "parts-with-spaces.xlsx",
        "rows-with-extensions.xlsx",
        "utf-16-big-endian.xlsx",
        "utf-16-little-endian.xlsx",
    },
    "libreoffice": BACKWARD
    | {
        "parts-with-spaces.xlsx",
        "zip-after-other-bytes.xlsx",
        "zip-after-other-bytes-that-count.xlsx",
        "zip-mixed.xlsx",
        "zip64.xlsx",
        "zip64-at-the-end.xlsx",
        "zip64-in-the-directory.xlsx",
    },
}


def test_the_workbooks_are_made_again_to_the_byte() -> None:
    assert {path.name for path in make.kept()} == set(make.BY_HAND)
    for name, made in make.BY_HAND.items():
        assert made() == (make.HERE / name).read_bytes(), f"{name}: run python -m tests.workbooks.make"


def test_the_workbooks_stay_small() -> None:
    assert sum(path.stat().st_size for path in make.kept()) < 2_000_000


def test_xlsxwriter_and_openpyxl_make_the_same_twice(corpus: Path, tmp_path: Path) -> None:
    make.by_others(tmp_path)
    for name in make.BY_OTHERS:
        assert differing_parts(corpus / name, tmp_path / name) <= {"docProps/core.xml"}, name


def differing_parts(one: Path, other: Path) -> set[str]:
    """Compare but for the times that openpyxl gives its entries."""
    first, second = ({name: data[14:] for name, data in raw_entries(path).items()} for path in (one, other))
    assert list(first) == list(second)
    return {name for name in first if first[name] != second[name]}


@pytest.mark.parametrize("name", make.NAMES)
def test_a_text_changes_its_cell_and_nothing_else(corpus: Path, tmp_path: Path, name: str) -> None:
    source, target = corpus / name, tmp_path / name
    targets = trial.choose(source)
    assert set(targets.places) == ({"a new row"} if name in EMPTY else set(trial.KINDS)), targets.refused
    for place in targets.places.values():
        trial.write(source, target, targets, [place])
    trial.write(source, target, targets, targets.every)
    places = list(targets.places.values())
    trial.write(source, target, targets, places)
    assert trial.openpyxl_agrees(source, target, targets, places) == (name not in UNREAD["openpyxl"])
    assert trial.calamine_agrees(source, target, targets, places) == (name not in UNREAD["calamine"])


SOFFICE = shutil.which("soffice")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_every_workbook_with_its_new_texts(corpus: Path, tmp_path: Path) -> None:
    written, shown, expected = tmp_path / "written", tmp_path / "shown", {}
    tables = {}
    written.mkdir()
    for name in make.NAMES:
        if name not in UNREAD["libreoffice"]:
            targets = trial.choose(corpus / name)
            trial.patched(corpus / name, written / name, targets, list(targets.places.values()))
            expected[name] = len(targets.places)
            tables[name] = shown / f"{name.rpartition('.')[0]}-{targets.sheet}.csv"
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", as_csv, "--outdir", str(shown)]
    subprocess.run([*command, *map(str, sorted(written.iterdir()))], check=True, capture_output=True, timeout=200)
    quoted = trial.TEXT.replace('"', '""')
    assert {name: table.read_text("utf-8").count(quoted) for name, table in tables.items()} == expected


def test_every_feature_that_is_asked_for_has_its_workbook(corpus: Path) -> None:
    """A workbook named for what it holds must hold it, so that none of them goes empty unnoticed."""
    for name, (part, mark) in FEATURES.items():
        parts = raw_parts(corpus / name)
        held = [data for found, data in parts.items() if part in found]
        assert held, (name, part)
        assert any(mark in data for data in held), (name, part, mark)


def raw_parts(path: Path) -> dict[str, bytes]:
    return {name.replace("\\", "/"): data for name, data in readers.parts(path).items()}


SHEET = "worksheets/sheet1.xml"
FEATURES = {
    "charts.xlsx": ("xl/charts/chart6.xml", b"radarChart"),
    "pictures.xlsx": ("richValueRel.xml.rels", b"image"),
    "formats.xlsx": (SHEET, b"x14:sparkline"),
    "tables.xlsx": ("xl/tables/table1.xml", b"calculatedColumnFormula"),
    "macros.xlsm": ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "macros-of-another.xlsm": ("xl/vbaProject.bin", b"made-up"),
    "template.xltx": ("[Content_Types].xml", b"template.main+xml"),
    "pivot-table.xlsx": ("pivotTable1.xml", b"<location "),
    "slicer.xlsx": ("slicerCache1.xml", b"Slicer_Kind"),
    "comments-in-threads.xlsx": ("threadedComment1.xml", b"threadedComment"),
    "form-control.xlsx": ("ctrlProp1.xml", b"CheckBox"),
    "shape-and-picture.xlsx": ("drawing1.xml", b"<xdr:sp "),
    "signed.xlsx": ("_xmlsignatures/sig1.xml", b"SignatureValue"),
    "strict.xlsx": (SHEET, b"purl.oclc.org"),
    "prefixed.xlsx": (SHEET, b"<x:row r="),
    "utf-16-little-endian.xlsx": (SHEET, b"<\0r\0o\0w\0"),
    "dates-from-1904.xlsx": ("xl/workbook.xml", b'date1904="1"'),
    "sheets-hidden.xlsx": ("xl/workbook.xml", b"veryHidden"),
    "sheet-protected.xlsx": (SHEET, b"<sheetProtection "),
    "sheet-filtered-and-sorted.xlsx": (SHEET, b"<sortState "),
    "formulas-calculated-in-order.xlsx": ("xl/calcChain.xml", b'r="D5"'),
    "formulas-data-table.xlsx": (SHEET, b't="dataTable"'),
    "cells-with-metadata.xlsx": (SHEET, b' vm="1"'),
    "alternate-content.xlsx": (SHEET, b"<mc:AlternateContent>"),
    "external-links.xlsx": ("externalLink1.xml", b"externalBook"),
    "custom-xml.xlsx": ("customXml/item1.xml", b"<shop "),
    "printer-settings.xlsx": ("printerSettings1.bin", bytes(range(32))),
    "names-defined.xlsx": ("xl/workbook.xml", b"_xlnm.Print_Area"),
    "strings-shared.xlsx": ("xl/sharedStrings.xml", b"_x005F_"),
    "huge.xlsx": (SHEET, b'<row r="2500"'),
}
