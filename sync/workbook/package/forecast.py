"""The quick comparison of a sheet: foretell, from the old one and the plan, every byte of the new one.

It can only say yes. What is not planned must be the bytes it was; a planned cell must stand where it belongs and
be spelled in the one way that is expected here, a new one in the look that its row or column gives it. Only what cannot
be known is read from the new sheet, and judged: a text with odd characters, the hints of how far rows and sheet reach.
At anything unusual it says nothing, so that the slow comparison, which parses both sheets, decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.expected import PLAIN, ColumnLooks, attributes_of, columns_told, row_look
from sync.workbook.package.spelling import Spelling, Unusual, holds, plainly_all
from sync.workbook.package.streams import Batch, New, Old
from sync.workbook.package.whereabouts import Place, Whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import CellValue
    from sync.workbook.package.edits import ByRow

_DIMENSION = re.compile(rb'<(?:[A-Za-z_][\w.-]*:)?dimension ref="[A-Z0-9:]+"')
_SPANS = re.compile(rb' spans="[0-9: ]+"')


class Counts(NamedTuple):
    """What a sheet turned out to hold."""

    changed: int
    formulas: int


_TOGETHER = 64  # rows compared in one go: few enough to stay in the processor's cache


class _Planned(NamedTuple):
    """A row with planned cells."""

    number: int
    before: bytes
    """What stands between it and the planned row before it."""
    old: bytes
    """How it was; without content, when it was not there."""
    cells: Mapping[int, CellValue]
    places: list[Place]


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
        self._whereabouts = Whereabouts(spelling)
        self._planned = planned
        self._order = sorted(planned)
        self._next = 0
        self._begun = False
        self._columns = ColumnLooks()
        self._fronts: dict[str | None, dict[int, tuple[bytes, bytes]]] = {None: {}}
        """How new cells begin, by the own look of their row and by their column."""
        self._spans: dict[bytes, bytes] = {}

    def take(self, batch: Batch) -> None:
        """Compare a batch of rows."""
        text, numbers, starts, last = batch
        end = text.rfind(self._spelling.data_end) if last else len(text)
        at = self._head(text, starts[0] if starts else end)
        stretch: list[_Planned] = []
        while self._next < len(self._order):
            number = self._order[self._next]
            index = bisect_left(numbers, number)
            if index == len(numbers) and not last:
                break
            there = index < len(numbers) and numbers[index] == number
            self._next += 1
            start = starts[index] if index < len(numbers) else end
            if start < at:
                raise Unusual
            before, at = text[at:start], start
            if there:
                at = starts[index + 1] if index + 1 < len(numbers) else end
            stretch.append(self._row(number, before, text[start:at]))
            if len(stretch) == _TOGETHER:
                self._compare(stretch)
                stretch = []
        self._compare(stretch)
        self._new.same(text[at:])

    def _row(self, number: int, before: bytes, old: bytes) -> _Planned:
        """Find what is planned in a row; one that was not there has no bytes."""
        columns = self._planned[number]
        if not old:
            if not any(map(holds, columns.values())):
                return _Planned(number, before, b"", columns, [])
            old = b'%s r="%d">%s' % (self._spelling.row, number, self._spelling.row_end)
        return _Planned(number, before, old, columns, self._whereabouts.places(number, old, columns))

    def _compare(self, rows: list[_Planned]) -> None:
        """Compare rows as foretold: all at once, or else each; where that fails, look at each cell."""
        contents = plainly_all([row.cells for row in rows])
        if self._follow(rows, contents):
            return
        for row, content in zip(rows, contents, strict=True):
            self._new.same(row.before)
            self._new.ahead()
            if not self._follow([row._replace(before=b"")], [content]):
                self._read(row)

    def _follow(self, rows: list[_Planned], contents: list[Mapping[int, bytes] | None]) -> bool:
        """Step over rows that are, to the byte, what was foretold."""
        parts: list[bytes] = []
        changed = 0
        for row, content in zip(rows, contents, strict=True):
            if content is None:
                return False
            parts.append(row.before)
            changed += self._foretell(row, content, parts)
        if not self._new.follows(b"".join(parts)):
            return False
        self.changed += changed
        return True

    def end(self) -> None:
        """Make sure that nothing more follows."""
        if not self._new.ended():
            raise Unusual

    def _head(self, text: bytes, end: int) -> int:
        if self._begun:
            return 0
        self._begun = True
        self._columns = columns_told(text[: max(end, 0)], self._spelling.prefix)
        self._new.hint(text[: max(end, 0)], _DIMENSION)
        return max(end, 0)

    def _foretell(self, row: _Planned, contents: Mapping[int, bytes], parts: list[bytes]) -> int:
        """Add to `parts` what the old row and the plan make, given the styles seen before; count what changes."""
        number, _, old, _, places = row
        spelling = self._spelling
        tag, digits, changed = old[: old.find(b">") + 1], b'%d"' % number, 0
        copied, fronts = len(tag), self._fronts_in(tag)
        if b" spans=" in tag:
            tag = _SPANS.sub(lambda found: self._spans.get(found[0], found[0]), tag, 1)
        parts.append(tag)
        for column, start, end in places:
            content = contents[column]
            if copied < start:
                parts.append(old[copied:start])
            copied = end
            if start < end:
                front = (spelling.key(column), digits, spelling.kept(old, start))
                cell = b"".join((*front, spelling.opening, content, spelling.closing) if content else (*front, b"/>"))
                parts.append(cell)
                changed += cell != old[start:end]
            elif content:
                key, look = fronts.get(column) or self._front(column, tag)
                parts += (key, digits, look, spelling.opening, content, spelling.closing)
                changed += 1
        parts.append(old[copied:])
        return changed

    def _fronts_in(self, tag: bytes) -> dict[int, tuple[bytes, bytes]]:
        """Give how new cells begin in a row with this start tag, as far as that is worked out."""
        if b"customFormat" not in tag:
            return self._fronts[None]
        return self._fronts.setdefault(row_look(attributes_of(tag)), {})

    def _front(self, column: int, tag: bytes) -> tuple[bytes, bytes]:
        """Work out how a new cell begins: what stands before its row, and the look that it has to have."""
        own = row_look(attributes_of(tag))
        look = self._columns.of(column) if own is None else own
        style = b"" if look == PLAIN else b' s="%s"' % look.encode()
        front = self._fronts_in(tag)[column] = (self._spelling.key(column), style)
        return front

    def _read(self, row: _Planned) -> None:
        """Compare a row cell by cell, judging what could not be foretold."""
        number, _, old, columns, places = row
        spelling, new = self._spelling, self._new
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
            new.same(self._front(column, old[: old.find(b">") + 1])[1] if start == end else spelling.kept(old, start))
            new.at = spelling.judge(new.raw, new.at, value)
            self.changed += new.raw[begin : new.at] != old[start:end]
        new.same(old[copied:])
