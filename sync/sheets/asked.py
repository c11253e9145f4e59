"""What people ask for on a sheet, row by row: what every reader of decisions begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from sync.model import Cell, Problem
from sync.sheets.values import fold
from sync.workbook.layout import near_miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import RecordKey

Wanted = TypeVar("Wanted")
"""A decision, as the sheet that it stands on has it."""

Signature: TypeAlias = tuple[str, ...]
"""What a row says under some headings, folded."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read: where each heading stands, and the rows below with their texts by heading."""

    name: str
    columns: Mapping[str, int]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def cell(self, row: int, heading: str) -> Cell:
        """Give the place of a cell."""
        return Cell(self.name, row, self.columns[heading])

    def signatures(self, headings: Iterable[str]) -> Mapping[int, Signature]:
        """Give what each row says under these headings, by its number.

        A row may be sorted between the moment it was read and the one in which something is written into it; it is
        found again by this. What was changed meanwhile is another wish.
        """
        wanted = tuple(headings)
        return {row: tuple(fold(cells.get(heading, "")) for heading in wanted) for row, cells in self.rows}


@dataclass(slots=True)
class Hearing(Generic[Wanted]):
    """Collects what a sheet asks for, row by row."""

    sheet: Sheet
    decisions: list[Wanted] = field(default_factory=list)
    settled: list[tuple[Cell, str]] = field(default_factory=list)
    problems: list[tuple[Cell, Problem]] = field(default_factory=list)

    def refuse(self, at: Cell, kind: str, value: str, what: str, remedy: str) -> None:
        """Note a row that cannot be carried out."""
        self.problems.append((at, Problem(str(at), kind, value, what, remedy)))

    def settle(self, at: Cell, why: str) -> None:
        """Note a row for which nothing has to be done."""
        self.settled.append((at, why))

    def word(self, at: Cell, said: str, known: Iterable[str]) -> str | None:
        """Read the word of a decision, folded; a word that is none of the known ones is noted."""
        folded, names = fold(said), list(known)
        if folded in names:
            return folded
        near = near_miss(said, names)
        remedy = f"Did you mean {near}?" if near else f"Choose one of: {', '.join(names)}."
        self.refuse(at, "unknown-decision", said, "This is no decision that can be carried out.", remedy)
        return None


class Names:
    """Finds the record that a row is about: by all of its name, or by its id alone where only one record has it."""

    def __init__(self, keys: Iterable[RecordKey]) -> None:
        self._by_id: dict[str, list[RecordKey]] = {}
        for key in keys:
            self._by_id.setdefault(key.record_id, []).append(key)

    def fitting(self, cells: Mapping[str, str]) -> list[RecordKey]:
        """Give the records that a row may be about; quick, since nothing is said of rows that are about none."""
        return [key for key in self._by_id.get(cells.get("Record ID", "").strip(), ()) if _fits(key, cells)]

    def find(self, hearing: Hearing[Any], row: int, cells: Mapping[str, str]) -> RecordKey | None:
        """Find it; what is wrong is noted at the cell with the id."""
        wanted = cells.get("Record ID", "").strip()
        at = hearing.sheet.cell(row, "Record ID")
        known, found = self._by_id.get(wanted, []), self.fitting(cells)
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            hearing.refuse(
                at, "ambiguous-record", wanted, "Several records of the workbook have this id.",
                "Fill in Type, Store and Language.",
            )  # fmt: skip
            return None
        near = near_miss(wanted, self._by_id) if wanted and not known else None
        remedy = f"Did you mean {near}?" if near else "Give the Record ID as it stands on Records."
        what = "The workbook has no such record." if wanted else "The row does not say which record it is about."
        if known:
            what, remedy = "The workbook has this id, but in another type, store or language.", "Correct those."
        hearing.refuse(at, "unknown-record", wanted, what, remedy)
        return None


def _fits(key: RecordKey, cells: Mapping[str, str]) -> bool:
    said = (("Type", key.type), ("Store", key.store), ("Language", key.language))
    return all(not (text := cells.get(heading, "").strip()) or fold(text) == fold(own) for heading, own in said)
