"""`wtsync run`: plan, confirm, send, follow, collect, write back. Also how an interrupted run goes on."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.cli.approving import approved_part, approved_sides, begin, mark_done
from sync.cli.choosing import choosing, nothing_moved, signed_plan
from sync.cli.console import out, out_json, say, typed
from sync.cli.judging import judge, judge_again, standing
from sync.cli.looking import looking, tell_look, tell_traffic
from sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.cli.approving import Approved
    from sync.cli.looking import Looking
    from sync.cli.stopping import Stop
    from sync.cli.wiring import Checked, Known
    from sync.cli.work import Work
    from sync.errors import ProblemsFound
    from sync.model import Plan
    from sync.plan import Guard
    from sync.selection import Selection


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said on the command line."""

    yes: bool
    detach: bool
    as_json: bool
    skip_problems: bool
    resend: tuple[int, ...]
    accept_lost: tuple[int, ...]
    passed: frozenset[str]
    """Names of the guards that the user has passed by their flags."""
    budget: float | None
    batch_size: int
    selection: Selection
    plan_file: Path | None
    approved: bool
    look: Looking

    @property
    def few(self) -> str:
        """Say in words how the number of records was limited; empty: it was not."""
        chosen = self.selection
        if chosen.limit is None and chosen.pilot is None:
            return ""
        words = (chosen.records, chosen.where, sorted(chosen.only), chosen.limit, chosen.pilot)
        more = [one for one in (chosen.prefer and chosen.prefer.value, chosen.review) if one]
        return repr((*words, *more))


@click.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", "-y", is_flag=True, help="Do not ask before credits are spent; for scripts.")
@click.option("--detach", is_flag=True, help="Collect what is finished, send, and leave; run again later for the rest.")
@click.option("--json", "as_json", is_flag=True, help="Give events as JSON, one a line.")
@click.option("--budget", metavar="CREDITS", type=click.FloatRange(min=0), help="Credits this run may cost at most.")
@click.option(
    "--batch-size",
    default=50,
    show_default=True,
    metavar="RECORDS",
    type=click.IntRange(1, 500),
    help="Records per request.",
)
@click.option("--skip-problems", is_flag=True, help="Leave rows with problems out instead of stopping.")
@click.option("--overwrite", is_flag=True, help="Replace texts that people wrote, where the Action says so.")
@click.option("--archive", is_flag=True, help="Archive records on the service, where the Action says so.")
@click.option("--keywords-again", is_flag=True, help="Pay again for keywords that the service has found already.")
@click.option("--over-budget", is_flag=True, help="Spend more than the budget.")
@click.option("--over-month", is_flag=True, help="Spend more than the budget per month.")
@click.option("--over-balance", is_flag=True, help="Send what the balance covers, although it is not enough for all.")
@click.option("--over-records", is_flag=True, help="Send more records than Settings allows.")
@click.option(
    "--resend",
    multiple=True,
    type=int,
    metavar="BATCH",
    help="Send a batch again that nobody can say about, or that was taken for lost.",
)
@click.option(
    "--accept-lost", multiple=True, type=int, metavar="BATCH", help="Take a batch for lost that nobody can say about."
)
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="PLAN",
    help="Carry out a plan that plan --out wrote, if nothing has moved since.",
)
@click.option("--approved", is_flag=True, help="Carry out the approved rows of the sheet Plan, if they have not moved.")
@choosing
@looking
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    yes: bool,
    detach: bool,
    as_json: bool,
    budget: float | None,
    batch_size: int,
    skip_problems: bool,
    overwrite: bool,
    archive: bool,
    keywords_again: bool,
    over_budget: bool,
    over_month: bool,
    over_balance: bool,
    over_records: bool,
    resend: tuple[int, ...],
    accept_lost: tuple[int, ...],
    plan_file: Path | None,
    approved: bool,
    selection: Selection,
    look: Looking,
) -> None:
    """Make the missing texts of FILE and write them into it.

    Shows the plan and its price and asks; then sends, follows, collects and writes back. Whatever interrupts it,
    the same command goes on where it stopped. Ctrl-C stops after what is being sent; the service goes on with what
    it has, and the next run collects it.
    """
    from sync.cli.stopping import stoppable

    flags = {
        "overwrite": overwrite,
        "archive": archive,
        "keywords": keywords_again,
        "budget": over_budget,
        "month": over_month,
        "balance": over_balance,
        "records": over_records,
    }
    wishes = Wishes(
        yes=yes,
        detach=detach,
        as_json=as_json,
        skip_problems=skip_problems,
        resend=resend,
        accept_lost=accept_lost,
        passed=frozenset(name for name, given in flags.items() if given),
        budget=budget,
        batch_size=batch_size,
        selection=selection,
        plan_file=plan_file,
        approved=approved,
        look=look,
    )
    with stoppable() as stop:
        ctx.exit(_run(file, wishes, stop))


