"""How the quick comparison expects the cells of a sheet to be spelled. It knows nothing of how they are written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sync.workbook.package.address import column_number, letters
from sync.workbook.package.edits import settled
from sync.workbook.package.text import LIMIT, Fitted, decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model import CellValue

_CHANGED = re.compile(rb' (?:t|cm|vm|ph)="[^"<>]*"')
_PROPERTIES = re.compile(rb'(?: [A-Za-z_:]+="[^"<>&]*")*')
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_CONTROL = bytes(sorted(set(range(32)) - {9, 10}))
_BARE = _CONTROL + b">"
_RESERVED = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"))
_SUSPECT = ((b"_", b"_x"), (b"\xef", b"\xef\xbf"))
"""What may be an escape, or no character; a single byte is looked for much quicker than two."""


class Unusual(Exception):
    """Something here takes the slow comparison."""


class Spelling:
    """How things are spelled in a sheet whose elements carry this prefix."""

    def __init__(self, prefix: bytes) -> None:
        name = re.escape(prefix)
        self.prefix = prefix
        self.row = b"<%srow" % prefix
        self.row_end = b"</%srow>" % prefix
        self.data_end = b"</%ssheetData>" % prefix
        self.rows = re.compile(b"<" + name + rb'row(?: r="([0-9]{1,7})"[^<>]*>|(?=[\s/>]))')
        """Start tags of rows, with their number when that comes first."""
        self.notable = re.compile(b"<(?:[!?]|" + name + rb"f[\s/>])")
        """Formulas, and what only looks like markup."""
        self.cell = b'<%sc r="' % prefix
        self.cells = re.compile(b"<" + name + rb"c(?=[\s/>])")
        self._columns = re.compile(b"<" + name + rb'(?:row|c r="([A-Z]{1,3}))')
        self._cell_end = b"</%sc>" % prefix
        self._address = re.compile(re.escape(self.cell) + rb'([A-Z]{1,3})([0-9]{1,7})"')
        self._foreign = re.compile(b"<" + name + rb"(?:f|extLst|c)[\s/>]")
        self.opening = b' t="inlineStr"><%sis><%st xml:space="preserve">' % (prefix, prefix)
        self.closing = b"</%st></%sis></%sc>" % (prefix, prefix, prefix)
        self._text = re.compile(re.escape(self.opening) + rb"([^<]*)" + re.escape(self.closing))
        self._value = re.compile(rb'( t="b")?><%sv>([^<&]*)</%sv></%sc>' % (name, name, name))
        self.key = lru_cache(maxsize=None)(lambda column: self.cell + letters(column).encode())
        """How a cell of a column starts, up to its row."""

    def ascends(self, text: bytes) -> bool:
        """Tell whether the cells of each row ascend; few rows of a sheet differ in which cells they have."""
        columns = self._columns.findall(text)
        return all(map(_ascends, {*b",".join(columns).split(b",,")}))

    def column(self, raw: bytes, at: int, row: int) -> int:
        """Read the column of the cell that starts here."""
        found = self._address.match(raw, at)
        if found is None or int(found[2]) != row:
            raise Unusual
        return column_number(found[1])

    def end(self, raw: bytes, at: int) -> int:
        """Find where the cell ends that starts here."""
        body = raw.find(b">", at)
        if raw.startswith(b"/>", body - 1):
            return body + 1
        close = raw.find(self._cell_end, body)
        if body < 0 or close < 0:
            raise Unusual
        return close + len(self._cell_end)

    def plain(self, cell: bytes) -> None:
        """Make sure that this is one cell, without a formula or an extension."""
        if self.end(cell, 0) != len(cell) or self._foreign.search(cell, 1):
            raise Unusual

    def kept(self, raw: bytes, at: int) -> bytes:
        """Give the properties that the cell here is to keep, as they are spelled."""
        begin = raw.find(b'"', at + len(self.cell)) + 1
        return _kept(raw[begin : raw.find(b">", begin)])

    def judge(self, raw: bytes, at: int, value: CellValue) -> int:
        """Compare the rest of a cell, from after its properties on, with what it is to hold; give where it ends."""
        expected = settled(value)
        if expected is None:
            if raw.startswith(b"/>", at):
                return at + 2
            raise Unusual
        if isinstance(expected, Fitted):
            found = self._text.match(raw, at)
            right = found is not None and _read(found[1]) == expected.text
        else:
            found = self._value.match(raw, at)
            right = found is not None and _number(found[2], found[1]) == (expected, isinstance(expected, bool))
        if found is None or not right:
            raise Unusual
        return found.end()


@lru_cache(maxsize=1024)
def _ascends(row: bytes) -> bool:
    columns = [column_number(one) for one in row.split(b",") if one]
    return columns == sorted(set(columns))


def holds(value: CellValue) -> bool:
    """Whether a cell with this value holds anything."""
    return value is not None and value != ""


@lru_cache(maxsize=1024)
def _kept(tag: bytes) -> bytes:
    properties = tag.removesuffix(b"/").rstrip(b" ")
    if not _PROPERTIES.fullmatch(properties):
        raise Unusual
    return _CHANGED.sub(b"", properties)


def plainly_all(rows: list[Mapping[int, CellValue]]) -> list[Mapping[int, bytes] | None]:
    """Spell the texts of rows, all in one go where that goes, for it takes half the time.

    None for a row with a number, or in which there is more than plain characters and what XML reserves. A cell that
    is to be empty has no bytes.
    """
    values = [value for columns in rows for value in columns.values()]
    if set(map(type, values)) == {str} and (texts := _plainly(values)):  # type: ignore[arg-type]  # all are texts
        each = iter(texts)
        return [dict(zip(columns, each, strict=False)) for columns in rows]
    return [_alone(columns) for columns in rows]


def _alone(columns: Mapping[int, CellValue]) -> Mapping[int, bytes] | None:
    spelled = {}
    for column, value in columns.items():
        texts = _plainly([value or ""]) if value is None or isinstance(value, str) else None
        if texts is None:
            return None
        spelled[column] = texts[0]
    return spelled


def _plainly(texts: list[str]) -> list[bytes] | None:
    """Spell texts; None when there is more in one than plain characters and what XML reserves."""
    if 2 * max(map(len, texts)) > LIMIT:
        return None
    try:
        raw = b"\0".join([text.encode() for text in texts])
    except UnicodeEncodeError:
        return None
    if len(raw.translate(None, _CONTROL)) != len(raw) - len(texts) + 1:
        return None
    if any(first in raw and both in raw for first, both in _SUSPECT):
        return None
    for reserved, spelled in _RESERVED:
        if reserved in raw:
            raw = raw.replace(reserved, spelled)
    return raw.split(b"\0")


def _read(raw: bytes) -> str | None:
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
    found = number(raw.decode("ascii", "replace"))
    if found is None or (boolean and raw not in {b"0", b"1"}):
        return None
    return found, boolean is not None


def number(text: str) -> float | None:
    """Read a number as XML spells it, without spaces or underscores; None when it is none."""
    return float(text) if _NUMBER.fullmatch(text) else None
