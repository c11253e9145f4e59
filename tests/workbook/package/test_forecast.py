"""The quick comparison: it must say yes to what the patcher writes, and never to anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.workbook.package.edits import by_row
from sync.workbook.package.forecast import Counts, quick
from sync.workbook.package.judge import Judge
from sync.workbook.package.parsed import Parsed, parsed
from sync.workbook.package.patch import patch
from tests.workbook.package import reading
from tests.workbook.package.making import SHEET_PART, by_hand, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from sync.workbook.package.edits import ByRow

TEXT = '<c r="{0}" t="inlineStr"><is><t xml:space="preserve">{1}</t></is></c>'


def compared(before: str, after: str, planned: ByRow, size: int = 1 << 20) -> Counts | None:
    def chunks(data: bytes) -> list[bytes]:
        return [data[at : at + size] for at in range(0, len(data), size)]

    return quick(chunks(before.encode()), chunks(after.encode()), by_row(planned))


WRITTEN: dict[str, tuple[str, ByRow]] = {
    "behind the last cell": ('<row r="1"><c r="A1"/></row>', {1: {2: "a", 3: "b"}}),
    "before the first cell": ('<row r="1"><c r="D1"/></row>', {1: {2: "a", 3: "b"}}),
    "between cells": ('<row r="1"><c r="A1"/><c r="D1"><v>4</v></c></row>', {1: {2: "a", 3: "b", 5: "c"}}),
    "over cells": ('<row r="1"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="4"/></row>', {1: {1: "a", 2: "b"}}),
    "into a row without cells": ('<row r="1" ht="9"></row>', {1: {2: "a"}}),
    "beside a formula": ('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>', {1: {2: "a"}}),
    "new rows before, between and after": (
        '<row r="2"><c r="A2"/></row><row r="4"><c r="A4"/></row>',
        {1: {1: "a"}, 3: {1: "b"}, 5: {1: "c"}, 6: {2: 7}},
    ),
    "emptied": ('<row r="1"><c r="A1" s="3" t="s"><v>0</v></c></row>', {1: {1: None, 2: "", 3: None}}),
    "nothing into rows that are not there": ('<row r="1"><c r="A1"/></row>', {1: {2: "a"}, 7: {1: None}}),
    "numbers and truths": ('<row r="1"><c r="A1" s="1"/></row>', {1: {1: 5, 2: 0.1, 3: True, 4: "text"}}),
    "beside closed rows": ('<row r="1" ht="9"/><row r="2"><c r="A2"/></row><row r="5"/>', {2: {2: "a"}, 6: {1: "z"}}),
    "what XML reserves": ('<row r="1"><c r="A1"/></row>', {1: {2: "<p>a & b</p> ]]> &amp;"}}),
    "odd characters": ('<row r="1"><c r="A1"/></row>', {1: {2: "a\r\nb\x07_x0041_\ufffe", 3: "é 🪑\ufffd"}}),
    "too long": ('<row r="1"><c r="A1"/></row>', {1: {2: "é" * 40_000, 3: "b"}}),
    "reaching further": ('<row r="1" spans="1:1"><c r="A1"/></row>', {1: {9: "a"}}),
    "rows with and without styles": (
        '<row r="1" s="7" customFormat="1"><c r="A1"/></row><row r="2"><c r="A2"/></row>',
        {1: {2: "a"}, 2: {2: "b"}},
    ),
}


@pytest.mark.parametrize("size", [1 << 20, 7])
@pytest.mark.parametrize(("rows", "planned"), WRITTEN.values(), ids=WRITTEN)
def test_it_says_yes_to_what_is_written(tmp_path: Path, rows: str, planned: ByRow, size: int) -> None:
    before = sheet(rows, '<dimension ref="A1:A1"/>')
    source = by_hand(tmp_path / "a.xlsx", before)
    report = patch(source, tmp_path / "b.xlsx", {"Records": planned})
    after = reading.part(tmp_path / "b.xlsx", SHEET_PART).decode()
    changed = sum(value not in {None, ""} for columns in planned.values() for value in columns.values())
    found = compared(before, after, planned, size)
    assert found is not None
    assert found.changed == report.cells >= changed
    assert found.formulas == rows.count("<f>")


MANY = 200
"""Rows: several stretches of those that are compared in one go."""


def many(*, plan: ByRow, wrong: int = 0) -> str:
    """Make rows with an A each, and what is planned behind it; in one row it stands in the wrong column."""
    return "".join(
        f'<row r="{row}"><c r="A{row}"/>'
        + "".join(TEXT.format(f"{'XBC'[column - 1] if row != wrong else 'D'}{row}", text) for column, text in cells)
        + "</row>"
        for row in range(1, MANY + 1)
        for cells in [sorted(plan.get(row, {}).items())]
    )


def test_it_says_yes_to_rows_by_the_hundred_that_are_not_all_planned() -> None:
    plan: ByRow = {row: {2: f"text {row}", 3: "more"} for row in range(1, MANY + 1) if row % 7}
    assert compared(sheet(many(plan={})), sheet(many(plan=plan)), plan) == Counts(sum(map(len, plan.values())), 0)


@pytest.mark.parametrize("wrong", [1, 63, 64, 65, 128, 130, MANY])
def test_one_cell_among_hundreds_is_never_overlooked(wrong: int) -> None:
    plan: ByRow = {row: {2: f"text {row}"} for row in range(1, MANY + 1)}
    before = sheet(many(plan={}))
    assert compared(before, sheet(many(plan=plan, wrong=wrong)), plan) is None
    assert compared(before, sheet(many(plan={**plan, wrong: {2: "another"}})), plan) is None
    assert compared(before, sheet(many(plan={**plan, wrong: {}})), plan) is None
    assert compared(before, sheet(many(plan=plan)), {**plan, wrong: {}}) is None


A, B, D = '<c r="A1"/>', TEXT.format("B1", "new"), '<c r="D1"><v>4</v></c>'
STYLED, ODDLY = B.replace(" t=", ' s="1" t='), B.replace(" t=", " s='1' t=")
RAW = B.replace("new", "new\x01")
PLAN: ByRow = {1: {2: "new"}}
ROW = f'<row r="1">{A}{D}</row>'
BREACHES: dict[str, tuple[str, str]] = {
    "out of order": (ROW, f'<row r="1">{A}{D}{B}</row>'),
    "before its neighbour": (ROW, f'<row r="1">{B}{A}{D}</row>'),
    "inside of another cell": (ROW, f'<row r="1">{A}<c r="D1">{B}<v>4</v></c></row>'),
    "before the row": (ROW, f'{B}<row r="1">{A}{D}</row>'),
    "behind the row": (ROW, f'<row r="1">{A}{D}</row>{B}'),
    "twice": (ROW, f'<row r="1">{A}{B}{B}{D}</row>'),
    "in another row too": (
        f'{ROW}<row r="2"><c r="A2"/></row>',
        f'<row r="1">{A}{B}{D}</row><row r="2">{B}<c r="A2"/></row>',
    ),
    "beside one that does not say where it is": (
        '<row r="1"><c/><c><v>2</v></c></row>',
        f'<row r="1"><c/><c><v>2</v></c>{B}</row>',
    ),
    "beside another of its name": (
        f'<row r="1">{A}<c r="B1"/><c r="B1"/></row>',
        f'<row r="1">{A}{B}<c r="B1"/></row>',
    ),
    "behind one that does not say where it is": (
        '<row r="1"><c r="A1"/><c/></row>',
        f'<row r="1"><c r="A1"/><c/>{B}</row>',
    ),
    "before one that is inside of another": (
        '<row r="1"><c r="A1"><c r="D1"/></c></row>',
        f'<row r="1"><c r="A1">{B}<c r="D1"/></c></row>',
    ),
    "beside one of another row": ('<row r="1"><c r="A9"/></row>', f'<row r="1"><c r="A9"/>{B}</row>'),
    "over a formula": ('<row r="1"><c r="B1"><f>1</f><v>1</v></c></row>', f'<row r="1">{B}</row>'),
    "with a style over one without": ('<row r="1"><c r="B1"/></row>', f'<row r="1">{STYLED}</row>'),
    "with an odd style": (ROW, f'<row r="1">{A}{ODDLY}{D}</row>'),
    "in a second row of its number": (f"{ROW}{ROW}", f'<row r="1">{A}{B}{D}</row>{ROW}'),
    "in rows out of order": (f'<row r="2"/>{ROW}', f'<row r="2"/><row r="1">{A}{B}{D}</row>'),
    "in rows out of order, none of them closed": (
        f'<row r="2"></row>{ROW}',
        f'<row r="2"></row><row r="1">{A}{B}{D}</row>',
    ),
    "and one more row": (ROW, f'<row r="1">{A}{B}{D}</row><row r="2"/>'),
    "and one row less": (f'{ROW}<row r="2"/>', f'<row r="1">{A}{B}{D}</row>'),
    "and the row's height": (ROW, f'<row r="1" ht="3">{A}{B}{D}</row>'),
    "and a raw control character": (ROW, f'<row r="1">{A}{RAW}{D}</row>'),
    "and a byte between": (ROW, f'<row r="1">{A}{B} {D}</row>'),
    "as another text": (ROW, f'<row r="1">{A}{B.replace("new", "old")}{D}</row>'),
    "as a part of it": (ROW, f'<row r="1">{A}{B.replace("new", "ne")}{D}</row>'),
    "not": (ROW, ROW),
}


@pytest.mark.parametrize("size", [1 << 20, 7])
@pytest.mark.parametrize(("before", "after"), BREACHES.values(), ids=BREACHES)
def test_it_never_says_yes_to_anything_else(before: str, after: str, size: int) -> None:
    assert compared(sheet(before), sheet(after), PLAN, size) is None


def test_what_it_refuses_here_is_one_step_from_what_it_takes() -> None:
    assert compared(sheet(ROW), sheet(f'<row r="1">{A}{B}{D}</row>'), PLAN) == Counts(1, 0)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ('<row r="3"/><row r="8"><c r="A8"/></row>', '<row r="5"><c r="A5"/></row><row r="3"/>'),
        ('<row r="8"><c r="A8"/></row>', '<row r="5" ht="3"><c r="A5"><v>1</v></c></row>'),
    ],
    ids=["before a closed row of a lower number", "with a height"],
)
def test_a_new_row_must_stand_where_it_belongs_and_have_nothing_else(rows: str, wrong: str) -> None:
    assert compared(sheet(rows), sheet(wrong + rows), {5: {1: 1}}) is None


@pytest.mark.parametrize("text", ["new\x01", "new\r", "\ufffe", "_x0041_", "x" * 40_000])
def test_what_no_cell_can_hold_is_not_taken_as_it_is(text: str) -> None:
    """Even where plan and sheet agree: a program that opens the file would read something else."""
    after = f'<row r="1">{A}{B.replace("new", text)}{D}</row>'
    assert compared(sheet(ROW), sheet(after), {1: {2: text}}) is None


@pytest.mark.parametrize("tail", ["<pageMargins/>", ""])
def test_what_follows_the_rows_is_compared_to_the_last_byte(tail: str) -> None:
    after = sheet(f'<row r="1">{A}{B}{D}</row>', after=tail) if tail else sheet(f'<row r="1">{A}{B}{D}</row>') + " "
    assert compared(sheet(ROW), after, PLAN) is None


LOOKS = {
    "plain": ("", "", ""),
    "the column's": ("", "", "4"),
    "the row's": (' s="7" customFormat="1"', "", "7"),
    "the plain one, as the row says": (' s="0" customFormat="1"', "", ""),
    "the later of two for the column": ("", '<col min="2" max="2" style="5"/>', "5"),
}


@pytest.mark.parametrize(("of_row", "more", "right"), LOOKS.values(), ids=LOOKS)
def test_a_new_cell_has_the_look_of_its_row_or_column_or_it_is_no_match(of_row: str, more: str, right: str) -> None:
    columns = f'<cols><col min="1" max="3" style="4"/>{more}</cols>' if right or of_row else "<cols/>"
    before = sheet(f'<row r="1"{of_row}>{A}</row>', columns)
    for look in ("", "1", "4", "5", "7", "999999"):
        cell = B.replace(" t=", f' s="{look}" t=') if look else B
        after = sheet(f'<row r="1"{of_row}>{A}{cell}</row>', columns)
        assert (compared(before, after, PLAN) is not None) is (look == right), look
        judge, old = Judge(PLAN, columns=(seen := Parsed()).columns), parsed([before.encode()], seen)
        judge.rows(old, parsed([after.encode()], Parsed()))
        assert bool(judge.faults) is (look != right), look
