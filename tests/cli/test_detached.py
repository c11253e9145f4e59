"""`run --detach`: what is finished is collected, what is missing is sent, and nobody waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.shop import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

DETACHED = ("run", "shop.xlsx", "--yes", "--detach")
FIRST = {"Keywords first": "yes"}


def test_the_run_leaves_after_sending_and_a_plain_one_collects(opened: Callable[..., Shop]) -> None:
    shop = opened(capacity=1, seconds_per_record=0.3)
    left = shop.here(*DETACHED)
    assert "still being made; run again to collect them" in left.stdout
    assert len(shop.cells()) < 12
    assert "being made" in shop.here("status", "shop.xlsx").stdout
    shop.here("run", "shop.xlsx", "--yes")
    assert sorted(shop.cells()) == shop.charged() == shop.everything()


def test_the_same_words_again_collect_what_is_finished_and_wait_for_nothing(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, capacity=1, seconds_per_record=2)
    shop.here(*DETACHED)
    wait_for(shop.charged)
    assert "2 texts still being made" in shop.here(*DETACHED).stdout
    assert len(shop.cells()) == 2
    wait_for(lambda: shop.charged() == shop.everything())
    assert "still being made" not in shop.here(*DETACHED).stdout
    assert sorted(shop.cells()) == shop.charged() == shop.everything()
    assert "Nothing to do" in shop.here(*DETACHED).stdout


def test_keywords_first_the_same_words_again_and_again_find_make_and_collect(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, settings=FIRST, seconds_per_record=0.2)
    told = shop.here(*DETACHED, code=3)
    assert "3 records were not sent (00001, 00002, 00003): the keywords are not here yet; run again" in told.stderr
    wait_for(lambda: shop.here(*DETACHED, code=None).returncode == 0)
    assert all(shop.column("Keywords"))
    wait_for(lambda: "Nothing to do" in shop.here(*DETACHED).stdout)
    assert sorted(shop.cells()) == shop.everything()
    assert len(shop.ledger()) == 3 + 6


def test_a_service_that_does_not_say_what_is_finished_keeps_nothing_back(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    shop.here(*DETACHED, "--limit", "2")
    wait_for(shop.charged)
    shop.faults("403:on=bulk")
    told = shop.here(*DETACHED)
    assert "does not say of every order how far it is" in told.stderr
    shop.faults("")
    shop.here("run", "shop.xlsx", "--yes")
    assert sorted(shop.cells()) == shop.charged() == shop.everything()


def test_an_order_that_nobody_can_say_about_still_leaves_with_3(opened: Callable[..., Shop]) -> None:
    shop = opened(faults="500:on=generate,count=1")
    shop.here(*DETACHED, "--batch-size", "3", code=3)
