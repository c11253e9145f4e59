"""Collecting problems: where they stand, in the words of a person, in the order of the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.model import Cell, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 60
"""Characters of a value that a problem repeats."""


class Flaw(NamedTuple):
    """What is wrong with a value, not yet knowing in which cell it stands."""

    kind: str
    value: str
    what: str
    remedy: str
    warning: bool = False


class Findings:
    """The problems found so far. `bad` are the rows of Records that must not be used."""

    def __init__(self) -> None:
        self._found: list[tuple[int, int, int, Problem]] = []
        self.bad: set[int] = set()
        self.stopped = False
        """Something is wrong that concerns every record."""

    def in_settings(self, cell: Cell, flaw: Flaw) -> None:
        """Note a flaw of a cell on Settings."""
        self._add(0, cell.row, cell.column, str(cell), flaw)

    def in_records(self, cell: Cell, flaw: Flaw) -> None:
        """Note a flaw of a record's cell; the record is not used, unless it is only a warning."""
        self._add(1, cell.row, cell.column, str(cell), flaw)
        if not flaw.warning:
            self.bad.add(cell.row)

    def in_heading(self, cell: Cell, flaw: Flaw) -> None:
        """Note a flaw of a heading; it concerns every record."""
        self._add(1, cell.row, cell.column, str(cell), flaw)
        self.stopped |= not flaw.warning

    def in_image(self, cell: Cell, flaw: Flaw) -> None:
        """Note a flaw of a cell on the sheet with the images."""
        self._add(2, cell.row, cell.column, str(cell), flaw)

    def in_sheet(self, sheet: str, flaw: Flaw) -> None:
        """Note something about the whole Records sheet."""
        self._add(1, 0, 0, sheet, flaw)

    def problems(self) -> tuple[Problem, ...]:
        """Give every problem: Settings first, then Records, then Images, by row and column."""
        return tuple(problem for *_, problem in sorted(self._found, key=lambda found: found[:3]))

    def _add(self, sheet: int, row: int, column: int, where: str, flaw: Flaw) -> None:
        problem = Problem(where, flaw.kind, shown(flaw.value), flaw.what, flaw.remedy, flaw.warning)
        self._found.append((sheet, row, column, problem))


def shown(value: str) -> str:
    """Make a value fit for a message: one line, no invisible characters, at most 60 characters."""
    short = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    if short.isprintable():
        return short
    return "".join(ch if ch.isprintable() else " " if ch in "\n\r\t\xa0" else f"<U+{ord(ch):04X}>" for ch in short)


def listed(names: Iterable[str], most: int = 12) -> str:
    """Name what may be chosen, with commas; the end of a long list is left out."""
    all_names = list(names)
    more = f" and {len(all_names) - most} more" if len(all_names) > most else ""
    return ", ".join(all_names[:most]) + more
