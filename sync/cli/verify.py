"""`wtsync verify BEFORE AFTER`: what differs between two workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.cli.console import out, out_json
from sync.counts import counted

if TYPE_CHECKING:
    from sync.workbook.differences import CellDifference, Differences

MORE_THAN_VALUES = 3
_CLIP = 50
_PARTS = 10


@click.command("verify")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--show", "most", default=20, show_default=True, metavar="CELLS", type=click.IntRange(0), help="Cells to list."
)
@click.option("--json", "as_json", is_flag=True, help="Give the differences as JSON.")
@click.pass_context
def command(ctx: click.Context, before: Path, after: Path, most: int, as_json: bool) -> None:
    """Show what differs between two workbooks: which cells, what they showed and show, and anything else.

    For example a backup (see `wtsync restore`) and the workbook as it is. Leaves with 0 when nothing differs, or only
    what cells show; with 3 when anything else does: a formula, a format, another part of the file.
    """
    from sync.workbook.differences import differences

    found = differences(before, after, most=most)
    if as_json:
        out_json(_data(found, before, after))
    else:
        out(_text(found, before, after))
    ctx.exit(0 if found.only_values else MORE_THAN_VALUES)


def summary(found: Differences) -> str:
    """Say in a few words how much differs."""
    if found.identical:
        return "the same"
    cells = f"{counted(found.cells_differing, 'cell')} {'differs' if found.cells_differing == 1 else 'differ'}"
    return cells if found.only_values else f"{cells}, and more than values"


def _text(found: Differences, before: Path, after: Path) -> str:
    lines = [f"{before} and {after}: {summary(found)}."]
    lines += [
        f"  {one.where}: {_side(one.was, one.was_formula)} -> {_side(one.now, one.now_formula)}" for one in found.cells
    ]
    if found.cells_differing > len(found.cells):
        lines.append(f"  ... and {counted(found.cells_differing - len(found.cells), 'more cell')}")
    if found.formulas_differing:
        lines.append(f"  {counted(found.formulas_differing, 'formula')} gone, new or changed")
    lines += [f"  {other}" for other in found.others]
    if found.recalculates:
        lines.append("  formulas are calculated anew when the file is next opened")
    for what, parts in (("added", found.parts_added), ("gone", found.parts_removed), ("differ", found.parts_differing)):
        if parts:
            more = f" and {len(parts) - _PARTS} more" if len(parts) > _PARTS else ""
            lines.append(f"  {counted(len(parts), 'part')} of the file {what}: {', '.join(parts[:_PARTS])}{more}")
    same = f"{counted(found.parts_same, 'part')} the same, {counted(found.formulas_kept, 'formula')} kept"
    return "\n".join([*lines, f"  {same}"])


def _side(value: str, formula: str | None) -> str:
    words = "(empty)" if not value else repr(value if len(value) <= _CLIP else value[:_CLIP] + "...")
    return words if formula is None else f"={formula[:_CLIP]} showing {words}"


def _data(found: Differences, before: Path, after: Path) -> dict[str, Any]:
    from sync.workbook.save import sha256_of

    return {
        "before": {"file": str(before), "sha256": sha256_of(before)},
        "after": {"file": str(after), "sha256": sha256_of(after)},
        "identical": found.identical,
        "onlyValues": found.only_values,
        "cellsDiffering": found.cells_differing,
        "cells": [_cell(one) for one in found.cells],
        "formulasKept": found.formulas_kept,
        "formulasDiffering": found.formulas_differing,
        "partsSame": found.parts_same,
        "partsAdded": found.parts_added,
        "partsRemoved": found.parts_removed,
        "partsDiffering": found.parts_differing,
        "others": found.others,
        "recalculates": found.recalculates,
    }


def _cell(one: CellDifference) -> dict[str, Any]:
    data: dict[str, Any] = {"sheet": one.sheet, "cell": one.cell, "was": one.was, "now": one.now}
    if one.was_formula is not None or one.now_formula is not None:
        data |= {"wasFormula": one.was_formula, "nowFormula": one.now_formula}
    return data
