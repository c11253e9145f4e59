"""Where suggestions go: columns of Records, what stands in their cells now, and what the service takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from sync.model import Idea
from sync.sheets.values import fold
from sync.workbook.layout import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model import Cell, RecordKey, Reference

SEMANTIC, AUDIENCES, CUSTOM = "semantic_keywords", "audiences", "custom_audience"
NAMES = {one.field: one.name for one in HEADINGS if one.field in {SEMANTIC, AUDIENCES, CUSTOM}}
"""The headings of the columns that suggestions go into, by our own name of the field."""
KINDS = {idea: idea.value.capitalize() for idea in Idea}
"""What stands in the column Kind."""

Place: TypeAlias = "tuple[RecordKey, str]"
"""A record, and the field whose cell it is."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where suggestions go: what stands in the cells of Records now, and what the service takes."""

    reference: Reference
    names: Mapping[RecordKey, str] = field(default_factory=dict)
    """Every record with a row of its own, in the order of the workbook, and its name; also those that are not sound."""
    cells: Mapping[Place, str] = field(default_factory=dict)
    """What stands in the cells of these records; the empty text also where there is no such column yet."""
    at: Mapping[Place, Cell] = field(default_factory=dict)
    """Where those of these cells stand that decisions are about."""
    blocked: Mapping[Place, str] = field(default_factory=dict)
    """Cells that must not be written, each with the reason."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Columns that are not there, by field, each with the reason why it cannot be added; empty: it can."""

    def field_of(self, idea: Idea, value: str) -> str:
        """Say into which field a suggestion goes: an audience that the service does not list is one in free words."""
        if idea is Idea.SEMANTIC:
            return SEMANTIC
        listed = {fold(text) for one in self.reference.audiences for text in (one.name, one.id)}
        return AUDIENCES if fold(value) in listed else CUSTOM


def holds(cell: str, value: str, goes: str) -> bool:
    """Tell whether a suggestion stands in its cell; one in free words is all that stands there."""
    return fold(cell) == fold(value) if goes == CUSTOM else fold(value) in parts(cell)


def parts(cell: str) -> set[str]:
    """Give what a cell with several things says, folded."""
    return {fold(part) for part in cell.replace(";", ",").replace("\n", ",").split(",") if part.strip()}
