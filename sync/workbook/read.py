"""Reading a workbook: its cells as text, with the row and column each stands in. It never writes, and never judges.

The edge of fastexcel (calamine) and pl. Both are imported when a workbook is read, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sync.errors import NotAWorkbook, WorkbookError
from sync.model import Cell
from sync.tables import SettingRow, Tables
from sync.workbook.layout import (
    HEADINGS,
    LISTS,
    RECORDS,
    SETTINGS,
    START,
    SYNC,
    Role,
    column_names,
    folded,
    heading_for,
    near_miss,
    setting_for,
)
from sync.workbook.package.container import Container
from sync.workbook.scan import error_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from fastexcel import ExcelReader
    from polars import DataFrame, Expr

SEARCHED = 10
"""Filled rows in which the headings are looked for."""

WORKBOOK_ID = "workbook id"
"""The key on the `_sync` sheet."""

_MIDNIGHT, _NO_DATE = " 00:00:00", "1899-12-31 "


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells of a sheet: lists by column number, each with one text for every row that holds anything."""

    rows: list[int]
    frame: DataFrame
    columns: list[int]
    """The numbers of the frame's columns."""
    errors: list[tuple[int, int, str]]
    """Row, column and text of cells that show an error; the frame has nothing there."""

    def top(self, count: int) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Give the first rows: the row's number, and column and text of its cells."""
        for row, cells in zip(self.rows, self.frame.head(count).iter_rows(), strict=False):
            yield row, [(column, text) for column, text in zip(self.columns, cells, strict=True) if text]


def read(path: Path) -> Tables:
    """Read the sheets that matter: the records, the settings, and the workbook's id.

    Raises NotAWorkbook when the file is no workbook, and WorkbookError when it has no sheet with records or when the
    sheet cannot be read.
    """
    import fastexcel  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    with Container.open(path) as container:
        container.archive.file.seek(0)
        data = container.archive.file.read()
        names = [_records_sheet(container), *_other_sheets(container)]
        errors = {name: error_cells(container, name) for name in names if name}
    try:
        reader = fastexcel.read_excel(data)
        records, settings, notes = (_grid(reader, name, errors[name]) if name else None for name in names)
    except fastexcel.FastExcelError as error:
        raise NotAWorkbook(
            f"{path} cannot be read: {error}", "Open it in Excel, save it as .xlsx under a new name, and use that file."
        ) from error
    if records is None:
        raise WorkbookError(
            f"The sheet {names[0]} is empty.",
            "Put headings into its first row (Record ID, Name and so on) and a product into each row below.",
        )
    setting_rows, value_column = _settings(settings) if settings else ((), 2)
    own = _own_names(setting_rows)
    header_row, headings = _headings(records, str(names[0]), own)
    known = {column: heading_for(own.get(folded(text), text)) for column, text in headings}
    texts = {column for column, heading in known.items() if heading is not None and heading.role is Role.TEXT}
    rows, columns = _below(records, header_row, texts)
    return Tables(
        sheet=str(names[0]),
        header_row=header_row,
        headings=tuple(headings),
        rows=rows,
        columns=columns,
        workbook_id=_workbook_id(notes) or "path-" + sha256(str(path.resolve()).encode()).hexdigest()[:24],
        sha256=sha256(data).hexdigest(),
        settings=setting_rows,
        settings_sheet=names[1] or SETTINGS,
        settings_column=value_column,
    )


# ------------------------------------------------------------------------------------ which sheets


def _records_sheet(container: Container) -> str:
    for sheet in container.sheets:
        if folded(sheet.name) == folded(RECORDS):
            return sheet.name
    own = {folded(name) for name in (START, SETTINGS, LISTS, SYNC)}
    others = [sheet.name for sheet in container.sheets if sheet.state == "visible" and folded(sheet.name) not in own]
    if len(others) == 1:
        return others[0]
    visible = ", ".join(others) or "none that could hold products"
    raise WorkbookError(
        f"The workbook has no sheet called {RECORDS}. Its sheets: {visible}.",
        f"Give the sheet with the products the name {RECORDS}.",
    )


def _other_sheets(container: Container) -> tuple[str | None, str | None]:
    """Find the settings and our own notes."""
    settings = next((sheet.name for sheet in container.sheets if folded(sheet.name) == folded(SETTINGS)), None)
    return settings, next((sheet.name for sheet in container.sheets if sheet.name.casefold() == SYNC), None)


# ---------------------------------------------------------------------------------- cells as text


