"""Templates of the service: shown by kind of text, and another one used, once somebody has agreed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

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


BOTH = ("--use", "page title=Short", "--use", "excerpt=Short", "--yes")


def test_where_the_answer_alone_is_lost_a_look_shows_that_it_is_in_use(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.faults("lost:on=choose")
    assert "Standard, Short (in use)" in shop.here("templates", "shop.xlsx", "--use", "excerpt=Short", "--yes").stdout
    assert in_use(shop)["excerpt"] == "Short"


@pytest.mark.parametrize("fault", ["500:on=choose,after=1", "reset:on=choose,after=1", "400:on=choose,after=1"])
def test_where_it_fails_halfway_it_says_what_is_in_use_and_what_is_not(opened: Callable[..., Shop], fault: str) -> None:
    shop = opened(records=1)
    shop.faults(fault)
    failed = shop.here("templates", "shop.xlsx", *BOTH, code=6).stderr
    assert "wtsync: in use now: Short, for page title of Product texts in shop\n" in failed
    assert "wtsync: not in use: Short, for excerpt of Product texts in shop\n" in failed
    assert "Run the same command again: it asks only for what is not in use yet." in failed
    shop.faults("")
    again = shop.here("templates", "shop.xlsx", *BOTH).stderr
    assert "excerpt" in again
    assert "page title" not in again, "it is in use already"
    assert (in_use(shop)["page title"], in_use(shop)["excerpt"]) == ("Short", "Short")


def test_where_nobody_can_look_it_says_of_what_nobody_knows(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.faults("lost:on=choose,after=1;500:on=templates,after=1")
    failed = shop.here("templates", "shop.xlsx", *BOTH[:-1], "--use", "page description=Short", "--yes", code=6).stderr
    assert "wtsync: in use now: Short, for page title" in failed
    assert "wtsync: nobody can say whether it is in use: Short, for excerpt" in failed
    assert "wtsync: not in use: Short, for page description" in failed


def test_where_only_the_look_afterwards_fails_it_says_what_was_done(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.faults("400:on=templates,method=GET,after=1")
    failed = shop.here("templates", "shop.xlsx", *BOTH, code=6).stderr
    assert failed.count("wtsync: in use now: Short") == 2