def _run(file: Path, wishes: Wishes, stop: Stop) -> int:
    from sync.cli.wiring import ask, checked, in_conflict
    from sync.cli.working import working
    from sync.records.bulk import without_collecting

    signed, selection = signed_plan(wishes.plan_file, wishes.selection, approved=wishes.approved)
    with ExitStack() as stack:
        seen = stack.enter_context(checked(file, stop.sleep, fresh=wishes.look.full))
        if seen.errors and not (wishes.skip_problems and seen.workbook.records):
            raise _problems(seen, wishes)
        work = stack.enter_context(working(file, seen, stop, f"wtsync run {typed(file.name)}", as_json=wishes.as_json))
        if signed is not None or selection or wishes.approved:
            work.options = " with the same options"
        _all_in_doubt(work, wishes)
        work.recover({*wishes.resend, *wishes.accept_lost})
        _give_up(work, wishes.resend, resend=True)
        _give_up(work, wishes.accept_lost, resend=False)
        known = ask(seen, work.journal, full=wishes.look.full)
        tell_look(seen, known, wishes.look)
        stack.callback(tell_traffic, seen.service, wishes.look)
        with without_collecting():
            seen, plan, part = _plan(file, seen, known, work, wishes, selection, signed)
        bases = known.memory.bases
        stops = standing(plan, bases, seen, wishes)
        _show(plan, stops, seen, file, wishes)
        if signed is not None and wishes.plan_file is not None:
            nothing_moved(signed, wishes.plan_file, plan, seen, work)
        work.learn(known)
        work.agree(plan, known.memory)
        work.conflicts = in_conflict(seen, known, plan, whole=not (selection or wishes.approved))
        del known  # what the service holds is not held here through the night, too
        if plan.changes:
            judge(work, plan, stops, wishes)
        if part is not None:
            stack.callback(mark_done, file, part, work)

        def admit(plan: Plan) -> None:
            judge_again(work, plan, bases, wishes)
            if part is not None:
                begin(part, work)
            _remember(work, wishes, plan)

        if not plan.changes:
            if part is not None:
                begin(part, work)
            return _nothing(work, plan, wishes)
        carry_out = work.reserve(plan, size=wishes.batch_size, detach=wishes.detach, admit=admit)
        del plan  # nor the plan, once it is carried out and the workbook is written
        return carry_out()


def _plan(
    file: Path,
    seen: Checked,
    known: Known,
    work: Work,
    wishes: Wishes,
    selection: Selection,
    signed: Mapping[str, Any] | None,
) -> tuple[Checked, Plan, Approved | None]:
    """Make the plan, or what was approved or is left of it; again without the rows whose cells cannot be written to."""
    from sync.cli.begun import rest_of
    from sync.cli.pictures import with_pictures
    from sync.cli.wiring import make_plan, with_obstacles
    from sync.planfile import records

    among = records(signed) if signed is not None else work.journal.chosen(wishes.few) if wishes.few else None
    part, sides = None, approved_sides(file) if wishes.approved else None
    while True:
        plan = make_plan(seen, known, selection, among, sides)
        if wishes.approved:
            part = approved_part(file, plan, work)
            plan = part.plan
        elif signed is not None:
            plan = rest_of(plan, signed, work.journal)
        open_cells, plan = with_pictures(with_obstacles(seen, file, plan), file, plan, work.journal)
        if open_cells is seen:
            return seen, plan, part
        seen = open_cells
        if not (wishes.skip_problems and seen.workbook.records):
            raise _problems(seen, wishes)