def _grid(reader: ExcelReader, name: str, errors: list[tuple[int, int, str]]) -> _Grid | None:
    """Read a sheet's cells as text; None when it is empty.

    `skip_rows=0` makes the frame begin at the sheet's first row, whether there is anything in it or not.
    """
    import polars as pl  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    columns = [column.absolute_index + 1 for column in sheet.available_columns()]
    if not columns:
        return None
    frame = pl.DataFrame(sheet).with_row_index("row", offset=1)
    filled = pl.any_horizontal(pl.exclude("row").is_not_null())
    if errors:
        filled |= pl.col("row").is_in([row for row, _, _ in errors])
    frame = frame.filter(filled)
    rows = frame["row"].to_list()
    return _Grid(rows, frame.drop("row").fill_null(""), columns, errors) if rows else None


def _below(grid: _Grid, header_row: int, texts: set[int]) -> tuple[list[int], Mapping[int, list[str]]]:
    """Give the rows under the headings, and their columns as lists; columns of `texts` exactly as they are."""
    start = grid.rows.index(header_row) + 1
    rows, frame = grid.rows[start:], grid.frame[start:]
    columns = {
        number: (
            series if number in texts else series.to_frame().select(_as_people_write(series.name)).to_series()
        ).to_list()
        for number, series in zip(grid.columns, frame.iter_columns(), strict=True)
    }
    at = {row: index for index, row in enumerate(rows)} if grid.errors else {}
    for row, column, text in grid.errors:
        if row in at:
            columns[column][at[row]] = text
    return rows, columns


def _as_people_write(name: str) -> Expr:
    """Write dates without midnight, times without the day that Excel counts from, and truth in capitals."""
    import polars as pl  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    cell = pl.col(name)
    return (
        pl.when(cell == "true").then(pl.lit("TRUE"))
        .when(cell == "false").then(pl.lit("FALSE"))
        .when(cell.str.ends_with(_MIDNIGHT) & (cell.str.len_bytes() == 19)).then(cell.str.head(10))
        .when(cell.str.starts_with(_NO_DATE) & (cell.str.len_bytes() == 19)).then(cell.str.tail(8))
        .otherwise(cell).alias(name)
    )  # fmt: skip


# ----------------------------------------------------------------------------- headings, settings


def _headings(grid: _Grid, sheet: str, own: Mapping[str, str]) -> tuple[int, list[tuple[int, str]]]:
    """Find the row of the headings: the first one with a heading that stands for Record ID."""
    top = list(grid.top(SEARCHED))
    for row, cells in top:
        if any(_means_id(own.get(folded(text), text)) for _, text in cells):
            return row, cells
    spellings = [name for heading in HEADINGS if heading.field == "record_id" for name in (heading.name, *heading.also)]
    for row, cells in top:
        for column, text in cells:
            if near := near_miss(text, spellings):
                raise WorkbookError(
                    f"{sheet} has no column Record ID. Did you mean {near} in {Cell(sheet, row, column)} ({text})?",
                    "Change the heading to Record ID.",
                )
    raise WorkbookError(
        f"The sheet {sheet} has no column Record ID.",
        "Give the column with the shop's own ids the heading Record ID, or keep your heading and write it beside "
        "Column names on Settings: Your heading = Record ID.",
    )


def _means_id(text: str) -> bool:
    heading = heading_for(text)
    return heading is not None and heading.field == "record_id"


def _settings(grid: _Grid) -> tuple[tuple[SettingRow, ...], int]:
    """Read names and values: the columns headed Setting and Value, or else the first two."""
    name_column, value_column, start = 1, 2, 0
    for row, cells in grid.top(SEARCHED):
        named = {folded(text): column for column, text in reversed(cells)}
        if "setting" in named and "value" in named:
            name_column, value_column, start = named["setting"], named["value"], row
            break
    _, columns = grid.rows, dict(zip(grid.columns, grid.frame.iter_columns(), strict=True))
    nothing = [""] * len(grid.rows)
    names = columns[name_column].to_list() if name_column in columns else nothing
    values = columns[value_column].to_list() if value_column in columns else nothing
    errors = {row: text for row, column, text in grid.errors if column == value_column}
    return tuple(
        SettingRow(row, name, errors.get(row, value))
        for row, name, value in zip(grid.rows, names, values, strict=True)
        if row > start and (name or value or row in errors)
    ), value_column


def _own_names(settings: Sequence[SettingRow]) -> dict[str, str]:
    """Give the user's own headings, folded, and what they stand for."""
    for row in settings:
        setting = setting_for(row.name)
        if setting is not None and setting.field == "column_names":
            return {folded(theirs): ours for theirs, ours in column_names(row.value)}
    return {}


def _workbook_id(notes: _Grid | None) -> str:
    for _, cells in notes.top(1_000) if notes else ():
        texts = [text for _, text in cells]
        if len(texts) > 1 and texts[0].strip().casefold() == WORKBOOK_ID:
            return texts[1].strip()
    return ""
