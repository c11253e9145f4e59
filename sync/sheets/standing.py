"""Laying a sheet out: as new, or over the one that stands there, with what is people's own on it.

Columns stay where people have moved them, and away where they have deleted them; their own columns go with the rows
they belong to, by what names a row and not by where it stands. A row that is gone from the results stays as long as
something of theirs is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.sheets.table import CARRIED
from sync.sheets.values import Tone, Toned, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sync.sheets.table import Row, Table
    from sync.sheets.values import Value

GONE = "the service no longer reports this"


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One row of a sheet as it is in the file: values and cell formats, by column from the first on."""

    values: tuple[Value, ...]
    styles: tuple[str, ...] = ()
    number: int = 0
    """Of the row in the sheet, from 1."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A sheet of ours that is in the workbook already. `headings` are those of all its columns; some may be empty."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[StandingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet as it is to be written, without its headings among the rows."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    styles: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Cell formats of people's own cells, by row and column of the sheet, counted from 1."""


def laid(table: Table, standing: Standing | None = None) -> Laid:
    """Lay a table out over what stands there."""
    if standing is None:
        plain = [[row.get(heading) for heading in table.headings] for row in table.rows]
        return Laid(table.name, table.headings, plain)
    ours = _ours(table.headings, standing.headings)
    own = [place for place in range(len(standing.headings)) if place not in ours]
    rest: dict[tuple[str, ...], list[StandingRow]] = {}
    for row in standing.rows:
        rest.setdefault(table.key_of(_texts(ours, row)), []).append(row)
    rows: list[list[Value]] = []
    styles: dict[int, dict[int, str]] = {}
    for fresh in table.rows:
        known = rest.get(table.key_of(fresh), [])
        old = known.pop(0) if known else StandingRow(())
        _note_styles(styles, len(rows) + 2, old, own)
        rows.append(_row(table, fresh, old, ours, len(standing.headings)))
    for old in (row for left in rest.values() for row in left if _is_theirs(ours, own, row, table.key)):
        _note_styles(styles, len(rows) + 2, old, range(len(standing.headings)))
        rows.append(_left(old, ours, len(standing.headings)))
    return Laid(standing.name, standing.headings, rows, styles)


def with_cells(standing: Standing, edits: Mapping[tuple[int, int], str | None]) -> Standing:
    """Give a sheet with cells written into it, by row and column of the sheet, counted from 1."""
    rows = []
    for row in standing.rows:
        values = list(row.values)
        for place in range(len(values)):
            if (row.number, place + 1) in edits:
                values[place] = edits[row.number, place + 1]
        rows.append(replace(row, values=tuple(values)))
    return replace(standing, rows=tuple(rows))


def _ours(headings: Collection[str], standing: Sequence[str]) -> dict[int, str]:
    """Find our columns by place; of two with the same heading, the second is people's own."""
    found: dict[str, int] = {}
    for place, text in enumerate(standing):
        if text in headings:
            found.setdefault(text, place)
    return {place: heading for heading, place in found.items()}


def _texts(ours: Mapping[int, str], row: StandingRow) -> dict[str, object]:
    return {heading: row.values[place] for place, heading in ours.items() if place < len(row.values)}


def _row(table: Table, fresh: Row, old: StandingRow, ours: Mapping[int, str], width: int) -> list[Value]:
    values = [old.values[place] if place < len(old.values) else None for place in range(width)]
    decision = fold(str(_texts(ours, old).get("Decision") or ""))
    kept = {*CARRIED, *table.asked_with.get(decision, ())}
    for place, heading in ours.items():
        if heading not in kept:
            values[place] = fresh.get(heading)
    return values


def _left(old: StandingRow, ours: Mapping[int, str], width: int) -> list[Value]:
    """Keep a row that has no result any more, and say so where there is a column for it."""
    values = [*old.values, *[None] * (width - len(old.values))]
    named = any(values[place] for place, heading in ours.items() if heading == "Record ID")
    for place, heading in ours.items():
        if heading == "Needs a person" and named:
            values[place] = Toned(GONE, Tone.WARN)
    return values


def _is_theirs(ours: Mapping[int, str], own: Iterable[int], row: StandingRow, key: Collection[str]) -> bool:
    """Whether people have put something into a row: their columns, a decision, or a row that has no name at all."""
    cells = _texts(ours, row)
    theirs = any(place < len(row.values) and row.values[place] not in {None, ""} for place in own)
    nameless = not all(cells.get(heading) for heading in key) and any(cells.values())
    return theirs or bool(cells.get("Decision")) or nameless


def _note_styles(styles: dict[int, dict[int, str]], row: int, old: StandingRow, places: Iterable[int]) -> None:
    kept = {place + 1: old.styles[place] for place in places if place < len(old.styles) and old.styles[place]}
    if kept:
        styles[row] = kept
