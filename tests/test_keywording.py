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
    Price,
    PriceList,
    RemoteState,
    Searched,
    TextKey,
)
from tests.nouns import record, record_key

KEY = record_key("A1")
FAILED, DONE = OptimizationState.FAILED, OptimizationState.COMPLETED


def entry(state: OptimizationState, changed: float | None = None, *, started: float | None = None) -> Optimization:
    return Optimization(KEY, state, state.value, changed, started_at=started)


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


@pytest.mark.parametrize("taken", [True, False])
def test_a_search_that_was_taken_for_lost_is_left_whatever_the_action_says(*, taken: bool) -> None:
    for listed in (None, entry(FAILED, 5), entry(DONE, 5)):
        lost = Lost("7", baseline="" if listed is None else listed.identity, taken=taken)
        change = planned(listed, Searched(7, listed=False), lost={TextKey(KEY, KEYWORDS): lost})
        assert change.kind is Kind.LEFT
        assert "they have not turned up" in change.reason
        assert "--resend 7" in change.reason
        assert planned(entry(OptimizationState.PENDING, 9), lost={TextKey(KEY, KEYWORDS): lost}).kind is Kind.FOLLOW


@pytest.mark.parametrize(
    ("before", "now", "taken"),
    [
        ("", entry(DONE), False),
        (entry(DONE, 5).identity, entry(DONE, 9, started=8), False),
        (entry(DONE, 5).identity, entry(DONE, 9), True),
    ],
)
def test_a_search_that_was_taken_for_lost_and_has_turned_up_is_taken_in(
    before: str, now: Optimization, *, taken: bool
) -> None:
    lost = {TextKey(KEY, KEYWORDS): Lost("7", baseline=before, taken=taken)}
    change = planned(now, Searched(7, listed=False), lost=lost)
    assert change.kind is Kind.FOLLOW
    assert "they have turned up" in change.reason
    assert change.price == Price()


def test_figures_that_the_service_refreshed_make_nothing_turn_up_that_it_may_not_have_taken() -> None:
    lost = {TextKey(KEY, KEYWORDS): Lost("7", baseline=entry(DONE, 5).identity)}
    assert planned(entry(DONE, 9), Searched(7, listed=False), lost=lost).kind is Kind.LEFT


@pytest.mark.parametrize("taken", [True, False])
def test_a_search_that_was_taken_for_lost_and_has_failed_is_left_until_somebody_says_otherwise(*, taken: bool) -> None:
    lost = {TextKey(KEY, KEYWORDS): Lost("7", baseline="", taken=taken)}
    change = planned(entry(FAILED, 9, started=8), Searched(7, listed=False), lost=lost)
    assert change.kind is Kind.LEFT
    assert "looking for them has failed; a run with --resend 7" in change.reason


def test_where_a_search_was_taken_for_lost_nobody_is_told_to_choose_an_action_that_does_nothing() -> None:
    failed = entry(FAILED, 5)
    known = Memory(lost={TextKey(KEY, KEYWORDS): Lost("7", baseline=failed.identity)})
    text = Change(TextKey(KEY, "page title"), 2, Kind.GENERATE, "")
    remote, first = RemoteState({}, {}, {KEY: failed}), Policies(keywords_first=True)
    change, _ = with_keywords([text], [record("A1")], remote, known, first, PriceList())
    assert change.kind is Kind.LEFT
    assert "--resend 7" in change.reason
