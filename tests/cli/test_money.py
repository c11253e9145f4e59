"""Ways to pay twice that have nothing to do with the network: copies, renamed files, wishes left standing."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop


def own_workbook(path: Path, records: int, *, action: str = "", text: str = "") -> Path:
    """Make a workbook as somebody has it who never heard of us: one sheet, no id."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Records"
    sheet.append(["Action", "Record ID", "Name", "Page title"])
    for number in range(1, records + 1):
        sheet.append([action, f"A{number}", f"Oak stool {number}", text])
    book.save(path)
    return path


def edit(path: Path, **cells: str) -> None:
    book: Any = load_workbook(path)
    for address, value in cells.items():
        book["Records"][address] = value
    book.save(path)


def titles(path: Path) -> list[Any]:
    return [row[3] for row in load_workbook(path)["Records"].iter_rows(min_row=2, values_only=True)]


def paid(shop: Shop) -> int:
    return len(shop.ledger())


def test_s23_two_workbooks_with_the_same_records_at_the_same_time_are_charged_once(
    opened: Callable[..., Shop],
) -> None:
    shop = opened()
    one, two = (own_workbook(shop.folder / f"{name}.xlsx", 40) for name in ("one", "two"))
    runs = [shop.start("run", file.name, "--yes") for file in (one, two)]
    for run in runs:
        run.communicate(timeout=60)
    for file in (one, two):
        shop.here("run", file.name, "--yes")
    assert paid(shop) == 40
    assert all(titles(one))
    assert titles(one) == titles(two)


def test_w17_a_wish_is_over_when_its_text_gave_way_to_a_persons_words(opened: Callable[..., Shop]) -> None:
    shop = opened(seconds_per_record=0.3)
    book = own_workbook(shop.folder / "own.xlsx", 6)
    shop.here("run", "own.xlsx", "--yes")
    edit(book, A2="Regenerate")
    shop.here("run", "own.xlsx", "--yes", "--detach")
    edit(book, D2="My own words")
    shop.here("run", "own.xlsx", "--yes", code=None)
    before = paid(shop)
    shop.here("run", "own.xlsx", "--yes", code=None)
    assert paid(shop) == before == 7
    assert titles(book)[0] == "My own words"


def test_apply_leaves_a_wish_alone_that_was_made_after_the_texts_were_written(opened: Callable[..., Shop]) -> None:
    shop = opened()
    book = own_workbook(shop.folder / "own.xlsx", 2)
    shop.here("run", "own.xlsx", "--yes")
    edit(book, A2="Regenerate")
    shop.here("apply", "own.xlsx")
    assert load_workbook(book)["Records"]["A2"].value == "Regenerate"


def test_j05_a_renamed_workbook_does_not_pay_for_its_regeneration_again(opened: Callable[..., Shop]) -> None:
    shop = opened()
    book = own_workbook(shop.folder / "own.xlsx", 10, action="Regenerate", text="old")
    shop.here("run", "own.xlsx", "--yes", "--detach", "--overwrite")
    renamed = book.rename(shop.folder / "renamed.xlsx")
    shop.here("plan", "renamed.xlsx")
    shop.here("run", "renamed.xlsx", "--yes", "--overwrite")
    assert paid(shop) == 10
    assert "old" not in titles(renamed)


def test_a_copy_of_a_workbook_fetches_what_the_other_has_had_made(opened: Callable[..., Shop]) -> None:
    shop = opened()
    book = own_workbook(shop.folder / "own.xlsx", 5)
    copy = shop.folder / "copy.xlsx"
    shutil.copy(book, copy)
    shop.here("run", "own.xlsx", "--yes")
    shop.here("run", "copy.xlsx", "--yes")
    assert paid(shop) == 5
    assert titles(copy) == titles(book)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_w22_a_read_only_workbook_is_refused_before_anything_is_sent(opened: Callable[..., Shop]) -> None:
    shop = opened()
    book = own_workbook(shop.folder / "own.xlsx", 5)
    book.chmod(0o444)
    assert "read-only" in shop.here("run", "own.xlsx", "--yes", code=4).stderr
    assert paid(shop) == 0


def test_a_cell_that_must_not_be_written_is_a_problem_with_its_address_and_stops_no_other_row(
    opened: Callable[..., Shop],
) -> None:
    shop = opened()
    book = own_workbook(shop.folder / "own.xlsx", 4)
    edit(book, D3="=1+1")
    book_: Any = load_workbook(book)
    book_["Records"].merge_cells("D4:D5")
    book_.save(book)
    planned = shop.here("plan", "own.xlsx", code=4)
    assert "Records!D5" in planned.stdout
    shop.here("run", "own.xlsx", "--yes", code=4)
    assert paid(shop) == 0
    shop.here("run", "own.xlsx", "--yes", "--skip-problems", code=None)
    made = {one["recordId"] for one in shop.ledger()}
    assert "A1" in made
    assert "A4" not in made


def test_m05_texts_that_could_not_be_written_leave_with_3(opened: Callable[..., Shop]) -> None:
    shop = opened()
    own_workbook(shop.folder / "own.xlsx", 3)
    (shop.folder / ".~lock.own.xlsx#").write_text(",anna,pc,,file:///x;")
    shop.here("run", "own.xlsx", "--yes", code=3)
    assert paid(shop) == 3


def test_s22_a_charge_for_more_than_was_given_is_told(opened: Callable[..., Shop]) -> None:
    shop = opened(faults="twice:on=generate,count=1", seconds_per_record=0.01)
    own_workbook(shop.folder / "own.xlsx", 5)
    ran = shop.here("run", "own.xlsx", "--yes", code=None)
    charged = sum(one["credits"] for one in shop.ledger())
    assert charged == 5 or "more than these texts" in ran.stderr or "twice" in ran.stderr
