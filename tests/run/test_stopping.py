"""What cancelling asks for and says, and how requests of others are taken up so that they can be stopped too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.attempt import Attempt, Sent
from sync.batch import BatchState
from sync.errors import NotFound, Rejected, Unreachable
from sync.run.cancel import Scope, cancel
from sync.run.events import Event
from sync.run.found import strangers, take_up, takeable
from tests.run.sessions import cancelling, session
from tests.run.test_given_up import HEADINGS
from tests.run.world import World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable


def ids(world: World) -> list[str]:
    return list(world.simulator.requests)


# ------------------------------------------------------------------------------------ cancelling


def _sent(world: Callable[..., World], **settings: Any) -> World:
    shop = world(**{"records": 4, "capacity": 1, "seconds_per_record": 10.0, **settings})
    shop.run(first=2, size=2, detach=True)
    return shop


def test_what_the_service_is_asked_to_stop_is_told_batch_by_batch(world: Callable[..., World]) -> None:
    shop = _sent(world)
    first, second = ids(shop)
    with session(shop) as given:
        told = list(cancel(given))
    assert told == [
        Event("cancel", "Asked the service to stop batch 1 (2 records).", {"batch": 1, "request": first}),
        Event("cancel", "Asked the service to stop batch 2 (2 records).", {"batch": 2, "request": second}),
    ]


def test_a_batch_whose_request_nobody_knows_cannot_be_stopped_and_is_collected(world: Callable[..., World]) -> None:
    shop = world(records=2, seconds_per_record=10.0)

    class Nameless(Wrapped):
        """An answer that holds one of the texts, and no request."""

        def generate(self, request: Any, *, before_send: Callable[[], None]) -> Any:
            self.inner.generate(request, before_send=before_send)
            shop.clock.time += 60
            shop.simulator.look()
            texts = self.inner.texts("Product", "shop", "en", ["A1"], ["page title", "excerpt"])
            return Attempt(Sent.LEFT, 200, texts=tuple(texts))

    shop.wrap_service = Nameless
    shop.run(detach=True)
    with session(shop) as given:
        told = list(cancel(given))
    words = "Batch 1 cannot be stopped: the service never told its request id. Its texts are collected."
    assert told == [Event("cancel", words, {"batch": 1, "request": ""})]


def test_a_request_with_records_of_others_is_followed_not_stopped(world: Callable[..., World]) -> None:
    shop = world(records=2, capacity=1, seconds_per_record=10.0)
    request_id = shop.foreign_order("A1", "A2", "Z1", "Z2", "Z3")
    shop.run(detach=True)
    with session(shop) as given:
        told = list(cancel(given))
    words = (
        f"Request {request_id} was started elsewhere and also holds 3 records from outside this workbook; it is"
        " followed, not stopped."
    )
    assert told == [Event("cancel", words, {"batch": 1, "request": request_id})]
    assert not shop.simulator.requests[request_id].dropped


class Answering(Wrapped):
    """A service that has another answer to the wish to stop something."""

    error: Exception
    asked = 0

    def cancel(self, request_id: str) -> None:  # noqa: ARG002 - it is all the same
        type(self).asked += 1
        raise self.error


def answering(error: Exception) -> type[Answering]:
    return type("Answer", (Answering,), {"error": error, "asked": 0})


def test_p13_a_request_the_service_has_forgotten_is_told_to_programs(world: Callable[..., World]) -> None:
    shop = _sent(world, records=2)
    (request_id,) = ids(shop)
    shop.wrap_service = answering(NotFound(404, "There is no such request."))
    with session(shop) as given:
        told = list(cancel(given))
    words = f"The service no longer knows request {request_id}."
    assert told == [Event("cancel", words, {"batch": 1, "request": request_id}, quiet=True)]


def test_p13_a_service_that_will_not_stop_a_request_is_quoted(world: Callable[..., World]) -> None:
    shop = _sent(world, records=2)
    (request_id,) = ids(shop)
    shop.wrap_service = answering(Rejected(409, "It is about to end."))
    with session(shop) as given:
        told = list(cancel(given))
    words = "Batch 1 cannot be stopped, and is followed: It is about to end."
    assert told == [Event("cancel", words, {"batch": 1, "request": request_id})]


@pytest.mark.parametrize("error", [Unreachable("No answer came."), Rejected(429, "Too busy.")])
def test_p13_a_service_that_never_answers_the_wish_is_asked_five_times_and_the_user_told(
    world: Callable[..., World], error: Exception
) -> None:
    shop = _sent(world)
    answer = answering(error)
    shop.wrap_service = answer
    start = shop.clock.time
    with session(shop) as given:
        told = list(cancel(given))
    assert told == [
        Event("cancel", f"The service did not answer when asked to stop batch {number}; cancel again later.")
        for number in (1, 2)
    ]
    assert answer.asked == (5 if isinstance(error, Rejected) else 10), "too busy for one is too busy for all"
    assert shop.clock.time - start == 0.75 * (2 + 4 + 8 + 16 + 32)


def test_p13_a_service_too_busy_to_stop_anything_is_given_the_time_it_asks_for(world: Callable[..., World]) -> None:
    shop = _sent(world, records=2)
    shop.wrap_service = answering(Rejected(429, "Too busy.", retry_after=100.0))
    start = shop.clock.time
    with session(shop) as given:
        list(cancel(given))
    assert shop.clock.time - start == 500.0


def test_p13_the_users_stop_ends_the_asking(world: Callable[..., World]) -> None:
    shop = _sent(world, records=2)
    answer = answering(Unreachable("No answer came."))
    shop.wrap_service = answer
    shop.stopping = True
    with session(shop) as given:
        assert len(list(cancel(given))) == 1
    assert answer.asked == 1


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (Scope(), [1, 2, 3]),
        (Scope("run1"), [1, 2]),
        (Scope("run2"), [3]),
        (Scope("run7"), []),
        (Scope(records=frozenset({"A1", "B9"})), [1]),
        (Scope(records=frozenset({"A1", "A3"})), [1, 2]),
        (Scope(records=frozenset({"B9"})), []),
        (Scope("run1", frozenset({"A5"})), []),
        (Scope("run2", frozenset({"A5"})), [3]),
    ],
)
def test_only_what_is_meant_is_stopped(world: Callable[..., World], scope: Scope, stopped: list[int]) -> None:
    shop = _sent(world)
    shop.rows += [["", f"A{n}", f"Oak stool {n}", "", ""] for n in (5, 6)]
    shop.run(first=2, size=2, detach=True)
    with session(shop) as given:
        assert [event.detail["batch"] for event in cancel(given, scope)] == stopped


def test_what_came_already_does_not_make_a_batch_one_that_is_meant(world: Callable[..., World]) -> None:
    shop = world(records=2, capacity=1, seconds_per_record=10.0)
    shop.clock.at.append((shop.clock.time + 12, lambda: setattr(shop, "stopping", True)))
    shop.run()
    shop.stopping = False
    with session(shop) as given:
        assert list(cancel(given, Scope(records=frozenset({"A1"})))) == [], "A1 is there"
        assert len(list(cancel(given, Scope(records=frozenset({"A2"}))))) == 1


def test_cancelling_twice_asks_twice_and_does_no_harm(world: Callable[..., World]) -> None:
    shop = _sent(world, records=2)
    with session(shop) as given:
        first = list(cancel(given))
        (batch,) = given.journal.batches.open()
        assert batch.state is BatchState.CANCELLING
        assert list(cancel(given)) == first


def test_p13_who_was_not_heard_before_the_service_became_too_busy_is_asked_for_again(
    world: Callable[..., World],
) -> None:
    shop = _sent(world)
    silent, busy = ids(shop)
    asked: list[str] = []

    class Moody(Wrapped):
        def cancel(self, request_id: str) -> None:
            asked.append(request_id)
            if len(asked) == 1:
                raise Unreachable("No answer came.")
            if len(asked) == 2:
                raise Rejected(429, "Too busy.")
            self.inner.cancel(request_id)

    shop.wrap_service = Moody
    with session(shop) as given:
        assert len(list(cancel(given))) == 2
    assert asked == [silent, busy, silent, busy]


def test_a_request_of_ours_is_stopped_without_another_look_at_it(world: Callable[..., World]) -> None:
    class Unlooked(Wrapped):
        def request(self, request_id: str) -> Any:
            raise Unreachable(f"Nobody should have asked for {request_id}.")

    shop = _sent(world, records=2)
    shop.wrap_service = Unlooked
    with session(shop) as given:
        assert [event.message for event in cancel(given)] == ["Asked the service to stop batch 1 (2 records)."]


def test_a_cancellation_from_another_window_is_told_before_it_is_carried_out(world: Callable[..., World]) -> None:
    shop = world(records=12, capacity=1, seconds_per_record=10.0)

    def ask() -> None:
        with shop.open_journal() as journal:
            journal.batches.ask_to_cancel("")

    shop.clock.at.append((shop.clock.time + 12, ask))
    outcome = shop.run(first=4, size=4, window=2)
    told = [event for event in outcome.events if event.kind == "cancel"]
    assert told[0] == Event("cancel", "Cancelling, as asked from another window.")
    assert told[1].message == "Asked the service to stop batch 1 (4 records)."
    assert outcome.driver is not None
    assert outcome.driver.sender.stopped == "cancelled on request"
    with shop.open_journal() as journal:
        last = journal.batches.batches()[-1]
    assert {item.reason for item in last.items} == {"stopped before it was sent"}
    assert last.reason == "stopped before it was sent"


@pytest.mark.parametrize(("asked", "cancelled"), [("", True), ("run1", True), ("run7", False)])
def test_a_cancellation_stops_the_run_it_names_and_no_other(
    world: Callable[..., World], asked: str, cancelled: bool
) -> None:
    shop = world(records=4, capacity=1, seconds_per_record=10.0)

    def ask() -> None:
        with shop.open_journal() as journal:
            journal.batches.ask_to_cancel(asked)

    shop.clock.at.append((shop.clock.time + 5, ask))
    outcome = shop.run(first=2, size=2, window=1)
    assert outcome.driver is not None
    assert outcome.driver.sender.cancelled is cancelled
    assert bool(outcome.driver.sender.stopped) is cancelled
    assert bool(shop.empty_cells()) is cancelled
    with shop.open_journal() as journal:
        assert list(journal.batches.asked_to_cancel()) == [], "it was carried out"


def test_what_the_user_stopped_was_not_sent_and_says_so(world: Callable[..., World]) -> None:
    shop = world(records=4, capacity=1, seconds_per_record=10.0)
    shop.clock.at.append((shop.clock.time + 1, lambda: setattr(shop, "stopping", True)))
    shop.run(first=2, size=2, window=1)
    assert shop.posts() == 1
    with shop.open_journal() as journal:
        last = journal.batches.batches()[-1]
    assert {last.reason, *(item.reason for item in last.items)} == {"stopped before it was sent"}


# ---------------------------------------------------------------------- taking up what others sent


def test_requests_of_others_for_our_records_are_taken_up_so_that_they_can_be_stopped(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, capacity=1, seconds_per_record=10.0)
    request_id = shop.foreign_order("A1", "A2")
    with cancelling(shop) as given:
        told = list(take_up(given, strangers(given)))
        (batch,) = given.journal.batches.open()
        assert strangers(given) == [], "it is ours to follow now"
    assert told == [Event("follow", f"Request {request_id} was started elsewhere for records of this workbook.")]
    assert (batch.request_id, batch.found, batch.records) == (request_id, True, frozenset({"A1", "A2"}))
    assert (batch.state, batch.store, batch.type, batch.language) == (BatchState.ACCEPTED, "shop", "Product", "en")
    assert {item.key.text_type for item in batch.items} == {"page title", "excerpt"}
    assert (batch.price.min, batch.price.max) == (0.0, 0.0), "others pay for it"


def test_of_two_requests_of_others_for_the_same_records_the_second_waits_for_the_first(
    world: Callable[..., World],
) -> None:
    shop = world(records=1, capacity=1, seconds_per_record=10.0)
    orders = [shop.foreign_order("A1", fields=[field]) for field in ("excerpt", "page title")]
    with cancelling(shop) as given:
        assert takeable(given)
        told = list(take_up(given, strangers(given)))
        (batch,) = given.journal.batches.open()
        assert [event.message.split()[1] for event in told] == [batch.request_id]
        assert not takeable(given)
    assert batch.request_id in orders


def test_requests_of_others_for_other_records_are_left_alone(world: Callable[..., World]) -> None:
    shop = world(records=2, capacity=1, seconds_per_record=10.0)
    shop.foreign_order("Z1", "Z2")
    shop.foreign_order("A1", "A2", language="de")
    with cancelling(shop) as given:
        assert list(take_up(given, strangers(given))) == []
        assert given.journal.batches.open() == []


def test_what_an_order_of_ours_makes_already_is_not_taken_up_twice(world: Callable[..., World]) -> None:
    shop = _sent(world, records=2)
    request_id = shop.foreign_order("A1", "A2")
    shop.rows.append(["", "A3", "Oak stool 3", "", ""])
    other = shop.foreign_order("A2", "A3")
    with cancelling(shop) as given:
        told = list(take_up(given, strangers(given)))
        assert [event.message.split()[1] for event in told] == [other]
        batch = given.journal.batches.open()[-1]
    assert batch.request_id == other != request_id
    assert batch.records == {"A3"}


@pytest.mark.parametrize(
    ("cell", "known"), [("as it is", True), (" as it is\n", True), ("otherwise", False), ("", False)]
)
def test_a_text_the_workbook_shows_already_is_not_taken_for_what_a_request_of_others_makes(
    world: Callable[..., World], cell: str, known: bool
) -> None:
    shop = world(records=1, headings=HEADINGS, seconds_per_record=10.0)
    shop.run()
    there = shop.cell("A1", "Page title")
    shop.put("A1", "Page title", cell.replace("as it is", there))
    shop.foreign_order("A1", fields=["page title"])
    with cancelling(shop) as given:
        list(take_up(given, strangers(given)))
        (batch,) = given.journal.batches.open()
    (item,) = batch.items
    ours = shop.simulator.account.ledger[0].text_id
    assert item.baseline == (ours if known else "")
    assert (item.was, item.input_digest) == (shop.cell("A1", "Page title"), "")
