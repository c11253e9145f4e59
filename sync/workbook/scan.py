"""What calamine does not tell about a sheet: whether it can be read at all, and what its cells show.

calamine, and with it every fast reader, allocates the whole rectangle around a sheet's cells. A stray cell in the last
row and column makes that 17 thousand million places, and ends the process before anything can be caught. It gives
numbers without their formats, no errors, and no difference between a text and a date that looks like it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sync.errors import WorkbookError
from sync.model import column_letters
from sync.workbook.package.address import LAST_COLUMN, column_number, parse_area
from sync.workbook.package.extent import extent
from sync.workbook.package.markup import attribute
from sync.workbook.package.rows import Batch, Head, broken, cells, patterns, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.workbook.package.address import Area
    from sync.workbook.package.container import Container
    from sync.workbook.package.extent import Extent
    from sync.workbook.shown import Shown

EMPTY_AREA = 4_000_000
"""Places that a sheet's rectangle may have, however few of them are filled: about 160 MB."""
SPARSE = 50
"""Places for each filled cell that a larger sheet may have."""
MOST_LETTERS = 3
"""Letters of the last column, XFD."""
MOST_DIGITS = 7
"""Digits of the last row, 1048576."""
MOST_STYLES = 60
"""Styles that are looked for by number; of more, all cells with a style are looked at."""

_ROW = re.compile(rb"<row[\s/>]")
_MAYBE_PREFIXED, _PREFIXED = re.compile(rb":c[\s/>]"), re.compile(rb"<\w+:c[\s/>]")
"""A cell whose name has a prefix; the first one finds texts, too, and finds them sooner."""
_DECLARED, _FORMULA_TAG = re.compile(rb"<!"), re.compile(rb"<f")
"""Comments, CDATA and the like; formulas. An expression finds two bytes sooner than `in` does."""
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([^"']+)""")

_FORMULA = rb"(?:<f[^>]*(?:/>|>[^<]*</f>))?"
_CELL = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?[^>]*>' + _FORMULA + rb"(?:<v[^>]*>([^<]*)<)?"
)
# Numbers that are not written out in full: of more than 15 digits, more than nine decimals, or with an exponent.
_ROUGH = rb"-?(?:[0-9]{16}|[0-9]*\.[0-9]{10}|[0-9.]+[eE]|0<)"
_SEEN = (
    re.compile(rb'"><v>(?<=[0-9n]"><v>)' + _ROUGH),
    re.compile(rb't="[bde]"'),
)
_SEEN_OF_FORMULAS = (
    re.compile(rb"</f><v>" + _ROUGH),
    re.compile(rb"</f>(?:</c>|<v ?/>|<v></v>)"),
    re.compile(rb"<f[^>]*/>(?:</c>|<v ?/>|<v></v>)"),
)
"""What betrays a cell that calamine gets wrong, whatever its style."""
_DIGITS = b"0123456789"
_ODD_ORDER = re.compile(rb'<c r="[A-Z]+[0-9]+" t="[a-zA-Z]+" s="')


class Looked(NamedTuple):
    """What a look at a sheet has shown."""

    merged: tuple[Area, ...]
    usual: bool
    """Whether every row and every cell says first thing where it stands."""


def look(container: Container, sheet: str, shown: Shown) -> Looked:
    """Tell `shown` of every cell that shows something else than calamine reads; give what else there is to know.

    Raises WorkbookError when the sheet is too sparse to be read. One quick pass over the bytes answers for nearly
    every sheet; a thorough one follows where a sheet is written in an unusual way.
    """
    quick = _Quick(container, sheet, shown)
    if not _fits(quick.area, quick.cells):
        _refuse_sparse(container, sheet, extent(container, sheet))
    if quick.unusual:
        shown.columns.clear()
        for row, column, content in _cells(container, sheet):
            _tell_any(shown, row, column, content)
    return Looked(tuple(quick.merged), not quick.unusual)


