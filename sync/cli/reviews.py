"""`wtsync reviews`: editors' requests for change come into the workbook, are settled from it, and new ones are made."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import confirmed, out, out_json, say, typed
from sync.errors import Refused, WtsyncError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.cli.work import Work
    from sync.model import Cell, Record, Review, TextKey
    from sync.reviewing import Asking, Decided, Settling
    from sync.sheets.asked import Sheet, Signature
    from sync.workbook.certificate import Certificate

SOME_FAILED = 3


_SIGNED = ("Review id", "Record ID", "Type", "Store", "Language", "Text", "Asked for", "Comment", "Decision")


@dataclass(slots=True)
class Came:
    """What came of the decisions, by what their rows say: they may be sorted until something is written into them."""

    signatures: Mapping[int, Signature] = field(default_factory=dict)
    """What each row of the sheet said when it was read."""
    done: set[Signature] = field(default_factory=set)
    """Rows whose decisions are dealt with."""
    said: dict[Signature, str] = field(default_factory=dict)
    wishes: dict[Signature, tuple[Asking, str]] = field(default_factory=dict)
    """Rows whose requests were made or stood there already, each with its id where the answer named one."""
    ids: dict[Signature, str] = field(default_factory=dict)
    """The requests that those rows are now."""
    carried_out: int = 0
    failed: int = 0

    def note(self, at: Cell, problem: str) -> None:
        """Note what came of a decision: it is done, or there is a problem."""
        if problem:
            self.failed += 1
            self.said[self.signatures[at.row]] = problem
        else:
            self.done.add(self.signatures[at.row])

    def found(self, reviews: tuple[Review, ...]) -> tuple[Review, ...]:
        """Find the requests that were made among those that the service lists; one that it does not list yet is added.

        A row keeps its wish where neither the answer nor the list names the request.
        """
        for row, (one, review_id) in self.wishes.items():
            review = one.known_in(reviews, review_id)
            if review is None and review_id:
                review = one.made(review_id)
                reviews = (*reviews, review)
            if review is None:
                self.done.discard(row)
                self.said[row] = (
                    "The request was made, but the service does not list it yet. Look again a little later."
                )
            else:
                self.ids[row] = review.review_id
        return reviews


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
        working(file, seen, stop, f"wtsync reviews {typed(file.name)}", as_json=as_json) as work,
    ):
        ctx.exit(_reviews(work, yes=yes, settled=settled, as_json=as_json))


def _reviews(work: Work, *, yes: bool, settled: bool, as_json: bool) -> int:
    from sync.cli.own_sheets import asked_sheet
    from sync.counts import counted, number
    from sync.report.plan_text import problems_text
    from sync.reviewing import decided, review_data, review_lines
    from sync.workbook.layout_reviews import REVIEWS

    deaf = _is_unheard(work)
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
    came = Came(sheet.signatures(_SIGNED) if sheet else {})
    if decisions and agreed:
        _carry_out(work, decisions, reviews, came, as_json=as_json)
        reviews = came.found(_read(work, sheet, settled=settled))
    for at, problem in decisions.problems:
        row = came.signatures[at.row]
        came.said[row] = f"{came.said.get(row, '')} {problem.what} {problem.remedy}".strip()
    for at, why in decisions.already:
        came.note(at, "")
        came.said[came.signatures[at.row]] = why
    certificate, said = _write(work, reviews, came, settled=settled)
    if as_json:
        out_json(
            {
                "reviews": list(map(review_data, reviews)),
                "carriedOut": came.carried_out,
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
    if work.stop.stopping():
        done = f"{number(came.carried_out)} of {counted(len(decisions), 'decision')} carried out"
        say(f"wtsync: stopped; {done}. To go on: wtsync reviews {typed(work.file)}")
        return work.stop.exit_code
    return SOME_FAILED if decisions.problems or came.failed or deaf else 0


def _is_unheard(work: Work) -> bool:
    """Say where the sheet cannot be read any more; tell whether something may be decided on it."""
    from sync.cli.own_sheets import unheard
    from sync.workbook.layout_reviews import REVIEWS

    lost, decided = unheard(work.file, REVIEWS)
    if lost:
        say(f"wtsync: {lost}")
    return decided


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


def _carry_out(work: Work, decisions: Decided, reviews: tuple[Review, ...], came: Came, *, as_json: bool) -> None:
    """Carry out what was decided, once it is sure that it can be noted. Raises WorkbookBusy."""
    from sync.cli.saving import not_open

    not_open(work.file, "Nothing was carried out.")
    todo: tuple[Settling | Asking, ...] = (*decisions.settlings, *decisions.askings)
    work.stop.sending = True
    for one in todo:
        if work.stop.stopping():
            break
        try:
            problem = _done(work, one, reviews, came)
        except WtsyncError as error:
            problem = f"{error.message} {error.hint or ''}".strip()
        came.note(one.at, problem)
        came.carried_out += not problem
        if not as_json:
            say(f"wtsync: {one}: {problem or 'done'}")


def _done(work: Work, one: Settling | Asking, reviews: tuple[Review, ...], came: Came) -> str:
    """Make the call; say why it was not made. A row that asks for what was just made needs none."""
    from sync.reviewing import Settling

    service, now = work.seen.service, time.time()
    if isinstance(one, Settling):
        service.reviews.settle(one.review, at=now, text_types=(one.text_type,))
        return ""
    row = came.signatures[one.at.row]
    if (known := one.known_in(reviews)) is not None:
        came.wishes[row] = one, known.review_id
        return ""
    if (made := next(((other, id_) for other, id_ in came.wishes.values() if one.asks_as(other)), None)) is not None:
        came.wishes[row] = made
        return ""
    key = one.key
    found = service.texts(key.type, key.store, key.language, [key.record_id], [one.text_type])
    if not found:
        return f"The service has no {one.text_type} of this record yet, so that nobody can be asked to change it."
    came.wishes[row] = one, service.reviews.save(one.request(found[0]), at=now)
    return ""


def _write(
    work: Work, reviews: tuple[Review, ...], came: Came, *, settled: bool
) -> tuple[Certificate | None, tuple[str, ...]]:
    """Write the sheet anew.

    Raises WorkbookBusy when the file is open elsewhere or keeps changing, WorkbookError when another workbook has taken
    its place.
    """
    from sync.cli.saving import until_quiet

    hint = f"Close it where it is open, then run: wtsync reviews {typed(work.file)}"
    return until_quiet(work.file, lambda: _write_once(work, reviews, came, settled=settled), hint)


def _write_once(
    work: Work, reviews: tuple[Review, ...], came: Came, *, settled: bool
) -> tuple[Certificate | None, tuple[str, ...]]:
    from sync.cli.own_sheets import as_asked, as_sheet, in_place, standing, to_write
    from sync.cli.saving import read_again, saved
    from sync.records import to_workbook
    from sync.reviewing import WISHES, review_table
    from sync.sheets.standing import laid, with_cells
    from sync.workbook.layout_reviews import REVIEW_CHOICES, REVIEWS

    tables = read_again(work.file, work.journal)
    records = to_workbook(tables, work.seen.reference).records
    there = standing(work.file, REVIEWS)
    table = review_table(reviews, records, _texts(records), settled=settled)
    if there is None and not table.rows:
        return None, ()
    own = _own_cells(as_asked(there), came) if there is not None else {}
    left = None if there is None else with_cells(there, own)
    sheet = as_sheet(laid(table, left), {"Decision": REVIEW_CHOICES, "Asked for": WISHES}, work.file)
    sheets, refused = to_write(work.file, sheet, "The requests were")
    edits = in_place(work.file, there.name, own) if refused and there is not None else {}
    said = (refused,) if refused else ()
    if not sheets and not edits:
        return None, said
    with saved(work.file, work.journal, edits, sheets, sha256=tables.sha256) as report:
        pass
    return report.certificate, (*report.warnings, *map(str, report.notes), *said)


def _own_cells(asked: Sheet, came: Came) -> dict[tuple[int, int], str | None]:
    """Give the cells to write into the rows that people have decided in.

    A wish that now is a request gets its id: so the row becomes that of the request, with all that stands beside it.
    """
    edits: dict[tuple[int, int], str | None] = {}
    for row, signature in asked.signatures(_SIGNED).items():
        if signature in came.done:
            edits[row, asked.columns["Decision"]] = None
            edits[row, asked.columns["Message"]] = None
        if signature in came.ids:
            edits[row, asked.columns["Review id"]] = came.ids[signature]
        if signature in came.said:
            edits[row, asked.columns["Message"]] = came.said[signature]
    return edits


def _texts(records: Iterable[Record]) -> dict[TextKey, str]:
    from sync.model import TextKey

    return {TextKey(record.key, text_type): text for record in records for text_type, text in record.texts.items()}
