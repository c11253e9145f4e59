"""Works out which cells to write so that the workbook shows what the journal knows. Pure, and the same at any time.

Rows are found by record, never by number. A cell that somebody filled or changed since its text was ordered stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.model import KEYWORDS, ONCE, Action, Origin, normal, same
from sync.report.rows import CONFLICT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sync.model import Delivery, RecordKey, TextKey
    from sync.records.locate import Places
    from sync.report.rows import RowResult


_WISHES = frozenset(wish.casefold() for wish in ONCE)
_MARKS = {Action.REVIEW.casefold(): Origin.REVIEWED, Action.PUBLISH.casefold(): Origin.PUBLISHED}


class Settled(StrEnum):
    """What became of a delivery."""

    WRITTEN = "written"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Projection:
    """The cells to write, by row and column; what is settled by writing them; what has no place in the workbook."""

    edits: Mapping[tuple[int, int], str | float | None] = field(default_factory=dict)
    settled: tuple[tuple[Delivery, Settled], ...] = ()
    homeless: tuple[Delivery, ...] = ()
    """Texts whose record or column is no longer in the workbook; they stay in the journal."""

    @property
    def texts(self) -> int:
        """How many texts have come into the workbook; one that came empty brought nothing, and keywords are no text."""
        return sum(
            1
            for item, state in self.settled
            if state is Settled.WRITTEN and not same(item.value, item.was) and item.origin is not Origin.KEYWORDS
        )


def joined(parts: Iterable[Projection]) -> Projection:
    """Put together what becomes of the texts on several sheets. The cells stay with their sheets."""
    parts = tuple(parts)
    return Projection(
        {},
        tuple(one for part in parts for one in part.settled),
        tuple(one for part in parts for one in part.homeless),
    )


def deliver(places: Places, deliveries: Iterable[Delivery], *, again: Collection[TextKey] = frozenset()) -> Projection:
    """Place texts into their cells; empty the Action of a row whose wish is carried out with it.

    `again` are texts that were in the workbook before: an Action that stands beside them now is a new wish.
    """
    edits: dict[tuple[int, int], str | float | None] = {}
    settled: list[tuple[Delivery, Settled]] = []
    homeless: list[Delivery] = []
    for item in deliveries:
        row, column = places.rows.get(item.key.record), places.texts.get(item.key.text_type)
        if row is None or column is None:
            homeless.append(item)
            continue
        there = places.cell(row, column)
        kept = normal(there) and not same(there, item.value) and not same(there, item.was)
        settled.append((item, Settled.KEPT if kept else Settled.WRITTEN))
        if not kept and not same(there, item.value):
            edits[row, column] = item.value
        if places.action is not None and item.key not in again and _is_over(places.cell(row, places.action), item):
            edits[row, places.action] = None
    return Projection(edits, tuple(settled), tuple(homeless))


def undone(places: Places, written: Iterable[tuple[Delivery, str]], *, sure: bool = False) -> tuple[Delivery, ...]:
    """Find the texts that were in the workbook and are not any more, as in an older copy of it.

    `written` are texts with the moment of making, as the column Updated tells it. A cell that shows again what it
    showed before its text is not enough: a person may have emptied it. Its row must also tell of an earlier moment,
    or, in a sheet without that column, none of at least two texts may be left. `sure` takes the cell's word for it.
    """
    updated = places.results.get("updated")
    gone, left = [], 0
    for item, made in written:
        row, column = places.rows.get(item.key.record), places.texts.get(item.key.text_type)
        if row is None or column is None:
            continue
        there = places.cell(row, column)
        if same(there, item.value):
            left += 1
        elif (not normal(there) or same(there, item.was)) and (
            sure or updated is None or places.cell(row, updated).strip() < made
        ):
            gone.append(item)
    if not sure and updated is None and (left or len(gone) < 2):
        return ()
    return tuple(gone)


def _is_over(action: str, item: Delivery) -> bool:
    """Tell whether an Action asks for something that is done once; left standing, it would be paid for again.

    One that asks for keywords is over with these alone, and they end no other wish. One that asks for a mark is not
    over with a text that came or went for another reason, as `--prefer` has it; and no wish is with a former text that
    was put back.
    """
    wish = normal(action).casefold()
    mark = _MARKS.get(wish)
    if (wish == Action.KEYWORDS.casefold()) != (item.key.text_type == KEYWORDS):
        return False
    return wish in _WISHES and item.origin is not Origin.UNDONE and (mark is None or mark is item.origin)


def results(
    places: Places, rows: Mapping[RecordKey, RowResult], conflicts: Mapping[RecordKey, str] | None = None
) -> dict[tuple[int, int], str | float | None]:
    """Give the result cells that differ from what stands there.

    `conflicts` says of records with texts in conflict which these are; None: nobody has looked, so that a row that is
    said to be in conflict stays so.
    """
    edits: dict[tuple[int, int], str | float | None] = {}
    status = places.results.get("status")
    for record, result in rows.items():
        row = places.rows.get(record)
        if row is None:
            continue
        if conflicts is None and status is not None and places.cell(row, status) == CONFLICT:
            continue
        for name, column in places.results.items():
            value: str | float | None = getattr(result, name)
            shown = "" if value is None else f"{value:g}" if isinstance(value, float) else value
            if not same(places.cell(row, column), shown):
                edits[row, column] = value if shown else None
    return edits | (_of_others(places, rows, conflicts) if conflicts is not None else {})


def _of_others(
    places: Places, rows: Mapping[RecordKey, RowResult], conflicts: Mapping[RecordKey, str]
) -> dict[tuple[int, int], str | float | None]:
    """Mark rows of which the journal knows nothing but a conflict, and clear those that have none any more."""
    edits: dict[tuple[int, int], str | float | None] = {}
    columns = [(places.results[name], name) for name in ("status", "message") if name in places.results]
    status = places.results.get("status")
    for record, row in places.rows.items():
        if record in rows:
            continue
        message = conflicts.get(record, "")
        if not message and (status is None or places.cell(row, status) != CONFLICT):
            continue
        for column, name in columns:
            value = message and (CONFLICT if name == "status" else message)
            if not same(places.cell(row, column), value):
                edits[row, column] = value or None
    return edits
