"""What came of decisions, written into the rows in which they were asked for.

A row is found by what it says and not by its number: it may have been sorted meanwhile. A decision that was changed
meanwhile is another one, and stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.sheets.values import fold
from sync.workbook.layout_keywords import KEYWORDS, MANUAL_KEYWORDS, OF_RECORD, PIPELINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import Cell
    from sync.sheets.asked import Sheet

_SUBJECTS = {KEYWORDS: ("Keyword", "Decision"), PIPELINES: ("Pipeline", "Decision"),
             MANUAL_KEYWORDS: ("Keyword", "Add or remove")}  # fmt: skip
_DONE = {KEYWORDS: "Done", PIPELINES: "Done", MANUAL_KEYWORDS: "Done?"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be said in one row. `done` is empty for what was not carried out, and its decision stays."""

    sheet: str
    signature: tuple[str, ...]
    done: str
    message: str


def mark(sheet: Sheet, at: Cell, *, done: str = "", message: str = "") -> Mark:
    """Mark the row of a decision on the sheet that it was read from."""
    name = _known(sheet.name)
    return Mark(name, _signature(name, next(cells for row, cells in sheet.rows if row == at.row)), done, message)


def marked(sheet: Sheet, marks: Iterable[Mark]) -> dict[tuple[int, int], str | None]:
    """Give the cells to write, by row and column, for the sheet as it stands now."""
    name = _known(sheet.name)
    wanted: dict[tuple[str, ...], list[Mark]] = {}
    for one in marks:
        if one.sheet == name:
            wanted.setdefault(one.signature, []).append(one)
    edits: dict[tuple[int, int], str | None] = {}
    for row, cells in sheet.rows:
        waiting = wanted.get(_signature(name, cells))
        if not waiting or (name == MANUAL_KEYWORDS and cells.get("Done?", "").strip()):
            continue
        found = waiting.pop(0)  # rows that say the same get what came of them in their order
        said: dict[str, str | None] = {"Message": found.message or None}
        if found.done:
            said[_DONE[name]] = found.done
            if name != MANUAL_KEYWORDS:
                said["Decision"] = None
        edits |= {(row, sheet.columns[heading]): text for heading, text in said.items() if heading in sheet.columns}
    return edits


def _known(name: str) -> str:
    return next(known for known in _SUBJECTS if fold(known) == fold(name))


def _signature(name: str, cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(fold(cells.get(heading, "")) for heading in (*OF_RECORD, *_SUBJECTS[name]))
