"""The sheet Images of a new workbook: headings, rows, dropdown, colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.workbook.layout import IMAGE_HEADINGS, IMAGES
from sync.workbook.template_records import write_table
from sync.workbook.template_rows import known_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openpyxl import Workbook

    from sync.model import Problem
    from sync.workbook.template_lists import Lists


def write_images(book: Workbook, lists: Lists, images: Iterable[Mapping[str, str]] = ()) -> list[Problem]:
    """Write the sheet, and give the problems of cells that did not fit. `images` are cells by heading."""
    headings = [heading for heading in IMAGE_HEADINGS if heading.template]
    columns = [known_column(heading) for heading in headings]
    rows = [[image.get(heading.name, "") for heading in headings] for image in images]
    return write_table(book, IMAGES, columns, rows, lists, number=2, actions="image actions")
