"""What one look at the open requests shows, and what it makes of every end that a request can have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sync.attempt import Attempt, Sent
from sync.batch import BatchState, ItemState
from sync.errors import NotFound
from sync.model import RequestState
from sync.run.follow import PATIENCE, Follower
from sync.run.look import Look
from sync.run.reconcile import recover, settle
from tests.run.sessions import session
from tests.run.test_given_up import HEADINGS, duplicates, lands_late
from tests.run.world import World, Wrapped, as_it_is

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.model import RequestDetails
    from sync.run.ports import Session


def sent(world: Callable[..., World], *, size: int = 50, **settings: Any) -> World:
    """Orders that were sent, and that nobody has looked at yet."""
    shop = world(**{"records": 3, "headings": HEADINGS, "capacity": 1, "seconds_per_record": 10.0, **settings})
    shop.run(first=size, size=size, detach=True)
    return shop


def look(follower: Follower, given: Session) -> Look:
    return follower.look(given.journal.batches.open())


def outcome(given: Session, number: int = 1) -> tuple[BatchState, dict[str, tuple[ItemState, str, str]]]:
    """Give what the journal says of a batch: its state, and of each record its state, its text and its reason."""
    batch = given.journal.batches.batch(number)
    assert batch is not None
    return batch.state, {item.key.record.record_id: (item.state, item.text_id, item.reason) for item in batch.items}


# -------------------------------------------------------------------------------- one look after another


def test_a_look_counts_what_is_made_what_waits_and_when_the_service_expects_to_end(world: Callable[..., World]) -> None:
    shop = sent(world, records=5, size=3)
    with session(shop) as given:
        shown = look(Follower(given), given)
        ends = [one.estimated_end for one in given.service.active_requests()]
    assert (shown.moved, shown.arrived, shown.ended, shown.twins) == (True, 0, (), ())
    assert (shown.running, shown.queued) == (1, 4)
    assert len(ends) == 2
    assert shown.estimated_end == max(end for end in ends if end is not None)


def test_a_service_that_names_no_end_is_not_given_one(world: Callable[..., World]) -> None:
    class Silent(Wrapped):
        def active_requests(self) -> Any:
            return tuple(replace(one, estimated_end=None) for one in self.inner.active_requests())

    shop = sent(world)
    shop.wrap_service = Silent
    with session(shop) as given:
        assert look(Follower(given), given).estimated_end is None


def test_a_look_has_moved_when_it_shows_something_new(world: Callable[..., World]) -> None:
    shop = sent(world)
    with session(shop) as given:
        follower = Follower(given)
        assert look(follower, given).moved, "seen for the first time"
        assert look(follower, given) == replace(look(follower, given), moved=False, arrived=0)
        shop.clock.time += 12
        shown = look(follower, given)
        assert (shown.moved, shown.arrived, shown.ended) == (True, 1, ())
        assert not look(follower, given).moved
        (batch,) = given.journal.batches.open()
        assert batch.state is BatchState.RUNNING
        shop.clock.time += 60
        shown = look(follower, given)
        assert (shown.moved, shown.arrived, [one.id for one in shown.ended]) == (True, 2, [1])
        assert given.journal.batches.open() == []


def test_one_order_that_moves_is_enough_and_all_that_arrives_is_counted(world: Callable[..., World]) -> None:
    shop = sent(world, records=4, size=2)
    with session(shop) as given:
        follower = Follower(given)
        look(follower, given)
        shop.clock.time += 12
        shown = look(follower, given)
        assert (shown.moved, shown.arrived, shown.ended) == (True, 1, ()), "the second order has not moved"
        shop.clock.time += 120
        shown = look(follower, given)
        assert (shown.moved, shown.arrived, [one.id for one in shown.ended]) == (True, 3, [1, 2])


def test_a_request_that_waits_is_not_called_running(world: Callable[..., World]) -> None:
    shop = sent(world, records=4, size=2)
    with session(shop) as given:
        look(Follower(given), given)
        assert [batch.state for batch in given.journal.batches.open()] == [BatchState.RUNNING, BatchState.ACCEPTED]


def test_a_request_whose_id_was_never_told_is_known_by_its_records(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS, capacity=1, seconds_per_record=10.0)

    class Nameless(Wrapped):
        """An answer that holds one of the texts, and no request."""

        def generate(self, request: Any, *, before_send: Callable[[], None]) -> Any:
            self.inner.generate(request, before_send=before_send)
            shop.clock.time += 12
            shop.simulator.look()
            return Attempt(
                Sent.LEFT, 200, texts=tuple(self.inner.texts("Product", "shop", "en", ["A1"], ["page title"]))
            )

    shop.wrap_service = Nameless
    shop.run(detach=True)
    with session(shop) as given:
        (batch,) = given.journal.batches.open()
        assert batch.request_id == ""
        shown = look(Follower(given), given)
        assert (shown.running, shown.queued) == (1, 0)
        assert outcome(given)[1]["A1"][0] is ItemState.DONE
        shop.foreign_order("A1", "A2", fields=["page title"])
        assert look(Follower(given), given).running == 0, "of two that look like it, neither is taken for it"


@pytest.mark.parametrize("user", ["", "somebody else"])
def test_a_request_for_the_same_records_is_a_twin_when_it_is_by_the_same_user_and_is_told_once(
    world: Callable[..., World], user: str
) -> None:
    shop = sent(world)
    (ours,) = shop.simulator.requests
    twin = shop.foreign_order("A1", "A2", "A3", fields=["page title"])

    class Users(Wrapped):
        def active_requests(self) -> Any:
            found = self.inner.active_requests()
            return tuple(replace(one, user=user) if user and one.request_id == twin else one for one in found)

    shop.wrap_service = Users
    with session(shop) as given:
        follower = Follower(given)
        first, second = look(follower, given), look(follower, given)
    told = [(batch.request_id, request.request_id) for batch, request in first.twins]
    assert told == ([] if user else [(ours, twin)])
    assert second.twins == ()


def test_a_request_like_one_that_others_started_is_no_twin_of_ours(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS, capacity=1, seconds_per_record=100.0)
    shop.foreign_order("A1", "A2", fields=["page title"])
    shop.run(detach=True)
    shop.foreign_order("A1", "A2", fields=["page title"])
    with session(shop) as given:
        assert look(Follower(given), given).twins == ()


def test_a_request_of_others_is_followed_from_the_text_that_was_there(world: Callable[..., World]) -> None:
    shop = world(records=1, headings=HEADINGS)
    shop.run()
    shop.foreign_order("A1", fields=["page title"])
    shop.put("A1", "Action", "Regenerate")
    shop.run(detach=True)
    with shop.open_journal() as journal:
        batch = journal.batches.batches()[-1]
    assert batch.found
    assert [item.baseline for item in batch.items] == [shop.simulator.account.ledger[0].text_id]


# ------------------------------------------------------------------------------------ ends of every kind


class Ending(Wrapped):
    """A service whose request stands as a test says; its texts are the simulator's."""

    change: dict[str, Any]

    def active_requests(self) -> Any:
        return ()

    def request(self, request_id: str) -> RequestDetails:
        empty: dict[str, Any] = dict.fromkeys(("queued", "running", "completed", "failed"), frozenset())
        found: RequestDetails = self.inner.request(request_id)
        return replace(found, **{**empty, "estimated_end": None, **self.change})


