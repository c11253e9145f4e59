"""How far a sheet reaches, before anything that allocates a cell for each place of the rectangle reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.address import LAST_COLUMN, LAST_ROW, column_number
from sync.workbook.package.rows import Batch, Head, broken, cells, patterns, walk

if TYPE_CHECKING:
    from sync.workbook.package.container import Container
    from sync.workbook.package.rows import Patterns

_ODD = re.compile(rb"/>\s*[^<\s]").search  # in an attribute: after a closed tag comes another tag
_LETTERS = re.compile(rb"[A-Z]{1,3}").fullmatch
_DIGITS = re.compile(rb"[0-9]{1,7}").fullmatch


class Extent(NamedTuple):
    """The rectangle around every cell that holds something; all zero for an empty sheet."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int
    cells: int
    """How many cells hold a value, a formula or a text."""

    @property
    def area(self) -> int:
        """How many cells the rectangle has: what a dense reader allocates."""
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1) if self.cells else 0


def extent(container: Container, sheet: str) -> Extent:
    """Measure a sheet. Cells with nothing but a style do not count; a formula without a value does."""
    known = patterns(b"")
    rows: set[int] = set()
    columns: set[int] = set()
    count = 0
    for piece in walk(container.blocks(container.sheet(sheet).part)):
        if isinstance(piece, Head):
            known = patterns(piece.prefix)
        elif isinstance(piece, Batch):
            count += _measure(piece, known, rows, columns)
    if not count:
        return Extent(0, 0, 0, 0, 0)
    if not (min(rows) > 0 and max(rows) <= LAST_ROW and max(columns) <= LAST_COLUMN):
        raise broken()
    return Extent(min(rows), min(columns), max(rows), max(columns), count)


def _measure(batch: Batch, known: Patterns, rows: set[int], columns: set[int]) -> int:
    """Note the rows and columns of a batch's cells that hold something, and count these."""
    mask = batch.mask
    start = known.cell_start
    # Every cell says where it is, first thing, in double quotes: one expression finds them all.
    if mask.count(start) == mask.count(start + b' r="') and not _ODD(mask):
        found = known.filled.findall(mask)
        letters, digits = map(set, zip(*found, strict=True)) if found else (set(), set())
        if all(map(_LETTERS, letters)) and all(map(_DIGITS, digits)):
            columns.update(map(column_number, letters))
            rows.update(map(int, digits))
            return len(found)
    count = 0
    for row in batch.rows:
        for cell in cells(mask, row, known):
            if not cell.empty:
                rows.add(cell.row)
                columns.add(cell.column)
                count += 1
    return count
