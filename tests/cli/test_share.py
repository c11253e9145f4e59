"""A colleague goes on with the file alone: her own journal, the same service, and what the workbook says itself."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from sync.workbook.layout import SYNC
from tests.cli.test_forgotten import NOTE, wait_until_all_is_made
from tests.cli.test_push import address, edit_there, texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop


def colleague(shop: Shop) -> dict[str, Any]:
    """Name the state of another computer."""
    return {"WTSYNC_STATE_DIR": str(shop.folder / "colleague")}


def notes(file: Path) -> list[list[Any]]:
    book = load_workbook(file)
    return [list(row) for row in book[SYNC].iter_rows(values_only=True)]


def change_notes(shop: Shop, change: Callable[[Any], None]) -> None:
    book = load_workbook(shop.file)
    change(book[SYNC])
    book.save(shop.file)


def said(text: str) -> str:
    return " ".join(text.split())


def test_the_workbook_says_of_each_text_who_made_it_when_and_in_which_run(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    rows = notes(shop.file)
    assert rows[0][:2] == ["workbook id", "w-cli"]
    assert rows[2][:6] == ["service", "simulated", "store", "type", "record id", "language"]
    assert [row[1] for row in rows[3:]] == ["yes", "yes"]
    assert sorted(str(row[4]) for row in rows[3:]) == ["00001", "00002"]
    assert all(str(cell).startswith("generated ") for row in rows[3:] for cell in row[6:8])


def test_a_colleague_with_the_file_alone_decides_as_its_owner_does(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    shop.here("run", "shop.xlsx", "--yes")
    paid, theirs = shop.ledger(), colleague(shop)
    first = shop.here("plan", "shop.xlsx", **theirs)
    assert "Nothing to do" in first.stdout
    assert NOTE not in first.stderr, "the workbook says itself what was agreed"
    shop.edit(**{address(shop, "Page title", 2): "Her words", address(shop, "Page title", 4): "Her other words"})
    edit_there(shop, "00002", "Changed on the service")
    edit_there(shop, "00003", "Changed there too")
    plan = said(shop.here("plan", "shop.xlsx", **theirs).stdout)
    assert "send back 1 text changed here" in plan
    assert "changed here and on the service" in plan
    shop.here("run", "shop.xlsx", "--yes", **theirs)
    assert texts(shop)["00001"]["value"] == "Her words"
    assert texts(shop)["00003"]["value"] == "Changed there too"
    assert shop.cells()["00002", "page title"] == "Changed on the service"
    assert shop.cells()["00003", "page title"] == "Her other words", "a conflict leaves both"
    assert shop.ledger() == paid


def test_her_older_journal_and_the_colleagues_newer_notes_agree_to_the_colleagues_work(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    paid, theirs = shop.ledger(), colleague(shop)
    shop.edit(**{address(shop, "Page title", 2): "Her words"})
    edit_there(shop, "00002", "Changed on the service")
    shop.here("run", "shop.xlsx", "--yes", **theirs)
    assert "Nothing to do" in shop.here("plan", "shop.xlsx").stdout
    told = shop.here("plan", "shop.xlsx", "--explain", "00001").stdout
    assert "a person's words, sent back by run" in told
    assert "journal and workbook differ; the service has what the workbook says" in told
    assert "(simulated)" in told
    shop.here("run", "shop.xlsx", "--yes")
    assert "known from the journal" in shop.here("plan", "shop.xlsx", "--explain", "00001").stdout
    edit_there(shop, "00001", "Changed after she sent hers")
    conflict = said(shop.here("plan", "shop.xlsx").stdout)
    assert "your words were replaced on the service" in conflict, "she knows now that these are a person's words"
    assert shop.ledger() == paid


@pytest.mark.parametrize("action", ["Regenerate", "Rewrite"])
def test_a_wish_that_the_owner_ordered_and_did_not_write_is_not_paid_for_again(
    opened: Callable[..., Shop], action: str
) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Action", 2): action})
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    wait_until_all_is_made(shop)
    paid = shop.ledger()
    assert len(paid) == 6
    ran = shop.here("run", "shop.xlsx", "--yes", **colleague(shop))
    assert shop.ledger() == paid, ran.stdout
    assert shop.cells()["00001", "page title"] == texts(shop)["00001"]["value"]
    assert shop.column("Action") == [None, None]
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.ledger() == paid, "the owner finds her order made, and its texts in the workbook"
    shop.edit(**{address(shop, "Action", 2): action})
    shop.here("run", "shop.xlsx", "--yes", **colleague(shop))
    assert len(shop.ledger()) == 8, "a new wish is carried out"


def test_while_the_owners_order_is_being_made_the_colleague_follows_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, capacity=1, seconds_per_record=0.2)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Action", 2): "Regenerate", address(shop, "Action", 3): "Regenerate"})
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    shop.here("run", "shop.xlsx", "--yes", **colleague(shop))
    assert len(shop.ledger()) == 8


def sorted_by_itself(sheet: Any) -> None:
    cells = [sheet.cell(row, 7).value for row in (4, 5)]
    sheet.cell(4, 7, cells[1])
    sheet.cell(5, 7, cells[0])


def torn(sheet: Any) -> None:
    sheet.cell(4, 7, "what is this")
    sheet.cell(5, 5).value = None


def with_a_formula(sheet: Any) -> None:
    sheet.cell(4, 7, "=1+1")


def made_up(sheet: Any) -> None:
    """Say of a person's words that they were generated."""
    words = str(sheet.cell(4, 7).value).split()
    sheet.cell(4, 7, " ".join(["generated", "2099-01-01T00:00:00Z", *words[2:]]))


