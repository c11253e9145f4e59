"""What an entry of the service's list proves about an order of keywords, as against what it said before."""

from __future__ import annotations

import pytest

from sync.model import Optimization, OptimizationState
from tests.nouns import record_key


def entry(state: OptimizationState, changed: float | None = None, started: float | None = None) -> Optimization:
    return Optimization(record_key("A1"), state, state.value, changed, "", started)


DONE, FAILED, UNDER_WAY, TYPED = (
    OptimizationState.COMPLETED,
    OptimizationState.FAILED,
    OptimizationState.IN_PROGRESS,
    OptimizationState.MANUAL,
)


@pytest.mark.parametrize(
    ("before", "now", "may", "must"),
    [
        (None, entry(DONE, 9, 8), True, True),
        (None, entry(TYPED, 9, 9), False, False),
        (entry(DONE, 5, 1), entry(DONE, 5, 1), False, False),
        (entry(DONE, 5, 1), entry(DONE, 9, 1), False, False),  # refreshed
        (entry(DONE, 5, 1), entry(UNDER_WAY, 9, 1), False, False),  # being refreshed
        (entry(DONE, 5, 1), entry(DONE, 9, 8), True, True),
        (entry(DONE, 5, 1), entry(UNDER_WAY, 8, 8), True, True),
        (entry(FAILED, 5, 1), entry(FAILED, 9, 8), True, True),
        (entry(TYPED, 5, 5), entry(DONE, 9, 8), True, True),
        (entry(TYPED, 5), entry(UNDER_WAY, 9, 8), True, True),
        # the service tells no start
        (entry(DONE, 5), entry(DONE, 9), True, False),
        (entry(DONE, 5), entry(UNDER_WAY, 9), True, True),
        (entry(DONE), entry(DONE), False, False),
        (entry(DONE), entry(UNDER_WAY), True, True),
        (entry(DONE), entry(TYPED), False, False),
    ],
)
def test_only_what_was_started_since_proves_an_order(
    before: Optimization | None,
    now: Optimization,
    may: bool,
    must: bool,
) -> None:
    baseline = "" if before is None else before.identity
    assert (now.may_follow(baseline), now.must_follow(baseline)) == (may, must)


def test_what_earlier_versions_noted_of_an_entry_is_understood() -> None:
    assert not entry(DONE, 9.0, 5.0).must_follow("Completed 5.0"), "the start is not later than its last change"
    assert entry(DONE, 9.0, 8.0).must_follow("Completed 5.0")
    strange = Optimization(record_key("A1"), OptimizationState.OTHER, "Waiting 3 of 5", 9.5)
    assert not strange.must_follow(strange.identity)
    assert not strange.may_follow(strange.identity)
    timeless = Optimization(record_key("A1"), OptimizationState.OTHER, "Step 5")
    assert not timeless.must_follow(timeless.identity)
