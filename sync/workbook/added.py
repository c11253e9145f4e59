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

    from sync.workbook.package.parsed import CellSeen
    from sync.workbook.package.seen import Shown


@dataclass(frozen=True, slots=True)
class AddedSheet:
    """A sheet of ours as it stands in the workbook now. Rows and columns are counted from 1."""

    name: str
    columns: Mapping[str, int]
    """Where each heading stands."""
    rows: Sequence[tuple[int, Mapping[str, str]]]
    """The rows in which anything stands: number, and text by heading."""


@dataclass(frozen=True, slots=True)
class WholeRow:
    """All cells of a row, from the first column on: what they hold, and their formats (empty: none)."""

    number: int
    values: tuple[str | float, ...]
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WholeSheet:
    """A sheet of ours with everything on it, also what people have added to it. The rows are those below the first."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[WholeRow, ...]


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
        for number, texts in lines(container, found):
            cells = {heading: texts.get(column, "") for heading, column in columns.items()}
            if number > 1 and any(cells.values()):
                rows.append((number, cells))
        return AddedSheet(found, columns, rows)


def lost_headings(path: Path, name: str) -> tuple[tuple[str, ...], bool]:
    """Find the headings that a sheet of ours has lost, and whether something may be decided on it.

    It is taken for ours when it has most of its headings; none are lost of any other. Raises NotAWorkbook.
    """
    wanted = ADDED_SHEETS[name]
    with Container.open(path) as container:
        found = next((sheet.name for sheet in container.sheets if folded(sheet.name) == folded(name)), None)
        rows = [*lines(container, found)] if found is not None else []
    number, texts = rows[0] if rows else (0, {})
    at = {text: column for column, text in reversed(texts.items())} if number == 1 else {}
    lost = tuple(heading for heading in wanted if heading not in at)
    if not lost or 2 * len(lost) >= len(wanted):
        return (), False
    column = at.get("Decision")
    return lost, column is None or any(cells.get(column) for _, cells in rows[1:])


def read_whole(path: Path, name: str) -> WholeSheet | None:
    """Read everything that stands on one of our sheets; None where the workbook has none of that name that is ours.

    Numbers are numbers, and texts are without marks. Raises NotAWorkbook.
    """
    with Container.open(path) as container:
        found = next((sheet.name for sheet in container.sheets if folded(sheet.name) == folded(name)), None)
        if found is None or _columns(container, found, ADDED_SHEETS[name]) is None:
            return None
        strings = shared_strings(container)
        rows, width = [], 0
        for row in parsed(container.chunks(container.sheet(found).part), Parsed()):
            rows.append(
                (row.number, {_column(cell): (_typed(cell, strings), cell[1].get("s", "0")) for cell in row.cells})
            )
            width = max([width, *(_column(cell) for cell in row.cells if cell[2])])
    first = rows[0][1]
    return WholeSheet(
        found,
        tuple(str(first.get(column, ("",))[0]) for column in range(1, width + 1)),
        tuple(_whole_row(number, cells, width) for number, cells in rows if number > 1),
    )


def _whole_row(number: int, cells: Mapping[int, tuple[str | float, str]], width: int) -> WholeRow:
    found = [cells.get(column, ("", "0")) for column in range(1, width + 1)]
    styles = tuple("" if style == "0" else style for _, style in found)
    return WholeRow(number, tuple(value for value, _ in found), styles)


def _typed(cell: CellSeen, strings: Sequence[Shown]) -> str | float:
    """Give a number as a number, a truth value as one, and anything else as the text it shows."""
    text = shown(cell, strings).value
    kind = cell[1].get("t", "n")
    if kind == "b":
        return text == "TRUE"
    try:
        return float(text) if kind in {"n", ""} and text else text
    except ValueError:
        return text


def _column(cell: CellSeen) -> int:
    return column_number(cell[0].rstrip("0123456789").encode())


def _columns(container: Container, name: str, headings: Sequence[str]) -> Mapping[str, int] | None:
    """Find the headings in the first row; None where one is missing."""
    number, texts = next(lines(container, name), (0, {}))
    at = {text: column for column, text in reversed(texts.items())}
    return {heading: at[heading] for heading in headings} if number == 1 and at.keys() >= set(headings) else None


def lines(container: Container, name: str) -> Iterator[tuple[int, dict[int, str]]]:
    """Yield the rows of a sheet as they are in the file: number, and text by column."""
    strings = shared_strings(container)
    for row in parsed(container.chunks(container.sheet(name).part), Parsed()):
        yield (
            row.number,
            {_column(cell): shown(cell, strings).value for cell in row.cells},
        )
