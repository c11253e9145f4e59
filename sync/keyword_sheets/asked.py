"""What people ask for on a sheet, row by row: what every reader of decisions begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.keyword_sheets.facts import fold
from sync.model import Cell, Problem
from sync.workbook.layout import near_miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import RecordKey


class Verb(StrEnum):
    """What can be asked for."""

    USE = "use"
    DROP = "drop"
    LOCK = "lock"
    UNLOCK = "unlock"
    DELETE = "delete"
    RESTORE = "restore"
    TRIGGER = "trigger"
    AUTOMATIC = "trigger automatic"
    SNAPSHOT = "snapshot"
    PUT_BACK = "restore snapshot"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read: where each heading stands, and the rows below with their texts by heading."""

    name: str
    columns: Mapping[str, int]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def cell(self, row: int, heading: str) -> Cell:
        """Give the place of a cell."""
        return Cell(self.name, row, self.columns[heading])


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to carry out, checked. `at` is the cell in which it was asked for."""

    verb: Verb
    record: RecordKey
    subject: str
    """The keyword, folded, or the id of the pipeline."""
    at: Cell
    effect: str
    """What it does, in words."""
    snapshot_id: str = ""
    trigger: tuple[str, str, tuple[str, ...]] = ("", "", ())
    """Condition, value, and text types of a trigger."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of reading a sheet."""

    decisions: tuple[Decision, ...] = ()
    settled: tuple[tuple[Cell, str], ...] = ()
    """Rows that need nothing done, by the cell in which it was asked for, each with the reason."""
    problems: tuple[tuple[Cell, Problem], ...] = ()

    def __add__(self, other: Asked) -> Asked:
        """Put two together."""
        return Asked(self.decisions + other.decisions, self.settled + other.settled, self.problems + other.problems)


@dataclass(slots=True)
class Hearing:
    """Collects what a sheet asks for, row by row."""

    sheet: Sheet
    decisions: list[Decision] = field(default_factory=list)
    settled: list[tuple[Cell, str]] = field(default_factory=list)
    problems: list[tuple[Cell, Problem]] = field(default_factory=list)

    def refuse(self, at: Cell, kind: str, value: str, what: str, remedy: str) -> None:
        """Note a row that cannot be carried out."""
        self.problems.append((at, Problem(str(at), kind, value, what, remedy)))

    def settle(self, at: Cell, why: str) -> None:
        """Note a row for which nothing has to be done."""
        self.settled.append((at, why))

    def result(self) -> Asked:
        """Give what was heard, less what is asked for twice in ways that do not go together."""
        said: dict[tuple[RecordKey, str], list[Decision]] = {}
        for one in self.decisions:
            said.setdefault((one.record, one.subject), []).append(one)
        kept = []
        for same in said.values():
            if len({one.verb for one in same}) == 1:
                kept.append(same[0])
                for again in same[1:]:
                    self.settle(again.at, f"It is asked for in row {same[0].at.row} already.")
                continue
            for one in same:
                others = ", ".join(f"row {other.at.row}: {other.verb}" for other in same if other is not one)
                self.refuse(
                    one.at,
                    "decisions-differ",
                    one.verb,
                    f"Another decision stands there for the same ({others}).",
                    "Keep one of them.",
                )
        return Asked(tuple(kept), tuple(self.settled), tuple(self.problems))

    def verb(self, at: Cell, word: str, known: Iterable[str]) -> Verb | None:
        """Read the word of a decision; a word that is none is noted."""
        folded = fold(word)
        names = list(known)
        if folded in names:
            return Verb(folded)
        near = near_miss(word, names)
        remedy = f"Did you mean {near}?" if near else f"Choose one of: {', '.join(names)}."
        self.refuse(at, "unknown-decision", word, "This is no decision that can be carried out.", remedy)
        return None


class Names:
    """Finds the record that a row is about: by all of its name, or by its id alone where only one record has it."""

    def __init__(self, keys: Iterable[RecordKey]) -> None:
        self._by_id: dict[str, list[RecordKey]] = {}
        for key in keys:
            self._by_id.setdefault(key.record_id, []).append(key)

    def find(self, hearing: Hearing, row: int, cells: Mapping[str, str]) -> RecordKey | None:
        """Find it; what is wrong is noted at the cell with the id."""
        wanted = cells.get("Record ID", "").strip()
        at = hearing.sheet.cell(row, "Record ID")
        known = self._by_id.get(wanted, [])
        found = [key for key in known if _fits(key, cells)]
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
