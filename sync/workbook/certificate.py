"""What a comparison of two workbooks found, and how it is said in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Difference(NamedTuple):
    """Something that differs though nobody asked for it, or does not though somebody did."""

    where: str
    """A part, or a cell as in Records!K7."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What differs between two workbooks."""

    cells_changed: int
    parts_untouched: int
    parts_changed: tuple[str, ...]
    formulas_kept: int
    unplanned: tuple[Difference, ...]
    """At most the first hundred of each sheet."""
    sheets_added: int = 0
    sheets_rewritten: int = 0
    """Sheets of ours whose rows were all written anew."""
    tables_grown: int = 0
    notes_changed: int = 0
    """Cells of the very hidden sheet `_sync` that changed; `cells_changed` is without them."""
    recalculated: bool = False
    """Whether the workbook now asks for its formulas to be calculated when it is next opened, and did not before."""

    @property
    def ok(self) -> bool:
        """Whether exactly what was planned has changed."""
        return not self.unplanned

    def line(self) -> str:
        """Say it in one line."""
        counts = (
            (self.cells_changed, "cell", "changed"),
            (self.sheets_added, "sheet", "added"),
            (self.sheets_rewritten, "sheet", "written anew"),
            (self.tables_grown, "table", "grown"),
            (self.parts_untouched, "other part", "untouched"),
            (self.formulas_kept, "formula", "kept"),
        )
        always = {"cell", "other part", "formula"}
        said = [f"{count:,} {_many(noun, count)} {done}" for count, noun, done in counts if count or noun in always]
        if self.unplanned:
            said.append(f"{len(self.unplanned):,} UNPLANNED differences")
        if self.recalculated:
            said.append("formulas will be recalculated when the file is next opened")
        return ", ".join(said)


def _many(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
