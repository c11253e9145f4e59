"""Cells that must not be written, and why: asked before money is spent, and again before anything is written."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from sync.errors import WorkbookError
from sync.workbook.package.address import Area, address, parse_area
from sync.workbook.package.edits import inside, places
from sync.workbook.package.markup import ATTRIBUTES, attribute
from sync.workbook.package.order import Order
from sync.workbook.package.relations import parse
from sync.workbook.package.rows import Batch, Head, Row, Tail, cells, patterns, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sync.workbook.package.container import Container, SheetPart
    from sync.workbook.package.edits import Cells
    from sync.workbook.package.rows import Patterns

_SHOWN = 5

_FORMULA = ("holds a formula", "Replace the formula by its value, or use another column.")
_ARRAY = ("lies in the range of an array formula or data table", "Use another column, or remove that formula.")
_PIVOT = ("lies in the output of a pivot table", "Move the pivot table to another sheet.")
_HEADER = ("is a heading of a table", "Write below the heading, or rename the column in Excel.")
_TOTALS = ("lies in the totals row of a table", "Move the record out of the totals row.")
_MERGED = ("is part of merged cells", "Unmerge the cells in Excel.")
_OUTSIDE = ("lies outside of any sheet", "Rows end at 1,048,576, columns at XFD.")


class Obstacle(NamedTuple):
    """A cell that must not be written."""

    sheet: str
    row: int
    column: int
    reason: str
    """Completes "K7 …"."""
    hint: str

    @property
    def address(self) -> str:
        """The cell, as in K7."""
        return address(self.row, self.column)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address} {self.reason}"


class _Targets:
    """The cells that are to be written."""

    def __init__(self, rows: Mapping[int, Collection[int]]) -> None:
        self.rows = rows
        self.formulas = False
        """Whether the sheet turned out to hold any."""
        self._order = sorted(rows)

    def outside(self) -> list[tuple[int, int]]:
        """List those that no sheet has."""
        columns = set[int]()
        for wanted in self.rows.values():
            columns.update(wanted)
        if not columns or (inside(self._order[0], min(columns)) and inside(self._order[-1], max(columns))):
            return []
        return [(row, column) for row, wanted in self.rows.items() for column in wanted if not inside(row, column)]

    def within(self, area: Area) -> Iterator[tuple[int, int]]:
        """List those inside an area."""
        at = bisect_left(self._order, area.first_row)
        while at < len(self._order) and self._order[at] <= area.last_row:
            row = self._order[at]
            for column in self.rows[row]:
                if area.first_column <= column <= area.last_column:
                    yield row, column
            at += 1


class Survey(NamedTuple):
    """What stands in the way on a sheet, and whether it holds any formula."""

    obstacles: list[Obstacle]
    formulas: bool


def check(container: Container, sheet: str, wanted: Cells | Iterable[tuple[int, int]]) -> list[Obstacle]:
    """List every cell among `wanted` that must not be written, in the order of the sheet; one reason for each."""
    return survey(container, sheet, wanted).obstacles


def survey(container: Container, sheet: str, wanted: Cells | Iterable[tuple[int, int]]) -> Survey:
    """Check as `check` does, and look for formulas on the way."""
    part = container.sheet(sheet)
    targets = _Targets(places(wanted))
    found: dict[tuple[int, int], tuple[str, str]] = {}
    found.update((place, _OUTSIDE) for place in targets.outside())
    for area, reason, anchored in _areas(container, part, targets, found):
        for row, column in targets.within(area):
            if not (anchored and (row, column) == area[:2]):
                found.setdefault((row, column), reason)
    return Survey([Obstacle(part.name, *place, *found[place]) for place in sorted(found)], targets.formulas)


def refuse(obstacles: list[Obstacle]) -> None:
    """Raise WorkbookError naming the cells, when there are any."""
    if not obstacles:
        return
    named = "; ".join(str(obstacle) for obstacle in obstacles[:_SHOWN])
    more = f"; and {len(obstacles) - _SHOWN:,} more" if len(obstacles) > _SHOWN else ""
    hints = dict.fromkeys(obstacle.hint for obstacle in obstacles)
    raise WorkbookError(f"Nothing was written: {named}{more}.", " ".join(hints))


_Found = dict[tuple[int, int], tuple[str, str]]
_Guarded = tuple[Area, tuple[str, str], bool]


def _areas(container: Container, part: SheetPart, targets: _Targets, found: _Found) -> Iterator[_Guarded]:
    """List the areas that must not be written (or only their first cell); formula cells go into `found`."""
    known = patterns(b"")
    merged = re.compile(b"")
    tails, order = [], Order(targets.rows)
    for piece in walk(container.blocks(part.part)):
        if isinstance(piece, Head):
            known = patterns(piece.prefix)
            order.begin(piece)
            merged = re.compile(b"<" + re.escape(piece.prefix) + rb"mergeCell(?=[\s/>])(" + ATTRIBUTES + b")>")
        elif isinstance(piece, Batch):
            order.see(piece, known)
            for area in _formulas(piece, known, targets, found):
                yield area, _ARRAY, False
        elif isinstance(piece, Tail):
            tails.append(piece.mask)
    for tag in merged.finditer(b"".join(tails)):
        if span := _area(attribute(tag[1], b"ref")):
            yield span, _MERGED, True
    for table in list_objects(container, part):
        yield from _table(table)
    for relation in container.relations(part.part):
        if relation.kind == "pivotTable" and container.has(relation.target):
            yield from _pivot(container.read(relation.target))


def _formulas(batch: Batch, known: Patterns, targets: _Targets, found: _Found) -> Iterator[Area]:
    """Note targets that hold a formula; list the ranges of array formulas and data tables."""
    mask, last = batch.mask, 0
    if not known.formula.search(mask):
        return
    targets.formulas = True
    rows = iter(batch.rows)
    row = next(rows, Row(0, 0, 0, 0, len(mask)))
    at = 0
    while formula := known.formula.search(mask, at):
        at = formula.end()
        while row.end <= formula.start():
            row = next(rows, Row(0, 0, 0, 0, len(mask)))
        if attribute(formula[1], b"t") in {b"array", b"dataTable"} and (area := _area(attribute(formula[1], b"ref"))):
            yield area
        if row.number != last and row.number in targets.rows:
            last = row.number
            columns = targets.rows[row.number]
            for cell in cells(mask, row, known):
                if cell.column in columns and known.formula.search(mask, cell.body, cell.close):
                    found.setdefault((row.number, cell.column), _FORMULA)


def _area(reference: bytes | None) -> Area | None:
    return parse_area(reference.decode("utf-8", "replace")) if reference else None


class ListObject(NamedTuple):
    """A table that was made one in Excel (Insert > Table): its area, headings and totals included, and their rows."""

    area: Area
    headers: int
    totals: int


def list_objects(container: Container, part: SheetPart) -> Iterator[ListObject]:
    """List the tables of a sheet that were made tables in Excel."""
    for relation in container.relations(part.part):
        if relation.kind == "table" and container.has(relation.target):
            attributes = _element(container.read(relation.target), "table")
            if area := parse_area(attributes.get("ref", "")):
                headers, totals = _count(attributes, "headerRowCount", 1), _count(attributes, "totalsRowCount", 0)
                yield ListObject(area, headers, totals)


def _table(table: ListObject) -> Iterator[_Guarded]:
    area, header, totals = table
    if header:
        yield area._replace(last_row=area.first_row + header - 1), _HEADER, False
    if totals:
        yield area._replace(first_row=area.last_row - totals + 1), _TOTALS, False


def _pivot(xml: bytes) -> Iterator[_Guarded]:
    attributes = _element(xml, "location")
    area = parse_area(attributes.get("ref", ""))
    if area is None:
        return
    pages = _count(attributes, "rowPageCount", 0)
    if pages:  # the filters stand above the output, with one empty row between
        area = area._replace(
            first_row=max(1, area.first_row - pages - 1), last_column=max(area.last_column, area.first_column + 1)
        )
    yield area, _PIVOT, False


def _count(attributes: dict[str, str], name: str, usual: int) -> int:
    value = attributes.get(name, "")
    return int(value) if value.isdecimal() else usual


def _element(xml: bytes, name: str) -> dict[str, str]:
    """Give the attributes of the first element with this local name."""
    found: list[dict[str, str]] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if not found and element.rpartition(" ")[2] == name:
            found.append(attributes)

    parse(xml, start)
    return found[0] if found else {}
