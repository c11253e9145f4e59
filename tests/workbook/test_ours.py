"""Whether a sheet of ours has to be written, and what it costs to find that out."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from sync.workbook.ours import is_there
from sync.workbook.package.sheets import NewSheet
from sync.workbook.save import save
from tests.cli.shop import make_workbook
from tests.workbook.counting import ACCOUNT, bytes_read

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 1_500
"""Some four megabytes: what is packed is read by the megabyte."""


def sheet(rows: int, first: str = "r1", last: str = "end") -> NewSheet:
    """Make a sheet, hard to pack, of which a cell at the beginning and one at the end may be another."""
    words = random.Random(2)
    cells = [[f"r{row}", f"{words.getrandbits(20_000):x}"] for row in range(2, rows)]
    return NewSheet("Keywords", [["Record ID", "Keyword"], [first, "oak stool"], *cells, [last, None]])


def book_with(path: Path, held: NewSheet) -> Path:
    make_workbook(path, 1)
    save(path, {}, (held,))
    return path


def test_a_sheet_is_there_when_it_shows_just_these_cells(tmp_path: Path) -> None:
    book = book_with(tmp_path / "book.xlsx", sheet(20))
    assert is_there(book, sheet(20))
    assert not is_there(book, sheet(20, last="another end"))
    assert not is_there(book, NewSheet("Keywords", [*sheet(20).rows, ["one", "more"]]))
    assert not is_there(book, NewSheet("Keywords", [*sheet(20).rows][:-1])), "there is more than is to be there"
    assert not is_there(book, NewSheet("Pipelines", sheet(20).rows))


@pytest.mark.skipif(not ACCOUNT.exists(), reason="the system keeps no account of what is read")
def test_a_sheet_that_has_changed_at_its_beginning_is_not_read_to_its_end(tmp_path: Path) -> None:
    held = sheet(ROWS)
    book = book_with(tmp_path / "book.xlsx", held)
    is_there(book, held)  # what Python imports is not counted
    costs = []
    for wanted in (held, sheet(ROWS, first="another")):
        begin = bytes_read()
        is_there(book, wanted)
        costs.append(bytes_read() - begin)
    assert costs[1] < costs[0] / 2
