"""A plan to be approved row by row on a sheet of the workbook, and which of its rows may be carried out. Pure.

Each row carries what it was made for (`Plan id`), so that rows may be sorted, filtered and deleted. This guards against
what people overlook, not against forgery: whoever can write into the workbook can also write an Action.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.model import DOING, KEYWORDS, Kind, RecordKey, Side, TextKey, normal
from sync.plan import SEARCHED, make, taken_along

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping, Sequence

    from sync.model import Change, Plan

YES, NO = "yes", "no"
_YES, _NO = frozenset({"yes", "y"}), frozenset({"no", "n", ""})
_UNDER_WAY = frozenset({Kind.DELIVER, Kind.FOLLOW})
"""What is paid for already: it needs no approval, and is never left out."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the sheet as it was read: its number, and what stands under each heading."""

    row: int
    cells: Mapping[str, str]

    @property
    def key(self) -> TextKey:
        """The text that the row is about."""
        cell = self.cells
        return TextKey(RecordKey(cell["Store"], cell["Type"], cell["Record ID"], cell["Language"]), cell["Text"])

    @property
    def id(self) -> str:
        """What the row was made for."""
        return normal(self.cells["Plan id"])

    @property
    def approved(self) -> bool:
        """Whether somebody has said yes, and it has not been carried out yet."""
        return normal(self.cells["Approved"]).casefold() in _YES and not normal(self.cells["Done"])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of looking at the approved rows."""

    rows: Mapping[str, TextKey]
    """The approved rows by their id, each with its text; also those that an earlier run has carried out."""
    doing: frozenset[TextKey]
    """The texts that may be carried out."""
    refused: tuple[str, ...]
    """Rows that may not, each named with the reason: then nothing may."""


def sheet_rows(
    plan: Plan, service: str, names: Mapping[RecordKey, str], approved: Collection[str] = ()
) -> list[tuple[str | float | None, ...]]:
    """Give the rows of the sheet, in the order of `PLAN_HEADINGS`, without them.

    `approved` are the ids of rows that were approved before and stay so where nothing has moved.
    """
    rows: list[tuple[str | float | None, ...]] = []
    for change in offered(plan):
        key, own = change.key.record, row_id(change, service)
        rows.append(
            (
                YES if own in approved else None,
                *(key.record_id, key.type, key.store, key.language, names.get(key, ""), change.key.text_type),
                *(_work(change), change.was, change.now, change.reason, change.price.min, change.price.max),
                *(None, own),
            )
        )
    return rows


def offered(plan: Plan) -> list[Change]:
    """Give the changes that need an approval: what is paid for already does not."""
    return [change for change in plan.changes if change.kind not in _UNDER_WAY]


def row_id(change: Change, service: str) -> str:
    """Sum up a change: all of it, its product, the service, and what its row shows, so that it shows what moved."""
    exact = [*_visible(change), change.was, change.now, change.text_id, change.input_digest, service]
    exact += [change.reference] if change.reference and change.kind is Kind.KEYWORDS else []
    parts = ((exact, 16), ([change.input_digest], 6), ([service], 6), (_visible(change), 10))
    return "-".join(_hash(told, digits) for told, digits in parts)


def sides(rows: Iterable[SheetRow]) -> dict[TextKey, Side]:
    """Give the side that each approved row stands for, should its text be in conflict: both its texts were shown."""
    found = {Kind.PUSH.value: Side.WORKBOOK, Kind.PULL.value: Side.SERVICE}
    return {row.key: found[row.cells["What"]] for row in rows if row.approved and row.cells["What"] in found}


def searched(rows: Iterable[SheetRow], begun: Container[str]) -> dict[RecordKey, str]:
    """Give the records whose keywords were looked for by rows that a run has taken up, each with the row's id."""
    return {row.key.record: row.id for row in rows if row.cells["Text"] == KEYWORDS and row.id in begun}


def judge(
    plan: Plan,
    service: str,
    rows: Iterable[SheetRow],
    begun: Container[str],
    former: Mapping[TextKey, str] = MappingProxyType({}),
) -> Judgement:
    """Look at the approved rows: which may be carried out, and which have moved since they were written.

    `begun` are the ids of rows that a run has taken up before: what is done of them, or under way, has not moved. Nor
    has a text whose inputs differ only by the keywords that were found for it: `former` are the digests without them.
    """
    rows = list(rows)
    now = {change.key: change for change in plan.changes}
    notes = {note.key: note for note in plan.notes}
    doing, known, refused = set(), {}, []
    denied = {row.id for row in rows if normal(row.cells["Approved"]).casefold() == NO}
    for row in rows:
        word = normal(row.cells["Approved"])
        if not row.approved:
            if word.casefold() not in _YES | _NO:
                refused.append(_named(row, f"it says '{word}', which is neither yes nor no"))
            continue
        change = _as_begun(now.get(row.key), row, service, begun, former)
        if row.id in begun and (change is None or change.kind in _UNDER_WAY):
            known[row.id] = row.key
            continue
        wrong = _wrong(row, change, notes.get(row.key), service) or (
            "it stands there twice, once with yes and once with no" if row.id in denied else ""
        )
        if wrong:
            refused.append(_named(row, wrong))
        else:
            known[row.id] = row.key
            doing.add(row.key)
    refused += _halves(plan, doing)
    return Judgement(known, frozenset(doing), tuple(refused))


