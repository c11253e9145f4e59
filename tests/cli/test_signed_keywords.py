"""A signed plan that looks for keywords first, and is interrupted once they were found: the same words go on."""

from __future__ import annotations

import json
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from tests.cli.test_keywords import fill
from tests.cli.test_push import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

FIRST = {"Keywords first": "yes"}
APPROVED = ("run", "shop.xlsx", "--yes", "--approved")
SIGNED = ("run", "shop.xlsx", "--yes", "--plan", "signed.json")


def sign(shop: Shop) -> None:
    shop.here("plan", "shop.xlsx", "--out", "signed.json")


def approve(shop: Shop) -> None:
    """Write the plan into the workbook, and say yes to every row of it."""
    shop.here("plan", "shop.xlsx", "--into-workbook")
    book: Any = load_workbook(shop.file)
    for row in book["Plan"].iter_rows(min_row=2):
        row[0].value = "yes"
    book.save(shop.file)


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


def fails(shop: Shop) -> None:
    """Wish for the keywords of two records, of which the service cannot find those of the first."""
    for row in (2, 3):
        fill(shop, "Records", row, Action="Keywords")
    fill(shop, "Records", 2, Name="Oak stool [fail]")


def test_a_search_that_failed_is_paid_for_again_only_by_a_new_signature(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    fails(shop)
    sign(shop)
    shop.here(*SIGNED, code=3)
    for _ in range(3):
        said = shop.here(*SIGNED)
        assert "00001 were looked for under this plan already" in said.stderr
        assert "make and sign a new plan" in said.stderr
    assert paid(shop) == {"00001 keywords": 1, "00002 keywords": 1}
    old = (shop.folder / "signed.json").read_text(encoding="utf-8")
    sign(shop)
    shop.here(*SIGNED, code=3)
    assert paid(shop)["00001 keywords"] == 2, "it was signed anew"
    shop.here(*SIGNED)
    (shop.folder / "signed.json").write_text(old, encoding="utf-8")
    assert "00001 were looked for" in shop.here(*SIGNED).stderr
    assert paid(shop)["00001 keywords"] == 2, "neither signature pays for a second one"


@pytest.mark.parametrize(("agree", "words"), [(sign, SIGNED), (approve, APPROVED)])
def test_a_plan_of_nothing_but_a_search_that_failed_can_be_agreed_to_time_and_again(
    opened: Callable[..., Shop], agree: Callable[[Shop], None], words: tuple[str, ...]
) -> None:
    shop = opened(records=1)
    fill(shop, "Records", 2, Action="Keywords", Name="Oak stool [fail]")
    for times in range(1, 4):
        agree(shop)
        shop.here(*words, code=3)
        assert "00001 were looked for under this plan already" in shop.here(*words).stderr
        assert paid(shop) == {"00001 keywords": times}


def test_a_plan_that_was_signed_before_a_search_failed_elsewhere_does_not_pay_for_another(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2)
    fails(shop)
    sign(shop)
    shop.here("run", "shop.xlsx", "--yes", "--record", "00001", code=3)
    said = shop.here(*SIGNED, code=5).stderr
    assert "00001 keywords: a search for its keywords has come before" in said
    assert "00002" not in said
    assert paid(shop) == {"00001 keywords": 1}


def test_a_new_try_that_never_left_leaves_the_yes_to_the_one_before_used_up(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    fails(shop)
    sign(shop)
    shop.here(*SIGNED, code=3)
    shop.faults("402:on=keywords-start")
    shop.here("run", "shop.xlsx", "--yes", "--record", "00001", code=8)
    shop.faults("")
    assert "00001 were looked for under this plan already" in shop.here(*SIGNED).stderr
    assert paid(shop)["00001 keywords"] == 1


def test_a_plan_of_an_earlier_version_pays_once_for_what_it_was_signed_for(opened: Callable[..., Shop]) -> None:
    """Such a plan does not tell of a search that failed before; where there is none, it is as good as a new one."""
    shop = opened(records=2)
    fails(shop)
    sign(shop)
    assert "reference" not in (shop.folder / "signed.json").read_text(encoding="utf-8")
    shop.here(*SIGNED, code=3)
    sign(shop)
    plan = json.loads((shop.folder / "signed.json").read_text(encoding="utf-8"))
    for change in plan["changes"]:
        change.pop("reference", None)
    (shop.folder / "signed.json").write_text(json.dumps(plan), encoding="utf-8")
    said = shop.here(*SIGNED, code=5).stderr
    assert "00001 keywords: a search for its keywords has come before" in said
    assert paid(shop)["00001 keywords"] == 1


def test_rows_that_were_approved_go_on_as_well(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, settings=FIRST)
    approve(shop)
    shop.faults("402:on=generate")
    shop.here(*APPROVED, code=8)
    shop.faults("")
    shop.here(*APPROVED)
    assert paid(shop) == everything(shop)
    assert len(shop.cells()) == 4


def test_a_search_that_failed_is_paid_for_again_only_by_a_new_approval(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    fails(shop)
    approve(shop)
    before = shop.file.read_bytes()
    shop.here(*APPROVED, code=3)
    said = shop.here(*APPROVED).stderr
    assert "00001 were looked for under this plan already" in said
    assert "wtsync plan shop.xlsx --into-workbook" in said
    shop.here("plan", "shop.xlsx", "--into-workbook")
    shop.here(*APPROVED, code=5)
    assert paid(shop) == {"00001 keywords": 1, "00002 keywords": 1}, "the yes to the old row is none to the new one"
    approve(shop)
    shop.here(*APPROVED, code=3)
    assert paid(shop)["00001 keywords"] == 2, "it was approved anew"
    shop.file.write_bytes(before)
    shop.here(*APPROVED, "--keywords-again", code=5)
    assert [paid(shop)[f"0000{n} keywords"] for n in (1, 2)] == [2, 1], "a workbook that was put back pays for nothing"


@pytest.mark.parametrize(("agree", "words"), [(sign, SIGNED), (approve, APPROVED)])
def test_a_clock_that_was_set_back_hides_no_search_that_was_paid_for(
    opened: Callable[..., Shop], agree: Callable[[Shop], None], words: tuple[str, ...]
) -> None:
    shop = opened(records=2)
    fails(shop)
    agree(shop)
    shop.here(*words, code=3)
    with closing(sqlite3.connect(shop.folder / "state" / "journals" / "w-cli.sqlite3")) as journal, journal:
        journal.execute("UPDATE batch SET sent_at = sent_at - 86400, changed_at = changed_at - 86400")
    assert "00001 were looked for under this plan already" in shop.here(*words).stderr
    assert paid(shop) == {"00001 keywords": 1, "00002 keywords": 1}


def test_rows_that_an_earlier_version_took_up_pay_for_no_second_search(opened: Callable[..., Shop]) -> None:
    """It kept the ids of the rows alone, without the moment."""
    shop = opened(records=2)
    fails(shop)
    approve(shop)
    shop.here(*APPROVED, code=3)
    with closing(sqlite3.connect(shop.folder / "state" / "journals" / "w-cli.sqlite3")) as journal, journal:
        ((kept,),) = journal.execute("SELECT value FROM meta WHERE key LIKE 'approved:%'")
        journal.execute("UPDATE meta SET value = ? WHERE key LIKE 'approved:%'", (json.dumps([*json.loads(kept)]),))
    assert "00001 were looked for under this plan already" in shop.here(*APPROVED).stderr
    assert paid(shop) == {"00001 keywords": 1, "00002 keywords": 1}
