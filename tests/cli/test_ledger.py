"""`wtsync ledger` says what the service's own ledger says."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_push import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def test_the_ledger_agrees_with_the_services_own_and_tells_runs_apart(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    assert "nothing was spent" in shop.here("ledger", "shop.xlsx").stdout
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Action"): "Regenerate"})
    shop.here("run", "shop.xlsx", "--yes", "--overwrite")
    told = json.loads(shop.here("ledger", "shop.xlsx", "--json").stdout)
    theirs = shop.ledger()
    assert told["credits"] == sum(one["credits"] for one in theirs)
    assert Counter((one["recordId"], one["field"]) for one in told["charges"]) == Counter(shop.charged())
    assert all(one["simulated"] for one in told["charges"])
    runs = list(dict.fromkeys(one["run"] for one in told["charges"]))
    assert [sum(one["run"] == run for one in told["charges"]) for run in runs] == [8, 2]
    shown = shop.here("ledger", "shop.xlsx", "--month").stdout
    assert f"{told['credits']:g} credits for 10 texts of 4 records" in shown
    assert "simulated: no real credits" in shown


@pytest.mark.parametrize(("since", "texts"), [("2020-01-01", 4), ("2199-01-01", 0)])
def test_since_leaves_out_what_is_older(opened: Callable[..., Shop], since: str, texts: int) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    told = json.loads(shop.here("ledger", "shop.xlsx", "--json", "--since", since).stdout)
    assert len(told["charges"]) == texts


def test_what_somebody_else_ordered_is_not_in_our_ledger(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    (shop.folder / "state").rename(shop.folder / "another computer's")
    shop.here("run", "shop.xlsx", "--yes")
    assert "nothing was spent" in shop.here("ledger", "shop.xlsx").stdout
