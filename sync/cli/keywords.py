"""`wtsync keywords`: shows what is known of keywords, carries out what was decided on the sheets, and writes these."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import confirmed, out, out_json, say, typed
from sync.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.keyword_deeds import Deed
    from sync.cli.keyword_writing import Reading, Written
    from sync.cli.work import Work
    from sync.keyword_sheets.asked import Asked
    from sync.keyword_sheets.facts import Found

SOME_FAILED = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said on the command line."""

    yes: bool
    automatic: bool
    as_json: bool


@click.command("keywords")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", "-y", is_flag=True, help="Carry the decisions out without asking.")
@click.option(
    "--automatic",
    is_flag=True,
    help="Carry out 'trigger automatic' too: the service then rewrites texts by itself, which may cost credits.",
)
@click.option("--json", "as_json", is_flag=True, help="Give the result as JSON.")
@click.pass_context
def command(ctx: click.Context, file: Path, yes: bool, automatic: bool, as_json: bool) -> None:
    """Show what is known of the keywords of FILE, and carry out what was decided on its sheets.

    It asks the service what it has found out, which costs nothing, and writes the sheets Keyword runs, Keywords and
    Pipelines. What stands under Decision there, and on the sheet Manual keywords, is listed, asked about, and carried
    out. Decisions that cannot be carried out stay, with the reason beside them; then it leaves with 3.
    """
    from sync.cli.stopping import stoppable
    from sync.cli.wiring import checked
    from sync.cli.working import working

    wishes = Wishes(yes, automatic, as_json)
    with (
        stoppable() as stop,
        checked(file, stop.sleep) as seen,
        working(file, seen, stop, f"wtsync keywords {typed(file.name)}", as_json=as_json) as work,
    ):
        ctx.exit(_keywords(work, wishes))


def _keywords(work: Work, wishes: Wishes) -> int:
    """Look, ask, carry out, look again at what was changed, and write."""
    from sync.cli.keyword_facts import known, refresh
    from sync.cli.keyword_writing import asked_on, write

    seen, records = work.seen, work.seen.workbook.records
    entries = refresh(seen.service, work.journal, records, time.time())
    found = known(work.journal, records, entries)
    reading = asked_on(work.file, found, seen.reference.rules)
    reading = replace(reading, asked=_allowed(work.file, reading.asked, automatic=wishes.automatic))
    _show(found, reading.asked, wishes)
    decisions = reading.asked.decisions
    agreed = wishes.yes or not decisions or confirmed("Carry them out?")
    deeds = _carry_out(work, reading, wishes) if decisions and agreed else []
    if deeds:
        touched = {deed.decision.record for deed in deeds}
        again = [one for one in records if one.key in touched]
        entries |= refresh(seen.service, work.journal, again, time.time(), whole=True)
        found = known(work.journal, records, entries)
    if not agreed:
        reading = replace(reading, asked=replace(reading.asked, decisions=()))
    written = write(work, found, reading, deeds)
    _tell(reading, written, wishes)
    if not agreed:
        raise Refused("Nothing was carried out.", "Answer y on a terminal, or add --yes.")
    if work.stop.stopping():
        return work.stop.exit_code
    return SOME_FAILED if reading.asked.problems or any(deed.problem for deed in written.deeds) else 0


def _allowed(file: Path, asked: Asked, *, automatic: bool) -> Asked:
    """Refuse what rewrites texts by itself unless that was said on the command line as well."""
    from sync.keyword_sheets.asked import Verb
    from sync.model import Problem

    if automatic:
        return asked
    refused = [one for one in asked.decisions if one.verb is Verb.AUTOMATIC]
    what = "The service would rewrite this record's texts by itself, which may cost credits."
    remedy = f"Say so a second time, with: wtsync keywords {typed(file.name)} --automatic"
    problems = tuple((one.at, Problem(str(one.at), "needs-automatic", one.verb, what, remedy)) for one in refused)
    kept = tuple(one for one in asked.decisions if one not in refused)
    return replace(asked, decisions=kept, problems=(*asked.problems, *problems))


def _carry_out(work: Work, reading: Reading, wishes: Wishes) -> list[Deed]:
    """Carry out what the service is to do, once it is sure that it can be noted. Raises WorkbookBusy."""
    from sync.cli.keyword_deeds import carry_out
    from sync.cli.saving import not_open

    not_open(work.file, "Nothing was carried out.")
    deeds = []
    for deed in carry_out(work.seen.service.keywords, reading.asked.decisions, work.stop.stopping):
        deeds.append(deed)
        if not wishes.as_json:
            say(f"wtsync: {deed.decision.at} {deed.decision.subject}: {deed.problem or 'done'}")
    return deeds


def _show(found: Sequence[Found], asked: Asked, wishes: Wishes) -> None:
    from sync.keyword_sheets.targets import Targets
    from sync.keyword_sheets.words import asked_lines, overview
    from sync.report.plan_text import problems_text

    if wishes.as_json:
        return
    for line in (*overview(found, Targets(found)), *asked_lines(asked)):
        out(line)
    if asked.problems:
        out(problems_text([problem for _, problem in asked.problems]))


def _tell(reading: Reading, written: Written, wishes: Wishes) -> None:
    from sync.keyword_sheets.words import asked_data

    certificate = written.certificate
    if wishes.as_json:
        data = asked_data(reading.asked, {deed.decision: deed.problem for deed in written.deeds})
        out_json({**data, "certificate": None if certificate is None else asdict(certificate), "said": written.said})
        return
    if certificate is not None:
        out(f"Workbook: {certificate.line()}.")
    for line in written.said:
        out(line)