def ending(state: RequestState, *, total: int | None = None, **ids: str) -> type[Ending]:
    change = {name: frozenset(value.split()) for name, value in ids.items()}
    return type("End", (Ending,), {"change": {"state": state, "total": total, **change}})


MADE_NOT = "the service could not make it; run again to have it tried again"
NO_TEXT = "the service says it is done, but there is no text"
STOPPED = "stopped before it was made"
NO_TIME = "the service ran out of time; run again to have it tried again"
NO_WORD = "the request has ended without a word about it"
OTHERS = "a request of somebody else held the record, and did not make this text"


@pytest.mark.parametrize(
    ("end", "found", "state", "item", "reason"),
    [
        (ending(RequestState.COMPLETED, completed="A1", failed="A1"), False, "collected", ItemState.FAILED, MADE_NOT),
        (ending(RequestState.COMPLETED, completed="A1", failed="A1"), True, "collected", ItemState.FAILED, MADE_NOT),
        (ending(RequestState.COMPLETED, completed="A1"), False, "collected", ItemState.UNKNOWN, NO_TEXT),
        (ending(RequestState.COMPLETED, completed="A1"), True, "collected", ItemState.NOT_SENT, OTHERS),
        (ending(RequestState.CANCELLED, completed="A1"), True, "cancelled", ItemState.UNKNOWN, NO_TEXT),
        (ending(RequestState.CANCELLED, queued="A1"), False, "cancelled", ItemState.CANCELLED, STOPPED),
        (ending(RequestState.CANCELLED, queued="A1"), True, "cancelled", ItemState.CANCELLED, STOPPED),
        (ending(RequestState.CANCELLING, failed="A9", total=1), False, "cancelled", ItemState.CANCELLED, STOPPED),
        (ending(RequestState.TIMED_OUT, queued="A1"), False, "collected", ItemState.FAILED, NO_TIME),
        (ending(RequestState.FAILED, queued="A1"), False, "collected", ItemState.UNKNOWN, NO_WORD),
        (ending(RequestState.RUNNING, failed="A9", total=1), False, "collected", ItemState.UNKNOWN, NO_WORD),
    ],
)
def test_what_a_request_has_left_unmade_when_it_ends_is_told_with_the_reason(
    world: Callable[..., World], end: type[Ending], found: bool, state: str, item: ItemState, reason: str
) -> None:
    shop = world(records=1, headings=HEADINGS, seconds_per_record=1000.0)
    if found:
        shop.foreign_order("A1", fields=["page title"])
    shop.run(detach=True)
    shop.wrap_service = end
    with session(shop) as given:
        follower = Follower(given)
        look(follower, given)
        shop.clock.time += PATIENCE
        look(follower, given)
        assert outcome(given) == (BatchState(state), {"A1": (item, "", reason)})


