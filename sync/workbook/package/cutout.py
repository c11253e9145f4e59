"""The quick comparison of a sheet: cut out the cells that were planned, and what is left must be the same bytes.

It can only say yes. A new cell must be spelled in the one way it knows, every other byte must be the byte it
was (but for the hints of how far rows and sheet reach), and at anything unusual it says nothing, so that the slow
comparison, which parses both sheets, decides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.address import letters
from sync.workbook.package.edits import settled
from sync.workbook.package.text import LIMIT, decode, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sync.workbook.package.edits import ByRow, CellValue

_DIMENSION = re.compile(rb'<(?:[A-Za-z_][\w.-]*:)?dimension ref="[A-Z0-9:]+"')
_SPANS = re.compile(rb' spans="[0-9: ]+"')
_CHANGED = re.compile(rb' (?:t|cm|vm|ph)="[^"<>]*"')
_STYLE = re.compile(rb' s="[0-9]+"')
_ROOT = re.compile(rb"<(?!\?)([A-Za-z_][\w.-]*:)?[A-Za-z_]")
_ENCODING = re.compile(rb'encoding\s*=\s*["\'](?!utf-?8["\'])', re.IGNORECASE)
_BARE = bytes(sorted(set(range(32)) - {9, 10})) + b">"


class Counts(NamedTuple):
    """What a sheet turned out to hold."""

    changed: int
    formulas: int


class _Unusual(Exception):
    pass


class _Spelling:
    """How things are spelled in a sheet with this prefix."""

    def __init__(self, prefix: bytes) -> None:
        name = re.escape(prefix)
        self.row = b"<%srow" % prefix
        self.row_end = b"</%srow>" % prefix
        self.number = re.compile(b"<" + name + rb'row r="([0-9]+)"[^<>]*>')
        self.cell = b'<%sc r="' % prefix
        self.cell_end = b"</%sc>" % prefix
        self.formula = b"<%sf" % prefix
        self.extension = b"<%sextLst" % prefix
        inside = rb'((?: (?!t=|cm=|vm=|ph=)[A-Za-z_:]+="[^"<>&]*")*)'
        wrapped = (name, name, name, name, name)
        self.text = re.compile(
            inside + rb' t="inlineStr"><%sis><%st xml:space="preserve">([^<]*)</%st></%sis></%sc>' % wrapped
        )
        self.value = re.compile(inside + rb'( t="b")?><%sv>([^<&]*)</%sv></%sc>' % wrapped[:3])
        self.empty = re.compile(inside + rb"/>")


def quick(before: Iterable[bytes], after: Iterable[bytes], planned: ByRow) -> Counts | None:
    """Compare two sheets; None when that takes the slow way, because something is unusual or wrong."""
    if any(_is_wide(columns) for columns in planned.values()):
        return None
    try:
        return _Quick(planned).compare(_units(iter(before)), _units(iter(after)))
    except _Unusual:
        return None


def _is_wide(columns: Mapping[int, CellValue]) -> bool:
    """Whether looking for each cell on its own would take long."""
    return len(columns) > 200


class _Unit(NamedTuple):
    """The bytes from after one row to the end of the next, or to the end of the sheet."""

    raw: bytes
    number: int
    """Of its last row; zero when there is none."""
    spelling: _Spelling


def _units(chunks: Iterator[bytes]) -> Iterator[_Unit]:
    start = next(chunks, b"").removeprefix(b"\xef\xbb\xbf")
    root = _ROOT.search(start)
    end = start.find(b"?>") + 2 if start.startswith(b"<?xml") else 0
    if root is None or end == 1 or not start.startswith(b"<") or _ENCODING.search(start, 0, end):
        raise _Unusual
    spelling = _Spelling(root[1] or b"")
    waiting, started = start, False
    while waiting:
        skip = 0 if started else end
        started = True
        if waiting.find(b"<!", skip) >= 0 or waiting.find(b"<?", skip) >= 0:
            raise _Unusual
        *rows, rest = waiting.split(spelling.row_end)
        for row in rows:
            yield _unit(row + spelling.row_end, spelling)
        chunk = next(chunks, b"")
        if not chunk:
            if spelling.row in rest:
                _unit(rest, spelling)
            yield _Unit(rest, 0, spelling)
            return
        waiting = rest + chunk
        if len(rest) > 1 << 24:
            raise _Unusual


def _unit(raw: bytes, spelling: _Spelling) -> _Unit:
    found = spelling.number.findall(raw)
    if len(found) != 1 or raw.count(spelling.row) != 1:
        raise _Unusual
    return _Unit(raw, int(found[0]), spelling)


class _Quick:
    def __init__(self, planned: ByRow) -> None:
        self._planned = planned
        self._todo = {row for row, columns in planned.items() if any(map(_holds, columns.values()))}
        self._changed = 0
        self._formulas = 0

    def compare(self, before: Iterator[_Unit], after: Iterator[_Unit]) -> Counts:
        old, last = next(before, None), 0
        for new in after:
            if old is None:
                raise _Unusual
            if new.spelling.formula in new.raw:
                self._formulas += sum(new.raw.count(new.spelling.formula + end) for end in (b">", b" ", b"/"))
            if new.number == old.number:
                self._unit(old, new)
                old = next(before, None)
            elif new.number in self._todo and (not old.number or new.number < old.number):
                self._new_row(new)
            else:
                raise _Unusual
            if new.number:
                if new.number <= last:
                    raise _Unusual
                last = new.number
                self._todo.discard(last)
        if old is not None or self._todo:
            raise _Unusual
        return Counts(self._changed, self._formulas)

    def _unit(self, old: _Unit, new: _Unit) -> None:
        columns = self._planned.get(new.number)
        if not columns or not new.number:
            if old.raw != new.raw and _DIMENSION.sub(b"", old.raw, 1) != _DIMENSION.sub(b"", new.raw, 1):
                raise _Unusual
            return
        was, left = self._cut(old, columns)
        now, remaining = self._cut(new, columns)
        if left != remaining and _hints(left) != _hints(remaining):
            raise _Unusual
        for column, value in columns.items():
            self._cell(was.get(column), now.get(column), value, new.spelling)

    def _new_row(self, new: _Unit) -> None:
        columns = self._planned[new.number]
        now, remaining = self._cut(new, columns)
        if remaining != b'%s r="%d">%s' % (new.spelling.row, new.number, new.spelling.row_end):
            raise _Unusual
        for column, value in columns.items():
            self._cell(None, now.get(column), value, new.spelling)

    @staticmethod
    def _cut(unit: _Unit, columns: Mapping[int, CellValue]) -> tuple[dict[int, bytes], bytes]:
        """Take the planned cells out of a row; give them, each from after its address on, and what is left."""
        raw, spelling = unit.raw, unit.spelling
        found, pieces, copied = {}, [], 0
        for column in sorted(columns):
            start = b'%s%s%d"' % (spelling.cell, letters(column).encode(), unit.number)
            at = raw.find(start, copied)
            if at < 0:
                continue
            body = raw.find(b">", at)
            end = body + 1
            if raw[body - 1 : body] != b"/":
                end = raw.find(spelling.cell_end, body) + len(spelling.cell_end)
            cell = raw[at + len(start) : end]
            if end <= body or raw.count(b'"', at, body) % 2 or raw.count(b"'", at, body):
                raise _Unusual
            if spelling.formula in cell or spelling.extension in cell:
                raise _Unusual
            found[column] = cell
            pieces.append(raw[copied:at])
            copied = end
        pieces.append(raw[copied:])
        return found, b"".join(pieces)

    def _cell(self, old: bytes | None, new: bytes | None, value: CellValue, spelling: _Spelling) -> None:
        if isinstance(value, str) and value and new is not None:
            found = spelling.text.fullmatch(new)
            text = _plain(found[2]) if found is not None else None
            right = text is not None and ((text == value and 2 * len(text) <= LIMIT) or text == fit(value).text)
            self._judge(old, new, found, right=right)
            return
        expected = settled(value)
        if new is None:
            if expected is None and old is None:
                return
            raise _Unusual
        if expected is None:
            found = spelling.empty.fullmatch(new)
            right = found is not None and old is not None
        else:
            found = spelling.value.fullmatch(new)
            right = found is not None and _number(found[3], found[2]) == (expected, isinstance(expected, bool))
        self._judge(old, new, found, right=right)

    def _judge(self, old: bytes | None, new: bytes, found: re.Match[bytes] | None, *, right: bool) -> None:
        if found is None or not right:
            raise _Unusual
        if old is None:
            right = not found[1] or _STYLE.fullmatch(found[1]) is not None
        else:
            right = _CHANGED.sub(b"", old[: old.index(b">")]).rstrip(b"/ ") == found[1]
        if not right:
            raise _Unusual
        self._changed += old != new


def _holds(value: CellValue) -> bool:
    return value is not None and value != ""


def _hints(raw: bytes) -> bytes:
    return _DIMENSION.sub(b"", _SPANS.sub(b"", raw, 1), 1)


def _plain(raw: bytes) -> str | None:
    """Read the text of an element; None when it is not plainly text."""
    if len(raw.translate(None, _BARE)) != len(raw):
        return None
    if b"&" in raw:
        if raw.count(b"&") != raw.count(b"&lt;") + raw.count(b"&gt;") + raw.count(b"&amp;"):
            return None
        raw = raw.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")
    try:
        return decode(raw.decode())
    except UnicodeDecodeError:
        return None


def _number(raw: bytes, boolean: bytes | None) -> tuple[float, bool] | None:
    try:
        return float(raw), boolean is not None
    except ValueError:
        return None
