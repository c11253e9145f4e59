"""What can be decided on the sheets about keywords, and what came of reading what people ask for there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.model import Cell, Problem, RecordKey
    from sync.sheets.asked import Hearing


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


def verb_of(hearing: Hearing[Decision], at: Cell, word: str, known: Iterable[str]) -> Verb | None:
    """Read the word of a decision; a word that is none is noted."""
    found = hearing.word(at, word, known)
    return None if found is None else Verb(found)


def result(hearing: Hearing[Decision]) -> Asked:
    """Give what was heard, less what is asked for twice in ways that do not go together."""
    said: dict[tuple[RecordKey, str], list[Decision]] = {}
    for one in hearing.decisions:
        said.setdefault((one.record, one.subject), []).append(one)
    kept = []
    for same in said.values():
        if len({one.verb for one in same}) == 1:
            kept.append(same[0])
            for again in same[1:]:
                hearing.settle(again.at, f"It is asked for in row {same[0].at.row} already.")
            continue
        for one in same:
            others = ", ".join(f"row {other.at.row}: {other.verb}" for other in same if other is not one)
            hearing.refuse(
                one.at,
                "decisions-differ",
                one.verb,
                f"Another decision stands there for the same ({others}).",
                "Keep one of them.",
            )
    return Asked(tuple(kept), tuple(hearing.settled), tuple(hearing.problems))
