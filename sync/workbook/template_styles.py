"""The looks of a new workbook: one palette, and cell styles made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.table import TableStyle, TableStyleElement

from sync.workbook.layout import Role

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

INK, QUIET, FAINT = "1F2933", "52606D", "7B8794"
LINE, PAPER, MIST, SAND = "D9DEE4", "FFFFFF", "F3F5F7", "FFF8E1"
GOOD, BAD, DOUBT = ("E3F4E8", "1E6B3A"), ("FCE4E4", "9B1C1C"), ("FFF1D6", "8A5A00")
"""Fill and font for what went well, what went wrong, and what somebody should look at."""

HEADER = {
    Role.CONTROL: "B7791F",
    Role.IDENTITY: "1F3A5F",
    Role.INPUT: "2F6CA8",
    Role.ATTRIBUTE: "2B7F86",
    Role.TEXT: "6B4E8E",
    Role.RESULT: "6B7785",
    Role.IGNORED: "9AA5B1",
}
"""The colour of a heading, by what its column is for."""

FONT = "Calibri"
TABLE_STYLE = "wtsync"
ROW_HEIGHT = 62.0
"""Points: four lines, so that a long text neither hides nor tears the row apart."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that makes the style of a cell; turned into the workbook's own form by `style`."""

    color: str = INK
    fill: str = ""
    size: float = 11
    bold: bool = False
    italic: bool = False
    font: str = FONT
    underline: bool = False
    lines: str = ""
    """Colour of the thin lines to the right and below, or none."""
    horizontal: str = "left"
    vertical: str = "top"
    wrap: bool = False
    indent: int = 0
    format: str = "General"
    quoted: bool = False
    """Shown in Excel with a leading apostrophe: what is typed or kept here is text, never a formula."""


def style(sheet: Worksheet, look: Look) -> StyleArray:
    """Register a look in the workbook and give the form that a cell or a column takes it in."""
    cell = WriteOnlyCell(sheet)
    cell.font = Font(
        name=look.font,
        size=look.size,
        bold=look.bold,
        italic=look.italic,
        underline="single" if look.underline else None,
        color=_color(look.color),
    )
    if look.fill:
        cell.fill = PatternFill("solid", start_color=_color(look.fill))
    if look.lines:
        side = Side("thin", color=_color(look.lines))
        cell.border = Border(right=side, bottom=side)
    cell.alignment = Alignment(
        horizontal=look.horizontal,
        vertical=look.vertical,
        wrap_text=look.wrap,
        indent=look.indent,
    )
    cell.number_format = look.format
    if look.quoted:
        cell.quotePrefix = True
    # One style shared among many cells saves looking it up for each of them.
    array: StyleArray = cell._style  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    return array


def body(role: Role, *, field: str = "") -> Look:
    """Give the look of the cells below a heading. Whatever is typed there stays text, but in result columns."""
    if role is Role.RESULT:
        return Look(color=QUIET, fill=MIST, lines=LINE, wrap=field == "message", indent=1)
    if role is Role.CONTROL:
        return Look(color=HEADER[role], bold=True, lines=LINE, indent=1, format="@")
    if role is Role.TEXT:  # not as text format: Excel may show a long text in it as ########
        return Look(lines=LINE, wrap=True, indent=1)
    if role is Role.IDENTITY:
        return Look(color=QUIET, lines=LINE, indent=1, format="@")
    return Look(bold=field == "name", lines=LINE, wrap=True, indent=1, format="@")


def head(role: Role) -> Look:
    """Give the look of a heading."""
    return Look(color=PAPER, fill=HEADER[role], bold=True, lines=PAPER, vertical="center", wrap=True, indent=1)


def add_table_style(book: Workbook) -> None:
    """Give the workbook a table style of our own: pale stripes and nothing else."""
    stripe = DifferentialStyle(fill=PatternFill("solid", bgColor=_color("F7F9FB")))
    styles = book._differential_styles  # type: ignore[attr-defined]  # noqa: SLF001 - openpyxl has no other way
    elements = [TableStyleElement(type="secondRowStripe", dxfId=styles.add(stripe))]
    book._table_styles.tableStyle = [  # type: ignore[attr-defined]  # noqa: SLF001 - the same
        TableStyle(name=TABLE_STYLE, pivot=False, count=len(elements), tableStyleElement=elements),
    ]


def shade(colors: tuple[str, str]) -> DifferentialStyle:
    """Give the fill and font that a condition lays over a cell."""
    fill, ink = colors
    return DifferentialStyle(font=Font(color=_color(ink)), fill=PatternFill("solid", bgColor=_color(fill)))


def _color(rgb: str) -> Color:
    return Color(rgb="FF" + rgb)
