"""Chooses part of a workbook: records by id or by what stands in a column, so many of them, some kinds of work. Pure.

What is being made already, and what waits in the journal, is never left out: it is paid for.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.model import ALT_TEXT, IMAGE, Kind, normal
from sync.packing import gathered

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sync.model import Change, Record, RecordKey, Side
    from sync.tables import Tables

WORK = {
    "generate": frozenset({Kind.GENERATE}),
    "keywords": frozenset({Kind.KEYWORDS}),
    "pull": frozenset({Kind.PULL}),
    "push": frozenset({Kind.PUSH}),
    "review": frozenset({Kind.REVIEW}),
    "publish": frozenset({Kind.PUBLISH}),
    "archive": frozenset({Kind.ARCHIVE}),
}
"""The kinds of work that can be chosen, by the word for them."""
ALT_TEXTS = "alt-text"
"""The word that chooses, of all work or of the kinds named beside it, that on alt texts."""
_CHOSEN = frozenset().union(*WORK.values())
_CONDITION = re.compile(r"\s*(?P<heading>.*?)\s*(?P<test>!=|>=|<=|=|~|>|<)\s*(?P<value>.*?)\s*", re.DOTALL)


_TESTS = ("=", "!=", "~", ">", "<", ">=", "<=")


class NotSelectable(ValueError):
    """Nothing can be chosen like that; `hint` says how it can."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to stand in a column: `Brand = Nordlys`, `Price > 20`, `Name ~ oak`, `Season =` (empty)."""

    heading: str
    test: str
    value: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What part of a workbook is meant, and how its conflicts are settled; empty: all of it, and not at all."""

    records: tuple[str, ...] = ()
    """Record ids."""
    where: tuple[Condition, ...] = ()
    """Conditions, all of which have to hold."""
    only: frozenset[str] = frozenset()
    """Words of `WORK`, and `ALT_TEXTS`."""
    limit: int | None = None
    """At most so many records, the first in the workbook for which there is something to do."""
    pilot: int | None = None
    """So many records, spread over all of those for which there is something to do."""
    prefer: Side | None = None
    """Whose text counts where one is in conflict; None: nobody's, it stays in conflict."""
    review: str = ""
    """Only records for which an editor asks for a change: `rewrite`, `correction` or `any`; empty: all."""

    def __bool__(self) -> bool:
        return self != Selection()


def read_condition(text: str) -> Condition:
    """Read a condition as the user types it. Raises NotSelectable."""
    found = _CONDITION.fullmatch(text)
    if found is None or not found["heading"]:
        raise NotSelectable(f"'{text}' is no condition.", "Write it like this: --where 'Brand = Nordlys'.")
    return Condition(found["heading"], found["test"], found["value"])


def chosen(records: Sequence[Record], tables: Tables, selection: Selection) -> Sequence[Record]:
    """Give the records that are meant, in the order of the workbook. Raises NotSelectable for what is not there.

    An image is meant where the product is that it shows, and by its own id.
    """
    kept = records
    if selection.records:
        wanted = set(selection.records)
        missing = wanted - {record.key.record_id for record in records}
        if missing:
            name = min(missing)
            raise NotSelectable(
                f"There is no record {name} in the workbook, or its row has to be put right first.",
                _meant(name, [record.key.record_id for record in records]) or "`wtsync plan` lists what has to be.",
            )
        kept = [record for record in kept if record.key.record_id in wanted or record.inputs.shows in wanted]
    at = {row: place for place, row in enumerate(tables.rows)} if selection.where else {}
    rows = _rows(records) if selection.where else {}
    for condition in selection.where:
        column, holds = _column(tables, condition.heading), _test(condition)
        cells = tables.columns[column]
        _check_zeros(condition, cells)
        kept = [record for record in kept if record.key in rows and holds(cells[at[rows[record.key]]])]
    return kept


def _rows(records: Sequence[Record]) -> dict[RecordKey, int]:
    """Give the row whose columns count for each record: its own, or that of the product that an image shows."""
    own = {record.key: record.row for record in records if record.key.type != IMAGE}
    shown = {(key.store, key.record_id, key.language): row for key, row in own.items()}
    for record in records:
        place = (record.key.store, record.inputs.shows, record.key.language)
        if record.key.type == IMAGE and place in shown:
            own[record.key] = shown[place]
    return own


