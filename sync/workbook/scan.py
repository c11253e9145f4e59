"""What calamine does not tell about a sheet: whether it can be read at all, and which cells show an error.

calamine, and with it every fast reader, allocates the whole rectangle around a sheet's cells. A stray cell in the last
row and column makes that 17 thousand million places, and ends the process before anything can be caught.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.errors import WorkbookError
from sync.model import column_letters
from sync.workbook.package.extent import extent
from sync.workbook.package.markup import attribute
from sync.workbook.package.rows import Batch, Head, cells, patterns, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.workbook.package.container import Container
    from sync.workbook.package.extent import Extent

EMPTY_AREA = 4_000_000
"""Places that a sheet's rectangle may have, however few of them are filled: about 160 MB."""
SPARSE = 50
"""Places for each filled cell that a larger sheet may have."""

_ROW = re.compile(rb'<row r="([0-9]+)"')
_TWO_LETTERS, _THREE_LETTERS = re.compile(rb' r="[A-Z]{2}'), re.compile(rb' r="[A-Z]{3}')
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<")


def error_cells(container: Container, sheet: str) -> list[tuple[int, int, str]]:
    """Give row, column and text of each cell whose formula has failed; WorkbookError when the sheet is too sparse.

    One quick pass over the bytes answers for nearly every sheet; a thorough one follows where it finds something.
    """
    quick = _Quick(container, sheet)
    if not _fits(quick.area, quick.cells):
        _refuse_sparse(container, sheet, extent(container, sheet))
    return list(_errors(container, sheet)) if quick.errors else []


class _Quick:
    """A bound on the rectangle that is never too small. Sheets that are written in an unusual way get a huge one."""

    def __init__(self, container: Container, sheet: str) -> None:
        self.cells = last = 0
        self.errors, width, unusual, single = False, 26, False, False
        for text in _between_tags(container, container.sheet(sheet).part):
            rows = [int(digits) for digits in _ROW.findall(text)]
            last = max(last, *rows) if rows else last
            unusual = unusual or text.count(b"<row") != len(rows)
            self.cells += text.count(b"<c ")
            if width == 26 and _TWO_LETTERS.search(text):
                width = 702
            if width == 702 and _THREE_LETTERS.search(text):
                width = 16_384
            single = single or b"='" in text[:2000]
            self.errors = self.errors or b't="e"' in text or (single and b"t='e'" in text)
        self.area = 1 << 40 if unusual or not last else last * width


def _between_tags(container: Container, part: str) -> Iterator[bytes]:
    """Give the bytes of a part in pieces that end with a tag."""
    if container.encoding(part) is not None:
        yield from (block.raw for block in container.blocks(part))
        return
    rest = b""
    for chunk in container.chunks(part):
        text = rest + chunk
        end = text.rfind(b">") + 1
        rest = text[end:]
        yield text[:end]


def _fits(area: int, filled: int) -> bool:
    return area <= EMPTY_AREA or area <= SPARSE * filled


def _refuse_sparse(container: Container, sheet: str, found: Extent) -> None:
    """Refuse a sheet whose cells lie too far apart, naming the one that lies farthest off."""
    if _fits(found.last_row * found.last_column, found.cells):
        return
    row, column = _farthest(container, sheet)
    address = f"{sheet}!{column_letters(column)}{row}"
    raise WorkbookError(
        f"A cell far away from all others makes the sheet too large to be read: {address}.",
        f"In Excel, press F5, type {address}, and empty that cell; or delete the empty rows and columns before it. "
        "Then save.",
    )


def _farthest(container: Container, sheet: str) -> tuple[int, int]:
    """Find the cell without which the rectangle would shrink most: in the last row, or in the last column."""
    places = [(row, column) for row, column, _ in _cells(container, sheet)]
    rows, columns = ([0, *sorted({place[at] for place in places})] for at in (0, 1))
    by_row, by_column = (rows[-1] - rows[-2]) * columns[-1], (columns[-1] - columns[-2]) * rows[-1]
    at, last = (0, rows[-1]) if by_row >= by_column else (1, columns[-1])
    return max(place for place in places if place[at] == last)


def _errors(container: Container, sheet: str) -> Iterator[tuple[int, int, str]]:
    for row, column, content in _cells(container, sheet):
        start = content.partition(b">")[0]
        if attribute(start, b"t") == b"e":
            value = _VALUE.search(content)
            yield row, column, value[1].decode() if value else "#VALUE!"


def _cells(container: Container, sheet: str) -> Iterator[tuple[int, int, bytes]]:
    """Give row, column and XML of every cell that holds something."""
    known = patterns(b"")
    for piece in walk(container.blocks(container.sheet(sheet).part)):
        if isinstance(piece, Head):
            known = patterns(piece.prefix)
        elif isinstance(piece, Batch):
            for row in piece.rows:
                for cell in cells(piece.mask, row, known):
                    if not cell.empty:
                        yield cell.row, cell.column, piece.mask[cell.start : cell.end]
