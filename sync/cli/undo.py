"""`wtsync undo`: puts back what a run replaced in the workbook, and on the service; without a run, lists the runs."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from sync.cli.console import confirmed, out, out_json, say, typed
from sync.counts import counted, number
from sync.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.cli.work import Work
    from sync.journal import Journal
    from sync.model import Change, Delivery, TextKey
    from sync.records.locate import Places
    from sync.tables import Tables
    from sync.workbook.package.edits import Edits


_Cell: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said on the command line."""

    yes: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class Undo:
    """A workbook and its journal, held by this process; `work` where the service is to get texts back too."""

    file: Path
    tables: Tables
    journal: Journal
    simulated: bool
    wishes: Wishes
    work: Work | None = None


@click.command("undo")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("run", required=False)
@click.option("--push", is_flag=True, help="Put the former texts back on the service too.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before anything is put back.")
@click.option("--json", "as_json", is_flag=True, help="Give the result as JSON.")
def command(file: Path, run: str | None, push: bool, yes: bool, as_json: bool) -> None:
    """Put back what RUN (an id, or `last`) replaced in FILE; without RUN, list the runs.

    Only cells that still hold what the run wrote are put back; what somebody wrote since stays. Credits are not given
    back. The service keeps the run's texts; such a cell is then left alone until its Action says Pull, Push, Generate
    or Regenerate, and `wtsync apply FILE` writes the run's texts again.

    With --push, the service gets the former text too: what stood in the cell or, where that was empty, what the
    service had, which then goes into the cell. So does it where an earlier undo has put back the workbook alone. A text
    that has changed there since is left, and so is one where the service had none before: it cannot be taken away. This
    is a run of its own, and can be undone.
    """
    from sync.cli.stopping import stoppable
    from sync.cli.wiring import checked, moved_journal
    from sync.cli.working import working
    from sync.journal import Journal, Lease, journal_path, last_service
    from sync.workbook.read import read

    wishes, work = Wishes(yes, as_json), None
    tables = read(file)
    moved_journal(tables)
    path = journal_path(tables.workbook_id)
    last = last_service(path)
    with ExitStack() as stack:
        if last is None:
            if as_json:
                out_json({"runs": []})
            else:
                out("There is nothing to undo: no run of this workbook is known on this computer.")
            return
        if push and run is not None:
            stop = stack.enter_context(stoppable())
            seen = stack.enter_context(checked(file, stop.sleep))
            work = stack.enter_context(working(file, seen, stop, f"wtsync undo {typed(file.name)}", as_json=as_json))
            tables, journal = seen.tables, work.journal
        else:
            stack.enter_context(Lease(path, f"wtsync undo {typed(file.name)}"))
            journal = stack.enter_context(Journal(path, last[0], simulated=last[1]))
        written = journal.texts.written_by_run()
        if run is None:
            _list(file, journal, written, wishes)
            return
        before = journal.texts.undone_by_run() if work is not None else {}
        named = [one.id for one in journal.batches.runs() if one.id in written or one.id in before]
        name = (named or [""])[-1] if run == "last" else run
        if name not in named:
            raise UsageError(
                f"No run {run} has texts in {file.name}.", f"`wtsync undo {typed(file)}` lists the runs that have."
            )
        undo = Undo(file, tables, journal, journal.simulated, wishes, work)
        _undo(undo, name, written.get(name, []), before.get(name, []))


def _list(file: Path, journal: Journal, written: Mapping[str, list[Delivery]], wishes: Wishes) -> None:
    """List the runs that can be undone, the oldest first."""
    runs = [(one, written[one.id]) for one in journal.batches.runs() if one.id in written]
    if wishes.as_json:
        out_json(
            {
                "runs": [
                    {
                        "run": one.id,
                        "startedAt": one.started_at,
                        "texts": len(items),
                        "credits": sum(item.credits for item in items),
                    }
                    for one, items in runs
                ]
            }
        )
        return
    for one, items in runs:
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(one.started_at))
        spent = number(sum(item.credits for item in items))
        out(f"  {one.id}  {moment}  {counted(len(items), 'text')} in the workbook, {spent} credits")
    say(f"To put back what was there before: wtsync undo {typed(file)} RUN, or last" if runs else "Nothing to undo.")


