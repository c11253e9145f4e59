"""Whether a sheet of ours stands in a workbook as it is to be, and what would stand against putting it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.errors import WorkbookError
from sync.workbook.package.address import address
from sync.workbook.package.container import Container
from sync.workbook.package.edits import settled
from sync.workbook.package.parsed import Parsed, parsed
from sync.workbook.package.registry import is_locked
from sync.workbook.package.replacement import Replacement
from sync.workbook.package.rich import RichText
from sync.workbook.package.seen import shared_strings, shown
from sync.workbook.package.text import Fitted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.workbook.package.container import SheetPart
    from sync.workbook.package.sheets import NewSheet


def has_sheet(path: Path, name: str) -> bool:
    """Whether a workbook has a sheet of that name. Raises NotAWorkbook."""
    with Container.open(path) as container:
        return _part(container, name) is not None


def is_there(path: Path, sheet: NewSheet) -> bool:
    """Whether a workbook has a sheet of that name that shows just these cells. Raises NotAWorkbook.

    It is read up to the first cell that differs: a long sheet is about to be read several times more.
    """
    with Container.open(path) as container:
        part = _part(container, sheet.name)
        if part is None:
            return False
        wanted = _wanted(sheet)
        return all(wanted.pop(place, None) == text for place, text in _cells(container, part)) and not wanted


def hindrance(path: Path, sheet: NewSheet) -> str:
    """Say why a sheet cannot be put into a workbook, or written anew there; empty where it can. Raises NotAWorkbook."""
    with Container.open(path) as container:
        part = _part(container, sheet.name)
        if part is None:
            why = is_locked(container)
            return f"The workbook is {why}, so that no sheet {sheet.name} can be added." if why else ""
        try:
            Replacement(container, part, sheet)
        except WorkbookError as error:
            return f"{error.message} {error.hint}".strip()
    return ""


def _part(container: Container, name: str) -> SheetPart | None:
    return next((one for one in container.sheets if one.name.casefold() == name.casefold()), None)


def _cells(container: Container, part: SheetPart) -> Iterator[tuple[str, str]]:
    """Read what the cells of a sheet show, with their places."""
    strings = shared_strings(container)
    for row in parsed(container.chunks(part.part), Parsed()):
        for cell in row.cells:
            if text := shown(cell, strings).value:
                yield cell[0], text


def _wanted(sheet: NewSheet) -> dict[str, str]:
    values = {
        address(row, column): settled(value)
        for row, cells in enumerate(sheet.rows, 1)
        for column, value in enumerate(cells, 1)
    }
    return {place: _shown(value) for place, value in values.items() if value is not None}


def _shown(value: RichText | Fitted | float) -> str:
    if isinstance(value, Fitted):
        return value.text
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, RichText) else f"{value:.15g}"
