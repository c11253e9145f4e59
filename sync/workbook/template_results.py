"""A workbook with results that have no place in the user's own yet: one row a record, readable by itself.

It has no workbook id and no sheet of records, so that nobody can run it by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter

from sync.model import ALT_TEXT, TEXT_TYPES, Cell
from sync.workbook.layout import HEADINGS, IMAGE_HEADINGS, Role
from sync.workbook.template_cells import new_sheet, styled
from sync.workbook.template_file import mean_text, save
from sync.workbook.template_rows import fit
from sync.workbook.template_styles import HEADER, ROW_HEIGHT, Look, body, head, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from sync.model import RecordKey
    from sync.workbook.layout import Heading

ABOUT, RESULTS = "About", "Results"

_DATE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's dates bear no time zone
_BY_FIELD = {heading.field: heading for heading in (*IMAGE_HEADINGS, *HEADINGS)}
_ORDER = [*(text_type for types in TEXT_TYPES.values() for text_type in types), ALT_TEXT]
_FORMULA_LIKE = frozenset("=+-@\t\0")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What is known of one record. `texts` are those that are not in the workbook, by text type."""

    record: RecordKey
    texts: Mapping[str, str]
    status: str
    message: str
    updated: str
    credits: float | None


def make_results(path: Path, rows: Sequence[ResultRow], *, about: Sequence[str]) -> None:
    """Make the file, the whole of it or nothing; what is there is replaced. `about` are lines for its first sheet.

    Texts stay texts, whatever they begin with. The same input gives the same bytes. Raises WorkbookBusy when the file
    may not be replaced, WorkbookError when the disk says no for another reason.
    """
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(creator="wtsync", title="Results")
    _write_about(book, about)
    _write_rows(book, rows)
    book.active = 1
    save(book, path, _DATE)


def _write_about(book: Workbook, about: Sequence[str]) -> None:
    sheet = new_sheet(book, ABOUT)
    sheet.column_dimensions["A"].width = 110
    sheet.sheet_view.showGridLines = False
    first = style(sheet, Look(size=14, bold=True, wrap=True))
    plain = style(sheet, Look(wrap=True))
    for number, line in enumerate(about):
        sheet.append([styled(sheet, line, plain if number else first)])


def _write_rows(book: Workbook, rows: Sequence[ResultRow]) -> None:
    headings = [_BY_FIELD[field] for field in _fields(rows)]
    sheet = new_sheet(book, RESULTS)
    sheet.sheet_properties.tabColor = HEADER[Role.TEXT]
    sheet.freeze_panes = "B2"
    sheet.sheet_view.tabSelected = True
    sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    for number, heading in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(number)].width = heading.width
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(rows) + 1}"
    mean_text(sheet)
    sheet.append([styled(sheet, heading.name, style(sheet, head(heading.role))) for heading in headings])
    looks = [_looks(sheet, heading) for heading in headings]
    for at, row in enumerate(rows, 2):
        cells = []
        for column, (heading, (plain, quoted)) in enumerate(zip(headings, looks, strict=True), 1):
            value = _value(row, heading)
            if isinstance(value, str):
                text, _ = fit(value, Cell(RESULTS, at, column))
                cells.append(styled(sheet, text, quoted if text[:1] in _FORMULA_LIKE else plain))
            else:
                cell = styled(sheet, None, plain)
                cell.value = value
                cells.append(cell)
        sheet.append(cells)


def _looks(sheet: Worksheet, heading: Heading) -> tuple[StyleArray, StyleArray]:
    look = body(heading.role, field=heading.field)
    return style(sheet, look), style(sheet, replace(look, quoted=True))


def _fields(rows: Sequence[ResultRow]) -> list[str]:
    """Name the columns: what tells records apart, the texts there are, and how each record stands."""
    keys = [row.record for row in rows]
    varying = [name for name in ("type", "store", "language") if len({getattr(key, name) for key in keys}) > 1]
    there = {text_type for row in rows for text_type in row.texts}
    return ["record_id", *varying, *(one for one in _ORDER if one in there), "status", "message", "updated", "credits"]


def _value(row: ResultRow, heading: Heading) -> str | float | None:
    if heading.role is Role.TEXT:
        return row.texts.get(heading.field, "")
    if heading.role is Role.RESULT:
        value: str | float | None = getattr(row, heading.field)
        return value
    return str(getattr(row.record, heading.field))
