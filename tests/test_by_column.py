"""Cells held by column are the same cells, in less room."""

from __future__ import annotations

import random

import pytest

from sync.model import ByColumn, CellValue
from sync.workbook.package.edits import by_row, columns_in

CELLS: dict[tuple[int, int], CellValue] = {(3, 2): "a", (2, 2): "b", (3, 5): None, (9, 5): 1.5}


def held(cells: dict[tuple[int, int], CellValue]) -> ByColumn:
    columns: dict[int, dict[int, CellValue]] = {7: {}}
    for (row, column), value in cells.items():
        columns.setdefault(column, {})[row] = value
    return ByColumn(columns)


def test_it_is_equal_to_the_same_cells_held_one_by_one() -> None:
    assert held(CELLS) == CELLS
    assert len(held(CELLS)) == 4
    assert (3, 5) in held(CELLS)
    assert (2, 5) not in held(CELLS)
    assert not held({})
    with pytest.raises(KeyError):
        held(CELLS)[3, 7]


def test_by_row_it_is_what_single_cells_are_by_row_and_in_order() -> None:
    rows = by_row(held(CELLS))
    assert rows == by_row(CELLS) == {2: {2: "b"}, 3: {2: "a", 5: None}, 9: {5: 1.5}}
    assert list(rows) == [2, 3, 9]
    assert (len(rows), 3 in rows, 4 in rows) == (3, True, False)
    assert columns_in(rows) == columns_in(by_row(CELLS)) == [2, 5]
    with pytest.raises(KeyError):
        rows[4]


def test_put_together_and_taken_away_it_is_as_with_single_cells() -> None:
    dice = random.Random(5)
    for _ in range(200):
        one, other = (
            {(dice.randrange(1, 6), dice.randrange(1, 4)): dice.choice(["x", "y", 2.0, None]) for _ in range(n)}
            for n in (dice.randrange(6), dice.randrange(6))
        )
        gone = {(dice.randrange(1, 6), dice.randrange(1, 4)) for _ in range(dice.randrange(4))}
        both = held(one).under(held(other))
        assert both == {**one, **other}
        assert both.without(gone) == {cell: value for cell, value in {**one, **other}.items() if cell not in gone}
        assert held(one) == one, "neither is changed by it"


def test_rows_without_a_cell_are_no_rows() -> None:
    assert by_row({2: {}, 3: {1: "a"}}) == {3: {1: "a"}}
