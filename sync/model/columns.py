"""Cells to be written, held by column: a season's texts and results in a fifth of the room that single cells take."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

CellValue: TypeAlias = str | int | float | None
"""None and the empty text empty the cell; a text stays a text, whatever it looks like."""

Place: TypeAlias = tuple[int, int]
"""Row and column, both counted from 1."""


class ByColumn(Mapping[Place, CellValue]):
    """Values by row and column, made of {column: {row: value}}. The columns are not copied."""

    __slots__ = ("_columns",)

    def __init__(self, columns: Mapping[int, Mapping[int, CellValue]]) -> None:
        self._columns = {column: cells for column, cells in columns.items() if cells}

    def __getitem__(self, place: Place) -> CellValue:
        row, column = place
        return self._columns[column][row]

    def __iter__(self) -> Iterator[Place]:
        """Give the places column by column."""
        return ((row, column) for column, cells in self._columns.items() for row in cells)

    def __len__(self) -> int:
        return sum(map(len, self._columns.values()))

    def __repr__(self) -> str:
        return f"<{len(self):,} cells in {len(self._columns)} columns>"

    def rows(self) -> Rows:
        """Give the same as {row: {column: value}}, with the rows in order."""
        return Rows(self._columns)

    def under(self, other: ByColumn) -> ByColumn:
        """Give the cells of both; where both have one, that of the other."""
        mine, theirs = self._columns, other._columns
        return ByColumn(
            mine | theirs | {column: {**mine[column], **theirs[column]} for column in mine.keys() & theirs.keys()}
        )

    def without(self, places: Collection[Place]) -> ByColumn:
        """Give all cells but some."""
        fewer = {column for row, column in places if row in self._columns.get(column, ())}
        return ByColumn(
            {
                column: {row: value for row, value in cells.items() if (row, column) not in places}
                if column in fewer
                else cells
                for column, cells in self._columns.items()
            }
        )


class Rows(Mapping[int, Mapping[int, CellValue]]):
    """The same by row; a row is made when it is asked for."""

    __slots__ = ("_columns", "_order")

    def __init__(self, columns: Mapping[int, Mapping[int, CellValue]]) -> None:
        self._columns = columns
        self._order = array("l", sorted(set[int]().union(*columns.values())))

    def __getitem__(self, row: int) -> Mapping[int, CellValue]:
        found = {column: cells[row] for column, cells in self._columns.items() if row in cells}
        if not found:
            raise KeyError(row)
        return found

    def __contains__(self, row: object) -> bool:
        return any(row in cells for cells in self._columns.values())

    def __iter__(self) -> Iterator[int]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def places(self) -> Iterator[Place]:
        """Give row and column of each cell, without a look at any value."""
        return iter(ByColumn(self._columns))

    @property
    def columns(self) -> Collection[int]:
        """The columns in which there is anything."""
        return self._columns.keys()
