"""The sheets about keywords as they are put into a workbook: laid out over what stands there, and made readable.

`keyword_pages` is what every write uses: it gives the sheets that have to be written, and what is to be said of the
others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.cli.own_sheets import WIDTHS, as_asked, as_sheet, asked_sheet, in_place, standing, to_write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.marks import Mark
    from sync.sheets.asked import Sheet
    from sync.sheets.standing import Laid
    from sync.sheets.table import Table
    from sync.workbook.package.sheets import NewSheet

_DECIDED = ("Keywords", "Pipelines")


@dataclass(frozen=True, slots=True)
class Pages:
    """What has to be written, and what is to be said of the rest."""

    sheets: tuple[NewSheet, ...] = ()
    edits: Mapping[str, Mapping[tuple[int, int], str | None]] = field(default_factory=dict)
    """Cells of sheets that are not written anew, by the name of the sheet."""
    said: tuple[str, ...] = ()


def keyword_pages(path: Path, found: Sequence[Found], marks: Sequence[Mark] = (), *, manual: bool = False) -> Pages:
    """Give the sheets Keyword runs, Keywords and Pipelines where they have to be written, and what is to be said.

    `found` are all records of the workbook, with what is known of their keywords; those that aim at a keyword count
    for the others even where nothing was analysed. `marks` say what came of decisions. With `manual`, a workbook
    without a sheet Manual keywords gets one. A sheet of the user's that bears one of the names stays as it is.
    Raises NotAWorkbook.
    """
    from sync.keyword_sheets.keyword_rows import keyword_table
    from sync.keyword_sheets.pipeline_rows import pipeline_table
    from sync.keyword_sheets.run_rows import run_table
    from sync.keyword_sheets.targets import Targets
    from sync.workbook.layout_keywords import MANUAL_KEYWORDS
    from sync.workbook.ours import has_sheet

    targets = Targets(found)
    tables = (run_table(found, targets), keyword_table(found, targets), pipeline_table(found))
    pages = Pages()
    for table in tables:
        pages = _with_page(pages, path, table, marks)
    if manual and not has_sheet(path, MANUAL_KEYWORDS):
        pages = _with_sheet(pages, path, _manual_sheet())
    elif asked := asked_sheet(path, MANUAL_KEYWORDS):
        pages = _with_edits(pages, path, asked, marks)
    return pages


def _with_page(pages: Pages, path: Path, table: Table, marks: Sequence[Mark]) -> Pages:
    from sync.keyword_sheets.marks import marked
    from sync.sheets.standing import laid, with_cells

    there = standing(path, table.name)
    asked = None if there is None else as_asked(there)
    if there is not None and asked is not None and table.name in _DECIDED:
        there = with_cells(there, marked(asked, marks))
    if there is None and not table.rows:
        return pages
    more = _with_sheet(pages, path, _sheet(laid(table, there), path))
    refused = len(more.said) > len(pages.said)
    return _with_edits(more, path, asked, marks) if refused and asked is not None and table.name in _DECIDED else more


def _with_sheet(pages: Pages, path: Path, sheet: NewSheet) -> Pages:
    sheets, refused = to_write(path, sheet, "What is known of keywords was")
    return replace(pages, sheets=(*pages.sheets, *sheets), said=(*pages.said, *([refused] if refused else ())))


def _with_edits(pages: Pages, path: Path, asked: Sheet, marks: Sequence[Mark]) -> Pages:
    from sync.keyword_sheets.marks import marked

    return replace(pages, edits={**pages.edits, **in_place(path, asked.name, marked(asked, marks))})


def _manual_sheet() -> NewSheet:
    from sync.workbook.layout_keywords import MANUAL_CHOICES, MANUAL_HEADINGS, MANUAL_KEYWORDS
    from sync.workbook.package.sheets import NewSheet

    widths = [WIDTHS.get(heading, 16.0) for heading in MANUAL_HEADINGS]
    choices = {MANUAL_HEADINGS.index("Add or remove") + 1: MANUAL_CHOICES}
    return NewSheet(MANUAL_KEYWORDS, (MANUAL_HEADINGS,), widths=widths, choices=choices)


def _sheet(laid: Laid, path: Path) -> NewSheet:
    from sync.workbook.layout_keywords import KEYWORD_CHOICES, KEYWORDS, PIPELINE_CHOICES, PIPELINES

    offered = {KEYWORDS: KEYWORD_CHOICES, PIPELINES: PIPELINE_CHOICES}.get(laid.name, ())
    return as_sheet(laid, {"Decision": offered} if offered else {}, path)
