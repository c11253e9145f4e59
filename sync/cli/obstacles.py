"""Asks a workbook which cells must not be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sync.workbook.package.obstacles import Obstacle


def obstacles(path: Path, sheet: str, cells: set[tuple[int, int]]) -> dict[tuple[int, int], Obstacle]:
    """Find those cells of a sheet that must not be written: formulas, headings of tables, merged cells."""
    from sync.workbook.package.container import Container
    from sync.workbook.package.obstacles import check

    cells = {cell for cell in cells if all(cell)}
    if not cells:
        return {}
    with Container.open(path) as container:
        return {(found.row, found.column): found for found in check(container, sheet, cells)}
