"""The first sheet of a new workbook: what to do, on half a page."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from openpyxl.worksheet.hyperlink import Hyperlink

from sync.model import CATEGORY
from sync.workbook.layout import IMAGES, RECORDS, SETTINGS, START, Role
from sync.workbook.template_cells import A4, landscape, new_sheet, styled
from sync.workbook.template_styles import HEADER, INK, MIST, PAPER, QUIET, Look, style

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_NAVY = HEADER[Role.IDENTITY]
_BLUE = HEADER[Role.INPUT]


def _steps(file: str, thing: str) -> tuple[tuple[str, str, str], ...]:
    """Give mark, head and words of each line. A sheet's name is a link."""
    command = shlex.quote(file)
    return (
        ("1", SETTINGS, "Say which shop it is, which language, and how the texts should sound."),
        ("2", RECORDS, f"One row for each {thing}. Record ID and Name have to be there; all else makes better texts."),
        ("3", "Your own columns", f"Any column you add, such as Pattern or Season, is a property of the {thing}."),
        ("4", f"wtsync plan {command}", "Shows what would be written and what it costs. Changes nothing."),
        ("5", f"wtsync run {command}", "Asks you first, then generates the texts and puts them into their columns."),
        ("6", f"wtsync status {command}", "Shows how far it has come. You may stop at any time and go on later."),
    )


_MANNERS = (
    ("Texts", "An empty text is generated. One that you change is sent back to the service; one of your own stays."),
    ("Rows and columns", "Sort, filter, insert and delete as you like. Only the headings keep their names."),
    ("While it runs", "Close the workbook in Excel before wtsync run, so that the texts can be put into it."),
)

_OF_PRODUCTS = (
    (IMAGES, "One row for each image of a product, by address or file. Its alt text is a text like the others."),
)

_COLOURS = (
    (Role.CONTROL, "Action", "for you: leave it empty, or say what to do with the row"),
    (Role.IDENTITY, "Identity", "which record it is; keep it as the shop has it"),
    (Role.INPUT, "Input", "for you: what wtsync has known names for"),
    (Role.ATTRIBUTE, "Property", "for you: columns of your own"),
    (Role.TEXT, "Text", "filled in for you; write over it and it is yours"),
    (Role.RESULT, "Result", "written by wtsync; what you type here is lost"),
)


def write_start(book: Workbook, *, file: str, record_type: str) -> None:
    """Write the sheet. `file` is the workbook's name, as the commands take it."""
    thing = "category" if record_type == CATEGORY else "product"
    sheet = new_sheet(book, START)
    sheet.sheet_properties.tabColor = _NAVY
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.showRowColHeaders = False
    for letter, width in zip("ABCD", (3, 6, 36, 92), strict=True):
        sheet.column_dimensions[letter].width = width
    steps = _steps(file, thing)
    sheet.column_dimensions["C"].width = max(36, min(64, max(len(head) for _, head, _ in steps) * 1.25 + 4))
    landscape(sheet, paper=A4, wide=1, high=1)
    page = _Page(sheet)
    page.title(f"{thing.capitalize()} texts, written with WriteText.ai", "From an empty sheet to finished texts")
    for mark, head, words in steps:
        page.step(mark, head, words)
    page.section("Good to know")
    for head, words in (*_MANNERS, *(_OF_PRODUCTS if record_type != CATEGORY else ())):
        page.line(head, words)
    page.section("What the colours of the headings mean")
    for role, name, words in _COLOURS:
        page.swatch(HEADER[role], name, words)


class _Page:
    """Writes the lines of the sheet one after the other."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.row = 0
        self.words = style(sheet, Look(color=INK, vertical="center", wrap=True))
        self.head = style(sheet, Look(color=INK, bold=True, vertical="center"))

    def title(self, title: str, below: str) -> None:
        self._row(10, [self._look("", Look(fill=_NAVY)) for _ in range(4)])
        band = Look(color=PAPER, fill=_NAVY, size=20, bold=True, vertical="center")
        self._row(36, [self._look(text, band) for text in ("", title, "", "")])
        band = Look(color="C9D6E6", fill=_NAVY, size=12, vertical="top")
        self._row(28, [self._look(text, band) for text in ("", below, "", "")])
        self._row(14, [])

    def step(self, mark: str, head: str, words: str) -> None:
        number = self._look(mark, Look(color=_BLUE, size=16, bold=True, horizontal="center", vertical="center"))
        if head.startswith("wtsync "):
            title = self._look(head, Look(color=_NAVY, fill=MIST, font="Consolas", vertical="center", indent=1))
        elif head in {SETTINGS, RECORDS}:
            title = self._look(head, Look(color=_BLUE, bold=True, underline=True, vertical="center", indent=1))
            title.hyperlink = Hyperlink(ref=f"C{self.row + 1}", location=f"'{head}'!A1", display=head)
        else:
            title = self._look(head, Look(color=INK, bold=True, vertical="center", indent=1))
        self._row(27, [None, number, title, self._look(words, Look(vertical="center", wrap=True, indent=1))])

    def section(self, title: str) -> None:
        self._row(14, [])
        self._row(24, [None, self._look(title, Look(color=_NAVY, size=13, bold=True, vertical="center"))])

    def line(self, head: str, words: str) -> None:
        cells = [
            self._look(head, Look(bold=True, vertical="center", indent=1)),
            self._look(words, Look(color=QUIET, vertical="center", indent=1)),
        ]
        self._row(20, [None, None, *cells])

    def swatch(self, color: str, name: str, words: str) -> None:
        cells = [
            self._look(name, Look(color=PAPER, fill=color, bold=True, vertical="center", lines=PAPER, indent=1)),
            self._look(words, Look(color=QUIET, vertical="center", indent=1)),
        ]
        self._row(20, [None, None, *cells])

    def _look(self, text: str, look: Look) -> Cell:
        return styled(self.sheet, text, style(self.sheet, look))

    def _row(self, height: float, cells: list[Cell | None]) -> None:
        self.row += 1
        self.sheet.row_dimensions[self.row].height = height
        self.sheet.append(cells)
