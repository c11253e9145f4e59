"""The result columns: the worst thing first, because that is what somebody has to look at."""

from __future__ import annotations

import pytest

from sync.batch import ItemState, Outcome
from sync.model import Origin
from sync.report.rows import RowResult, row_results
from tests.nouns import record_key, text_key

DONE = Outcome(item=ItemState.DONE, delivery="written", at=1_790_000_000.0, credits=1.0)


def result(*outcomes: Outcome, simulated: bool = False) -> RowResult:
    names = ("page title", "excerpt", "page description")
    given = {text_key("A1", name): outcome for name, outcome in zip(names, outcomes, strict=False)}
    (found,) = row_results(given, simulated=simulated).values()
    return found


def test_a_row_whose_texts_are_all_there_is_done() -> None:
    assert result(DONE, DONE) == RowResult("Done", "", "2026-09-21 14:13", 2.0)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (ItemState.UNKNOWN, "Unknown"),
        (ItemState.FAILED, "Failed"),
        (ItemState.OPEN, "Being made"),
        (ItemState.CANCELLED, "Stopped"),
        (ItemState.NOT_SENT, "Not sent"),
    ],
)
def test_one_text_that_is_not_done_gives_the_row_its_status_and_its_reason(state: ItemState, word: str) -> None:
    found = result(DONE, Outcome(item=state, reason="the name is too long", at=1.0))
    assert (found.status, found.message) == (word, "Excerpt: the name is too long.")


def test_the_worst_comes_first_and_the_same_reason_is_said_once() -> None:
    failed = Outcome(item=ItemState.FAILED, reason="too long")
    assert result(failed, Outcome(item=ItemState.UNKNOWN, reason="no answer")).status == "Unknown"
    assert result(failed, failed, Outcome(item=ItemState.FAILED, reason="empty")).message == (
        "Page title, excerpt: too long; Page description: empty."
    )
    assert result(Outcome(item=ItemState.OPEN)).message == "Page title."


def test_a_text_that_was_left_out_because_somebody_wrote_there_says_so() -> None:
    found = result(DONE, Outcome(item=ItemState.DONE, delivery="kept", at=1.0, credits=2.0))
    assert found.status == "Yours kept"
    assert found.message.startswith("Excerpt: you wrote there meanwhile")
    assert found.credits == 3.0, "it was paid for all the same"


def test_a_row_that_was_only_fetched_cost_nothing() -> None:
    fetched = Outcome(delivery="written", origin=Origin.PULLED, at=1_790_000_000.0)
    assert result(fetched, fetched) == RowResult("Fetched", "", "2026-09-21 14:13", None)
    assert result(fetched, DONE).status == "Done"


def test_a_simulated_text_is_marked_in_the_row() -> None:
    assert result(DONE, simulated=True).message == "Made by the simulator: not for the shop."
    assert result(Outcome(item=ItemState.FAILED), simulated=True).message == "Page title."


def test_each_record_has_its_own_result() -> None:
    found = row_results({text_key("A1"): DONE, text_key("A2"): Outcome(item=ItemState.FAILED)}, simulated=False)
    assert {key: one.status for key, one in found.items()} == {record_key("A1"): "Done", record_key("A2"): "Failed"}
    assert row_results({}, simulated=False) == {}
