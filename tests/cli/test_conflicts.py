"""Texts that were changed on both sides: what the workbook shows of them, and how a person settles them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from sync.workbook.save import sha256_of
from tests.cli.test_push import address, edit_there, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

TITLE = "Page title"


def sheet(shop: Shop) -> list[list[Any]]:
    """Give the sheet Conflicts, less its headings."""
    book = load_workbook(shop.file, read_only=True)
    try:
        return [list(row) for row in book["Conflicts"].iter_rows(values_only=True)][1:]
    finally:
        book.close()


def sheets(shop: Shop) -> list[str]:
    book = load_workbook(shop.file, read_only=True)
    try:
        return book.sheetnames
    finally:
        book.close()


@pytest.fixture
def divided(opened: Callable[..., Shop]) -> Shop:
    """Three records, of which the titles of two were changed on both sides; nobody has run wtsync since."""
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, TITLE): "Oak stool, by hand", address(shop, TITLE, 3): "Oak stool too, by hand"})
    edit_there(shop, "00001", "Oak stool, from the website")
    edit_there(shop, "00002", "Oak stool too, from the website")
    return shop


def test_a_run_shows_both_sides_and_what_was_agreed_on_and_marks_the_row(divided: Shop) -> None:
    said = divided.here("run", "shop.xlsx", "--yes").stdout
    assert "1 sheet added" in said
    first, second = sheet(divided)
    assert first[0] == "00001"
    assert first[1:5] == ["Oak stool 1", TITLE, "Oak stool, by hand", "Oak stool, from the website"]
    assert "Oak stool 1" in first[5]
    assert (first[7], second[0]) == ("Product, shop, en", "00002")
    assert "Pull" in first[6]
    assert "00001" in first[6]
    assert divided.column("Status") == ["Conflict", "Conflict", "Done"]
    message = divided.column("Message")[0]
    assert message.startswith("Page title: another text here than on the service.")
    assert "2 texts in conflict when it was last looked at" in divided.here("status", "shop.xlsx").stdout


def test_nothing_is_sent_and_a_second_run_leaves_the_file_as_it_is(divided: Shop) -> None:
    divided.here("run", "shop.xlsx", "--yes")
    assert texts(divided)["00001"]["value"] == "Oak stool, from the website"
    before = sha256_of(divided.file)
    divided.here("run", "shop.xlsx", "--yes")
    divided.here("apply", "shop.xlsx")
    assert sha256_of(divided.file) == before
    assert divided.column("Status")[0] == "Conflict"


def test_status_counts_no_conflict_before_anybody_has_looked_and_none_that_is_settled(divided: Shop) -> None:
    assert "in conflict" not in divided.here("status", "shop.xlsx").stdout
    divided.here("run", "shop.xlsx", "--yes", "--prefer", "workbook", "--overwrite")
    assert json.loads(divided.here("status", "shop.xlsx", "--json").stdout)["workbook"]["conflicts"] == 0


def test_pull_and_push_settle_it_and_what_is_settled_is_not_left_lying(divided: Shop) -> None:
    divided.here("run", "shop.xlsx", "--yes")
    divided.edit(**{address(divided, "Action"): "Pull"})
    divided.here("run", "shop.xlsx", "--yes", "--overwrite")
    assert [row[0] for row in sheet(divided)] == ["00002"]
    assert divided.column("Status") == ["Done", "Conflict", "Done"]
    divided.edit(**{address(divided, "Action", 3): "Push"})
    divided.here("run", "shop.xlsx", "--yes", "--overwrite")
    divided.here("run", "shop.xlsx", "--yes")
    (row,) = sheet(divided)
    assert "No text is in conflict." in row
    assert divided.column("Status") == ["Done", "Sent back", "Done"]
    assert divided.column("Message")[1] is None or "Pull" not in divided.column("Message")[1]
    assert divided.column(TITLE)[0] == texts(divided)["00001"]["value"] == "Oak stool, from the website"
    assert divided.column(TITLE)[1] == texts(divided)["00002"]["value"] == "Oak stool too, by hand"


def test_a_run_of_one_record_keeps_the_conflicts_of_the_others_on_the_sheet(divided: Shop) -> None:
    divided.here("run", "shop.xlsx", "--yes", "--record", "00003")
    assert [row[0] for row in sheet(divided)] == ["00001", "00002"]
    assert divided.column("Status") == ["Conflict", "Conflict", "Done"]


def test_a_workbook_without_conflicts_gets_no_sheet(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    assert "Conflicts" not in sheets(shop)


def test_a_sheet_of_that_name_that_somebody_made_stays_and_status_tells_of_the_conflict(divided: Shop) -> None:
    book = load_workbook(divided.file)
    book.create_sheet("Conflicts")["A1"] = "Who argues with whom"
    book.save(divided.file)
    said = divided.here("run", "shop.xlsx", "--yes").stdout
    assert "a sheet named Conflicts already, and it is not one that wtsync made" in said
    assert load_workbook(divided.file)["Conflicts"]["A1"].value == "Who argues with whom"
    assert divided.column("Status")[0] == "Conflict"


def test_a_workbook_that_takes_no_new_sheet_tells_of_the_conflict_in_its_row(divided: Shop) -> None:
    book = load_workbook(divided.file)
    book.security.lockStructure = True
    book.save(divided.file)
    said = divided.here("run", "shop.xlsx", "--yes").stdout
    assert "protected" in said
    assert "Conflicts" not in sheets(divided)
    assert divided.column("Status")[0] == "Conflict"
