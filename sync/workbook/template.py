"""Make new workbooks: for `wtsync init`, and the blank ones in `templates/`.

Only ever makes a file; a workbook that somebody has is never opened here. The same input gives the same bytes.

`python -m sync.workbook.template templates` makes the blank workbooks of that folder anew.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties

from sync.errors import ProblemsFound, WorkbookError
from sync.model import CATEGORY, PRODUCT, TEXT_TYPES
from sync.workbook.identity import LAYOUT
from sync.workbook.layout import RECORDS, SYNC, folded
from sync.workbook.template_cells import new_sheet, styled
from sync.workbook.template_file import save
from sync.workbook.template_images import write_images
from sync.workbook.template_lists import lists, write_lists
from sync.workbook.template_records import write_records
from sync.workbook.template_rows import (
    CATEGORY_EXAMPLES,
    MOST_HEADING,
    MOST_ROWS,
    PRODUCT_EXAMPLES,
    Column,
    ProductTable,
    cleaned,
    duplicate_ids,
    record_columns,
)
from sync.workbook.template_settings import values_of, write_settings
from sync.workbook.template_start import write_start
from sync.workbook.template_styles import Look, add_table_style, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.model import Problem, Reference

__all__ = ["BLANKS", "LAYOUT", "Column", "ProductTable", "make", "make_blanks"]

BLANK_ID = ""
"""The workbook id of a blank template: none, so that no two copies of it share one."""

BLANKS = {"products.xlsx": {"Type": PRODUCT}, "categories.xlsx": {"Type": CATEGORY}}
"""The blank workbooks that are shipped, with the settings that differ."""

_DATE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's dates bear no time zone
_NO_SETTINGS: Mapping[str, str] = {}


def make(
    path: Path,
    *,
    workbook_id: str,
    reference: Reference | None = None,
    rows: ProductTable | None = None,
    images: Iterable[Mapping[str, str]] = (),
    settings: Mapping[str, str] = _NO_SETTINGS,
    made: datetime = _DATE,
) -> tuple[Problem, ...]:
    """Make a new workbook at `path`, the whole file or nothing; what is there is replaced.

    `reference` gives the values of the dropdowns; without it, only the documented tones are offered. `settings` are
    by name or field. `images` are the rows of the sheet Images, cells by heading. `made` is the date in the file's
    properties.

    Gives warnings for cells whose text had to be cut or cleaned. Raises ProblemsFound when two rows name the same
    record, WorkbookError when there are more rows than a sheet holds.
    """
    values = values_of(settings)
    record_type = CATEGORY if folded(values["type"]) == folded(CATEGORY) else PRODUCT
    examples = CATEGORY_EXAMPLES if record_type == CATEGORY else PRODUCT_EXAMPLES
    wanted = record_columns(rows, TEXT_TYPES[record_type], examples)
    cells = _in_order(rows, wanted) if rows else ()
    columns = _named(wanted)
    _check(columns, cells)

    known = lists(reference)
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(creator="wtsync", title=f"{record_type} texts")
    add_table_style(book)
    write_start(book, file=path.name, record_type=record_type)
    write_settings(book, {**values, "type": record_type}, known)
    problems = write_records(book, columns, cells, known)
    if record_type == PRODUCT:
        problems += write_images(book, known, images)
    write_lists(book, known)
    _write_sync(book, workbook_id)
    save(book, path, made)
    return tuple(problems)


def make_blanks(folder: Path) -> tuple[Path, ...]:
    """Make the blank workbooks that are shipped."""
    paths = []
    for name, settings in BLANKS.items():
        make(folder / name, workbook_id=BLANK_ID, settings=settings)
        paths.append(folder / name)
    return tuple(paths)


def _write_sync(book: Workbook, workbook_id: str) -> None:
    sheet = new_sheet(book, SYNC)
    sheet.sheet_state = "veryHidden"
    plain = style(sheet, Look(format="@"))
    for key, value in (("workbook id", workbook_id), ("layout", str(LAYOUT))):
        sheet.append([styled(sheet, key, plain), styled(sheet, value, plain)])


def _in_order(table: ProductTable, columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """Lay the rows of a table out in the columns of the sheet."""
    place = {folded(column.name): number for number, column in enumerate(table.columns)}
    taken = [place.get(folded(column.name)) for column in columns]
    return tuple(tuple("" if number is None else row[number] for number in taken) for row in table.rows)


def _named(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Make sure that headings can be the names of a table's columns: one line, not too long, none twice."""
    taken: set[str] = set()
    named = []
    for column in columns:
        name = short = " ".join(cleaned(column.name).split())[: MOST_HEADING - 5] or "Column"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{short} {number}"
        taken.add(name.casefold())
        named.append(Column(name, column.role, column.width, column.note, column.field))
    return tuple(named)


def _check(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    if len(rows) > MOST_ROWS:
        raise WorkbookError(
            f"{len(rows):,} records are more than one sheet can hold ({MOST_ROWS:,})",
            "Split them over several workbooks.",
        )
    if problems := duplicate_ids(columns, rows):
        raise ProblemsFound(problems, f"{len(problems)} rows name a record that stands in {RECORDS} already")


if __name__ == "__main__":
    for blank in make_blanks(Path(sys.argv[1] if len(sys.argv) > 1 else "templates")):
        print(blank)  # noqa: T201 - a command of its own
