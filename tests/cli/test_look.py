"""What `plan` and `run` ask the service for: everything at first, then only what changed."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.cli.shop import ROOT, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


@dataclass
class Clock:
    """The service's clock, so many seconds behind ours."""

    behind: float = 7200.0

    def __call__(self) -> float:
        return time.time() - self.behind


def planned(shop: Shop, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shop.here("plan", "shop.xlsx", "--json", *words).stdout)
    return found


def edited(shop: Shop, words: str) -> None:
    """Let a person change a text on the service's own screen."""
    given = {"storeId": "shop", "recordId": "00002", "field": "page title", "value": words}
    with visit(shop.url) as client:
        client.post("/_simulator/edit", json=given).raise_for_status()


def test_a_plan_reads_everything_once_and_then_only_what_changed(opened: Callable[..., Shop]) -> None:
    clock = Clock()
    shop = opened(records=60, clock=clock)
    assert planned(shop)["look"] == "full"
    shop.here("run", "shop.xlsx", "--yes")
    clock.behind = 0.0
    assert planned(shop)["look"] == "changes", "that there was nothing is remembered, now that the service tells"
    edited(shop, "Anna's words")
    plan = planned(shop)
    assert plan["look"] == "changes"
    assert [(one["recordId"], one["kind"], one["now"]) for one in plan["changes"]] == [
        ("00002", "pull", "Anna's words")
    ]
    assert planned(shop, "--full")["look"] == "full"


def test_what_a_look_has_cost_is_said_where_it_is_wished_for(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    assert "every text was read." in shop.here("run", "shop.xlsx", "--yes", "--stats").stderr
    shop.here("plan", "shop.xlsx")
    said = shop.here("plan", "shop.xlsx", "--stats")
    assert "requests; only what changed was read." in said.stderr
    assert "requests;" not in shop.here("plan", "shop.xlsx").stderr
    assert "every text was read." in shop.here("run", "shop.xlsx", "--stats", "--full").stderr


def test_a_second_command_asks_for_no_list_and_only_a_full_one_asks_for_them_anew(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    lists = {"rules", "tones", "styles", "audiences", "prices", "formal-languages", "formal-support", "disallowed"}
    first, second, full = (planned(shop, *words)["traffic"] for words in ((), (), ("--full",)))
    assert lists <= set(first["calls"])
    assert not (lists | {"etags"}) & set(second["calls"])
    assert second["secondsListsAge"] >= 0
    assert sum(second["calls"].values()) == sum(first["calls"].values()) - len(lists) + second["calls"]["status"]
    assert lists <= set(full["calls"])
    assert (first["secondsListsAge"], full["secondsListsAge"]) == (None, None)


def rewritten(shop: Shop, name: str, change: Callable[[Any], Any]) -> None:
    """Let a list that was kept be what the service had a while ago, before it changed there."""
    path = shop.folder / "state" / "lists.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    for key, one in kept.items():
        if key.endswith(f" {name}"):
            one.update(body=json.dumps(change(json.loads(one["body"]))), etag='"of-a-while-ago"')
    path.write_text(json.dumps(kept), encoding="utf-8")


def dearer(prices: Any) -> Any:
    """Make every number ten times what it is."""
    if isinstance(prices, dict):
        return {name: dearer(value) for name, value in prices.items()}
    if isinstance(prices, list):
        return [dearer(value) for value in prices]
    return prices * 10 if isinstance(prices, (int, float)) and not isinstance(prices, bool) else prices


def test_what_spends_or_is_to_be_signed_asks_whether_prices_still_hold(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    right = planned(shop)["estimate"]
    rewritten(shop, "prices", dearer)
    assert planned(shop)["estimate"] != right, "a plan to look at takes them as they are, for half an hour"
    assert planned(shop, "--out", "signed.json")["estimate"] == right
    rewritten(shop, "prices", dearer)
    events = shop.here("run", "shop.xlsx", "--yes", "--json").stdout.splitlines()
    (told,) = (one for one in map(json.loads, events) if one["event"] == "plan")
    assert told["estimate"] == right


def test_no_cell_is_called_wrong_by_a_list_that_was_kept(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, settings={"Tones": "Friendly"})
    planned(shop)
    rewritten(shop, "tones", lambda _: [])
    assert planned(shop)["problems"] == []
    assert shop.here("plan", "shop.xlsx", "--json").returncode == 0


def test_lists_that_are_kept_and_damaged_or_not_to_be_kept_are_asked_for_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    usual = planned(shop)["traffic"]["calls"]
    kept = shop.folder / "state" / "lists.json"
    for damage in ("{", "[]", '{"a": 1}', '{"a": {"etag": "", "body": "", "at": "soon"}}'):
        kept.write_text(damage, encoding="utf-8")
        assert planned(shop)["traffic"]["calls"]["rules"] == usual["rules"]
    kept.unlink()
    kept.mkdir()
    assert planned(shop)["traffic"]["calls"]["rules"] == 1
    assert list(kept.parent.glob(".lists-*")) == []


def test_what_went_over_the_line_is_told_at_the_end_of_a_run(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    said = shop.here("run", "shop.xlsx", "--yes", "--stats").stderr
    assert re.search(r"wtsync: \d+ requests over \d+ connections, 0 of them repeated; .* sent, .* received", said)
    assert "generate 1" in said
    assert "minutes ago" not in said
    assert "lists and prices are from 0 minutes ago" in shop.here("plan", "shop.xlsx", "--stats").stderr


def test_the_page_about_requests_counts_them_right(opened: Callable[..., Shop]) -> None:
    page = (ROOT / "docs" / "network.md").read_text(encoding="utf-8")
    written = [int(number) for number in re.findall(r"^\| the .* \| (\d+) \|$", page, re.MULTILINE)]
    shop = opened(records=40)
    counted = [planned(shop)["requests"], planned(shop)["requests"]]
    shop.here("run", "shop.xlsx", "--yes")
    counted += [planned(shop, *words)["requests"] for words in ((), (), ("--full",))]
    assert counted == written
