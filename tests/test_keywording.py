"""What is planned about keywords, as against what is known of the search that came before."""

from __future__ import annotations

from typing import Any

import pytest

from sync.keywording import with_keywords
from sync.model import (
    KEYWORDS,
    Action,
    Change,
    Kind,
    Lost,
    Memory,
    Optimization,
    OptimizationState,
    Policies,
    PriceList,
    RemoteState,
    Searched,
    TextKey,
)
from tests.nouns import record, record_key

KEY = record_key("A1")
FAILED, DONE = OptimizationState.FAILED, OptimizationState.COMPLETED


def entry(state: OptimizationState, changed: float | None = None) -> Optimization:
    return Optimization(KEY, state, state.value, changed)


def planned(listed: Optimization | None, searched: Searched | None = None, **memory: Any) -> Change:
    """Plan a record whose Action says Keywords."""
    wish = record("A1", action=Action.KEYWORDS)
    remote = RemoteState({}, {}, {} if listed is None else {KEY: listed})
    known = Memory(searched={} if searched is None else {KEY: searched}, **memory)
    (change,) = with_keywords([], [wish], remote, known, Policies(), PriceList())
    return change


def agreed(change: Change) -> tuple[str, str]:
    """Give what a yes to a search is a yes to, besides its inputs."""
    assert change.kind is Kind.KEYWORDS
    return change.text_id, change.reference


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((None, None), (entry(FAILED, 5), Searched(1, listed=True))),
        ((entry(FAILED, 5), Searched(1, listed=True)), (entry(FAILED, 9), Searched(2, listed=True))),
        ((entry(FAILED), Searched(1, listed=True)), (entry(FAILED), Searched(2, listed=True))),
        ((entry(DONE), Searched(1, listed=True)), (entry(DONE), Searched(2, listed=True))),
        ((entry(DONE, 5), Searched(1, listed=True)), (entry(DONE, 5), Searched(2, listed=False))),
        ((None, None), (None, Searched(1, listed=False))),
        ((None, Searched(1, listed=True)), (None, Searched(2, listed=False))),
    ],
)
def test_a_search_after_another_one_is_not_the_same(first: tuple[Any, Any], second: tuple[Any, Any]) -> None:
    assert agreed(planned(*first)) != agreed(planned(*second))
    assert agreed(planned(*first)) == agreed(planned(*first))


@pytest.mark.parametrize("state", [FAILED, DONE])
def test_what_the_service_tells_apart_is_the_same_plan_on_every_computer(state: OptimizationState) -> None:
    mine = planned(entry(state, 5), Searched(7, listed=True))
    assert agreed(mine) == agreed(planned(entry(state, 5)))


def test_a_search_that_was_taken_for_lost_is_left_whatever_the_action_says() -> None:
    lost = {TextKey(KEY, KEYWORDS): Lost("7")}
    for listed in (None, entry(FAILED, 5), entry(DONE, 5)):
        change = planned(listed, Searched(7, listed=False), lost=lost)
        assert change.kind is Kind.LEFT
        assert "--resend 7" in change.reason
    assert planned(entry(OptimizationState.PENDING, 9), lost=lost).kind is Kind.FOLLOW
