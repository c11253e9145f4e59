"""`wtsync plan`: checks, compares and prices; changes nothing."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.approving import write_plan
from sync.cli.choosing import choosing
from sync.cli.console import out, out_json, say, typed
from sync.cli.judging import spending_of
from sync.cli.looking import look_data, looking, tell_look, tell_traffic
from sync.cli.papers import FORMATS, check_papers, document, put_down, rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.cli.beside import OfFiles
    from sync.cli.looking import Looking
    from sync.cli.wiring import Checked, Known
    from sync.report.plan_document import PlanDocument
    from sync.selection import Selection

NEEDS_FIXING = 4
CHANGES_FOUND = 10


@click.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Give the plan as JSON; the same as --format json.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to give the plan."
)
@click.option("--exit-code", "exit_code", is_flag=True, help="Leave with 10 when a run would do something, else 0.")
@click.option(
    "--out",
    "out_files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="PLAN",
    help="Write the plan down, for run --plan; where PLAN ends in .html or .md, for reading. May be given often.",
)
@click.option(
    "--into-workbook", is_flag=True, help="Write the plan into FILE, on a sheet of its own, to be approved there."
)
@click.option("--explain", metavar="ID", help="Say of one record where its inputs come from, and why what is done.")
@choosing
@looking
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    as_json: bool,
    form: str,
    exit_code: bool,
    out_files: tuple[Path, ...],
    into_workbook: bool,
    explain: str | None,
    selection: Selection,
    look: Looking,
) -> None:
    """Show what a run would do to FILE and what it would cost.

    Checks every cell, compares the workbook with the service, and prices the texts to be made. Nothing is sent, and
    nothing is written but what --out and --into-workbook ask for. Leaves with 4 when cells have to be put right first.
    """
    check_papers(out_files)
    with ExitStack() as stack:
        seen, page = _plan(
            stack, file, "json" if as_json else form, selection, out_files, explain, look, into=into_workbook
        )
    if page is None:
        return
    if seen.errors:
        ctx.exit(NEEDS_FIXING)
    ctx.exit(CHANGES_FOUND if exit_code and page.plan.changes else 0)


def _plan(
    stack: ExitStack,
    file: Path,
    form: str,
    selection: Selection,
    out_files: tuple[Path, ...],
    explain: str | None,
    look: Looking,
    *,
    into: bool,
) -> tuple[Checked, PlanDocument | None]:
    """Make the plan, show it, and write it where it was asked for; nothing is made of what is only explained."""
    from sync.cli.amnesia import admit
    from sync.cli.beside import of_files
    from sync.cli.preparing import prepared
    from sync.cli.stopping import Stop
    from sync.cli.wiring import ask, checked, open_journal
    from sync.cli.working import working
    from sync.plan import guards

    seen = stack.enter_context(checked(file, fresh=look.full, sure=into or bool(out_files)))
    work = None
    if into and not seen.errors:  # what writes into the workbook holds the lease, from before it looks
        work = stack.enter_context(
            working(file, seen, Stop(), f"wtsync plan {typed(file.name)}", as_json=form == "json")
        )
    journal = stack.enter_context(open_journal(seen.tables, seen.service)) if work is None else work.journal
    known = ask(seen, journal, full=look.full)
    tell_look(seen, known, look)
    if explain is not None:
        _explain(seen, known, explain, selection, as_json=form == "json")
        return seen, None
    seen, plan = prepared(file, seen, journal, known, selection)
    if work is None:
        admit(file, seen.tables, journal)
    files = of_files(file, seen.tables, journal, known.undone)
    page = document(plan, guards(plan, known.memory.bases, seen.workbook.policies, spending_of(seen)), seen, file)
    _show(page, form, file, files, look_data(seen, known), fixing=bool(seen.errors))
    said = _write(out_files, page, seen, file, selection)
    if into and seen.errors:
        said.append("The plan was not written into the workbook: put the cells right first.")
    elif work is not None:
        said += write_plan(file, plan, page.names, work)
    tell_traffic(seen.service, look)
    if form != "json":
        for line in said or _next(page, file, selection, fixing=bool(seen.errors)):
            say(f"\n{line}")
    return seen, page


def _show(
    page: PlanDocument, form: str, file: Path, files: OfFiles, looked: Mapping[str, object], *, fixing: bool
) -> None:
    """Give the plan in the form that was asked for; what is to be said of the files beside it is talk."""
    from sync.report.plan_text import plan_data, plan_text, problems_text

    plan, stops, problems = page.plan, page.guards, page.problems
    if form == "json":
        out_json({**plan_data(plan, stops, problems, str(file), page.records), **files.data(), **looked})
        return
    for line in files.lines(file):
        say(f"wtsync: {line}")
    if form != "text":
        out(rendered(page, form).removesuffix("\n"))
        return
    if problems:
        out(problems_text(problems) + "\n")
    if fixing and not page.records:
        out(f"{file.name}: no row can be planned before these are put right.")
    else:
        out(plan_text(plan, stops, file.name, page.records, page.images))


def _write(paths: tuple[Path, ...], page: PlanDocument, seen: Checked, file: Path, selection: Selection) -> list[str]:
    """Write the plan into the files that were named, and say so. What is to be signed needs a workbook in order."""
    if seen.errors:
        return [f"The plan was not written to {path}: put the cells right first." for path in paths]
    return [put_down(path, page, seen, file, selection) for path in paths]


def _next(page: PlanDocument, file: Path, selection: Selection, *, fixing: bool) -> list[str]:
    """Say what comes next, where that is to carry it out."""
    if fixing or page.guards or not page.plan.changes:
        return []
    options = " with the same options" if selection else ""
    return [f"Nothing was sent. To carry it out: wtsync run {typed(file)}{options}"]


def _explain(seen: Checked, known: Known, record_id: str, selection: Selection, *, as_json: bool) -> None:
    """Show every record of that id: there may be one for each store and language."""
    from sync.agreed import told
    from sync.cli.wiring import chosen_records, decisions, side_of
    from sync.records.explain import explain
    from sync.report.explain_text import explain_text
    from sync.report.plan_text import change_data
    from sync.selection import Selection

    settled = known.merged.settled if known.merged is not None else {}
    shown, side = [], side_of(selection)
    for record in chosen_records(seen, Selection((record_id,))):
        inputs, changes = explain(seen.tables, record, seen.reference), decisions(seen, known, [record], side)
        agreed = {one.key: told(known.memory.bases.get(one.key), settled.get(one.key, "")) for one in changes}
        if as_json:
            texts = [{**change_data(one), "agreed": agreed[one.key]} for one in changes]
            shown.append({"inputs": [one._asdict() for one in inputs], "texts": texts})
        else:
            out(explain_text(record, inputs, changes, agreed) + "\n")
    if as_json:
        out_json(shown)
