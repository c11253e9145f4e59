"""Approval inside the workbook, as people do it: they sort, say yes and no, edit, and run."""

from __future__ import annotations

import shutil
import signal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from tests.cli.shop import wait_for
from tests.cli.test_money import own_workbook
from tests.cli.test_push import address

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop

APPROVED, ID, TEXT, NOW, WOULD_BE, DONE = 0, 1, 6, 8, 9, 13


def plan_rows(file: Path) -> list[list[Any]]:
    return [list(row) for row in load_workbook(file)["Plan"].iter_rows(min_row=2, values_only=True)]


def say_yes(file: Path, *records: str, word: str = "yes") -> None:
    """Approve all rows of some records."""
    book: Any = load_workbook(file)
    for row in book["Plan"].iter_rows(min_row=2):
        if row[ID].value in records:
            row[APPROVED].value = word
    book.save(file)


def test_exactly_the_approved_rows_are_carried_out_and_marked_and_the_rest_can_be_approved_later(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=3)
    said = shop.here("plan", "shop.xlsx", "--into-workbook").stderr
    assert "6 rows" in said
    assert "run shop.xlsx --approved" in said
    book: Any = load_workbook(shop.file)
    rows = [[cell.value for cell in row] for row in book["Plan"].iter_rows(min_row=2)]
    for number, values in enumerate(reversed(rows), 2):  # sorted the other way round, as anybody may
        for column, value in enumerate(values, 1):
            book["Plan"].cell(number, column, value)
    book["Plan"].cell(4, 1, "yes")
    book["Plan"].cell(5, 1, "no")
    book.save(shop.file)
    chosen = plan_rows(shop.file)[2]
    shop.here("run", "shop.xlsx", "--approved", "--yes")
    assert shop.charged() == [(chosen[ID], chosen[TEXT])]
    done = [(row[ID], row[TEXT]) for row in plan_rows(shop.file) if row[DONE]]
    assert done == shop.charged()
    assert set(shop.cells()) == set(shop.charged())
    say_yes(shop.file, "00001", "00002", "00003")
    shop.here("run", "shop.xlsx", "--approved", "--yes")
    assert shop.charged() == shop.everything()
    assert all(row[DONE] for row in plan_rows(shop.file))
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--approved", "--yes").stdout


