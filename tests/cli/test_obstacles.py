"""Cells that a plan would write to and cannot: told before anything is paid for, in the order of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook

from sync.cli.obstacles import obstacles_to
from sync.model import Kind
from sync.workbook.read import read
from tests.nouns import change

if TYPE_CHECKING:
    from pathlib import Path


def test_they_are_told_from_top_to_bottom_and_from_left_to_right_whatever_the_plan_has_first(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("Records", 0)
    sheet.append(["Record ID", "Name", "Excerpt", "Page title", "Keywords"])
    for row in (2, 3, 4):
        sheet.append([f"P{row}", "Chair"])
    for row in (2, 3):
        sheet.merge_cells(f"B{row}:E{row}")
    book.save(tmp_path / "book.xlsx")
    texts = ("keywords", "page title", "excerpt")
    changes = [change(f"P{row}", text_type=text, row=row) for text in texts for row in (4, 3, 2)]
    changes.append(change("P3", Kind.PUSH, text_type="page title", row=3))  # that is written to the service
    found = obstacles_to(tmp_path / "book.xlsx", read(tmp_path / "book.xlsx"), changes)
    assert [one.where for one in found.values()] == [f"Records!{column}{row}" for row in (2, 3) for column in "CDE"]
    assert [(key.record.record_id, key.text_type) for key in found][:2] == [("P2", "excerpt"), ("P2", "page title")]
    assert "merged" in next(iter(found.values())).what
