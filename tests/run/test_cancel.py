"""Cancelling: asked for, followed to the end, what was finished collected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.batch import BatchState
from sync.errors import Rejected
from tests.run.checks import unresolved, violations
from tests.run.seams import Crash, Seams
from tests.run.test_submit import states, tally
from tests.run.world import World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable


def half_way(world: Callable[..., World], **settings: Any) -> World:
    """Send everything, let the service make some of it."""
    shop = world(**{"records": 8, "capacity": 2, "seconds_per_record": 10.0, **settings})
    shop.run(first=4, size=4, detach=True)
    shop.clock.time += 15
    return shop


def test_p12_cancelling_collects_what_was_finished_and_what_was_being_made(world: Callable[..., World]) -> None:
    shop = half_way(world)
    shop.run(cancelling=True)
    made = {one.record_id for one in shop.simulator.account.ledger}
    assert 0 < len(made) < 8
    assert {record for record, _ in shop.empty_cells()} == {f"A{n}" for n in range(1, 9)} - made
    counted = tally(shop)
    assert (counted.done, counted.cancelled, counted.open, counted.unknown) == (2 * len(made), 16 - 2 * len(made), 0, 0)
    assert counted.credits == sum(one.credits for one in shop.simulator.account.ledger)
    assert counted.stopped_min == counted.stopped_max == (8 - len(made)) * 3.0
    assert set(states(shop)) <= {BatchState.CANCELLED, BatchState.COLLECTED}
    assert violations(shop) == []
    shop.clock.time += 1000
    assert violations(shop) == [], "nothing comes after the receipt"


def test_p12_what_was_stopped_is_made_by_the_next_run(world: Callable[..., World]) -> None:
    shop = half_way(world)
    shop.run(cancelling=True)
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


@pytest.mark.parametrize("error", ["reset:on=cancel,count=1", "503:on=cancel,count=1"])
def test_p13_a_cancellation_that_was_lost_is_asked_for_again(world: Callable[..., World], error: str) -> None:
    shop = world(records=8, capacity=1, seconds_per_record=10.0, faults=error)
    shop.clock.at.append((shop.clock.time + 12, lambda: _ask(shop)))
    shop.run(first=4, size=4)
    assert len(shop.empty_cells()) >= 8, "most of it was stopped"
    assert tally(shop).open == 0
    assert violations(shop) == []


def _ask(world: World) -> None:
    with world.open_journal() as journal:
        journal.batches.ask_to_cancel("")


def test_a_cancellation_asked_from_another_process_stops_the_run(world: Callable[..., World]) -> None:
    shop = world(records=12, capacity=1, seconds_per_record=10.0)
    shop.clock.at.append((shop.clock.time + 12, lambda: _ask(shop)))
    outcome = shop.run(first=4, size=4, window=2)
    assert outcome.driver is not None
    assert outcome.driver.sender.cancelled
    assert shop.posts() == 2, "what was waiting is not sent any more"
    counted = tally(shop)
    assert counted.done > 0
    assert counted.done + counted.cancelled == 24
    assert violations(shop) == []
    with shop.open_journal() as journal:
        assert not journal.batches.asked_to_cancel()


def test_p13_a_service_that_refuses_to_stop_one_request_is_still_asked_about_the_others(
    world: Callable[..., World],
) -> None:
    shop = half_way(world)
    first = next(iter(shop.simulator.requests))

    class Refusing(Wrapped):
        def cancel(self, request_id: str) -> None:
            if request_id == first:
                raise Rejected(409, "The service refused (it is about to end).")
            self.inner.cancel(request_id)

    shop.wrap_service = Refusing
    outcome = shop.run(cancelling=True)
    assert outcome.error is None
    assert any("about to end" in event.message for event in outcome.events)
    assert {record for record, _ in shop.empty_cells()} == {"A5", "A6", "A7", "A8"}
    assert violations(shop) == []


def test_p13_a_request_that_the_service_no_longer_knows_is_collected(world: Callable[..., World]) -> None:
    shop = half_way(world, retention=5.0)
    shop.clock.time += 3600
    shop.run(cancelling=True)
    assert shop.empty_cells() == []
    assert violations(shop) == []


@pytest.mark.parametrize("seam", ["after intend", "after generate"])
def test_p14_cancelling_first_looks_for_what_nobody_could_say_about_and_then_stops_it(
    world: Callable[..., World], seam: str
) -> None:
    shop = world(records=8, capacity=2, seconds_per_record=10.0)
    shop.wrap_service = shop.wrap_journal = Seams(name=seam).wrap
    with pytest.raises(Crash, match=seam):
        shop.run(first=8)
    shop.wrap_service = shop.wrap_journal = lambda inner: inner
    outcome = shop.run(cancelling=True)
    reached = seam == "after generate"
    assert ("found" in outcome.kinds()) == reached
    assert states(shop) == [BatchState.CANCELLED if reached else BatchState.UNKNOWN]
    assert violations(shop) == []
    shop.clock.time += 3600
    assert violations(shop) == []


@pytest.mark.parametrize(("spec", "posts"), [("lost:on=generate,count=1", 1), ("500:on=generate,count=1", 1)])
def test_p14_after_cancelling_everything_that_may_have_been_ordered_is_ended_or_named(
    world: Callable[..., World], spec: str, posts: int
) -> None:
    class Blind(Wrapped):
        """Nothing of the service can be seen while the order is sent."""

        def active_requests(self) -> Any:
            return ()

        def texts(self, *_: Any, **__: Any) -> Any:
            return []

    shop = world(records=6, capacity=1, seconds_per_record=10.0, faults=spec)
    shop.wrap_service = Blind
    shop.run(first=6)
    assert states(shop) == [BatchState.UNKNOWN]
    shop.wrap_service = lambda inner: inner
    shop.clock.time += 15
    outcome = shop.run(cancelling=True)
    assert shop.posts() == posts
    reached = spec.startswith("lost")
    assert ("unknown" in outcome.kinds()) != reached
    assert (states(shop)[0] in {BatchState.CANCELLED, BatchState.COLLECTED}) == reached
    assert bool(unresolved(shop)) != reached
    assert violations(shop) == []


@pytest.mark.parametrize(("records", "stopped"), [(("A1", "A2"), True), (("A1", "Z9"), False)])
def test_a_request_of_somebody_else_is_stopped_only_when_all_its_records_are_in_this_workbook(
    world: Callable[..., World], records: tuple[str, ...], stopped: bool
) -> None:
    shop = world(records=4, capacity=1, seconds_per_record=10.0)
    request = shop.foreign_order(*records)
    shop.run(first=2, detach=True)
    shop.run(cancelling=True)
    assert bool(shop.simulator.requests[request].dropped) is stopped
    assert violations(shop) == []