@pytest.mark.parametrize("running", ["", "A1"])
def test_p03_a_request_out_of_time_ends_when_what_it_was_making_is_made(
    world: Callable[..., World], running: str
) -> None:
    shop = sent(world, records=1, seconds_per_record=1000.0)
    shop.wrap_service = ending(RequestState.TIMED_OUT, running=running)
    with session(shop) as given:
        assert bool(look(Follower(given), given).ended) is not bool(running)


def test_an_end_without_a_text_that_should_be_there_is_waited_for_and_then_told(world: Callable[..., World]) -> None:
    shop = sent(world, records=2, seconds_per_record=1000.0)
    shop.wrap_service = ending(RequestState.COMPLETED, completed="A1 A2")
    with session(shop) as given:
        follower = Follower(given)
        for seconds in (0.0, PATIENCE - 0.5):
            shop.clock.time += seconds
            assert look(follower, given) == Look(moved=False)
        shop.clock.time += 0.5
        shown = look(follower, given)
        assert (shown.moved, shown.arrived, [one.id for one in shown.ended]) == (True, 0, [1])


def test_what_failed_is_not_waited_for(world: Callable[..., World]) -> None:
    shop = sent(world, records=2, seconds_per_record=1000.0)
    shop.wrap_service = ending(RequestState.COMPLETED, completed="A1 A2", failed="A1 A2")
    with session(shop) as given:
        shown = look(Follower(given), given)
    assert (shown.moved, shown.arrived, [one.id for one in shown.ended]) == (True, 0, [1])


