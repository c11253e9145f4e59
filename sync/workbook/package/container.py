"""An .xlsx or .xlsm file opened for reading: its sheets, and its parts as bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from sync.errors import NotAWorkbook, WorkbookError
from sync.workbook.package.archive import CHUNK, RESAVE, Archive, Entry, Limits, read_archive
from sync.workbook.package.kinds import not_a_workbook, open_file
from sync.workbook.package.markup import PROLOG, as_utf8, blocks, check_prolog, encoding_of
from sync.workbook.package.relations import Relation, relations, rels_of, sheet_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from sync.workbook.package.markup import Block

State = Literal["visible", "hidden", "veryHidden"]
_STATES: dict[str, State] = {"hidden": "hidden", "veryhidden": "veryHidden"}
_XML = (".xml", ".rels", ".vml")
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, the part it is stored in, and whether people see it."""

    name: str
    part: str
    state: State


class Container:
    """A workbook opened read-only; a context manager."""

    def __init__(self, path: Path, archive: Archive) -> None:
        self.path = path
        self.archive = archive
        self.workbook_part = _workbook_part(self)
        self.sheets = tuple(_sheets(self))
        if not self.sheets:
            raise NotAWorkbook(f"{path} holds no worksheet.", "Name another workbook.")

    @classmethod
    def open(cls, path: Path | str, limits: Limits = LIMITS) -> Self:
        """Open the workbook; NotAWorkbook says what is wrong with the file, and what to do."""
        path = Path(path)
        file = open_file(path)
        try:
            archive = read_archive(file, limits)
            for entry in archive.entries:
                if entry.name.casefold().endswith(_XML):
                    _check_start(archive, entry)
            return cls(path, archive)
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.archive.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def signed(self) -> bool:
        """Whether the package carries a digital signature, which any change makes invalid."""
        return any(name.startswith("_xmlsignatures/") for name in self.archive.by_name)

    def sheet(self, name: str) -> SheetPart:
        """Find a worksheet by its name, as Excel does: capital letters do not matter."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        for sheet in self.sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        known = ", ".join(sheet.name for sheet in self.sheets if sheet.state == "visible")
        raise WorkbookError(f"The workbook has no sheet named {name}.", f"It has: {known}.")

    def entry(self, part: str) -> Entry:
        """Find a part by its name; capital letters and a leading slash do not matter."""
        found = self.archive.by_name.get(part.lstrip("/").casefold())
        if found is None:
            raise NotAWorkbook(f"The workbook is damaged: {part} is missing inside it.", RESAVE)
        return found

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.lstrip("/").casefold() in self.archive.by_name

    def read(self, part: str) -> bytes:
        """Inflate a whole part."""
        return b"".join(self.archive.chunks(self.entry(part)))

    def chunks(self, part: str) -> Iterator[bytes]:
        """Inflate a part piece by piece; its checksum is compared at the end."""
        return self.archive.chunks(self.entry(part))

    def encoding(self, part: str) -> str | None:
        """Name the codec of a part; None for UTF-8."""
        return encoding_of(_start(self.archive, self.entry(part), 256))

    def blocks(self, part: str) -> Iterator[Block]:
        """Read a part as UTF-8 in blocks that end between tags."""
        return blocks(as_utf8(self.chunks(part), self.encoding(part)))

    def relations(self, part: str) -> list[Relation]:
        """List what a part refers to; none when it has no list."""
        listed = rels_of(part)
        return relations(self.read(listed), part.rpartition("/")[0]) if self.has(listed) else []


def _start(archive: Archive, entry: Entry, size: int) -> bytes:
    pieces, length = [], 0
    for chunk in archive.chunks(entry, min(size, CHUNK)):
        pieces.append(chunk)
        length += len(chunk)
        if length >= size:
            break
    return b"".join(pieces)


def _check_start(archive: Archive, entry: Entry) -> None:
    start = _start(archive, entry, 1024)
    if b"<!" in start or b"\0" in start or len(start) - start.count(b" ") < 64:  # seldom: look further
        start = _start(archive, entry, PROLOG)
    check_prolog(entry.name, start)


def _workbook_part(container: Container) -> str:
    names = set(container.archive.by_name)
    for relation in container.relations("") if "_rels/.rels" in names else []:
        if relation.kind == "officeDocument" and container.has(relation.target):
            if relation.target.casefold().endswith(".xml") and not relation.target.startswith(("word/", "ppt/")):
                return relation.target
            break
    mimetype = container.read("mimetype")[:200] if container.has("mimetype") else b""
    raise not_a_workbook(container.path, names, mimetype)


def _sheets(container: Container) -> Iterator[SheetPart]:
    listed = {relation.id: relation for relation in container.relations(container.workbook_part)}
    for name, relation_id, state in sheet_list(container.read(container.workbook_part)):
        relation = listed.get(relation_id)
        if relation is not None and relation.kind == "worksheet" and container.has(relation.target):
            yield SheetPart(name, relation.target, _STATES.get(state.casefold(), "visible"))
