"""Patching one row: its bytes with some cells replaced or added, all others as they were."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.address import LAST_COLUMN, address, column_number, letters
from sync.workbook.package.edits import number
from sync.workbook.package.markup import ATTRIBUTES, attribute, without
from sync.workbook.package.rich import RichText, written
from sync.workbook.package.rows import Row, cell_close, cells, disordered, patterns
from sync.workbook.package.text import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.workbook.package.edits import Ready

_STALE = frozenset({b"t", b"cm", b"vm", b"ph"})
_SPELLED = {bytes}
_PLAIN = b"0"
_NO_STYLES: Mapping[int, bytes] = MappingProxyType({})
_SPANS = re.compile(rb"""(\sspans\s*=\s*["'])\s*([0-9]+):([0-9]+)\s*(["'])""")


class Note(NamedTuple):
    """Something the user should know of a cell that was written."""

    sheet: str
    row: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.sheet}!{address(self.row, self.column)}: {self.text}"


class Writer:
    """Makes the XML of cells for one sheet, and collects what there is to note."""

    def __init__(self, sheet: str, prefix: bytes, head: bytes) -> None:
        self.sheet = sheet
        self.prefix = prefix
        self.known = patterns(prefix)
        self.written = 0
        self.notes: list[Note] = []
        self._columns = _column_styles(head, prefix)
        self._cell = b"<" + prefix + b"c"
        self._end = b"</%st></%sis></%sc>" % (prefix, prefix, prefix)
        self._text = b' t="inlineStr"><%sis><%st xml:space="preserve">' % (prefix, prefix)
        self._marked, self._marked_end = b' t="inlineStr"><%sis>' % prefix, b"</%sis></%sc>" % (prefix, prefix)
        self._number = (b"><%sv>" % prefix, b"</%sv></%sc>" % (prefix, prefix))
        self._frames: dict[tuple[tuple[int, ...], bytes | None], list[bytes]] = {}
        self._last = (b"\0", b"", 0)
        """The tag of the last cell of the row before, up to its row and from there, and its column: seldom another."""

    def new_row(self, row: int, edits: Mapping[int, Ready], styles: Mapping[int, bytes] = _NO_STYLES) -> bytes:
        """Make a row that was not there; nothing when all its cells are empty. `styles` come before the columns'."""
        content = b"".join([self._new(row, [column], edits, styles.get(column) or None) for column in sorted(edits)])
        return b'<%srow r="%d">%s</%srow>' % (self.prefix, row, content, self.prefix) if content else b""

    def patch(self, raw: bytes, mask: bytes, row: Row, edits: Mapping[int, Ready]) -> bytes:
        """Make the new bytes of a row that is there."""
        tag = raw[row.start : row.body]
        style = _row_style(tag)
        waiting = sorted(edits)
        if (after := self._append_at(mask, row, waiting[0])) >= 0:
            made = self._new(row.number, waiting, edits, style)
            return b"".join((_widened(tag, waiting), raw[row.body : after], made, raw[after : row.end]))
        pieces: list[bytes] = []
        copied = row.body
        position, last, after = 0, 0, row.body
        for cell in cells(mask, row, self.known):
            if cell.column <= last or cell.row != row.number:
                raise disordered()
            last = cell.column
            while position < len(waiting) and waiting[position] < last:
                new = self._new(row.number, [waiting[position]], edits, style)
                pieces += raw[copied : cell.start], new
                copied = cell.start
                position += 1
            if position < len(waiting) and waiting[position] == last:
                replaced = self._replaced(raw[cell.start : cell.body], row.number, last, edits[last])
                pieces += raw[copied : cell.start], replaced
                copied = cell.end
                position += 1
            after = cell.end
        if position < len(waiting):
            pieces.append(raw[copied:after])
            copied = after
            pieces.append(self._new(row.number, waiting[position:], edits, style))
        pieces.append(raw[copied : row.end])
        return self._assemble(tag, b"".join(pieces), row, waiting)

    def _append_at(self, mask: bytes, row: Row, column: int) -> int:
        """Find the end of the last cell when all new ones come after it; -1 otherwise."""
        at = mask.rfind(self._cell, row.body, row.close)
        if at < 0:
            return -1
        start, end, last = self._last
        tag = b"%s%d%s" % (start, row.number, end)
        body = at + len(tag)
        if not mask.startswith(tag, at):
            found = self.known.cell.match(mask, at)
            if found is None or not found[1] or int(found[2]) != row.number:
                return -1
            body, last = found.end(), column_number(found[1])
            self._last = (mask[at : found.start(2)], mask[found.end(2) : body], last)
        if last >= column:
            return -1
        if mask.startswith(b"/", body - 2):
            return body
        close = cell_close(mask, body, row.close, self.known)
        return mask.find(b">", close, row.close) + 1 if close >= 0 else -1

    def _assemble(self, tag: bytes, content: bytes, row: Row, columns: list[int]) -> bytes:
        if row.body == row.end:  # the row was one closed tag
            if not content:
                return tag
            tag = tag[: tag.rindex(b"/")] + b">"
            content += b"</" + self.prefix + b"row>"
        return _widened(tag, columns) + content

    def _new(self, row: int, columns: list[int], edits: Mapping[int, Ready], style: bytes | None) -> bytes:
        """Make cells that were not there; nothing for those that are to be empty."""
        values = [edits[column] for column in columns]
        if set(map(type, values)) == _SPELLED:
            made = self._frame(tuple(columns), style)
            made[1::4] = [b"%d" % row] * len(values)
            made[3::4] = values  # type: ignore[assignment]  # all are bytes
            self.written += len(values)
            return b"".join(made)
        made = []
        for column, value in zip(columns, values, strict=True):
            if value is not None and value != "":
                start, after = self._place(column, style)
                made += (start, b"%d" % row, after, self._content(row, column, value))
        return b"".join(made)

    def _frame(self, columns: tuple[int, ...], style: bytes | None) -> list[bytes]:
        """Give what stands around rows and texts in a run of new cells: row and text are the second and fourth of four.

        It is the same list each time.
        """
        frame = self._frames.get((columns, style))
        if frame is None:
            frame, before = [], b""
            for column in columns:
                start, after = self._place(column, style)
                frame += (before + start, b"", after + self._text, b"")
                before = self._end
            frame.append(before)
            self._frames[columns, style] = frame
        return frame

    def _place(self, column: int, style: bytes | None) -> tuple[bytes, bytes]:
        """Give what stands before and after the row in a new cell's tag; a row's style comes before the column's."""
        start = b'%s r="%s' % (self._cell, letters(column).encode())
        used = self._columns.get(column, _PLAIN) if style is None else style
        return start, b'"' if used == _PLAIN else b'" s="%s"' % used

    def _replaced(self, tag: bytes, row: int, column: int, value: Ready) -> bytes:
        attributes = without(tag[len(self._cell) : -1].removesuffix(b"/"), _STALE).rstrip()
        if value is None or value == "":
            self.written += 1
            return self._cell + attributes + b"/>"
        return self._cell + attributes + self._content(row, column, value)

    def _spelled(self, row: int, column: int, value: str) -> bytes:
        text, notes = spelled(value)
        if notes:
            self.notes += [Note(self.sheet, row, column, note) for note in notes]
        return text

    def _content(self, row: int, column: int, value: Ready) -> bytes:
        self.written += 1
        if isinstance(value, RichText):
            return self._marked + written(value, self.prefix) + self._marked_end
        if isinstance(value, bytes):
            return self._text + value + self._end
        if isinstance(value, str):
            return self._text + self._spelled(row, column, value) + self._end
        if isinstance(value, bool):
            return b' t="b"' + self._number[0] + (b"1" if value else b"0") + self._number[1]
        return self._number[0] + number(value or 0) + self._number[1]


def _row_style(tag: bytes) -> bytes | None:
    """Give a row's own style, which may be the plain one; None where it has none."""
    return attribute(tag, b"s") or _PLAIN if attribute(tag, b"customFormat") in {b"1", b"true"} else None


def _column_styles(head: bytes, prefix: bytes) -> dict[int, bytes]:
    styles: dict[int, bytes] = {}
    for found in re.finditer(rb"<" + re.escape(prefix) + rb"col(?=[\s/>])(" + ATTRIBUTES + rb")>", head):
        tag = found[1]
        style = attribute(tag, b"style")
        first, last = attribute(tag, b"min"), attribute(tag, b"max")
        if first and last and first.isdigit() and last.isdigit():
            for column in range(int(first), min(int(last), LAST_COLUMN) + 1):
                styles[column] = style or _PLAIN
    return styles


def _widened(tag: bytes, columns: list[int]) -> bytes:
    """Let `spans` reach the new cells; several spans are left as they are: they are only a hint."""
    found = _SPANS.search(tag) if b"spans" in tag else None
    if found is None or not columns:
        return tag
    first, last = min(int(found[2]), columns[0]), max(int(found[3]), columns[-1])
    if (first, last) == (int(found[2]), int(found[3])):
        return tag
    return tag[: found.start()] + b"%s%d:%d%s" % (found[1], first, last, found[4]) + tag[found.end() :]
