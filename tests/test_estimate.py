"""Prices: the formula, its ranges, and agreement with what the service really charges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.estimate import charged, keywords_price, ladder_price, longest_rewrite, made_together, price_of, shared, total
from sync.model import Change, Kind, Price, PriceList, Rules, Together, Wanted
from tests.nouns import text_key
from tests.run.world import World, quick_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PRICES = PriceList(
    {"page title": 1.0, "excerpt": 1.0, "product description": 2.0},
    {"page title": 9.0, "excerpt": 1.0, "product description": 3.0},
    300,
)


@pytest.mark.parametrize(
    ("wanted", "price"),
    [
        (Wanted("page title"), Price(1.0, 1.0)),
        (Wanted("page title", 10, 5000), Price(1.0, 1.0)),
        (Wanted("excerpt"), Price(2.0, 2.0)),
        (Wanted("excerpt", 25, 50), Price(2.0, 2.0)),
        (Wanted("product description", 1, 300), Price(5.0, 5.0)),
        (Wanted("product description", 75, 301), Price(5.0, 8.0)),
        (Wanted("product description", 300, 600), Price(5.0, 8.0)),
        (Wanted("product description", 301, 601), Price(8.0, 11.0)),
        (Wanted("product description", None, 900), Price(5.0, 11.0)),
        (Wanted("product description", 900, 300), Price(5.0, 11.0)),
        (Wanted("open graph text"), Price(1.0, 1.0)),
    ],
)
def test_a_text_costs_its_start_and_a_tier_for_every_300_words_begun(wanted: Wanted, price: Price) -> None:
    assert price_of(wanted, PRICES) == price


@pytest.mark.parametrize(("words", "cost"), [(0, 5.0), (1, 5.0), (300, 5.0), (301, 8.0), (600, 5.0 + 3), (601, 11.0)])
def test_a_text_that_has_arrived_costs_by_its_words(words: int, cost: float) -> None:
    assert charged("product description", "word " * words, PRICES) == cost
    assert charged("page title", "word " * words, PRICES) == 1.0


def test_tags_are_no_words() -> None:
    assert charged("product description", "<p class='a b'>" + "<b>word</b> " * 300 + "</p>", PRICES) == 5.0


def test_a_price_list_that_says_nothing_still_gives_a_price() -> None:
    empty = PriceList()
    assert price_of(Wanted("page title"), empty) == Price(1.0, 1.0)
    assert price_of(Wanted("excerpt", 1, 1000), empty) == Price(1.0, 1.0)


def test_ranges_add_up() -> None:
    assert total([Price(1.0, 2.0), Price(3.0, 3.0)]) == Price(4.0, 5.0)
    assert total([]) == Price(0.0, 0.0)


HEADINGS = ("Action", "Record ID", "Name", "Page title", "Page description", "Product description", "Excerpt",
            "Open graph text")  # fmt: skip


@pytest.fixture
def shop() -> Iterator[Callable[..., World]]:
    with quick_folder() as folder:
        yield lambda **settings: World(folder, headings=HEADINGS, seconds_per_record=0.1, **settings)


@pytest.mark.parametrize(("fewest", "most"), [("75", "150"), ("250", "700"), ("900", "1000")])
def test_what_the_service_charges_lies_within_the_estimate_and_equals_the_price_of_each_text(
    shop: Callable[..., World], fewest: str, most: str
) -> None:
    words = (("Product description: fewest words", fewest), ("Product description: most words", most))
    world = shop(records=8, settings=words)
    outcome = world.run()
    assert outcome.plan is not None
    ledger = world.simulator.account.ledger
    assert len(ledger) == 40
    spent = sum(one.credits for one in ledger)
    assert outcome.plan.estimate.min <= spent <= outcome.plan.estimate.max
    values = {text.id: text.value for texts in world.simulator.shelf.texts.values() for text in texts}
    with world.service() as service:
        prices = service.reference().prices
    for one in ledger:
        assert charged(one.field, values[one.text_id], prices) == one.credits


@pytest.mark.parametrize(
    ("wanted", "length", "price"),
    [
        (Wanted("page title"), 5000, Price(1.0, 1.0)),
        (Wanted("product description", 75, 150), 100, Price(5.0, 5.0)),
        (Wanted("product description", 75, 150), 1200, Price(5.0, 5.0)),
        (Wanted("product description", 75, 150), 1201, Price(8.0, 8.0)),
        (Wanted("product description", 75, 150), 1200 + 1600, Price(8.0, 8.0)),
        (Wanted("product description", 75, 150), 1200 + 1601, Price(11.0, 11.0)),
        (Wanted("product description", 75, 901), 100, Price(5.0, 14.0)),
        (Wanted("product description", 75, 150), 10**6, Price(23.0, 23.0)),
    ],
)
def test_a_text_to_be_rewritten_costs_what_its_own_length_makes_of_it(
    wanted: Wanted, length: int, price: Price
) -> None:
    assert ladder_price(wanted, "x" * length, PRICES) == price


def test_the_longest_text_to_be_rewritten_is_where_the_longest_output_ends() -> None:
    assert longest_rewrite(PRICES) == 1200 + 6 * 1600  # 2,000 words are seven steps of 300
    rules = Rules(max_reference_length=100, more_reference_length=50, max_output_words=600)
    assert longest_rewrite(replace(PRICES, rules=rules)) == 150


def alt_texts(products: list[str]) -> list[Change]:
    """Give orders of alt texts, one for each image; `products` are what the images show."""
    changes = []
    for number, shows in enumerate(products):
        key = text_key(f"image-{number}", "alt text", type="Image")
        together = made_together(shows, PriceList(alt_text=2.0, rules=Rules(max_alt_texts=3)))
        changes.append(Change(key, 2, Kind.GENERATE, "because", together=together))
    return changes


@pytest.mark.parametrize(
    ("products", "requests"), [([], 0), (["a"], 1), (["a"] * 3, 1), (["a"] * 4, 2), (["a", "b", "a", "b"], 2)]
)
def test_alt_texts_share_the_price_of_their_requests(products: list[str], requests: int) -> None:
    changes = shared(alt_texts(products))
    assert total(change.price for change in changes) == Price(2.0 * requests, 2.0 * requests)
    assert shared(changes) == changes, "it may be worked out again"


def test_an_alt_text_left_out_of_a_request_leaves_its_share_to_the_others() -> None:
    whole = shared(alt_texts(["a"] * 3))
    assert total(change.price for change in shared(whole[:2])) == Price(2.0, 2.0)


def test_where_the_service_names_no_price_a_request_costs_what_is_published() -> None:
    assert made_together("a", PriceList()) == Together("a", 20, 1.0)


def test_a_search_for_keywords_costs_what_the_service_says_and_else_what_is_published() -> None:
    assert keywords_price(PriceList(keyword_analysis=4.0)) == Price(4.0, 4.0)
    assert keywords_price(PriceList(keyword_analysis=0.0)) == Price()
    assert keywords_price(PriceList()) == Price(6.0, 6.0)
