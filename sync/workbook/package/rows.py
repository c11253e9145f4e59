"""The rows of a sheet, found in its bytes.

A sheet is read as pieces: the head up to `<sheetData>`, rows in batches, and the tail from `</sheetData>` on. Their
bytes, put together, are the sheet.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from sync.errors import NotAWorkbook, WorkbookError
from sync.workbook.package.address import LAST_COLUMN, LAST_ROW, column_number
from sync.workbook.package.markup import ATTRIBUTES, Block, attribute, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SLASH = ord("/")
RESAVE = "Open the workbook in Excel, save it, and try again."


class Row(NamedTuple):
    """Where a row lies in the bytes of its batch."""

    number: int
    start: int
    body: int
    """Where its start tag ends."""
    close: int
    """Where its end tag starts; the same as `body` when it has none."""
    end: int


class Cell(NamedTuple):
    """Where a cell lies in the bytes of its batch."""

    row: int
    column: int
    start: int
    body: int
    close: int
    end: int

    @property
    def empty(self) -> bool:
        """Whether it has no content, only perhaps a style."""
        return self.body == self.close


class Head(NamedTuple):
    """Everything up to and with the start tag of `sheetData`; `closed` when that is all of it."""

    raw: bytes
    mask: bytes
    prefix: bytes
    closed: bool


class Batch:
    """Some whole rows, with whatever stands between them."""

    __slots__ = ("_known", "_rows", "mask", "raw")

    def __init__(self, raw: bytes, mask: bytes, known: Patterns, rows: list[Row] | None) -> None:
        self.raw = raw
        self.mask = mask
        self._known = known
        self._rows = rows

    @property
    def rows(self) -> list[Row]:
        """Where the rows lie; only looked for when somebody asks."""
        if self._rows is None:
            self._rows = _rows(self.mask, 0, self._known)
        return self._rows


class Tail(NamedTuple):
    """One piece of what follows the rows; the first one starts with the end tag of `sheetData`, if it has one."""

    raw: bytes
    mask: bytes


Piece = Head | Batch | Tail


class Patterns(NamedTuple):
    """What tags look like in a sheet whose elements carry a certain prefix."""

    prefix: bytes
    data: re.Pattern[bytes]
    row: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    filled: re.Pattern[bytes]
    """Column and row, not checked, of cells that have content and say first where they are.

    Not for batches where an attribute may hold the end of a closed tag.
    """
    formula: re.Pattern[bytes]
    data_end: bytes
    row_start: bytes
    row_end: bytes
    cell_end: bytes
    cell_start: bytes


@lru_cache(maxsize=32)
def patterns(prefix: bytes) -> Patterns:
    """Prepare the scanners for one prefix."""
    name = re.escape(prefix)

    def tag(local: bytes, known: bytes = b"") -> re.Pattern[bytes]:
        return re.compile(b"<" + name + local + known + rb"(?=[\s/>])(" + ATTRIBUTES + b")>")

    return Patterns(
        prefix,
        tag(b"sheetData"),
        tag(b"row", rb'(?:\s+r="([0-9]+)")?'),
        tag(b"c", rb'(?:\s+r="([A-Z]+)([0-9]+)")?'),
        re.compile(b"<" + name + rb'c r="([^"0-9]*)([^"]*)"[^>]*(?<!/)>(?!</)'),
        tag(b"f"),
        b"</" + prefix + b"sheetData",
        b"<" + prefix + b"row",
        b"</" + prefix + b"row",
        b"</" + prefix + b"c",
        b"<" + prefix + b"c",
    )


class _Buffer:
    """Blocks on their way through the scanner."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self.raw = b""
        self.mask = b""

    def more(self) -> bool:
        """Add at least as many bytes as are waiting; False at the end."""
        raw, mask, plain = [self.raw], [self.mask], self.raw is self.mask
        length, wanted = 0, len(self.raw)
        for block in self._blocks:
            raw.append(block.raw)
            mask.append(block.mask)
            plain = plain and block.raw is block.mask
            length += len(block.raw)
            if length >= wanted:
                break
        self.raw = b"".join(raw)
        self.mask = self.raw if plain else b"".join(mask)
        return length > 0

    def take(self, end: int) -> tuple[bytes, bytes]:
        """Take bytes off the front."""
        raw, mask = self.raw[:end], self.mask[:end]
        if self.raw is self.mask:
            self.raw = self.mask = self.raw[end:]
            return raw, raw
        self.raw, self.mask = self.raw[end:], self.mask[end:]
        return raw, mask