def _remember(work: Work, wishes: Wishes, plan: Plan) -> None:
    """Remember which records `--limit` or `--pilot` chose, so that the same words go on with just these."""
    work.journal.choose(wishes.few, {change.key.record for change in plan.changes} if wishes.few else ())


def _problems(seen: Checked, wishes: Wishes) -> ProblemsFound:
    from sync.cli.wiring import found
    from sync.report.plan_text import problem_data

    if wishes.as_json:
        out_json({"event": "problems", "problems": list(map(problem_data, seen.workbook.problems))}, indent=None)
    return found(() if wishes.as_json else seen.workbook.problems, count=len(seen.errors))


def _all_in_doubt(work: Work, wishes: Wishes) -> None:
    """Refuse a command that names a wrong batch as a whole, before any of its words has been taken."""
    from sync.run.reconcile import is_in_doubt

    for number in sorted({*wishes.resend} & {*wishes.accept_lost}):
        raise UsageError(
            f"Batch {number} cannot be both sent again and taken for lost.", "Say --resend or --accept-lost of it."
        )
    for resend, numbers in ((True, wishes.resend), (False, wishes.accept_lost)):
        for number in numbers:
            if not is_in_doubt(work.session, number, resend=resend):
                raise UsageError(
                    f"In batch {number} there is nothing that nobody can say about.",
                    "`wtsync status` lists the batches in question.",
                )


def _give_up(work: Work, numbers: tuple[int, ...], *, resend: bool) -> None:
    """Let go of batches that nobody can say about, on the user's word: to be ordered again, or to be left alone."""
    from sync.run.reconcile import give_up

    for number in dict.fromkeys(numbers):
        if give_up(work.session, number, resend=resend):
            fate = "may be sent again" if resend else "is taken for lost, and left alone"
            say(f"wtsync: what is missing of batch {number} {fate}, as you said.")
        else:
            say(f"wtsync: batch {number} has turned up meanwhile, so that nothing of it is given up.")


def _show(plan: Plan, stops: tuple[Guard, ...], seen: Checked, file: Path, wishes: Wishes) -> None:
    from sync.report.plan_text import plan_data, plan_text, problems_text

    problems, images = seen.workbook.problems, seen.workbook.images
    records = len(seen.workbook.records) - images
    if wishes.as_json:
        out_json({"event": "plan", **plan_data(plan, stops, problems, str(file), records)}, indent=None)
        return
    if problems:
        say(problems_text(problems) + "\n")
    if plan.changes or stops:
        say(plan_text(plan, stops, file.name, records, images) + "\n")


def _nothing(work: Work, plan: Plan, wishes: Wishes) -> int:
    """There is nothing to do; the workbook may still have to hear of what was settled."""
    from sync.cli.results import written_lines
    from sync.cli.work import SOME_FAILED
    from sync.cli.writing import certificate_data
    from sync.counts import counted

    written = work.write()
    unknown = plan.counts.get("unknown", 0)
    if wishes.as_json:
        out_json(
            {"event": "done", "total": 0, "unknown": unknown, "certificate": certificate_data(written)}, indent=None
        )
    else:
        left = f" {counted(unknown, 'text')} nobody can say about; see wtsync status." if unknown else ""
        out(f"Nothing to do: {counted(sum(plan.counts.values()), 'text')} looked at.{left}")
        for line in written_lines(written):
            out(line)
    return SOME_FAILED if unknown else 0
