"""Keyword optimizations: started once, followed with few calls, and what they find goes into texts of the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.attempt import Attempt, Sent
from sync.batch import BatchState, ItemState
from sync.model import KEYWORDS, Kind
from sync.simulator import optimizing, staging
from tests.run.seams import Crash
from tests.run.test_given_up import Sparing
from tests.run.world import STORE, World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

HEADINGS = ("Action", "Record ID", "Name", "Keywords", "Page title")
FIRST = (("Keywords first", "yes"),)


def shop_of(world: Callable[..., World], *, settings: Any = (), **more: Any) -> World:
    return world(headings=HEADINGS, settings=settings, **more)


def wish(shop: World, *record_ids: str) -> None:
    for one in record_ids or [row[1] for row in shop.rows]:
        shop.put(one, "Action", "Keywords")


def starts(shop: World) -> dict[str, int]:
    """Count how often the keywords of each record were paid for: the service's own books."""
    found: dict[str, int] = {}
    for charge in shop.simulator.account.ledger:
        if charge.field == KEYWORDS:
            found[charge.record_id] = found.get(charge.record_id, 0) + 1
    return found


def states(shop: World) -> list[BatchState]:
    with shop.open_journal() as journal:
        return [batch.state for batch in journal.batches.batches() if batch.for_keywords]


def test_the_action_has_keywords_found_and_leaves_the_texts_for_later(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=3)
    wish(shop)
    outcome = shop.run()
    assert outcome.plan is not None
    assert outcome.plan.estimate.max == 18
    assert starts(shop) == {"A1": 1, "A2": 1, "A3": 1}
    assert all(shop.cell(one, "Keywords") and not shop.cell(one, "Action") for one in ("A1", "A2", "A3"))
    assert not any(shop.cell(one, "Page title") for one in ("A1", "A2", "A3"))
    shop.run()
    assert starts(shop) == {"A1": 1, "A2": 1, "A3": 1}, "and texts are made of them, for nothing more"
    assert all(shop.cell(one, "Page title") for one in ("A1", "A2", "A3"))


def test_keywords_come_first_where_settings_say_so_and_texts_are_made_with_them(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=3, settings=FIRST)
    shop.put("A2", "Keywords", "my own words")
    shop.put("A3", "Keywords", "(none)")
    shop.run()
    assert starts(shop) == {"A1": 1}
    assert shop.cell("A2", "Keywords") == "my own words"
    assert shop.cell("A3", "Keywords") == "(none)"
    found = shop.cell("A1", "Keywords")
    sent = {one.id: list(one.keywords) for request in shop.simulator.requests.values() for one in request.order.records}
    assert sent["A1"] == found.split(", ")
    outcome = shop.run()
    assert outcome.plan is not None
    assert dict(outcome.plan.counts) == {"unchanged": 3}, "what was sent is what now stands in the cell"


def test_a_second_analysis_is_paid_for_only_by_the_action_and_is_told_apart(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=1)
    wish(shop)
    shop.run()
    shop.clock.sleep(10)
    wish(shop)
    outcome = shop.run()
    assert outcome.plan is not None
    (again,) = [one for one in outcome.plan.changes if one.kind is Kind.KEYWORDS]
    assert again.text_id.startswith("Completed"), "this is what the guard goes by"
    assert starts(shop) == {"A1": 2}
    assert states(shop) == [BatchState.COLLECTED, BatchState.COLLECTED]


@pytest.mark.parametrize("status", ["Completed", "InProgress"])
def test_what_the_service_has_or_is_finding_is_not_paid_for(world: Callable[..., World], status: str) -> None:
    shop = shop_of(world, records=1, settings=FIRST)
    given = {"storeId": STORE, "type": "Product", "recordId": "A1", "languageCode": "en", "name": "Oak stool 1"}
    if status == "Completed":
        staging.stage(shop.simulator, {**given, "status": status})
    else:
        optimizing.start(shop.simulator, given)
        shop.simulator.account.ledger.clear()
    shop.run()
    assert starts(shop) == {}
    assert shop.cell("A1", "Keywords")
    assert shop.cell("A1", "Page title")


