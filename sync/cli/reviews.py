"""`wtsync reviews`: editors' requests for change come into the workbook, are settled from it, and new ones are made."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import confirmed, out, out_json, say
from sync.errors import Refused, WtsyncError

if TYPE_CHECKING:
    from sync.cli.working import Work
    from sync.model import Cell, Review, TextKey
    from sync.reviewing import Asking, Decided, Settling
    from sync.sheets.asked import Sheet
    from sync.workbook.certificate import Certificate

SOME_FAILED = 3


@dataclass(slots=True)
class Came:
    """What came of the decisions: rows to take out, and what is said in rows that stay, by row of the sheet."""

    done: set[int] = field(default_factory=set)
    said: dict[int, str] = field(default_factory=dict)
    failed: int = 0


@click.command("reviews")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", "-y", is_flag=True, help="Carry the decisions out without asking.")
@click.option("--all", "settled", is_flag=True, help="Show what is done as well; asks for every record.")
@click.option("--json", "as_json", is_flag=True, help="Give the result as JSON.")
@click.pass_context
def command(ctx: click.Context, file: Path, yes: bool, settled: bool, as_json: bool) -> None:
    """Show which texts of FILE editors want changed, and write them on the sheet Reviews; it costs nothing.

    Under Decision there, choose `done` for a request that is dealt with. To make one, fill in Record ID, Text, Asked
    for and Comment in a row of your own, and choose `ask`. What was decided is listed, asked about, and carried out;
    what cannot be stays, with the reason beside it, and the command leaves with 3.
    """
    from sync.cli.stopping import stoppable
    from sync.cli.wiring import checked
    from sync.cli.working import working

    with (
        stoppable() as stop,
        checked(file, stop.sleep) as seen,
        working(file, seen, stop, f"wtsync reviews {file.name}", as_json=as_json) as work,
    ):
        ctx.exit(_reviews(work, yes=yes, settled=settled, as_json=as_json))


def _reviews(work: Work, *, yes: bool, settled: bool, as_json: bool) -> int:
    from sync.cli.own_sheets import asked_sheet
    from sync.report.plan_text import problems_text
    from sync.reviewing import decided, review_data, review_lines
    from sync.workbook.layout_reviews import REVIEWS

    sheet = asked_sheet(work.file, REVIEWS)
    reviews = _read(work, sheet, settled=settled)
    records = work.seen.workbook.records
    decisions = decided(sheet, reviews, records) if sheet else _none()
    if not as_json:
        for line in review_lines(reviews, decisions):
            out(line)
        if decisions.problems:
            out(problems_text([problem for _, problem in decisions.problems]))
    agreed = yes or not decisions or confirmed("Carry them out?")
    came = Came()
    if decisions and agreed:
        came = _carry_out(work, decisions, reviews, as_json=as_json)
        reviews = _read(work, sheet, settled=settled)
    for at, problem in decisions.problems:
        came.said[at.row] = f"{came.said.get(at.row, '')} {problem.what} {problem.remedy}".strip()
    for at, why in decisions.already:
        came.done.add(at.row)
        came.said[at.row] = why
    certificate, said = _write(work, reviews, came, settled=settled)
    if as_json:
        out_json(
            {
                "reviews": list(map(review_data, reviews)),
                "carriedOut": len(decisions) - came.failed if agreed else 0,
                "failed": came.failed,
                "problems": len(decisions.problems),
                "certificate": None if certificate is None else asdict(certificate),
                "said": said,
            }
        )
    else:
        if certificate is not None:
            out(f"Workbook: {certificate.line()}.")
        for line in said:
            out(line)
    if not agreed:
        raise Refused("Nothing was carried out.", "Answer y on a terminal, or add --yes.")
    return SOME_FAILED if decisions.problems or came.failed else 0


def _none() -> Decided:
    from sync.reviewing import Decided

    return Decided()


def _read(work: Work, sheet: Sheet | None, *, settled: bool) -> tuple[Review, ...]:
    """Read the requests of records for which one is open, and of those that rows of the sheet are about."""
    from sync.cli.review_facts import in_review, reviews_of

    records = work.seen.workbook.records
    if settled:
        return reviews_of(work.seen.service, {record.key for record in records})
    named = {cells.get("Record ID", "").strip() for _, cells in sheet.rows if cells.get("Decision")} if sheet else set()
    more = {record.key for record in records if record.key.record_id in named}
    return reviews_of(work.seen.service, in_review(work.seen.service, records) | more)


def _carry_out(work: Work, decisions: Decided, reviews: tuple[Review, ...], *, as_json: bool) -> Came:
    """Carry out what was decided, once it is sure that it can be noted. Raises WorkbookBusy."""
    from sync.cli.saving import not_open

    not_open(work.file, "Nothing was carried out.")
    came = Came()
    todo: tuple[Settling | Asking, ...] = (*decisions.settlings, *decisions.askings)
    for one in todo:
        if work.stop.stopping():
            break
        try:
            problem = _done(work, one, reviews)
        except WtsyncError as error:
            problem = f"{error.message} {error.hint or ''}".strip()
        _note(came, one.at, problem)
        if not as_json:
            say(f"wtsync: {one}: {problem or 'done'}")
    return came


def _note(came: Came, at: Cell, problem: str) -> None:
    if problem:
        came.failed += 1
        came.said[at.row] = problem
    else:
        came.done.add(at.row)


def _done(work: Work, one: Settling | Asking, reviews: tuple[Review, ...]) -> str:
    """Make the call; say why it was not made."""
    from sync.reviewing import Settling

    service, now = work.seen.service, time.time()
    if isinstance(one, Settling):
        service.reviews.settle(one.review, at=now, text_types=(one.text_type,))
        return ""
    if one.stands_in(reviews):
        return ""
    key = one.key
    found = service.texts(key.type, key.store, key.language, [key.record_id], [one.text_type])
    if not found:
        return f"The service has no {one.text_type} of this record yet, so that nobody can be asked to change it."
    service.reviews.save(one.request(found[0]), at=now)
    return ""


def _write(
    work: Work, reviews: tuple[Review, ...], came: Came, *, settled: bool
) -> tuple[Certificate | None, tuple[str, ...]]:
    """Write the sheet anew. Raises WorkbookBusy when the file is open elsewhere or keeps changing."""
    from sync.cli.saving import until_quiet

    hint = f"Close it where it is open, then run: wtsync reviews {work.file.name}"
    return until_quiet(work.file, lambda: _write_once(work, reviews, came, settled=settled), hint)


def _write_once(
    work: Work, reviews: tuple[Review, ...], came: Came, *, settled: bool
) -> tuple[Certificate | None, tuple[str, ...]]:
    from sync.cli.own_sheets import as_sheet, standing
    from sync.cli.saving import saved
    from sync.reviewing import WISHES, review_table
    from sync.sheets.standing import laid, with_cells
    from sync.workbook.layout_reviews import REVIEW_CHOICES, REVIEWS
    from sync.workbook.ours import hindrance, is_there
    from sync.workbook.read import read

    tables = read(work.file)
    there = standing(work.file, REVIEWS)
    table = review_table(reviews, work.seen.workbook.records, _texts(work), settled=settled)
    if there is None and not table.rows:
        return None, ()
    if there is not None:
        columns = {heading: place for place, heading in reversed([*enumerate(there.headings, 1)])}
        edits: dict[tuple[int, int], str | None] = {(row, columns["Message"]): said for row, said in came.said.items()}
        edits |= {(row, columns["Decision"]): None for row in came.done}
        there = with_cells(there, edits)
        there = replace(
            there, rows=tuple(row for row in there.rows if not _is_over(row.number, came, row.values, columns))
        )
    sheet = as_sheet(laid(table, there), {"Decision": REVIEW_CHOICES, "Asked for": WISHES}, work.file)
    if is_there(work.file, sheet):
        return None, ()
    if reason := hindrance(work.file, sheet):
        return None, (f"{reason} The requests were not written there.",)
    with saved(work.file, work.journal, {}, (sheet,), sha256=tables.sha256) as report:
        pass
    return report.certificate, (*report.warnings, *map(str, report.notes))


def _is_over(row: int, came: Came, values: tuple[object, ...], columns: dict[str, int]) -> bool:
    """Tell whether a row was a wish for a request that now is one, and has a row of its own."""
    place = columns["Review id"] - 1
    return row in came.done and not (place < len(values) and values[place])


def _texts(work: Work) -> dict[TextKey, str]:
    from sync.model import TextKey

    return {
        TextKey(record.key, text_type): text
        for record in work.seen.workbook.records
        for text_type, text in record.texts.items()
    }
