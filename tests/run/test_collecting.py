"""What becomes of a text that arrives: its delivery, its price, and what is told when one order brings two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.batch import ItemState
from sync.errors import JournalError
from sync.model import Origin
from sync.run.collect import EMPTY
from sync.run.events import Event
from tests.run.sessions import session
from tests.run.test_given_up import HEADINGS, duplicates
from tests.run.world import World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def test_j02_texts_the_journal_cannot_take_are_taken_down_elsewhere_word_for_word(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS, seconds_per_record=0.0)
    receipts: list[Mapping[str, object]] = []
    shop.session["receipt"] = receipts.append

    class Full(Wrapped):
        def collect(self, *_: Any) -> None:
            raise JournalError("The disk is full.")

    shop.wrap_journal = Full
    outcome = shop.run(writes=False)
    assert isinstance(outcome.error, JournalError)
    made = shop.simulator.account.ledger
    shown = {key.record_id: found[-1].value for key, found in shop.simulator.shelf.texts.items()}
    assert receipts == [
        {
            "what": "texts that arrived and could not be written into the journal",
            "batch": 1,
            "request": next(iter(shop.simulator.requests)),
            "texts": [
                {"record": one.record_id, "field": "page title", "id": one.text_id, "value": shown[one.record_id]}
                for one in sorted(made, key=lambda one: one.record_id)
            ],
        }
    ]


@pytest.mark.parametrize("ours", [True, False])
def test_a_delivery_says_where_its_text_is_from_what_it_was_ordered_for_and_what_it_cost(
    world: Callable[..., World], ours: bool
) -> None:
    shop = world(records=1, headings=HEADINGS, seconds_per_record=30.0)
    shop.session["as_cell"] = lambda value: f"({value})"
    if not ours:
        shop.foreign_order("A1", fields=["page title"])
    shop.run()
    (made,) = shop.simulator.account.ledger
    with shop.open_journal() as journal:
        (item,) = journal.texts.deliveries(again=True)
        (batch,) = journal.batches.batches()
    (text,) = [found[-1].value for found in shop.simulator.shelf.texts.values()]
    assert (item.text_id, item.value, item.was, item.run_id) == (made.text_id, f"({text})", "", "run1")
    assert item.input_digest == batch.items[0].input_digest
    assert (item.origin, item.credits) == ((Origin.GENERATED, 1.0) if ours else (Origin.PULLED, 0.0))


def test_a_text_the_service_has_already_is_fetched_and_costs_nothing(world: Callable[..., World]) -> None:
    shop = world(records=1, headings=HEADINGS)
    shop.session["as_cell"] = lambda value: f"({value})"
    shop.foreign_order("A1", fields=["page title"])
    shop.clock.time += 600
    shop.simulator.look()
    shop.run()
    assert shop.posts() == 0
    (made,) = shop.simulator.account.ledger
    (text,) = [found[-1].value for found in shop.simulator.shelf.texts.values()]
    with shop.open_journal() as journal:
        (item,) = journal.texts.deliveries(again=True)
        assert journal.doubts.seen(item.key) == {made.text_id}
    assert (item.text_id, item.value, item.was, item.run_id) == (made.text_id, f"({text})", "", "run1")
    assert (item.origin, item.credits) == (Origin.PULLED, 0.0)


def test_p09_an_empty_text_brings_the_cell_as_it_was_with_the_reason_and_the_price(world: Callable[..., World]) -> None:
    shop = world(records=1, headings=HEADINGS, faults="empty:count=1")
    shop.put("A1", "Page title", "My own words")
    shop.put("A1", "Action", "Regenerate")
    shop.run()
    (made,) = shop.simulator.account.ledger
    with shop.open_journal() as journal:
        (item,) = journal.texts.deliveries(again=True)
        (batch,) = journal.batches.batches()
        told = next(iter(journal.outcomes().values()))
    assert (item.text_id, item.value, item.was, item.run_id) == (made.text_id, "My own words", "My own words", "run1")
    assert item.origin is Origin.NOTHING
    assert item.input_digest == batch.items[0].input_digest
    assert (told.item, told.reason, told.credits) == (ItemState.EMPTY, EMPTY, 1.0)
    assert EMPTY == "the service made an empty text, and charged for it; choose Generate for a new one"


def test_s22_an_order_that_was_made_twice_is_told_once(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS, seconds_per_record=0.0, faults="twice:count=1")
    told: list[Event] = []
    shop.session["tell"] = told.append
    shop.run()
    shop.run()
    assert told == [
        Event(
            "duplicate",
            "Of batch 1, 3 texts were made twice, and charged twice. The newer of each is taken; `wtsync status --json`"
            " lists both ids of each, for a claim.",
            {"batch": 1, "texts": 3},
        )
    ]
    assert {one.batch for one in duplicates(shop)} == {1}


def test_s22_what_somebody_else_ordered_twice_is_not_our_duplicate(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS, seconds_per_record=30.0)
    shop.foreign_order("A1", "A2", fields=["page title"])
    shop.run(detach=True)
    shop.clock.time += 300
    shop.simulator.look()
    shop.foreign_order("A1", "A2", fields=["page title"])
    shop.clock.time += 300
    shop.run()
    assert shop.empty_cells() == []
    assert duplicates(shop) == []


def test_a_text_that_was_there_before_is_missing_still(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS)
    shop.run()
    for record_id in ("A1", "A2"):
        shop.put(record_id, "Action", "Regenerate")
    shop.faults("fail:count=1")
    shop.run()
    with session(shop) as given:
        states = sorted(item.state for item in given.journal.batches.batches()[-1].items)
    assert states == [ItemState.DONE, ItemState.FAILED]
