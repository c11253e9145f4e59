"""Proof of what a write did: two workbooks compared, part by part and cell by cell.

Everything is read again from the files, with `zipfile` and expat rather than the scanner that wrote: a mistake there
must not be able to hide here.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple
from zipfile import BadZipFile, ZipFile

from sync.errors import NotAWorkbook
from sync.workbook import insertions
from sync.workbook.certificate import Certificate, Difference
from sync.workbook.entries import chunks, described_otherwise, formulas, named, same_bytes
from sync.workbook.layout import SYNC
from sync.workbook.package.address import address
from sync.workbook.package.beside import ahead, brisk
from sync.workbook.package.container import Container
from sync.workbook.package.edits import by_row
from sync.workbook.package.forecast import quick
from sync.workbook.package.judge import Judge
from sync.workbook.package.parsed import Parsed, parsed
from sync.workbook.package.registry import TYPES, WORKSHEET
from sync.workbook.package.relations import rels_of
from sync.workbook.package.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from sync.workbook.package.container import SheetPart
    from sync.workbook.package.edits import ByRow, Edits
    from sync.workbook.package.sheets import NewSheet

SHOWN = 100
_LARGE = 1 << 22  # bytes: worth a turn of its thread


def compare(
    before: Path,
    after: Path,
    planned: Edits | None = None,
    sheets: Collection[NewSheet] = (),
    *,
    grow: bool = False,
) -> Certificate:
    """Compare two workbooks; without `planned` every cell that differs counts as unplanned.

    `sheets` must be there with exactly their rows; with `grow`, tables may have grown over rows written below them.
    Where cells are written and there are formulas, the workbook must ask for them to be calculated when it is opened.
    Raises NotAWorkbook when one of them cannot be read.
    """
    with Container.open(before) as container:
        plan = _plan(container, planned or {}, sheets, grow=grow)
    with Container.open(after) as container:
        found = container.sheets
    try:
        with ZipFile(before) as old, ZipFile(after) as new:
            return _Comparison(old, new, plan, found).certificate()
    except (BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, KeyError) as error:
        raise NotAWorkbook(f"The workbook that was written cannot be read: {error}.") from error


class _Plan(NamedTuple):
    """What may differ, and where it stands in the old workbook. Parts go by the names of their entries."""

    sheets: dict[str, SheetPart]
    """Those that were there, by their parts."""
    wanted: dict[str, ByRow]
    """The cells, by the name of the sheet."""
    rewritten: dict[str, NewSheet]
    """Sheets of ours, by their parts."""
    added: list[NewSheet]
    workbook: str
    relations: str
    types: str
    styles: str
    tables: dict[str, str]
    """Parts of tables that may grow, with the name of their sheet."""


def _plan(container: Container, planned: Edits, sheets: Collection[NewSheet], *, grow: bool) -> _Plan:
    known = {container.entry(sheet.part).name: sheet for sheet in container.sheets}
    wanted = {container.sheet(name).name: by_row(cells) for name, cells in planned.items()}
    ours = {sheet.name.casefold(): sheet for sheet in sheets}
    rewritten = {part: ours.pop(one.name.casefold()) for part, one in known.items() if one.name.casefold() in ours}
    listed = {one.kind: one.target for one in container.relations(container.workbook_part)}
    styles = listed.get("styles", "")
    tables = {
        container.entry(one.target).name: sheet.name
        for sheet in container.sheets
        for one in (container.relations(sheet.part) if grow else ())
        if one.kind == "table" and container.has(one.target)
    }
    return _Plan(
        known,
        wanted,
        rewritten,
        list(ours.values()),
        container.entry(container.workbook_part).name,
        container.entry(rels_of(container.workbook_part)).name,
        container.entry(TYPES).name,
        container.entry(styles).name if container.has(styles) else "",
        tables,
    )


class _Comparison:
    """Two open archives, and what was found so far."""

    def __init__(self, old: ZipFile, new: ZipFile, plan: _Plan, found: Sequence[SheetPart]) -> None:
        self.old, self.new = old, new
        self.before, self.after = named(old), named(new)
        self.plan = plan
        self.found = {sheet.name: sheet for sheet in found}
        """The sheets of the new workbook."""
        self.cells = self.notes = self.formulas = self.grown = 0
        self.unplanned: list[Difference] = []

    def certificate(self) -> Certificate:
        names, added = list(self.before), list(self.after)[len(self.before) :]
        if names != list(self.after)[: len(names)] or self.old.comment != self.new.comment:
            self._note("the package", "its parts or their order differ")
            names = [name for name in names if name in self.after]
        self._added(added)
        changed = [name for name in names if self._part(name, added)]
        recalculated = self._recalculated()
        return Certificate(
            self.cells,
            len(names) - len(changed),
            tuple(changed),
            self.formulas,
            tuple(self.unplanned),
            len(added),
            len(self.plan.rewritten),
            self.grown,
            self.notes,
            recalculated,
        )

    def _note(self, where: str, what: str) -> None:
        self.unplanned.append(Difference(where, what))

    def _part(self, name: str, added: list[str]) -> bool:
        """Judge a part that was there before; tell whether it differs."""
        old, new = self.before[name], self.after[name]
        for what in described_otherwise(old, new):
            self._note(name, f"its {what} in the archive differs")
        sheet = self.plan.sheets.get(name)
        ours = self.plan.rewritten.get(name)
        must = sheet is not None and (ours is not None or bool(self.plan.wanted.get(sheet.name)))
        if same_bytes(self.old, old, self.new, new) and not must:
            if sheet is not None:
                self.formulas += formulas(self.new, new)
            return False
        if ours is not None:
            self._rewritten(name, ours)
        elif sheet is not None:
            self._sheet(name, sheet.name)
        elif (judge := self._judge(name, added)) is None:
            self._note(name, "this part differs")
        elif wrong := judge(self.old.read(old), self.new.read(new)):
            self._note(name, wrong)
        return True

    def _judge(self, name: str, added: list[str]) -> Callable[[bytes, bytes], str] | None:
        """Find what judges a part that is no sheet; None when it must not differ at all."""
        plan, ends = self.plan, [part.rpartition("/")[2] for part in added]
        if name == plan.workbook and (added or self._calculates):
            new = {sheet.name: sheet.filtered for sheet in plan.added}
            return lambda old, now: insertions.in_workbook(old, now, new, calculated=self._calculates)
        if name in plan.tables:
            self.grown += 1
            return lambda old, now: insertions.in_table(old, now, plan.wanted.get(plan.tables[name], {}))
        if added and name == plan.relations:
            return lambda old, now: insertions.in_list(
                old, now, [{"Target": end, "Type": "/worksheet"} for end in ends]
            )
        if added and name == plan.types:
            return lambda old, now: insertions.in_list(
                old, now, [{"PartName": f"/{end}", "ContentType": WORKSHEET} for end in ends]
            )
        if not added or name != plan.styles:
            return None
        numbers = len({number for sheet in plan.added if sheet.headed for number in sheet.formats.values()})
        return lambda old, now: insertions.in_styles(old, now, numbers)

    @property
    def _calculates(self) -> bool:
        """Whether cells are written that formulas may read."""
        return any(self.plan.wanted.values()) or bool(self.plan.rewritten)

    def _recalculated(self) -> bool:
        """Whether the workbook now asks for a calculation and did not; note it when it should, and does not."""
        if not (self._calculates or self.plan.added) or self.plan.workbook not in self.after:
            return False
        asked = insertions.is_recalculated(self.new.read(self.after[self.plan.workbook]))
        if self._calculates and self.formulas and not asked:
            self._note(self.plan.workbook, "its formulas would keep the values they had")
        return asked and not insertions.is_recalculated(self.old.read(self.before[self.plan.workbook]))

    def _added(self, parts: list[str]) -> None:
        """Judge the new parts: each is one of the sheets asked for, listed as it was asked for."""
        if len(parts) != len(self.plan.added):
            self._note("the package", f"{len(parts)} parts were added instead of {len(self.plan.added)}")
        if not parts:
            return
        space = insertions.space(self.new.read(self.after[self.plan.workbook]))
        styles = self.after.get(self.plan.styles)
        formats = insertions.formats(self.new.read(styles)) if styles else 0
        for part, sheet in zip(parts, self.plan.added, strict=False):
            listed = self.found.get(sheet.name)
            if listed is None or listed.part != part.lstrip("/") or listed.state != sheet.state:
                self._note(part, f"it is not listed as the sheet {sheet.name}")
            about = Surroundings()
            self._rows(part, sheet, about, formats if sheet.headed else 0)
            if not about.foretold(sheet, space, formats):
                self._note(part, "something around its rows is not what was asked for")

    def _rewritten(self, part: str, sheet: NewSheet) -> None:
        old, new = Parsed(), Parsed()
        for _ in parsed(chunks(self.old, self.before[part]), old):
            pass
        self._rows(part, sheet, new)
        if old.surroundings() != new.surroundings():
            self._note(part, "something besides cells differs in this sheet")

    def _rows(self, part: str, sheet: NewSheet, about: Parsed, formats: int | None = None) -> None:
        """See that a sheet holds exactly these rows, and no formula."""
        judge = Judge({row: dict(enumerate(values, 1)) for row, values in enumerate(sheet.rows, 1)}, formats)
        judge.rows(iter(()), parsed(chunks(self.new, self.after[part]), about))
        self._faults(sheet.name, judge)

    def _sheet(self, part: str, sheet: str) -> None:
        planned = self.plan.wanted.get(sheet, {})
        before, after = self.before[part], self.after[part]
        with brisk():
            streams = (ahead(chunks(self.old, before, _LARGE)), ahead(chunks(self.new, after, _LARGE)))
            counts = quick(*streams, planned)
        if counts is not None:
            self._count(sheet, counts.changed)
            self.formulas += counts.formulas
            return
        old, new = Parsed(), Parsed()
        judge = Judge(planned, columns=old.columns)
        judge.rows(parsed(chunks(self.old, before), old), parsed(chunks(self.new, after), new))
        if old.surroundings() != new.surroundings():
            self._note(part, "something besides cells differs in this sheet")
        if new.formulas != old.formulas:
            self._note(part, f"it had {old.formulas:,} formulas and has {new.formulas:,}")
        self._count(sheet, judge.changed)
        self.formulas += new.formulas
        self._faults(sheet, judge)

    def _count(self, sheet: str, changed: int) -> None:
        """Count cells; those of our own notes apart, because nobody sees them."""
        if sheet.casefold() == SYNC.casefold():
            self.notes += changed
        else:
            self.cells += changed

    def _faults(self, sheet: str, judge: Judge) -> None:
        for (row, column), what in judge.faults[:SHOWN]:
            self._note(f"{sheet}!{address(row, column) if column else row}", what)
