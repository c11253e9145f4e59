"""Where in a row of the old sheet the planned cells are, or belong: for the quick comparison."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from sync.workbook.package.spelling import Spelling, Unusual

if TYPE_CHECKING:
    from collections.abc import Iterable

Place = tuple[int, int, int]
"""A column, and where in the old row its cell starts and ends, or would be."""


class Whereabouts:
    """Finds places in the rows of one sheet; Unusual where they cannot be told for certain."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._usual = (0, b"\0")
        """The last column of the row before, and how its cell starts: nearly always this row ends with it too."""

    def places(self, number: int, old: bytes, columns: Iterable[int]) -> list[Place]:
        """Find the places of some columns in a row."""
        spelling = self._spelling
        end = old.rfind(spelling.row_end)
        if end < 0:
            raise Unusual  # closed at once
        last = old.rfind(spelling.cell)
        wanted = sorted(columns)
        if last >= 0 and self._column(old, last, number) >= wanted[0]:
            return self._among(number, old, wanted)
        if (spelling.end(old, last) if last >= 0 else old.find(b">") + 1) != end:
            raise Unusual
        return [(column, end, end) for column in wanted]

    def _column(self, old: bytes, at: int, number: int) -> int:
        column, start = self._usual
        if not old.startswith(b'%s%d"' % (start, number), at):
            column = self._spelling.column(old, at, number)
            self._usual = (column, self._spelling.key(column))
        return column

    def _among(self, number: int, old: bytes, wanted: list[int]) -> list[Place]:
        """Find places between or at cells that are there already; cells must ascend, without anything between."""
        spelling = self._spelling
        starts = [found.start() for found in spelling.cells.finditer(old)]
        columns = [spelling.column(old, start, number) for start in starts]
        if any(one >= other for one, other in pairwise(columns)):
            raise Unusual
        starts.append(old.rfind(spelling.row_end))
        places = []
        for column in wanted:
            index = bisect_left(columns, column)
            there = index < len(columns) and columns[index] == column
            start, end = starts[index], starts[index + there]
            if there:
                spelling.plain(old[start:end])
            elif (spelling.end(old, starts[index - 1]) if index else old.find(b">") + 1) != start:
                raise Unusual
            places.append((column, start, end))
        return places
