"""A copy of a zip archive with the contents of some entries replaced.

An entry that is not replaced is copied as the bytes it is, headers included; so is everything between.
"""

from __future__ import annotations

import struct
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO

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
from sync.workbook.package.codec import CODEC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_AHEAD = 3  # pieces that may wait to be packed


def rewrite(
    archive: Archive,
    target: BinaryIO,
    replaced: Mapping[str, Callable[[], Iterable[bytes]]],
) -> None:
    """Write the archive into `target` with some entries' contents replaced, all other bytes as they are.

    `replaced` maps the name of an entry to what gives its new content, piece by piece.
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
    central_start = target.tell()
    for entry in archive.entries:
        target.write(records[entry.name])
    target.write(_end(archive, central_start - archive.shift, target.tell() - central_start))


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
    archive.file.seek(entry.start)
    local = list(LOCAL.unpack(archive.file.read(LOCAL.size)))
    archive.file.seek(len(entry.raw_name), 1)
    extra = _narrow(archive.file.read(local[10]))
    start = target.tell()
    target.seek(LOCAL.size, 1)
    target.write(entry.raw_name + extra)
    crc, size, packed = 0, 0, 0
    with ThreadPoolExecutor(1) as pool:  # packing takes about as long as making the content: side by side
        deflater, waiting = CODEC.deflater(), deque[Future[bytes]]()
        for chunk in content:
            crc = CODEC.crc32(chunk, crc)
            size += len(chunk)
            waiting.append(pool.submit(deflater.compress, chunk))
            if len(waiting) > _AHEAD:
                packed += target.write(waiting.popleft().result())
        waiting.append(pool.submit(deflater.flush))
        for done in waiting:
            packed += target.write(done.result())
    end = target.tell()
    if size > archive.limits.part or end > FULL:
        raise NotAWorkbook("The workbook would become too large to be read again.", "Split it into several workbooks.")
    local[2], local[3] = local[2] & ~DESCRIPTOR, DEFLATED
    local[6:9], local[10] = [crc, packed, size], len(extra)
    target.seek(start)
    target.write(LOCAL.pack(*local))
    target.seek(end)
    return _record(entry, local[2], (crc, packed, size), start - archive.shift)


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


def _end(archive: Archive, offset: int, size: int) -> bytes:
    """Give what follows the directory, with the directory's new place and size."""
    tail = bytearray(archive.tail)
    at = archive.end
    for place, value in ((at + 12, size), (at + 16, offset)):
        if struct.unpack_from("<L", tail, place)[0] != FULL:
            struct.pack_into("<L", tail, place, value)
    locator = at - LOCATOR.size
    if locator >= END64.size and tail[locator : locator + 4] == b"PK\x06\x07":
        at64 = locator - END64.size
        struct.pack_into("<2Q", tail, at64 + 40, size, offset)
        struct.pack_into("<Q", tail, locator + 8, offset + size + at64)
    return bytes(tail)
