"""What was given up and turns up all the same, what arrives twice, and what somebody else was quicker with."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from sync.batch import BatchState
from sync.model import Kind, Policies
from sync.run.reconcile import give_up
from tests.run.checks import charges, violations
from tests.run.world import Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sync.batch import Batch, Duplicate
    from sync.service import Service
    from tests.run.world import World

HEADINGS = ("Action", "Record ID", "Name", "Page title")


def duplicates(shop: World) -> list[Duplicate]:
    with shop.open_journal() as journal:
        return journal.doubts.duplicates()


def unknown(shop: World) -> int:
    """Run until one batch is in doubt: its order was refused by a gateway that had not passed it on (yet)."""
    shop.faults("500:on=generate,count=1")
    shop.run()
    with shop.open_journal() as journal:
        (batch,) = journal.batches.unknown()
    assert batch.state is BatchState.UNKNOWN
    return batch.id


@contextmanager
def signed_in(shop: World) -> Iterator[Service]:
    with shop.service() as client:
        client.sign_in()
        yield client


def lands_late(shop: World, *record_ids: str) -> str:
    """Let an order of ours reach the service that everybody had given up."""
    request_id = shop.foreign_order(*record_ids, fields=["page title"])
    shop.foreign.discard(request_id)
    return request_id


@pytest.mark.parametrize("action", ["", "Generate", "Regenerate"])
def test_r8_what_is_taken_for_lost_is_left_alone_until_it_is_to_be_sent_again(
    world: Callable[..., World], action: str
) -> None:
    """The Action that had it ordered stands there still: it is no new wish, and no yes for paying once more."""
    shop = world(records=3, headings=HEADINGS)
    for record_id in ("A1", "A2", "A3"):
        shop.put(record_id, "Action", action)
    number = unknown(shop)
    with signed_in(shop) as client, shop.open_journal(client) as journal:
        session = shop._session(client, journal, *_nothing())
        assert give_up(session, number, resend=False)
        assert not give_up(session, number, resend=False)
    posts = shop.posts()
    plan = shop.run().plan
    assert plan is not None
    assert plan.counts == {"left": 3}
    assert shop.posts() == posts
    shop.run(resend=[number])
    assert shop.empty_cells() == []
    assert violations(shop) == []
    assert set(charges(shop).values()) == {1}


def test_other_words_in_the_cell_of_what_was_taken_for_lost_make_a_new_wish(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS)
    number = unknown(shop)
    with signed_in(shop) as client, shop.open_journal(client) as journal:
        assert give_up(shop._session(client, journal, *_nothing()), number, resend=False)
    shop.put("A1", "Page title", "Words of her own")
    shop.put("A1", "Action", "Regenerate")
    plan = shop.run().plan
    assert plan is not None
    assert plan.counts == {"generate": 1, "left": 2}


def test_r9_an_order_taken_for_lost_that_arrives_is_followed_and_no_duplicate(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS, seconds_per_record=30.0)
    number = unknown(shop)
    with signed_in(shop) as client, shop.open_journal(client) as journal:
        assert give_up(shop._session(client, journal, *_nothing()), number, resend=False)
    lands_late(shop, "A1", "A2", "A3")
    shop.run()
    assert shop.empty_cells() == []
    assert duplicates(shop) == []
    assert set(charges(shop).values()) == {1}


def test_r9_an_order_sent_again_that_arrives_all_the_same_is_told_with_both_ids(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS)
    number = unknown(shop)
    shop.run(resend=[number])
    assert shop.empty_cells() == []
    lands_late(shop, "A1", "A2", "A3")
    shop.clock.sleep(60)
    outcome = shop.run()
    assert "duplicate" in outcome.kinds()
    found = duplicates(shop)
    assert len(found) == 3
    ledger = {one.text_id for one in shop.simulator.account.ledger}
    assert {one.found for one in found} | {one.kept for one in found} == ledger
    assert "duplicate" not in shop.run().kinds(), "it is told once"


class Sparing(Wrapped):
    """A journal of which nobody may read all that was ever ordered."""

    @property
    def batches(self) -> Any:
        return SomeBatches(self.inner.batches)


class SomeBatches(Wrapped):
    def batches(self, states: Collection[BatchState] = ()) -> list[Batch]:
        assert states, "all batches are read"
        return self.inner.batches(states)  # type: ignore[no-any-return]


def test_r9_what_was_sent_again_and_turns_up_is_told_without_reading_all_that_was_ever_ordered(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, headings=HEADINGS)
    number = unknown(shop)
    shop.run(resend=[number])
    lands_late(shop, "A1", "A2", "A3")
    shop.clock.sleep(60)
    shop.wrap_journal = Sparing
    assert "duplicate" in shop.run().kinds()
    with shop.open_journal() as journal:
        kept = {item.key: item.text_id for item in journal.batches.batches()[-1].items}
        assert {one.key: one.kept for one in journal.doubts.duplicates()} == kept


def test_r9_a_request_that_shows_after_sending_again_is_told_by_its_id(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS, seconds_per_record=30.0)
    number = unknown(shop)
    shop.run(resend=[number])
    request_id = lands_late(shop, "A1", "A2", "A3")
    assert "duplicate" in shop.run().kinds()
    assert {one.found for one in duplicates(shop)} == {request_id}


def test_s22_an_order_that_is_delivered_twice_is_noticed_and_its_twin_stopped(world: Callable[..., World]) -> None:
    shop = world(records=5, headings=HEADINGS, capacity=1, seconds_per_record=20.0)
    shop.faults("twice:count=1")
    outcome = shop.run()
    assert "duplicate" in outcome.kinds()
    states = sorted(request.status for request in shop.simulator.requests.values())
    assert states == ["Cancelled", "Completed"]
    assert len(duplicates(shop)) == 5
    assert shop.empty_cells() == []
    assert sum(charges(shop).values()) < 10, "the twin was stopped before all of it was made"


def test_s24_what_somebody_else_had_made_since_the_plan_is_not_ordered_but_fetched(world: Callable[..., World]) -> None:
    shop = world(records=4, headings=HEADINGS)

    class Quicker(Wrapped):
        """Between our plan and our order, somebody else orders and gets two of the texts."""

        def balance(self) -> Any:
            if not shop.foreign:
                shop.foreign_order("A1", "A2", fields=["page title"])
                shop.clock.sleep(60)
            return self.inner.balance()

    shop.wrap_service = Quicker
    outcome = shop.run(first=4)
    assert "overtaken" in outcome.kinds()
    assert {one: count for (one, _, _), count in charges(shop).items()} == dict.fromkeys(("A1", "A2", "A3", "A4"), 1)
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_p09_an_empty_text_is_counted_as_charged_and_neither_fetched_nor_ordered_again(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, headings=HEADINGS)
    shop.faults("empty:p=1,count=1")
    shop.run()
    with shop.open_journal() as journal:
        tally = journal.tally({"run1"})
    assert (tally.empty, tally.done) == (1, 2)
    assert tally.credits == sum(one.credits for one in shop.simulator.account.ledger)
    posts = shop.posts()
    plan = shop.run().plan
    assert plan is not None
    assert plan.counts == {"left": 1, "unchanged": 2}
    assert shop.posts() == posts


def test_p09_an_empty_text_agrees_on_nothing_so_that_a_later_text_does_not_take_the_place_of_a_persons_words(
    world: Callable[..., World],
) -> None:
    shop = world(records=1, headings=HEADINGS)
    shop.put("A1", "Page title", "My own words")
    shop.put("A1", "Action", "Regenerate")
    shop.faults("empty:p=1,count=1")
    shop.run()
    shop.run()
    assert shop.cell("A1", "Page title") == "My own words"
    assert not shop.cell("A1", "Action"), "the wish was carried out, and paid for"
    shop.foreign_order("A1", fields=["page title"])  # somebody has it made again, on the service's own screen
    shop.clock.sleep(60)
    plan = shop.run().plan
    assert plan is not None
    assert [note.kind for note in plan.notes] == [Kind.CONFLICT]
    assert shop.cell("A1", "Page title") == "My own words"


def test_p09_an_empty_text_for_a_generated_one_leaves_what_was_agreed_before(world: Callable[..., World]) -> None:
    shop = world(records=1, headings=HEADINGS)
    shop.run()
    first = shop.cell("A1", "Page title")
    shop.put("A1", "Action", "Regenerate")
    shop.faults("empty:p=1,count=1")
    shop.run()
    assert shop.cell("A1", "Page title") == first
    shop.foreign_order("A1", fields=["page title"])
    shop.clock.sleep(60)
    shop.run()
    assert shop.cell("A1", "Page title") not in {"", first}, "nobody has touched the cell: the newer text is fetched"


def test_s22_p07_of_an_order_made_twice_before_anybody_looked_the_older_texts_are_kept_and_told(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, headings=HEADINGS, seconds_per_record=0.0)
    said: list[Any] = []
    shop.session["tell"] = said.append
    shop.faults("twice:count=1")
    shop.run()
    assert [(one.kind, dict(one.detail), one.quiet) for one in said] == [("duplicate", {"batch": 1, "texts": 3}, False)]
    assert "Of batch 1, 3 texts were made twice, and charged twice." in said[0].message
    assert "`wtsync status --json` lists both ids of each" in said[0].message
    ledger = {one.text_id: one.record_id for one in shop.simulator.account.ledger}
    assert sorted(Counter(ledger.values()).values()) == [2, 2, 2]
    told = duplicates(shop)
    assert {(one.found, one.kept) for one in told} == {
        (ids[0], ids[-1]) for one in ("A1", "A2", "A3") if (ids := [key for key in ledger if ledger[key] == one])
    }
    with shop.open_journal() as journal:
        assert all(one.found in journal.doubts.seen(one.key) for one in told)
    shop.run()
    assert duplicates(shop) == told, "it is told once"
    assert len(said) == 1


def test_s22_what_was_made_before_a_regeneration_is_not_taken_for_a_second_delivery(
    world: Callable[..., World],
) -> None:
    shop = world(records=2, headings=HEADINGS)
    shop.run()
    for record in ("A1", "A2"):
        shop.put(record, "Action", "Regenerate")
    shop.run()
    assert sum(charges(shop).values()) == 4
    assert duplicates(shop) == []


def _nothing() -> tuple[Any, Any]:
    """Give a workbook and lists for a session that needs neither."""
    return SimpleNamespace(records=(), pictures={}, policies=Policies()), SimpleNamespace(prices=None)
