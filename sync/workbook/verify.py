"""Proof of what a write did: two workbooks compared, part by part and cell by cell.

Everything is read again from the files, with `zipfile` and expat rather than the scanner that wrote: a mistake there
must not be able to hide here.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from sync.errors import NotAWorkbook
from sync.workbook.package.address import address
from sync.workbook.package.container import Container
from sync.workbook.package.cutout import quick
from sync.workbook.package.edits import by_row
from sync.workbook.package.judge import Judge
from sync.workbook.package.parsed import Parsed, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.workbook.package.edits import ByRow, Edits

SHOWN = 100
_WINDOW = 1 << 18
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?[A-Za-z_]")


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

    @property
    def ok(self) -> bool:
        """Whether exactly what was planned has changed."""
        return not self.unplanned

    def line(self) -> str:
        """Say it in one line."""
        counts = ((self.cells_changed, "cell", "changed"), (self.parts_untouched, "other part", "untouched"))
        said = [f"{count:,} {noun}{'' if count == 1 else 's'} {done}" for count, noun, done in counts]
        said.append(f"{self.formulas_kept:,} formula{'' if self.formulas_kept == 1 else 's'} kept")
        if self.unplanned:
            said.append(f"{len(self.unplanned):,} UNPLANNED differences")
        return ", ".join(said)


def compare(before: Path, after: Path, planned: Edits | None = None) -> Certificate:
    """Compare two workbooks; without `planned` every cell that differs counts as unplanned.

    Raises NotAWorkbook when one of them cannot be read.
    """
    with Container.open(before) as container:
        sheets = {container.entry(sheet.part).name: sheet.name for sheet in container.sheets}
        wanted = {container.sheet(name).name: by_row(cells) for name, cells in (planned or {}).items()}
    Container.open(after).close()
    try:
        with ZipFile(before) as old, ZipFile(after) as new:
            return _Comparison(old, new, sheets, wanted).certificate()
    except (BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, KeyError) as error:
        raise NotAWorkbook(f"The workbook that was written cannot be read: {error}.") from error


class _Comparison:
    """Two open archives, and what was found so far."""

    def __init__(self, old: ZipFile, new: ZipFile, sheets: dict[str, str], wanted: dict[str, ByRow]) -> None:
        self.old = old
        self.new = new
        self.sheets = sheets
        self.wanted = wanted
        self.cells = 0
        self.formulas = 0
        self.unplanned: list[Difference] = []

    def certificate(self) -> Certificate:
        names = [info.filename for info in self.old.infolist()]
        if names != [info.filename for info in self.new.infolist()] or self.old.comment != self.new.comment:
            self._note("the package", "its parts or their order differ")
            names = [name for name in names if name in self.new.NameToInfo]
        changed = []
        for name in names:
            if self._same(self.old.getinfo(name), self.new.getinfo(name)) and not self._must_differ(name):
                if name in self.sheets:
                    self.formulas += _formulas(self.new, name)
                continue
            changed.append(name)
            sheet = self.sheets.get(name)
            if sheet is None:
                self._note(name, "this part differs")
            else:
                self._sheet(name, sheet)
        return Certificate(self.cells, len(names) - len(changed), tuple(changed), self.formulas, tuple(self.unplanned))

    def _must_differ(self, part: str) -> bool:
        return bool(self.wanted.get(self.sheets.get(part, "")))

    def _note(self, where: str, what: str) -> None:
        self.unplanned.append(Difference(where, what))

    def _same(self, old: ZipInfo, new: ZipInfo) -> bool:
        """Whether an entry is the same to the byte; an entry's description must be the same in any case."""
        for field in ("date_time", "external_attr", "internal_attr", "create_system", "comment"):
            if getattr(old, field) != getattr(new, field):
                self._note(old.filename, f"its {field.replace('_', ' ')} in the archive differs")
        if (old.CRC, old.file_size, old.compress_size) != (new.CRC, new.file_size, new.compress_size):
            return False
        pairs = zip(_stored(self.old, old), _stored(self.new, new), strict=True)
        return all(one == other for one, other in pairs)

    def _sheet(self, part: str, sheet: str) -> None:
        planned = self.wanted.get(sheet, {})
        counts = quick(_chunks(self.old, part), _chunks(self.new, part), planned)
        if counts is not None:
            self.cells += counts.changed
            self.formulas += counts.formulas
            return
        judge = Judge(planned)
        old, new = Parsed(), Parsed()
        judge.rows(parsed(_chunks(self.old, part), old), parsed(_chunks(self.new, part), new))
        if old.surroundings() != new.surroundings():
            self._note(part, "something besides cells differs in this sheet")
        if new.formulas != old.formulas:
            self._note(part, f"it had {old.formulas:,} formulas and has {new.formulas:,}")
        self.cells += judge.changed
        self.formulas += new.formulas
        for (row, column), what in judge.faults[:SHOWN]:
            self._note(f"{sheet}!{address(row, column) if column else row}", what)


def _stored(archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    """Read an entry as it lies in the file, still compressed."""
    file = archive.fp
    if file is None:
        raise BadZipFile("closed")
    file.seek(info.header_offset + 26)
    name, extra = struct.unpack("<2H", file.read(4))
    at = info.header_offset + 30 + name + extra
    end = at + info.compress_size
    while at < end:
        file.seek(at)
        chunk = file.read(min(_WINDOW, end - at))
        if not chunk:
            raise EOFError
        at += len(chunk)
        yield chunk


def _chunks(archive: ZipFile, part: str) -> Iterator[bytes]:
    """Inflate a part; `zipfile` compares its checksum at the end."""
    with archive.open(part) as file:
        while chunk := file.read(_WINDOW):
            yield chunk


def _formulas(archive: ZipFile, part: str) -> int:
    """Count the formulas of a sheet that is the same to the byte: no need to parse it."""
    count, kept, formula = 0, b"", None
    for chunk in _chunks(archive, part):
        text = kept + chunk
        last = max(text.rfind(b"<"), 0)
        if formula is None and (root := _ROOT.search(text)):
            formula = re.compile(b"<" + re.escape(root[1] or b"") + rb"f[\s>/]")
        if formula is not None:
            count += len(formula.findall(text, 0, last + 1))
        kept = text[last:]
    return count
