"""Templates of the service: shown by kind of text, and another one used, once somebody has agreed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def in_use(shop: Shop, *words: str) -> dict[str, str]:
    found = json.loads(shop.here("templates", "shop.xlsx", "--json", *words).stdout)
    return {one["field"]: one["name"] for one in found if one["inUse"]}


def test_the_templates_of_the_workbooks_shop_are_shown_and_which_is_in_use(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    said = shop.here("templates", "shop.xlsx").stdout
    assert said.startswith("Templates for Product texts in shop:\n")
    assert "page title           Standard (in use), Short" in said
    assert "Category" not in said
    both = shop.here("templates").stdout
    assert "Templates for Product texts:" in both
    assert "Templates for Category texts:" in both


def test_another_one_is_used_once_somebody_has_agreed(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    refused = shop.here("templates", "shop.xlsx", "--use", "Page Title = short", code=5)
    assert "for every order of Product texts in shop: Short, for page title" in refused.stderr
    assert in_use(shop)["page title"] == "Standard"
    shop.here("templates", "shop.xlsx", "--use", "Page Title = short", "--yes")
    assert in_use(shop)["page title"] == "Short"
    assert in_use(shop)["excerpt"] == "Standard"
    again = shop.here("templates", "shop.xlsx", "--use", "page title=Short").stderr
    assert again == "", "it is in use already, so there is nothing to agree to"


def test_what_there_is_not_is_told_with_what_there_is(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    for words, hint in (
        ("page title", "--use 'page title=Short'"),
        ("page titel=Short", "Did you mean page title?"),
        ("colour=Short", "There are templates for: page title, "),
        ("page title=Long", "There are: Standard, Short."),
    ):
        assert hint in shop.here("templates", "shop.xlsx", "--use", words, "--yes", code=2).stderr
    assert set(in_use(shop).values()) == {"Standard"}


def test_a_service_that_keeps_them_elsewhere_is_no_fault_of_ours(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.faults("404:on=templates")
    assert "no template settings where they are looked for" in shop.here("templates", code=6).stderr


def test_where_the_answer_is_lost_the_next_look_shows_what_is_in_use(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.faults("lost:on=choose")
    assert "did not answer" in shop.here("templates", "shop.xlsx", "--use", "excerpt=Short", "--yes", code=6).stderr
    assert in_use(shop)["excerpt"] == "Short", "it had arrived, and the next look shows it"
