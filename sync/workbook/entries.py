"""The entries of a workbook as `zipfile` reads them: what the comparison of two workbooks looks at."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

_WINDOW = 1 << 18
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?[A-Za-z_]")
_DESCRIBED = ("date_time", "external_attr", "internal_attr", "create_system", "comment")


def named(archive: ZipFile) -> dict[str, ZipInfo]:
    """Give the entries by their names with forward slashes, in the order of the archive's directory."""
    return {info.filename.replace("\\", "/"): info for info in archive.infolist()}


def described_otherwise(old: ZipInfo, new: ZipInfo) -> list[str]:
    """List in which fields the descriptions of two entries differ."""
    return [field.replace("_", " ") for field in _DESCRIBED if getattr(old, field) != getattr(new, field)]


def same_bytes(archive: ZipFile, info: ZipInfo, other: ZipFile, its: ZipInfo) -> bool:
    """Whether two entries are the same to the byte, as they are packed."""
    if (info.CRC, info.file_size, info.compress_size) != (its.CRC, its.file_size, its.compress_size):
        return False
    return all(one == two for one, two in zip(_stored(archive, info), _stored(other, its), strict=True))


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


def chunks(archive: ZipFile, info: ZipInfo, size: int = _WINDOW) -> Iterator[bytes]:
    """Inflate a part; `zipfile` compares its checksum at the end."""
    with archive.open(info) as file:
        while chunk := file.read(size):
            yield chunk


def formulas(archive: ZipFile, info: ZipInfo) -> int:
    """Count the formulas of a sheet that is the same to the byte: no need to parse it."""
    count, kept, formula = 0, b"", None
    for chunk in chunks(archive, info):
        text = kept + chunk
        last = max(text.rfind(b"<"), 0)
        if formula is None and (root := _ROOT.search(text)):
            formula = re.compile(b"<" + re.escape(root[1] or b"") + rb"f[\s>/]")
        if formula is not None:
            count += len(formula.findall(text, 0, last + 1))
        kept = text[last:]
    return count
