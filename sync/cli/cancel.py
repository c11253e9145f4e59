"""`wtsync cancel`: stops what is outstanding, collects what was finished, and gives a receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import out, say
from sync.errors import JournalBusy

if TYPE_CHECKING:
    from sync.cli.stopping import Stop
    from sync.cli.wiring import Checked

_LOOK = 0.5


@click.command("cancel")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--run", "run_id", default="", metavar="ID", help="Cancel one run only (see wtsync status).")
@click.option("--yes", "-y", is_flag=True, help="Accepted for symmetry with run; cancelling never asks.")
@click.pass_context
def command(ctx: click.Context, file: Path, run_id: str, yes: bool) -> None:  # noqa: ARG001 - see its help
    """Cancel what FILE has outstanding on the service.

    Records the service is working on are finished, charged, and written into the workbook; the others are stopped.
    If `wtsync run` is at work on FILE in another window, it is asked to do so, and followed to its end.
    """
    from sync.cli.stopping import stoppable
    from sync.cli.wiring import checked

    with stoppable() as stop, checked(file, stop.sleep) as seen:
        while True:
            try:
                ctx.exit(_cancel(file, run_id, seen, stop))
            except JournalBusy:
                if _asked_other(run_id, seen, stop):
                    ctx.exit(stop.exit_code if stop.stopping() else 0)


def _cancel(file: Path, run_id: str, seen: Checked, stop: Stop) -> int:
    """Cancel as the holder of the lease."""
    from sync.cli.working import working

    with working(file, seen, stop, f"wtsync cancel {file.name}") as work:
        work.recover()
        if not work.journal.batches.open():
            written = work.write()
            if work.runs:
                return work.close_up(written)
            out("Nothing is outstanding.")
            return 0
        return work.cancel(run_id)


def _asked_other(run_id: str, seen: Checked, stop: Stop) -> bool:
    """Ask the process that holds the lease to cancel, and wait for its end. False: it died before it was done."""
    from sync.cli.wiring import open_journal
    from sync.journal import holder
    from sync.report.outcome_text import receipt_text

    with open_journal(seen.tables.workbook_id, seen.service) as journal:
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
