"""`wtsync init FILE`: make a new workbook, blank or with the products of a shop's export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import say, typed
from sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.model import Problem
    from sync.workbook.template import ProductTable

__all__ = ["command"]

_PROBLEMS_SHOWN = 5


@click.command("init", short_help="Make a new workbook.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "export",
    type=click.Path(path_type=Path),
    metavar="EXPORT.csv",
    help="Fill it with the products of a Shopify or WooCommerce export.",
)
@click.option("--categories", is_flag=True, help="Make it for categories instead of products.")
@click.option("--force", is_flag=True, help="Replace FILE when it is there already.")
def command(file: Path, export: Path | None, categories: bool, force: bool) -> None:
    """Make a new workbook, ready to be filled in.

    Its dropdowns offer what your account has; without an account, what WriteText.ai documents.
    """
    _check(file, export, categories=categories, force=force)

    from datetime import datetime
    from uuid import uuid4

    from sync.cli.connecting import reference_or_none
    from sync.exports import read_export
    from sync.model import CATEGORY, PRODUCT
    from sync.workbook.template import make

    table = read_export(export) if export else None
    reference = reference_or_none()
    problems = make(
        file,
        workbook_id=uuid4().hex,
        reference=reference,
        rows=table,
        settings={"Type": CATEGORY if categories else PRODUCT},
        made=datetime.now().replace(microsecond=0),  # noqa: DTZ005 - a file's properties bear no time zone
    )
    say(f"Made {file}.")
    if table:
        _tell(table)
    _warn(problems)
    offered = "what your account has" if reference else "the built-in lists, as no account is set up"
    say(f"The dropdowns offer {offered}.")
    say(f"Next: fill it in, then wtsync plan {typed(file)}")


def _check(file: Path, export: Path | None, *, categories: bool, force: bool) -> None:
    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file.name} is no name for a workbook", f"Try {file.with_suffix('.xlsx')}.")
    if export and categories:
        raise UsageError("--from brings products, so it does not go with --categories")
    if file.is_dir():
        raise UsageError(f"{file} is a folder")
    if file.exists() and not force:
        raise UsageError(f"{file} is there already", "Take another name, or --force to replace it.")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}", "Make the folder first.")


def _tell(table: ProductTable) -> None:
    """Say what came from the export; a single note fits on the line."""
    products = "1 product" if len(table.rows) == 1 else f"{len(table.rows):,} products"
    line = f"{products} from {table.source}"
    if len(table.notes) == 1:
        say(f"{line} ({table.notes[0]})")
        return
    say(line)
    for note in table.notes:
        say(f"  - {note}")


def _warn(problems: Sequence[Problem]) -> None:
    for problem in problems[:_PROBLEMS_SHOWN]:
        say(f"{problem.where}: {problem.what}")
    if len(problems) > _PROBLEMS_SHOWN:
        say(f"... and {len(problems) - _PROBLEMS_SHOWN:,} more cells like these")
