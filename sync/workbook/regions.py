"""What on a sheet belongs to the table of records, and what only stands beside it or below it.

Sheets hold more than one table: a list of colours to the right, notes beneath. What is left out is said, never
dropped in silence. Pure: it looks at texts and places, not at files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.model import column_letters
from sync.tables import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.workbook.headings import Headings, Names
    from sync.workbook.package.obstacles import ListObject

Columns = dict[int, list[str]]

SAMPLE = 20
"""Rows at the beginning that are looked at to see what records look like here."""


class Region(NamedTuple):
    """The table of records."""

    headings: tuple[tuple[int, str], ...]
    rows: list[int]
    columns: Columns
    remarks: tuple[Remark, ...]


def records_region(
    found: Headings, rows: list[int], columns: Columns, names: Names, lists: Sequence[ListObject]
) -> Region:
    """Cut the table of records out of what stands below its headings."""
    apart = list(_apart(found, columns, names, lists))
    left_out = {column for block in apart for column in block}
    texts = dict(found.texts)
    headings = tuple((column, text) for column, text in found.texts if column not in left_out)
    remarks = [Remark("apart", found.row, block[0], texts.get(block[0], ""), _letters(block)) for block in apart]
    columns = {column: cells for column, cells in columns.items() if column not in left_out}
    ids = next(column for column, text in headings if names.is_id(text))
    cut, said = _below(_Table(found.row, headings, rows, columns, ids), names, lists)
    if cut:
        kept = [at for at in range(len(rows)) if at not in cut]
        rows = [rows[at] for at in kept]
        columns = {column: [cells[at] for at in kept] for column, cells in columns.items()}
    return Region(headings, rows, columns, (*found.remarks, *remarks, *said))


def _letters(block: Sequence[int]) -> str:
    first, last = column_letters(block[0]), column_letters(block[-1])
    return first if first == last else f"{first}:{last}"


# --------------------------------------------------------------------------------- to the side


def _apart(found: Headings, columns: Columns, names: Names, lists: Sequence[ListObject]) -> Iterator[list[int]]:
    """List blocks of columns that are tables of their own.

    Blocks are parted by empty columns, and by the borders of what was made a table in Excel. Apart is one that has
    headings, but none of ours; and of several with record ids, all but one.
    """
    texts = dict(found.texts)
    blocks = list(_blocks(found, columns, lists))
    with_ids = [block for block in blocks if any(names.is_id(texts.get(column, "")) for column in block)]
    certain = [block for block in with_ids if any(names.is_certain_id(texts.get(column, "")) for column in block)]
    main = (certain or with_ids)[0]
    for block in blocks:
        named = [texts[column] for column in block if column in texts]
        ours = any(map(names.known, named))
        if block is not main and named and (block in with_ids or not ours):
            yield block


def _blocks(found: Headings, columns: Columns, lists: Sequence[ListObject]) -> Iterator[list[int]]:
    texts = dict(found.texts)
    filled = [column for column in sorted({*texts, *columns}) if column in texts or any(columns[column])]
    block: list[int] = []
    for column in filled:
        if block and (
            column > block[-1] + 1 or _list_of(column, found.row, lists) != _list_of(block[-1], found.row, lists)
        ):
            yield block
            block = []
        block.append(column)
    if block:
        yield block


def _list_of(column: int, row: int, lists: Sequence[ListObject]) -> int | None:
    return next((at for at, one in enumerate(lists) if one.headers and one.area.holds(row, column)), None)


# -------------------------------------------------------------------------------------- below


class _Table(NamedTuple):
    header: int
    headings: tuple[tuple[int, str], ...]
    rows: list[int]
    columns: Columns
    ids: int

    def cells(self, at: int) -> list[tuple[int, str]]:
        """Give column and text of the filled cells of a row, of columns with a heading."""
        return [
            (column, text)
            for column, _ in self.headings
            if column in self.columns and (text := self.columns[column][at]) and not text.isspace()
        ]


def _below(table: _Table, names: Names, lists: Sequence[ListObject]) -> tuple[set[int], list[Remark]]:
    """Find the positions of rows that are no records: headings again, another table, notes, totals."""
    cut: set[int] = set()
    remarks: list[Remark] = []
    for at in _repeated(table):
        cut.add(at)
        remarks.append(Remark("headings-again", table.rows[at], table.ids, table.columns[table.ids][at]))
    for one in lists:
        if one.area.holds(table.header, table.ids) and one.totals:
            cut.update(at for at, row in enumerate(table.rows) if 0 <= one.area.last_row - row < one.totals)
    first, *parts = _parts(table)
    for number, part in enumerate(parts := [[at for at in part if at not in cut] for part in parts]):
        if part and _another(table, part[0], names, lists):
            rest = [at for later in parts[number:] for at in later]
            cut.update(rest)
            remarks.append(_remark("other-table", table, rest))
            return cut, remarks
    for part in [] if any(_is_note(table.cells(at)) for at in first[:SAMPLE]) else reversed(parts):
        if not all(_is_note(table.cells(at)) for at in part):
            break
        cut.update(part)
        if part:
            remarks.append(_remark("notes", table, part))
    return cut, remarks


def _repeated(table: _Table) -> list[int]:
    """Find rows that say the headings once more, as exports do that were put one below the other."""
    cells = table.columns.get(table.ids, [])
    headings = dict(table.headings)
    heading = headings[table.ids]
    if heading not in cells:
        return []
    return [at for at, text in enumerate(cells) if text == heading and _same(table.cells(at), headings)]


def _same(cells: list[tuple[int, str]], headings: Mapping[int, str]) -> bool:
    return all(headings[column] == text for column, text in cells)


def _parts(table: _Table) -> Iterator[list[int]]:
    """Part the rows at blank ones: those that are not there, and those with nothing under our headings."""
    ids = table.columns.get(table.ids, [])
    count = len(table.rows)
    if all(ids) and count and table.rows[-1] - table.rows[0] + 1 == count:  # no gap, as nearly always
        yield list(range(count))
        return
    blank = {at for at, text in enumerate(ids) if (not text or text.isspace()) and not table.cells(at)}
    part: list[int] = []
    last = table.header
    for at, row in enumerate(table.rows):
        if at in blank:
            continue
        if part and row > last + 1:
            yield part
            part = []
        part.append(at)
        last = row
    yield part


def _another(table: _Table, at: int, names: Names, lists: Sequence[ListObject]) -> bool:
    """Whether another table begins in this row, after a blank one."""
    cells = table.cells(at)
    texts = [text for _, text in cells]
    if any(map(names.is_id, texts)) and names.fields(texts) > 1:
        return True
    row = table.rows[at]
    return any(
        one.area.first_row == row and not one.area.holds(table.header, table.ids)
        for one in lists
        if any(one.area.holds(row, column) for column, _ in cells)
    )


def _is_note(cells: list[tuple[int, str]]) -> bool:
    """Whether a row is a remark of somebody: one cell, and more than one word in it."""
    return len(cells) == 1 and len(cells[0][1].split()) > 1


def _remark(kind: str, table: _Table, part: list[int]) -> Remark:
    first, last = table.rows[part[0]], table.rows[part[-1]]
    column, text = table.cells(part[0])[0]
    return Remark(kind, first, column, text, f"row {first}" if first == last else f"rows {first} to {last}")
