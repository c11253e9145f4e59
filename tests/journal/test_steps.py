"""The steps of a batch: those that are allowed, all the others refused, and a text in one open batch at most."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from sync.batch import OPEN, UNSURE, Baseline, BatchState, ItemState
from sync.errors import JournalError
from sync.journal.batches import STEPS
from sync.model import Delivery, Origin
from tests.journal.making import batch, begin, planned
from tests.nouns import remote_text, text_key

if TYPE_CHECKING:
    from sync.journal import Journal

PAIRS = list(product(BatchState, BatchState))
REFUSED = [(one, other) for one, other in PAIRS if other not in STEPS[one]]


def put(journal: Journal, state: BatchState) -> int:
    """Make a batch that stands in a state, whatever led there."""
    number = planned(journal)
    with journal.transaction():
        journal._database.run("UPDATE batch SET state = ?", (state,))
    return number


def state_of(journal: Journal, number: int) -> BatchState:
    found = journal.batches.batch(number)
    assert found is not None
    return found.state


def test_the_table_of_steps_names_every_state() -> None:
    assert set(STEPS) == set(BatchState)
    ended = {state for state, nexts in STEPS.items() if not nexts}
    assert ended == set(BatchState) - OPEN - UNSURE - {BatchState.PLANNED, BatchState.LOST, BatchState.GONE}
    assert all(BatchState.INTENT not in nexts for state, nexts in STEPS.items() if state is not BatchState.PLANNED)
    assert all(BatchState.PLANNED not in nexts for state, nexts in STEPS.items() if state is not BatchState.INTENT)


@pytest.mark.parametrize(("here", "there"), [pair for pair in PAIRS if pair not in REFUSED])
def test_i7_an_allowed_step_is_taken_and_noted(journal: Journal, here: BatchState, there: BatchState) -> None:
    number = put(journal, here)
    journal.batches.move(number, there, reason="because")
    assert state_of(journal, number) is there
    kinds = [row["kind"] for row in journal._database.rows("SELECT kind FROM event ORDER BY id")]
    assert kinds[-1] == there


def test_i7_every_other_step_is_refused_and_changes_nothing(journal: Journal) -> None:
    number = planned(journal)
    assert len(REFUSED) > 80
    for here, there in REFUSED:
        with journal.transaction():
            journal._database.run("UPDATE batch SET state = ?", (here,))
        events = journal._database.rows("SELECT count(*) FROM event")[0][0]
        with pytest.raises(JournalError, match="cannot become"):
            journal.batches.move(number, there, request_id="r9")
        with pytest.raises(JournalError, match="cannot become"):
            journal.end(number, there, [(text_key(), ItemState.DONE, "t1", "")])
        found = journal.batches.batch(number)
        assert found is not None
        assert (found.state, found.request_id, found.items[0].state) == (here, "", ItemState.OPEN)
        assert journal._database.rows("SELECT count(*) FROM event")[0][0] == events


def test_a_batch_that_does_not_exist_takes_no_step(journal: Journal) -> None:
    with pytest.raises(JournalError, match="cannot become"):
        journal.batches.move(17, BatchState.ACCEPTED)


# ----------------------------------------------------------------- a text in one batch


@pytest.mark.parametrize("state", sorted(OPEN | UNSURE | {BatchState.PLANNED}))
def test_i5_a_text_that_may_still_be_charged_is_not_taken_into_another_batch(
    journal: Journal, state: BatchState
) -> None:
    put(journal, state)
    with pytest.raises(JournalError):
        journal.batches.plan([batch("B1"), batch("A1")])
    assert len(journal.batches.batches()) == 1, "all or nothing: not even the other one"
    journal.batches.plan([batch("B1")])
    journal.batches.plan([batch("A1", types=("excerpt",))])


@pytest.mark.parametrize("to", [BatchState.REJECTED, BatchState.BLOCKED, BatchState.CANCELLED])
def test_a_text_that_was_let_go_may_be_sent_in_another_batch(journal: Journal, to: BatchState) -> None:
    number = planned(journal)
    journal.batches.drop([number], to, "not now")
    journal.batches.plan([batch("A1")])
    assert state_of(journal, number) is to


@pytest.mark.parametrize(
    ("outcome", "free"),
    [
        (ItemState.DONE, True),
        (ItemState.FAILED, True),
        (ItemState.CANCELLED, True),
        (ItemState.NOT_SENT, True),
        (ItemState.UNKNOWN, False),
        (ItemState.OPEN, False),
    ],
)
def test_only_what_is_settled_may_be_sent_again(journal: Journal, outcome: ItemState, free: bool) -> None:
    number = put(journal, BatchState.RUNNING)
    journal.end(number, BatchState.COLLECTED, [(text_key(), outcome, "", "")])
    if free:
        journal.batches.plan([batch("A1")])
        return
    with pytest.raises(JournalError):
        journal.batches.plan([batch("A1")])


def test_the_same_text_twice_in_one_plan_is_refused(journal: Journal) -> None:
    begin(journal)
    with pytest.raises(JournalError):
        journal.batches.plan([batch("A1"), batch("A1")])


# ------------------------------------------------------------------------ what is told


def test_an_intent_keeps_what_was_there_before(journal: Journal) -> None:
    number = planned(journal, "A1", "A2")
    journal.batches.intend(
        number, Baseline(requests=frozenset({"r1", "r2"}), texts={text_key("A2"): "t7"}, balance=12.0), "sha"
    )
    found = journal.batches.batch(number)
    assert found is not None
    assert found.state is BatchState.INTENT
    assert found.known_requests == {"r1", "r2"}
    assert {item.key.record.record_id: item.baseline for item in found.items} == {"A1": "", "A2": "t7"}
    assert found.sent_at > 0


def test_what_is_held_is_told_as_being_made_or_as_unknown(journal: Journal) -> None:
    begin(journal)
    numbers = journal.batches.plan([batch("A1"), batch("A2"), batch("A3"), batch("A4")])
    journal.batches.intend(numbers[1], Baseline(), "sha")
    journal.batches.intend(numbers[2], Baseline(), "sha")
    journal.batches.move(numbers[2], BatchState.UNKNOWN, reason="no answer")
    journal.batches.intend(numbers[3], Baseline(), "sha")
    journal.batches.move(numbers[3], BatchState.ACCEPTED, request_id="r4")
    making, unknown = journal.batches.held()
    assert set(making) == {text_key("A1"), text_key("A4")}
    assert set(unknown) == {text_key("A2"), text_key("A3")}
    assert [one.id for one in journal.batches.open()] == [numbers[3]]
    assert [one.id for one in journal.batches.unknown()] == numbers[1:3]
    tally = journal.tally({"run1"})
    assert (tally.total, tally.open, tally.unknown, tally.unknown_max) == (4, 2, 2, 4.0)


def test_texts_that_an_ended_batch_left_unknown_stay_in_question(journal: Journal) -> None:
    number = put(journal, BatchState.RUNNING)
    journal.end(number, BatchState.GONE, [(text_key(), ItemState.UNKNOWN, "", "no longer known")])
    assert [one.id for one in journal.batches.unknown()] == [number]
    assert set(journal.memory().unknown) == {text_key()}
    journal.collect(number, (), (), [(text_key(), ItemState.NOT_SENT, "", "given up")])
    assert journal.batches.unknown() == []
    assert journal.memory().unknown == {}


def test_a_tally_counts_each_text_by_its_last_batch_and_each_credit(journal: Journal) -> None:
    begin(journal)
    (first,) = journal.batches.plan([batch("A1", "A2")])
    journal.batches.drop([first], BatchState.REJECTED, "stopped")
    (second,) = journal.batches.plan([batch("A1")])
    journal.batches.intend(second, Baseline(), "sha")
    journal.batches.move(second, BatchState.ACCEPTED, request_id="r1")
    item = Delivery(text_key(), "t1", "words", "", "d1", Origin.GENERATED, "run1", credits=2.0)
    journal.collect(second, [remote_text("words")], [item], [(text_key(), ItemState.DONE, "t1", "")], {text_key(): 2.0})
    tally = journal.tally({"run1"})
    assert (tally.total, tally.done, tally.not_sent, tally.credits) == (2, 1, 1, 2.0)
    assert (tally.stopped_min, tally.stopped_max) == (1.0, 2.0)
    assert journal.tally(set()).total == 0


def test_what_an_older_run_did_not_send_is_not_missing_once_a_later_run_makes_it_or_has_it(journal: Journal) -> None:
    begin(journal, at=1.0)
    journal.batches.drop(journal.batches.plan([batch("A1", "A2", "A3", "A4")]), BatchState.REJECTED, "stopped")
    assert journal.tally({"run1"}).not_sent == 4
    begin(journal, "run2", at=2.0)
    (number,) = journal.batches.plan([batch("A1", "A2", run_id="run2")])
    assert journal.tally({"run1"}).not_sent == 2, "two are on their way again"
    made = Delivery(text_key("A1"), "t1", "words", "", "d1", Origin.GENERATED, "run2")
    journal.collect(number, [remote_text("words")], [made], [(text_key("A1"), ItemState.DONE, "t1", "")])
    journal.batches.drop([number], BatchState.REJECTED, "stopped again")
    assert journal.tally({"run1"}).not_sent == 3, "one has come, the other is missing after all"
    journal.pull([], [Delivery(text_key("A3"), "t3", "words", "", "d1", Origin.PULLED, "run2")])
    journal.pull([], [Delivery(text_key("A4"), "t4", "words", "", "d1", Origin.PUSHED, "run2")])
    tally = journal.tally({"run1", "run2"})
    assert (tally.total, tally.done, tally.not_sent) == (3, 1, 2), "A2 was in both; nobody has made A4"


def test_asks_to_cancel_are_kept_until_they_are_taken_up(journal: Journal) -> None:
    one = journal.batches.ask_to_cancel("")
    other = journal.batches.ask_to_cancel("run7")
    assert list(journal.batches.asked_to_cancel()) == [(one, ""), (other, "run7")]
    journal.batches.cancel_asked(one)
    assert list(journal.batches.asked_to_cancel()) == [(other, "run7")]


def test_an_empty_journal_has_nothing_to_tell(journal: Journal) -> None:
    assert journal.batches.last_event() is None
    assert journal.batches.runs() == []
    assert journal.outcomes() == {}
    assert journal.memory().bases == {}
    assert journal.tally({"run1"}).total == 0
