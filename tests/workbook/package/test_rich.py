"""Marked words in sheets of ours: every reader has the whole text, the proof sees each mark, and all of it is inert."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from fastexcel import read_excel
from openpyxl import load_workbook

from sync.workbook.ours import is_there
from sync.workbook.package.patch import patch
from sync.workbook.package.rich import Mark, RichText, Run
from sync.workbook.package.sheets import NewSheet
from sync.workbook.verify import compare
from tests.workbook.package import making

if TYPE_CHECKING:
    from pathlib import Path


def rich(*runs: tuple[str, Mark]) -> RichText:
    return RichText(tuple(Run(*run) for run in runs))


NASTY = [
    rich(("a ", Mark.NONE), ("red", Mark.MINE), (" oak", Mark.NONE)),
    rich(("=1+", Mark.THEIRS), ("1", Mark.NONE)),
    rich((" <b>&amp; ", Mark.GONE), ("\n\ttail ", Mark.NONE)),
    rich(("_x00", Mark.MINE), ("41_ and _x0041_", Mark.NONE)),
    rich(("\x0b bell", Mark.MINE), ("\U0001f600", Mark.THEIRS)),
    rich(("x" * 40_000, Mark.MINE)),
    rich(("\ud800", Mark.MINE), ("half", Mark.NONE)),
    rich(("no mark", Mark.NONE)),
    rich(),
]


def sheet_of(*texts: RichText) -> NewSheet:
    return NewSheet("Conflicts", (("Text",), *((text,) for text in texts)))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_marked_text_is_written_and_proved_and_known_again(tmp_path: Path, text: RichText) -> None:
    source, target = making.plain(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    sheet = sheet_of(text)
    patch(source, target, {}, [sheet])
    assert compare(source, target, {}, [sheet]).ok
    assert is_there(target, sheet)
    again = tmp_path / "c.xlsx"
    patch(target, again, {}, [sheet_of(rich(("other", Mark.GONE)))])
    assert not is_there(again, sheet)
    assert compare(target, again, {}, [sheet_of(rich(("other", Mark.GONE)))]).ok


@pytest.mark.parametrize("text", NASTY[:3], ids=range(3))
def test_every_reader_has_the_whole_text(tmp_path: Path, text: RichText) -> None:
    target = tmp_path / "b.xlsx"
    patch(making.plain(tmp_path / "a.xlsx"), target, {}, [sheet_of(text)])
    assert load_workbook(target)["Conflicts"]["A2"].value == str(text)
    assert load_workbook(target)["Conflicts"]["A2"].data_type == "s"
    read = read_excel(str(target)).load_sheet("Conflicts", header_row=None, dtypes="string").to_polars()
    assert read.rows()[1][0] == str(text)
    with_marks = load_workbook(target, rich_text=True)["Conflicts"]["A2"].value
    assert str(with_marks) == str(text)


@pytest.mark.parametrize(
    "wrong",
    [
        rich(("a ", Mark.MINE), ("red", Mark.NONE)),
        rich(("a ", Mark.NONE), ("red", Mark.THEIRS)),
        rich(("a red", Mark.MINE)),
        rich(("a ", Mark.NONE), ("rad", Mark.MINE)),
    ],
)
def test_the_proof_sees_a_mark_at_another_place(tmp_path: Path, wrong: RichText) -> None:
    source, target = making.plain(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    patch(source, target, {}, [sheet_of(wrong)])
    certificate = compare(source, target, {}, [sheet_of(rich(("a ", Mark.NONE), ("red", Mark.MINE)))])
    assert not certificate.ok


def test_a_text_with_marks_that_has_to_be_cut_is_cut_as_any_other_and_loses_its_marks(tmp_path: Path) -> None:
    target = tmp_path / "b.xlsx"
    report = patch(making.plain(tmp_path / "a.xlsx"), target, {}, [sheet_of(NASTY[5])])
    assert "cut" in str(report.notes[0])
    with zipfile.ZipFile(target) as archive:
        assert not any(b"<rPr>" in archive.read(name) for name in archive.namelist() if "worksheets" in name)
