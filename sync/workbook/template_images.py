"""The sheet Images of a new workbook: headings, empty rows, dropdown, colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.workbook.layout import IMAGE_HEADINGS, IMAGES
from sync.workbook.template_records import write_table
from sync.workbook.template_rows import known_column

if TYPE_CHECKING:
    from openpyxl import Workbook

    from sync.workbook.template_lists import Lists


def write_images(book: Workbook, lists: Lists) -> None:
    """Write the sheet, without images."""
    columns = [known_column(heading) for heading in IMAGE_HEADINGS if heading.template]
    write_table(book, IMAGES, columns, (), lists, number=2, actions="image actions")
