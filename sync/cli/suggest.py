"""`wtsync suggest`: audiences and semantic keywords that the service thinks of, offered on a sheet of the workbook."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.choosing import choosing_records
from sync.cli.console import confirmed, out, out_json, say, typed
from sync.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.cli.suggestion_asking import Answers
    from sync.cli.suggestion_writing import Page, Written
    from sync.cli.work import Work
    from sync.model import Idea
    from sync.selection import Selection
    from sync.suggesting.asking import Question
    from sync.suggesting.decisions import Settled

SOME_FAILED = 3
_DECISIONS = "decisions"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said on the command line."""

    selection: Selection
    ideas: frozenset[Idea]
    decisions: bool
    """Whether what was decided on the sheet is to be carried out."""
    yes: bool
    again: bool
    pay: bool
    as_json: bool


@click.command("suggest")
@click.argument("file", type=click.Path(path_type=Path))
@choosing_records
@click.option("--only", metavar="KINDS", default="", help="Only this: audiences, keywords, decisions; with commas.")
@click.option("--yes", "-y", is_flag=True, help="Ask the service, and carry the decisions out, without a question.")
@click.option("--again", is_flag=True, help="Ask once more where a question was sent and no answer came.")
@click.option("--pay", is_flag=True, help="Go on asking although questions turn out to cost credits.")
@click.option("--json", "as_json", is_flag=True, help="Give the result as JSON.")
@click.pass_context
def command(
    ctx: click.Context, file: Path, selection: Selection, only: str, yes: bool, again: bool, pay: bool, as_json: bool
) -> None:
    """Have the service suggest audiences and semantic keywords for FILE, and write them on the sheet Suggestions.

    It asks for records that have no suggestions yet. Under Decision there, choose `accept` to have a suggestion put
    into its cell on Records, where the next plan finds it, `replace` to have it take the place of what stands there,
    or `dismiss`. What was decided is listed, asked about, and carried out by the same command; what cannot be stays,
    with the reason beside it, and the command leaves with 3.
    """
    from sync.cli.stopping import stoppable
    from sync.cli.wiring import checked
    from sync.cli.working import working

    wishes = _wishes(selection, only, yes=yes, again=again, pay=pay, as_json=as_json)
    with (
        stoppable() as stop,
        checked(file, stop.sleep) as seen,
        working(file, seen, stop, f"wtsync suggest {typed(file.name)}", as_json=as_json) as work,
    ):
        ctx.exit(_suggest(work, wishes))


def _wishes(selection: Selection, only: str, *, yes: bool, again: bool, pay: bool, as_json: bool) -> Wishes:
    from sync.model import Idea

    known = {"audiences": Idea.AUDIENCE, "keywords": Idea.SEMANTIC, _DECISIONS: None}
    words = [word.strip().casefold() for word in only.split(",") if word.strip()] or list(known)
    if strange := sorted(set(words) - known.keys()):
        raise UsageError(f"--only does not know '{strange[0]}'.", f"It knows: {', '.join(known)}.")
    ideas = frozenset(idea for word in words if (idea := known[word]) is not None)
    return Wishes(selection, ideas, _DECISIONS in words, yes, again, pay, as_json)


def _suggest(work: Work, wishes: Wishes) -> int:
    """Look, ask the user, ask the service, carry out, and write."""
    from sync.cli.own_sheets import unheard
    from sync.cli.saving import not_open
    from sync.cli.suggestion_asking import Answers, ask, tell
    from sync.cli.suggestion_writing import Marks, marks, page, write
    from sync.workbook.layout_suggestions import SUGGESTIONS

    lost, deaf = unheard(work.file, SUGGESTIONS)
    if lost:
        say(f"wtsync: {lost}")
    seen = page(work, work.seen.tables, work.seen.workbook.records)
    asking, unsure = _questions(work, wishes)
    decisions = seen.decided.decisions if wishes.decisions else ()
    to_tell = _to_tell(work, seen) if wishes.decisions else {}
    _show(seen, asking, unsure, to_tell, wishes)
    _within_limits(work, asking)
    agreed = wishes.yes or not (decisions or to_tell) or confirmed(_agree_to(decisions))
    asked = wishes.yes or not asking or confirmed("Ask the service?")
    if (decisions and agreed) or (asking and asked):
        not_open(work.file, "Nothing was asked for or carried out.")
    came = ask(work, asking, pay=wishes.pay, as_json=wishes.as_json) if asking and asked else Answers()
    noted = marks(seen, agreed=agreed) if wishes.decisions else Marks()
    written = write(work, noted)
    wrong = tell(work, written.known, seen.shelf.names) if wishes.decisions and agreed else ()
    _tell(seen, came, written, wrong, wishes)
    if came.failure is not None:
        raise came.failure
    if came.too_dear:
        raise Refused(came.too_dear, came.remedy)
    if not agreed or not asked:
        raise Refused("Not everything was done.", "Answer y on a terminal, or add --yes.")
    if work.stop.stopping():
        say(f"wtsync: stopped. To go on: wtsync suggest {typed(work.file)}")
        return work.stop.exit_code
    problems = wishes.decisions and (seen.decided.problems or deaf)
    return SOME_FAILED if problems or came.refused or came.unsure or written.left else 0


