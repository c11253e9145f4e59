"""What `plan` and `run` ask the service for: everything at first, then only what changed."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.cli.shop import visit

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
    first, second = planned(shop), planned(shop)
    assert (first["look"], second["look"]) == ("full", "changes"), "there was nothing to build upon before"
    assert second["requests"] < first["requests"]
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
