"""Editors' requests for change as rows of the sheet Reviews, and what people decide there. Pure.

A row is one text of one request. It is known again by the request's id and the text; a row without an id is a request
that somebody here wants to make.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.counts import counted
from sync.model import TEXT_TYPES, Review, ReviewedText, ReviewRequest, Wish
from sync.report.plan_text import record_data
from sync.sheets.asked import Hearing, Names
from sync.sheets.table import Table
from sync.workbook.layout import near_miss
from sync.workbook.layout_reviews import ASK, DONE, REVIEW_CHOICES, REVIEW_HEADINGS, REVIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.model import Cell, Problem, Record, RecordKey, RemoteText, TextKey
    from sync.sheets.asked import Sheet

_Hearing: TypeAlias = "Hearing[Settling | Asking]"
WISHES = tuple(str(one) for one in (Wish.REWRITE, Wish.CORRECTION, Wish.BOTH))
_KEY = ("Review id", "Text")


@dataclass(frozen=True, slots=True)
class Settling:
    """A text of a request that counts as done. `at` is the cell that says so."""

    at: Cell
    review: Review
    text_type: str

    def __str__(self) -> str:
        return f"{self.at} done: the {self.text_type} of {self.review.key.record_id}"


@dataclass(frozen=True, slots=True)
class Asking:
    """A new request for change, checked but for the text that the service holds."""

    at: Cell
    key: RecordKey
    text_type: str
    wish: Wish
    comment: str

    def __str__(self) -> str:
        return f"{self.at} ask: {self.wish} of the {self.text_type} of {self.key.record_id}"

    def request(self, text: RemoteText) -> ReviewRequest:
        """Make what is sent, about the text that the service holds now."""
        return ReviewRequest(
            self.key, ((self.text_type, text.text_id, text.value),), comment=self.comment, wish=self.wish
        )

    def asks_as(self, other: Asking) -> bool:
        """Tell whether another row asks for just the same."""
        return replace(other, at=self.at) == self

    def known_in(self, reviews: Iterable[Review], review_id: str = "") -> Review | None:
        """Find the request that just this is already, perhaps by an earlier try of ours."""
        return next((review for review in reviews if self._is(review, review_id)), None)

    def _is(self, review: Review, review_id: str) -> bool:
        return (review_id != "" and review.review_id == review_id) or (
            (review.key, review.comment.strip()) == (self.key, self.comment)
            and review.archived is not True
            and any(one.text_type == self.text_type and one.wish is self.wish for one in review.texts)
        )

    def made(self, review_id: str) -> Review:
        """Give the request as it was made, for a service that does not list it yet."""
        return Review(review_id, self.key, self.comment, (ReviewedText(self.text_type, self.wish),))


@dataclass(frozen=True, slots=True)
class Decided:
    """What the sheet asks for."""

    settlings: tuple[Settling, ...] = ()
    askings: tuple[Asking, ...] = ()
    problems: tuple[tuple[Cell, Problem], ...] = ()
    already: tuple[tuple[Cell, str], ...] = field(default=())
    """Rows that need nothing done, each with the reason."""

    def __len__(self) -> int:
        return len(self.settlings) + len(self.askings)


def review_table(
    reviews: Iterable[Review], records: Sequence[Record], texts: Mapping[TextKey, str], *, settled: bool = False
) -> Table:
    """Make the rows: what is open first, and of that the newest; with `settled`, what is done as well."""
    names = {record.key: record.inputs.name for record in records}
    pairs = [
        (review, one)
        for review in reviews
        for one in review.texts
        if settled or (one.open and review.archived is not True)
    ]
    pairs.sort(key=lambda pair: (not pair[1].open, -(pair[0].date or 0.0), pair[0].key, pair[1].text_type))
    rows = [_row(review, one, names.get(review.key, ""), texts) for review, one in pairs]
    return Table(REVIEWS, REVIEW_HEADINGS, _KEY, rows)


def _row(review: Review, one: ReviewedText, name: str, texts: Mapping[TextKey, str]) -> dict[str, Any]:
    key = review.key
    now = next((value for at, value in texts.items() if (at.record, at.text_type) == (key, one.text_type)), "")
    return {
        "Record ID": key.record_id,
        "Name": name,
        "Text": one.text_type.capitalize(),
        "Asked for": one.raw_wish if one.wish is Wish.OTHER else str(one.wish),
        "Comment": review.comment,
        "Text now": now or one.text,
        "By": review.name or review.user,
        "When": None if review.date is None else datetime.fromtimestamp(review.date, UTC).replace(tzinfo=None),
        "State": "open" if one.open else "done",
        "Type": key.type,
        "Store": key.store,
        "Language": key.language,
        "Review id": review.review_id,
    }


def decided(sheet: Sheet, reviews: Iterable[Review], records: Sequence[Record]) -> Decided:
    """Read the decisions and check them against the workbook and against what is open on the service."""
    hearing: _Hearing = Hearing(sheet)
    names = Names(record.key for record in records)
    by_id = {review.review_id: review for review in reviews}
    settlings: list[Settling] = []
    askings: list[Asking] = []
    for row, cells in sheet.rows:
        if not (said := cells.get("Decision", "").strip()):
            continue
        at = sheet.cell(row, "Decision")
        word = hearing.word(at, said, REVIEW_CHOICES)
        if word == DONE:
            settlings += _settling(hearing, at, cells, by_id)
        elif word is not None:
            askings += _asking(hearing, names, row, cells)
    return Decided(tuple(settlings), tuple(askings), tuple(hearing.problems), tuple(hearing.settled))


def _settling(hearing: _Hearing, at: Cell, cells: Mapping[str, str], by_id: Mapping[str, Review]) -> Iterator[Settling]:
    identity, text_type = cells.get("Review id", "").strip(), cells.get("Text", "").strip().casefold()
    review = by_id.get(identity)
    if not identity:
        hearing.refuse(
            at, "no-review", "", "The row has no Review id, so there is nothing to be done with.",
            f"To make a new request, choose {ASK}.",
        )  # fmt: skip
    elif review is None:
        hearing.settle(at, "It is no longer open on the service.")
    elif not any(one.text_type.casefold() == text_type and one.open for one in review.texts):
        hearing.settle(at, "This text of it is no longer open on the service.")
    else:
        yield Settling(at, review, text_type)


def _asking(hearing: _Hearing, names: Names, row: int, cells: Mapping[str, str]) -> Iterator[Asking]:
    at = hearing.sheet.cell(row, "Decision")
    if cells.get("Review id", "").strip():
        hearing.refuse(
            at, "asked-already", cells["Review id"], "The row is a request that the service has already.",
            "Write a new one into a row of its own, without a Review id.",
        )  # fmt: skip
        return
    key = names.find(hearing, row, cells)
    text_type = _one_of(hearing, row, cells, "Text", TEXT_TYPES.get(key.type, ()) if key else _every_text())
    wish = _one_of(hearing, row, cells, "Asked for", WISHES)
    comment = cells.get("Comment", "").strip()
    if not comment:
        where = hearing.sheet.cell(row, "Comment")
        hearing.refuse(where, "no-comment", "", "The request does not say what is wanted.", "Fill in the Comment.")
    if key and text_type and wish and comment:
        yield Asking(at, key, text_type, Wish(wish), comment)


def _every_text() -> tuple[str, ...]:
    return tuple(one for types in TEXT_TYPES.values() for one in types)


def _one_of(hearing: _Hearing, row: int, cells: Mapping[str, str], heading: str, known: Sequence[str]) -> str:
    """Read a cell that has to hold one of some words; empty, and noted, where it does not."""
    said = cells.get(heading, "").strip()
    if said.casefold() in known:
        return said.casefold()
    near = near_miss(said, known) if said else None
    remedy = f"Did you mean {near}?" if near else f"Choose one of: {', '.join(known)}."
    hearing.refuse(hearing.sheet.cell(row, heading), f"no-{heading.casefold().replace(' ', '-')}", said,
                   f"{heading} says nothing that is known." if said else f"{heading} is empty.", remedy)  # fmt: skip
    return ""


def review_lines(reviews: Sequence[Review], decisions: Decided) -> Iterator[str]:
    """Say in words what is open, and what is about to be done."""
    wanted = [(review, one) for review in reviews if review.open for one in review.texts if one.open]
    records = len({review.key for review, _ in wanted})
    if not wanted:
        yield "Nobody asks for a change."
    else:
        yield f"{counted(len(wanted), 'change')} asked for, in {counted(records, 'record')}."
    for review, one in wanted[:_SHOWN]:
        comment, who = " ".join(review.comment.split())[:_WIDTH], review.name or review.user or "somebody"
        yield f"  {review.key.record_id}  {one.text_type}: {one.wish} ({who}){f': {comment}' if comment else ''}"
    if len(wanted) > _SHOWN:
        yield f"  and {len(wanted) - _SHOWN:,} more"
    if decisions:
        yield "To be carried out:"
        yield from (f"  {one}" for one in (*decisions.settlings, *decisions.askings))


_SHOWN, _WIDTH = 10, 60


def review_data(review: Review) -> Mapping[str, Any]:
    """Give one request as plain data."""
    return {
        **record_data(review.key),
        "reviewId": review.review_id,
        "comment": review.comment,
        "by": review.name or review.user,
        "at": None if review.date is None else datetime.fromtimestamp(review.date, UTC).isoformat(),
        "open": review.open,
        "texts": [{"field": one.text_type, "asked": str(one.wish), "open": one.open} for one in review.texts],
    }
