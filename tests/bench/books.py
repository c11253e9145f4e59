"""Workbooks to measure with: rows of an invented shop, ten columns filled and five empty for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = (
    *("Record ID", "Name", "SKU", "Keywords", "Other details", "Material", "Colour", "Size", "Weight", "Origin"),
    *("Page title", "Page description", "Product description", "Excerpt", "Open graph text"),
)


def book(folder: Path, rows: int) -> Path:
    """Make one with so many rows, if it is not there yet."""
    path = folder / f"{rows}.xlsx"
    if path.exists():
        return path
    made = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    sheet = made.add_worksheet("Records")
    sheet.write_row(0, 0, _NAMES)
    for row in range(1, rows + 1):
        told = (f"{row:06d}", f"Oak stool {row}", f"00{row}", "oak, stool", "Made in a small workshop")
        sheet.write_row(row, 0, (*told, "Oak", f"shade {row % 17}", "45 cm", "4 kg", "Denmark"))
    made.close()
    return path
