"""Counts and lengths of time are told as people tell them."""

from __future__ import annotations

import pytest

from sync.counts import between, counted, lasting, was


def test_one_of_a_thing_is_not_told_as_many() -> None:
    assert [counted(count, "text") for count in (0, 1, 1200, 2.5)] == ["0 texts", "1 text", "1,200 texts", "2.50 texts"]
    assert [between(1, 1, "credit"), between(1, 2, "credit")] == ["1 credit", "1 to 2 credits"]
    assert [was(1), was(2)] == ["was", "were"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 seconds"),
        (1, "1 second"),
        (61, "1 minute"),
        (100, "2 minutes"),
        (3599, "60 minutes"),
        (5400, "2 hours"),
        (36 * 3600, "2 days"),
        (30 * 3600, "30 hours"),
        (40 * 86400, "40 days"),
    ],
)
def test_a_length_of_time_is_told_in_the_biggest_unit_that_says_enough(seconds: float, words: str) -> None:
    assert lasting(seconds) == words