def test_an_order_without_an_answer_is_found_in_the_list_and_never_sent_again(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=2)
    wish(shop)
    shop.faults("lost:on=keywords-start,count=1")
    outcome = shop.run()
    assert "found" in outcome.kinds()
    assert starts(shop) == {"A1": 1, "A2": 1}
    assert states(shop) == [BatchState.COLLECTED, BatchState.COLLECTED]


class Lost(Wrapped):
    """Orders of keywords leave, and never arrive."""

    @property
    def keywords(self) -> Any:
        return Swallowed(self.inner.keywords)


class Swallowed(Wrapped):
    def start(self, _order: Any, *, before_send: Callable[[], None]) -> Any:
        before_send()
        return Attempt(Sent.LEFT, exception="no answer came")


def test_an_order_that_never_arrived_stays_unknown_until_the_user_has_it_sent_again(
    world: Callable[..., World],
) -> None:
    shop = shop_of(world, records=1)
    wish(shop)

    shop.wrap_service = Lost
    outcome = shop.run()
    assert "unknown" in outcome.kinds()
    shop.wrap_service = lambda inner: inner
    shop.run()
    assert starts(shop) == {}
    assert states(shop) == [BatchState.UNKNOWN]
    with shop.open_journal() as journal:
        (batch,) = journal.batches.unknown()
        assert batch.price.max == 6
    shop.run(resend=[batch.id])
    assert starts(shop) == {"A1": 1}
    assert states(shop) == [BatchState.LOST, BatchState.COLLECTED]


def test_a_crash_after_any_step_starts_nothing_twice(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=4, settings=FIRST)

    class Crashing(Wrapped):
        """Passes on so many calls about keywords, and dies."""

        left = 0

        @property
        def keywords(self) -> Any:
            Crashing.left -= 1
            if Crashing.left < 0:
                raise Crash
            return self.inner.keywords

    shop.wrap_service = Crashing
    crashed = 0
    for calls in range(1, 40):
        Crashing.left = calls
        try:
            shop.run(writes=calls % 2 == 0)
        except Crash:
            crashed += 1
    assert crashed > 5
    shop.wrap_service = lambda inner: inner
    shop.run()
    assert starts(shop) == {f"A{n}": 1 for n in range(1, 5)}
    assert all(shop.cell(f"A{n}", "Keywords") and shop.cell(f"A{n}", "Page title") for n in range(1, 5))


def test_a_failed_analysis_is_told_and_its_texts_wait_for_the_user(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=2, settings=FIRST)
    shop.put("A1", "Name", "Oak stool [fail]")
    outcome = shop.run()
    assert "not sent" in outcome.kinds(), "its texts wait"
    with shop.open_journal() as journal:
        failed = [item for batch in journal.batches.batches() for item in batch.items if item.state is ItemState.FAILED]
    assert [item.key.record.record_id for item in failed] == ["A1"]
    assert not shop.cell("A1", "Page title")
    assert shop.cell("A2", "Page title")
    shop.put("A1", "Name", "Oak stool 1")
    shop.run()
    assert starts(shop)["A1"] == 1, "Settings pays for one try"
    assert shop.cell("A1", "Page title"), "and the next run makes the texts without"


def test_detached_keywords_are_collected_by_the_next_run_and_texts_follow(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=3, settings=FIRST)
    shop.run(detach=True)
    assert starts(shop) == {"A1": 1, "A2": 1, "A3": 1}
    assert not any(shop.simulator.requests)
    shop.run()
    assert starts(shop) == {"A1": 1, "A2": 1, "A3": 1}
    assert all(shop.cell(f"A{n}", "Page title") for n in range(1, 4))


def test_many_optimizations_are_followed_with_one_call_of_the_list(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=30, capacity=30)
    wish(shop)
    shop.run(detach=True)
    before = len(shop.calls)
    shop.run()
    lists = [call for call, _ in shop.calls[before:] if call.startswith("GET /text/Keywords/Optimization/List")]
    assert len(lists) < 15, "and not thirty for each look"
    assert len(starts(shop)) == 30


