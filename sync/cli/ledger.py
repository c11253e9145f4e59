"""`wtsync ledger`: what was spent, when and on what, as far as this computer knows."""

from __future__ import annotations

import calendar
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import out, out_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sync.batch import Charge


@click.command("ledger")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Leave out what is older (UTC).")
@click.option("--month", is_flag=True, help="Only this calendar month (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Give every charge as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Give every charge as CSV, for a spreadsheet.")
def command(file: Path, since: datetime | None, month: bool, as_json: bool, as_csv: bool) -> None:
    """Show what the texts of FILE have cost, by month, run and kind of text.

    Credits are worked out by the service's price list when a text arrives; the service itself tells only the balance.
    What other computers or people have spent is not in it.
    """
    from sync.cli.wiring import moved_journal
    from sync.journal import journal_path, month_begin, spent
    from sync.report.ledger_text import by_month, charge_data, ledger_text
    from sync.workbook.read import read

    tables = read(file)
    moved_journal(tables)
    begin = float(calendar.timegm(since.timetuple())) if since is not None else 0.0
    if month:
        begin = max(begin, month_begin(time.time()))
    charges = spent(journal_path(tables.workbook_id), begin)
    if as_json:
        out_json({"workbook": str(file), "credits": sum(one.credits for one in charges),
                  "months": by_month(charges),
                  "charges": list(map(charge_data, charges))})  # fmt: skip
    elif as_csv:
        _give_csv(charges)
    else:
        out(ledger_text(file.name, charges))


def _give_csv(charges: Sequence[Charge]) -> None:
    import csv
    import io

    from sync.report.ledger_text import COLUMNS, charge_cells

    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([COLUMNS, *map(charge_cells, charges)])
    out(lines.getvalue().removesuffix("\n"))
