"""A copy of a zip archive with the contents of some entries replaced.

An entry that is not replaced is copied as the bytes it is, headers included; so is everything between.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, BinaryIO

from sync.errors import NotAWorkbook
from sync.workbook.package.archive import (
    CENTRAL,
    CHUNK,
    DEFLATED,
    DESCRIPTOR,
    END64,
    FULL,
    LOCAL,
    LOCATOR,
    Archive,
    Entry,
    damaged,
)
from sync.workbook.package.beside import brisk
from sync.workbook.package.packing import Packing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def rewrite(
    archive: Archive,
    target: BinaryIO,
    replaced: Mapping[str, Callable[[], Iterable[bytes]]],
    added: Iterable[tuple[Entry, Callable[[], Iterable[bytes]]]] = (),
) -> None:
    """Write the archive into `target` with some entries' contents replaced, all other bytes as they are.

    `replaced` maps the name of an entry to what gives its new content, piece by piece. `added` are entries that start
    nowhere yet (-1), described by their `central`; they come behind the others.
    """
    ordered = sorted(archive.entries, key=lambda entry: entry.start)
    records: dict[str, bytes] = {}
    copied = 0
    for position, entry in enumerate(ordered):
        make = replaced.get(entry.name)
        if make is None:
            continue
        _copy(archive.file, target, copied, entry.start)
        moved = target.tell() - entry.start
        records.update(_moved(ordered, copied, entry.start, moved))
        records[entry.name] = _write(archive, target, entry, make())
        copied = ordered[position + 1].start if position + 1 < len(ordered) else archive.central_start
    _copy(archive.file, target, copied, archive.central_start)
    records.update(_moved(ordered, copied, archive.central_start, target.tell() - archive.central_start))
    behind = [_write(archive, target, entry, make()) for entry, make in added]
    central_start = target.tell()
    target.writelines((*(records[entry.name] for entry in archive.entries), *behind))
    target.write(_end(archive, central_start - archive.shift, target.tell() - central_start, len(behind)))


def _copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    source.seek(start)
    while start < end:
        chunk = source.read(min(CHUNK, end - start))
        if not chunk:
            raise damaged()
        target.write(chunk)
        start += len(chunk)


def _moved(entries: list[Entry], start: int, end: int, moved: int) -> dict[str, bytes]:
    """Give the directory records of the entries that were copied as they are, with their new offsets."""
    records = {}
    for entry in entries:
        if start <= entry.start < end:
            record = bytearray(entry.central)
            form = "<L" if entry.offset_at == 42 else "<Q"
            (offset,) = struct.unpack_from(form, record, entry.offset_at)
            struct.pack_into(form, record, entry.offset_at, offset + moved)
            records[entry.name] = bytes(record)
    return records


def _write(archive: Archive, target: BinaryIO, entry: Entry, content: Iterable[bytes]) -> bytes:
    """Write one entry anew and give its directory record."""
    local, extra = _local(archive, entry)
    start = target.tell()
    target.seek(LOCAL.size, 1)
    target.write(entry.raw_name + extra)
    packing = Packing()
    with brisk():
        packed = sum(map(target.write, packing.packed(content)))
    crc, size, end = packing.crc, packing.size, target.tell()
    if size > archive.limits.part or end > FULL:
        raise NotAWorkbook("The workbook would become too large to be read again.", "Split it into several workbooks.")
    local[2], local[3] = local[2] & ~DESCRIPTOR, DEFLATED
    local[6:9], local[10] = [crc, packed, size], len(extra)
    target.seek(start)
    target.write(LOCAL.pack(*local))
    target.seek(end)
    return _record(entry, local[2], (crc, packed, size), start - archive.shift)


def _local(archive: Archive, entry: Entry) -> tuple[list[Any], bytes]:
    """Give the fields of an entry's local header, and what else stands in it."""
    if entry.start < 0:
        fields = CENTRAL.unpack_from(entry.central)
        return [b"PK\x03\x04", *fields[2:11], 0], b""
    archive.file.seek(entry.start)
    local = list(LOCAL.unpack(archive.file.read(LOCAL.size)))
    archive.file.seek(len(entry.raw_name), 1)
    return local, _narrow(archive.file.read(local[10]))


def _record(entry: Entry, flags: int, sizes: tuple[int, int, int], offset: int) -> bytes:
    fields = list(CENTRAL.unpack_from(entry.central))
    extra_at = CENTRAL.size + fields[10]
    extra = _narrow(entry.central[extra_at : extra_at + fields[11]])
    comment = entry.central[extra_at + fields[11] :]
    fields[3], fields[4], fields[16] = flags, DEFLATED, offset
    fields[7:10], fields[11] = list(sizes), len(extra)
    return CENTRAL.pack(*fields) + entry.raw_name + extra + comment


def _narrow(extra: bytes) -> bytes:
    """Drop the zip64 field: the new sizes fit into the plain ones."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


def _end(archive: Archive, offset: int, size: int, added: int) -> bytes:
    """Give what follows the directory, with the directory's new place and size, and how many entries it has more."""
    tail = bytearray(archive.tail)
    at = archive.end
    for place in (at + 8, at + 10):
        (count,) = struct.unpack_from("<H", tail, place)
        struct.pack_into("<H", tail, place, count if count == 0xFFFF else count + added)
    for place, value in ((at + 12, size), (at + 16, offset)):
        if struct.unpack_from("<L", tail, place)[0] != FULL:
            struct.pack_into("<L", tail, place, value)
    locator = at - LOCATOR.size
    if locator >= END64.size and tail[locator : locator + 4] == b"PK\x06\x07":
        at64 = locator - END64.size
        counts = [count + added for count in struct.unpack_from("<2Q", tail, at64 + 24)]
        struct.pack_into("<4Q", tail, at64 + 24, *counts, size, offset)
        struct.pack_into("<Q", tail, locator + 8, offset + size + at64)
    return bytes(tail)
