"""The zip container, byte by byte: where each entry lies, and what is in it. It never writes.

`zipfile` reads an archive but forgets what a faithful copy needs (extra fields, data descriptors, padding),
and lets pass what is out to deceive (two entries of one name, entries that overlap).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from sync.errors import NotAWorkbook
from sync.workbook.package.codec import CODEC

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
FULL = 0xFFFFFFFF
_ENCRYPTED, DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_STORED, DEFLATED = 0, 8

_UNIX, _LINK = 3, 0o120000
_FOLDERS = {"xl", "docprops", "customxml", "_rels"}

RESAVE = "Open it in Excel, save it as .xlsx under a new name, and use that file."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook may hold. Sizes are bytes after inflating.

    The sheet that 100,000 rows with five texts of 600 characters make has 390 MB: a part may be larger than that.
    """

    entries: int = 10_000
    part: int = 1 << 30
    total: int = 2 << 30
    ratio: int = 200
    ratio_from: int = 100 << 20
    """Entries, and whole files, smaller than this may be packed as tightly as they like."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the archive."""

    name: str
    """With forward slashes, whatever the archive has."""
    raw_name: bytes
    method: int
    crc: int
    packed: int
    size: int
    start: int
    """Where its local header starts, from the beginning of the file."""
    data: int
    central: bytes
    """Its record in the central directory."""
    offset_at: int
    """Where in that record the offset stands, and in how many bytes: 42 (four) or inside a zip64 field (eight)."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The directory of an open archive."""

    file: BinaryIO
    limits: Limits
    entries: tuple[Entry, ...]
    """As the central directory lists them."""
    central_start: int
    shift: int
    """Bytes before the archive that its offsets do not count."""
    tail: bytes
    """Everything after the central directory."""
    end: int
    """Where in `tail` the end record starts."""
    by_name: dict[str, Entry] = field(default_factory=dict)

    def stored(self, entry: Entry) -> bytes:
        """Read the entry as it lies in the file: compressed bytes."""
        self.file.seek(entry.data)
        return self.file.read(entry.packed)

    def chunks(self, entry: Entry, size: int = CHUNK) -> Iterator[bytes]:
        """Inflate the entry piece by piece, counting; its checksum is compared at the end."""
        done, crc = 0, 0
        for chunk in self._inflated(entry, size):
            done += len(chunk)
            if done > entry.size:
                break
            crc = CODEC.crc32(chunk, crc)
            yield chunk
        if done != entry.size or crc != entry.crc:
            raise NotAWorkbook(f"The workbook is damaged: {entry.name} inside it cannot be read.", RESAVE)

    def _inflated(self, entry: Entry, size: int) -> Iterator[bytes]:
        inflater = CODEC.inflater() if entry.method == DEFLATED else None
        at, end, waiting = entry.data, entry.data + entry.packed, b""
        while True:
            if not waiting and at < end:
                self.file.seek(at)
                waiting = self.file.read(min(size, end - at))
                at += len(waiting)
            if inflater is None:
                chunk, waiting = waiting, b""
            else:
                try:
                    chunk = inflater.decompress(waiting, size)
                except CODEC.error:
                    return
                waiting = inflater.unconsumed_tail
            if chunk:
                yield chunk
            elif at >= end or not waiting or (inflater is not None and inflater.eof):
                return


def read_archive(file: BinaryIO, limits: Limits) -> Archive:
    """Read the directory; NotAWorkbook when it is damaged, beyond the limits, or out to deceive."""
    file.seek(0, 2)
    length = file.tell()
    end_at, tail_at, count, central_size, declared = _find_end(file, length)
    if count > limits.entries:
        raise NotAWorkbook(f"The file holds {count:,} parts; {limits.entries:,} is the limit.", RESAVE)
    start = tail_at - central_size
    file.seek(max(start, 0))
    if start < 0 or (count and file.read(4) != b"PK\x01\x02"):
        start = declared  # something lies between the directory and its end record
    if start < declared or start + central_size > end_at:
        raise damaged()
    file.seek(start)
    central = file.read(central_size)
    tail = file.read()
    entries = tuple(_entries(file, central, count, start, start - declared))
    archive = Archive(file, limits, entries, start, start - declared, tail, end_at - start - central_size)
    _check(archive)
    for entry in entries:
        archive.by_name[entry.name.lstrip("/").casefold()] = entry
    return archive


def damaged() -> NotAWorkbook:
    """Say that the container is broken."""
    return NotAWorkbook("The file is damaged or was not copied completely.", "Fetch it again, or let Excel repair it.")


def _encrypted() -> NotAWorkbook:
    return NotAWorkbook("The workbook is encrypted.", "Open it in Excel and save it without a password.")


def _find_end(file: BinaryIO, length: int) -> tuple[int, int, int, int, int]:
    """Find the end record: its place, the end of the directory, entries, size and offset of the directory."""
    window = min(length, END.size + 0xFFFF)
    file.seek(length - window)
    last = file.read(window)
    at = last.rfind(b"PK\x05\x06")
    while at >= 0 and (at + END.size > window or at + END.size + END.unpack_from(last, at)[7] > window):
        at = last.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        raise damaged()
    _, _disk, _, _, count, size, offset, _ = END.unpack_from(last, at)
    end_at = length - window + at
    file.seek(max(0, end_at - LOCATOR.size))
    locator = file.read(LOCATOR.size)
    if not locator.startswith(b"PK\x06\x07") or end_at < LOCATOR.size + END64.size:
        return end_at, end_at, count, size, offset
    at64 = end_at - LOCATOR.size - END64.size
    file.seek(at64)
    record = END64.unpack(file.read(END64.size))
    if record[0] != b"PK\x06\x06":
        raise damaged()
    return end_at, at64, record[7], record[8], record[9]