def test_a_cancellation_says_that_keywords_cannot_be_stopped_and_collects_them(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=2)
    wish(shop)
    shop.run(detach=True)
    outcome = shop.run(cancelling=True)
    assert any("cannot be stopped" in event.message for event in outcome.events)
    assert states(shop) == [BatchState.COLLECTED, BatchState.COLLECTED]
    assert shop.cell("A1", "Keywords")


class Dying(Wrapped):
    """Starts an optimization, and dies before the answer is read."""

    @property
    def keywords(self) -> Any:
        return DyingKeywords(self.inner.keywords)


class DyingKeywords(Wrapped):
    def start(self, *args: Any, **options: Any) -> Any:
        self.inner.start(*args, **options)
        raise Crash


class Forgetful(Wrapped):
    """A journal that does not write the intent down."""

    @property
    def batches(self) -> Any:
        return ForgetfulBatches(self.inner.batches)


class ForgetfulBatches(Wrapped):
    def intend(self, *_: Any) -> None: ...


@pytest.mark.parametrize(("journal", "paid"), [(lambda inner: inner, 1), (Forgetful, 2)], ids=["ours", "breach"])
def test_killed_while_the_list_lags_nothing_is_paid_for_twice_unless_the_intent_is_not_on_disk(
    world: Callable[..., World], journal: Any, paid: int
) -> None:
    shop = shop_of(world, records=1)
    wish(shop)
    shop.faults("lag:on=keywords-list,seconds=100")
    shop.wrap_service, shop.wrap_journal = Dying, journal
    with pytest.raises(Crash):
        shop.run()
    shop.wrap_service = lambda inner: inner
    shop.run()
    assert starts(shop) == {"A1": paid}
    if paid == 1:
        assert states(shop) == [BatchState.UNKNOWN], "the list does not show it yet, and nobody can say"
        shop.clock.sleep(200)
        shop.run()
        assert states(shop) == [BatchState.COLLECTED]
        assert shop.cell("A1", "Keywords")


def test_what_was_given_up_and_shows_after_all_is_followed(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=1)
    wish(shop)
    shop.faults("lag:on=keywords-list,seconds=100")
    shop.wrap_service = Dying
    with pytest.raises(Crash):
        shop.run()
    shop.wrap_service = lambda inner: inner
    shop.run()
    with shop.open_journal() as journal:
        (batch,) = journal.batches.unknown()
        journal.end(batch.id, BatchState.LOST, [(batch.items[0].key, ItemState.LOST, "", "taken for lost")])
    shop.put("A1", "Action", "")
    shop.clock.sleep(200)
    shop.wrap_journal = Sparing
    shop.run()
    assert starts(shop) == {"A1": 1}
    assert states(shop) == [BatchState.COLLECTED]
    assert shop.cell("A1", "Keywords")


def test_what_the_service_took_and_did_not_list_is_taken_in_when_it_shows_although_it_was_taken_for_lost(
    world: Callable[..., World],
) -> None:
    shop = shop_of(world, records=1)
    wish(shop)
    shop.faults("lag:on=keywords-list,seconds=1000")
    shop.run()
    assert states(shop) == [BatchState.GONE]
    with shop.open_journal() as journal:
        (batch,) = journal.batches.unknown()
        journal.collect(batch.id, (), (), [(batch.items[0].key, ItemState.LOST, "", "taken for lost")])
    shop.clock.sleep(2000)
    assert "found" in shop.run().kinds()
    assert starts(shop) == {"A1": 1}
    assert shop.cell("A1", "Keywords")
    with shop.open_journal() as journal:
        assert journal.tally({"run1"}).credits == 6, "it was paid for, and that is counted"


