"""New sheets for a workbook: what they hold, and the XML of their part.

A new sheet holds texts, also with marked words, numbers and truth values, never a formula. Its part refers to no other
part, so that it can be added to a package, or written anew, alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from sync.workbook.package.address import LAST_COLUMN, LAST_ROW, Area, letters
from sync.workbook.package.cells import Writer
from sync.workbook.package.colours import conditional
from sync.workbook.package.rich import RichText, as_written, plain
from sync.workbook.package.text import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sync.workbook.package.cells import Note
    from sync.workbook.package.colours import Colours
    from sync.workbook.package.container import State
    from sync.workbook.package.edits import SheetValue

LONGEST_NAME = 31  # UTF-16 units
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_CHOICES = 255  # characters that a list of choices may have, with its commas
_WIDE, _NARROW, _LONG = 50.0, 18.0, 40  # characters: widths of a column, and a text that makes it wide
_ENOUGH = 500  # rows, before they are handed on


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to be added to a workbook, or written anew where an earlier one of ours bears its name.

    ValueError for what Excel could not open: a name or a list of choices that it does not allow, too many cells.
    """

    name: str
    rows: Sequence[Sequence[SheetValue]]
    """With the headings, which come first. None and the empty text are an empty cell."""
    widths: Sequence[float] = ()
    """Of the columns, in characters; columns without one get a width by what they hold."""
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """The values that may be chosen in a column, counted from 1, below its heading."""
    state: State = "visible"
    """Only of a sheet that is added; one that is there keeps its own."""
    headed: bool = True
    """Whether the first row are headings: bold, frozen, with a filter. Without them the sheet is plain."""
    formats: Mapping[int, int] = field(default_factory=dict)
    """The built-in number formats of columns, counted from 1: 1 is whole numbers, 14 a day, 22 a day and a time.
    Only of a sheet that is added: one that is there keeps those of its columns."""
    colours: Mapping[int, Colours] = field(default_factory=dict)
    """How the numbers of columns, counted from 1, are coloured by their size; also only of a sheet that is added."""
    styles: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Only of a sheet that is written anew: cell formats of that very workbook, by row and column, that cells keep."""
    columns: int = field(init=False, compare=False)
    """How many columns it has: counted once, because it is asked for with every cell."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", max(map(len, self.rows), default=0))
        wrong = _FORBIDDEN.search(self.name) or self.name[:1] == "'" or self.name[-1:] == "'"
        if wrong or not 0 < units(self.name) <= LONGEST_NAME or self.name.casefold() == "history":
            raise ValueError(f"a sheet cannot have the name {self.name!r}")
        if not self.rows or len(self.rows) > LAST_ROW or self.columns > LAST_COLUMN:
            raise ValueError(f"a sheet cannot have {len(self.rows):,} rows of {self.columns:,} cells")
        for values in self.choices.values():
            if any("," in one or '"' in one for one in values) or units(",".join(values)) > _LONGEST_CHOICES:
                raise ValueError(f"a cell cannot offer the choices {list(values)}")

    @property
    def mark(self) -> tuple[SheetValue, ...]:
        """What its first row begins with when it is one of ours: the headings, or the first cell."""
        return tuple(self.rows[0]) if self.headed else tuple(self.rows[0][:1])

    @property
    def area(self) -> Area:
        """The rectangle of its cells."""
        return Area(1, 1, len(self.rows), max(1, self.columns))

    @property
    def filtered(self) -> str:
        """The area of its filter, as a name of the workbook says it; LibreOffice knows a filter by that name only."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!$A$1:${letters(max(1, self.columns))}${LAST_ROW}" if self.headed else ""


class Looks(NamedTuple):
    """Numbers of cell formats, as `s` spells them; empty for none."""

    heading: bytes = b""
    text: bytes = b""
    """Wrapped, and marked as a text (with an apostrophe, as Excel shows it), whatever it begins with."""
    value: bytes = b""
    numbers: Mapping[int, bytes] = MappingProxyType({})
    """By the built-in number format."""


class SheetWriter:
    """Makes the part of one new sheet, and collects what there is to note."""

    def __init__(self, sheet: NewSheet, space: str, looks: Looks, *, viewed: bool) -> None:
        """`space` is the namespace of the workbook's elements; `viewed`: it has a window that views can refer to."""
        self.sheet = sheet
        self.written = 0
        self.notes: list[Note] = []
        self._space = space
        self._looks = looks
        self._viewed = viewed

    def run(self) -> Iterator[bytes]:
        """Give the part piece by piece, in UTF-8."""
        sheet = self.sheet
        styles = [self._number(column) or self._usual(column) for column in range(1, sheet.columns + 1)]
        head = self._head(styles if sheet.headed else [b""] * sheet.columns)
        yield head
        writer = Writer(sheet.name, b"", head if sheet.headed else b"")
        yield from written_rows(writer, sheet, self._styles)
        self.written, self.notes = writer.written, writer.notes
        yield self._tail()

    def _styles(self, row: int, values: Mapping[int, SheetValue]) -> Mapping[int, bytes]:
        looks = self._looks
        if not self.sheet.headed:
            return {}
        if row == 1:
            return dict.fromkeys(values, looks.heading)
        return {
            column: looks.text if isinstance(value, str | RichText) else self._number(column) or looks.value
            for column, value in values.items()
        }

    def _number(self, column: int) -> bytes:
        """Give the look of a column that has a number format of its own; empty when it has none."""
        return self._looks.numbers.get(self.sheet.formats.get(column, 0), b"")

    def _usual(self, column: int) -> bytes:
        return self._looks.text if self._holds_text(column - 1) else self._looks.value

    def _holds_text(self, column: int) -> bool:
        rows = self.sheet.rows[1:]
        held = [row[column] for row in rows if column < len(row) and plain(row[column]) not in {None, ""}]
        return not held or any(isinstance(value, str | RichText) for value in held)

    def _width(self, column: int) -> float:
        if column < len(self.sheet.widths):
            return self.sheet.widths[column]
        texts = (plain(row[column]) for row in self.sheet.rows if column < len(row))
        return _WIDE if any(isinstance(text, str) and len(text) > _LONG for text in texts) else _NARROW

    def _head(self, styles: Sequence[bytes]) -> bytes:
        columns = "".join(
            f'<col min="{number}" max="{number}" width="{self._width(number - 1):g}"{_styled(style)} customWidth="1"/>'
            for number, style in enumerate(styles, 1)
        )
        view = (
            '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"'
            ' state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>'
        )
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
            f'<worksheet xmlns="{self._space}"><dimension ref="{self.sheet.area}"/>'
            f"{view if self._viewed and self.sheet.headed else ''}"
            f'<sheetFormatPr defaultRowHeight="15"/>{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'
        ).encode()

    def _tail(self) -> bytes:
        """Close the sheet. Filter and choices reach to the last row there can be, so that rows may come and go."""
        sheet = self.sheet
        last = letters(max(1, sheet.columns))
        filtered = f'<autoFilter ref="A1:{last}{LAST_ROW}"/>' if sheet.headed else ""
        offered = "".join(
            '<dataValidation type="list" allowBlank="1" showErrorMessage="1"'
            f' sqref="{letters(column)}{1 + sheet.headed}:{letters(column)}{LAST_ROW}">'
            f"<formula1>&quot;{escape(','.join(values))}&quot;</formula1></dataValidation>"
            for column, values in sorted(sheet.choices.items())
        )
        if offered:
            offered = f'<dataValidations count="{len(sheet.choices)}">{offered}</dataValidations>'
        coloured = "".join(
            conditional(kind, f"{letters(column)}2:{letters(column)}{LAST_ROW}", priority)
            for priority, (column, kind) in enumerate(sorted(sheet.colours.items()), 1)
        )
        margins = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        meant = f'<ignoredErrors><ignoredError sqref="A1:{last}{LAST_ROW}" numberStoredAsText="1"/></ignoredErrors>'
        return f"</sheetData>{filtered}{coloured}{offered}{margins}{meant}</worksheet>".encode()


def _styled(style: bytes) -> str:
    return f' style="{style.decode()}"' if style else ""


def written_rows(
    writer: Writer, sheet: NewSheet, styles: Callable[[int, Mapping[int, SheetValue]], Mapping[int, bytes]]
) -> Iterator[bytes]:
    """Write the rows of a sheet, some hundreds at a time. `styles` gives the cell formats of a row's columns."""
    made: list[bytes] = []
    for row, values in enumerate(sheet.rows, 1):
        cells = dict(enumerate(map(as_written, values), 1))
        made.append(writer.new_row(row, cells, styles(row, cells)))
        if len(made) >= _ENOUGH:
            yield b"".join(made)
            made = []
    yield b"".join(made)
