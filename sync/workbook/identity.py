"""The id that a workbook bears on its very hidden `_sync` sheet, for workbooks that have none yet.

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

LAYOUT = 1
"""The version of the workbook's layout, written on the `_sync` sheet."""


def identity_sheets(path: Path, workbook_id: str) -> tuple[NewSheet, ...]:
    """Give the sheet that lets a workbook bear this id, for `save`; none where it bears one, or takes no new sheet.

    The id is to be the one that its journal goes by already. Raises NotAWorkbook.
    """
    if id_of(path):
        return ()
    with Container.open(path) as container:
        known = any(sheet.name.casefold() == SYNC for sheet in container.sheets)
        if not known and is_locked(container):
            return ()
    rows = ((ID, workbook_id), ("layout", str(LAYOUT)))
    return (NewSheet(SYNC, rows, state="veryHidden", headed=False),)