def test_a_workbook_edited_after_approval_is_refused_naming_the_rows_that_moved(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    shop.here("plan", "shop.xlsx", "--into-workbook")
    say_yes(shop.file, "00001", "00002", "00003")
    shop.edit(**{address(shop, "Colour", 3): "green", address(shop, "Page title", 4): "Mine"})
    shop.edit(**{address(shop, "Colour", 5): "green"})
    told = shop.here("run", "shop.xlsx", "--approved", "--yes", code=5).stderr
    assert "(00002 page title): its product or its settings have changed" in told
    assert "(00002 excerpt): its product or its settings have changed" in told
    assert "(00003 page title): there is nothing to do any more" in told
    assert "00001" not in told
    assert "00004" not in told, "nobody approved it"
    assert shop.ledger() == []
    shop.here("plan", "shop.xlsx", "--into-workbook")
    assert {row[ID] for row in plan_rows(shop.file) if row[APPROVED]} == {"00001", "00003"}, "what moved asks again"
    shop.here("run", "shop.xlsx", "--approved", "--yes")
    assert {one["recordId"] for one in shop.ledger()} == {"00001", "00003"}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_of_approved_rows_that_was_interrupted_goes_on_with_the_same_words_and_pays_once(
    opened: Callable[..., Shop], number: signal.Signals
) -> None:
    shop = opened(records=20, capacity=1, seconds_per_record=0.2)
    shop.here("plan", "shop.xlsx", "--into-workbook")
    chosen = [f"{n:05}" for n in range(3, 11)]
    say_yes(shop.file, *chosen)
    words = ("run", "shop.xlsx", "--approved", "--yes", "--batch-size", "8")
    with shop.start(*words) as run:
        wait_for(lambda: run.poll() is not None or (shop.answered() >= 2 and shop.ledger()))
        run.send_signal(number)
        run.communicate()
    shop.here(*words)
    assert shop.charged() == sorted((one, text) for one in chosen for text in ("page title", "excerpt"))
    assert {row[ID] for row in plan_rows(shop.file) if row[DONE]} == set(chosen)
    before = shop.file.read_bytes()
    shop.here(*words)
    assert len(shop.ledger()) == 16
    assert shop.file.read_bytes() == before


def test_texts_that_go_back_show_both_sides_and_go_back_when_approved(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    was = shop.cells()["00001", "page title"]
    shop.edit(**{address(shop, "Page title"): "Ours, by hand"})
    shop.edit(**{address(shop, "Page title", 3): "Not this one"})
    shop.here("plan", "shop.xlsx", "--into-workbook")
    rows = {row[ID]: row for row in plan_rows(shop.file)}
    assert rows["00001"][NOW] == was
    say_yes(shop.file, "00001")
    shop.here("run", "shop.xlsx", "--approved", "--yes")
    assert "1 text changed here" in shop.here("plan", "shop.xlsx").stdout
    assert [row[ID] for row in plan_rows(shop.file) if row[DONE]] == ["00001"]


def test_a_sheet_named_plan_of_the_users_own_is_never_written_over(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    book: Any = load_workbook(shop.file)
    book.create_sheet("Plan").append(["My plan for the summer"])
    book.save(shop.file)
    before = shop.file.read_bytes()
    assert "not one that wtsync made" in shop.here("plan", "shop.xlsx", "--into-workbook", code=4).stderr
    assert shop.file.read_bytes() == before
    assert "--into-workbook" in shop.here("run", "shop.xlsx", "--approved", "--yes", code=2).stderr
    shop.here("run", "shop.xlsx", "--yes")
    assert load_workbook(shop.file)["Plan"]["A1"].value == "My plan for the summer"


def test_it_works_in_a_workbook_of_the_users_own_whatever_its_sheet_is_called(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    file = own_workbook(shop.folder / "own.xlsx", 3)
    book: Any = load_workbook(file)
    book["Records"].title = "Products"
    book.save(file)
    shop.here("plan", "own.xlsx", "--into-workbook")
    say_yes(file, "A2")
    shop.here("run", "own.xlsx", "--approved", "--yes")
    assert shop.charged() == [("A2", "page title")]
    assert [row[3] is None for row in load_workbook(file)["Products"].iter_rows(min_row=2, values_only=True)] == [
        True, False, True,
    ]  # fmt: skip


def test_it_is_refused_while_the_workbook_is_open_elsewhere(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    before = shop.file.read_bytes()
    (shop.folder / ".~lock.shop.xlsx#").write_text(",anna,pc,,file:///x;")
    assert "anna" in shop.here("plan", "shop.xlsx", "--into-workbook", code=4).stderr
    assert shop.file.read_bytes() == before


def test_nothing_approved_and_a_row_that_was_written_into_are_refused(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("plan", "shop.xlsx", "--into-workbook")
    assert "No row" in shop.here("run", "shop.xlsx", "--approved", "--yes", code=5).stderr
    say_yes(shop.file, "00001", word="perhaps")
    assert "neither yes nor no" in shop.here("run", "shop.xlsx", "--approved", "--yes", code=5).stderr
    say_yes(shop.file, "00001")
    book: Any = load_workbook(shop.file)
    book["Plan"]["J2"] = "My own words"
    book.save(shop.file)
    assert (
        "row 2 (00001 page title): somebody has written"
        in shop.here("run", "shop.xlsx", "--approved", "--yes", code=5).stderr
    )
    assert shop.ledger() == []


@pytest.mark.parametrize("more", [("--limit", "1"), ("--plan", "signed.json")])
def test_the_sheet_says_itself_what_is_meant(opened: Callable[..., Shop], more: tuple[str, str]) -> None:
    shop = opened(records=1)
    shop.here("plan", "shop.xlsx", "--into-workbook")
    shop.here("run", "shop.xlsx", "--approved", *more, code=2)


def test_the_sheet_is_a_write_like_any_other_and_can_be_undone(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    before = shop.file.read_bytes()
    shop.here("plan", "shop.xlsx", "--into-workbook")
    shop.here("restore", "shop.xlsx", "--to", "latest", "--yes")
    assert shop.file.read_bytes() == before


def test_an_older_copy_is_still_known_for_one_after_a_plan_was_written_into_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shutil.copy(shop.file, shop.folder / "kept")
    shop.here("run", "shop.xlsx", "--yes")
    texts = shop.cells()
    shutil.copy(shop.folder / "kept", shop.file)
    shop.here("plan", "shop.xlsx", "--into-workbook")
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.cells() == texts
    assert len(shop.ledger()) == 4
