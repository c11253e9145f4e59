"""A detached run looks once at what earlier ones left open: what that brings, and what goes wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.batch import BatchState, ItemState
from sync.errors import NotFound, Rejected, Unreachable
from tests.run.checks import violations
from tests.run.world import Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.run.world import World

SECONDS = 10.0
FAILURES = [Rejected(403, "No."), Rejected(429, "Later."), Unreachable("Silence.")]


def left_open(world: Callable[..., World], records: int = 4, size: int = 2) -> World:
    """Send all but the last record and leave; what was sent is finished when somebody looks, and the last is wanted."""
    shop = world(records=records + 1, seconds_per_record=SECONDS)
    shop.put(f"A{records + 1}", "Action", "Skip")
    shop.run(detach=True, first=size, size=size)
    assert len(shop.empty_cells()) == 2 * (records + 1)
    shop.clock.sleep(records * SECONDS)
    shop.put(f"A{records + 1}", "Action", "")
    return shop


def test_what_is_finished_is_collected_without_waiting_for_what_is_not(world: Callable[..., World]) -> None:
    shop = world(records=8, capacity=2, seconds_per_record=100.0)
    shop.run(detach=True, first=2, size=2)
    shop.clock.sleep(150.0)
    began = shop.clock.time
    shop.run(detach=True)
    assert 0 < len(shop.empty_cells()) < 16
    assert shop.clock.time == began
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_asked_to_cancel_in_that_look_it_sends_nothing_and_writes_what_was_made(
    world: Callable[..., World],
) -> None:
    shop = left_open(world)
    orders = shop.posts()

    class Asking(Wrapped):
        def request(self, request_id: str) -> Any:
            with shop.open_journal() as journal:
                journal.batches.ask_to_cancel("")
            return self.inner.request(request_id)

    shop.wrap_service = Asking
    outcome = shop.run(detach=True)
    assert outcome.driver is not None
    assert outcome.driver.sender.cancelled
    assert shop.posts() == orders
    assert len(shop.empty_cells()) == 2, "those of the record that was not sent"


def test_asked_to_cancel_between_two_orders_it_follows_that_to_its_end(
    world: Callable[..., World],
) -> None:
    shop = world(records=6, capacity=1, seconds_per_record=SECONDS)

    class Asking(Wrapped):
        def generate(self, *args: Any, **options: Any) -> Any:
            with shop.open_journal() as journal:
                journal.batches.ask_to_cancel("")
            return self.inner.generate(*args, **options)

    shop.wrap_service = Asking
    outcome = shop.run(detach=True, first=2, size=2)
    assert outcome.driver is not None
    assert outcome.driver.sender.cancelled
    with shop.open_journal() as journal:
        assert journal.batches.open() == []
    assert shop.posts() == 1


@pytest.mark.parametrize("failure", FAILURES)
def test_a_look_that_fails_keeps_no_order_back(world: Callable[..., World], failure: Exception) -> None:
    shop = left_open(world)
    orders = shop.posts()

    class Silent(Wrapped):
        def request(self, _: str) -> Any:
            raise failure

    shop.wrap_service = Silent
    outcome = shop.run(detach=True)
    assert "The service does not say of every order how far it is." in " ".join(one.message for one in outcome.events)
    assert shop.posts() == orders + 1


def test_one_order_that_cannot_be_read_keeps_nothing_of_the_others_back(world: Callable[..., World]) -> None:
    shop = left_open(world, records=6)
    with shop.open_journal() as journal:
        bad = journal.batches.open()[0]

    class Half(Wrapped):
        def request(self, request_id: str) -> Any:
            if request_id == bad.request_id:
                raise Unreachable("Silence.")
            return self.inner.request(request_id)

    shop.wrap_service = Half
    shop.run(detach=True)
    assert len(shop.empty_cells()) == len(bad.items) + 2


def test_a_request_that_has_vanished_without_texts_is_known_for_missing(world: Callable[..., World]) -> None:
    shop = world(records=2, seconds_per_record=1e6)
    shop.run(detach=True)

    class Forgetful(Wrapped):
        def active_requests(self) -> Any:
            return ()

        def request(self, request_id: str) -> Any:
            raise NotFound(404, f"There is no request {request_id}.")

    shop.wrap_service = Forgetful
    shop.run(detach=True)
    with shop.open_journal() as journal:
        batch = journal.batches.batches()[0]
    assert batch.state is BatchState.GONE
    assert {item.state for item in batch.items} == {ItemState.UNKNOWN}
