"""The command over a journal that an earlier release has written: nothing of it is ordered or paid for again (G15)."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

GOLDEN = sorted(Path(__file__).parents[1].joinpath("journal", "golden").glob("v*.sql"))
RECORDS = 30


@pytest.fixture(params=GOLDEN, ids=lambda file: file.stem)
def shop(request: pytest.FixtureRequest, opened: Callable[..., Shop]) -> Shop:
    """Open a shop of thirty records whose journal is an old one; the service of that story is this shop's."""
    found = opened(records=RECORDS)
    service = json.loads(found.here("status", "--json").stdout)["service"]
    journals = found.folder / "state" / "journals"
    journals.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(journals / "w-cli.sqlite3")) as connection:
        connection.executescript(request.param.read_text(encoding="utf-8").replace("api.golden.example", service))
    return found


def told(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]
    return found


def test_g15_status_tells_what_an_old_journal_left_open(shop: Shop) -> None:
    status = told(shop)
    assert (status["lastRun"]["id"], status["lastRun"]["state"]) == ("run-killed", "interrupted")
    assert [batch["request"] for batch in status["open"]] == [
        "req-accepted", "req-running", "req-cancelling", "req-of-others",
    ]  # fmt: skip
    assert {batch["why"] for batch in status["open"]} == {
        "the service no longer knows the request; the next run looks for its texts"
    }
    assert [batch["batch"] for batch in status["unknown"]] == [8, 16, 17]
    assert status["waiting"] == 4
    assert [(one["recordId"], one["found"], one["kept"]) for one in status["duplicates"]] == [
        ("00017", "t-17-first", "t-17")
    ]
    assert "--resend 16" in shop.here("status", "shop.xlsx").stdout
    assert status["forgotten"] is False


def test_g15_what_an_old_journal_holds_is_not_ordered_again(shop: Shop) -> None:
    shop.here("run", "shop.xlsx", "--yes", "--detach", code=3)
    until = time.monotonic() + 20
    while json.loads(shop.here("status", "--json").stdout)["requests"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    ordered = set(shop.charged())
    held = {(f"{number:05}", "page title") for number in (15, 20, 22, 23, 24, 25, 26)} | {("00020", "excerpt")}
    waiting = {(f"{number:05}", "page title") for number in (1, 13, 17, 21)}
    lost = {("00018", "page title")}
    assert ordered & (held | waiting | lost) == set()
    assert ("00027", "page title") in ordered, "it was planned, and never sent"
    assert ("00030", "page title") in ordered
    assert shop.cells()["00021", "page title"] == "Made, not yet written"


def test_g15_apply_writes_what_an_old_journal_had_not_yet_brought(shop: Shop) -> None:
    shop.here("apply", "shop.xlsx")
    cells = shop.cells()
    assert cells["00013", "page title"] == "Made before it was cancelled"
    assert cells["00017", "page title"] == "Made twice"
    assert cells["00021", "page title"] == "Made, not yet written"
    assert shop.ledger() == []