def narrowed(
    changes: Sequence[Change], selection: Selection, among: Collection[RecordKey] | None = None
) -> Sequence[Change]:
    """Leave out the work that was not chosen, and the work on records beyond the limit; notes stay.

    `among` are the records that were chosen before, where the choice is not to be made anew.
    """
    kept = changes
    if words := selection.only - {ALT_TEXTS}:
        kinds = frozenset().union(*(WORK[word] for word in words))
        kept = gathered(change for change in kept if change.kind in kinds or change.kind not in _CHOSEN)
    if ALT_TEXTS in selection.only:
        kept = gathered(change for change in kept if change.key.text_type == ALT_TEXT or change.kind not in _CHOSEN)
    if among is not None:
        return gathered(change for change in kept if change.key.record in among or change.kind not in _CHOSEN)
    count = selection.pilot if selection.pilot is not None else selection.limit
    if count is None:
        return kept
    records = list(dict.fromkeys(change.key.record for change in kept if change.kind in _CHOSEN))
    few = set(_spread(records, count) if selection.pilot is not None else records[:count])
    return gathered(change for change in kept if change.key.record in few or change.kind not in _CHOSEN)


def _spread(records: Sequence[RecordKey], count: int) -> list[RecordKey]:
    """Pick records evenly over the workbook, and from every store, type and language in turn."""
    groups: dict[tuple[str, str, str], list[RecordKey]] = {}
    for key in records:
        groups.setdefault((key.store, key.type, key.language), []).append(key)
    shares = dict.fromkeys(groups, 0)
    for _ in range(min(count, len(records))):
        least = min((group for group in groups if shares[group] < len(groups[group])), key=lambda g: shares[g])
        shares[least] += 1
    return [
        members[place * len(members) // shares[group]]
        for group, members in groups.items()
        for place in range(shares[group])
    ]


def _column(tables: Tables, heading: str) -> int:
    by_name = {normal(text).casefold(): column for column, text in reversed(tables.headings)}
    column = by_name.get(normal(heading).casefold())
    if column is None:
        names = [text for _, text in tables.headings]
        raise NotSelectable(
            f"There is no column '{heading}' on the sheet {tables.sheet}.",
            _meant(heading, names) or f"The columns are: {', '.join(names)}.",
        )
    return column


def _check_zeros(condition: Condition, cells: Collection[str]) -> None:
    """Refuse a value that no cell has, but for the zeros in front: 105 is not 00105. Raises NotSelectable."""
    wanted = normal(condition.value)
    if condition.test != "=" or not wanted.isdecimal() or wanted in cells:
        return
    meant = next((cell for cell in cells if cell.isdecimal() and cell.lstrip("0") == wanted.lstrip("0")), None)
    if meant is not None and not any(normal(cell) == wanted for cell in cells):
        raise NotSelectable(f"In no row {condition.heading} is {wanted}.", f"Did you mean {meant}?")


def _meant(name: str, names: Sequence[str]) -> str:
    zeros = [one for one in names if name.isdecimal() and one.isdecimal() and one.lstrip("0") == name.lstrip("0")]
    if zeros:
        return f"Did you mean {zeros[0]}?"
    near = difflib.get_close_matches(name, names, 1)
    return f"Did you mean {near[0]}?" if near else ""


def _test(condition: Condition) -> Callable[[str], bool]:
    wanted = normal(condition.value).casefold()
    if condition.test not in _TESTS:
        raise NotSelectable(f"'{condition.test}' is no way to compare.", f"There are: {' '.join(_TESTS)}.")
    if condition.test == "=":
        return lambda cell: normal(cell).casefold() == wanted
    if condition.test == "!=":
        return lambda cell: normal(cell).casefold() != wanted
    if condition.test == "~":
        return lambda cell: wanted in normal(cell).casefold()
    limit = _number(wanted)
    if limit is None:
        raise NotSelectable(
            f"'{condition.value}' is no number, and {condition.test} compares numbers.",
            "Write it like this: --where 'Price > 20'. To look for words: --where 'Brand = Nordlys'.",
        )
    compare: dict[str, Callable[[float], bool]] = {
        ">": lambda number: number > limit,
        "<": lambda number: number < limit,
        ">=": lambda number: number >= limit,
        "<=": lambda number: number <= limit,
    }
    holds = compare[condition.test]

    def of_cell(cell: str) -> bool:
        number = _number(normal(cell))
        return number is not None and holds(number)

    return of_cell


def _number(text: str) -> float | None:
    """Read a number as the workbook's reader gives it, with a point."""
    try:
        return float(text)
    except ValueError:
        return None
