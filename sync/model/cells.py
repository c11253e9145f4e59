"""Where something stands in the workbook, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass


def column_letters(column: int) -> str:
    """Name a column (1-based) as Excel does: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell: sheet name, row and column, both counted from 1."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        """Give the address as a person would look it up: `Records!B7`."""
        return f"{self.sheet}!{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the workbook that has to be put right.

    `where` is a cell address (`Records!B7`) or, for what concerns more than a cell, a sheet or a range.
    `kind` is a stable word for programs (`duplicate-id`); `what` and `remedy` are for people.
    A `warning` is shown and stops nothing.
    """

    where: str
    kind: str
    value: str
    what: str
    remedy: str
    warning: bool = False