class _Quick:
    """A bound on the rectangle that is never too small, huge for an unusual sheet; and what cells show."""

    def __init__(self, container: Container, sheet: str, shown: Shown) -> None:
        self.cells = 0
        self.unusual = False
        self._shown = shown
        self._letters = 1
        """How many letters a column has at most."""
        self._digits = 0
        """How many digits a row has at most; 0 as long as there was none."""
        self._styled = _styled(shown.telling)
        text, first = b"", True
        for text in whole_rows(container, container.sheet(sheet).part):
            if first:
                self.unusual, first = b"='" in text[:2000] or bool(_ODD_ORDER.search(text)), False
            self._rows(text)
        # All that follows the rows is in the last piece.
        found = (parse_area(area.decode("utf-8", "replace")) for area in _MERGED.findall(text))
        self.merged = [area for area in found if area]
        self.unusual = self.unusual or not self._digits

    @property
    def area(self) -> int:
        # A cell may lie about its row: all that is known is that none has more digits than the last row.
        width = min(LAST_COLUMN, sum(26**letters for letters in range(1, self._letters + 1)))
        return 1 << 40 if self.unusual else (10**self._digits - 1) * width

    def _rows(self, text: bytes) -> None:
        if not self._digits and _ROW.search(text):
            self._digits = 1
        if self._digits and b":" in text and _MAYBE_PREFIXED.search(text) and _PREFIXED.search(text):
            raise broken()  # cells with a prefix among others without: calamine reads both, and we only one kind
        self.unusual = self.unusual or (b"!" in text and bool(_DECLARED.search(text)))
        while self._digits and not self.unusual and _unnumbered(self._digits).search(text):
            self.unusual = self._digits == MOST_DIGITS
            self._digits += 1
        if self.unusual:
            return
        self.cells += text.count(b'<c r="')
        while _elsewhere(self._letters, max(self._digits, 1)).search(text):
            if self._letters == MOST_LETTERS:
                self.unusual = True
                return
            self._letters += 1
        self._tell(text)

    def _tell(self, text: bytes) -> None:
        shown = self._shown
        telling = shown.telling
        if self._styled and self._styled[0].search(text):
            for found in self._styled[1].finditer(text):
                at = found.start() - 1  # before it: <c r="A12"
                place = text[text.rfind(b'"', 0, at) + 1 : at]
                letters = place.rstrip(_DIGITS)
                number = int(found[1])
                if not 0 < len(letters) < len(place):
                    self.unusual = True  # something else stands between the place and the style
                    return
                if number in telling:
                    shown.number(int(place[len(letters) :]), column_number(letters), number, found[2])
        formulas = b"f" in text and _FORMULA_TAG.search(text) is not None
        shown.formulas |= formulas
        for pattern in (*_SEEN, *_SEEN_OF_FORMULAS) if formulas else _SEEN:
            for found in pattern.finditer(text):
                cell = _CELL.match(text, text.rfind(b"<c ", 0, found.start() + 3))
                if cell:
                    letters, digits, style, kind, value = cell.groups()
                    _tell(shown, int(digits), column_number(letters), style, kind, value, formula=b"<f" in cell[0])


@lru_cache(maxsize=32)
def _unnumbered(digits: int) -> re.Pattern[bytes]:
    """Find a row that does not say its number first thing, or whose number is longer than that."""
    return re.compile(rb'<row(?! r="[1-9][0-9]{0,%d}"|[^\s/>])' % (digits - 1))


@lru_cache(maxsize=32)
def _elsewhere(letters: int, digits: int) -> re.Pattern[bytes]:
    """Find a cell that does not say first thing where it is, or whose column or row is longer than that."""
    return re.compile(rb'<c(?! r="[A-Z]{1,%d}[0-9]{1,%d}"|[a-z])' % (letters, digits))


def _styled(styles: frozenset[int]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]] | None:
    """Make what finds numbers of these styles: one expression that says quickly whether there is any, one for them."""
    if not styles:
        return None
    one = b"|".join(b"%d" % style for style in sorted(styles)) if len(styles) <= MOST_STYLES else b"[0-9]+"
    kind = rb'(?: t="n")?(?: [a-z]+="[0-9]+")*>'
    return (
        re.compile(rb' s="(?:' + one + rb')"' + kind),
        re.compile(rb' s="(' + one + rb')"' + kind + _FORMULA + rb"<v>([^<]+)<"),
    )


def _tell(
    shown: Shown, row: int, column: int, style: bytes | None, kind: bytes | None, value: bytes | None, *, formula: bool
) -> None:
    """Note a cell for what it is, if it is anything that calamine gets wrong."""
    if kind == b"e":
        shown.error(row, column, value or b"")
    elif formula and not value and kind != b"str":
        shown.no_value(row, column)
    elif not value:
        return
    elif kind == b"b":
        shown.truth(row, column, value)
    elif kind == b"d":
        shown.iso_date(row, column, value)
    elif kind in {None, b"n"}:
        shown.number(row, column, int(style or b"0"), value)


def whole_rows(container: Container, part: str) -> Iterator[bytes]:
    """Give the bytes of a part in pieces that end before a row; the last one ends with the part."""
    if container.encoding(part) is not None:
        yield b"".join(block.raw for block in container.blocks(part))
        return
    waiting: list[bytes] = []
    kept = length = 0
    for chunk in container.chunks(part):
        waiting.append(chunk)
        length += len(chunk)
        if length < 2 * kept:  # a very long row is looked at a few times, not once a chunk
            continue
        text = b"".join(waiting)
        end = text.rfind(b"<row ")
        if end <= 0:
            end = max(text.rfind(b"<row>"), text.rfind(b":row "), 0)
        if end:
            yield text[:end]
        rest = text[end:]
        waiting, kept, length = [rest], len(rest), len(rest)
    yield b"".join(waiting)


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


def _tell_any(shown: Shown, row: int, column: int, content: bytes) -> None:
    """Note a cell that is spelled in any way."""
    start, _, rest = content.partition(b">")
    kind, style = attribute(start, b"t"), attribute(start, b"s") or b"0"
    found = _ANY_VALUE.search(rest)
    if kind in {None, b"n"} and style == b"0" and found and not _UNTIDY.search(found[1]):
        return
    formula = bool(_ANY_FORMULA.search(rest))
    shown.formulas |= formula
    _tell(shown, row, column, style if style.isdigit() else b"0", kind, found and found[1], formula=formula)


_ANY_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_UNTIDY = re.compile(rb"[.eE]|[0-9]{16}")


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
