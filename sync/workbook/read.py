"""Reading a workbook: its cells as they are shown, and the row and column of each. It never writes or judges."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from sync.errors import NotAWorkbook, WorkbookError
from sync.tables import Notes, Remark, SettingRow, Tables
from sync.workbook.added import is_added
from sync.workbook.formulas import worked_out
from sync.workbook.grid import look_at, read_grids
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
from sync.workbook.regions import records_region
from sync.workbook.shown import Kind, Shown
from sync.workbook.slices import SLICE
from sync.workbook.styles import counts_from_1904, format_codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sync.workbook.grid import Grid
    from sync.workbook.headings import Headings

WORKBOOK_ID = "workbook id"
"""The key on the `_sync` sheet."""

_IDS = frozenset({"record_id", "sku"})


def read(path: Path, size: int = SLICE) -> Tables:
    """Read the sheets that matter: the records, the settings, and the workbook's id.

    A sheet whose XML has more than `size` bytes is read in slices of that size, so that its memory stays small.
    Raises NotAWorkbook when the file is no workbook or damaged, and WorkbookError when it has no sheet with records or
    when the sheet cannot be read.
    """
    try:
        return _read(path, size)
    except NotAWorkbook as error:
        if str(path) in error.message:
            raise
        raise NotAWorkbook(f"{path} cannot be read: {error.message}", error.hint) from error


def _read(path: Path, size: int) -> Tables:
    with Container.open(path) as container:
        codes, from_1904 = format_codes(container), counts_from_1904(container)
        sheets = [
            look_at(container, name, Shown(codes, from_1904=from_1904), size) if name else None
            for name in (_records_sheet(container), *_other_sheets(container))
        ]
        formulas = worked_out(container, sheets[0].name) if sheets[0] and sheets[0].shown.formulas else {}
        (records, settings, notes, images), digest = read_grids(container, sheets, size)
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
    region = records_region(headings, *records.take_below(headings.row, ids), names, sheet.lists)
    found = Tables(
        sheet=sheet.name,
        header_row=headings.row,
        headings=region.headings,
        rows=_numbers(region.rows),
        columns=region.columns,
        workbook_id=_workbook_id(notes) or "path-" + sha256(str(path.resolve()).encode()).hexdigest()[:24],
        sha256=digest,
        settings=setting_rows,
        settings_sheet=sheets[1].name if sheets[1] else SETTINGS,
        settings_column=value_column,
        remarks=(*region.remarks, *_remarks(region.headings, names, sheet.shown, headings)),
        notes=Notes(sheets[2].name, *(notes.take_below(0) if notes else ((), {}))) if sheets[2] else None,
        worked_out=formulas,
    )
    if images is None or sheets[3] is None:
        return found
    first = list(images.lines(images.rows[:SEARCHED]))
    return replace(found, images=image_tables(sheets[3].name, first, images.take_below, found))


def _numbers(rows: list[int]) -> Sequence[int]:
    """Give ascending numbers, without a gap as nearly always in no space: of a million rows they would take 36 MB."""
    return range(rows[0], rows[-1] + 1) if rows and rows[-1] - rows[0] + 1 == len(rows) else rows


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


# ---------------------------------------------------------------------------------- ids and oddities


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


def _settings(grid: Grid) -> tuple[tuple[SettingRow, ...], int]:
    """Read names and values: the columns headed Setting and Value, or else the first two."""
    name_column, value_column, start = 1, 2, 0
    for row, cells in grid.lines(grid.rows[:SEARCHED]):
        named = {folded(text): column for column, text in reversed(cells)}
        if "setting" in named and "value" in named:
            name_column, value_column, start = named["setting"], named["value"], row
            break
    rows, columns = grid.take_below(start)
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


def _workbook_id(notes: Grid | None) -> str:
    for _, cells in notes.lines(notes.rows[:1_000]) if notes else ():
        texts = [text for _, text in cells]
        if len(texts) > 1 and texts[0].strip().casefold() == WORKBOOK_ID:
            return texts[1].strip()
    return ""
