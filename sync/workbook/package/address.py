"""Cell addresses: rows and columns are counted from 1, as Excel shows them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")


class Area(NamedTuple):
    """A rectangle of cells, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column

    def __str__(self) -> str:
        first = address(self.first_row, self.first_column)
        last = address(self.last_row, self.last_column)
        return first if first == last else f"{first}:{last}"


@lru_cache(maxsize=LAST_COLUMN)
def letters(column: int) -> str:
    """Name a column: 1 is A, 27 is AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=LAST_COLUMN)
def column_number(name: bytes) -> int:
    """Count a column from its letters: A is 1."""
    number = 0
    for byte in name.upper():
        number = number * 26 + byte - 64
    return number


def address(row: int, column: int) -> str:
    """Name a cell: (2, 11) is K2."""
    return f"{letters(column)}{row}"


def parse_area(text: str) -> Area | None:
    """Read `B2` or `B2:D9` (either corner first); None when it is neither."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    left, top, right, bottom = found.groups()
    columns = sorted((column_number(left.encode()), column_number((right or left).encode())))
    rows = sorted((int(top), int(bottom or top)))
    return Area(rows[0], columns[0], rows[1], columns[1])
