"""`wtsync history` tells who did what to a record's texts, here and on the service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.cli.test_images import URL, fill
from tests.cli.test_push import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def told(shop: Shop, *words: str) -> list[dict[str, Any]]:
    answer = json.loads(shop.here("history", "shop.xlsx", "--record", "00001", "--json", *words).stdout)
    (record,) = answer["records"]
    assert record["recordId"] == "00001"
    history: list[dict[str, Any]] = record["history"]
    return history


def test_a_text_that_was_made_edited_here_and_sent_back_shows_each_step_once_and_in_order(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    made = shop.cells()["00001", "page title"]
    shop.edit(**{address(shop, "Page title"): "Words of my own"})
    shop.here("run", "shop.xlsx", "--yes")
    steps = told(shop, "--text", "page title")
    assert {one["field"] for one in steps} == {"page title"}
    assert [one["at"] for one in steps] == sorted(one["at"] for one in steps)
    here = [(one["action"], one["value"], one["credits"]) for one in steps if one["where"] == "here"]
    assert here == [("made; written into the workbook", made, 1), ("sent to the service", "Words of my own", 0)]
    there = [(one["action"], one["value"]) for one in steps if one["where"] == "service"]
    assert there == [("Generated", made), ("Edited", "Words of my own")]


def test_other_records_and_texts_are_left_out(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    assert {one["field"] for one in told(shop)} == {"page title", "excerpt"}
    assert {one["field"] for one in told(shop, "--text", "Excerpt")} == {"excerpt"}
    assert not told(shop, "--since", "2199-01-01")


def test_of_an_image_it_tells_what_this_computer_knows_without_asking(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, settings={"Texts wanted": "Page title, Alt text"})
    fill(shop, ("front", "00001", URL))
    shop.here("run", "shop.xlsx", "--yes")
    said = shop.here("history", "shop.xlsx", "--record", "front")
    assert "alt text: made; written into the workbook" in said.stdout
    assert "refused" not in said.stderr


def test_without_the_service_it_says_so_and_shows_what_this_computer_knows(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    shop.key = "a key that is not taken"
    shown = shop.here("history", "shop.xlsx", "--record", "00001")
    assert "only what this computer knows" in shown.stderr
    assert "made; written into the workbook here by run" in shown.stdout
    assert "on the service" not in shown.stdout
    assert "1 credit (simulated)" in shown.stdout


def test_texts_are_cut_short_unless_asked_for_whole(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    long = " ".join(["oak"] * 60)
    shop.edit(**{address(shop, "Excerpt"): long})
    shop.here("run", "shop.xlsx", "--yes")
    short = shop.here("history", "shop.xlsx", "--record", "00001", "--text", "excerpt").stdout
    assert long not in short
    assert "..." in short
    assert long in shop.here("history", "shop.xlsx", "--record", "00001", "--whole").stdout


def test_a_record_or_text_that_is_not_there_is_named_with_what_was_probably_meant(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    wrong = shop.here("history", "shop.xlsx", "--record", "0001", code=2)
    assert "no record 0001" in wrong.stderr
    wrong = shop.here("history", "shop.xlsx", "--record", "00001", "--text", "page titel", code=2)
    assert "Did you mean 'page title'?" in wrong.stderr


def test_a_record_without_a_past_says_so(opened: Callable[..., Shop]) -> None:
    shown = opened(records=1).here("history", "shop.xlsx", "--record", "00001")
    assert "Nothing is known of its past." in shown.stdout