class Gone(Wrapped):
    """A service that does not know our requests any more."""

    def active_requests(self) -> Any:
        return ()

    def request(self, request_id: str) -> Any:
        raise NotFound(404, f"There is no request {request_id}.")


@pytest.mark.parametrize("end", [Gone, ending(RequestState.COMPLETED, completed="A1 A2 A3")])
def test_each_text_that_arrives_gives_the_others_more_time(world: Callable[..., World], end: type[Wrapped]) -> None:
    shop = sent(world, seconds_per_record=0.0)
    visible: set[str] = set()

    class Showing(Wrapped):
        def texts(self, *args: Any, **options: Any) -> Any:
            return [one for one in self.inner.texts(*args, **options) if one.key.record.record_id in visible]

    shop.wrap_service = lambda inner: end(Showing(inner))
    with session(shop) as given:
        follower = Follower(given)
        assert look(follower, given) == Look(moved=False)
        for record_id in ("A1", "A2"):
            shop.clock.time += PATIENCE - 1
            visible.add(record_id)
            assert look(follower, given) == Look(moved=True, arrived=1, made=1)
        shop.clock.time += PATIENCE - 1
        assert look(follower, given) == Look(moved=False)
        visible.add("A3")
        shown = look(follower, given)
        assert (shown.moved, shown.arrived, [one.id for one in shown.ended]) == (True, 1, [1])
        assert outcome(given)[0] is BatchState.COLLECTED


@pytest.mark.parametrize(("found", "state"), [(False, ItemState.UNKNOWN), (True, ItemState.NOT_SENT)])
def test_p01_what_a_vanished_request_left_is_unknown_but_nobodys_doubt_where_others_had_sent_it(
    world: Callable[..., World], found: bool, state: ItemState
) -> None:
    shop = world(records=1, headings=HEADINGS, seconds_per_record=1000.0)
    if found:
        shop.foreign_order("A1", fields=["page title"])
    shop.run(detach=True)
    shop.wrap_service = Gone
    with session(shop) as given:
        follower = Follower(given)
        assert look(follower, given) == Look(moved=False)
        shop.clock.time += PATIENCE - 0.5
        assert look(follower, given) == Look(moved=False)
        shop.clock.time += 0.5
        shown = look(follower, given)
        assert (shown.moved, shown.arrived, [one.id for one in shown.ended]) == (True, 0, [1])
        reason = "the service no longer knows the request, and there is no text"
        assert outcome(given) == (BatchState.GONE, {"A1": (state, "", reason)})


# ---------------------------------------------------------------------------------------- reconciling


def doubtful(world: Callable[..., World], seconds: float = 10.0) -> World:
    """Make an order that reached the service unseen: its answer was lost, and nothing could be looked at then."""

    class Blind(Wrapped):
        def active_requests(self) -> Any:
            return ()

        def texts(self, *_: Any, **__: Any) -> Any:
            return []

    shop = world(
        records=3, headings=HEADINGS, capacity=1, seconds_per_record=seconds, faults="lost:on=generate,count=1"
    )
    shop.wrap_service = Blind
    shop.run()
    shop.wrap_service = as_it_is
    return shop


class Unlisted(Wrapped):
    """A service whose list of requests shows none: only the texts can tell."""

    def active_requests(self) -> Any:
        return ()


@pytest.mark.parametrize(
    ("seconds", "state", "texts"),
    [(0.0, BatchState.UNKNOWN, None), (12.0, BatchState.ACCEPTED, 1), (60.0, BatchState.COLLECTED, 3)],
)
def test_texts_prove_an_order_and_all_of_them_end_it(
    world: Callable[..., World], seconds: float, state: BatchState, texts: int | None
) -> None:
    shop = doubtful(world)
    shop.clock.time += seconds
    shop.wrap_service = Unlisted
    with session(shop) as given:
        (event,) = settle(given)
        assert event.detail.get("texts") == texts
        assert outcome(given)[0] is state
        if texts:
            assert event.message == f"Batch 1 had reached the service, which has {texts} of 3 texts."


