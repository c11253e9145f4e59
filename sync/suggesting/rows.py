"""The rows of the sheet: made of what was suggested, and taken over where only the sheet knows of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.model import Fate, Idea, Suggested
from sync.sheets.asked import Names
from sync.sheets.table import Table
from sync.sheets.values import fold
from sync.suggesting.shelf import KINDS, NAMES, holds
from sync.workbook.layout_suggestions import SUGGESTION_HEADINGS, SUGGESTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sync.model import RecordKey
    from sync.sheets.asked import Sheet
    from sync.suggesting.shelf import Shelf

_KEY = ("Record ID", "Type", "Store", "Language", "Kind", "Suggestion")
IN_ITS_CELL = "in its cell"
"""The state of a suggestion on which nobody has decided, and which somebody has typed."""
_NO_LONGER = ", no longer in its cell"


def suggestion_table(known: Iterable[Suggested], shelf: Shelf) -> Table:
    """Make the rows, in the order of the workbook: first what nobody has decided on yet."""
    order = {key: at for at, key in enumerate(shelf.names)}
    rows = [one for one in known if one.record in order]
    rows.sort(key=lambda one: (one.fate is not Fate.OPEN, order[one.record], list(Idea).index(one.idea)))
    return Table(SUGGESTIONS, SUGGESTION_HEADINGS, _KEY, [_row(one, shelf) for one in rows])


def _row(one: Suggested, shelf: Shelf) -> dict[str, Any]:
    goes = shelf.field_of(one.idea, one.value)
    cell = shelf.cells.get((one.record, goes), "")
    there = holds(cell, one.value, goes)
    states = {Fate.OPEN: IN_ITS_CELL if there else "", Fate.ACCEPTED: one.fate.value + ("" if there else _NO_LONGER)}
    return {
        "Record ID": one.record.record_id,
        "Name": shelf.names[one.record],
        "Kind": KINDS[one.idea],
        "Suggestion": one.value,
        "State": states.get(one.fate, one.fate.value),
        "Goes into": NAMES[goes],
        "There now": cell,
        "Type": one.record.type,
        "Store": one.record.store,
        "Language": one.record.language,
    }


def learned(
    sheet: Sheet, known: Iterable[Suggested], keys: Iterable[RecordKey], worked_out: Collection[int] = ()
) -> list[Suggested]:
    """Find what only the sheet knows: suggestions that a colleague has asked for, or typed, and what became of others.

    What stands under State counts, whoever put it there, and so does a cell there that somebody has emptied: several
    computers may have a journal for the workbook, and the sheet is what people see. A suggestion that has no row on it
    stays as it was, and so does one whose State is `worked_out`, by a formula: nobody has put that there. These are
    rows of the sheet, counted from 1.
    """
    there = {_place(one): one for one in known}
    found: dict[_Place, Suggested] = {}
    for row, fresh, state in _on_sheet(sheet, keys):
        place = _place(fresh)
        one = found.get(place) or there.get(place) or fresh
        if place not in found or found[place].fate is Fate.OPEN:  # of two rows alike, one that was decided on counts
            found[place] = replace(one, fate=one.fate if row in worked_out else _fate(state, one.fate))
    return [one for place, one in found.items() if one != there.get(place)]


def as_on_sheet(sheet: Sheet, known: Iterable[Suggested], keys: Iterable[RecordKey]) -> list[Suggested]:
    """Bring suggestions into the order in which they stand on the sheet; what is not there comes last.

    Each journal has come to know them in an order of its own: two computers would turn the rows round and round.
    """
    order: dict[_Place, int] = {}
    for place, (_, one, _) in enumerate(_on_sheet(sheet, keys)):
        order.setdefault(_place(one), place)
    return sorted(known, key=lambda one: order.get(_place(one), len(order)))


_Place: TypeAlias = "tuple[RecordKey, Idea, str]"
"""What names a suggestion, its words folded."""


def _place(one: Suggested) -> _Place:
    return one.record, one.idea, fold(one.value)


def _on_sheet(sheet: Sheet, keys: Iterable[RecordKey]) -> Iterator[tuple[int, Suggested, str]]:
    """Read the suggestions of a sheet from the top to the bottom, each with its row and its State."""
    names = Names(keys)
    for row, cells in sheet.rows:
        value, idea = " ".join(cells.get("Suggestion", "").split()), idea_of(cells)
        if value and idea is not None and len(found := names.fitting(cells)) == 1:
            yield row, Suggested(found[0], idea, value), cells.get("State", "")


def named_in_full(sheet: Sheet, keys: Iterable[RecordKey]) -> dict[tuple[int, int], str]:
    """Give the cells that make rows which people have typed say in full what they are about, so that they stay one."""
    names = Names(keys)
    cells: dict[tuple[int, int], str] = {}
    for row, said in sheet.rows:
        idea = idea_of(said)
        if idea is None or all(said.get(heading) for heading in ("Type", "Store", "Language")):
            continue
        if len(found := names.fitting(said)) == 1:
            key = found[0]
            whole = {"Type": key.type, "Store": key.store, "Language": key.language, "Kind": KINDS[idea]}
            cells |= {(row, sheet.columns[heading]): text for heading, text in whole.items()}
    return cells


def _fate(state: str, usual: Fate) -> Fate:
    """Read what stands under State; words that are none of ours change nothing."""
    first = fold(state).partition(",")[0]
    if first in {"", IN_ITS_CELL}:
        return Fate.OPEN
    return next((one for one in Fate if one == first), usual)


def idea_of(cells: Mapping[str, str]) -> Idea | None:
    """Read the kind of a row."""
    return next((idea for idea in Idea if fold(cells.get("Kind", "")) == idea.value), None)
