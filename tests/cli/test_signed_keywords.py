"""A signed plan that looks for keywords first, and is interrupted once they were found: the same words go on."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_keywords import fill
from tests.cli.test_push import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

FIRST = {"Keywords first": "yes"}
SIGNED = ("run", "shop.xlsx", "--yes", "--plan", "signed.json")


def sign(shop: Shop) -> None:
    shop.here("plan", "shop.xlsx", "--out", "signed.json")


def paid(shop: Shop) -> Counter[str]:
    """Count what was paid for, by record and text: the service's own books."""
    return Counter(f"{one['recordId']} {one['field']}" for one in shop.ledger())


def everything(shop: Shop) -> Counter[str]:
    texts = Counter(f"{record} {text}" for record, text in shop.everything())
    return texts + Counter(f"{n:05} keywords" for n in range(1, shop.records + 1))


def stopped_once_found(shop: Shop) -> None:
    """Carry the plan out until the keywords are found; the service then takes no order of texts."""
    shop.faults("402:on=generate")
    shop.here(*SIGNED, code=8)
    shop.faults("")
    assert all(shop.column("Keywords"))
    assert not shop.cells()


def test_what_was_found_for_the_plan_itself_has_not_moved_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, settings=FIRST)
    sign(shop)
    stopped_once_found(shop)
    shop.here(*SIGNED)
    assert paid(shop) == everything(shop)
    assert len(shop.cells()) == 6
    assert "Nothing to do" in shop.here(*SIGNED).stdout


def test_keywords_that_somebody_has_changed_since_have_moved_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, settings=FIRST)
    sign(shop)
    stopped_once_found(shop)
    shop.edit(**{address(shop, "Keywords", 2): "garden stool"})
    said = shop.here(*SIGNED, code=5).stderr
    assert "00001 page title: its product or its settings have changed" in said
    assert "00002" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_stopped_while_some_are_found_and_others_not_it_goes_on(
    opened: Callable[..., Shop], number: signal.Signals, code: int
) -> None:
    shop = opened(records=4, settings=FIRST, capacity=1, seconds_per_record=0.15)
    sign(shop)
    with shop.start(*SIGNED, "--json") as run:
        assert run.stdout is not None
        while '"arrived": 1' not in (line := run.stdout.readline()):
            assert line, "it ended before it was to be stopped"
        run.send_signal(number)
        run.communicate()
    assert run.returncode == code
    assert not shop.cells()
    shop.here(*SIGNED)
    assert paid(shop) == everything(shop)


def test_what_follows_from_it_and_was_not_signed_is_left_out(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    fill(shop, "Records", 2, Action="Keywords")
    fill(shop, "Records", 3, Action="Keywords")
    sign(shop)
    shop.faults("402:on=keywords-start,after=1")
    shop.here(*SIGNED, code=8)
    shop.faults("")
    assert [bool(cell) for cell in shop.column("Keywords")] == [True, False]
    shop.here(*SIGNED)
    assert paid(shop) == {"00001 keywords": 1, "00002 keywords": 1}, "the texts were not signed"
    assert "Nothing to do" in shop.here(*SIGNED).stdout
    assert not shop.cells()


def test_a_search_that_failed_is_not_paid_for_again_by_the_same_plan(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    for row in (2, 3):
        fill(shop, "Records", row, Action="Keywords")
    fill(shop, "Records", 2, Name="Oak stool [fail]")
    sign(shop)
    shop.here(*SIGNED, code=3)
    said = shop.here(*SIGNED)
    assert "00001 were looked for under this plan already" in said.stderr
    assert paid(shop) == {"00001 keywords": 1, "00002 keywords": 1}
    sign(shop)
    shop.here(*SIGNED, code=3)
    assert paid(shop)["00001 keywords"] == 2, "what was signed anew is paid for"


def test_rows_that_were_approved_go_on_as_well(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, settings=FIRST)
    shop.here("plan", "shop.xlsx", "--into-workbook")
    for row in range(2, 8):
        fill(shop, "Plan", row, Approved="yes")
    shop.faults("402:on=generate")
    shop.here("run", "shop.xlsx", "--yes", "--approved", code=8)
    shop.faults("")
    shop.here("run", "shop.xlsx", "--yes", "--approved")
    assert paid(shop) == everything(shop)
    assert len(shop.cells()) == 4