def test_a_text_that_an_earlier_look_took_in_proves_an_order_as_well(world: Callable[..., World]) -> None:
    shop = doubtful(world)
    shop.wrap_service = Unlisted
    with session(shop) as given:
        (batch,) = given.journal.batches.unknown()
        given.journal.collect(1, (), (), [(batch.items[0].key, ItemState.DONE, "t1", "")])
        (event,) = settle(given)
        assert (event.kind, outcome(given)[0]) == ("found", BatchState.ACCEPTED)


def test_two_requests_that_could_be_it_prove_nothing(world: Callable[..., World]) -> None:
    shop = doubtful(world)
    lands_late(shop, "A1", "A2", "A3")
    with session(shop) as given:
        (event,) = settle(given)
        assert (event.kind, outcome(given)[0]) == ("unknown", BatchState.UNKNOWN)


def test_recovering_settles_what_an_earlier_process_left_in_doubt(world: Callable[..., World]) -> None:
    shop = doubtful(world)
    with session(shop) as given:
        assert [event.kind for event in recover(given)] == ["found"]
        (batch,) = given.journal.batches.open()
    assert batch.request_id == next(iter(shop.simulator.requests))


# ---------------------------------------------------------------------------- given up, and there all the same


def given_up(world: Callable[..., World], *, seconds: float = 10.0) -> World:
    shop = world(records=3, headings=HEADINGS, seconds_per_record=seconds, faults="500:on=generate,count=1")
    shop.run()
    return shop


def test_r9_an_order_that_lands_just_before_it_is_sent_again_is_told_by_its_older_texts(
    world: Callable[..., World],
) -> None:
    shop = given_up(world, seconds=0.0)

    class Overtaking(Wrapped):
        def generate(self, *args: Any, **options: Any) -> Any:
            lands_late(shop, "A1", "A2", "A3")
            shop.clock.time += 1
            shop.simulator.look()
            return self.inner.generate(*args, **options)

    shop.wrap_service = Overtaking
    shop.run(resend=[1])
    shop.wrap_service = as_it_is
    shop.run()
    ledger = [one.text_id for one in shop.simulator.account.ledger]
    told = duplicates(shop)
    assert sorted(one.found for one in told) == sorted(ledger[:3])
    assert sorted(one.kept for one in told) == sorted(ledger[3:])
    assert {one.batch for one in told} == {1}, "it was the first order that came after all"


def test_r9_what_shows_before_its_successor_has_come_is_told_without_a_text_that_is_kept(
    world: Callable[..., World],
) -> None:
    shop = given_up(world, seconds=1000.0)
    shop.run(resend=[1], detach=True)
    request_id = lands_late(shop, "A1", "A2", "A3")
    with session(shop) as given:
        list(settle(given))
    assert {(one.found, one.kept) for one in duplicates(shop)} == {(request_id, "")}


def test_r9_of_several_texts_that_nobody_ordered_the_newest_is_told(world: Callable[..., World]) -> None:
    shop = given_up(world, seconds=0.0)
    shop.run(resend=[1])
    for _ in range(2):
        lands_late(shop, "A1", "A2", "A3")
        shop.clock.time += 1
        shop.simulator.look()
    with session(shop) as given:
        list(settle(given))
    newest = [one.text_id for one in shop.simulator.account.ledger][-3:]
    assert sorted(one.found for one in duplicates(shop)) == sorted(newest)


def test_r9_a_text_that_may_still_come_from_another_order_says_nothing(world: Callable[..., World]) -> None:
    shop = given_up(world, seconds=5.0)
    shop.run(resend=[1], detach=True)
    shop.clock.time += 3600
    with session(shop) as given:
        assert list(settle(given)) == [], "the texts that are there are the answer to the second order"
    assert duplicates(shop) == []
    shop.run()
    assert shop.empty_cells() == []
    assert duplicates(shop) == []
