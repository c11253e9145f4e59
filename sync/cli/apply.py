"""`wtsync apply`: writes what the journal holds into the workbook, again if need be."""

from __future__ import annotations

from pathlib import Path

import click

from sync.cli.console import out


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Write every text that was made for FILE into it, without asking the service.

    For a workbook that was open elsewhere when its texts arrived, or that was replaced by an older copy. Rows are
    found by record id. What somebody wrote or changed meanwhile stays.
    """
    from sync.cli.working import written_lines
    from sync.cli.writing import write_back
    from sync.journal import Journal, Lease, journal_path, last_service
    from sync.workbook.read import read

    tables = read(file)
    path = journal_path(tables.workbook_id)
    last = last_service(path)
    if last is None:
        out("There is nothing to write: no run of this workbook is known on this computer.")
        return
    service, simulated = last
    with Lease(path, f"wtsync apply {file.name}"), Journal(path, service, simulated=simulated) as journal:
        written = write_back(file, journal, simulated=simulated, again=True)
    out(f"{written.projection.texts} texts of the journal are in the workbook.")
    for line in written_lines(written):
        out(line)
