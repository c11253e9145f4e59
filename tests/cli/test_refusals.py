"""Everything that a user can get wrong: a number, a sentence and what to do, and nothing sent."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook

from sync.journal import Lease, journal_path
from sync.workbook.layout import RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop


def said(text: str) -> None:
    assert "wtsync: error: " in text
    assert "wtsync: hint: " in text


def test_without_yes_and_without_a_terminal_nothing_is_sent(opened: Callable[..., Shop]) -> None:
    shop = opened()
    refused = shop.wtsync("run", "shop.xlsx", code=5)
    said(refused.stderr)
    assert "--yes" in refused.stderr
    assert shop.ledger() == []
    assert shop.cells() == {}


def test_the_budget_is_held_and_its_flag_passes_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    refused = shop.here("run", "shop.xlsx", "--yes", "--budget", "5.9", code=5)
    said(refused.stderr)
    assert "--over-budget" in refused.stderr
    assert "the budget is 5.9" in refused.stderr
    assert shop.ledger() == []
    shop.here("run", "shop.xlsx", "--yes", "--budget", "5.9", "--over-budget")
    assert shop.charged() == shop.everything()


def test_a_batch_that_is_to_be_sent_again_and_taken_for_lost_is_a_contradiction(opened: Callable[..., Shop]) -> None:
    shop = opened()
    words = ("--resend", "2", "--resend", "1", "--accept-lost", "3", "--accept-lost", "1")
    refused = shop.here("run", "shop.xlsx", "--yes", *words, code=2)
    said(refused.stderr)
    assert "Batch 1 cannot be both" in refused.stderr
    assert shop.ledger() == []


def test_the_limits_on_the_settings_sheet_and_the_balance_are_held(opened: Callable[..., Shop]) -> None:
    shop = opened(settings={"Budget": "17", "Most records": "5"}, credits=10)
    refused = shop.here("run", "shop.xlsx", "--yes", code=5)
    for flag in ("--over-budget", "--over-balance", "--over-records"):
        assert flag in refused.stderr
    assert shop.ledger() == []


def test_cells_to_put_right_leave_with_4_and_nothing_is_sent(opened: Callable[..., Shop]) -> None:
    shop = opened()
    shop.edit(A2="Regenerat", B4="00001")
    for words in (("plan", "shop.xlsx"), ("run", "shop.xlsx", "--yes")):
        done = shop.here(*words, code=4)
        assert "Records!A2 'Regenerat'" in done.stdout + done.stderr
        assert "Rows 2 and 4 are the same record." in done.stdout + done.stderr
    assert shop.ledger() == []
    assert shop.cells() == {}
    shop.here("run", "shop.xlsx", "--yes", "--skip-problems", code=None)
    assert {record for record, _ in shop.cells()} <= {"00002", "00004", "00005", "00006"}
    assert shop.ledger()


def _text(path: Path) -> None:
    path.write_text("Record ID,Name\n1,Oak stool\n")


def _folder(path: Path) -> None:
    path.mkdir()


def _empty_file(path: Path) -> None:
    path.write_bytes(b"")


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("hello.txt", "not a workbook")


def _half(path: Path) -> None:
    book = Workbook()
    book.save(path)
    path.write_bytes(path.read_bytes()[:2000])


def _empty_sheet(path: Path) -> None:
    book = Workbook()
    book.active.title = "Records"  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(path)


def _no_ids(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Records"
    sheet.append(["Name", "Page title"])
    sheet.append(["Oak stool", None])
    book.save(path)


def _nothing(_: Path) -> None:
    """Leave it missing."""


@pytest.mark.parametrize("make", [_text, _folder, _empty_file, _zip, _half, _empty_sheet, _no_ids, _nothing])
def test_what_is_no_workbook_is_an_error_in_words(opened: Callable[..., Shop], make: Callable[[Path], None]) -> None:
    shop = opened(records=1)
    make(shop.folder / "odd.xlsx")
    done = shop.here("run", "odd.xlsx", "--yes", code=4)
    assert "wtsync: error: " in done.stderr
    assert len(done.stderr.splitlines()) >= 2, "and what to do about it"
    assert shop.ledger() == []


def test_without_a_key_it_says_where_to_get_one(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    for words in (("plan", "shop.xlsx"), ("status",)):
        done = shop.here(*words, code=6, WTSYNC_API_KEY="", PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")
        said(done.stderr)
        assert "wtsync login" in done.stderr


def test_with_a_wrong_key_nothing_goes_on(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.key = "wrong-key"
    done = shop.here("run", "shop.xlsx", "--yes", code=6)
    said(done.stderr)
    assert "does not take the API key" in done.stderr
    assert "wrong-key" not in done.stdout + done.stderr


def test_a_service_that_is_down_leaves_with_6(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    done = shop.here("status", code=6, WTSYNC_API_URL="http://127.0.0.1:9")
    said(done.stderr)
    assert "did not answer" in done.stderr


def test_s23_a_workbook_that_is_being_worked_on_leaves_with_7_and_names_who_does(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    with Lease(journal_path("w-cli", shop.env), "wtsync run shop.xlsx"):
        done = shop.wtsync("run", "shop.xlsx", "--yes", code=7)
        assert f"process {os.getpid()}" in done.stderr
        assert shop.here("apply", "shop.xlsx").stdout.startswith("There is nothing to write")
        assert f"process {os.getpid()}" in shop.wtsync("status", "shop.xlsx").stdout
        shop.wtsync("plan", "shop.xlsx")
    assert shop.ledger() == []
    shop.here("run", "shop.xlsx", "--yes")


def test_a_state_folder_that_cannot_be_used_leaves_with_7(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    (shop.folder / "state").write_text("a file where the folder should be")
    done = shop.here("run", "shop.xlsx", "--yes", code=7)
    said(done.stderr)
    assert "WTSYNC_STATE_DIR" in done.stderr
    assert shop.ledger() == []


def test_words_that_do_not_fit_leave_with_2(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    assert "--frobnicate" in shop.here("run", "shop.xlsx", "--frobnicate", code=2).stderr
    assert "wtsync" in shop.here("dance", code=2).stderr
    said(shop.here("plan", "shop.xlsx", code=2, WTSYNC_API_URL="http://api.example.com").stderr)


def test_a_target_cell_that_must_not_be_written_is_refused_before_anything_is_paid(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2)
    header = shop.grid()[0]
    column = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[header.index("Page title")]
    shop.edit(**{f"{column}2": '=IF(TRUE,"","")'})
    done = shop.here("run", "shop.xlsx", "--yes", code=None)
    assert done.returncode in {4, 5}, done.stderr
    assert shop.ledger() == []


def test_rows_that_are_left_out_for_their_cells_do_not_make_the_service_be_read_twice(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=3)
    column = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[shop.grid()[0].index("Page title")]
    book = load_workbook(shop.file)
    book[RECORDS].tables.clear()
    book[RECORDS].merge_cells(f"{column}2:{column}3")
    book.save(shop.file)

    def with_so_many_looks(number: int, *words: str) -> int:
        shop.faults(f"403:on=texts,after={number}")
        return shop.here(*words, code=None).returncode

    needed = next(number for number in range(1, 20) if with_so_many_looks(number, "plan", "shop.xlsx") == 4)
    shop.faults(f"403:on=texts,after={needed}")
    done = shop.here("run", "shop.xlsx", "--skip-problems", code=5)
    assert "make      4 texts for 2 records" in done.stderr
    assert "Nothing was sent." in done.stderr
