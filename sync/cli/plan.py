"""`wtsync plan`: checks, compares and prices; changes nothing."""

from __future__ import annotations

from pathlib import Path

import click

from sync.cli.console import out, out_json, say

NEEDS_FIXING = 4
CHANGES_FOUND = 10


@click.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Give the plan as JSON.")
@click.option("--exit-code", "exit_code", is_flag=True, help="Leave with 10 when a run would do something, else 0.")
@click.pass_context
def command(ctx: click.Context, file: Path, as_json: bool, exit_code: bool) -> None:
    """Show what a run would do to FILE and what it would cost.

    Checks every cell, compares the workbook with the service, and prices the texts to be made. Nothing is sent,
    nothing is written. Leaves with 4 when cells have to be put right first.
    """
    from sync.cli.wiring import checked, make_plan, open_journal, with_obstacles
    from sync.plan import guards
    from sync.report.plan_text import plan_data, plan_text, problems_text

    with checked(file) as seen, open_journal(seen.tables, seen.service) as journal:
        plan, memory = make_plan(seen, journal)
    seen = with_obstacles(seen, file, plan)
    workbook = seen.workbook
    stops = guards(plan, memory.bases, workbook.policies)
    if as_json:
        out_json(plan_data(plan, stops, workbook.problems, str(file), len(workbook.records)))
    else:
        if workbook.problems:
            out(problems_text(workbook.problems) + "\n")
        if seen.errors and not workbook.records:
            out(f"{file.name}: no row can be planned before these are put right.")
        else:
            out(plan_text(plan, stops, file.name, len(workbook.records)))
        if plan.changes and not seen.errors and not stops:
            say(f"\nNothing was sent. To carry it out: wtsync run {file}")
    if seen.errors:
        ctx.exit(NEEDS_FIXING)
    ctx.exit(CHANGES_FOUND if exit_code and plan.changes else 0)
