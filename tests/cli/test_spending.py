"""Budgets of a month, and credits that another run has reserved: what one workbook's run knows of all the others."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from sync.journal import Journal, journal_path
from sync.workbook.read import read
from tests.cli.shop import make_workbook, wait_for
from tests.cli.test_money import own_workbook
from tests.machine.interruptions import Interruption

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

MONTH = 31 * 24 * 3600.0


def age(shop: Shop, seconds: float) -> None:
    """Let everything that a journal knows have happened so much earlier."""
    path = journal_path(read(shop.file).workbook_id, {"WTSYNC_STATE_DIR": str(shop.folder / "state")})
    with Journal(path, "any") as journal, journal.transaction():
        journal._database.run("UPDATE text SET seen_at = seen_at - ?", (seconds,))
        journal._database.run("UPDATE batch SET changed_at = changed_at - ?", (seconds,))


def test_the_budget_of_a_month_counts_what_all_workbooks_have_spent_in_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    make_workbook(shop.folder / "two.xlsx", 4, workbook_id="w-two", **{"Budget per month": "10"})
    told = shop.here("run", "two.xlsx", "--yes", code=5).stderr
    assert "it may cost 6 credits; 6 were spent this month, and the budget per month is 10" in told
    assert "--over-month" in told
    plan = json.loads(shop.here("plan", "two.xlsx", "--json").stdout)
    assert [one["name"] for one in plan["guards"]] == ["month"]
    assert "month is 10" in shop.here("run", "two.xlsx", "--yes", "--over-budget", code=5).stderr
    age(shop, MONTH)
    shop.here("run", "two.xlsx", "--yes")


def test_the_budget_of_a_month_is_passed_by_its_own_flag_and_stops_nothing_that_is_free(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2, settings={"Budget per month": "1"})
    shop.here("run", "shop.xlsx", "--yes", code=5)
    shop.here("run", "shop.xlsx", "--yes", "--over-month")
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--yes").stdout


def test_what_is_under_way_for_one_workbook_is_reserved_for_another_and_given_back_when_it_has_come(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=1, credits=30, capacity=1, seconds_per_record=0.25)
    own_workbook(shop.folder / "one.xlsx", 20)
    make_workbook(shop.folder / "two.xlsx", 9, workbook_id="w-two")
    with shop.start("run", "one.xlsx", "--yes", "--batch-size", "2") as run:
        wait_for(shop.ledger)
        told = shop.here("run", "two.xlsx", "--yes", code=5).stderr
        run.communicate()
    assert run.returncode == 0
    assert "are reserved for what is under way" in told
    assert "--over-balance" in told
    assert {one["recordId"] for one in shop.ledger()} == {f"A{n}" for n in range(1, 21)}
    told = shop.here("run", "two.xlsx", "--yes", code=5).stderr
    assert "reserved" not in told
    assert "the account has 10" in told


@pytest.mark.parametrize(("balance", "settings"), [(30, {}), (1000, {"Budget per month": "30"})])
def test_of_two_runs_that_were_both_allowed_only_as_much_is_sent_as_is_there_for_both(
    opened: Callable[..., Shop], balance: int, settings: dict[str, str]
) -> None:
    shop = opened(records=6, credits=balance, settings=settings)
    own_workbook(shop.folder / "two.xlsx", 18)
    other = []

    def meanwhile() -> None:
        other.append(shop.wtsync("run", "two.xlsx", "--yes", "--detach"))

    judged = Interruption(2, meanwhile, frozenset({"busy_reason"}))  # the guards had nothing against it
    with judged.watching():
        told = shop.here("run", "shop.xlsx", "--yes", code=5).stderr
    assert other, judged
    assert "The plan was not carried out: it may cost 18 credits" in told
    shop.wtsync("run", "two.xlsx", "--yes")
    assert sum(one["credits"] for one in shop.ledger()) == 18
    assert shop.cells() == {}


def test_a_run_is_not_stopped_because_another_one_spends_as_it_was_approved(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, capacity=8, seconds_per_record=0.05)
    files = [own_workbook(shop.folder / f"{name}.xlsx", count) for name, count in (("small", 6), ("large", 40))]
    make_workbook(shop.folder / "small.xlsx", 6, workbook_id="w-small")
    runs = [shop.start("run", file.name, "--yes", "--batch-size", "2") for file in files]
    said = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert not any("Somebody else may be spending" in err for _, err in said)


def test_the_ledger_as_csv_is_read_by_a_spreadsheet_and_agrees_with_the_service(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    rows = list(csv.DictReader(io.StringIO(shop.here("ledger", "shop.xlsx", "--csv").stdout)))
    assert sum(float(row["credits"]) for row in rows) == sum(one["credits"] for one in shop.ledger())
    assert sorted((row["recordId"], row["field"]) for row in rows) == shop.charged()
    months = json.loads(shop.here("ledger", "shop.xlsx", "--json").stdout)["months"]
    assert [(one["texts"], one["simulated"]) for one in months] == [(4, True)]
