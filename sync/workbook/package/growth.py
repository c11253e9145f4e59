"""Tables that grow: rows written right below a table become part of it, where that is asked for.

As when somebody types there in Excel. Only the two places that say how far table and filter reach are changed: colours
and rules of the columns come from the table's style, and calculated columns are left empty in the new rows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.errors import WorkbookError
from sync.workbook.package.address import Area, parse_area
from sync.workbook.package.markup import ATTRIBUTES, attribute
from sync.workbook.package.rows import Batch, Head, cells, patterns, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.workbook.package.container import Container, SheetPart
    from sync.workbook.package.edits import ByRow
    from sync.workbook.package.elements import Part, Parts


class Table(NamedTuple):
    """A table of a sheet."""

    part: Part
    name: str
    area: Area
    growable: bool
    """Whether it ends in plain rows that no query brings: rows can follow."""


def grow(container: Container, parts: Parts, sheet: SheetPart, rows: ByRow) -> int:
    """Let the sheet's tables reach down over the rows that are written right below them; give how many grew.

    A table with a totals row or with a query behind it stays as it is. WorkbookError when something else stands where
    a table would grow.
    """
    tables = list(_tables(container, parts, sheet))
    grown = []
    for table in tables:
        area = grown_area(table.area, rows) if table.growable else table.area
        if area != table.area:
            grown.append((table, area))
    _check_room(container, sheet, rows, tables, grown)
    for table, area in grown:
        table.part.set(table.part.root, "ref", str(area))
        if filtered := table.part.child(table.part.root, "autoFilter"):
            known = parse_area(filtered.attributes.get("ref", ""))
            if known is not None and known.last_row == table.area.last_row:
                table.part.set(filtered, "ref", str(known._replace(last_row=area.last_row)))
    return len(grown)


def grown_area(area: Area, rows: ByRow) -> Area:
    """Add the rows right below, as long as each has something written into the table's columns."""
    last = area.last_row
    while any(_fills(area, column, value) for column, value in rows.get(last + 1, {}).items()):
        last += 1
    return area._replace(last_row=last)


def _fills(area: Area, column: int, value: object) -> bool:
    return area.first_column <= column <= area.last_column and value is not None and value != ""


def _tables(container: Container, parts: Parts, sheet: SheetPart) -> Iterator[Table]:
    for relation in container.relations(sheet.part):
        if relation.kind != "table" or not container.has(relation.target):
            continue
        part = parts.part(relation.target)
        said = part.root.attributes
        area = parse_area(said.get("ref", ""))
        if area is not None:
            plain = said.get("totalsRowCount", "0") == "0" and said.get("tableType", "worksheet") == "worksheet"
            yield Table(part, said.get("displayName", said.get("name", "")), area, plain)


def _check_room(
    container: Container, sheet: SheetPart, rows: ByRow, tables: list[Table], grown: list[tuple[Table, Area]]
) -> None:
    """Refuse to swallow what stands below a table."""
    if not grown:
        return
    for table, area in grown:
        below = area._replace(first_row=table.area.last_row + 1)
        others = [other.area for other in tables if other is not table]
        others += [new for other, new in grown if other is not table]
        if any(_meet(below, other) for other in others):
            raise _no_room(sheet, table, "another table")
        for found in _filled(container, sheet, below.first_row):
            written = found.first_column in rows.get(found.first_row, {}) and found[:2] == found[2:]
            if _meet(below, found) and not written:
                raise _no_room(sheet, table, str(found))


def _filled(container: Container, sheet: SheetPart, first: int) -> Iterator[Area]:
    """List the cells that hold something, from a row on, and all merged ranges."""
    known, merged = patterns(b""), re.compile(b"")
    for piece in walk(container.blocks(sheet.part)):
        if isinstance(piece, Head):
            known = patterns(piece.prefix)
            merged = re.compile(b"<" + re.escape(piece.prefix) + rb"mergeCell(?=[\s/>])(" + ATTRIBUTES + b")>")
        elif isinstance(piece, Batch):
            for row in piece.rows:
                if row.number >= first:
                    full = (cell for cell in cells(piece.mask, row, known) if not cell.empty)
                    yield from (Area(cell.row, cell.column, cell.row, cell.column) for cell in full)
        else:
            for tag in merged.finditer(piece.mask):
                if area := parse_area((attribute(tag[1], b"ref") or b"").decode("utf-8", "replace")):
                    yield area


def _meet(one: Area, other: Area) -> bool:
    return (
        one.first_row <= other.last_row
        and other.first_row <= one.last_row
        and one.first_column <= other.last_column
        and other.first_column <= one.last_column
    )


def _no_room(sheet: SheetPart, table: Table, what: str) -> WorkbookError:
    return WorkbookError(
        f"The table {table.name} on {sheet.name} cannot grow: {what} stands below it.",
        "Make room below the table, or move it to a sheet of its own.",
    )
