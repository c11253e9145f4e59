"""The `_sync` sheet for workbooks that have none yet: the id that a workbook bears, and room for more.

A workbook that knows its id stays the same workbook when it is moved, renamed or handed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.workbook.layout import SYNC
from sync.workbook.package.container import Container
from sync.workbook.package.registry import is_locked
from sync.workbook.package.sheets import NewSheet
from sync.workbook.twins import ID, id_of

if TYPE_CHECKING:
    from pathlib import Path

    from sync.model import ByColumn, CellValue

LAYOUT = 1
"""The version of the workbook's layout, written on the `_sync` sheet."""


def identity_rows(workbook_id: str) -> tuple[tuple[str, str], ...]:
    """Give the first rows of the sheet."""
    return ((ID, workbook_id), ("layout", str(LAYOUT)))


def identity_sheets(path: Path, workbook_id: str, cells: ByColumn | None = None) -> tuple[NewSheet, ...]:
    """Give the sheet that lets a workbook bear this id, for `save`; none where it bears one, or takes no new sheet.

    The id is to be the one that its journal goes by already. `cells` are what else stands there, by row and column,
    below the id. Raises NotAWorkbook.
    """
    if id_of(path):
        return ()
    with Container.open(path) as container:
        known = any(sheet.name.casefold() == SYNC for sheet in container.sheets)
        if not known and is_locked(container):
            return ()
    rows: list[list[CellValue]] = [list(row) for row in identity_rows(workbook_id)]
    for (row, column), text in sorted((cells or {}).items()):
        while len(rows) < row:
            rows.append([])
        rows[row - 1] += [""] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = text
    return (NewSheet(SYNC, rows, state="veryHidden", headed=False),)
