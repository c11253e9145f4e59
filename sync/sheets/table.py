"""A sheet before it is laid out: rows by heading, and what makes two rows the same one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from sync.sheets.values import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.sheets.values import Value

Row: TypeAlias = "Mapping[str, Value]"

CARRIED = ("Decision", "Done", "Message")
"""What a row keeps when the sheet is written anew: what was asked for, and what came of it."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet, sorted. `key` are the headings that name a row; they are compared folded."""

    name: str
    headings: tuple[str, ...]
    key: tuple[str, ...]
    rows: Sequence[Row]
    asked_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Headings of what a decision, folded, is to be done with: a row keeps them as long as it stands there."""

    def key_of(self, cells: Mapping[str, object]) -> tuple[str, ...]:
        """Give what a row is recognised by, wherever it has been sorted to."""
        return tuple(fold(str(cells.get(heading) or "")) for heading in self.key)
