"""`wtsync apply`: writes what the journal holds into the workbook, again if need be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from sync.cli.console import out, out_json, say, typed
from sync.counts import counted
from sync.errors import WorkbookError

NOT_ALL = 3


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Give the certificate of the write as JSON.")
@click.pass_context
def command(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Write every text that was made for FILE into it, without asking the service.

    For a workbook that was open elsewhere when its texts arrived, or that was replaced by an older copy. Rows are
    found by record id. What somebody wrote or changed meanwhile stays. Texts that have no place in the workbook go
    into FILE.results.xlsx beside it; then it leaves with 3.
    """
    from sync.cli.results import offer, why_not, written_lines
    from sync.cli.undone import take_note
    from sync.cli.wiring import moved_journal
    from sync.cli.writing import certificate_data, write_back
    from sync.journal import Journal, Lease, journal_path, last_service
    from sync.workbook.read import read

    tables = read(file)
    moved_journal(tables)
    path = journal_path(tables.workbook_id)
    last = last_service(path)
    if last is None:
        if as_json:
            out_json({"texts": 0, "certificate": None, "left": 0, "results": []})
        else:
            out("There is nothing to write: no run of this workbook is known on this computer.")
        return
    service, simulated = last
    with Lease(path, f"wtsync apply {typed(file.name)}"), Journal(path, service, simulated=simulated) as journal:
        take_note(file, tables, journal, quietly=True)
        try:
            written = write_back(file, journal, simulated=simulated, again=True)
        except WorkbookError as error:
            for line in offer(file, journal, simulated=simulated, reason=why_not(error)):
                say(f"wtsync: {line}")
            raise
        journal.belongs_to(file)
        written = replace(written, offered=offer(file, journal, simulated=simulated, left=written.left))
        results = list(journal.files.results())
    if as_json:
        texts, certificate = written.projection.texts, certificate_data(written)
        out_json({"texts": texts, "certificate": certificate, "left": len(written.left), "results": results})
    else:
        texts = written.projection.texts
        out(f"{counted(texts, 'text')} of the journal {'is' if texts == 1 else 'are'} in the workbook.")
        for line in written_lines(written):
            out(line)
    if written.left:
        ctx.exit(NOT_ALL)
