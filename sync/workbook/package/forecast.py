"""The quick comparison of a sheet: foretell, from the old one and the plan, every byte of the new one.

It can only say yes. What is not planned must be the bytes it was; a planned cell must stand where it belongs and
be spelled in the one way that is expected here. Only what cannot be known is read from the new sheet, and judged:
the style of a new cell, a text with odd characters, the hints of how far rows and sheet reach. At anything unusual it
says nothing, so that the slow comparison, which parses both sheets, decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.spelling import Spelling, Unusual, holds, plainly
from sync.workbook.package.streams import Batch, New, Old

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.workbook.package.edits import ByRow

_DIMENSION = re.compile(rb'<(?:[A-Za-z_][\w.-]*:)?dimension ref="[A-Z0-9:]+"')
_SPANS = re.compile(rb' spans="[0-9: ]+"')


class Counts(NamedTuple):
    """What a sheet turned out to hold."""

    changed: int
    formulas: int


_Place = tuple[int, int, int]
"""A column, and where in the old row its cell starts and ends, or would be."""


def quick(before: Iterable[bytes], after: Iterable[bytes], planned: ByRow) -> Counts | None:
    """Compare two sheets; None when that takes the slow way, because something is unusual or wrong."""
    try:
        old = Old(iter(before))
        comparison = _Comparison(New(iter(after)), old.spelling, planned)
        for batch in old.batches():
            comparison.take(batch)
        comparison.end()
    except Unusual:
        return None
    return Counts(comparison.changed, old.formulas)


class _Comparison:
    """Walks the new sheet in step with the old one, stopping only at rows that are planned."""

    def __init__(self, new: New, spelling: Spelling, planned: ByRow) -> None:
        self.changed = 0
        self._new = new
        self._spelling = spelling
        self._planned = planned
        self._order = sorted(row for row, columns in planned.items() if columns)
        self._next = 0
        self._begun = False
        self._fronts: dict[int, bytes] = {}
        """What stands between a new cell's address and its text, where that begins with a style."""
        self._spans: dict[bytes, bytes] = {}

    def take(self, batch: Batch) -> None:
        """Compare a batch of rows."""
        text, numbers, starts, last = batch
        end = text.rfind(self._spelling.data_end) if last else len(text)
        at = self._head(text, starts[0] if starts else end)
        while self._next < len(self._order):
            row = self._order[self._next]
            index = bisect_left(numbers, row)
            if index == len(numbers) and not last:
                break
            there = index < len(numbers) and numbers[index] == row
            self._next += 1
            start = starts[index] if index < len(numbers) else end
            if start < at:
                raise Unusual
            self._new.same(text[at:start])
            at = start
            if there:
                at = starts[index + 1] if index + 1 < len(numbers) else end
                self._row(row, text[start:at])
            else:
                self._row(row, b'%s r="%d">%s' % (self._spelling.row, row, self._spelling.row_end), added=True)
        self._new.same(text[at:])

    def end(self) -> None:
        """Make sure that nothing more follows."""
        if not self._new.ended():
            raise Unusual

    def _head(self, text: bytes, end: int) -> int:
        if self._begun:
            return 0
        self._begun = True
        self._new.hint(text[: max(end, 0)], _DIMENSION)
        return max(end, 0)

    def _row(self, number: int, old: bytes, *, added: bool = False) -> None:
        """Compare a row that has planned cells: as foretold, or else looking at each cell."""
        columns = self._planned[number]
        if added and not any(map(holds, columns.values())):
            return
        self._new.ahead()
        places = self._places(number, old, columns)
        if not self._foretold(number, old, places):
            self._read(number, old, places)

    def _places(self, number: int, old: bytes, columns: Iterable[int]) -> list[_Place]:
        """Find where in a row the planned cells are, or belong."""
        spelling = self._spelling
        end = old.rfind(spelling.row_end)
        if end < 0:
            raise Unusual  # closed at once
        last = old.rfind(spelling.cell)
        wanted = sorted(columns)
        if last >= 0 and spelling.column(old, last, number) >= wanted[0]:
            return self._among(number, old, wanted)
        if (spelling.end(old, last) if last >= 0 else old.find(b">") + 1) != end:
            raise Unusual
        return [(column, end, end) for column in wanted]

    def _among(self, number: int, old: bytes, wanted: list[int]) -> list[_Place]:
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

    def _foretold(self, number: int, old: bytes, places: list[_Place]) -> bool:
        """Whether the new row is, to the byte, what the old one and the plan make, given the styles seen before."""
        columns, spelling, fronts = self._planned[number], self._spelling, self._fronts
        key, opening, closing = spelling.key, spelling.opening, spelling.closing
        tag, digits, changed = old[: old.find(b">") + 1], b'%d"' % number, 0
        copied = len(tag)
        if b" spans=" in tag:
            tag = _SPANS.sub(lambda found: self._spans.get(found[0], found[0]), tag, 1)
        parts = [tag]
        for column, start, end in places:
            parts.append(old[copied:start])
            copied, value = end, columns[column]
            if start == end and (value is None or value == ""):
                continue
            content = plainly(value)
            if content is None:
                return False
            if start == end:
                parts += (key(column), digits, fronts.get(column, opening), content, closing)
                changed += 1
            else:
                front = (key(column), digits, spelling.kept(old, start))
                cell = b"".join((*front, opening, content, closing) if content else (*front, b"/>"))
                parts.append(cell)
                changed += cell != old[start:end]
        parts.append(old[copied:])
        expected = b"".join(parts)
        if not self._new.raw.startswith(expected, self._new.at):
            return False
        self._new.at += len(expected)
        self.changed += changed
        return True

    def _read(self, number: int, old: bytes, places: list[_Place]) -> None:
        """Compare a row cell by cell, judging what could not be foretold; remember styles for the next rows."""
        columns, spelling, new = self._planned[number], self._spelling, self._new
        copied, digits = old.find(b">") + 1, b'%d"' % number
        begin = new.at
        new.hint(old[:copied], _SPANS)
        spans = _SPANS.search(old, 0, copied)
        if spans and (now := _SPANS.search(new.raw, begin, new.at)):
            self._spans[spans[0]] = now[0]
        for column, start, end in places:
            new.same(old[copied:start])
            copied, value = end, columns[column]
            if start == end and not holds(value):
                continue
            begin = new.at
            new.same(spelling.key(column) + digits)
            if start == end:
                style = spelling.style(new.raw, new.at)
                self._fronts[column] = style + spelling.opening
                new.at += len(style)
            else:
                new.same(spelling.kept(old, start))
            new.at = spelling.judge(new.raw, new.at, value)
            self.changed += new.raw[begin : new.at] != old[start:end]
        new.same(old[copied:])
