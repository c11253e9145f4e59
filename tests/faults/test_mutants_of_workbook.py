"""Deliberate breaches of writing a workbook: row numbers, in place, without looking again, formulas left alive.

Each test shows that the real way passes where the breach is caught.
"""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sync.errors import WorkbookBusy
from sync.model import Delivery, Origin
from sync.workbook.save import save
from tests.faults import mutants_of_workbook as mutants
from tests.nouns import text_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IDS = [f"A{n}" for n in range(1, 9)]
ID, TEXT = 1, 3


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make(tmp_path / "Products.xlsx", IDS)


def make(path: Path, ids: list[str], **own: str) -> Path:
    """Make a workbook with these records, in this order, and somebody's own words in some cells."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = "Records"
    sheet.append(["Record ID", "Name", "Page title"])
    for one in ids:
        sheet.append([one, f"Oak stool {one}", own.get(one)])
    settings = made.create_sheet("Settings")
    settings.append(["Setting", "Value"])
    settings.append(["Store", "shop"])
    made.save(path)
    return path


def deliveries(*ids: str, value: str = "") -> list[Delivery]:
    return [
        Delivery(text_key(one), f"t-{one}", value or f"words for {one}", "", "d1", Origin.GENERATED, "run1")
        for one in ids
    ]


# -------------------------------------------------------------------------------- row numbers


def sorted_meanwhile(book: Path, *, by_row_number: bool) -> dict[str, Any]:
    """Let the user sort the rows and take one out between planning and writing."""
    places = mutants.stale_places(book)
    make(book, [*reversed(IDS[1:]), "new"])
    mutants.write(book, deliveries(*IDS[1:]), places=places if by_row_number else None)
    return dict(mutants.texts_by_record(book, ID, TEXT))


def test_w13_i4_row_number_write_is_caught_where_the_real_code_finds_each_record_by_its_key(book: Path) -> None:
    right = {**{one: f"words for {one}" for one in IDS[1:]}, "new": None}
    assert sorted_meanwhile(book, by_row_number=False) == right
    make(book, IDS)
    assert sorted_meanwhile(book, by_row_number=True) != right, "unnoticed: rows are found by key, never by number"


# ----------------------------------------------------------------------------------- in place


def broken_off(book: Path, how: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> int:
    """End the process at every one of its steps in turn; gives how often the workbook was neither old nor new."""
    old = book.read_bytes()
    torn = 0
    for step in range(1, 200):
        book.write_bytes(old)
        mutants.COUNT.update({"writes": 0, "end at": step})
        try:
            with monkeypatch.context() as patching:
                for name in ("open", "fsync", "chown", "replace"):
                    patching.setattr(os, name, _counted(getattr(os, name)))
                mutants.write(book, deliveries(*IDS), how=how)
        except mutants.EndOfProcess:
            torn += not _is_whole(book, old)
            continue
        break
    assert step > 5, "there are steps to break off at"
    return torn


def _counted(real: Any) -> Any:
    def counted(*args: Any, **options: Any) -> Any:
        mutants.tick()
        return real(*args, **options)

    return counted


def _is_whole(book: Path, old: bytes) -> bool:
    if book.read_bytes() == old:
        return True
    try:
        found = mutants.texts_by_record(book, ID, TEXT)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError):
        return False
    return found == {one: f"words for {one}" for one in IDS}


def test_w01_i3_in_place_save_is_caught_where_the_real_one_leaves_the_old_or_the_new_file(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = book.read_bytes()
    assert broken_off(book, save, monkeypatch) == 0
    book.write_bytes(old)
    assert broken_off(book, mutants.save_in_place, monkeypatch) > 0, "unnoticed: a workbook is replaced, never written"


# ------------------------------------------------------------------------------ looking again


def edited_at_the_last_moment(book: Path, how: Callable[..., Any]) -> Any:
    """Let the user save own words just before the workbook is replaced; gives what stands there afterwards."""

    def edit(*_: str) -> None:
        make(book, IDS, A1="my own words")

    mutants.write(book, deliveries("A2"), how=how, before_replace=edit)
    return mutants.texts_by_record(book, ID, TEXT)["A1"]


def test_w12_skipping_the_second_hash_is_caught_where_the_real_code_keeps_what_was_edited_meanwhile(book: Path) -> None:
    with pytest.raises(WorkbookBusy, match="changed meanwhile"):
        edited_at_the_last_moment(book, save)
    assert mutants.texts_by_record(book, ID, TEXT)["A1"] == "my own words"
    make(book, IDS)
    assert edited_at_the_last_moment(book, mutants.save_without_looking_again) is None, (
        "unnoticed: the file is hashed again before it is replaced"
    )


# ----------------------------------------------------------------------------------- formulas

FORMULAS = ['=HYPERLINK("https://elsewhere.example","here")', "=1+1", "=cmd|' /C calc'!A0"]


def alive(book: Path, how: Callable[..., Any], value: str) -> bool:
    """Tell whether a text has become a formula."""
    mutants.write(book, deliveries("A1", value=value), how=how)
    sheet: Any = openpyxl.load_workbook(book)["Records"]
    cell = sheet.cell(2, TEXT)
    assert str(cell.value) == value
    return bool(cell.data_type == "f")


@pytest.mark.parametrize("value", FORMULAS)
def test_w05_i12_a_formula_not_neutralised_is_caught_where_the_real_code_writes_words(book: Path, value: str) -> None:
    assert not alive(book, save, value)
    make(book, IDS)
    assert alive(book, mutants.save_as_typed, value), "unnoticed: a text never becomes a formula"
