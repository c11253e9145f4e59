"""Sheets and cells of a new workbook: a cell is always a text or a number, never a formula by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.properties import PageSetupProperties

from sync.workbook.template_rows import escaped

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet


def new_sheet(book: Workbook, title: str) -> Worksheet:
    """Add a sheet whose rows are written as they come, in little memory.

    Its settings, column widths and row heights have to be there before the first row is appended.
    """
    return cast("Worksheet", book.create_sheet(title))  # has the same settings, which its type hints leave out


A3, A4 = 8, 9
"""Paper sizes, by Excel's numbers."""


def landscape(sheet: Worksheet, *, paper: int, wide: int, high: int) -> None:
    """Print across the paper, shrunk to so many pages; 0 pages high is as many as it takes."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToWidth = wide
    sheet.page_setup.fitToHeight = high
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.7
    sheet.page_margins.header = sheet.page_margins.footer = 0.3


def styled(sheet: Worksheet, value: str | int | None, array: StyleArray) -> Cell:
    """Make a cell. A string is a string whatever it begins with; it must be fit for a cell already."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        if value:
            # The setter would take "=A1" for a formula.
            cell._value = escaped(value)  # type: ignore[attr-defined]  # noqa: SLF001 - see above
            cell.data_type = "s"
    elif value is not None:
        cell.value = value
    cell._style = array  # type: ignore[attr-defined]  # noqa: SLF001 - shared among cells, see `template_styles.style`
    return cell