def _agree_to(decisions: Sequence[Settled]) -> str:
    return "Carry the decisions out?" if decisions else "Tell the service?"


def _to_tell(work: Work, seen: Page) -> Mapping[Question, Sequence[str]]:
    """Give what the service is to be told: what it has not heard the last time, and what is accepted now."""
    from sync.suggesting.asking import chosen, still_chosen

    untold = still_chosen(work.journal.suggestions.untold(), seen.known)
    return {**untold, **chosen(seen.known, [one.suggested for one in seen.decided.decisions])}


def _questions(work: Work, wishes: Wishes) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Choose what to ask for; a limit counts the records for which there is something to ask."""
    from sync.cli.wiring import chosen_records
    from sync.suggesting.asking import questions

    records = chosen_records(work.seen, wishes.selection)
    asking, unsure = questions(records, wishes.ideas, work.journal.suggestions.asked(), again=wishes.again)
    few = set(list(dict.fromkeys(key for key, _ in asking))[: wishes.selection.limit])
    return tuple(one for one in asking if one[0] in few), unsure


def _within_limits(work: Work, asking: tuple[Question, ...]) -> None:
    most, records = work.seen.workbook.policies.most_records, len({key for key, _ in asking})
    if most is not None and records > most:
        hint = f"Add --limit {most}, or change Most records on Settings."
        raise Refused(f"It would ask for {records:,} records, and the limit is {most:,}.", hint)


def _show(
    seen: Page,
    asking: tuple[Question, ...],
    unsure: tuple[Question, ...],
    to_tell: Mapping[Question, Sequence[str]],
    wishes: Wishes,
) -> None:
    from sync.report.plan_text import problems_text
    from sync.suggesting.words import asking_lines, decided_lines, overview, telling_lines

    if wishes.as_json:
        return
    for line in (
        *overview(seen.known, seen.shelf),
        *(decided_lines(seen.decided) if wishes.decisions else ()),
        *telling_lines(to_tell),
        *asking_lines(asking, unsure),
    ):
        out(line)
    if wishes.decisions and seen.decided.problems:
        out(problems_text([problem for _, problem in seen.decided.problems]))


def _tell(seen: Page, came: Answers, written: Written, wrong: tuple[str, ...], wishes: Wishes) -> None:
    """Say what came of it."""
    from sync.counts import counted
    from sync.suggesting.words import overview, suggested_data

    said, shelf = (*came.refused, *written.left, *wrong, *written.said), written.shelf or seen.shelf
    if wishes.as_json:
        data = {
            "suggestions": [suggested_data(one, shelf) for one in written.known],
            "asked": came.answered,
            "unanswered": came.unsure,
            "nothing": came.nothing,
            "refused": len(came.refused),
            "creditsOfTheFirst": came.price,
            "carriedOut": written.carried_out,
            "left": len(written.left),
            "problems": len(seen.decided.problems) if wishes.decisions else 0,
            "certificate": None if written.certificate is None else asdict(written.certificate),
            "said": said,
        }
        out_json(data)
        return
    if came.heard or came.unsure:
        lost = f", {came.unsure:,} without an answer" if came.unsure else ""
        out(f"Asked: {counted(came.answered, 'answer')}{lost}, {counted(came.suggested, 'suggestion')}.")
    if came.nothing:
        out(f"For {counted(came.nothing, 'question')} the service has nothing now (404); it is asked again next time.")
    if came.answered or written.carried_out:
        for line in overview(written.known, shelf):
            out(line)
    if written.certificate is not None:
        out(f"Workbook: {written.certificate.line()}.")
    for line in said:
        out(line)
