"""`wtsync undo`: puts back in the workbook what a run replaced there; without a run, lists the runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import confirmed, out, say
from sync.errors import Refused, UsageError
from sync.model import normal, same
from sync.report.plan_text import counted, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.journal import Journal
    from sync.model import Delivery
    from sync.tables import Tables

_SHOWN = 10


@click.command("undo")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("run", required=False)
@click.option("--yes", "-y", is_flag=True, help="Do not ask before FILE is written.")
def command(file: Path, run: str | None, yes: bool) -> None:
    """Put back what RUN (an id, or `last`) replaced in FILE; without RUN, list the runs.

    Only cells that still hold what the run wrote are put back; what somebody wrote since stays. The service keeps the
    run's texts, and credits are not given back. Such a cell is then left alone until its Action says Pull, Push,
    Generate or Regenerate; `wtsync apply FILE` writes the run's texts again.
    """
    from sync.cli.wiring import moved_journal
    from sync.journal import Journal, Lease, journal_path, last_service
    from sync.workbook.read import read

    tables = read(file)
    moved_journal(tables)
    path = journal_path(tables.workbook_id)
    last = last_service(path)
    if last is None:
        out("There is nothing to undo: no run of this workbook is known on this computer.")
        return
    with Lease(path, f"wtsync undo {file.name}"), Journal(path, last[0], simulated=last[1]) as journal:
        runs = {one.id: one for one in journal.batches.runs()}
        written = {name: items for name in runs if (items := journal.texts.written_by(name))}
        if run is None:
            for name, items in written.items():
                moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(runs[name].started_at))
                spent = number(sum(item.credits for item in items))
                out(f"  {name}  {moment}  {counted(len(items), 'text')} in the workbook, {spent} credits")
            say(
                f"To put back what was there before: wtsync undo {file} RUN, or last" if written else "Nothing to undo."
            )
            return
        name = next(reversed(written), "") if run == "last" else run
        if name not in written:
            raise UsageError(
                f"No run {run} has texts in {file.name}.", f"`wtsync undo {file}` lists the runs that have."
            )
        _put_back(file, tables, journal, written[name], yes=yes)


def _put_back(file: Path, tables: Tables, journal: Journal, items: Sequence[Delivery], *, yes: bool) -> None:
    """Write the former texts, after a look and a yes."""
    from sync.cli.obstacles import obstacles
    from sync.cli.sharing import unsaid
    from sync.journal import backup_folder
    from sync.records.locate import locate
    from sync.workbook.save import save

    places = locate(tables)
    at = {item: (places.rows.get(item.key.record, 0), places.texts.get(item.key.text_type, 0)) for item in items}
    blocked = obstacles(file, tables.sheet, set(at.values()))
    undone = [
        item
        for item, place in at.items()
        if all(place) and place not in blocked and same(places.cell(*place), item.value)
    ]
    for item in undone[:_SHOWN]:
        was = " ".join(item.was.split())[:48] if normal(item.was) else "(empty)"
        out(f"  {item.key.record.record_id}, {item.key.text_type}: back to {was}")
    if len(undone) > _SHOWN:
        out(f"  and {number(len(undone) - _SHOWN)} more")
    kept = [item for item in items if item not in undone]
    for item in kept[:_SHOWN]:
        out(
            f"  {item.key.record.record_id}, {item.key.text_type}: stays: it is not what the run wrote, or has no place"
        )
    if not undone:
        out("There is nothing to put back.")
        return
    if not yes and not confirmed(f"Put back {counted(len(undone), 'text')}? Credits are not given back."):
        raise Refused("Nothing was put back.", "Answer y on a terminal, or add --yes.")
    entry: list[int] = []

    def note(old: str, new: str) -> None:
        journal.texts.undo(undone)  # first: a mark beside a cell that was not put back after all changes nothing
        entry.append(journal.texts.save_begins(str(file), old, new))

    report = save(
        file,
        {
            tables.sheet: {at[item]: item.was or None for item in undone},
            **unsaid(file, tables, journal.service, {item.key for item in undone}),
        },
        expected_sha256=tables.sha256,
        backup_dir=backup_folder(journal.path),
        before_replace=note,
    )
    journal.texts.save_ended(entry[0])
    out(f"{counted(len(undone), 'text')} put back. The service keeps the run's; credits are not given back.")
    out(f"Workbook: {report.certificate.line()}.")
