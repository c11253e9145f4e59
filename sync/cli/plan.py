"""`wtsync plan`: checks, compares and prices; changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.choosing import choosing, save_plan, selection_of
from sync.cli.console import out, out_json, say
from sync.selection import Selection

if TYPE_CHECKING:
    from sync.cli.wiring import Checked, Known

NEEDS_FIXING = 4
CHANGES_FOUND = 10


@click.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Give the plan as JSON.")
@click.option("--exit-code", "exit_code", is_flag=True, help="Leave with 10 when a run would do something, else 0.")
@click.option(
    "--out", "out_file", type=click.Path(path_type=Path), metavar="PLAN", help="Write the plan down, for run --plan."
)
@click.option("--explain", metavar="ID", help="Say of one record where its inputs come from, and why what is done.")
@choosing
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    as_json: bool,
    exit_code: bool,
    out_file: Path | None,
    explain: str | None,
    records: tuple[str, ...],
    where: tuple[str, ...],
    only: str,
    limit: int | None,
    pilot: int | None,
) -> None:
    """Show what a run would do to FILE and what it would cost.

    Checks every cell, compares the workbook with the service, and prices the texts to be made. Nothing is sent,
    nothing is written. Leaves with 4 when cells have to be put right first.
    """
    from sync.cli.amnesia import admit
    from sync.cli.beside import of_files
    from sync.cli.wiring import ask, checked, make_plan, open_journal, with_obstacles, with_proposals
    from sync.plan import guards
    from sync.report.plan_text import plan_data, plan_text, problems_text

    selection = selection_of(records, where, only, limit, pilot)
    with checked(file) as seen, open_journal(seen.tables, seen.service) as journal:
        known = ask(seen, journal)
        if explain is not None:
            _explain(seen, known, explain, as_json=as_json)
            return
        plan = make_plan(seen, known, selection)
        admit(file, seen.tables, journal)
        files = of_files(file, seen.tables, journal)
    seen = with_proposals(with_obstacles(seen, file, plan), known)
    workbook = seen.workbook
    stops = guards(plan, known.memory.bases, workbook.policies)
    if out_file is not None and not seen.errors:
        save_plan(out_file, plan, seen, file, selection)
    if as_json:
        out_json({**plan_data(plan, stops, workbook.problems, str(file), len(workbook.records)), **files.data()})
    else:
        for line in files.lines(file):
            say(f"wtsync: {line}")
        if workbook.problems:
            out(problems_text(workbook.problems) + "\n")
        if seen.errors and not workbook.records:
            out(f"{file.name}: no row can be planned before these are put right.")
        else:
            out(plan_text(plan, stops, file.name, len(workbook.records)))
        if out_file is not None and seen.errors:
            say(f"\nThe plan was not written to {out_file}: put the cells right first.")
        elif out_file is not None:
            say(f"\nWritten to {out_file}. To carry out just this: wtsync run {file} --plan {out_file}")
        elif plan.changes and not seen.errors and not stops:
            say(
                f"\nNothing was sent. To carry it out: wtsync run {file}{' with the same options' if selection else ''}"
            )
    if seen.errors:
        ctx.exit(NEEDS_FIXING)
    ctx.exit(CHANGES_FOUND if exit_code and plan.changes else 0)


def _explain(seen: Checked, known: Known, record_id: str, *, as_json: bool) -> None:
    """Show every record of that id: there may be one for each store and language."""
    from sync.cli.wiring import chosen_records, decisions
    from sync.records.explain import explain
    from sync.report.explain_text import explain_text
    from sync.report.plan_text import change_data

    shown = []
    for record in chosen_records(seen, Selection((record_id,))):
        inputs, changes = explain(seen.tables, record), decisions(seen, known, [record])
        if as_json:
            shown.append({"inputs": [one._asdict() for one in inputs], "texts": list(map(change_data, changes))})
        else:
            out(explain_text(record, inputs, changes) + "\n")
    if as_json:
        out_json(shown)
