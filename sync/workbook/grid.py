"""The cells of sheets as they are shown, by columns. It never says what they mean.

The edge of fastexcel (calamine) and polars. Both are imported when a workbook is read, not before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from sync.errors import NotAWorkbook
from sync.workbook.memory import give_back, large_apart
from sync.workbook.package.archive import CHUNK
from sync.workbook.package.obstacles import list_objects
from sync.workbook.scan import look
from sync.workbook.slices import SLICE, Disordered, slices

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from fastexcel import ExcelReader
    from polars import DataFrame, Series

    from sync.workbook.package.address import Area
    from sync.workbook.package.container import Container
    from sync.workbook.package.obstacles import ListObject
    from sync.workbook.shown import Shown

_ROW = "row"
"""The column of a frame that holds the numbers of the rows; the others are named by their numbers."""
_SAMPLE = 1_000
"""Cells of a column by which it is judged whether its texts repeat."""
_RESAVE = "Open it in Excel, save it as .xlsx under a new name, and use that file."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a sheet before its cells are read."""

    name: str
    shown: Shown
    merged: tuple[Area, ...]
    lists: tuple[ListObject, ...]
    divisible: bool
    """Whether it is so long that it is read in slices, and can be."""


@dataclass(slots=True)
class Grid:
    """The cells of a sheet: the rows that hold anything, and columns by number with one text for each of them."""

    shown: Shown
    rows: list[int] = field(default_factory=list)
    columns: dict[int, list[str]] = field(default_factory=dict)

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
                cells = {column: texts[at[row]] for column, texts in self.columns.items()}
                cells.update((column, text) for (number, column), text in over.items() if number == row)
                yield row, [(column, text) for column, text in sorted(cells.items()) if text]

    def take_below(self, row: int, ids: Collection[int] = ()) -> tuple[list[int], dict[int, list[str]]]:
        """Take the rows under one out of the grid, and their columns; those of `ids` hold ids."""
        start = next((at for at, number in enumerate(self.rows) if number > row), len(self.rows))
        rows, columns = self.rows, self.columns
        del rows[:start]
        for texts in columns.values():
            del texts[:start]  # no copy: of a million rows that would be 100 MB
        self.rows, self.columns = [], {}
        at = {number: index for index, number in enumerate(rows)} if self.shown.columns else {}
        for number, held in self.shown.columns.items():
            cells = columns.setdefault(number, [""] * len(rows))
            shown = held.texts_of_ids() if number in ids else held.texts
            for place, text in zip(map(at.get, held.rows), shown, strict=True):
                if place is not None:
                    cells[place] = text
        return rows, columns


def look_at(container: Container, name: str, shown: Shown, size: int = SLICE) -> Sheet:
    """Look at a sheet before it is read; `size` is that of a slice. Raises WorkbookError when it cannot be read."""
    seen = look(container, name, shown)
    part = container.sheet(name).part
    long = container.entry(part).size > size
    return Sheet(name, shown, seen.merged, tuple(list_objects(container, container.sheet(name))), long and seen.usual)


def read_grids(
    container: Container, sheets: Sequence[Sheet | None], size: int = SLICE
) -> tuple[list[Grid | None], str]:
    """Read the cells of the sheets, and the hash of the file; NotAWorkbook when calamine cannot.

    `size` is how many bytes of a long sheet's XML are read at a time. An empty sheet gives None.
    """
    import fastexcel  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    path, file = container.path, container.archive.file

    @cache
    def whole() -> ExcelReader:
        file.seek(0)
        return fastexcel.read_excel(file.read())

    try:
        grids = [_grid(container, sheet, whole, size) if sheet else None for sheet in sheets]
    except fastexcel.FastExcelError as error:
        raise NotAWorkbook(f"{path} cannot be read: {error}", _RESAVE) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how calamine gives up on some damaged files; no Exception
            raise
        raise NotAWorkbook(f"{path} is damaged: its sheets cannot be made out.", _RESAVE) from error
    digest = sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return grids, digest.hexdigest()


def _grid(container: Container, sheet: Sheet, whole: Callable[[], ExcelReader], size: int) -> Grid | None:
    if sheet.divisible:
        large_apart()
        try:
            return _gathered(sheet, _sliced(container, sheet, size))
        except Disordered:
            give_back()
    return _gathered(sheet, [_frame(whole(), sheet, 0)])


def _sliced(container: Container, sheet: Sheet, size: int) -> Iterator[DataFrame]:
    import fastexcel  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    for before, workbook in slices(container, sheet.name, size):
        yield _frame(fastexcel.read_excel(workbook), sheet, before)
        give_back()  # of the one slice, before the next takes as much again


def _frame(reader: ExcelReader, sheet: Sheet, before: int) -> DataFrame:
    """Read the rows that hold anything: the row's number, and columns named by their numbers.

    `before` is the row of the mark that stands before them. Without one, `skip_rows=0` makes the frame begin at the
    sheet's first row, whether there is anything in it or not.
    """
    import polars as pl  # noqa: PLC0415  # heavy, and needed only when a workbook is read

    loaded = reader.load_sheet(sheet.name, header_row=None, skip_rows=None if before else 0, dtypes="string")
    columns = [str(column.absolute_index + 1) for column in loaded.available_columns()]
    if not columns:
        return pl.DataFrame({_ROW: []}, schema={_ROW: pl.UInt32})
    frame = pl.DataFrame(loaded)
    del loaded
    frame.columns = columns
    frame = frame.with_row_index(_ROW, offset=max(before, 1))
    if before:
        frame = frame[1:]
    extra = list(sheet.shown.extra_rows())
    filled = frame.select(pl.any_horizontal(pl.exclude(_ROW).is_not_null(), pl.col(_ROW).is_in(extra))).to_series()
    return frame if filled.all() else frame.filter(filled)


def _gathered(sheet: Sheet, frames: Iterable[DataFrame]) -> Grid | None:
    """Put the rows of frames together, and those that calamine does not see; None when there is nothing."""
    grid = Grid(sheet.shown)
    rows, columns = grid.rows, grid.columns
    known: dict[int, dict[str, str] | None] = {}
    for frame in frames:
        for series in frame.iter_columns():
            if series.name != _ROW:
                number = int(series.name)
                cells = columns.setdefault(number, [])
                cells += [""] * (len(rows) - len(cells))
                cells += _texts(series, known, number)
        rows += frame[_ROW].to_list()
    if unseen := sheet.shown.extra_rows().difference(rows):
        rows += unseen
    for cells in columns.values():
        cells.extend([""] * (len(rows) - len(cells)))
    first = min((number for number, cells in columns.items() if any(cells)), default=0)  # the mark's own is none
    grid.columns = {number: columns[number] for number in sorted(columns) if number >= first}
    if unseen:
        order = sorted(range(len(rows)), key=rows.__getitem__)
        grid.rows = [rows[at] for at in order]
        grid.columns = {number: [cells[at] for at in order] for number, cells in grid.columns.items()}
    return grid if rows else None


def _texts(series: Series, known: dict[int, dict[str, str] | None], column: int) -> list[str]:
    """Give a column's texts, none twice where they repeat: of a million colours, seventeen are kept.

    `known` holds what was kept of each column; None where texts of it do not repeat.
    """
    empty = series.null_count()
    if empty == len(series):
        return [""] * empty
    full = series.fill_null("") if empty else series
    if column not in known:
        known[column] = None if full.head(_SAMPLE).n_unique() > min(_SAMPLE, len(full)) // 2 else {}
    kept = known[column]
    texts: list[str] = full.to_list()
    return texts if kept is None else list(map(kept.setdefault, texts, texts))
