"""Deliberate breaches of how a workbook is written, beside the real way; each takes what `save` takes.

They are wrong on purpose, and live here only.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import openpyxl

from sync.projection import deliver
from sync.records.locate import Places, locate
from sync.workbook.package.patch import patch
from sync.workbook.read import read
from sync.workbook.save import save

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sync.model import Delivery
    from sync.workbook.package.edits import Edits


def write(
    path: Path, deliveries: Sequence[Delivery], *, places: Places | None = None, how: Any = save, **more: Any
) -> None:
    """Write texts into a workbook as the command does: read, locate, place, save.

    `places` are stale ones, for the breach that trusts row numbers; `how` is the way of saving.
    """
    tables = read(path)
    projection = deliver(places or locate(tables), deliveries)
    how(path, {tables.sheet: dict(projection.edits)}, expected_sha256=tables.sha256, **more)


def save_in_place(path: Path, edits: Edits, **_: Any) -> None:
    """Write over the workbook itself, piece by piece."""
    draft = path.with_name("draft.tmp")
    patch(path, draft, edits)
    content = draft.read_bytes()
    draft.unlink()
    with path.open("wb") as file:
        for start in range(0, len(content), 512):
            file.write(content[start : start + 512])
            file.flush()
            tick()


def save_without_looking_again(
    path: Path, edits: Edits, *, before_replace: Callable[[str, str], None] | None = None, **_: Any
) -> None:
    """Replace the workbook whatever has become of it meanwhile."""
    draft = path.with_name("draft.tmp")
    patch(path, draft, edits)
    if before_replace is not None:
        before_replace("", "")
    shutil.move(draft, path)


def save_as_typed(path: Path, edits: Edits, **_: Any) -> None:
    """Put texts into cells as a library does that takes what begins with an equals sign for a formula."""
    book: Any = openpyxl.load_workbook(path)
    cells: Any
    for sheet, cells in edits.items():
        for (row, column), value in cells.items():
            book[sheet].cell(row, column).value = value
    book.save(path)


def tick() -> None:
    """Count a write that reached the disk; the test that ends the process in the middle replaces this count."""
    COUNT["writes"] += 1
    if COUNT["writes"] == COUNT["end at"]:
        raise EndOfProcess


COUNT: dict[str, int] = {"writes": 0, "end at": 0}


class EndOfProcess(BaseException):
    """Nothing catches it."""


def stale_places(path: Path) -> Places:
    """Find where things stand now; trusted later, they are row numbers."""
    return locate(read(path))


def texts_by_record(path: Path, id_column: int, text_column: int) -> Mapping[str, Any]:
    """Read which text stands beside which record id, without any of our own code."""
    sheet: Any = openpyxl.load_workbook(path).active
    return {
        str(sheet.cell(row, id_column).value): sheet.cell(row, text_column).value
        for row in range(2, sheet.max_row + 1)
        if sheet.cell(row, id_column).value
    }
