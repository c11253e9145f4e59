"""The plan in every form, on the screen and in a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_push import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

STARTS = {"text": "shop.xlsx: 2 records", "json": "{", "markdown": "<!-- wtsync plan -->", "html": "<!doctype html>"}


@pytest.mark.parametrize("form", STARTS)
def test_each_form_goes_to_stdout_alone_and_leaves_with_10_when_there_is_something_to_do(
    opened: Callable[..., Shop], form: str
) -> None:
    shop = opened(records=2)
    told = shop.here("plan", "shop.xlsx", "--format", form, "--exit-code", code=10)
    assert told.stdout.startswith(STARTS[form])
    assert "To carry it out" not in told.stdout
    shop.here("plan", "shop.xlsx", "--format", form)
    shop.here("run", "shop.xlsx", "--yes")
    shop.here("plan", "shop.xlsx", "--format", form, "--exit-code", code=0)
    shop.edit(**{address(shop, "Record ID"): None})
    shop.here("plan", "shop.xlsx", "--format", form, "--exit-code", code=4)


def test_the_ending_says_what_is_written_and_what_is_signed_and_what_is_read_are_the_same_plan(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2)
    words = ("--out", "plan.json", "--out", "plan.html", "--out", "plan.md")
    said = shop.here("plan", "shop.xlsx", *words).stderr
    assert "run shop.xlsx --plan plan.json" in said
    digest = json.loads((shop.folder / "plan.json").read_text(encoding="utf-8"))["digest"]
    for name in ("plan.html", "plan.md"):
        page = (shop.folder / name).read_text(encoding="utf-8")
        assert digest in page
        assert "Oak stool 2" in page
    shop.here("plan", "shop.xlsx", *words)
    shop.here("run", "shop.xlsx", "--yes", "--plan", "plan.json")
    assert shop.charged() == shop.everything()


@pytest.mark.parametrize("name", ["page.html", "notes.md", "plan.json"])
def test_a_plan_takes_the_place_of_no_other_file_of_any_kind(opened: Callable[..., Shop], name: str) -> None:
    shop = opened(records=1)
    mine = shop.folder / name
    mine.write_text("<p>mine</p>", encoding="utf-8")
    assert "is no plan" in shop.here("plan", "shop.xlsx", "--out", name, code=2).stderr
    assert mine.read_text(encoding="utf-8") == "<p>mine</p>"


def test_json_says_what_each_change_each_record_and_all_of_it_cost(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    told = json.loads(shop.here("plan", "shop.xlsx", "--json").stdout)
    for bound in ("min", "max"):
        total = told["estimate"][bound]
        assert total == sum(one["price"][bound] for one in told["changes"])
        assert total == sum(one["price"][bound] for one in told["perRecord"])
    assert [one["recordId"] for one in told["perRecord"]] == ["00001", "00002"]