def narrowed(plan: Plan, doing: Collection[TextKey]) -> Plan:
    """Leave out of a plan what was not approved; what is paid for already stays."""
    kept = [change for change in plan.changes if change.key in doing or change.kind in _UNDER_WAY]
    made = make([*kept, *plan.notes, *plan.adopted], plan.balance)
    others = {kind: count for kind, count in plan.counts.items() if kind not in DOING}
    along = taken_along(made.changes, {*plan.taken_along, *(change.key.record for change in plan.changes)})
    counts = {**others, **{kind: made.counts[kind] for kind in made.counts if kind in DOING}}
    return replace(made, counts=counts, taken_along=along)


def _as_begun(
    change: Change | None, row: SheetRow, service: str, begun: Container[str], former: Mapping[TextKey, str]
) -> Change | None:
    """Give a change with the inputs that it had when its row was taken up, where it is that row."""
    if change is None or change.key not in former or row.id not in begun:
        return change
    before = change._replace(input_digest=former[change.key])
    return before if row_id(before, service) == row.id else change


def _wrong(row: SheetRow, change: Change | None, note: Change | None, service: str) -> str:
    """Say why an approved row may not be carried out; empty: it may."""
    parts = row.id.split("-")
    if len(parts) != _PARTS:
        return "wtsync did not write this row, or its Plan id is gone"
    if parts[3] != _hash(_seen(row), 10):
        return "somebody has written into this row; what is to change has to be changed on the sheet with the records"
    if parts[2] != _hash([service], 6):
        return "it was made for another service"
    work = row.cells["What"]
    if change is None:
        return f"there is nothing to do any more ({work} was planned){f': {note.reason}' if note else ''}"
    if _work(change) != work:
        return f"{work} was planned, and now it would be {_work(change)}"
    if parts[1] != _hash([change.input_digest], 6):
        return "its product or its settings have changed"
    if normal(change.was) != normal(row.cells["Now"]):
        return "the text that stands there has changed"
    if [change.price.min, change.price.max] != [_amount(row.cells[name]) for name in _PRICE]:
        return "its price has changed"
    if row.id == row_id(change, service):
        return ""
    return SEARCHED if change.kind is Kind.KEYWORDS else "the service has another text now"


def _halves(plan: Plan, doing: Collection[TextKey]) -> list[str]:
    """Name the records of which only some rows are to be archived: that is done to the whole record."""
    archived: dict[RecordKey, list[bool]] = {}
    for change in plan.changes:
        if change.kind is Kind.ARCHIVE:
            archived.setdefault(change.key.record, []).append(change.key in doing)
    return [
        f"{key.record_id}: a record is archived as a whole; say yes to all its rows, or to none"
        for key, said in archived.items()
        if any(said) and not all(said)
    ]


def _named(row: SheetRow, why: str) -> str:
    cells = row.cells
    name = f"{cells['Record ID']} {cells['Text']}".strip() or "empty"
    return f"row {row.row} ({name}): {why}"


_PRICE = ("Credits from", "Credits to")
_SHOWN = ("Record ID", "Type", "Store", "Language", "Text", "What", "Now", "Would be")
_PARTS = 4


def _work(change: Change) -> str:
    return "rewrite" if change.rewrite else change.kind.value


def _visible(change: Change) -> list[str | float | None]:
    """Give what the row of a change shows, and what must not be written over."""
    key = change.key.record
    texts = (key.record_id, key.type, key.store, key.language, change.key.text_type, _work(change))
    return [*map(normal, (*texts, change.was, change.now)), float(change.price.min), float(change.price.max)]


def _seen(row: SheetRow) -> list[str | float | None]:
    """Give the same of a row as it was read."""
    return [*(normal(row.cells[name]) for name in _SHOWN), *(_amount(row.cells[name]) for name in _PRICE)]


def _amount(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _hash(told: Sequence[object], digits: int) -> str:
    data = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:digits]
