"""A long sheet as several short ones, so that no more of it than a slice has to be taken apart at a time.

Each slice is the workbook with some rows of the sheet: whatever reads the workbook reads them just the same.
"""

from __future__ import annotations

import re
from functools import partial
from io import BytesIO
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.rewrite import rewrite
from sync.workbook.scan import whole_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sync.workbook.package.container import Container

SLICE = 96 << 20
"""Bytes of a sheet's XML that are read in one go: 100,000 rows of twelve cells. Shorter sheets are read whole."""

_ROW = re.compile(rb'<row r="([0-9]+)"')
_FIRST, _END, _TAIL = b"<row ", b"</sheetData>", b"</sheetData></worksheet>"
_MARK = b'<row r="%d"><c r="A%d"><v>0</v></c></row>'
"""A row before those of a slice: a reader begins with the first row that holds anything, and does not say which."""


class Slice(NamedTuple):
    """Some rows of a sheet, in a workbook of their own."""

    before: int
    """The row before the first one, in which our mark stands; 0: there is no mark."""
    workbook: bytes


class Disordered(Exception):
    """The rows do not ascend, or do not lie in one run: what stands where shows only when all of them are read."""


def slices(container: Container, sheet: str, size: int) -> Iterator[Slice]:
    """Cut a sheet into slices of about `size` bytes, one after the other.

    It has to be a sheet whose rows and cells say first thing where they stand. Raises Disordered, perhaps late.
    """
    part = container.sheet(sheet).part
    name = container.entry(part).name
    if container.encoding(part) is not None:
        raise Disordered
    for before, pieces in _gathered(whole_rows(container, part), size):
        target = BytesIO()
        rewrite(container.archive, target, {name: partial(iter, pieces)})
        del pieces  # as large as all that is made of it
        yield Slice(before, target.getvalue())


def _gathered(texts: Iterator[bytes], size: int) -> Iterator[tuple[int, list[bytes]]]:
    """Give the row before each slice, and the slice's XML."""
    head, beginning = _parted(next(texts))
    before, last, pieces, ended = 0, 0, [head], False
    for rows in _cut(chain([beginning], texts), size):
        end = rows.find(_END)
        if ended or (end >= 0 and _FIRST in rows[end:]):
            raise Disordered
        ended = end >= 0
        last = _last_row(rows, last)
        pieces.append(rows[:end] if ended else rows)
        if ended or sum(map(len, pieces)) >= size:
            whole = before, [*pieces, _TAIL]
            before, pieces = last, [head, _MARK % (last, last)]
            yield whole
            del whole
    if not ended:
        raise Disordered


def _cut(texts: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Cut pieces that are longer than a slice before a row."""
    for text in texts:
        start = 0
        while (at := text.find(_FIRST, start + size)) > 0:
            yield text[start:at]
            start = at
        yield text[start:] if start else text


def _parted(text: bytes) -> tuple[bytes, bytes]:
    at = text.find(_FIRST)
    if at < 0 or b"<worksheet" not in text[:at]:
        raise Disordered
    return text[:at], text[at:]


def _last_row(rows: bytes, last: int) -> int:
    """Give the number of the last row; Disordered unless all ascend from the one before."""
    numbers: Iterable[int] = [last, *map(int, _ROW.findall(rows))]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise Disordered
    return max(numbers)
