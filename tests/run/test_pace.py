"""How long to wait before the next look."""

from __future__ import annotations

import pytest

from sync.run.pace import QUICKEST, SLOWEST, Pace, backoff, patience


def waits(*moves: bool, remaining: float | None = None) -> list[float]:
    pace, found = Pace(), []
    for moved in moves:
        pace = pace.after(moved=moved, remaining=remaining)
        found.append(pace.wait)
    return found


def test_without_an_estimate_it_slows_down_to_a_minute_while_nothing_moves() -> None:
    found = waits(*[False] * 20)
    assert found == sorted(found)
    assert found[-1] == SLOWEST
    assert sum(one < SLOWEST for one in found) >= 8, "step by step"


def test_without_an_estimate_anything_that_moves_makes_it_quick_again() -> None:
    assert waits(*[False] * 20, True)[-1] == QUICKEST


@pytest.mark.parametrize(("remaining", "wait"), [(1.0, QUICKEST), (50.0, 5.0), (3600.0, SLOWEST), (0.0, QUICKEST)])
def test_an_estimate_is_looked_at_about_ten_times(remaining: float, wait: float) -> None:
    assert waits(True, remaining=remaining) == [wait]


def test_the_simulator_may_be_looked_at_more_often_than_the_service() -> None:
    assert Pace().after(moved=True, remaining=0.1, quickest=0.02).wait == 0.02
    assert Pace().after(moved=True, remaining=None, quickest=0.02).wait == 0.02
    assert Pace(0.02).after(moved=False, remaining=None, quickest=0.02).wait < 0.04, "and slows down all the same"
    assert Pace(SLOWEST).after(moved=False, remaining=0.1, quickest=0.02).wait < 0.13


@pytest.mark.parametrize(("quickest", "seconds"), [(None, 15.0), (QUICKEST, 15.0), (QUICKEST / 10, 1.5), (9.0, 15.0)])
def test_where_time_is_short_less_of_it_is_waited_for_what_is_late(quickest: float | None, seconds: float) -> None:
    assert patience(15.0, quickest) == pytest.approx(seconds)


def test_a_slow_pace_does_not_sleep_past_the_end() -> None:
    assert Pace(SLOWEST).after(moved=False, remaining=10.0).wait <= 10.0 + QUICKEST
    assert Pace(SLOWEST).after(moved=False, remaining=-5.0).wait == SLOWEST, "an estimate that has passed says nothing"


@pytest.mark.parametrize(
    ("wait", "remaining", "next_wait"),
    [
        (1.0, 100.0, 10.0),
        (20.0, 100.0, 32.0),
        (60.0, 10.0, 10.0 + QUICKEST),
        (10.0, 1.0, 1.0 + QUICKEST),
        (10.0, 0.1, 2 * QUICKEST),
        (10.0, 0.0, 16.0),
        (10.0, None, 16.0),
    ],
)
def test_while_nothing_moves_it_slows_down_but_never_far_past_the_end(
    wait: float, remaining: float | None, next_wait: float
) -> None:
    assert Pace(wait).after(moved=False, remaining=remaining).wait == pytest.approx(next_wait)


@pytest.mark.parametrize("attempt", range(1, 12))
def test_the_wait_after_a_failure_doubles_up_to_a_minute_and_is_spread(attempt: int) -> None:
    longest = min(SLOWEST, 2.0**attempt)
    assert backoff(attempt, 0.0) == longest / 2
    assert backoff(attempt, 1.0) == longest
