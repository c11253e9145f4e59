"""A sheet before it is laid out: rows by heading, and what makes two rows the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sync.keyword_sheets.facts import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.values import Value

Row: TypeAlias = "Mapping[str, Value]"

CARRIED = ("Decision", "Done", "Message")
"""What a row keeps when the sheet is written anew: what was asked for, and what came of it."""

_TRIGGER = ("Trigger condition", "Trigger value", "Text types")
ASKED_WITH = {"trigger": _TRIGGER, "trigger automatic": _TRIGGER, "restore snapshot": ("Snapshot id",)}
"""What else it keeps as long as a decision stands in it: what that is to be done with."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet, sorted. `key` are the headings that name a row; they are compared folded."""

    name: str
    headings: tuple[str, ...]
    key: tuple[str, ...]
    rows: Sequence[Row]

    def key_of(self, cells: Mapping[str, object]) -> tuple[str, ...]:
        """Give what a row is recognised by, wherever it has been sorted to."""
        return tuple(fold(str(cells.get(heading) or "")) for heading in self.key)


def of_record(found: Found) -> dict[str, Value]:
    """Give the cells that name a record."""
    key = found.record.key
    return {
        "Record ID": key.record_id,
        "Type": key.type,
        "Store": key.store,
        "Language": key.language,
        "Country": found.country,
        "Name": found.record.inputs.name,
    }
