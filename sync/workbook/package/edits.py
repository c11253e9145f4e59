"""What is to be written: cell values by sheet, row and column."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias, cast

from sync.model import ByColumn, CellValue, Rows
from sync.workbook.package.address import LAST_COLUMN, LAST_ROW
from sync.workbook.package.rich import RichText
from sync.workbook.package.text import Fitted, fit, simply_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

SheetValue: TypeAlias = CellValue | RichText
"""What a cell of a sheet of ours may hold."""

ByRow: TypeAlias = Mapping[int, Mapping[int, CellValue]]
Cells: TypeAlias = Mapping[tuple[int, int], CellValue] | ByRow
"""Either {(row, column): value}, also as `ByColumn`, or {row: {column: value}}; both count from 1."""

Ready: TypeAlias = SheetValue | bytes
"""A value on its way into the file: bytes are a text that is spelled already."""

Edits: TypeAlias = Mapping[str, Cells]

_TOGETHER = 64  # rows whose texts are spelled in one go: few enough to stay in the processor's cache
_EXACT = 2**53  # whole numbers beyond this change when Excel reads them


def by_row(cells: Cells) -> ByRow:
    """Bring either form of edits into the nested one, without empty rows."""
    if isinstance(cells, ByColumn):
        return cells.rows()
    first = next(iter(cells), None)
    if not isinstance(first, tuple):
        nested = cast("ByRow", cells)
        return nested if all(nested.values()) else {row: columns for row, columns in nested.items() if columns}
    made: dict[int, dict[int, CellValue]] = {}
    for (row, column), value in cast("Mapping[tuple[int, int], CellValue]", cells).items():
        try:
            made[row][column] = value
        except KeyError:
            made[row] = {column: value}
    return made


def columns_in(rows: ByRow) -> list[int]:
    """Give the columns of all rows, in order."""
    if isinstance(rows, Rows):
        return sorted(rows.columns)
    found = set[int]()
    for cells in rows.values():
        found.update(cells)
    return sorted(found)


def ready(rows: ByRow) -> Iterator[tuple[int, Mapping[int, Ready]]]:
    """Give the rows in order, with their texts spelled where that needs no second look."""
    order = sorted(rows)
    for start in range(0, len(order), _TOGETHER):
        numbers = order[start : start + _TOGETHER]
        together = [rows[number] for number in numbers]
        values = [value for cells in together for value in cells.values()]
        texts = [value for value in values if value and type(value) is str]
        spelled = simply_all(texts)
        if spelled is None:
            yield from zip(numbers, together, strict=True)
        elif len(texts) == len(values):
            each = iter(spelled)
            yield from (
                (number, dict(zip(cells, each, strict=False))) for number, cells in zip(numbers, together, strict=True)
            )
        else:
            yield from zip(numbers, _spelled(together, iter(spelled)), strict=True)


def _spelled(together: list[Mapping[int, CellValue]], texts: Iterator[bytes]) -> Iterator[Mapping[int, Ready]]:
    """Put the texts in their places among other values."""
    for cells in together:
        yield {column: next(texts) if value and type(value) is str else value for column, value in cells.items()}


_NONE = frozenset[int]()


def places(cells: Cells | Iterable[tuple[int, int]]) -> Mapping[int, Collection[int]]:
    """Give the columns wanted in each row."""
    if isinstance(cells, Rows):
        cells = cells.places()
    elif isinstance(cells, Mapping) and not isinstance(cells, ByColumn):
        return by_row(cells)
    wanted: dict[int, frozenset[int]] = {}
    known: dict[frozenset[int], frozenset[int]] = {}
    """The same columns are wanted of nearly every row: a million sets of them would take 200 MB."""
    for row, column in cells:
        columns = wanted.get(row, _NONE) | {column}
        wanted[row] = known.setdefault(columns, columns)
    return wanted


def inside(row: int, column: int) -> bool:
    """Whether a sheet has such a cell."""
    return 0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN


def number(value: float) -> bytes:
    """Spell a number as the file does, without losing a digit; ValueError when a cell cannot hold it."""
    if not isfinite(value) or (isinstance(value, int) and abs(value) > _EXACT):
        raise ValueError(f"a cell cannot hold the number {value}; write it as text")
    return repr(value).encode()


def settled(value: SheetValue) -> RichText | Fitted | float | None:
    """Give what a cell will hold: a text that fits, with marks or without, a number, or nothing."""
    if isinstance(value, RichText):
        if value.marked:
            return value
        value = str(value)
    if isinstance(value, str):
        return fit(value) if value else None
    return value
