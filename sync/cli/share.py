"""`wtsync share`: lets a workbook say itself what was agreed, so that a colleague can go on with the file alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from sync.cli.console import out, say, typed
from sync.errors import WorkbookError


@click.command("share")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Let FILE say itself who made its texts, so that a colleague can go on with it.

    Adds a very hidden sheet `_sync` with the id that FILE goes by here, and what was agreed on each text; from then
    on every write keeps it up to date. Workbooks made by `wtsync init` have it from the start. The colleague needs
    FILE and an API key of the same account. Every copy of FILE bears the same id: work on one of them.
    """
    from sync.cli.results import offer, written_lines
    from sync.cli.wiring import moved_journal
    from sync.cli.writing import write_back
    from sync.journal import Journal, Lease, journal_path, last_service
    from sync.workbook.read import read
    from sync.workbook.twins import id_of

    tables = read(file)
    moved_journal(tables)
    path = journal_path(tables.workbook_id)
    service, simulated = last_service(path) or ("", False)
    with Lease(path, f"wtsync share {typed(file.name)}"), Journal(path, service, simulated=simulated) as journal:
        written = write_back(file, journal, simulated=simulated, share=True)
        journal.belongs_to(file)
        written = replace(written, offered=offer(file, journal, simulated=simulated, left=written.left))
    if not id_of(file):
        raise WorkbookError(
            f"{file.name} takes no new sheet: its structure is protected.",
            "Take the protection off (Review, Protect Workbook), and run the command again.",
        )
    out(f"{file.name} can be handed on: it says itself what was agreed on its texts.")
    for line in written_lines(written):
        out(line)
    say("Copies of it bear the same id: let one person work on it at a time, and hand on the newest.")