def walk(blocks: Iterator[Block]) -> Iterator[Piece]:
    """Cut a sheet into its pieces; WorkbookError when it is no sheet."""
    buffer = _Buffer(blocks)
    head = _head(buffer)
    yield head
    if not head.closed:
        yield from _batches(buffer, patterns(head.prefix))
    while buffer.raw or buffer.more():
        yield Tail(*buffer.take(len(buffer.raw)))


def _head(buffer: _Buffer) -> Head:
    while buffer.more():
        prefix = prefix_of(buffer.mask)
        if found := patterns(prefix).data.search(buffer.mask):
            return Head(*buffer.take(found.end()), prefix, found[1].endswith(b"/"))
    raise broken()


def _batches(buffer: _Buffer, known: Patterns) -> Iterator[Batch]:
    last: Batch | None = None
    while True:
        mask = buffer.mask
        stop = mask.find(known.data_end)
        end = stop
        if stop < 0:
            close = mask.rfind(known.row_end)
            end = mask.find(b">", close) + 1 if close >= 0 else 0
        if end > 0:
            raw, mask = buffer.take(end)
            rows = None
            if mask.count(known.row_start) != mask.count(known.row_start + b' r="'):
                # Some rows do not say their number, at least not first thing: they count on from the last one.
                rows = _rows(mask, last.rows[-1].number if last else 0, known)
            last = Batch(raw, mask, known, rows)
            yield last
        if stop >= 0:
            return
        if not buffer.more():
            raise broken()


def _rows(mask: bytes, number: int, known: Patterns) -> list[Row]:
    """List the rows; `number` is that of the row before."""
    rows = []
    at = 0
    search, find, row_end = known.row.search, mask.find, known.row_end
    make = partial(tuple.__new__, Row)  # a third of the time of Row(…)
    while found := search(mask, at):
        start, body = found.span()
        close = at = body
        if mask[body - 2] != _SLASH:
            close = find(row_end, body)
            at = find(b">", close) + 1
            if close < 0 or not at:
                raise broken()
        digits = found[1] or attribute(found[2], b"r")
        number = _number(digits) if digits else number + 1
        rows.append(make((number, start, body, close, at)))
    return rows


def cells(mask: bytes, row: Row, known: Patterns) -> Iterator[Cell]:
    """List the cells of a row, in the order of the file."""
    at, column = row.body, 0
    search, find = known.cell.search, mask.find
    while found := search(mask, at, row.close):
        start, body = found.span()
        close = at = body
        if not found[3].endswith(b"/"):
            close = cell_close(mask, body, row.close, known)
            at = find(b">", close, row.close) + 1
            if close < 0 or not at:
                raise broken()
        number = row.number
        if found[1]:
            column, number = column_number(found[1]), int(found[2])
        elif reference := attribute(found[3], b"r"):
            column, number = _place(reference)
        else:
            column += 1
        if column > LAST_COLUMN:
            raise broken()
        yield Cell(number, column, start, body, close, at)


_ENDS = frozenset(b"> \t\r\n")


def cell_close(mask: bytes, start: int, end: int, known: Patterns) -> int:
    """Find where the end tag of a cell starts; -1 when there is none. A rich text may hold a `</color>` before it."""
    tag = known.cell_end
    at = mask.find(tag, start, end)
    while at >= 0 and mask[at + len(tag)] not in _ENDS:
        at = mask.find(tag, at + 1, end)
    return at


def _place(reference: bytes) -> tuple[int, int]:
    found = re.fullmatch(rb"\s*([A-Za-z]{1,3})([0-9]{1,7})\s*", reference)
    if found is None:
        raise broken()
    return column_number(found[1]), int(found[2])


def _number(digits: bytes) -> int:
    try:
        number = int(digits)
    except ValueError:
        raise broken() from None
    if not 0 < number <= LAST_ROW:
        raise broken()
    return number


def disordered() -> WorkbookError:
    """Say that rows or cells do not ascend."""
    return WorkbookError("The rows or cells of the sheet are stored out of order.", RESAVE)


def broken() -> WorkbookError:
    """Say that the sheet cannot be made out."""
    return NotAWorkbook("A sheet inside the workbook is damaged.", RESAVE)