def test_an_image_has_no_keywords_of_its_own_and_is_described_with_those_that_its_product_gets(
    world: Callable[..., World],
) -> None:
    shop = shop_of(world, records=2, settings=FIRST, images=(("front", "A1"), ("side", "A1"), ("other", "A2")))
    shop.run()
    assert starts(shop) == {"A1": 1, "A2": 1}
    for image, product in (("front", "A1"), ("side", "A1"), ("other", "A2")):
        alt = shop.simulator.gallery.find(STORE, image).alt("en")
        assert alt is not None
        assert shop.cell(product, "Keywords").split(", ")[0] in alt.value
    outcome = shop.run()
    assert outcome.plan is not None
    assert dict(outcome.plan.counts) == {"unchanged": 5}, "and what they were made with is what counts as their input"


def test_an_image_whose_products_keywords_are_still_looked_for_waits_for_them(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=2, settings=FIRST, images=(("front", "A1"), ("other", "A2")))
    shop.put("A1", "Name", "Oak stool [fail]")
    shop.put("A2", "Keywords", "my own words")
    shop.run()
    assert shop.simulator.gallery.find(STORE, "other").alt("en") is not None
    assert ("shop", "front") not in shop.simulator.gallery.pictures, "not even uploaded"


def test_what_an_interrupted_run_did_not_send_and_a_later_one_has_found_is_not_missing(
    world: Callable[..., World],
) -> None:
    shop = shop_of(world, records=4)
    wish(shop)

    class Dying(Wrapped):
        """Dies with the second order."""

        started = 0

        @property
        def keywords(self) -> Any:
            return Orders(self.inner.keywords)

    class Orders(Wrapped):
        def start(self, *words: Any, **more: Any) -> Any:
            Dying.started += 1
            if Dying.started == 2:
                raise Crash
            return self.inner.start(*words, **more)

    shop.wrap_service = Dying
    with pytest.raises(Crash):
        shop.run()
    shop.wrap_service = lambda inner: inner
    shop.clock.sleep(10)
    shop.run()
    with shop.open_journal() as journal:
        assert journal.tally({"run1"}).not_sent == 0
    assert starts(shop) == {f"A{n}": 1 for n in range(1, 5)}


def second_order_lost(world: Callable[..., World]) -> World:
    """Have keywords found, order them once more, and let nobody say whether that has arrived."""
    shop = shop_of(world, records=1)
    wish(shop)
    shop.run()
    shop.clock.sleep(10)
    wish(shop)
    shop.wrap_service = Lost
    shop.run()
    shop.wrap_service = lambda inner: inner
    shop.clock.sleep(10)
    assert states(shop) == [BatchState.COLLECTED, BatchState.UNKNOWN]
    return shop


PLACE = {"storeId": STORE, "type": "Product", "recordId": "A1", "languageCode": "en"}


def test_figures_that_the_service_refreshed_prove_no_order(world: Callable[..., World]) -> None:
    shop = second_order_lost(world)
    staging.stage(shop.simulator, {**PLACE, "refresh": True})
    shop.run()
    assert states(shop) == [BatchState.COLLECTED, BatchState.UNKNOWN]
    assert starts(shop) == {"A1": 1}
    with shop.open_journal() as journal:
        assert journal.tally({"run2"}).credits == 0, "nothing was taken for paid"
        (batch,) = journal.batches.unknown()
    shop.run(resend=[batch.id])
    assert starts(shop) == {"A1": 2}
    assert states(shop) == [BatchState.COLLECTED, BatchState.LOST, BatchState.COLLECTED]


def test_a_later_start_proves_the_second_order(world: Callable[..., World]) -> None:
    shop = second_order_lost(world)
    optimizing.start(shop.simulator, {**PLACE, "name": "Oak stool 1"})  # it arrives after all
    shop.run()
    assert states(shop) == [BatchState.COLLECTED, BatchState.COLLECTED]
    assert starts(shop) == {"A1": 2}


def test_keywords_that_people_type_prove_no_order(world: Callable[..., World]) -> None:
    shop = shop_of(world, records=1)
    wish(shop)
    shop.wrap_service = Lost
    shop.run()
    shop.wrap_service = lambda inner: inner
    shop.clock.sleep(10)
    staging.stage(shop.simulator, {**PLACE, "status": "Manual"})
    shop.run()
    assert states(shop) == [BatchState.UNKNOWN]
    assert starts(shop) == {}
