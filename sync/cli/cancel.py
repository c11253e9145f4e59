"""`wtsync cancel`: stops what is outstanding, collects what was finished, and gives a receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import confirmed, out, say, typed
from sync.counts import counted
from sync.errors import JournalBusy, Refused

if TYPE_CHECKING:
    from sync.cli.stopping import Stop
    from sync.cli.wiring import Checked
    from sync.run.cancel import Scope

_LOOK = 0.5


@click.command("cancel")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--run", "run_id", default="", metavar="ID", help="Cancel one run only (see wtsync status).")
@click.option(
    "--record", "records", multiple=True, metavar="ID", help="Cancel the requests that hold this record only."
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask when --record stops other records as well.")
@click.pass_context
def command(ctx: click.Context, file: Path, run_id: str, records: tuple[str, ...], yes: bool) -> None:
    """Cancel what FILE has outstanding on the service.

    Records the service is working on are finished, charged, and written into the workbook; the others are stopped.
    If `wtsync run` is at work on FILE in another window, it is asked to do so, and followed to its end. Requests that
    were started elsewhere for records of FILE are stopped too, unless they hold other records as well.
    """
    from sync.cli.stopping import stoppable
    from sync.cli.wiring import checked
    from sync.run.cancel import Scope

    with stoppable() as stop, checked(file, stop.sleep) as seen:
        while True:
            try:
                ctx.exit(_cancel(file, Scope(run_id, frozenset(records)), seen, stop, yes=yes))
            except JournalBusy as busy:
                if records:
                    raise JournalBusy(busy.message, "Stop it with Ctrl-C first, then cancel single records.") from busy
                if _asked_other(run_id, seen, stop):
                    ctx.exit(stop.exit_code if stop.stopping() else 0)


def _cancel(file: Path, scope: Scope, seen: Checked, stop: Stop, *, yes: bool, again: bool = False) -> int:
    """Cancel as the holder of the lease; `again`, what has shown itself since, which may have ended meanwhile."""
    from sync.cli.working import working
    from sync.run.cancel import meant
    from sync.run.found import takeable

    with working(file, seen, stop, f"wtsync cancel {typed(file.name)}") as work:
        work.recover()
        work.take_up()
        batches = meant(work.session, scope)
        if not batches:
            written = work.write()
            if work.runs:
                return work.close_up(written)
            if not again:
                out("Nothing is outstanding.")
            return 0
        others = {record for batch in batches for record in batch.records} - scope.records
        if scope.records and others and not yes and not confirmed(_question(scope, len(others))):
            raise Refused(
                f"The service can only stop whole requests, and these hold {len(others)} other records.",
                "Answer y on a terminal, or add --yes; `wtsync run` orders the others again.",
            )
        code = work.cancel(scope)
        more = not stop.stopping() and takeable(work.session)
    # Two requests of others for the same records are stopped one after the other.
    return max(code, _cancel(file, scope, seen, stop, yes=yes, again=True)) if more else code


def _question(scope: Scope, others: int) -> str:
    also = counted(others, "other record")
    return (
        f"This also stops {also}, to be ordered again by a later run. Cancel {counted(len(scope.records), 'record')}?"
    )


def _asked_other(run_id: str, seen: Checked, stop: Stop) -> bool:
    """Ask the process that holds the lease to cancel, and wait for its end. False: it died before it was done."""
    from sync.cli.wiring import open_journal
    from sync.journal import holder
    from sync.report.outcome_text import receipt_text

    with open_journal(seen.tables, seen.service) as journal:
        who = holder(journal.path)
        running = {run.id for run in journal.batches.runs() if run.state == "running"}
        runs = running & {run_id} if run_id else running
        number = journal.batches.ask_to_cancel(run_id)
        say("wtsync: asked the wtsync that is at work" + (f" (process {who.pid})" if who else "") + " to cancel.")
        while not stop.stopping():
            stop.sleep(_LOOK)
            alive = holder(journal.path) is not None
            taken = number not in {asked for asked, _ in journal.batches.asked_to_cancel()}
            if not alive:
                if not taken:
                    journal.batches.cancel_asked(number)
                    return False
                out(receipt_text(journal.tally(runs), seen.service.balance().available))
                return True
    return True
