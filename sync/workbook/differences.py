"""Any two workbooks side by side: which cells show something else, with what was and what is, and what else differs.

It reads what cells show, not how the file spells them: a workbook that Excel has saved anew is the same workbook.
`sync.workbook.verify` is the strict one, for what we have written ourselves.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.container import Container
from sync.workbook.package.parsed import Parsed, parsed
from sync.workbook.package.seen import NOTHING, Shown, shared_strings, shown, strings_part, without_calculation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sync.workbook.package.parsed import CellSeen, RowSeen

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?[A-Za-z_]")


class CellDifference(NamedTuple):
    """A cell that shows something else. A formula begins with an equals sign; its value is beside it."""

    sheet: str
    cell: str
    was: str
    now: str
    was_formula: str | None = None
    now_formula: str | None = None

    @property
    def where(self) -> str:
        """The cell, as in Records!K7."""
        return f"{self.sheet}!{self.cell}"


@dataclass(slots=True)
class Differences:
    """What differs between two workbooks."""

    cells: list[CellDifference] = field(default_factory=list)
    """The first of them, in the order of sheets and rows."""
    cells_differing: int = 0
    formulas_kept: int = 0
    formulas_differing: int = 0
    """Formulas that are gone, new or others."""
    parts_same: int = 0
    parts_added: list[str] = field(default_factory=list)
    parts_removed: list[str] = field(default_factory=list)
    parts_differing: list[str] = field(default_factory=list)
    """But for sheets of which only cells differ, and the texts that belong to those cells."""
    others: list[str] = field(default_factory=list)
    """What else differs in a sheet, in words."""
    recalculates: bool = False
    """Whether the newer one asks for its formulas to be calculated when it is opened, and the older one did not."""

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not self.cells_differing and self.only_values

    @property
    def only_values(self) -> bool:
        """Whether nothing differs but what cells show."""
        more = (self.parts_added, self.parts_removed, self.parts_differing, self.others)
        return not self.formulas_differing and not any(more)


def differences(before: Path, after: Path, *, most: int) -> Differences:
    """Compare two workbooks; `most` cells are listed, all are counted. Raises NotAWorkbook when one cannot be read."""
    with Container.open(before) as old, Container.open(after) as new:
        return _Comparison(old, new, most).made()


class _Comparison:
    def __init__(self, old: Container, new: Container, most: int) -> None:
        self.old, self.new, self.most = old, new, most
        self.found = Differences()
        self._known: tuple[Sequence[Shown], Sequence[Shown]] | None = None
        self._same_strings = self._is_same(strings_part(old), strings_part(new))

    def made(self) -> Differences:
        found, old, new = self.found, self.old, self.new
        done = {strings_part(old), strings_part(new)} - {""}
        theirs = {sheet.name: new.entry(sheet.part).name for sheet in new.sheets}
        for sheet in old.sheets:
            part = old.entry(sheet.part).name
            if sheet.name not in theirs:
                found.others.append(f"the sheet {sheet.name} is gone")
                continue
            done |= {part, theirs[sheet.name]}
            self._sheet(sheet.name, part, theirs[sheet.name])
        known = {sheet.name for sheet in old.sheets}
        found.others += [f"the sheet {name} is new" for name in theirs if name not in known]
        names, others = _names(old), _names(new)
        found.parts_removed = [name for name in names if name not in others and name not in done]
        found.parts_added = [name for name in others if name not in names and name not in done]
        for name in names:
            if name in others and name not in done:
                if self._is_same(name, name):
                    found.parts_same += 1
                elif name == old.entry(old.workbook_part).name and self._only_calculates(name):
                    found.recalculates = True
                else:
                    found.parts_differing.append(name)
        return found

    def _is_same(self, one: str, other: str) -> bool:
        """Whether two parts hold the same bytes, however they are packed."""
        if not one or not other:
            return one == other
        first, second = self.old.entry(one), self.new.entry(other)
        if (first.crc, first.size) != (second.crc, second.size):
            return False
        return _digest(self.old.archive.chunks(first)) == _digest(self.new.archive.chunks(second))

    def _only_calculates(self, part: str) -> bool:
        """Whether the workbook parts differ in nothing but the wish to have formulas calculated."""
        return without_calculation(self.old.read(part)) == without_calculation(self.new.read(part))

    def _strings(self) -> tuple[Sequence[Shown], Sequence[Shown]]:
        if self._known is None:
            old = shared_strings(self.old)
            self._known = (old, old if self._same_strings else shared_strings(self.new))
        return self._known

    def _sheet(self, name: str, part: str, other: str) -> None:
        if self._same_strings and self._is_same(part, other):
            self.found.parts_same += 1
            self.found.formulas_kept += _formulas(self.new.chunks(other))
            return
        before, after = Parsed(), Parsed()
        sheet = _Sheet(self.found, name, self._strings(), self.most)
        sheet.rows(parsed(self.old.chunks(part), before), parsed(self.new.chunks(other), after))
        said = [
            f"{name}: {count:,} {what}{'s' if count > 1 else ''} differ{'' if count > 1 else 's'}"
            for what, count in sheet.more.items()
        ]
        if before.surroundings() != after.surroundings():
            said.append(f"{name}: something besides its cells differs")
        self.found.others += said


class _Sheet:
    """Two sheets of one name, row by row."""

    def __init__(
        self, found: Differences, name: str, strings: tuple[Sequence[Shown], Sequence[Shown]], most: int
    ) -> None:
        self.found, self.name, self.most = found, name, most
        self.old_strings, self.new_strings = strings
        self.more: Counter[str] = Counter()

    def rows(self, before: Iterator[RowSeen], after: Iterator[RowSeen]) -> None:
        old, new = next(before, None), next(after, None)
        while old is not None or new is not None:
            if new is None or (old is not None and old.number < new.number):
                assert old is not None  # noqa: S101 - one of the two is there
                self._cells(old.cells, [])
                old = next(before, None)
            elif old is None or new.number < old.number:
                self._cells([], new.cells)
                new = next(after, None)
            else:
                self.more["format of a row"] += old.attributes != new.attributes
                self._cells(old.cells, new.cells)
                old, new = next(before, None), next(after, None)
        self.more = +self.more

    def _cells(self, before: list[CellSeen], after: list[CellSeen]) -> None:
        old, new = {cell[0]: cell for cell in before}, {cell[0]: cell for cell in after}
        for place in old | new:
            self._cell(place, old.get(place), new.get(place))

    def _cell(self, place: str, before: CellSeen | None, after: CellSeen | None) -> None:
        was = shown(before, self.old_strings) if before else NOTHING
        now = shown(after, self.new_strings) if after else NOTHING
        if was.formula != now.formula:
            self.found.formulas_differing += 1
        elif was.formula is not None:
            self.found.formulas_kept += 1
        if (was.value, was.formula) != (now.value, now.formula):
            self.found.cells_differing += 1
            if len(self.found.cells) < self.most:
                self.found.cells.append(
                    CellDifference(self.name, place, was.value, now.value, was.formula, now.formula)
                )
        elif was.rich != now.rich:
            self.more["format inside a text"] += 1
        elif before and after and any(before[1].get(name) != after[1].get(name) for name in _BESIDES):
            self.more["kind of a cell"] += 1
        if before and after and before[1].get("s", "0") != after[1].get("s", "0"):
            self.more["format of a cell"] += 1


_BESIDES = ("cm", "vm", "ph")
"""Attributes that say what a cell is besides its value: a dynamic array, a data type or picture, a reading."""


def _digest(chunks: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()


def _names(container: Container) -> list[str]:
    return [entry.name for entry in container.archive.entries if not entry.name.endswith("/")]


def _formulas(chunks: Iterator[bytes]) -> int:
    """Count the formulas of a sheet that need not be parsed; those of other namespaces (sparklines) are none."""
    count, kept, formula = 0, b"", None
    for chunk in chunks:
        text = kept + chunk
        last = max(text.rfind(b"<"), 0)
        if formula is None and (root := _ROOT.search(text)):
            formula = re.compile(b"<" + re.escape(root[1] or b"") + rb"f[\s/>]")
        if formula is not None:
            count += len(formula.findall(text, 0, last))
        kept = text[last:]
    return count
