"""Writing into a workbook: a new file in which only the cells asked for differ, and sheets of ours are added.

Every other part of the package keeps its bytes, and so does everything else in the sheet but for the hints that
say how far rows and sheet reach. Beside the sheets, only what must know of the change is touched, by putting
something in between the bytes that are there: the package's lists, when a sheet is added; the workbook part, when
formulas have to be calculated anew; a table that is to grow.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from math import inf
from operator import ge
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.workbook.package.additions import add
from sync.workbook.package.address import Area, parse_area
from sync.workbook.package.calculation import ask_for, has_formulas, is_asked_for
from sync.workbook.package.cells import Note, Writer
from sync.workbook.package.container import Container
from sync.workbook.package.edits import by_row, columns_in, ready
from sync.workbook.package.elements import Parts
from sync.workbook.package.growth import grow as grow_tables
from sync.workbook.package.markup import ATTRIBUTES, attribute, from_utf8
from sync.workbook.package.obstacles import refuse, survey
from sync.workbook.package.rewrite import rewrite
from sync.workbook.package.rows import Batch, Head, disordered, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from sync.workbook.package.additions import Additions
    from sync.workbook.package.container import SheetPart
    from sync.workbook.package.edits import ByRow, Edits, Ready
    from sync.workbook.package.sheets import NewSheet


@dataclass(frozen=True, slots=True)
class PatchReport:
    """What was written."""

    cells: int
    """Those of new sheets are not counted."""
    parts: tuple[str, ...]
    """The parts of sheets that were written anew or added."""
    notes: tuple[Note, ...]
    """Texts that had to be changed to fit into a cell."""
    signed: bool = False
    """Whether there was a signature, which does not hold any more."""


def patch(
    source: Path, target: Path, edits: Edits, sheets: Collection[NewSheet] = (), *, grow: bool = False
) -> PatchReport:
    """Copy `source` to `target` with the cells of `edits` written; `target` must be another file.

    `sheets` are added behind the others, or written anew where one of ours has that name. With `grow`, a table grows
    over rows that are written right below it.

    Raises WorkbookError, naming every cell, when one must not be written, and NotAWorkbook when the source is none;
    `target` is not there then. ValueError for a number that a cell cannot hold.
    """
    with Container.open(source) as container:
        jobs = _jobs(container, edits)
        surveys = {job.sheet.part: survey(container, job.sheet.name, job.rows) for job in jobs}
        refuse([obstacle for found in surveys.values() for obstacle in found.obstacles])
        parts = Parts(container)
        additions = add(container, parts, sheets, edits)
        if grow:
            for job in jobs:
                grow_tables(container, parts, job.sheet, job.rows)
        if jobs or additions.replaced:
            _recalculate(container, parts, {part: found.formulas for part, found in surveys.items()})
        try:
            with Path(target).open("wb") as file:
                added = [(entry, made.run) for entry, made in additions.added]
                rewrite(container.archive, file, _replaced(container, parts, jobs, additions), added)
        except BaseException:
            with suppress(OSError):
                Path(target).unlink()
            raise
        return _report(jobs, additions, signed=container.signed)


def _replaced(
    container: Container, parts: Parts, jobs: list[_Job], additions: Additions
) -> dict[str, Callable[[], Iterable[bytes]]]:
    """Give what makes the new content of each entry that gets one."""
    made: dict[str, Callable[[], Iterable[bytes]]] = {}
    made |= {name: part.pieces for name, part in parts.changed().items()}
    made |= {container.entry(job.sheet.part).name: job.run for job in jobs}
    made |= {container.entry(one.part.part).name: one.run for one in additions.replaced}
    return made


def _recalculate(container: Container, parts: Parts, formulas: dict[str, bool]) -> None:
    """Ask for a calculation when there are formulas; `formulas` says of some parts whether they have any."""
    workbook = parts.part(container.workbook_part)
    if not is_asked_for(workbook) and (any(formulas.values()) or has_formulas(container, but=formulas)):
        ask_for(workbook)


def _report(jobs: list[_Job], additions: Additions, *, signed: bool) -> PatchReport:
    made = [one.notes for one in additions.replaced] + [one.notes for _, one in additions.added]
    written = [job.sheet.part for job in jobs] + [one.part.part for one in additions.replaced]
    return PatchReport(
        sum(job.written for job in jobs),
        (*written, *(entry.name for entry, _ in additions.added)),
        tuple(note for notes in (*(job.notes for job in jobs), *made) for note in notes),
        signed,
    )


class _Job:
    """The edits of one sheet, and what became of them."""

    def __init__(self, container: Container, sheet: SheetPart, rows: ByRow) -> None:
        self.container = container
        self.sheet = sheet
        self.rows = rows
        self.written = 0
        self.notes: list[Note] = []

    def run(self) -> Iterator[bytes]:
        """Give the new content of the sheet, piece by piece, in the encoding it has."""
        encoding = self.container.encoding(self.sheet.part)
        yield from from_utf8(self._patched(), encoding)

    def _patched(self) -> Iterator[bytes]:
        waiting = _Waiting(self.rows)
        writer = Writer(self.sheet.name, b"", b"")
        ending = False
        for piece in walk(self.container.blocks(self.sheet.part)):
            if isinstance(piece, Head):
                writer = Writer(self.sheet.name, piece.prefix, piece.mask)
                raw = _dimensioned(piece, self.rows)
                if piece.closed:
                    ending = True
                    yield from _opened(raw, piece.prefix, waiting.rest(writer))
                else:
                    yield raw
            elif isinstance(piece, Batch):
                yield from waiting.fill(piece, writer)
            else:
                if not ending:
                    yield from waiting.rest(writer)
                    ending = True
                yield piece.raw
        self.written = writer.written
        self.notes = writer.notes


class _Waiting:
    """The rows still to be written, in order."""

    def __init__(self, rows: ByRow) -> None:
        self._rows = ready(rows)
        self._last = 0
        self._next: float = 0
        self._cells: Mapping[int, Ready] = {}
        self._take()

    def _take(self) -> Mapping[int, Ready]:
        """Give the cells of the next row, and look at the one after it: `_next` is its number, infinite at the end."""
        cells = self._cells
        self._next, self._cells = next(self._rows, _END)
        return cells

    def fill(self, batch: Batch, writer: Writer) -> Iterator[bytes]:
        """Give a batch of rows with the edits in it."""
        raw, mask = batch.raw, batch.mask
        if self._next == inf:
            yield raw
            return
        rows = batch.rows
        numbers = [self._last, *(row.number for row in rows)]
        if any(map(ge, numbers, islice(numbers, 1, None))):
            raise disordered()
        self._last = numbers[-1]
        pieces: list[bytes] = []
        copied = 0
        for row in rows:
            if row.number < self._next:
                continue
            pieces.append(raw[copied : row.start])
            copied = row.start
            pieces += self._before(row.number, writer)
            if row.number == self._next:
                pieces.append(writer.patch(raw, mask, row, self._take()))
                copied = row.end
            if len(pieces) > _ENOUGH:
                yield b"".join(pieces)
                pieces = []
        pieces.append(raw[copied:])
        yield b"".join(pieces)

    def _before(self, number: float, writer: Writer) -> Iterator[bytes]:
        while self._next < number:
            new = int(self._next)
            yield writer.new_row(new, self._take())

    def rest(self, writer: Writer) -> Iterator[bytes]:
        """Give the rows after the last one, some at a time."""
        pieces: list[bytes] = []
        for row in filter(None, self._before(inf, writer)):  # a row of empty cells is none
            pieces.append(row)
            if len(pieces) == _ENOUGH:
                yield b"".join(pieces)
                pieces = []
        if pieces:
            yield b"".join(pieces)


_EMPTY = (None, "")
_ENOUGH = 100  # pieces, two a row, before they are handed on
_END: tuple[float, Mapping[int, Ready]] = (inf, MappingProxyType({}))


def _jobs(container: Container, edits: Edits) -> list[_Job]:
    jobs: dict[str, _Job] = {}
    for name, cells in edits.items():
        sheet = container.sheet(name)
        if sheet.part in jobs:
            raise ValueError(f"the sheet {name} is given twice")
        if cells:
            jobs[sheet.part] = _Job(container, sheet, by_row(cells))
    return list(jobs.values())


def _opened(head: bytes, prefix: bytes, rows: Iterator[bytes]) -> Iterator[bytes]:
    """Put rows into a `sheetData` that was one closed tag."""
    first = next(rows, None)
    if first is None:
        yield head
        return
    yield head[: head.rindex(b"/")] + b">"
    yield first
    yield from rows
    yield b"</" + prefix + b"sheetData>"


def _dimensioned(head: Head, rows: ByRow) -> bytes:
    """Let `dimension` reach the new cells, where the sheet has one."""
    pattern: Callable[[bytes], re.Match[bytes] | None]
    pattern = re.compile(rb"<" + re.escape(head.prefix) + rb"dimension(?=[\s/>])(" + ATTRIBUTES + rb")>").search
    found = pattern(head.mask)
    reach = _reach(rows)
    if found is None or reach is None:
        return head.raw
    reference = attribute(found[1], b"ref")
    area = parse_area(reference.decode("utf-8", "replace")) if reference else None
    if area is None or reference is None:
        return head.raw
    wide = Area(*map(min, area[:2], reach[:2]), *map(max, area[2:], reach[2:]))
    if wide == area:
        return head.raw
    at = head.raw.index(reference, found.start())
    return head.raw[:at] + str(wide).encode() + head.raw[at + len(reference) :]


def _reach(rows: ByRow) -> Area | None:
    """Give the rectangle around the cells that will hold something."""

    def filled(row: int, column: int) -> bool:
        return rows[row].get(column) not in _EMPTY

    order, columns = sorted(rows), columns_in(rows)
    top = next((row for row in order if any(filled(row, column) for column in rows[row])), None)
    if top is None:
        return None
    bottom = next(row for row in reversed(order) if any(filled(row, column) for column in rows[row]))
    left = next(column for column in columns if any(filled(row, column) for row in order))
    right = next(column for column in reversed(columns) if any(filled(row, column) for row in order))
    return Area(top, left, bottom, right)
