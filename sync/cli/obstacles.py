"""Asks a workbook which cells must not be written."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
