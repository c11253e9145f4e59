"""The sheets that we add to a workbook later, read again: by their headings, wherever people have moved these.

Their texts are taken as they are in the file, not as they are shown: we wrote them as texts, and numbers as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.workbook.layout import ADDED_SHEETS, folded
from sync.workbook.package.address import column_number
from sync.workbook.package.container import Container
from sync.workbook.package.parsed import Parsed, parsed
from sync.workbook.package.seen import shared_strings, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class AddedSheet:
    """A sheet of ours as it stands in the workbook now. Rows and columns are counted from 1."""

    name: str
    columns: Mapping[str, int]
    """Where each heading stands."""
    rows: Sequence[tuple[int, Mapping[str, str]]]
    """The rows in which anything stands: number, and text by heading."""


def is_added(container: Container, name: str) -> bool:
    """Tell whether a sheet is one that we have added: it has the name, and its headings."""
    return any(folded(name) == folded(ours) and _columns(container, name, headings) is not None
               for ours, headings in ADDED_SHEETS.items())  # fmt: skip


def read_added(path: Path, name: str) -> AddedSheet | None:
    """Read one of our sheets; None where the workbook has none, or only one of the user's with that name.

    Raises NotAWorkbook.
    """
    with Container.open(path) as container:
        found = next((sheet.name for sheet in container.sheets if folded(sheet.name) == folded(name)), None)
        columns = _columns(container, found, ADDED_SHEETS[name]) if found is not None else None
        if found is None or columns is None:
            return None
        rows = []
        for number, texts in _rows(container, found):
            cells = {heading: texts.get(column, "") for heading, column in columns.items()}
            if number > 1 and any(cells.values()):
                rows.append((number, cells))
        return AddedSheet(found, columns, rows)


def _columns(container: Container, name: str, headings: Sequence[str]) -> Mapping[str, int] | None:
    """Find the headings in the first row; None where one is missing."""
    number, texts = next(_rows(container, name), (0, {}))
    at = {text: column for column, text in reversed(texts.items())}
    return {heading: at[heading] for heading in headings} if number == 1 and at.keys() >= set(headings) else None


def _rows(container: Container, name: str) -> Iterator[tuple[int, dict[int, str]]]:
    strings = shared_strings(container)
    for row in parsed(container.chunks(container.sheet(name).part), Parsed()):
        yield (
            row.number,
            {column_number(cell[0].rstrip("0123456789").encode()): shown(cell, strings).value for cell in row.cells},
        )
