"""Works out which cells to write so that the workbook shows what the journal knows. Pure, and the same at any time.

Rows are found by record, never by number. A cell that somebody filled or changed since its text was ordered stays.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from sync.model import KEYWORDS, ONCE, Action, ByColumn, MadeAnew, Origin, normal, same
from sync.report.rows import CONFLICT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from sync.model import CellValue, Delivery, RecordKey, TextKey
    from sync.records.locate import Places
    from sync.report.rows import RowResult


_WISHES = frozenset(wish.casefold() for wish in ONCE)
_MARKS = {Action.REVIEW.casefold(): Origin.REVIEWED, Action.PUBLISH.casefold(): Origin.PUBLISHED}


class Settled(StrEnum):
    """What became of a delivery."""

    WRITTEN = "written"
    KEPT = "kept"


_LEFT, _HOMELESS, _WRITTEN, _KEPT = range(4)
"""Of each delivery, in one byte: nothing was done about it; it has no place; and as in `Settled`."""
_SETTLED = {_WRITTEN: Settled.WRITTEN, _KEPT: Settled.KEPT}


@dataclass(frozen=True, slots=True)
class Projection:
    """The cells to write, by row and column, and what became of each delivery."""

    edits: ByColumn = field(default_factory=lambda: ByColumn({}))
    deliveries: Sequence[Delivery] = ()
    fates: bytes = b""
    """One for each delivery."""
    texts: int = 0
    """How many texts have come into the workbook; one that came empty brought nothing, and keywords are no text."""

    longest: int = 0
    """Characters of the longest of them."""
    reached: Mapping[int, bytearray] = field(default_factory=dict)
    """By column and row: whether a text has its place there, to be written or not."""

    @property
    def targets(self) -> Iterator[tuple[int, int]]:
        """Give row and column of the place of each text."""
        for column, rows in self.reached.items():
            yield from ((row, column) for row, here in enumerate(rows) if here)

    @property
    def settled(self) -> Sequence[tuple[Delivery, Settled]]:
        """What is settled by writing the cells."""
        return _Settlements(self.deliveries, self.fates)

    @property
    def left(self) -> Iterator[Delivery]:
        """What is not."""
        return self._of(_LEFT, _HOMELESS)

    @property
    def homeless(self) -> Iterator[Delivery]:
        """Texts whose record or column is no longer in the workbook; they stay in the journal."""
        return self._of(_HOMELESS)

    @property
    def written(self) -> Iterator[Delivery]:
        """Texts that stand in the workbook once the cells are written."""
        return self._of(_WRITTEN)

    @property
    def kept(self) -> Iterator[Delivery]:
        """Texts whose cells somebody has changed meanwhile."""
        return self._of(_KEPT)

    def count(self, fate: Settled) -> int:
        """Count what came to be settled like this, without looking at any."""
        return self.fates.count(_WRITTEN if fate is Settled.WRITTEN else _KEPT)

    def _of(self, *fates: int) -> Iterator[Delivery]:
        if any(map(self.fates.count, fates)):
            yield from (item for item, fate in zip(self.deliveries, self.fates, strict=True) if fate in fates)


class _Settlements(MadeAnew[tuple["Delivery", Settled]]):
    """The deliveries that are settled, each with how; read anew each time, as they may be many."""

    __slots__ = ("_deliveries", "_fates")

    def __init__(self, deliveries: Sequence[Delivery], fates: bytes) -> None:
        self._deliveries, self._fates = deliveries, fates

    def __len__(self) -> int:
        return sum(map(self._fates.count, _SETTLED))

    def __iter__(self) -> Iterator[tuple[Delivery, Settled]]:
        if len(self):
            yield from (
                (item, _SETTLED[fate])
                for item, fate in zip(self._deliveries, self._fates, strict=True)
                if fate in _SETTLED
            )

    def _one(self, number: int) -> tuple[Delivery, Settled]:
        return next(islice(self, number, None))


def joined(parts: Iterable[Projection]) -> Projection:
    """Put together what becomes of the same texts on several sheets. The cells stay with their sheets."""
    parts = tuple(parts)
    fates = bytes(map(max, *(part.fates for part in parts))) if len(parts) > 1 else parts[0].fates
    return Projection(
        deliveries=parts[0].deliveries,
        fates=fates,
        texts=sum(part.texts for part in parts),
        longest=max(part.longest for part in parts),
    )


def _all(_: TextKey) -> bool:
    return True


def deliver(
    places: Places,
    deliveries: Sequence[Delivery],
    *,
    again: Collection[TextKey] = frozenset(),
    mine: Callable[[TextKey], bool] = _all,
    values: Callable[[Sequence[int]], Iterable[str]] | None = None,
) -> Projection:
    """Place texts into their cells; empty the Action of a row whose wish is carried out with it.

    `again` are texts that were in the workbook before: an Action that stands beside them now is a new wish. All that
    are not `mine` are left. `values` gives the values of deliveries by their numbers, counted from 0, where there is a
    quicker way than to look at each of them.
    """
    columns: dict[int, _Texts] = {}
    reached: dict[int, bytearray] = {}
    last = max(places.rows.values(), default=0)
    over: dict[int, None] = {}
    fates = bytearray(len(deliveries))
    texts = longest = 0
    for number, item in enumerate(deliveries):
        if not mine(item.key):
            continue
        row, column = places.rows.get(item.key.record), places.texts.get(item.key.text_type)
        if row is None or column is None:
            fates[number] = _HOMELESS
            continue
        if column not in reached:
            columns[column] = _Texts(last, values or _values_of(deliveries))
            reached[column] = bytearray(last + 1)
        reached[column][row] = True
        there = places.cell(row, column)
        is_there = same(there, item.value)
        kept = normal(there) and not is_there and not same(there, item.was)
        fates[number] = _KEPT if kept else _WRITTEN
        longest = max(longest, len(item.value))
        texts += not kept and item.origin is not Origin.KEYWORDS and not same(item.value, item.was)
        if not kept and not is_there:
            columns[column].put(row, number)
        if places.action is not None and item.key not in again and _is_over(places.cell(row, places.action), item):
            over[row] = None
    return Projection(
        ByColumn(columns if places.action is None else {**columns, places.action: over}),
        deliveries,
        bytes(fates),
        texts,
        longest,
        reached,
    )


def _values_of(deliveries: Sequence[Delivery]) -> Callable[[Sequence[int]], Iterable[str]]:
    return lambda numbers: [deliveries[number].value for number in numbers]


class _Texts(Mapping[int, str]):
    """The texts of one column by row, read when they are asked for: together they are most of what a night made."""

    __slots__ = ("_at", "_count", "_near", "_read")
    _TOGETHER = 256
    """Texts that are read at a time: from the one that is asked for on, in the direction in which one is going."""

    def __init__(self, last: int, read: Callable[[Sequence[int]], Iterable[str]]) -> None:
        self._at = array("q", bytes(8 * (last + 1)))
        """By row: the number of the delivery, counted from 1; 0 where there is none."""
        self._read = read
        self._near: dict[int, str] = {}
        self._count = 0

    def put(self, row: int, number: int) -> None:
        """Let the text of a delivery stand in a row, in the place of another one."""
        self._count += not self._at[row]
        self._at[row] = number + 1

    def __getitem__(self, row: int) -> str:
        if row not in self._near:
            if row not in self:
                raise KeyError(row)
            back = bool(self._near) and row < min(self._near)
            ahead = range(row, -1, -1) if back else range(row, len(self._at))
            rows = list(islice((one for one in ahead if self._at[one]), self._TOGETHER))
            self._near = dict(zip(rows, self._read([self._at[one] - 1 for one in rows]), strict=True))
        return self._near[row]

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and 0 <= row < len(self._at) and bool(self._at[row])

    def __iter__(self) -> Iterator[int]:
        return (row for row, number in enumerate(self._at) if number)

    def __len__(self) -> int:
        return self._count


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
    sheets: Iterable[Places],
    rows: Iterable[tuple[RecordKey, RowResult]],
    conflicts: Mapping[RecordKey, str] | None = None,
) -> list[ByColumn]:
    """Give the result cells of each sheet that differ from what stands there.

    `conflicts` says of records with texts in conflict which these are; None: nobody has looked, so that a row that is
    said to be in conflict stays so.
    """
    found = [_Results(places, conflicts) for places in sheets]
    for record, result in rows:
        for sheet in found:
            sheet.take(record, result)
    return [sheet.edits() for sheet in found]


class _Results:
    """The result columns of one sheet."""

    def __init__(self, places: Places, conflicts: Mapping[RecordKey, str] | None) -> None:
        self._places = places
        self._conflicts = conflicts
        self._status = places.results.get("status")
        self._edits: dict[int, dict[int, CellValue]] = {column: {} for column in places.results.values()}
        self._told = bytearray(max(places.rows.values(), default=0) + 1)
        """By row, whether the journal knows something of its record."""

    def take(self, record: RecordKey, result: RowResult) -> None:
        """Show what became of a record, if it stands on this sheet."""
        places = self._places
        row = places.rows.get(record)
        if row is None:
            return
        self._told[row] = True
        if self._conflicts is None and self._says_conflict(row):
            return
        for name, column in places.results.items():
            value: str | float | None = getattr(result, name)
            shown = "" if value is None else f"{value:g}" if isinstance(value, float) else value
            if not same(places.cell(row, column), shown):
                self._edits[column][row] = value if shown else None

    def edits(self) -> ByColumn:
        """Give the cells, with those of rows of which the journal knows nothing but a conflict.

        Such a row is cleared where it has none any more.
        """
        places = self._places
        columns = [(places.results[name], name) for name in ("status", "message") if name in places.results]
        conflicts = self._conflicts
        others = places.rows.items() if columns and conflicts is not None else ()
        for record, row in others:
            message = "" if conflicts is None else conflicts.get(record, "")
            if self._told[row] or not (message or self._says_conflict(row)):
                continue
            for column, name in columns:
                value = message and (CONFLICT if name == "status" else message)
                if not same(places.cell(row, column), value):
                    self._edits[column][row] = value or None
        return ByColumn(self._edits)

    def _says_conflict(self, row: int) -> bool:
        return self._status is not None and self._places.cell(row, self._status) == CONFLICT
