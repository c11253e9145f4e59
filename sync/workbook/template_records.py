"""The Records sheet of a new workbook, and others like it: headings, rows, table, dropdowns, colours, print layout."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from sync.model import Cell
from sync.workbook.layout import RECORDS, Role
from sync.workbook.template_cells import A3, landscape, new_sheet, styled
from sync.workbook.template_file import mean_text
from sync.workbook.template_rows import fit, fits
from sync.workbook.template_styles import BAD, DOUBT, GOOD, HEADER, ROW_HEIGHT, TABLE_STYLE, body, head, shade, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

    from sync.model import Problem
    from sync.workbook.template_lists import Lists
    from sync.workbook.template_rows import Column

EMPTY_ROWS = 40
"""Rows of the table in a workbook without records. Excel lets it grow when something is typed or pasted below."""

LAST_ROW = 1_048_576

_DROPDOWNS = {"action": "actions", "type": "types", "tones": "tones", "style": "styles", "audiences": "audiences"}

_NOTES = {
    Role.ATTRIBUTE: "A property of the product. Rename this column, delete it, or add more. Several values: ; between.",
}

_SHADES = (
    (GOOD, ("Done", "Fetched")),
    (BAD, ("Failed", "Unknown")),
    (DOUBT, ("Being made", "Stopped", "Not sent", "Yours kept")),
)
"""Colours of the Status column, by the words that `sync.report.rows` writes there."""


def write_records(
    book: Workbook,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    lists: Lists,
) -> list[Problem]:
    """Write the sheet and give the problems of cells that did not fit. `rows` have one string a column."""
    return write_table(book, RECORDS, columns, rows, lists)


def write_table(
    book: Workbook,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    lists: Lists,
    *,
    number: int = 1,
    actions: str = "actions",
) -> list[Problem]:
    """Write a sheet that is one table, the `number`th of the workbook; `actions` is the list behind its Action."""
    sheet = new_sheet(book, name)
    sheet.sheet_properties.tabColor = HEADER[Role.TEXT]
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    last = max(len(rows), EMPTY_ROWS if not rows else 1) + 1
    _view(sheet, columns)
    _print(sheet, columns, letters)
    bodies = [style(sheet, body(column.role, field=column.field)) for column in columns]
    for letter, column, array in zip(letters, columns, bodies, strict=True):
        sheet.column_dimensions[letter].width = column.width
        # So that what is typed later looks the same.
        sheet.column_dimensions[letter]._style = array  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    _rules(sheet, columns, letters, last, lists, {**_DROPDOWNS, "action": actions})
    _table(sheet, columns, f"A1:{letters[-1]}{last}", name, number)
    _heights(sheet, last)
    mean_text(sheet)

    sheet.append(_headings(sheet, columns))
    quoted = [style(sheet, replace(body(column.role, field=column.field), quoted=True)) for column in columns]
    problems: list[Problem] = []
    for at, row in enumerate(rows, start=2):
        cells: list[SheetCell | None] = []
        for place, value in enumerate(row):
            text = value
            if not fits(value):
                text, problem = fit(value, Cell(name, at, place + 1))
                problems += [problem] if problem else []
            array = quoted[place] if text[:1] in _FORMULA_LIKE else bodies[place]
            cells.append(styled(sheet, text, array) if text else None)  # an empty cell looks as its column does
        sheet.append(cells)
    for _ in range(len(rows) + 2, last + 1):
        sheet.append([styled(sheet, None, array) for array in bodies])
    return problems


_FORMULA_LIKE = frozenset("=+-@")


def _view(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Keep the headings and what says which record it is in sight: everything up to the name."""
    frozen = next((i for i, column in enumerate(columns) if column.field == "name"), 1) + 1
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}2"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
    sheet.sheet_format.customHeight = True


def _print(sheet: Worksheet, columns: Sequence[Column], letters: Sequence[str]) -> None:
    """Print landscape, as wide as can be read: identity and headings come again on every page."""
    name = next((i for i, column in enumerate(columns) if column.field == "name"), 0)
    width = sum(column.width for column in columns)
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = f"A:{letters[name]}"
    landscape(sheet, paper=A3, wide=max(1, round(width / 260)), high=0)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("&F"),
        center=_HeaderFooterPart("&A"),
        right=_HeaderFooterPart("&P / &N"),
    )


def _headings(sheet: Worksheet, columns: Sequence[Column]) -> list[SheetCell]:
    arrays = {role: style(sheet, head(role)) for role in Role}
    cells = []
    for column in columns:
        cell = styled(sheet, column.name, arrays[column.role])
        if note := column.note or _NOTES.get(column.role, ""):
            cell.comment = Comment(note, "wtsync", height=30 + 18 * (len(note) // 34 + 1), width=230)
        cells.append(cell)
    return cells


def _heights(sheet: Worksheet, last: int) -> None:
    """Give every row the same height; one object serves them all, as it does not know its own row."""
    sheet.row_dimensions[1].height = 36
    one = RowDimension(sheet, index=2, ht=ROW_HEIGHT)
    for row in range(2, last + 1):
        sheet.row_dimensions[row] = one


def _table(sheet: Worksheet, columns: Sequence[Column], ref: str, name: str, number: int) -> None:
    table = Table(id=number, name=name, displayName=name, ref=ref)
    table.tableColumns = [TableColumn(id=number, name=column.name) for number, column in enumerate(columns, start=1)]
    table.autoFilter = AutoFilter(ref=ref)
    table.tableStyleInfo = TableStyleInfo(name=TABLE_STYLE, showRowStripes=True, showColumnStripes=False)
    sheet.tables.add(table)


def _rules(
    sheet: Worksheet,
    columns: Sequence[Column],
    letters: Sequence[str],
    last: int,
    lists: Lists,
    dropdowns: Mapping[str, str],
) -> None:
    """Add the dropdowns, and the colours that depend on what a cell says."""
    by_field = {column.field: letter for letter, column in zip(letters, columns, strict=True) if column.field}
    for field, name in dropdowns.items():
        if field in by_field and name in lists:
            dropdown = lists.dropdown(name)
            dropdown.add(f"{by_field[field]}2:{by_field[field]}{LAST_ROW}")
            sheet.data_validations.append(dropdown)
    until = max(last, 5_000)
    for field, rules in _conditions(by_field, one_store="type" not in by_field and "store" not in by_field):
        area = f"{by_field[field]}2:{by_field[field]}{until}"
        for rule in rules:
            sheet.conditional_formatting.add(area, rule)


def _conditions(by_field: dict[str, str], *, one_store: bool) -> Iterable[tuple[str, list[Rule]]]:
    if "record_id" in by_field and "name" in by_field:
        key, name = by_field["record_id"], by_field["name"]
        rules = [Rule("expression", dxf=shade(BAD), formula=[f'AND(${key}2="",${name}2<>"")'])]
        if one_store and "language" not in by_field:
            rules.append(Rule("duplicateValues", dxf=shade(BAD)))
        yield "record_id", rules
    if "image_id" in by_field:
        yield "image_id", [Rule("duplicateValues", dxf=shade(BAD))]
    if "status" in by_field:
        cell = f"${by_field['status']}2"
        yield (
            "status",
            [Rule("expression", dxf=shade(colors), formula=[_is_one_of(cell, words)]) for colors, words in _SHADES],
        )


def _is_one_of(cell: str, words: Iterable[str]) -> str:
    return "OR(" + ",".join(f'{cell}="{word}"' for word in words) + ")"