def without_headings(sheet: Any) -> None:
    sheet.delete_rows(3)


def turned_around(sheet: Any) -> None:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for at, row in enumerate(reversed(rows), 1):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column, value)


@pytest.mark.parametrize("change", [sorted_by_itself, torn, with_a_formula, made_up, without_headings, turned_around])
def test_notes_that_somebody_spoiled_cost_nobody_words_or_credits(
    opened: Callable[..., Shop], change: Callable[[Any], None]
) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Page title", 2): "Her words"})
    shop.here("run", "shop.xlsx", "--yes")
    paid = shop.ledger()
    change_notes(shop, change)
    edit_there(shop, "00001", "Replaced on the service")
    for computer in (dict[str, Any](), colleague(shop)):
        shop.here("run", "shop.xlsx", "--yes", **computer)
        assert shop.cells()["00001", "page title"] == "Her words"
    assert shop.ledger() == paid


def test_notes_that_cannot_be_made_out_are_told_once_as_a_warning(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    change_notes(shop, torn)
    told = shop.here("plan", "shop.xlsx", **colleague(shop)).stdout
    assert told.count("cannot be made out") == 1
    assert "_sync!G4" in told
    assert "row 5" in told


def test_what_was_agreed_with_another_service_is_no_base_here(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")

    def elsewhere(sheet: Any) -> None:
        for row in (4, 5):
            sheet.cell(row, 1, "api.writetext.ai")

    change_notes(shop, elsewhere)
    shop.edit(**{address(shop, "Page title", 2): "Her words"})
    told = said(shop.here("plan", "shop.xlsx", **colleague(shop)).stdout)
    assert "send back" not in told, "at a first meeting, nothing is sent"


def own_workbook(shop: Shop) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Records"
    for row in (["Record ID", "Name", "Page title"], ["a1", "Oak stool", None], ["a2", "Pine stool", None]):
        sheet.append(row)
    book.save(shop.file)


def test_a_workbook_of_ones_own_gets_no_sheet_unless_it_is_shared(opened: Callable[..., Shop]) -> None:
    shop = opened()
    own_workbook(shop)
    shop.here("run", "shop.xlsx", "--yes")
    assert SYNC not in load_workbook(shop.file).sheetnames
    paid = shop.ledger()
    assert "1 sheet added" in shop.here("share", "shop.xlsx").stdout
    book = load_workbook(shop.file)
    assert book[SYNC].sheet_state == "veryHidden"
    assert notes(shop.file)[0][1].startswith("path-")
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--yes").stdout, "its journal is still its own"
    there = shop.folder / "there"
    there.mkdir()
    shutil.move(shop.file, there / "other name.xlsx")
    plan = shop.here("plan", str(there / "other name.xlsx"), **colleague(shop))
    assert "Nothing to do" in plan.stdout
    assert shop.ledger() == paid
    again = shop.here("share", str(there / "other name.xlsx"), **colleague(shop))
    assert "can be handed on" in again.stdout


def test_two_copies_of_one_workbook_pay_once_and_each_gets_its_texts(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, settings={"Emptied cell": "regenerate"})
    shutil.copy(shop.file, shop.folder / "copy.xlsx")
    shop.here("run", "shop.xlsx", "--yes")
    paid = shop.ledger()
    shop.here("run", "copy.xlsx", "--yes")
    assert shop.ledger() == paid
    first, shop.file = shop.cells(), shop.folder / "copy.xlsx"
    assert shop.cells() == first
    shop.edit(**{address(shop, "Page title", 2): "Written in the copy"})
    shop.here("run", "copy.xlsx", "--yes")
    assert texts(shop)["00001"]["value"] == "Written in the copy"
    shop.file = shop.folder / "shop.xlsx"
    shop.here("run", "shop.xlsx", "--yes")
    assert texts(shop)["00001"]["value"] == "Written in the copy", "what the other copy has is not sent back over it"
    assert shop.ledger() == paid
