"""Reading a workbook: its cells as they are shown, with the row and column each stands in. It never writes or judges.

The edge of fastexcel (calamine) and polars. Both are imported when a workbook is read, not before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from sync.errors import NotAWorkbook, WorkbookError
from sync.tables import Notes, Remark, SettingRow, Tables
from sync.workbook.added import is_added
from sync.workbook.formulas import worked_out
from sync.workbook.headings import Names, find_headings
from sync.workbook.images import SEARCHED, image_tables, is_image_sheet
from sync.workbook.layout import (
    IMAGES,
    LISTS,
    RECORDS,
    SETTINGS,
    START,
    SYNC,
    Role,
    column_names,
    folded,
    setting_for,
)
from sync.workbook.memory import give_back
from sync.workbook.package.container import Container
from sync.workbook.package.obstacles import list_objects
from sync.workbook.regions import records_region
from sync.workbook.scan import look
from sync.workbook.shown import Kind, Shown
from sync.workbook.styles import counts_from_1904, format_codes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from fastexcel import ExcelReader
    from polars import DataFrame, Series

    from sync.workbook.headings import Headings
    from sync.workbook.package.address import Area
    from sync.workbook.package.obstacles import ListObject

WORKBOOK_ID = "workbook id"
"""The key on the `_sync` sheet."""

_IDS = frozenset({"record_id", "sku"})
_SAMPLE = 1_000
"""Cells of a column by which it is judged whether its texts repeat."""
_RESAVE = "Open it in Excel, save it as .xlsx under a new name, and use that file."


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is known of a sheet before its cells are read."""

    name: str
    shown: Shown
    merged: tuple[Area, ...]
    lists: tuple[ListObject, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells of a sheet: columns by number, each with one text for every row that holds anything."""

    rows: list[int]
    frame: DataFrame
    columns: list[int]
    """The numbers of the frame's columns."""
    shown: Shown

    def lines(self, rows: Sequence[int]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Give some rows: the row's number, and column and text of its cells."""
        at = {row: index for index, row in enumerate(self.rows)}
        over = {
            (row, column): text
            for column, held in self.shown.columns.items()
            for row, text in zip(held.rows, held.texts, strict=True)
            if row in rows
        }
        for row in rows:
            if row in at:
                cells = dict(zip(self.columns, self.frame.row(at[row]), strict=True))
                cells.update((column, text) for (number, column), text in over.items() if number == row)
                yield row, [(column, text) for column, text in sorted(cells.items()) if text]

    def below(self, row: int, ids: Collection[int] = ()) -> tuple[list[int], dict[int, list[str]]]:
        """Give the rows under one, and the columns as lists; those of `ids` hold ids."""
        start = next((at for at, number in enumerate(self.rows) if number > row), len(self.rows))
        rows, frame = self.rows[start:], self.frame[start:]
        columns = {number: _texts(series) for number, series in zip(self.columns, frame.iter_columns(), strict=True)}
        at = {number: index for index, number in enumerate(rows)} if self.shown.columns else {}
        for number, held in self.shown.columns.items():
            cells = columns.setdefault(number, [""] * len(rows))
            texts = held.texts_of_ids() if number in ids else held.texts
            for place, text in zip(map(at.get, held.rows), texts, strict=True):
                if place is not None:
                    cells[place] = text
        return rows, columns


def read(path: Path) -> Tables:
    """Read the sheets that matter: the records, the settings, and the workbook's id.

    Raises NotAWorkbook when the file is no workbook or damaged, and WorkbookError when it has no sheet with records or
    when the sheet cannot be read.
    """
    try:
        return _read(path)
    except NotAWorkbook as error:
        if str(path) in error.message:
            raise
        raise NotAWorkbook(f"{path} cannot be read: {error.message}", error.hint) from error


def _read(path: Path) -> Tables:
    with Container.open(path) as container:
        codes, from_1904 = format_codes(container), counts_from_1904(container)
        sheets = [
            _sheet(container, name, Shown(codes, from_1904=from_1904)) if name else None
            for name in (_records_sheet(container), *_other_sheets(container))
        ]
        formulas = worked_out(container, sheets[0].name) if sheets[0] and sheets[0].shown.formulas else {}
        container.archive.file.seek(0)
        (records, settings, notes, images), digest = _grids(path, container.archive.file, sheets)
    give_back()  # before the texts are made, which take the place
    sheet = sheets[0]
    if records is None or sheet is None:
        raise WorkbookError(
            f"The sheet {sheet.name if sheet else RECORDS} is empty.",
            "Put headings into its first row (Record ID, Name and so on) and a product into each row below.",
        )
    setting_rows, value_column = _settings(settings) if settings else ((), 2)
    names = Names(_own_names(setting_rows))
    rows = [*records.rows[:SEARCHED], *(one.area.first_row for one in sheet.lists if one.headers)]
    headings = find_headings(sheet.name, list(records.lines(sorted({*rows}))), names, sheet.merged)
    ids = {column for column, text in headings.texts if _holds_ids(text, names)}
    region = records_region(headings, *records.below(headings.row, ids), names, sheet.lists)
    found = Tables(
        sheet=sheet.name,
        header_row=headings.row,
        headings=region.headings,
        rows=region.rows,
        columns=region.columns,
        workbook_id=_workbook_id(notes) or "path-" + sha256(str(path.resolve()).encode()).hexdigest()[:24],
        sha256=digest,
        settings=setting_rows,
        settings_sheet=sheets[1].name if sheets[1] else SETTINGS,
        settings_column=value_column,
        remarks=(*region.remarks, *_remarks(region.headings, names, sheet.shown, headings)),
        notes=Notes(sheets[2].name, *(notes.below(0) if notes else ((), {}))) if sheets[2] else None,
        worked_out=formulas,
    )
    if images is None or sheets[3] is None:
        return found
    first = list(images.lines(images.rows[:SEARCHED]))
    return replace(found, images=image_tables(sheets[3].name, first, images.below, found))


# ------------------------------------------------------------------------------------ which sheets


def _records_sheet(container: Container) -> str:
    for sheet in container.sheets:
        if folded(sheet.name) == folded(RECORDS):
            return sheet.name
    own = {folded(name) for name in (START, SETTINGS, LISTS, SYNC)}
    others = [sheet.name for sheet in container.sheets if sheet.state == "visible" and folded(sheet.name) not in own]
    if len(others) > 1:
        others = [name for name in others if not is_added(container, name) and folded(name) != folded(IMAGES)]
    if len(others) == 1:
        return others[0]
    visible = ", ".join(others) or "none that could hold products"
    raise WorkbookError(
        f"The workbook has no sheet called {RECORDS}. Its sheets: {visible}.",
        f"Give the sheet with the products the name {RECORDS}.",
    )


def _other_sheets(container: Container) -> tuple[str | None, str | None, str | None]:
    """Find the settings, our own notes, and the images."""

    def named(name: str) -> str | None:
        return next((sheet.name for sheet in container.sheets if folded(sheet.name) == folded(name)), None)

    notes = next((sheet.name for sheet in container.sheets if sheet.name.casefold() == SYNC), None)
    images = named(IMAGES)
    return named(SETTINGS), notes, images if images and is_image_sheet(container, images) else None


# ---------------------------------------------------------------------------------- cells as text


def _sheet(container: Container, name: str, shown: Shown) -> _Sheet:
    merged = look(container, name, shown)
    return _Sheet(name, shown, merged, tuple(list_objects(container, container.sheet(name))))


def _grids(path: Path, file: BinaryIO, sheets: Sequence[_Sheet | None]) -> tuple[list[_Grid | None], str]:
    """Read the cells of the sheets, and the hash of the file; NotAWorkbook when calamine cannot."""
    import fastexcel  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    data = file.read()
    try:
        reader = fastexcel.read_excel(data)
        return [_grid(reader, sheet) if sheet else None for sheet in sheets], sha256(data).hexdigest()
    except fastexcel.FastExcelError as error:
        raise NotAWorkbook(f"{path} cannot be read: {error}", _RESAVE) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how calamine gives up on some damaged files; no Exception
            raise
        raise NotAWorkbook(f"{path} is damaged: its sheets cannot be made out.", _RESAVE) from error


def _texts(series: Series) -> list[str]:
    """Give a column's texts, none twice where they repeat: of a million colours, seventeen are kept."""
    empty = series.null_count()
    if empty == len(series):
        return [""] * empty
    full = series.fill_null("") if empty else series
    if full.head(_SAMPLE).n_unique() > min(_SAMPLE, len(full)) // 2:
        texts: list[str] = full.to_list()
        return texts
    known: dict[str, str] = {}
    return [known.setdefault(text, text) for text in full]


def _grid(reader: ExcelReader, sheet: _Sheet) -> _Grid | None:
    """Read a sheet's cells as text; None when it is empty.

    `skip_rows=0` makes the frame begin at the sheet's first row, whether there is anything in it or not.
    """
    import polars as pl  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    loaded = reader.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes="string")
    columns = [column.absolute_index + 1 for column in loaded.available_columns()]
    extra = sheet.shown.extra_rows()
    if not columns and not extra:
        return None
    frame = pl.DataFrame(loaded).with_row_index("row", offset=1) if columns else pl.DataFrame({"row": []})
    if below := sorted(row for row in extra if row > frame.height):
        added = pl.DataFrame({"row": below}, schema={"row": frame.schema["row"]})
        frame = pl.concat([frame, added], how="diagonal")
    filled = frame.select(pl.any_horizontal(pl.exclude("row").is_not_null(), pl.col("row").is_in(list(extra))))
    if not filled.to_series().all():
        frame = frame.filter(filled.to_series())
    rows = frame["row"].to_list()
    return _Grid(rows, frame.drop("row"), columns, sheet.shown) if rows else None


def _holds_ids(text: str, names: Names) -> bool:
    heading = names.heading(text)
    return heading is not None and (heading.field in _IDS or heading.role is Role.IDENTITY)


def _remarks(headings: Sequence[tuple[int, str]], names: Names, shown: Shown, found: Headings) -> Iterator[Remark]:
    """Say what is odd about numbers: ids that Excel has changed, and formats that cannot be followed."""
    for column, text in headings:
        held = shown.columns.get(column)
        if held is None:
            continue
        told: set[str] = set()
        texts = dict(zip(held.rows, held.texts, strict=True)) if held.odd else {}
        for row, (kind, detail) in held.odd.items():
            if row <= found.row:
                continue
            if kind is Kind.UNKNOWN and detail not in told:
                told.add(detail)
                yield Remark("format", row, column, texts[row], detail)
            elif kind in {Kind.DATE, Kind.LONG} and names.is_id(text):
                yield Remark(str(kind), row, column, texts[row])


# ----------------------------------------------------------------------------- settings, notes


def _settings(grid: _Grid) -> tuple[tuple[SettingRow, ...], int]:
    """Read names and values: the columns headed Setting and Value, or else the first two."""
    name_column, value_column, start = 1, 2, 0
    for row, cells in grid.lines(grid.rows[:SEARCHED]):
        named = {folded(text): column for column, text in reversed(cells)}
        if "setting" in named and "value" in named:
            name_column, value_column, start = named["setting"], named["value"], row
            break
    rows, columns = grid.below(start)
    nothing = [""] * len(rows)
    names, values = columns.get(name_column, nothing), columns.get(value_column, nothing)
    found = (SettingRow(row, name, value) for row, name, value in zip(rows, names, values, strict=True))
    return tuple(row for row in found if row.name or row.value), value_column


def _own_names(settings: Sequence[SettingRow]) -> dict[str, str]:
    """Give the user's own headings, folded, and what they stand for."""
    for row in settings:
        setting = setting_for(row.name)
        if setting is not None and setting.field == "column_names":
            return {folded(theirs): ours for theirs, ours in column_names(row.value)}
    return {}


def _workbook_id(notes: _Grid | None) -> str:
    for _, cells in notes.lines(notes.rows[:1_000]) if notes else ():
        texts = [text for _, text in cells]
        if len(texts) > 1 and texts[0].strip().casefold() == WORKBOOK_ID:
            return texts[1].strip()
    return ""
