"""What the journal has taken in, it gives back as it was: runs, asks, outcomes, tallies, duplicates."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.batch import Baseline, Batch, BatchState, Duplicate, Item, ItemState, Outcome, RunInfo, Tally
from sync.errors import JournalError
from sync.model import KEYWORDS, Base, Delivery, Lost, Origin, Price, RecordKey, RemoteText, TextKey
from tests.journal.making import batch, begin
from tests.nouns import remote_text, text_key

if TYPE_CHECKING:
    from sync.journal import Journal

RUN = RunInfo("r1", 10.0, "service-1", simulated=True, approved=7.5, balance_before=100.0)


def delivery(record_id: str = "A1", origin: Origin = Origin.GENERATED) -> Delivery:
    return Delivery(text_key(record_id), "t1", "words", "was", "d1", origin, "run1", credits=2.0)


def moment(journal: Journal, table: str, column: str) -> float:
    (row,) = journal._database.rows(f"SELECT max({column}) AS at FROM {table}")  # noqa: S608 - our own words
    return float(row["at"])


# ------------------------------------------------------------------------------------------ runs


def test_a_run_is_remembered_with_its_sums_and_how_it_ended(journal: Journal) -> None:
    journal.batches.begin_run(RUN, "digest")
    assert journal.batches.runs() == [RUN]
    before = time.time()
    journal.batches.end_run("r1", "done", 92.5)
    (ended,) = journal.batches.runs()
    assert ended.ended_at is not None
    assert before <= ended.ended_at <= time.time()
    assert replace(ended, ended_at=None) == replace(RUN, state="done", balance_after=92.5)
    assert journal._database.rows("SELECT plan_digest FROM run")[0]["plan_digest"] == "digest"


def test_a_run_that_was_no_simulation_and_knew_no_balance_stays_one(journal: Journal) -> None:
    run = replace(RUN, simulated=False, balance_before=None)
    journal.batches.begin_run(run, "digest")
    (found,) = journal.batches.runs()
    assert found == run
    assert found.simulated is False


def test_runs_are_listed_in_the_order_in_which_they_began(journal: Journal) -> None:
    for run_id, at in (("late", 30.0), ("early", 10.0), ("b", 20.0), ("a", 20.0)):
        journal.batches.begin_run(replace(RUN, id=run_id, started_at=at), "digest")
    assert [run.id for run in journal.batches.runs()] == ["early", "b", "a", "late"]


def test_only_the_run_that_ends_is_ended(journal: Journal) -> None:
    for run_id in ("one", "two"):
        journal.batches.begin_run(replace(RUN, id=run_id), "digest")
    journal.batches.end_run("two", "stopped", None)
    assert [(run.id, run.state) for run in journal.batches.runs()] == [("one", "running"), ("two", "stopped")]


# --------------------------------------------------------------------------------------- batches


def test_a_batch_comes_back_as_it_was_planned(journal: Journal) -> None:
    begin(journal)
    key = RecordKey("outlet", "Category", "C7", "de")
    item = Item(TextKey(key, "excerpt"), "in the cell", "d9", Price(1.5, 4.25), baseline="t0")
    plan = Batch(0, "run1", BatchState.ACCEPTED, "outlet", "Category", "de", (item,), request_id="r7", found=True)
    (number,) = journal.batches.plan([plan])
    assert journal.batches.batch(number) == replace(plan, id=number)
    assert journal.batches.request_ids() == {"r7"}
    (event,) = journal._database.rows("SELECT * FROM event")
    assert (event["run_id"], event["batch_id"], event["kind"]) == ("run1", number, "accepted")
    assert event["detail"] == '{"request": "r7"}'


def test_an_intent_keeps_the_look_before_it(journal: Journal) -> None:
    begin(journal)
    (number,) = journal.batches.plan([batch("A1", "A2", types=("page title", "excerpt"))])
    before = time.time()
    seen = {text_key("A1"): "t7", text_key("A2", "excerpt"): "t8"}
    journal.batches.intend(number, Baseline(frozenset({"r2", "r1"}), texts=seen, balance=55.0, server_time=9.0), "sha")
    found = journal.batches.batch(number)
    assert found is not None
    assert (found.state, found.known_requests, found.reason) == (BatchState.INTENT, frozenset({"r1", "r2"}), "")
    assert before <= found.sent_at <= time.time()
    assert {item.key: item.baseline for item in found.items} == {
        text_key("A1"): "t7",
        text_key("A1", "excerpt"): "",
        text_key("A2"): "",
        text_key("A2", "excerpt"): "t8",
    }
    (row,) = journal._database.rows("SELECT body_sha256, balance, server_time FROM batch")
    assert tuple(row) == ("sha", 55.0, 9.0)


def test_only_the_batch_that_is_meant_changes(journal: Journal) -> None:
    begin(journal)
    one, other = journal.batches.plan([batch("A1"), batch("B1")])
    seen = {text_key("A1"): "t7"}
    journal.batches.intend(one, Baseline(frozenset({"r0"}), texts=seen), "sha")
    journal.batches.move(one, BatchState.ACCEPTED, request_id="r1")
    journal.collect(one, [], [], [(text_key("A1"), ItemState.FAILED, "t9", "could not")], {text_key("A1"): 3.0})
    left = journal.batches.batch(other)
    assert left == replace(batch("B1"), id=other)
    (first, second) = journal._database.rows("SELECT credits, held FROM item ORDER BY batch_id")
    assert (tuple(first), tuple(second)) == ((3.0, 0), (0.0, 1))
    (found,) = journal.batches.open()
    assert (found.items[0].state, found.items[0].text_id, found.items[0].reason) == (
        ItemState.FAILED,
        "t9",
        "could not",
    )


@pytest.mark.parametrize("to", [BatchState.REJECTED, BatchState.BLOCKED])
def test_what_was_not_sent_after_all_is_let_go_with_the_reason(journal: Journal, to: BatchState) -> None:
    begin(journal)
    one, other = journal.batches.plan([batch("A1", "A2"), batch("B1")])
    journal.batches.intend(one, Baseline(), "sha")
    journal.batches.move(one, to, reason="ungültig")
    found = journal.batches.batch(one)
    assert found is not None
    assert (found.state, found.reason) == (to, "ungültig")
    assert {(item.state, item.reason) for item in found.items} == {(ItemState.NOT_SENT, "ungültig")}
    assert journal.batches.batch(other) == replace(batch("B1"), id=other)
    events = journal._database.rows("SELECT detail FROM event WHERE kind = ?", (to,))
    assert [row["detail"] for row in events] == ['{"reason": "ungültig"}'], "for eyes"


def test_a_step_keeps_the_request_that_is_known_already(journal: Journal) -> None:
    begin(journal)
    (number,) = journal.batches.plan([batch()])
    journal.batches.intend(number, Baseline(), "sha")
    journal.batches.move(number, BatchState.ACCEPTED, request_id="r1")
    journal.batches.move(number, BatchState.RUNNING)
    found = journal.batches.batch(number)
    assert found is not None
    assert (found.request_id, found.reason, found.items[0].state) == ("r1", "", ItemState.OPEN)
    events = journal._database.rows("SELECT run_id, batch_id, kind, detail FROM event ORDER BY id")
    assert [tuple(row) for row in events] == [
        ("run1", number, kind, "{}") for kind in ("planned", "intent", "accepted", "running")
    ], "where there is no reason, none is noted"


def test_a_step_that_is_not_allowed_is_our_mistake_and_says_so(journal: Journal) -> None:
    begin(journal)
    (number,) = journal.batches.plan([batch()])
    with pytest.raises(JournalError) as caught:
        journal.batches.move(number, BatchState.RUNNING)
    assert caught.value.message == f"Batch {number} cannot become 'running' from where it is."
    assert caught.value.hint == "Please report this."


@pytest.mark.parametrize(
    ("to", "state"), [(BatchState.CANCELLED, ItemState.CANCELLED), (BatchState.REJECTED, ItemState.NOT_SENT)]
)
def test_what_is_dropped_says_how(journal: Journal, to: BatchState, state: ItemState) -> None:
    begin(journal)
    numbers = journal.batches.plan([batch("A1"), batch("A2"), batch("A3")])
    journal.batches.drop(numbers[:2], to, "the user said so")
    found = journal.batches.batches()
    assert [(one.state, one.reason) for one in found] == [
        (to, "the user said so"),
        (to, "the user said so"),
        (BatchState.PLANNED, ""),
    ]
    assert [(item.state, item.reason) for one in found for item in one.items] == [
        (state, "the user said so"),
        (state, "the user said so"),
        (ItemState.OPEN, ""),
    ]


def test_batches_are_listed_in_the_states_that_are_asked_for(journal: Journal) -> None:
    begin(journal)
    numbers = journal.batches.plan([batch("A1"), batch("A2"), batch("A3")])
    journal.batches.drop(numbers[:1], BatchState.REJECTED, "no")
    journal.batches.intend(numbers[1], Baseline(), "sha")
    both = journal.batches.batches([BatchState.INTENT, BatchState.REJECTED])
    assert [one.id for one in both] == numbers[:2]
    assert [one.id for one in journal.batches.batches({BatchState.PLANNED})] == numbers[2:]


def test_the_number_of_open_batches_is_that_of_the_list(journal: Journal) -> None:
    begin(journal)
    numbers = journal.batches.plan([batch("A1"), batch("A2"), batch("A3")])
    assert journal.batches.open_count() == 0
    for number in numbers[:2]:
        journal.batches.intend(number, Baseline(), "sha")
        journal.batches.move(number, BatchState.ACCEPTED, request_id=f"r{number}")
    assert journal.batches.open_count() == 2 == len(journal.batches.open())
    assert journal.batches.request_ids() == {f"r{number}" for number in numbers[:2]}, "what has none has none"


def test_texts_that_are_held_are_told_with_their_batch(journal: Journal) -> None:
    begin(journal)
    one, other = journal.batches.plan([batch("A1"), batch("A2")])
    journal.batches.intend(other, Baseline(), "sha")
    assert journal.batches.held() == ({text_key("A1"): str(one)}, {text_key("A2"): str(other)})
    assert journal.memory().open == {text_key("A1"): str(one)}
    assert journal.memory().unknown == {text_key("A2"): str(other)}


def test_the_last_event_is_the_moment_of_the_last_step(journal: Journal) -> None:
    begin(journal)
    before = time.time()
    journal.batches.plan([batch()])
    last = journal.batches.last_event()
    assert last is not None
    assert before <= last <= time.time()


# ------------------------------------------------------------------------------------------ asks


def test_what_an_earlier_holder_was_asked_is_let_go_and_what_this_one_is_asked_stays(journal: Journal) -> None:
    old = journal.batches.ask_to_cancel("")
    now = time.time()
    with journal.transaction():
        journal._database.run("UPDATE ask SET asked_at = ? WHERE id = ?", (now - 100, old))
    new = journal.batches.ask_to_cancel("run7")
    with journal.transaction():
        journal._database.run("UPDATE ask SET asked_at = ? WHERE id = ?", (now, new))
    journal.batches.forget_asks(now)
    assert list(journal.batches.asked_to_cancel()) == [(new, "run7")], "from that very moment on it counts"
    assert abs(moment(journal, "ask", "done_at") - time.time()) < 60


def test_what_was_carried_out_is_not_let_go_a_second_time(journal: Journal) -> None:
    number = journal.batches.ask_to_cancel("")
    assert abs(moment(journal, "ask", "asked_at") - time.time()) < 60
    journal.batches.cancel_asked(number)
    done = moment(journal, "ask", "done_at")
    assert abs(done - time.time()) < 60
    journal.batches.forget_asks(time.time() + 100)
    assert moment(journal, "ask", "done_at") == done


# -------------------------------------------------------------------------------------- outcomes


def test_the_word_about_a_text_is_that_of_its_last_batch_with_its_reason_and_moment(journal: Journal) -> None:
    begin(journal)
    for record_id in ("A1", "A2"):
        (number,) = journal.batches.plan([batch(record_id)])
        journal.batches.drop([number], BatchState.REJECTED, "not now")
    before = time.time()
    (number,) = journal.batches.plan([batch("A1")])
    journal.batches.intend(number, Baseline(), "sha")
    journal.batches.move(number, BatchState.UNKNOWN, reason="no answer")
    found = journal.outcomes()
    assert set(found) == {text_key("A1"), text_key("A2")}
    assert replace(found[text_key("A1")], at=0.0) == Outcome(ItemState.UNKNOWN, "no answer")
    assert replace(found[text_key("A2")], at=0.0) == Outcome(ItemState.NOT_SENT, "not now")
    assert found[text_key("A2")].at <= before <= found[text_key("A1")].at <= time.time()


def test_a_reason_of_its_own_goes_before_that_of_the_batch(journal: Journal) -> None:
    begin(journal)
    (number,) = journal.batches.plan([batch("A1", "A2")])
    journal.batches.intend(number, Baseline(), "sha")
    journal.batches.move(number, BatchState.UNKNOWN, reason="no answer")
    journal.collect(number, [], [], [(text_key("A1"), ItemState.FAILED, "", "too long")])
    found = journal.outcomes()
    assert (found[text_key("A1")].reason, found[text_key("A2")].reason) == ("too long", "no answer")


def test_records_come_in_order_and_of_each_what_was_sent_before_what_only_came(journal: Journal) -> None:
    begin(journal)
    journal.batches.plan([batch("a", "\U00010000", "\uffee", types=("page title", "open graph text"))])
    for record_id in ("\U00010000", "\uffee", "a", "B"):
        journal.pull([], [replace(delivery(), key=text_key(record_id, "excerpt"))])
    journal.pull([], [replace(delivery(), key=text_key("a", "page title"))])
    told = [(key.record.record_id, key.text_type) for key, _ in journal.each_outcome()]
    sent = ("open graph text", "page title", "excerpt")
    assert told == [("B", "excerpt"), *((one, name) for one in ("a", "\uffee", "\U00010000") for name in sent)]
    assert journal.outcomes()[text_key("a", "page title")].delivery == "waiting"


@pytest.mark.parametrize("origin", [Origin.PULLED, Origin.GENERATED])
def test_a_text_that_was_fetched_is_told_from_one_that_was_made(journal: Journal, origin: Origin) -> None:
    before = time.time()
    journal.pull([], [delivery(origin=origin)])
    found = journal.outcomes()[text_key()]
    assert replace(found, at=0.0) == Outcome(delivery="waiting", origin=origin)
    assert before <= found.at <= time.time()


@pytest.mark.parametrize(("state", "later"), [(ItemState.DONE, False), (ItemState.FAILED, True)])
def test_the_moment_of_a_text_that_came_is_that_of_its_coming_and_else_the_later_word_counts(
    journal: Journal, state: ItemState, later: bool
) -> None:
    begin(journal)
    (number,) = journal.batches.plan([batch()])
    journal.collect(number, [], [delivery()], [(text_key(), state, "", "")])
    with journal.transaction():
        journal._database.run("UPDATE batch SET changed_at = 500.0")
        journal._database.run("UPDATE delivery SET made_at = 400.0")
    assert journal.outcomes()[text_key()].at == (500.0 if later else 400.0)
    with journal.transaction():
        journal._database.run("UPDATE delivery SET made_at = 600.0")
    assert journal.outcomes()[text_key()].at == 600.0


# --------------------------------------------------------------------------------------- tallies


def test_a_run_without_texts_counts_nothing(journal: Journal) -> None:
    begin(journal)
    assert journal.tally({"run1"}) == Tally()


def test_every_end_of_a_text_is_counted_and_priced_by_itself(journal: Journal) -> None:
    begin(journal)
    ends = [
        *[ItemState.DONE] * 2,
        *[ItemState.FAILED] * 3,
        *[ItemState.EMPTY] * 4,
        *[ItemState.CANCELLED] * 5,
        *[ItemState.UNKNOWN] * 6,
        *[ItemState.OPEN] * 7,
        *[ItemState.NOT_SENT] * 8,
    ]
    names = [f"A{n}" for n in range(len(ends))]
    (number,) = journal.batches.plan([batch(*names)])
    outcomes = [(text_key(name), end, "", "") for name, end in zip(names, ends, strict=True)]
    journal.collect(number, [], [], outcomes, {text_key("A0"): 2.0, text_key("A5"): 1.5})
    assert journal.tally({"run1"}) == Tally(
        total=35,
        done=2,
        failed=3,
        empty=4,
        cancelled=5,
        unknown=6,
        open=7,
        not_sent=8,
        credits=3.5,
        stopped_min=13.0,
        stopped_max=26.0,
        unknown_max=12.0,
    )


def test_a_tally_is_of_the_runs_that_are_named(journal: Journal) -> None:
    for run_id, records in (("run1", "A1"), ("run2", "B1"), ("run3", "C1")):
        begin(journal, run_id)
        (number,) = journal.batches.plan([batch(records, run_id=run_id)])
        journal.collect(number, [], [], [(text_key(records), ItemState.DONE, "t", "")], {text_key(records): 1.0})
    assert (journal.tally({"run1"}).done, journal.tally({"run1"}).credits) == (1, 1.0)
    assert (journal.tally({"run1", "run3"}).done, journal.tally({"run1", "run3"}).credits) == (2, 2.0)


# ---------------------------------------------------------------------------- doubts and duplicates


def test_what_was_charged_twice_is_kept_once_in_the_order_it_was_found(journal: Journal) -> None:
    late, early = Duplicate(text_key("A2"), 3, "r9", "t2"), Duplicate(text_key("A1"), 1, "t8", "")
    journal.doubts.note_duplicates([late])
    journal.doubts.note_duplicates([early, replace(late, kept="t3")])
    assert journal.doubts.duplicates() == [late, early]
    assert abs(moment(journal, "duplicate", "found_at") - time.time()) < 60


def test_what_was_given_up_is_told_until_it_is_ordered_anew(journal: Journal) -> None:
    begin(journal)
    first, second = journal.batches.plan([batch("A1", "A2"), batch("A3")])
    journal.collect(
        first, [], [], [(text_key("A1"), ItemState.LOST, "", ""), (text_key("A2"), ItemState.RESENT, "", "")]
    )
    journal.collect(second, [], [], [(text_key("A3"), ItemState.DONE, "t1", "")])
    assert [one.id for one in journal.doubts.given_up()] == [first]
    assert journal.doubts.lost() == journal.memory().lost == {text_key("A1"): Lost(str(first), taken=True)}
    journal.batches.plan([batch("A1")])
    assert journal.doubts.lost() == {}
    assert [one.id for one in journal.doubts.given_up()] == [first], "it may turn up all the same"


@pytest.mark.parametrize(("end", "lost"), [(ItemState.FAILED, True), (ItemState.DONE, False), (ItemState.OPEN, False)])
def test_keywords_stay_lost_where_a_search_that_was_only_followed_has_failed(
    journal: Journal, end: ItemState, *, lost: bool
) -> None:
    begin(journal)
    key = TextKey(text_key("A1").record, KEYWORDS)
    search = replace(batch("A1"), items=(replace(batch("A1").items[0], key=key),))
    (first,) = journal.batches.plan([search])
    journal.collect(first, [], [], [(key, ItemState.LOST, "", "")])
    (second,) = journal.batches.plan([replace(search, state=BatchState.ACCEPTED, found=True)])
    journal.collect(second, [], [], [(key, end, "", "")])
    assert journal.doubts.lost() == ({key: Lost(str(first), taken=True)} if lost else {})


def test_a_lost_order_that_is_found_is_followed_again(journal: Journal) -> None:
    begin(journal)
    (number,) = journal.batches.plan([batch("A1", "A2")])
    journal.batches.intend(number, Baseline(), "sha")
    journal.batches.move(number, BatchState.UNKNOWN, reason="no answer")
    journal.end(number, BatchState.LOST, [(text_key(one), ItemState.LOST, "", "lost") for one in ("A1", "A2")])
    journal.reopen(number, "r5", [text_key("A1")])
    (found,) = journal.batches.open()
    assert (found.state, found.request_id) == (BatchState.ACCEPTED, "r5")
    assert [(item.state, item.text_id, item.reason) for item in found.items] == [
        (ItemState.OPEN, "", ""),
        (ItemState.LOST, "", "lost"),
    ]


def test_the_texts_that_were_seen_are_those_of_the_very_key(journal: Journal) -> None:
    other = TextKey(RecordKey("outlet", "Product", "A1", "en"), "page title")
    journal.pull([remote_text("one", "t1"), remote_text("two", "t2"), remote_text("three", "t3", "A2")], [])
    journal.pull([RemoteText(other, "t4", "four")], [])
    assert journal.doubts.seen(text_key()) == {"t1", "t2"}
    assert journal.doubts.seen(other) == {"t4"}
    assert journal.doubts.seen(text_key("A9")) == set()


# ----------------------------------------------------------------------------- texts and deliveries


def test_a_delivery_comes_back_as_it_was_given(journal: Journal) -> None:
    given = Delivery(
        TextKey(RecordKey("outlet", "Category", "C7", "de"), "excerpt"),
        "t9", "words", "in the cell", "d9", Origin.PULLED, "run7", credits=2.5,
    )  # fmt: skip
    before = time.time()
    journal.pull([], [given])
    assert journal.texts.deliveries() == [given]
    assert journal.texts.deliveries(again=True) == [given]
    assert journal.memory().waiting == {given.key: given}
    assert before <= moment(journal, "delivery", "made_at") <= time.time()


def test_a_text_is_kept_with_the_batch_that_brought_it_and_the_moment(journal: Journal) -> None:
    begin(journal)
    (number,) = journal.batches.plan([batch()])
    before = time.time()
    journal.collect(number, [remote_text("words")], [], [])
    journal.pull([remote_text("pulled", "t2")], [])
    rows = journal._database.rows("SELECT text_id, value, batch_id FROM text ORDER BY rowid")
    assert [tuple(row) for row in rows] == [("t1", "words", number), ("t2", "pulled", None)]
    assert before <= moment(journal, "text", "seen_at") <= time.time()


def test_deliveries_are_settled_one_by_one(journal: Journal) -> None:
    one, other = delivery("A1"), delivery("A2")
    journal.pull([], [one, other])
    before = time.time()
    journal.texts.settle([(one, "written")])
    assert journal.texts.deliveries() == [other]
    assert before <= moment(journal, "delivery", "settled_at") <= time.time()
    journal.texts.settle([(replace(other, text_id="t9"), "written")])
    assert journal.texts.deliveries() == [other], "another text was written meanwhile"


def test_a_newer_delivery_replaces_only_the_one_that_waits_for_the_same_cell(journal: Journal) -> None:
    old, other = delivery("A1"), delivery("A2")
    journal.pull([], [old, other])
    journal.pull([], [replace(old, text_id="t2", value="new")])
    assert [(one.key, one.text_id) for one in journal.texts.deliveries()] == [(other.key, "t1"), (old.key, "t2")]
    rows = journal._database.rows("SELECT state, settled_at FROM delivery ORDER BY id")
    assert [row["state"] for row in rows] == ["replaced", "waiting", "waiting"]
    assert abs(rows[0]["settled_at"] - time.time()) < 60
    assert rows[1]["settled_at"] is None


def test_what_was_written_is_not_replaced_by_what_comes_later(journal: Journal) -> None:
    old = delivery()
    journal.pull([], [old])
    journal.texts.settle([(old, "written")])
    journal.pull([], [replace(old, text_id="t2")])
    rows = journal._database.rows("SELECT state FROM delivery ORDER BY id")
    assert [row["state"] for row in rows] == ["written", "waiting"]
    assert [one.text_id for one in journal.texts.deliveries(again=True)] == ["t2"], "the newest of the cell"


def test_what_was_agreed_comes_back_word_for_word(journal: Journal) -> None:
    one = Base("words", "t1", "d1", Origin.PULLED, simulated=True)
    other = Base("real", "t2", "d2", Origin.ADOPTED, simulated=False)
    key = TextKey(RecordKey("outlet", "Category", "C7", "de"), "excerpt")
    before = time.time()
    journal.texts.agree([(text_key(), one), (key, other)])
    assert journal.texts.bases() == {text_key(): one, key: other}
    assert journal.texts.bases()[key].simulated is False
    assert journal.memory().bases == journal.texts.bases()
    assert before <= moment(journal, "base", "agreed_at") <= time.time()


def test_a_save_is_remembered_from_its_beginning_to_its_end(journal: Journal) -> None:
    before = time.time()
    first = journal.texts.save_begins("/a.xlsx", "old", "new")
    second = journal.texts.save_begins("/b.xlsx", "old2", "new2")
    journal.texts.save_ended(second)
    rows = journal._database.rows("SELECT id, path, old_sha256, new_sha256, state FROM save ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (first, "/a.xlsx", "old", "new", "begun"),
        (second, "/b.xlsx", "old2", "new2", "done"),
    ]
    assert before <= moment(journal, "save", "at") <= time.time()