def _entries(file: BinaryIO, central: bytes, count: int, central_start: int, shift: int) -> Iterator[Entry]:
    at = 0
    for _ in range(count):
        if at + CENTRAL.size > len(central) or central[at : at + 4] != b"PK\x01\x02":
            raise damaged()
        fields = CENTRAL.unpack_from(central, at)
        name_length, extra_length, comment_length = fields[10:13]
        end = at + CENTRAL.size + name_length + extra_length + comment_length
        record = central[at:end]
        if end > len(central):
            raise damaged()
        yield _entry(file, record, fields, central_start, shift)
        at = end
    if at != len(central):  # entries that one reader sees and another does not
        raise damaged()


def _entry(file: BinaryIO, record: bytes, fields: tuple[int, ...], central_start: int, shift: int) -> Entry:
    raw_name = record[CENTRAL.size : CENTRAL.size + fields[10]]
    flags, method, crc = fields[3], fields[4], fields[7]
    packed, size, offset, offset_at = _wide(record, fields)
    if flags & _ENCRYPTED:
        raise _encrypted()
    if method not in {_STORED, DEFLATED}:
        raise NotAWorkbook("The file is packed in a way that Excel does not use.", RESAVE)
    start = offset + shift
    if start < 0 or start + LOCAL.size > central_start:
        raise damaged()
    file.seek(start)
    local = file.read(LOCAL.size + len(raw_name))
    if local[:4] != b"PK\x03\x04" or local[LOCAL.size :] != raw_name:
        raise damaged()
    local_flags, name_length, extra_length = (LOCAL.unpack_from(local)[at] for at in (2, 9, 10))
    if local_flags & _ENCRYPTED:
        raise _encrypted()
    data = start + LOCAL.size + name_length + extra_length
    if name_length != len(raw_name) or data + packed > central_start or (method == _STORED and packed != size):
        raise damaged()
    name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437", "replace").replace("\\", "/")
    return Entry(name, raw_name, method, crc, packed, size, start, data, record, offset_at)


def _wide(record: bytes, fields: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Read packed size, size and offset, from the zip64 field where the plain ones are full."""
    packed, size, offset = fields[8], fields[9], fields[16]
    offset_at = 42
    at = CENTRAL.size + fields[10]
    end = at + fields[11]
    while at + 4 <= end:
        kind, length = struct.unpack_from("<2H", record, at)
        if kind == 1:
            wide = [value == FULL for value in (size, packed, offset)]
            if at + 4 + 8 * sum(wide) > end:
                raise damaged()
            values = iter(struct.unpack_from(f"<{sum(wide)}Q", record, at + 4))
            size = next(values) if wide[0] else size
            packed = next(values) if wide[1] else packed
            if wide[2]:
                offset, offset_at = next(values), at + 4 + 8 * (sum(wide) - 1)
        at += 4 + length
    return packed, size, offset, offset_at


def _check(archive: Archive) -> None:
    limits = archive.limits
    total, packed = sum(entry.size for entry in archive.entries), sum(entry.packed for entry in archive.entries)
    large = total > limits.total or any(entry.size > limits.part for entry in archive.entries)
    bomb = any(_is_bomb(limits, entry.size, entry.packed) for entry in archive.entries)
    if large or bomb or _is_bomb(limits, total, packed):
        raise NotAWorkbook(
            f"The workbook would fill {total / 1e6:,.0f} MB once unpacked: too much to be a list of products.",
            "Remove unused sheets, pictures and formatted empty rows, or use another file.",
        )
    seen = set()
    for entry in archive.entries:
        key = entry.name.lstrip("/").casefold()
        if key in seen:
            raise NotAWorkbook(f"The file holds two parts named {entry.name}.", RESAVE)
        seen.add(key)
        if _leads_out(entry.name) or _is_link(entry):
            raise NotAWorkbook("The file holds a part whose name leads out of it.", "Do not use this file.")
    _check_places(archive)


def _is_bomb(limits: Limits, size: int, packed: int) -> bool:
    return size > limits.ratio_from and size > limits.ratio * max(1, packed)


def _leads_out(name: str) -> bool:
    """Whether a program that unpacks the file would write outside of the folder it unpacks into.

    Some writers start a part's name with a slash: the parts of a package are named like that elsewhere in it.
    """
    parts = name.split("/")
    if not parts[0]:
        parts = parts[1:]
        if parts[0].casefold() not in _FOLDERS:
            return True
    return ".." in parts or ":" in parts[0] or "\0" in name


def _is_link(entry: Entry) -> bool:
    """Whether it is packed as a symbolic link, which no writer of workbooks does."""
    made, attributes = entry.central[5], struct.unpack_from("<L", entry.central, 38)[0]
    return made == _UNIX and attributes >> 16 & 0o170000 == _LINK


def _check_places(archive: Archive) -> None:
    ordered = sorted(archive.entries, key=lambda entry: entry.start)
    for one, following in pairwise(ordered):
        if one.data + one.packed > following.start:
            raise damaged()
