"""Asks a workbook which cells must not be written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from sync.model import IMAGE, SENT_BACK, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sync.model import Change, TextKey
    from sync.tables import Tables
    from sync.workbook.package.obstacles import Obstacle


def obstacles(path: Path, sheet: str, cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Obstacle]:
    """Find those cells of a sheet that must not be written: formulas, headings of tables, merged cells."""
    from sync.workbook.package.container import Container
    from sync.workbook.package.obstacles import check

    wanted = filter(all, cells)
    first = next(wanted, None)
    if first is None:
        return {}
    with Container.open(path) as container:
        return {(found.row, found.column): found for found in check(container, sheet, chain([first], wanted))}


def obstacles_to(path: Path, tables: Tables, changes: Iterable[Change]) -> dict[TextKey, Problem]:
    """Say which target cells of a plan cannot be written, before anything is paid for.

    The plan has to be made of these very `tables`: its rows are taken as they were read.
    """
    from sync.records.locate import text_columns

    found_in: dict[TextKey, Problem] = {}
    for place, (sheet, columns) in enumerate(text_columns(tables)):
        own = _Own(changes, columns, images=bool(place))
        stand = obstacles(path, sheet.sheet, (cell for cell, _ in own))
        meant = {cell: key for cell, key in own if cell in stand} if stand else {}
        found_in |= {meant[cell]: _obstacle(found) for cell, found in stand.items()}  # in the order of the sheet
    return found_in


@dataclass(frozen=True, slots=True)
class _Own:
    """The cells of one sheet that changes are written to, each with its text."""

    changes: Iterable[Change]
    columns: Mapping[str, int]
    images: bool

    def __iter__(self) -> Iterator[tuple[tuple[int, int], TextKey]]:
        for change in self.changes:
            key = change.key
            if change.kind not in SENT_BACK and (key.record.type == IMAGE) is self.images:
                yield (change.row, self.columns.get(key.text_type, 0)), key


def _obstacle(found: Obstacle) -> Problem:
    return Problem(
        where=f"{found.sheet}!{found.address}",
        kind="cannot-be-written",
        value="",
        what=f"The text cannot be put here: this cell {found.reason}.",
        remedy=found.hint,
    )
