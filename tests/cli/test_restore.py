"""Copies of the workbook from before each write, older copies that turn up, and how to get back and forth."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from sync.journal import Lease, journal_path
from sync.workbook.layout import RECORDS
from tests.cli.shop import TEXTS, make_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop


def backups(shop: Shop) -> list[Path]:
    return sorted((shop.folder / "state" / "backups" / "w-cli").iterdir(), key=lambda one: one.stat().st_mtime)


def spent(shop: Shop) -> int:
    return len(shop.ledger())


# --------------------------------------------------------------------------------------------- copies


def test_before_the_first_write_of_a_run_the_workbook_is_kept_to_the_byte(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    first = shop.file.read_bytes()
    shop.here("run", "shop.xlsx", "--yes")
    assert [one.read_bytes() for one in backups(shop)] == [first]
    shop.edit(A2="Regenerate")
    second = shop.file.read_bytes()
    shop.here("run", "shop.xlsx", "--yes")
    assert [one.read_bytes() for one in backups(shop)] == [first, second]


def test_the_copies_are_listed_with_their_run_and_what_differs(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    assert "There is no copy of shop.xlsx" in shop.here("restore", "shop.xlsx").stdout
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(A2="Regenerate")
    shop.here("run", "shop.xlsx", "--yes")
    said = shop.here("restore", "shop.xlsx").stdout
    run = json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["lastRun"]["id"]
    assert f"before run {run} wrote" in said
    assert "cells differ" in said
    listed = json.loads(shop.here("restore", "shop.xlsx", "--json").stdout)["backups"]
    assert [one["number"] for one in listed] == [1, 2]
    assert listed[0]["run"] == run != listed[1]["run"]
    assert [one["bytes"] for one in listed] == [one.stat().st_size for one in reversed(backups(shop))]
    shutil.copy(listed[1]["path"], shop.file)
    assert json.loads(shop.here("restore", "shop.xlsx", "--json").stdout)["backups"][1]["differs"] == "the same"


def test_a_copy_is_put_back_whole_and_its_texts_come_again_for_nothing(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    first = shop.file.read_bytes()
    shop.here("run", "shop.xlsx", "--yes")
    texts, after = shop.cells(), shop.file.read_bytes()
    paid = spent(shop)
    done = shop.here("restore", "shop.xlsx", "--to", "latest", "--yes")
    assert shop.file.read_bytes() == first
    assert "6 texts that are not in it any more wait in the journal" in done.stdout
    assert after in [one.read_bytes() for one in backups(shop)], "what it was is kept"
    assert "6 texts in the journal, not yet in the workbook" in shop.here("status", "shop.xlsx").stdout
    assert "write in  6 texts made earlier" in shop.here("plan", "shop.xlsx").stdout
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.cells() == texts
    assert spent(shop) == paid
    shop.here("restore", "shop.xlsx", "--to", "1", "--yes")
    shop.here("apply", "shop.xlsx")
    assert shop.cells() == texts


def test_a_wish_that_comes_back_with_a_copy_is_not_paid_for_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(A2="Regenerate")
    shop.here("run", "shop.xlsx", "--yes")
    texts, paid = shop.cells(), spent(shop)
    shop.here("restore", "shop.xlsx", "--to", "latest", "--yes")
    assert shop.column("Action")[0] == "Regenerate"
    shop.here("run", "shop.xlsx", "--yes")
    assert spent(shop) == paid
    assert shop.cells() == texts
    assert not any(shop.column("Action"))


@pytest.mark.parametrize("fate", ["deleted", "destroyed", "another"])
def test_a_workbook_that_is_gone_destroyed_or_replaced_can_be_got_back(opened: Callable[..., Shop], fate: str) -> None:
    shop = opened(records=2)
    first = shop.file.read_bytes()
    shop.here("run", "shop.xlsx", "--yes")
    if fate == "deleted":
        shop.file.unlink()
    elif fate == "destroyed":
        shop.file.write_bytes(b"PK rubbish")
    else:
        make_workbook(shop.file, 2, workbook_id="another")
    there = shop.file.read_bytes() if shop.file.exists() else None
    assert "before run" in shop.here("restore", "shop.xlsx").stdout
    shop.here("restore", "shop.xlsx", "--to", "1", "--yes")
    assert shop.file.read_bytes() == first
    assert there is None or there in [one.read_bytes() for one in backups(shop)]
    shop.here("apply", "shop.xlsx")
    assert sorted(shop.cells()) == shop.everything()


def test_what_cannot_be_put_back_changes_nothing(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    now = shop.file.read_bytes()
    assert "add --yes" in shop.here("restore", "shop.xlsx", "--to", "1", code=5).stderr
    assert "no copy number 7" in shop.here("restore", "shop.xlsx", "--to", "7", "--yes", code=2).stderr
    another = make_workbook(shop.folder / "another.xlsx", 2, workbook_id="another")
    refused = shop.here("restore", "shop.xlsx", "--to", another.name, "--yes", code=4)
    assert "another workbook id" in refused.stderr
    lock = shop.folder / ".~lock.shop.xlsx#"
    lock.write_text(",anna,pc,,file:///x;")
    assert "open in LibreOffice by anna" in shop.here("restore", "shop.xlsx", "--to", "1", "--yes", code=4).stderr
    lock.unlink()
    with Lease(journal_path("w-cli", shop.env), "wtsync run shop.xlsx"):
        held = shop.wtsync("restore", "shop.xlsx", "--to", "1", "--yes", code=7)
        assert f"process {os.getpid()}" in held.stderr
    assert shop.file.read_bytes() == now
    assert len(backups(shop)) == 1
    assert json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["waiting"] == 0


def test_a_copy_that_was_put_aside_by_hand_can_be_named(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    aside = shop.folder / "monday.xlsx"
    shutil.copy(shop.file, aside)
    shop.here("run", "shop.xlsx", "--yes")
    shop.here("restore", "shop.xlsx", "--to", "monday.xlsx", "--yes")
    assert shop.file.read_bytes() == aside.read_bytes()


def test_twenty_copies_are_kept_and_the_newest_of_them(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    folder = backups(shop)[0].parent
    for number in range(25):
        old = folder / f"shop-20200101-0000{number:02}-{number:012x}.xlsx"
        old.write_bytes(b"old")
        os.utime(old, (1_577_836_800 + number,) * 2)
    shop.edit(C2="Another stool")
    shop.here("apply", "shop.xlsx")
    shop.edit(A2="Regenerate")
    kept = shop.file.read_bytes()
    shop.here("run", "shop.xlsx", "--yes")
    left = backups(shop)
    assert len(left) == 20
    assert left[-1].read_bytes() == kept


# --------------------------------------------------------------------------------------- older copies


def saved_over(shop: Shop, old: Path, **cells: str) -> None:
    """Save an old copy over ours, as LibreOffice and Excel for Mac do with what they had open all the time."""
    book = load_workbook(old)
    for address, value in cells.items():
        book[RECORDS][address] = value
    book.save(shop.file)


@pytest.fixture
def overtaken(opened: Callable[..., Shop]) -> tuple[Shop, Path]:
    """Open a shop with a run behind it, and the workbook as it was before."""
    shop = opened(records=4)
    old = shop.folder / "state" / "old.xlsx"
    old.parent.mkdir()
    shutil.copy(shop.file, old)
    shop.here("run", "shop.xlsx", "--yes")
    return shop, old


def test_w10_an_older_copy_saved_over_ours_is_noticed_and_its_texts_are_written_again(
    overtaken: tuple[Shop, Path],
) -> None:
    shop, old = overtaken
    texts, paid = shop.cells(), spent(shop)
    saved_over(shop, old, C2="A finer stool")
    gone = "shop.xlsx is not as wtsync left it: 8 texts that it had written are gone"
    assert gone in shop.here("status", "shop.xlsx").stdout
    assert json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["undone"] == 8
    assert json.loads(shop.here("plan", "shop.xlsx", "--json").stdout)["undone"] == 8
    planned = shop.here("plan", "shop.xlsx")
    assert gone in planned.stderr
    assert "write in  8 texts made earlier" in planned.stdout
    ran = shop.here("run", "shop.xlsx", "--yes")
    assert gone in ran.stderr
    assert shop.cells() == texts
    assert shop.column("Name")[0] == "A finer stool"
    assert spent(shop) == paid
    assert gone not in shop.here("status", "shop.xlsx").stdout


def test_w10_apply_writes_them_again_too_and_a_wish_of_the_older_copy_is_over(overtaken: tuple[Shop, Path]) -> None:
    shop, _ = overtaken
    updated = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[shop.grid()[0].index("Updated")]
    shop.edit(A2="Regenerate", **{f"{updated}2": "2026-01-01 10:00"})  # the first run was long ago
    old = shop.folder / "state" / "older.xlsx"
    shutil.copy(shop.file, old)
    shop.here("run", "shop.xlsx", "--yes")
    texts, paid = shop.cells(), spent(shop)
    saved_over(shop, old, C3="A finer stool")
    shop.here("apply", "shop.xlsx")
    assert shop.cells() == texts
    shop.here("run", "shop.xlsx", "--yes")
    assert spent(shop) == paid


def test_texts_that_a_person_took_out_are_no_older_copy(overtaken: tuple[Shop, Path]) -> None:
    shop, _ = overtaken
    header = shop.grid()[0]
    letters = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[header.index(name)] for name in TEXTS]
    shop.edit(**{f"{letter}{row}": None for letter in letters for row in (2, 3)}, A2="Regenerate", A3="Skip")
    assert json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["undone"] == 0
    paid = spent(shop)
    shop.here("run", "shop.xlsx", "--yes")
    assert spent(shop) == paid + 2, "a new wish is a new wish"


def test_what_was_written_by_a_person_since_is_never_put_back(overtaken: tuple[Shop, Path]) -> None:
    shop, old = overtaken
    header = shop.grid()[0]
    title = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[header.index("Page title")]
    saved_over(shop, old, **{f"{title}3": "My own"})
    shop.here("apply", "shop.xlsx")
    assert shop.cells()["00002", "page title"] == "My own"
    assert len(shop.cells()) == 8


# ------------------------------------------------------------------------------------ conflict copies

NAMES = ["shop (1).xlsx", "shop-conflict.xlsx", "shop (Anna's conflicted copy 2026-11-23).xlsx", "shop-DESKTOP-7.xlsx"]


@pytest.mark.parametrize("name", NAMES)
def test_w18_a_conflict_copy_is_warned_of_once_whatever_its_name(opened: Callable[..., Shop], name: str) -> None:
    shop = opened(records=1)
    shutil.copy(shop.file, shop.folder / name)
    assert name not in shop.here("plan", "shop.xlsx").stderr, "the same content is no conflict"
    shop.edit(C2="A finer stool")
    warning = f"{name} beside shop.xlsx: the same workbook with other content"
    assert warning in shop.here("plan", "shop.xlsx").stderr
    assert warning in shop.here("run", "shop.xlsx", "--yes").stderr
    assert warning not in shop.here("run", "shop.xlsx", "--yes").stderr
    assert warning in shop.here("status", "shop.xlsx").stdout
    assert json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]["copies"] == [name]


def test_w18_another_workbook_of_such_a_name_is_none(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    make_workbook(shop.folder / NAMES[0], 1, workbook_id="another")
    (shop.folder / NAMES[1]).write_text("no workbook at all")
    done = shop.here("run", "shop.xlsx", "--yes")
    assert "beside shop.xlsx" not in done.stderr


# ---------------------------------------------------------------------------- workbooks without an id


def plain(path: Path, *ids: str) -> Path:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = RECORDS
    sheet.append(["Record ID", "Name", "Page title"])
    for one in ids:
        sheet.append([one, f"Oak stool {one}", None])
    book.save(path)
    return path


def test_the_copies_of_a_workbook_without_an_id_come_along_when_it_is_renamed(opened: Callable[..., Shop]) -> None:
    shop = opened()
    own = plain(shop.folder / "own.xlsx", "A1", "A2")
    first = own.read_bytes()
    shop.here("run", "own.xlsx", "--yes")
    own.rename(shop.folder / "renamed.xlsx")
    assert len(json.loads(shop.here("restore", "renamed.xlsx", "--json").stdout)["backups"]) == 1
    shop.here("restore", "renamed.xlsx", "--to", "latest", "--yes")
    assert (shop.folder / "renamed.xlsx").read_bytes() == first


def test_another_shops_workbook_is_no_copy_only_because_neither_has_an_id(opened: Callable[..., Shop]) -> None:
    shop = opened()
    own = plain(shop.folder / "own.xlsx", "A1", "A2")
    shop.here("run", "own.xlsx", "--yes")
    before = own.read_bytes()
    plain(shop.folder / "other.xlsx", "Z1", "Z2", "Z3")
    told = shop.here("restore", "own.xlsx", "--to", "other.xlsx", "--yes", code=4)
    assert "its records are others" in told.stderr
    assert own.read_bytes() == before
