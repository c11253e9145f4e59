"""Writing one of our own sheets anew: its rows are replaced, and what people set up around them stays.

Column widths, filter, frozen heading, dropdowns and colours of the columns are theirs by now; so is every sheet that
does not begin as one of ours does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from sync.errors import NotAWorkbook, WorkbookError
from sync.workbook.package.address import column_number
from sync.workbook.package.archive import RESAVE
from sync.workbook.package.cells import Writer
from sync.workbook.package.markup import ATTRIBUTES, attribute, from_utf8
from sync.workbook.package.obstacles import check, refuse
from sync.workbook.package.parsed import Parsed, parsed
from sync.workbook.package.rows import Batch, Head, walk
from sync.workbook.package.sheets import written_rows
from sync.workbook.package.text import decode, fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.workbook.package.cells import Note
    from sync.workbook.package.container import Container, SheetPart
    from sync.workbook.package.edits import SheetValue
    from sync.workbook.package.parsed import CellSeen
    from sync.workbook.package.sheets import NewSheet


class Replacement:
    """Writes the part of a sheet anew, and collects what there is to note."""

    def __init__(self, container: Container, part: SheetPart, sheet: NewSheet) -> None:
        """Raise WorkbookError when the sheet is the user's own, or holds something of theirs."""
        self.container = container
        self.part = part
        self.sheet = sheet
        self.written = 0
        self.notes: list[Note] = []
        self._headings = _headings(container, part, sheet)

    def run(self) -> Iterator[bytes]:
        """Give the new part piece by piece, in the encoding it has."""
        yield from from_utf8(self._replaced(), self.container.encoding(self.part.part))

    def _replaced(self) -> Iterator[bytes]:
        ending = b""
        for piece in walk(self.container.blocks(self.part.part)):
            if isinstance(piece, Head):
                raw = _reaching(piece, self.sheet)
                if piece.closed:
                    raw = raw[: raw.rindex(b"/")] + b">"
                    ending = b"</" + piece.prefix + b"sheetData>"
                yield raw
                writer = Writer(self.part.name, piece.prefix, piece.mask)
                yield from written_rows(writer, self.sheet, self._styles)
                yield ending
                self.written, self.notes = writer.written, writer.notes
            elif not isinstance(piece, Batch):
                yield piece.raw

    def _styles(self, row: int, _: Mapping[int, SheetValue]) -> Mapping[int, bytes]:
        if row == 1:
            return self._headings
        return {column: style.encode() for column, style in self.sheet.styles.get(row, {}).items()}


def _headings(container: Container, part: SheetPart, sheet: NewSheet) -> dict[int, bytes]:
    """Give the cell formats of the first row, by column, of a sheet that is ours."""
    first: list[CellSeen] = []
    about, beyond, last = Parsed(), "", 0
    for row in parsed(container.chunks(part.part), about):
        last = row.number
        if row.number == 1:
            first = row.cells
        beyond = beyond or next((cell[0] for cell in row.cells if cell[2] and _column(cell) > sheet.columns), "")
    texts = _texts(container, first)
    mark = [fit(str(one or "")).text for one in sheet.mark]
    if [texts.get(column, "") for column in range(1, len(mark) + 1)] != mark:
        raise not_ours(part.name)
    if beyond:
        hint = "Move it to a sheet of your own: this one is written anew."
        raise WorkbookError(f"{part.name}!{beyond} holds something that wtsync did not write.", hint)
    if about.formulas:
        hint = "Move them to a sheet of your own: this one is written anew."
        raise WorkbookError(f"The sheet {part.name} holds formulas.", hint)
    below = range(2, max(last, len(sheet.rows)) + 1)
    refuse(check(container, part.name, {row: dict.fromkeys(range(1, sheet.columns + 1)) for row in below}))
    return {_column(cell): style.encode() for cell in first if (style := cell[1].get("s", "0")) != "0"}


def not_ours(name: str) -> WorkbookError:
    """Say that a sheet has the name that one of ours is to have."""
    said = f"The workbook has a sheet named {name} already, and it is not one that wtsync made."
    return WorkbookError(said, "Give that sheet another name.")


def _column(cell: CellSeen) -> int:
    return column_number(cell[0].rstrip("0123456789").encode())


def _texts(container: Container, cells: list[CellSeen]) -> dict[int, str]:
    """Read the texts of a row, by column."""
    found = {}
    wanted: dict[int, int] = {}
    for cell in cells:
        text = "".join(part for part in cell[2] if isinstance(part, str))
        if cell[1].get("t") == "s" and text.isdecimal():
            wanted[_column(cell)] = int(text)
        elif cell[2]:
            found[_column(cell)] = decode(text)
    shared = _shared(container, set(wanted.values()))
    return found | {column: shared.get(number, "") for column, number in wanted.items()}


def _shared(container: Container, wanted: set[int]) -> dict[int, str]:
    """Read some of the shared strings; the phonetic ones beside them are left out."""
    listed = [one for one in container.relations(container.workbook_part) if one.kind == "sharedStrings"]
    if not wanted or not listed or not container.has(listed[0].target):
        return {}
    found: dict[int, list[str]] = {}
    number, last, aside = -1, max(wanted), 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal number, aside
        local = name.rpartition(" ")[2]
        number += local == "si"
        aside += local == "rPh"
        parser.CharacterDataHandler = text if number in wanted and not aside else None

    def end(name: str) -> None:
        nonlocal aside
        aside -= name.rpartition(" ")[2] == "rPh"

    def text(data: str) -> None:
        found.setdefault(number, []).append(data)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        for chunk in container.chunks(listed[0].target):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keywords
            if number > last:
                break
    except (expat.ExpatError, ValueError) as error:
        raise NotAWorkbook("The list of texts inside the workbook is damaged.", RESAVE) from error
    return {index: decode("".join(pieces)) for index, pieces in found.items()}


def _reaching(head: Head, sheet: NewSheet) -> bytes:
    """Let `dimension` say how far the sheet reaches now, where it says so."""
    found = re.search(rb"<" + re.escape(head.prefix) + rb"dimension(?=[\s/>])(" + ATTRIBUTES + rb")>", head.mask)
    reference = attribute(found[1], b"ref") if found else None
    if found is None or not reference:
        return head.raw
    at = head.raw.index(reference, found.start())
    return head.raw[:at] + str(sheet.area).encode() + head.raw[at + len(reference) :]
