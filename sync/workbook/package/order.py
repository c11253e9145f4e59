"""Whether a sheet is spelled so that it can be written into: looked at before anything is spent.

Rows and, in the rows that are to be written, cells have to ascend, and to be spelled as every program spells them;
nobody has been seen to do otherwise but on purpose. What is written elsewhere relies on it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sync.errors import WorkbookError
from sync.workbook.package.address import address, column_number
from sync.workbook.package.markup import attribute
from sync.workbook.package.rows import RESAVE, cells, disordered

if TYPE_CHECKING:
    from collections.abc import Collection

    from sync.workbook.package.rows import Batch, Head, Patterns, Row


class _Marks(NamedTuple):
    """What to look for in a sheet whose elements carry a certain prefix."""

    layout: re.Pattern[bytes]
    """Where a row starts (nothing is captured), and the column of each cell that says so first and plainly."""
    number: re.Pattern[bytes]
    foreign: tuple[bytes, ...]
    """What elements of the same names under another prefix would look like, at first sight."""
    others: re.Pattern[bytes]
    """The same at second sight, with their prefix."""


@lru_cache(maxsize=32)
def _marks(prefix: bytes) -> _Marks:
    name = re.escape(prefix)
    other = rb"<()(?:row|c)[\s/>]" if prefix else rb"<([A-Za-z_][\w.-]*:)(?:row|c)[\s/>]"
    return _Marks(
        re.compile(b"<" + name + b"row|<" + name + rb'c r="([A-Z]{1,3})[1-9]'),
        re.compile(b"<" + name + rb'row r="([1-9][0-9]*)"'),
        (b"<row", b"<c ") if prefix else (b":row", b":c "),
        re.compile(other),
    )


class Order:
    """Looks at the rows of a sheet, batch by batch. Raises WorkbookError at what cannot be written into."""

    def __init__(self, targets: Collection[int]) -> None:
        self._targets = targets
        self._furthest = max(targets, default=0)
        self._last = 0
        self._head, self._space = b"", b""

    def begin(self, head: Head) -> None:
        """Look at what comes before the rows."""
        self._head = head.mask
        found = _declared(head.prefix, rb"([^\"'<]*)").search(head.mask)
        self._space = found[1] if found else b""

    def see(self, batch: Batch, known: Patterns) -> None:
        """Look at some rows."""
        mask, marks = batch.mask, _marks(known.prefix)
        if any(one in mask for one in marks.foreign) and self._is_mixed(mask, marks):
            raise WorkbookError("A sheet spells the same elements in two ways (with two prefixes).", RESAVE)
        within = self._last < self._furthest
        self._rows(batch, marks, known)
        if within and not _is_plain(mask, marks, known):
            for row in batch.rows:
                if row.number in self._targets:
                    _see_cells(mask, row, known)

    def _is_mixed(self, mask: bytes, marks: _Marks) -> bool:
        """Tell whether rows or cells carry a second prefix of the sheet's own namespace; those of others are theirs."""
        for prefix in {found[1] for found in marks.others.finditer(mask)}:
            ours = _declared(prefix, re.escape(self._space))
            if ours.search(self._head) or ours.search(mask):
                return True
        return False

    def _rows(self, batch: Batch, marks: _Marks, known: Patterns) -> None:
        numbers = [int(one) for one in marks.number.findall(batch.mask)]
        if len(numbers) != batch.mask.count(known.row_start):
            numbers = [row.number for row in batch.rows]
        before = [self._last, *numbers]
        if any(one >= other and other <= self._furthest for one, other in pairwise(before)):
            raise disordered()
        self._last = max(before)


def _declared(prefix: bytes, space: bytes) -> re.Pattern[bytes]:
    """Find where a prefix, or none, is bound to a namespace."""
    name = b":" + re.escape(prefix.removesuffix(b":")) if prefix else b""
    return re.compile(rb"\sxmlns" + name + rb"\s*=\s*[\"']" + space + rb"[\"']")


def _is_plain(mask: bytes, marks: _Marks, known: Patterns) -> bool:
    """Tell at a glance that the cells of every row ascend: few rows of a sheet differ in which cells they have."""
    found = marks.layout.findall(mask)
    layouts = set(b" ".join(found).split(b"  "))
    columns = sum(map(bool, found))
    return columns == mask.count(known.cell_start) and all(map(_ascend, layouts))


@lru_cache(maxsize=1024)
def _ascend(layout: bytes) -> bool:
    return all(one < other for one, other in pairwise(map(column_number, layout.split())))


def _see_cells(mask: bytes, row: Row, known: Patterns) -> None:
    """Look at the cells of one row one by one."""
    last = 0
    for cell in cells(mask, row, known):
        reference = attribute(mask[cell.start : cell.body], b"r")
        plain = reference is None or reference == address(row.number, cell.column).encode()
        if cell.column <= last or cell.row != row.number:
            raise disordered()
        if not plain:
            raise WorkbookError(f"A sheet addresses the cell {address(row.number, cell.column)} unusually.", RESAVE)
        last = cell.column