def _undo(undo: Undo, name: str, items: list[Delivery], before: list[Delivery]) -> None:
    """Show what is put back, ask, and put it back: on the service first, because only it may say no.

    `before` are texts that an earlier undo has put back in the workbook alone.
    """
    from sync.records.locate import locate
    from sync.report.undo_text import undo_data, undo_lines

    places, wishes = locate(undo.tables), undo.wishes
    back = _standing(undo.file, places, items)
    undone = [item for item in items if item in back]
    kept = [item for item in items if item not in back]
    changes, left = _on_the_service(undo.work, [*undone, *_still_so(places, before)])
    former = {change.key: change.now for change in changes}
    undone += [item for item in before if item.key in former]
    if not wishes.as_json:
        for line in undo_lines(undone, kept, former, left):
            out(line)
    if undone and not wishes.yes:
        both = f", {number(len(changes))} of them on the service too" if undo.work is not None else ""
        if not confirmed(f"Put back {counted(len(undone), 'text')}{both}? Credits are not given back."):
            raise Refused("Nothing was put back.", "Answer y on a terminal, or add --yes.")
    sent: set[TextKey] = _push(undo.work, changes) if undo.work is not None and changes else set()
    if sent and undo.work is not None:
        undo.work.write()
    rest = [item for item in undone if item in back and item.key not in sent]
    certificate = _put_back(undo, rest) if rest else ""
    if wishes.as_json:
        out_json(undo_data(name, undone, kept, former, left, sent))
    elif not undone:
        out("There is nothing to put back.")
    else:
        there = f", {number(len(sent))} of them on the service too" if undo.work is not None else ""
        keeps = f" The service keeps the run's{' other texts' if sent else ''}." if rest else ""
        out(f"{counted(len(undone), 'text')} put back{there}.{keeps} Credits are not given back.")
        if certificate:
            out(f"Workbook: {certificate}.")


def _standing(file: Path, everywhere: Places, items: Iterable[Delivery]) -> dict[Delivery, tuple[Places, _Cell]]:
    """Find the texts that stand in the workbook as they were written, and may be written over: sheet and cell."""
    from sync.cli.obstacles import obstacles
    from sync.model import same

    found: dict[Delivery, tuple[Places, _Cell]] = {}
    items = list(items)
    for places in everywhere.sheets():
        own = [item for item in items if everywhere.of(item.key.record) is places]
        at = {item: place for item in own if (place := places.target(item.key)) is not None}
        blocked = obstacles(file, places.tables.sheet, set(at.values()))
        for item, place in at.items():
            if place not in blocked and same(places.cell(*place), item.value):
                found[item] = (places, place)
    return found


def _still_so(places: Places, before: list[Delivery]) -> list[Delivery]:
    """Pick the texts in whose cells still stands what an earlier undo has put there."""
    from sync.model import same

    return [
        item
        for item in before
        if (there := places.of(item.key.record))
        and (place := there.target(item.key))
        and same(there.cell(*place), item.was)
    ]


def _on_the_service(work: Work | None, undone: list[Delivery]) -> tuple[tuple[Change, ...], Mapping[TextKey, str]]:
    """Look at what can be put back on the service, and why the rest cannot; nothing where that is not asked for."""
    from sync.run.putting_back import returns

    if work is None:
        return (), {}
    found = returns(work.session, undone, work.journal.texts.seen_before(undone))
    return found.changes, found.left


def _push(work: Work, changes: tuple[Change, ...]) -> set[TextKey]:
    """Put texts back on the service, as a run of its own; give those that are there now."""
    from sync.run.push import Pusher

    session, batches = work.session, work.journal.batches
    work.begin()
    work.stop.sending = True
    for event in Pusher(session, undoing=True).push(changes):
        if not event.quiet:
            say(f"wtsync: {event.message}")
    batches.end_run(session.run_id, "done", None)
    return {item.key for item in work.journal.texts.deliveries() if item.run_id == session.run_id}


def _put_back(undo: Undo, items: list[Delivery]) -> str:
    """Write the former texts into the workbook alone, and what their rows say; give the certificate's line."""
    from sync.cli.saving import saved
    from sync.cli.sharing import unsaid
    from sync.model import Origin
    from sync.projection import results
    from sync.records.locate import locate
    from sync.report.rows import row_results
    from sync.workbook.read import read

    file, journal = undo.file, undo.journal
    tables = read(file)
    places = locate(tables)
    at = _standing(file, places, items)
    outcomes = journal.outcomes()
    told = {key: outcomes[key] for key in outcomes if key.record in {item.key.record for item in at}}
    told |= {item.key: replace(told[item.key], delivery=Origin.UNDONE) for item in at}
    rows = row_results(told, simulated=undo.simulated)
    sheets = places.sheets()
    cells = {
        part.tables.sheet: {**shown, **{cell: item.was or None for item, (sheet, cell) in at.items() if sheet is part}}
        for part, shown in zip(sheets, results(sheets, rows.items()), strict=True)
    }
    edits: Edits = {
        **{sheet: changed for sheet, changed in cells.items() if changed},
        **unsaid(file, tables, journal.service, {item.key for item in at}),
    }
    # Marked first: a mark beside a cell that was not put back after all changes nothing.
    with saved(file, journal, edits, sha256=tables.sha256, first=lambda: journal.texts.undo(at)) as report:
        pass
    return report.certificate.line()
