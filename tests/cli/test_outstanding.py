"""What `status` says of what is outstanding: how far it is, why it waits, until when, and when it last gave a sign."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def workbook(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]
    return found


def told(shop: Shop) -> str:
    return shop.here("status", "shop.xlsx").stdout


def test_an_open_batch_says_how_far_it_is_and_when_the_service_expects_to_be_done(opened: Callable[..., Shop]) -> None:
    shop = opened(records=12, capacity=1, seconds_per_record=100.0)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    first, second = workbook(shop)["open"]
    assert (first["running"], first["queued"]) == (1, 4)
    assert first["why"] == "1 record being made, 4 waiting their turn"
    assert (second["running"], second["queued"]) == (0, 7)
    assert second["why"] == "it waits its turn: the service is at work on 1 record of other requests"
    at_once = time.time()
    assert at_once + 100 < first["estimatedEnd"] < second["estimatedEnd"] < at_once + 5000
    text = told(shop)
    assert re.search(r"Batch 1: 10 texts outstanding \(request \S+\): 1 record being made, 4 waiting their turn,", text)
    assert len(re.findall(r"expected in about \d+ min, at \d\d:\d\d", text)) == 4, "each batch, and each request"


def test_the_end_is_told_by_our_own_clock(opened: Callable[..., Shop]) -> None:
    """The service's clock may be wrong by hours; what it says of the end is as wrong (S26)."""
    ahead = 7200.0
    shop = opened(records=2, capacity=1, seconds_per_record=100.0, clock=lambda: time.time() + ahead)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    (batch,) = workbook(shop)["open"]
    assert time.time() < batch["estimatedEnd"] < time.time() + 1000


def test_nobody_at_work_it_says_so_with_the_last_sign_of_life_and_how_to_go_on(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4, capacity=1, seconds_per_record=100.0)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    text = told(shop)
    assert re.search(r"Nobody is at work on it; last sign of life \d+ s ago\.", text)
    assert "To follow and collect: wtsync run shop.xlsx" in text
    assert abs(workbook(shop)["lastSign"] - time.time()) < 60


def test_what_is_finished_on_the_service_and_not_collected_says_that(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4, seconds_per_record=0.01)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    until = time.monotonic() + 20
    while json.loads(shop.here("status", "--json").stdout)["requests"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    (batch,) = workbook(shop)["open"]
    assert batch["why"] == "it is finished there, and the next run collects it"
    assert batch["estimatedEnd"] is None
    assert not batch["active"]
    shop.here("run", "shop.xlsx", "--yes")
    assert "Nothing is outstanding." in told(shop)
    assert "sign of life" not in told(shop)


def test_a_request_that_is_being_cancelled_says_that(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4, capacity=1, seconds_per_record=3.0)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    with shop.start("cancel", "shop.xlsx") as cancelling:
        until = time.monotonic() + 20
        why = ""
        while "cancelled" not in why and time.monotonic() < until:
            why = next((batch["why"] for batch in workbook(shop)["open"]), "")
        cancelling.communicate(timeout=60)
    assert why == "it is being cancelled: 1 record being made and finished first"


def test_a_request_that_the_service_has_forgotten_says_that(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, seconds_per_record=0.01)  # finished requests of a single record are not kept
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    until = time.monotonic() + 20
    while json.loads(shop.here("status", "--json").stdout)["requests"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    (batch,) = workbook(shop)["open"]
    assert batch["why"] == "the service no longer knows the request; the next run looks for its texts"


def test_what_was_cancelled_and_then_forgotten_says_what_is_known_of_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4, capacity=1, seconds_per_record=2.0)
    shop.here("run", "shop.xlsx", "--yes", "--detach", "--batch-size", "1")
    assert "2 texts" in shop.here("cancel", "shop.xlsx", code=3).stdout
    why = "it was to be stopped, the service no longer knows the request, and there is no text"
    assert workbook(shop)["unknown"][0]["reason"] == why
    assert f"nobody can say what became of it: {why}." in told(shop)


def test_what_was_not_sent_says_why(opened: Callable[..., Shop]) -> None:
    shop = opened(records=8, faults="402:on=generate,after=1")
    shop.here("run", "shop.xlsx", "--yes", code=8)
    reasons = workbook(shop)["lastRun"]["notSentBecause"]
    assert len(reasons) == 1
    assert f"Not sent: {reasons[0]}." in told(shop)


def test_texts_that_wait_for_the_workbook_to_be_closed_say_who_has_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    lock = shop.folder / ".~lock.shop.xlsx#"
    lock.write_text("Anna,anna,pc,,file:///x;")
    shop.here("run", "shop.xlsx", "--yes", code=3)
    found = workbook(shop)
    assert found["waiting"] == 4
    assert "Anna" in found["waitingBecause"]
    assert f"not yet in the workbook, which is {found['waitingBecause']}: wtsync apply shop.xlsx" in told(shop)
    lock.unlink()
    assert workbook(shop)["waitingBecause"] == ""
