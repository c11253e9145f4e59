"""Zip archives byte by byte: the same bytes whatever library packs elsewhere, and headers that may lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FULL = 0xFFFFFFFF
_DATE = (2021 - 1980) << 9 | 3 << 5 | 4
_TIME = 5 << 11 | 6 << 5 | 4
_DESCRIPTOR = 0x8
_METHODS = {"stored": 0, "blocks": 8, "deflated": 8}


@dataclass(frozen=True)
class Member:
    """One file to be put into an archive."""

    name: str | bytes
    data: bytes
    packing: Literal["stored", "blocks", "deflated"] = "stored"
    """`blocks` is deflate that does not compress, which every library spells alike."""
    flags: int = 0
    descriptor: Literal["", "signed", "bare", "wide"] = ""
    """Whether sizes follow the data instead of going before it, and how they are spelled."""
    wide: Literal["", "local", "central", "both"] = ""
    """Where a zip64 field stands in for sizes and, in the directory, for the offset."""
    extra: bytes = b""
    comment: bytes = b""
    attributes: int = 0o100644 << 16
    lies: Mapping[str, int] = field(default_factory=dict)
    """Fields that say something else than the truth: `central.size`, `local.crc` and so on."""


_LOCAL = ("version", "flags", "method", "time", "date", "crc", "packed", "size", "name", "extra")
_CENTRAL = (
    *("made", "version", "flags", "method", "time", "date", "crc", "packed", "size", "name", "extra", "comment"),
    *("disk", "internal", "external", "offset"),
)


def zipped(
    members: Iterable[Member],
    *,
    before: bytes = b"",
    counted: bool = False,
    between: bytes = b"",
    comment: bytes = b"",
    wide_end: bool = False,
    end_lies: Mapping[str, int] | None = None,
) -> bytes:
    """Make an archive. `before` are bytes in front, which its offsets count or not; `between` separates members."""
    base = len(before) if counted else 0
    body, directory, count = b"", b"", 0
    for member in members:
        local, central = _member(member, base + len(body))
        body += local + between
        directory += central
        count += 1
    start = base + len(body)
    end = {"disk": 0, "first": 0, "here": count, "count": count, "size": len(directory), "offset": start} | dict(
        end_lies or {}
    )
    wide = b""
    if wide_end:
        wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, end["size"], end["offset"])
        wide += struct.pack("<4sLQL", b"PK\6\7", 0, start + len(directory), 1)
        end |= {"here": 0xFFFF, "count": 0xFFFF, "size": FULL, "offset": FULL}
    tail = struct.pack("<4s4H2LH", b"PK\5\6", *end.values(), len(comment)) + comment
    return before + body + directory + wide + tail


def _member(member: Member, offset: int) -> tuple[bytes, bytes]:
    name = member.name.encode() if isinstance(member.name, str) else member.name
    packed = _packed(member)
    flags = member.flags | (_DESCRIPTOR if member.descriptor else 0)
    known = {
        "version": 45 if member.wide else 20,
        "flags": flags,
        "method": _METHODS[member.packing],
        "time": _TIME,
        "date": _DATE,
    }
    known |= {"crc": zlib.crc32(member.data), "packed": len(packed), "size": len(member.data), "name": len(name)}
    wide_local, wide_central = member.wide in {"local", "both"}, member.wide in {"central", "both"}
    extra = struct.pack("<2H2Q", 1, 16, known["size"], known["packed"]) if wide_local else b""
    local = known | {"extra": len(extra + member.extra)}
    if member.descriptor:
        local |= {"crc": 0, "packed": 0, "size": 0}
    if wide_local:
        local |= {"packed": FULL, "size": FULL}
    head = struct.pack("<4s5H3L2H", b"PK\3\4", *_told(local, member, "local", _LOCAL)) + name + extra + member.extra
    wide = struct.pack("<2H3Q", 1, 24, known["size"], known["packed"], offset) if wide_central else b""
    central = known | {
        "made": 0x31E,
        "extra": len(wide + member.extra),
        "comment": len(member.comment),
        "disk": 0,
        "internal": 0,
    }
    central |= {"external": member.attributes, "offset": offset}
    if wide_central:
        central |= {"packed": FULL, "size": FULL, "offset": FULL}
    record = struct.pack("<4s6H3L5H2L", b"PK\1\2", *_told(central, member, "central", _CENTRAL))
    return head + packed + _after(member, known), record + name + wide + member.extra + member.comment


def _told(fields: Mapping[str, int], member: Member, where: str, order: tuple[str, ...]) -> list[int]:
    return [member.lies.get(f"{where}.{name}", fields[name]) for name in order]


def _packed(member: Member) -> bytes:
    if member.packing == "stored":
        return member.data
    if member.packing == "deflated":
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflater.compress(member.data) + deflater.flush()
    pieces = [member.data[at : at + 0xFFFF] for at in range(0, len(member.data), 0xFFFF)] or [b""]
    last = len(pieces) - 1
    return b"".join(
        struct.pack("<B2H", number == last, len(piece), len(piece) ^ 0xFFFF) + piece
        for number, piece in enumerate(pieces)
    )


def _after(member: Member, known: Mapping[str, int]) -> bytes:
    if not member.descriptor:
        return b""
    form = "<L2Q" if member.descriptor == "wide" else "<3L"
    mark = b"" if member.descriptor == "bare" else b"PK\7\x08"
    return mark + struct.pack(form, known["crc"], known["packed"], known["size"])
