"""Whether two files are the same workbook: the id that it bears, and others beside it that bear it too."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sync.errors import NotAWorkbook
from sync.workbook.layout import SYNC
from sync.workbook.package.container import Container
from sync.workbook.package.parsed import Parsed, parsed
from sync.workbook.package.seen import shared_strings, shown
from sync.workbook.save import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from sync.tables import Tables

LOOKED_AT = 20
"""Files that are opened at most, the newest first."""


ID = "workbook id"
"""What stands before the id on the `_sync` sheet."""


def id_of(path: Path) -> str:
    """Read the id of a workbook and nothing else; empty where it has none. Raises NotAWorkbook."""
    with Container.open(path) as container:
        part = next((sheet.part for sheet in container.sheets if sheet.name.casefold() == SYNC), None)
        if part is None:
            return ""
        strings = shared_strings(container)
        for row in parsed(container.chunks(part), Parsed()):
            values = [value for cell in row.cells if (value := shown(cell, strings).value.strip())]
            if len(values) > 1 and values[0].casefold() == ID:
                return values[1]
    return ""


def twins(path: Path, tables: Tables) -> tuple[Path, ...]:
    """List the files in the folder that bear the workbook's id and hold something else.

    The name only decides which files are looked into (one name is part of the other); programs do not agree on how
    they name a conflict. A workbook without an id of its own has no twins that can be told.
    """
    found = []
    with suppress(OSError):
        near = [one for one in path.parent.iterdir() if _is_near(one, path)]
        near.sort(key=lambda one: one.stat().st_mtime, reverse=True)
        for one in near[:LOOKED_AT]:
            with suppress(NotAWorkbook, OSError):
                if id_of(one) == tables.workbook_id and sha256_of(one) != tables.sha256:
                    found.append(one)
    return tuple(sorted(found))


def _is_near(other: Path, path: Path) -> bool:
    if other.name == path.name or other.name.startswith(("~$", ".")):
        return False
    if other.suffix.casefold() not in {".xlsx", ".xlsm"} or not other.is_file():
        return False
    one, two = other.stem.casefold(), path.stem.casefold()
    return one in two or two in one
