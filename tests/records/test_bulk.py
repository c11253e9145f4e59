"""Values made in bulk are those that their constructor makes, and the garbage collector is as it was before."""

from __future__ import annotations

import gc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Cell, Wanted
from sync.records.bulk import made, without_collecting


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(), st.none() | st.integers()), max_size=5))
def test_values_made_in_bulk_are_those_that_the_constructor_makes(rows: list[tuple[str, int, int | None]]) -> None:
    columns = [[row[at] for row in rows] for at in range(3)]
    found = made(Wanted, min_words=columns[1], text_type=columns[0], max_words=columns[2])
    assert found == [Wanted(*row) for row in rows]
    assert [hash(one) for one in found] == [hash(Wanted(*row)) for row in rows]


@pytest.mark.parametrize(
    "columns",
    [
        {"sheet": ["a"], "row": [1]},
        {"sheet": ["a"], "row": [1], "column": [2], "language": ["d"]},
        {"sheet": ["a"], "row": [1], "column": []},
        {"sheet": ["a"], "row": [1], "column": [2, 3]},
    ],
)
def test_a_field_without_a_value_is_an_error_and_never_left_unset(columns: dict[str, list[object]]) -> None:
    with pytest.raises(ValueError, match="Cell"):
        made(Cell, **columns)


@pytest.mark.parametrize("was_on", [True, False])
def test_collecting_goes_on_afterwards_if_it_went_on_before(was_on: bool) -> None:  # a parameter
    try:
        if not was_on:
            gc.disable()
        with suppress(KeyError), without_collecting():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() is was_on
    finally:
        gc.enable()


def test_what_was_made_meanwhile_is_still_collected_when_nobody_needs_it() -> None:
    gc.unfreeze()
    with without_collecting():
        ring: list[object] = []
        ring.append(ring)
        ring.append([[] for _ in range(60_000)])  # as many as make it worth the trouble
        del ring
    assert gc.get_freeze_count() == 0
    assert gc.collect() > 0
