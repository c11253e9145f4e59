"""A record that imitates another one, and a category with the products that stand for it, on the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.run.checks import charges

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.run.world import World

HEADINGS = ("Action", "Record ID", "Name", "Excerpt", "Reference record", "Tones")
WORDS = "A stool to sit on. Come and see it in our yard."


def test_the_service_gets_the_text_to_imitate_and_its_price_is_within_the_plan(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS)
    shop.put("A1", "Excerpt", WORDS)
    shop.put("A2", "Reference record", "A1")
    outcome = shop.run()
    assert outcome.plan is not None
    ordered = [one for request in shop.simulator.requests.values() for one in request.order.records]
    assert [(one.id, one.wanted[0].reference, one.tones) for one in ordered] == [("A2", WORDS, ())]
    assert "Come and see it in our yard." in shop.cell("A2", "Excerpt")
    assert shop.cell("A1", "Excerpt") == WORDS
    spent = sum(one.credits for one in shop.simulator.account.ledger)
    assert outcome.plan.estimate.min <= spent <= outcome.plan.estimate.max


def test_a_text_waits_until_the_one_that_it_imitates_is_made_and_each_is_paid_for_once(
    world: Callable[..., World],
) -> None:
    shop = world(records=2, headings=HEADINGS)
    shop.put("A2", "Reference record", "A1")
    shop.run()
    assert shop.cell("A1", "Excerpt")
    assert not shop.cell("A2", "Excerpt")
    shop.run()
    assert shop.cell("A2", "Excerpt")
    assert sorted(charges(shop).values()) == [1, 1]


@pytest.mark.parametrize("length", [20, 60, 200])
def test_what_a_long_text_makes_of_the_price_of_a_short_one_is_in_the_estimate_and_in_the_ledger(
    world: Callable[..., World], length: int
) -> None:
    shop = world(records=2, headings=HEADINGS)
    shop.put("A1", "Excerpt", WORDS * length)
    shop.put("A2", "Reference record", "A1")
    shop.run()
    shop.put("A1", "Action", "Rewrite")
    rewritten = shop.run()
    assert rewritten.plan is not None
    ledger = shop.simulator.account.ledger
    assert [one.record_id for one in ledger] == ["A2", "A1"]
    assert rewritten.plan.estimate.min <= ledger[1].credits <= rewritten.plan.estimate.max
    with shop.open_journal() as journal:
        assert sum(one.credits for one in journal.outcomes().values()) == sum(one.credits for one in ledger)
