"""How many orders are open at a time: a few, and more where the service works on all of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from sync.errors import Rejected, Unreachable
from sync.run.look import Look
from sync.run.window import Window
from tests.run.checks import violations
from tests.run.world import World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE, BUSY = Look(idle=True, arrived=1, made=1), Look(waiting=1, queued=9)


class Watched:
    """How many requests were open after each order, and how many texts had been made before it."""

    def __init__(self, shop: World) -> None:
        self.open: list[int] = []
        self.made: list[int] = []
        watched = self

        class Watching(Wrapped):
            def generate(self, *args: Any, **options: Any) -> Any:
                watched.made.append(len(shop.simulator.account.ledger))
                result = self.inner.generate(*args, **options)
                watched.open.append(len(shop.simulator.open_requests()))
                return result

        shop.wrap_service = Watching


def test_a_service_that_works_on_more_than_a_few_orders_hold_is_never_idle(world: Callable[..., World]) -> None:
    shop = world(records=240, capacity=20, seconds_per_record=30.0)
    watched = Watched(shop)
    start = shop.clock.time
    shop.run(first=2, size=2)
    own = 240 * 30.0 / 20
    assert shop.clock.time - start < own * 1.2, "with four orders it would take two and a half times as long"
    assert max(watched.open) >= 10, "what it works on, and the next ones"
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_a_service_with_less_room_gets_no_more_orders_than_usual(world: Callable[..., World]) -> None:
    shop = world(records=40, capacity=3, seconds_per_record=30.0)
    watched = Watched(shop)
    shop.run(first=2, size=2)
    assert max(watched.open) == 4


def test_however_much_a_service_works_on_at_a_time_only_so_many_orders_are_open(world: Callable[..., World]) -> None:
    shop = world(records=170, capacity=1_000, seconds_per_record=3600.0)
    watched = Watched(shop)
    shop.run(first=1, size=1)
    assert max(watched.open) == 16
    assert shop.empty_cells() == []


def test_no_more_than_a_tenth_of_the_orders_is_open_because_there_is_room(world: Callable[..., World]) -> None:
    shop = world(records=120, capacity=1_000, seconds_per_record=3600.0)
    watched = Watched(shop)
    shop.run(first=2, size=2)
    assert max(watched.open) == 6
    assert shop.empty_cells() == []


def test_empty_texts_and_what_others_have_made_are_no_reason_to_order_more() -> None:
    window = Window(4, 6)
    for _ in range(3):
        window = window.after(Look(idle=True, arrived=2))
    assert window.size == 4
    assert window.after(IDLE).size == 5


def test_until_a_first_text_has_come_there_are_no_more_orders_than_usual(world: Callable[..., World]) -> None:
    shop = world(records=40, capacity=1_000, seconds_per_record=3600.0)
    watched = Watched(shop)
    shop.run(first=2, size=2)
    assert watched.made[:5] == [0, 0, 0, 0, watched.made[4]]
    assert watched.made[4] > 0, "a mistake shows while it is cheap"


@pytest.mark.parametrize("left_out", [("queued",), ("queued", "running")])
def test_a_service_that_does_not_list_what_waits_is_not_taken_to_have_nothing_waiting(
    world: Callable[..., World], left_out: tuple[str, ...]
) -> None:
    shop = world(records=40, capacity=3, seconds_per_record=30.0)
    most: list[int] = []

    class Reticent(Wrapped):
        def active_requests(self) -> Any:
            told = self.inner.active_requests()
            return tuple(replace(one, **dict.fromkeys(left_out, frozenset[str]())) for one in told)

        def generate(self, *args: Any, **options: Any) -> Any:
            result = self.inner.generate(*args, **options)
            most.append(len(shop.simulator.open_requests()))
            return result

    shop.wrap_service = Reticent
    shop.run(first=2, size=2)
    assert max(most) == 4
    assert shop.empty_cells() == []


def test_a_window_widens_one_by_one_while_nothing_waits_and_narrows_again_when_much_does() -> None:
    window = Window(4, 6)
    sizes = []
    for look in (Look(idle=True), IDLE, Look(idle=True), Look(idle=True), BUSY, replace(BUSY, waiting=4)):
        window = window.after(look)
        sizes.append(window.size)
    assert sizes == [4, 5, 6, 6, 6, 5]
    for _ in range(3):
        window = window.after(replace(BUSY, waiting=2))
    assert window.size == 4


def test_a_window_that_may_not_widen_stays_as_it_is() -> None:
    assert Window(4, 2).after(IDLE).after(IDLE).size == 4


@pytest.mark.parametrize("unreadable", ["A1", "A7", "A20"])
def test_a_record_that_cannot_be_read_keeps_back_no_text_of_other_orders(
    world: Callable[..., World], unreadable: str
) -> None:
    shop = world(records=20, capacity=20, seconds_per_record=5.0)

    class Damaged(Wrapped):
        def texts(self, type_: str, store: str, language: str, ids: Any, *args: Any, **options: Any) -> Any:
            if options.get("history", 1) > 1 and unreadable in ids:
                raise Unreachable("The service cannot read it.", "")
            return self.inner.texts(type_, store, language, ids, *args, **options)

    shop.wrap_service = Damaged
    shop.run(first=5, size=5)
    with closing(sqlite3.connect(shop.path)) as journal:
        kept = {record for (record,) in journal.execute("SELECT record_id FROM text")}
    assert unreadable not in kept
    assert len(kept) == 15, "all but those of its order"


def test_a_service_that_asks_for_patience_is_not_asked_for_the_texts_of_each_order_instead(
    world: Callable[..., World],
) -> None:
    shop = world(records=20, capacity=20, seconds_per_record=5.0)
    reads: list[float] = []

    class Busy(Wrapped):
        def texts(self, *args: Any, **options: Any) -> Any:
            if options.get("history", 1) == 1:
                return self.inner.texts(*args, **options)
            reads.append(shop.clock.time)
            if len(reads) <= 3:
                raise Rejected(429, "Later.", retry_after=30.0)
            return self.inner.texts(*args, **options)

    shop.wrap_service = Busy
    shop.run(first=5, size=5)
    assert all(later - one >= 30.0 for one, later in pairwise(reads[:4]))
    assert shop.empty_cells() == []


def test_texts_of_several_orders_are_read_with_one_call(world: Callable[..., World]) -> None:
    shop = world(records=20, capacity=20, seconds_per_record=5.0)
    reads: list[int] = []
    looks: list[int] = []

    class Counting(Wrapped):
        def active_requests(self) -> Any:
            looks.append(1)
            return self.inner.active_requests()

        def texts(self, *args: Any, history: int = 1) -> Any:
            if history > 1:  # what is collected; what was there before an order asks for the newest only
                reads.append(len(looks))
            return self.inner.texts(*args, history=history)

    shop.wrap_service = Counting
    shop.run(first=5, size=5)
    assert len(reads) == len(set(reads)), "once a look, whichever orders the texts belong to"
    assert shop.empty_cells() == []
    assert violations(shop) == []
