"""Reading a workbook without any of our own code, for the tests."""

from __future__ import annotations

import struct
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import fastexcel
import openpyxl

if TYPE_CHECKING:
    from pathlib import Path


def raw_entries(path: Path) -> dict[str, bytes]:
    """Every entry from its local header to the end of its compressed bytes."""
    content = path.read_bytes()
    entries = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<2H", content, info.header_offset + 26)
            end = info.header_offset + 30 + name + extra + info.compress_size
            entries[info.filename] = content[info.header_offset : end]
    return entries


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def differing(before: Path, after: Path) -> set[str]:
    """Name the entries that are not the same to the byte; the names and their order must be."""
    old, new = raw_entries(before), raw_entries(after)
    assert list(old) == list(new)
    with zipfile.ZipFile(after) as archive:
        assert archive.testzip() is None
    return {name for name in old if old[name] != new[name]}


Grid = dict[tuple[int, int], Any]


def by_openpyxl(path: Path, sheet: str = "Records") -> Grid:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    return {
        (cell.row, cell.column): getattr(cell.value, "text", cell.value)  # an array formula is an object
        for row in book[sheet].iter_rows()
        for cell in row
        if cell.value is not None and cell.column is not None
    }


def by_calamine(path: Path, sheet: str = "Records") -> Grid:
    """All cells as text; the rectangle starts in A1 as long as A1 holds something."""
    frame = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    return {
        (row, column): value
        for row, values in enumerate(frame.rows(), 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }
