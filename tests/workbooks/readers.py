"""Reading what a workbook holds with other people's programs, none of our own code: openpyxl, calamine, lxml."""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import fastexcel
import openpyxl
from lxml import etree  # type: ignore[import-untyped]
from openpyxl.utils.cell import column_index_from_string as column_index
from openpyxl.utils.cell import get_column_letter, range_boundaries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

Place = tuple[int, int]
Grid = dict[Place, Any]
_PARSER = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)


def openpyxl_grids(path: Path) -> dict[str, Grid]:
    """Every cell of every worksheet, as openpyxl reads it: formulas as they are spelled."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    return {
        sheet.title: {
            place: _plain(cell.value)
            for place, cell in sheet._cells.items()  # iter_rows makes cells
            if cell.value is not None
        }
        for sheet in book.worksheets
    }


def _plain(value: object) -> object:
    """Array formulas and data tables are objects that know no equality."""
    return (type(value).__name__, *map(str, vars(value).items())) if hasattr(value, "ref") else value


def calamine_grid(path: Path, sheet: str) -> Grid:
    """Every cell of a sheet as calamine shows it, as text. It allocates the whole rectangle."""
    loaded = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    columns = [column.absolute_index + 1 for column in loaded.available_columns()]
    return {
        (row, column): value
        for row, values in enumerate(loaded.to_polars().rows() if columns else (), 1)
        for column, value in zip(columns, values, strict=True)
        if value is not None
    }


def parts(path: Path) -> dict[str, bytes]:
    """Every part, inflated."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(xml: bytes) -> etree._Element:
    """Parse a part."""
    return etree.fromstring(xml, _PARSER)


def start_of(xml: bytes) -> etree._Element:
    """Parse the beginning of a part, cut off somewhere, as well as that goes."""
    return etree.fromstring(xml, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True, recover=True))


def local(element: etree._Element) -> str:
    """Give the name of an element without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def rows(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Give the rows of a sheet with their numbers, said or counted."""
    number = 0
    data = next((child for child in root if local(child) == "sheetData"), None)
    for row in () if data is None else data:
        if local(row) == "row":
            number = int(row.get("r", "0")) or number + 1
            yield number, row


def cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Give the cells of a row with their columns, said or counted."""
    column = 0
    for cell in row:
        if local(cell) == "c":
            said = cell.get("r")
            column = column_index(said.upper().rstrip("0123456789")) if said else column + 1
            yield column, cell


def without(xml: bytes, places: Collection[Place], new_rows: Collection[int]) -> bytes:
    """Spell a sheet without some of its cells, and without what only hints at how far cells reach.

    Two sheets in which nothing but these cells differs are spelled alike.
    """
    root, gone = tree(xml), set(places)
    for child in root:
        if local(child) == "dimension":
            child.attrib.pop("ref", None)
    for number, row in list(rows(root)):
        row.attrib.pop("spans", None)
        row.set("r", str(number))
        for column, cell in list(cells(row)):
            cell.set("r", f"{get_column_letter(column)}{number}")
            if (number, column) in gone:
                _remove(cell)
        if number in new_rows and not len(row) and set(row.attrib) == {"r"}:
            _remove(row)
    data = next(child for child in root if local(child) == "sheetData")
    if not len(data) and not (data.text or "").strip():
        data.text = None
    spelled: bytes = etree.tostring(root)
    return spelled


def but_for_calculation(xml: bytes) -> bytes:
    """Spell the workbook part without the wish that formulas be calculated when the file is opened."""
    root = tree(xml)
    for child in root:
        if local(child) == "calcPr":
            child.attrib.pop("fullCalcOnLoad", None)
            if not child.attrib:
                _remove(child)
    spelled: bytes = etree.tostring(root)
    return spelled


def _remove(element: etree._Element) -> None:
    """Take an element out, leaving the text that follows it."""
    parent = element.getparent()
    assert parent is not None
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def placed(root: etree._Element) -> dict[Place, list[etree._Element]]:
    """Find the cells; there must be one of each."""
    found: dict[Place, list[etree._Element]] = {}
    for number, row in rows(root):
        for column, cell in cells(row):
            found.setdefault((number, column), []).append(cell)
    return found


def hints_reach(root: etree._Element, places: Collection[Place]) -> bool:
    """Whether the sheet's dimension and its rows' spans, where it has them, reach these cells."""
    dimension = next((child.get("ref") for child in root if local(child) == "dimension"), None)
    if dimension is not None:
        left, top, right, bottom = (end or 0 for end in range_boundaries(dimension))
        if not all(top <= row <= bottom and left <= column <= right for row, column in places):
            return False
    spans = {number: row.get("spans", "").split(":") for number, row in rows(root)}
    single = {number: (int(ends[0]), int(ends[1])) for number, ends in spans.items() if len(ends) == 2}
    return all(single[row][0] <= column <= single[row][1] for row, column in places if row in single)
