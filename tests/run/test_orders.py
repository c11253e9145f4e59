"""From changes to orders, and from an order to the journal: what goes out, and what was there before."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from sync.attempt import Attempt, GenerateRecord, GenerateRequest, Sent
from sync.batch import Baseline, Batch, BatchState, Item, ItemState
from sync.errors import JournalError
from sync.model import Inputs, Price, Wanted
from sync.run.classify import Verdict
from sync.run.events import Event
from sync.run.submit import TRIES, drafts, order_of, overtaken, submit, take_baseline, without
from tests.nouns import change, record, remote_text, text_key
from tests.run.sessions import cancelling
from tests.run.world import BEGIN, World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sync.model import Change, Record, RecordKey
    from sync.run.classify import Outcome
    from sync.run.order import Order
    from sync.run.ports import Session

BOTH = (Wanted("page title"), Wanted("excerpt", 20, 60))


def shop_of(*record_ids: str, **inputs: Any) -> dict[RecordKey, Record]:
    found = [replace(record(one, wanted=BOTH), inputs=Inputs(name=f"Stool {one}", **inputs)) for one in record_ids]
    return {one.key: one for one in found}


def orders(
    changes: list[Change], records: Mapping[RecordKey, Record], run_id: str = "run1", *, size: int = 50, first: int = 50
) -> list[Order[GenerateRequest]]:
    """Give what is sent for some changes."""
    return [order_of(one, records, run_id) for one in drafts(changes, records, size=size, first=first)]


def grouped(
    changes: list[Change], records: Mapping[RecordKey, Record], *, size: int = 50, first: int = 50
) -> list[list[str]]:
    """Which records each order holds."""
    made = orders(changes, records, size=size, first=first)
    return [[one.record_id for one in order.request.records] for order in made]


def named(count: int) -> list[str]:
    return [f"A{n}" for n in range(1, count + 1)]


# ------------------------------------------------------------------------------------ into orders


@pytest.mark.parametrize(
    ("count", "first", "size", "sizes"),
    [
        (1, 5, 50, [1]),
        (5, 5, 50, [5]),
        (6, 5, 50, [6]),
        (7, 5, 50, [5, 2]),
        (9, 3, 2, [3, 2, 2, 2]),
        (10, 3, 2, [3, 2, 2, 3]),
        (4, 1, 1, [1, 1, 2]),
        (0, 5, 50, []),
    ],
)
def test_orders_are_small_at_first_and_never_leave_one_record_alone(
    count: int, first: int, size: int, sizes: list[int]
) -> None:
    names = named(count)
    found = grouped([change(one) for one in names], shop_of(*names), size=size, first=first)
    assert [len(one) for one in found] == sizes
    assert [name for one in found for name in one] == names, "in the order of the workbook, each once"


def test_an_order_holds_one_set_of_what_the_service_takes_per_request_only() -> None:
    records = {
        **shop_of("A1", "A4"),
        **shop_of("A2", countries=("NO", "SE")),
        **shop_of("A3", special_instructions="be brief"),
    }
    changes = [change(one) for one in ("A1", "A2", "A3", "A4")]
    assert grouped(changes, records) == [["A1", "A4"], ["A2"], ["A3"]]


@pytest.mark.parametrize("other", [{"store": "outlet"}, {"type": "Category"}, {"language": "de"}])
def test_an_order_is_for_one_store_type_and_language(other: dict[str, str]) -> None:
    records = shop_of("A1")
    key = text_key("A1", **other)
    records[key.record] = replace(records[text_key("A1").record], key=key.record)
    made = orders([change("A1"), change("A1")._replace(key=key)], records)
    addresses = [(one.batch.store, one.batch.type, one.batch.language) for one in made]
    assert addresses == [("shop", "Product", "en"), (key.record.store, key.record.type, key.record.language)]
    assert [(one.request.store, one.request.type, one.request.language) for one in made] == addresses


def test_only_the_very_first_order_is_small() -> None:
    records = {**shop_of("A1", "A2", "A3", "A4"), **shop_of("B1", "B2", "B3", "B4", countries=("NO",))}
    found = grouped([change(one.record_id) for one in records], records, first=2)
    assert found == [["A1", "A2"], ["A3", "A4"], ["B1", "B2", "B3", "B4"]]


def test_an_order_says_of_each_text_what_stands_in_its_cell_and_what_it_was_made_from() -> None:
    records = shop_of("A1", "A2", countries=("NO",), special_instructions="be brief")
    changes = [
        change("A1", was="old", input_digest="d7", price=Price(1.0, 2.0), seen="t5"),
        change("A1", text_type="excerpt", price=Price(2.0, 4.0)),
        change("A2", text_type="excerpt", was="words"),
    ]
    (order,) = orders(changes, records)
    assert order.request == GenerateRequest(
        "Product", "shop", "en", ("NO",), "be brief",
        (
            GenerateRecord("A1", records[text_key("A1").record].inputs, ((BOTH[0], "old"), (BOTH[1], ""))),
            GenerateRecord("A2", records[text_key("A2").record].inputs, ((BOTH[1], "words"),)),
        ),
    )  # fmt: skip
    assert order.batch == Batch(
        0, "run1", BatchState.PLANNED, "shop", "Product", "en",
        (
            Item(text_key("A1"), "old", "d7", Price(1.0, 2.0), baseline="t5"),
            Item(text_key("A1", "excerpt"), "", "", Price(2.0, 4.0)),
            Item(text_key("A2", "excerpt"), "words", "", Price(1.0, 1.0)),
        ),
    )  # fmt: skip


def test_what_waits_to_be_sent_is_the_plan_itself_and_no_copy_of_it() -> None:
    changes = [change(name, text_type=text_type) for name in named(9) for text_type in ("page title", "excerpt")]
    waiting = [one for draft in drafts(changes, shop_of(*named(9)), size=4, first=2) for one in draft.changes]
    assert all(one is planned for one, planned in zip(waiting, changes, strict=True))


# ----------------------------------------------------------------------------- what came in between


def order_for(*record_ids: str) -> Order[GenerateRequest]:
    (order,) = orders([change(one, seen=f"t-{one}") for one in record_ids], shop_of(*record_ids))
    return order


def seen(*record_ids: str) -> dict[Any, str]:
    return {text_key(one): f"t-{one}" for one in record_ids}


@pytest.mark.parametrize(
    ("baseline", "others"),
    [
        (Baseline(texts=seen("A1", "A2")), set()),
        (Baseline(texts={**seen("A1"), text_key("A2"): "t-new"}), {"A2"}),
        (Baseline(texts=seen("A1")), {"A2"}),
        (Baseline(texts=seen("A1", "A2"), values={text_key("A2"): "changed in place"}), {"A2"}),
        (Baseline(texts=seen("A1", "A2"), values={text_key("A2"): " \n"}), set()),
        (Baseline(texts=seen("A1", "A2"), overlap=frozenset({"A1"})), {"A1"}),
        (Baseline(texts=seen("A1"), overlap=frozenset({"A1"})), {"A1", "A2"}),
    ],
)
def test_an_order_is_overtaken_where_others_hold_a_record_or_its_text_is_another(
    baseline: Baseline, others: set[str]
) -> None:
    assert overtaken(order_for("A1", "A2"), baseline) == others


def test_what_is_taken_out_of_an_order_is_in_neither_half_of_it() -> None:
    left = without(order_for("A1", "A2", "A3"), {"A1", "A3"})
    assert left == order_for("A2")


# -------------------------------------------------------------------------------- one order, sent


class Answers(Wrapped):
    """A service that gives prepared answers to orders, the last of them again and again."""

    attempts: list[Attempt]
    sent: list[float]
    clock: Any

    def generate(self, _request: GenerateRequest, *, before_send: Callable[[], None]) -> Attempt:
        before_send()
        self.sent.append(self.clock.time)
        return self.attempts.pop(0) if len(self.attempts) > 1 else self.attempts[0]


def answers(shop: World, *attempts: Attempt) -> list[float]:
    """Have orders answered so; gives the moments at which they are sent."""
    sent: list[float] = []
    given = list(attempts)

    def wrap(inner: Any) -> Any:
        service = Answers(inner)
        service.attempts, service.sent, service.clock = given, sent, shop.clock
        return service

    shop.wrap_service = wrap
    return sent


@contextmanager
def planned(shop: World) -> Iterator[tuple[Session, Order[GenerateRequest], int]]:
    """Put an order of two records into the journal that is not sent."""
    with cancelling(shop) as given:
        (order,) = orders([change("A1"), change("A2")], given.records, given.run_id)
        (number,) = given.journal.batches.plan([order.batch])
        yield given, order, number


def send(shop: World, *attempts: Attempt, baseline: Baseline | None = None) -> tuple[Outcome, Batch, list[float]]:
    sent = answers(shop, *attempts)
    with planned(shop) as (given, order, number):
        outcome = submit(given, order, number, baseline or Baseline())
        batch = given.journal.batches.batch(number)
    assert batch is not None
    return outcome, batch, sent


NO_CONNECTION = Attempt(Sent.NOT_LEFT, exception="no connection")
TAKEN = Attempt(Sent.LEFT, 200, request_id="r1")


def test_s05_nothing_is_tried_more_than_six_times_and_each_wait_is_longer(world: Callable[..., World]) -> None:
    shop = world(records=2)
    outcome, batch, sent = send(shop, NO_CONNECTION)
    assert outcome.verdict is Verdict.NOT_SENT
    assert len(sent) == TRIES == 6
    assert [later - now for now, later in pairwise(sent)] == [1.5, 3.0, 6.0, 12.0, 24.0]
    assert shop.clock.time == sent[-1], "after the last there is nothing to wait for"
    assert (batch.state, batch.reason) == (BatchState.REJECTED, "no connection")
    assert {(item.state, item.reason) for item in batch.items} == {(ItemState.NOT_SENT, "no connection")}


def test_the_wait_is_spread_so_that_many_do_not_come_back_at_once(world: Callable[..., World]) -> None:
    shop = world(records=2)
    shop.session["spread"] = lambda: 1.0
    _, _, sent = send(shop, NO_CONNECTION, TAKEN)
    assert sent[1] - sent[0] == 2.0


def test_s17_a_wait_the_service_names_is_kept_and_none_is_not_taken_for_zero(world: Callable[..., World]) -> None:
    shop = world(records=2)
    busy = Attempt(Sent.LEFT, 429, error="busy")
    _, batch, sent = send(shop, replace(busy, retry_after=0.0), replace(busy, retry_after=40.0), busy, TAKEN)
    assert [later - now for now, later in pairwise(sent)] == [0.0, 40.0, 6.0]
    assert (batch.state, batch.request_id, batch.reason) == (BatchState.ACCEPTED, "r1", "")


def test_s11_a_refused_token_is_renewed_at_once_and_once(world: Callable[..., World]) -> None:
    shop = world(records=2)
    outcome, batch, sent = send(shop, Attempt(Sent.LEFT, 401, error="who are you"))
    assert outcome.verdict is Verdict.SIGN_IN
    assert sent == [BEGIN, BEGIN]
    assert (batch.state, batch.reason) == (BatchState.BLOCKED, "who are you")
    assert {item.reason for item in batch.items} == {"who are you"}


def test_the_users_stop_ends_the_trying_and_the_order_was_not_sent(world: Callable[..., World]) -> None:
    shop = world(records=2)
    shop.session["tell"] = lambda _: setattr(shop, "stopping", True)
    outcome, batch, sent = send(shop, NO_CONNECTION)
    assert (outcome.verdict, len(sent), batch.state) == (Verdict.NOT_SENT, 1, BatchState.REJECTED)


def test_an_order_that_was_begun_is_sent_even_when_the_user_stops_at_that_moment(world: Callable[..., World]) -> None:
    shop = world(records=2)
    shop.stopping = True
    outcome, batch, sent = send(shop, TAKEN)
    assert (outcome.verdict, len(sent), batch.state) == (Verdict.ACCEPTED, 1, BatchState.ACCEPTED)


@pytest.mark.parametrize(
    ("attempt", "state"),
    [
        (Attempt(Sent.LEFT, 500, error="words"), BatchState.UNKNOWN),
        (Attempt(Sent.LEFT, 402, error="words"), BatchState.BLOCKED),
        (Attempt(Sent.LEFT, 422, error="words"), BatchState.REJECTED),
    ],
)
def test_what_came_of_an_order_is_in_the_journal_with_its_reason(
    world: Callable[..., World], attempt: Attempt, state: BatchState
) -> None:
    _, batch, sent = send(world(records=2), attempt)
    assert (batch.state, batch.reason, len(sent)) == (state, "words", 1)


def test_the_intent_holds_the_look_before_and_the_hash_of_the_very_bytes(world: Callable[..., World]) -> None:
    shop = world(records=2)
    answers(shop, TAKEN)
    with planned(shop) as (given, order, number):
        submit(given, order, number, Baseline(frozenset({"r0"}), balance=5.0))
        (row,) = given.journal._database.rows("SELECT * FROM batch")  # type: ignore[attr-defined]
        assert row["body_sha256"] == given.service.body_sha256(order.request)
    assert (row["known_requests"], row["balance"]) == ('["r0"]', 5.0)


def test_what_fails_before_anything_was_to_leave_needs_no_way_back(world: Callable[..., World]) -> None:
    class Early(Wrapped):
        def generate(self, _request: GenerateRequest, *, before_send: Callable[[], None]) -> Attempt:  # noqa: ARG002
            return NO_CONNECTION

    shop = world(records=2)
    shop.wrap_service = Early
    with planned(shop) as (given, order, number):
        assert submit(given, order, number, Baseline()).verdict is Verdict.NOT_SENT
        rows = given.journal._database.rows("SELECT kind FROM event ORDER BY id")  # type: ignore[attr-defined]
    assert [row["kind"] for row in rows] == ["planned", "rejected"]


def test_each_way_back_is_in_the_journal_with_its_reason(world: Callable[..., World]) -> None:
    shop = world(records=2)
    answers(shop, NO_CONNECTION, TAKEN)
    with planned(shop) as (given, order, number):
        submit(given, order, number, Baseline())
        rows = given.journal._database.rows("SELECT kind, detail FROM event ORDER BY id")  # type: ignore[attr-defined]
    assert [row["kind"] for row in rows] == ["planned", "intent", "planned", "intent", "accepted"]
    assert rows[2]["detail"] == '{"reason": "no connection"}'


def test_an_answer_with_all_texts_ends_the_order_and_one_with_some_leaves_it_open(world: Callable[..., World]) -> None:
    for count, state in ((1, BatchState.ACCEPTED), (2, BatchState.COLLECTED)):
        shop = world(records=2)
        shop.path.unlink(missing_ok=True)
        texts = tuple(remote_text("words", record_id=one) for one in named(count))
        _, batch, _ = send(shop, Attempt(Sent.LEFT, 200, texts=texts))
        assert batch.state is state
        assert [item.text_id for item in batch.items] == ["t1", "t1" if count == 2 else ""]


@pytest.mark.parametrize(
    ("attempt", "verdict", "request_id"), [(TAKEN, "accepted", "r1"), (Attempt(Sent.LEFT), "unknown", "")]
)
def test_j02_what_the_journal_cannot_take_is_taken_down_elsewhere(
    world: Callable[..., World], attempt: Attempt, verdict: str, request_id: str
) -> None:
    shop = world(records=2)
    receipts: list[Mapping[str, object]] = []
    shop.session["receipt"] = receipts.append

    class Full(Wrapped):
        def move(self, *_: Any, **__: Any) -> None:
            raise JournalError("The disk is full.")

    class Wrapping(Wrapped):
        @property
        def batches(self) -> Any:
            return Full(self.inner.batches)

    shop.wrap_journal = Wrapping
    with pytest.raises(JournalError, match="full"):
        send(shop, attempt)
    assert receipts == [
        {
            "what": f"an order that was {verdict}, which could not be written into the journal",
            "batch": 1,
            "request": request_id,
            "records": ["A1", "A2"],
        }
    ]


# --------------------------------------------------------------------------- the look before an order


def test_the_look_before_an_order_knows_requests_texts_balance_and_the_services_clock(
    world: Callable[..., World],
) -> None:
    shop = world(records=2, headings=("Action", "Record ID", "Name", "Page title"), credits=77)
    shop.foreign_order("A1", fields=["page title"])
    shop.clock.time += 60
    shop.simulator.look()
    with planned(shop) as (given, order, _):
        found = take_baseline(given, order.batch)
        assert (found.requests, found.overlap) == (frozenset(), frozenset())
        text_id = shop.simulator.account.ledger[0].text_id
        assert found.texts == {text_key("A1"): text_id}
        assert found.balance == given.service.balance().available
        assert found.server_time == shop.clock.time + (given.service.server_time_offset or 0.0)


def test_the_look_before_an_order_goes_by_the_services_clock(world: Callable[..., World]) -> None:
    class Ahead(Wrapped):
        server_time_offset: float | None = 100.0

    class Nowhere(Wrapped):
        server_time_offset = None

    shop = world(records=2)
    for wrap, ahead in ((Ahead, 100.0), (Nowhere, 0.0)):
        shop.wrap_service = wrap
        shop.path.unlink(missing_ok=True)
        with planned(shop) as (given, order, _):
            assert take_baseline(given, order.batch).server_time == shop.clock.time + ahead


def test_the_look_before_an_order_names_the_records_that_others_hold_and_only_those(
    world: Callable[..., World],
) -> None:
    shop = world(records=2, capacity=1, seconds_per_record=100.0)
    theirs = shop.foreign_order("A2", "Z9")
    german = shop.foreign_order("A1", "A2", language="de")
    with planned(shop) as (given, order, _):
        found = take_baseline(given, order.batch)
    assert (found.requests, found.overlap) == (frozenset({theirs, german}), frozenset({"A2"}))


def test_what_a_request_of_others_has_made_already_is_not_held_by_it(world: Callable[..., World]) -> None:
    shop = world(records=2, capacity=1, seconds_per_record=10.0)
    shop.foreign_order("A1", "Z1", "Z2", "Z3")
    shop.clock.time += 13
    with planned(shop) as (given, order, _):
        assert take_baseline(given, order.batch).overlap == frozenset()


def test_our_own_requests_are_nobody_elses(world: Callable[..., World]) -> None:
    shop = world(records=2, capacity=1, seconds_per_record=100.0)
    shop.run(detach=True)
    with cancelling(shop) as given:
        (order,) = orders([change("A1"), change("A2")], given.records, given.run_id)
        found = take_baseline(given, order.batch)
    assert len(found.requests) == 1
    assert found.overlap == frozenset()


def test_the_patience_that_is_asked_for_is_told(world: Callable[..., World]) -> None:
    shop = world(records=2)
    told: list[Event] = []
    shop.session["tell"] = told.append
    send(shop, NO_CONNECTION, TAKEN)
    assert told == [Event("waiting", "The service asks for patience: no connection. Waiting 2 s.")]
