"""The Action Rewrite: what stands in the cell is given to the service, to be written better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.run.checks import charges

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.run.world import World

HEADINGS = ("Action", "Record ID", "Name", "Excerpt")
WORDS = "A stool that our grandfather built. It stands in every kitchen of the village."


def test_a_persons_words_are_rewritten_once_and_what_comes_builds_on_them(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS)
    shop.put("A1", "Excerpt", WORDS)
    shop.put("A1", "Action", "Rewrite")
    outcome = shop.run()
    assert outcome.plan is not None
    assert outcome.plan.counts == {"generate": 2}
    ordered = {one.id: one.wanted[0] for request in shop.simulator.requests.values() for one in request.order.records}
    assert (ordered["A1"].rewrite, ordered["A2"].rewrite) == (WORDS, "")
    assert "our grandfather built" in shop.cell("A1", "Excerpt")
    assert shop.cell("A1", "Excerpt") != WORDS
    assert shop.cell("A1", "Action") == ""
    assert max(charges(shop).values()) == 1
    spent = sum(one.credits for one in shop.simulator.account.ledger)
    assert outcome.plan.estimate.min <= spent <= outcome.plan.estimate.max
    assert shop.run().plan.counts == {"unchanged": 2}  # type: ignore[union-attr]
