"""The journal is gone, damaged or an old one: what the service holds is taken for what is known, and paid for once."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from sync.workbook.layout import SYNC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop

NOTE = "This computer has no journal of shop.xlsx, which has been worked on before"


def journal(shop: Shop) -> Path:
    return shop.folder / "state" / "journals" / "w-cli.sqlite3"


def forget(shop: Shop) -> None:
    """Do as somebody who goes on with the file on another computer."""
    shutil.rmtree(shop.folder / "state")


def forget_all(shop: Shop) -> None:
    """Do the same with a file that says nothing of what was agreed."""
    forget(shop)
    book = load_workbook(shop.file)
    book[SYNC].delete_rows(3, book[SYNC].max_row)
    book.save(shop.file)


def wait_until_all_is_made(shop: Shop) -> None:
    until = time.monotonic() + 30
    while json.loads(shop.here("status", "--json").stdout)["requests"]:
        assert time.monotonic() < until
        time.sleep(0.05)


def paid_once(shop: Shop) -> None:
    assert shop.charged() == shop.everything()
    assert sorted(shop.cells()) == shop.everything()


def test_j05_with_the_journal_gone_half_way_what_is_being_made_is_followed_and_paid_once(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=12, capacity=1, seconds_per_record=0.15)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    assert len(shop.ledger()) < len(shop.everything()), "half-way"
    forget(shop)
    ran = shop.here("run", "shop.xlsx", "--yes")
    assert ran.stderr.count(NOTE) == 1
    assert str(journal(shop)) in ran.stderr, "it says where a journal would have to be put"
    paid_once(shop)
    assert "Following request" in ran.stderr
    again = shop.here("run", "shop.xlsx", "--yes")
    assert NOTE not in again.stderr
    assert "Nothing to do" in again.stdout


def test_j05_with_the_journal_gone_when_all_was_made_the_texts_are_fetched_for_nothing(
    opened: Callable[..., Shop],
) -> None:
    shop = opened()
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    wait_until_all_is_made(shop)
    forget(shop)
    shop.here("run", "shop.xlsx", "--yes")
    paid_once(shop)


def test_j05_with_the_journal_gone_after_some_were_written_the_rest_is_ordered_once(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=8, faults="402:on=generate,after=1")
    shop.here("run", "shop.xlsx", "--yes", code=8)
    assert 0 < len(shop.cells()) < len(shop.everything())
    shop.faults("")
    forget_all(shop)
    ran = shop.here("run", "shop.xlsx", "--yes")
    assert NOTE in ran.stderr
    paid_once(shop)


def test_j05_a_wish_that_was_carried_out_before_the_journal_was_lost_is_not_paid_for_again(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    before = shop.cells()
    shop.edit(A2="Regenerate")
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    wait_until_all_is_made(shop)
    paid = len(shop.ledger())
    assert paid == len(shop.everything()) + 2
    forget_all(shop)
    assert "--overwrite" in shop.here("run", "shop.xlsx", "--yes", code=5).stderr, "whose words are there, nobody knows"
    shop.here("run", "shop.xlsx", "--yes", "--overwrite")
    assert len(shop.ledger()) == paid
    assert shop.column("Action")[0] is None, "the wish is over"
    after = shop.cells()
    assert {key for key in after if after[key] != before[key]} == {("00001", "page title"), ("00001", "excerpt")}
    shop.edit(A2="Regenerate")
    shop.here("run", "shop.xlsx", "--yes")
    assert len(shop.ledger()) == paid + 2, "a new wish is a new wish"


def test_j05_plan_status_and_cancel_say_it_too_and_change_nothing(opened: Callable[..., Shop]) -> None:
    shop = opened(records=12, capacity=1, seconds_per_record=5.0)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    forget(shop)
    for _ in range(2):
        planned = shop.here("plan", "shop.xlsx", "--json")
        assert NOTE in planned.stderr
        assert json.loads(planned.stdout)["counts"]["follow"] == len(shop.everything())
    told = shop.here("status", "shop.xlsx")
    assert "its journal is not here" in told.stdout
    assert json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["forgotten"] is True
    receipt = shop.here("cancel", "shop.xlsx", code=None)
    assert NOTE in receipt.stderr
    assert len(shop.ledger()) < len(shop.everything())
    assert [one["state"] for one in json.loads(shop.here("status", "--json").stdout)["requests"]] in (
        [],
        ["Cancelling"],
    )


def test_j05_as_json_it_is_an_event_of_its_own(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    forget_all(shop)
    ran = shop.here("run", "shop.xlsx", "--yes", "--json")
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    (said,) = [event for event in events if event["event"] == "forgotten"]
    assert said["message"].startswith(NOTE)


def test_a_workbook_that_nobody_has_worked_on_is_new_and_not_forgotten(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    assert "has been worked on before" not in shop.here("plan", "shop.xlsx").stderr
    assert json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["forgotten"] is False
    header = shop.grid()[0]
    status, updated = (chr(ord("A") + header.index(name)) for name in ("Status", "Updated"))
    shop.edit(**{f"{status}2": "active", f"{updated}2": "2026-01-05T10:00:00Z", f"{status}3": "draft"})
    assert "has been worked on before" not in shop.here("plan", "shop.xlsx").stderr, "a shop's own words"
    assert "has been worked on before" not in shop.here("run", "shop.xlsx", "--yes").stderr


# --------------------------------------------------------------------------- damaged


@pytest.mark.parametrize("copy", [True, False], ids=["with a copy", "without"])
def test_j06_with_a_damaged_journal_the_run_goes_on_and_pays_once(opened: Callable[..., Shop], copy: bool) -> None:
    shop = opened(records=12, capacity=1, seconds_per_record=0.15)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    if copy:
        shop.here("run", "shop.xlsx", "--yes", "--detach")  # whose copy, made when it began, knows of the first
    else:
        journal(shop).with_name("w-cli.copy.sqlite3").unlink(missing_ok=True)
    journal(shop).write_bytes(b"\0" * 4096 + b"scribble" * 4096)
    looked = shop.here("status", "shop.xlsx", code=7)
    assert "is damaged" in looked.stderr
    assert "wtsync run" in looked.stderr
    ran = shop.here("run", "shop.xlsx", "--yes")
    assert ("its copy takes its place" in ran.stderr) is copy
    assert ("begins anew" in ran.stderr) is not copy
    assert (NOTE in ran.stderr) is not copy
    assert list(journal(shop).parent.glob("w-cli.damaged-*.sqlite3")), "it is kept"
    paid_once(shop)


def test_j05_a_journal_that_alone_was_deleted_is_replaced_by_its_copy_even_after_a_look(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=12, capacity=1, seconds_per_record=0.15)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    for file in journal(shop).parent.glob("w-cli.sqlite3*"):
        file.unlink()
    shop.here("plan", "shop.xlsx")
    ran = shop.here("run", "shop.xlsx", "--yes")
    assert "its copy takes its place" in ran.stderr
    assert NOTE not in ran.stderr
    paid_once(shop)


# --------------------------------------------------------------------------- an old copy


def test_j09_restored_from_before_the_order_it_finds_what_was_ordered_since(opened: Callable[..., Shop]) -> None:
    shop = opened(records=12, capacity=1, seconds_per_record=0.15)
    shop.here("plan", "shop.xlsx")
    shutil.copytree(shop.folder / "state", shop.folder / "backup")
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    forget(shop)
    shutil.copytree(shop.folder / "backup", shop.folder / "state")
    shop.here("run", "shop.xlsx", "--yes")
    paid_once(shop)


def test_j09_restored_from_before_a_regeneration_it_does_not_pay_for_it_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    shutil.copytree(shop.folder / "state", shop.folder / "backup")
    shop.edit(A2="Regenerate")
    shop.here("run", "shop.xlsx", "--yes")
    paid, texts = len(shop.ledger()), shop.cells()
    forget(shop)
    shutil.copytree(shop.folder / "backup", shop.folder / "state")
    shop.here("run", "shop.xlsx", "--yes", code=None)
    assert len(shop.ledger()) == paid
    assert shop.cells() == texts


def test_j09_restored_from_before_what_nobody_could_say_was_sent_again_it_finds_the_texts(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=4, faults="500:on=generate,count=1")
    shop.here("run", "shop.xlsx", "--yes", code=3)
    shutil.copytree(shop.folder / "state", shop.folder / "backup")
    unsure = json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["unknown"]
    assert unsure
    words = [word for batch in unsure for word in ("--resend", str(batch["batch"]))]
    shop.here("run", "shop.xlsx", "--yes", *words)
    paid_once(shop)
    forget(shop)
    shutil.copytree(shop.folder / "backup", shop.folder / "state")
    again = shop.here("run", "shop.xlsx", "--yes", *words)
    assert "has turned up meanwhile, so that nothing of it is given up" in again.stderr, "its texts have been found"
    paid_once(shop)
