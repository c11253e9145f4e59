"""Numbers on new sheets: their formats, their colours, and what of these an added sheet must and must not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from sync.workbook.package.colours import Colours
from sync.workbook.package.patch import patch
from sync.workbook.package.sheets import NewSheet
from sync.workbook.verify import compare
from tests.workbook.package import making, reading
from tests.workbook.package.making import SHEET_PART, by_hand, pack
from tests.workbook.package.test_sheets import PLAIN, STYLES, added, entries

if TYPE_CHECKING:
    from pathlib import Path

SHEET = NewSheet(
    "Ranks",
    (("Keyword", "Volume", "Change", "Day"), ("oak stool", 880, -3, 46_000), ("pine stool", None, 4, 46_000.5)),
    formats={2: 1, 3: 1, 4: 14},
    colours={2: Colours.BAR, 3: Colours.SIGN},
    choices={1: ("a", "b")},
)


def test_colours_need_nothing_in_the_styles_and_reach_to_the_last_row(tmp_path: Path) -> None:
    target, _ = added(making.by_openpyxl(tmp_path / "a.xlsx"), [SHEET])
    shown = openpyxl.load_workbook(target)["Ranks"].conditional_formatting
    assert {(str(one.sqref), rule.type, rule.priority, rule.dxf) for one in shown for rule in one.rules} == {
        ("B2:B1048576", "dataBar", 1, None),
        ("C2:C1048576", "iconSet", 2, None),
    }


def test_a_scale_of_colours_is_one_that_others_can_read(tmp_path: Path) -> None:
    sheet = NewSheet("Ranks", (("Rank",), (3,)), colours={1: Colours.LOW})
    target, _ = added(making.by_openpyxl(tmp_path / "a.xlsx"), [sheet])
    (one,) = openpyxl.load_workbook(target)["Ranks"].conditional_formatting
    assert [point.val for point in one.rules[0].colorScale.cfvo] == [1, 10, 50]


def test_a_number_format_is_that_of_its_column_and_of_no_other(tmp_path: Path) -> None:
    source = making.by_openpyxl(tmp_path / "a.xlsx")
    target, _ = added(source, [SHEET])
    sheet = openpyxl.load_workbook(target)["Ranks"]
    assert [cell.number_format for cell in sheet[2]] == ["General", "0", "0", "mm-dd-yy"]
    assert sheet["D2"].is_date
    assert entries(source)[STYLES].count(b"<xf ") + 5 == entries(target)[STYLES].count(b"<xf ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('type="dataBar"', 'type="colorScale"'),
        ('priority="2"', 'priority="1"'),
        ('sqref="B2:', 'sqref="A2:'),
        ('<cfvo type="max"/>', '<cfvo type="min"/>'),
        ("FFA9C9EA", "FFFF0000"),
        ('<cfvo type="num" val="1"/>', '<cfvo type="num" val="1" gte="0"/>'),
    ],
)
def test_colours_that_nobody_asked_for_are_seen(tmp_path: Path, old: str, new: str) -> None:
    source = by_hand(tmp_path / "a.xlsx", PLAIN[SHEET_PART])
    target, _ = added(source, [SHEET])
    content = entries(target)
    assert compare(source, pack(target, content), {}, [SHEET]).ok
    part = list(content)[-1]
    assert old.encode() in content[part]
    content[part] = content[part].replace(old.encode(), new.encode(), 1)
    assert {one.where for one in compare(source, pack(target, content), {}, [SHEET]).unplanned} == {part}


def test_a_format_more_than_was_asked_for_is_seen(tmp_path: Path) -> None:
    source = making.by_openpyxl(tmp_path / "a.xlsx")
    target, _ = added(source, [SHEET])
    fewer = NewSheet(SHEET.name, SHEET.rows, colours=SHEET.colours, choices=SHEET.choices, formats={2: 1})
    assert STYLES in {one.where for one in compare(source, target, {}, [fewer]).unplanned}


def test_cells_keep_the_format_that_is_asked_for_when_a_sheet_is_written_anew(tmp_path: Path) -> None:
    first, _ = added(making.by_openpyxl(tmp_path / "a.xlsx"), [SHEET])
    formats = reading.part(first, "xl/styles.xml").count(b"<xf ")
    again = NewSheet(SHEET.name, (SHEET.rows[0], ("birch", 46_001)), styles={2: {2: "1"}})
    target = tmp_path / "again.xlsx"
    patch(first, target, {}, [again])
    assert compare(first, target, {}, [again]).ok
    part = list(entries(target))[-1]
    assert b'<c r="B2" s="1">' in entries(target)[part]
    assert reading.part(target, "xl/styles.xml").count(b"<xf ") == formats
