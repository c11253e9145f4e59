"""The workbook as it stands when it is written: read anew, unless nobody has touched it since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from sync.cli.saving import read_again
from sync.errors import NotAWorkbook, WorkbookError
from sync.journal import Journal
from sync.workbook.read import read
from sync.workbook.template import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make(tmp_path / "shop.xlsx", workbook_id="w-one")
    return tmp_path / "shop.xlsx"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "w-one.sqlite3", "any") as opened:
        yield opened


def test_a_workbook_that_is_the_same_byte_for_byte_is_not_read_again(file: Path, journal: Journal) -> None:
    seen = read(file)
    file.write_bytes(file.read_bytes())
    assert read_again(file, journal, seen=seen) is seen


def test_one_that_somebody_has_saved_since_is_read_again(file: Path, journal: Journal) -> None:
    seen = read(file)
    book = openpyxl.load_workbook(file)
    book["Records"].cell(2, 1).value = "A1"
    book.save(file)
    again = read_again(file, journal, seen=seen)
    assert again is not seen
    assert [*again.columns[1]] == ["A1"]


def test_another_workbook_and_none_in_its_place_are_told_of(file: Path, journal: Journal) -> None:
    seen = read(file)
    make(file, workbook_id="w-two")
    with pytest.raises(WorkbookError, match="another workbook"):
        read_again(file, journal, seen=seen)
    file.unlink()
    with pytest.raises(NotAWorkbook, match="no file"):
        read_again(file, journal, seen=seen)
