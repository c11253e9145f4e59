"""Workbooks with something wrong in them: a seed and a sound workbook give a broken one, always the same."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from random import Random
from typing import TYPE_CHECKING

from tests.workbooks.zipping import Member, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NUMBERS = [
    b"0",
    b"-1",
    b"1048577",
    b"16385",
    b"99999999999999999999",
    b"4294967295",
    b"1e308",
    b"NaN",
    b"",
    b"0x10",
    b" 7 ",
]
_PIECES = [
    *(
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<?x",
        b"?>",
        b"&",
        b"&lt;",
        b"&#0;",
        b"&#xD800;",
        b"&x;",
        b"<",
        b">",
        b'"',
    ),
    *(
        b"'",
        b"\0",
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"<!DOCTYPE x>",
        b"</row>",
        b"</c>",
        b"</sheetData>",
        b"<row>",
        b"<c/>",
    ),
    *(
        b"<sheetData/>",
        b'<c r="XFD1048576"><v>1</v></c>',
        b'<c r="A1"/>',
        b'<row r="1"/>',
        b"<f>A1</f>",
        b' r="B2"',
        b"/>",
    ),
    *(b'<c r="C3" t="s"><v>99999</v></c>', b'<mergeCell ref="A1:XFD1048576"/>', b"_x0000_", b"<is/>", b'xmlns="x"'),
]
_FIELDS = [0, 1, 8, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]
_TAG = re.compile(rb"<[^<>]*>")
_ELEMENT = re.compile(rb"<(\w+)(?: [^<>]*)?(?:/>|>[^<>]*</\1>)")
_ROW = re.compile(rb"<(?:\w+:)?row\b.*?</(?:\w+:)?row>", re.DOTALL)
_VALUE = re.compile(rb'="([^"<>]*)"')
_DIGITS = re.compile(rb"[0-9]+")
_ATTRIBUTE = re.compile(rb' ([\w:]+)="[^"<>]*"')


def mutated(content: bytes, seed: int) -> bytes:
    """Break a workbook in one to three ways: some in its container, most in the XML of one of its parts."""
    random = Random(seed)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError):
        parts = {}
    if not parts or random.random() < 0.4:
        return _times(random, _IN_BYTES, content)
    return _packed(random, _of_parts(random, parts))


def _times(random: Random, ways: Sequence[Callable[[Random, bytes], bytes]], content: bytes) -> bytes:
    for _ in range(random.choice((1, 1, 2, 3))):
        content = random.choice(ways)(random, content)
    return content


def _of_parts(random: Random, parts: dict[str, bytes]) -> list[tuple[str, bytes]]:
    sheets = [name for name in parts if "sheet" in name and name.endswith(".xml")]
    name = random.choice(sheets if sheets and random.random() < 0.6 else list(parts))
    what = random.random()
    if what < 0.04:
        return [(one, data) for one, data in parts.items() if one != name]
    if what < 0.07:
        return [*parts.items(), (random.choice((name, name.upper(), "/" + name, f"xl/../{name}")), parts[name])]
    parts[name] = _times(random, _IN_XML, parts[name])
    return list(parts.items())


def _packed(random: Random, parts: list[tuple[str, bytes]]) -> bytes:
    deflated = random.random() < 0.5
    return zipped(Member(name, data, packing="deflated" if deflated else "stored") for name, data in parts)


# -------------------------------------------------------------------------------------------------- in the bytes


def _flip(random: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, content: bytes) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _lose(random: Random, content: bytes) -> bytes:
    at = random.randrange(len(content) + 1)
    return content[:at] + content[at + random.choice((1, 4, 30, 500)) :]


def _repeat(random: Random, content: bytes) -> bytes:
    at = random.randrange(len(content) + 1)
    return content[: at + random.choice((1, 30, 500))] + content[at:]


def _field(random: Random, content: bytes) -> bytes:
    """Change a number in one of the headers of the container."""
    marks = [found.start() for found in re.finditer(b"PK(?:\1\2|\3\4|\5\6|\6\6|\6\7)", content)]
    if not marks:
        return content
    # The directory and the end, which decide everything, more often than their share.
    at = random.choice(marks[-6:] if random.random() < 0.5 else marks) + random.randrange(4, 46)
    form = random.choice(("<H", "<L"))
    changed = bytearray(content)
    if at + struct.calcsize(form) <= len(changed):
        value = random.choice([*_FIELDS, random.randrange(1 << 16)])
        struct.pack_into(form, changed, at, value & (0xFFFF if form == "<H" else 0xFFFFFFFF))
    return bytes(changed)


_IN_BYTES = (_flip, _cut, _lose, _repeat, _field, _field, _field)

# ---------------------------------------------------------------------------------------------------- in the XML


def _some(random: Random, pattern: re.Pattern[bytes], xml: bytes) -> re.Match[bytes] | None:
    found = list(pattern.finditer(xml))
    return random.choice(found) if found else None


def _drop(random: Random, xml: bytes) -> bytes:
    found = _some(random, random.choice((_TAG, _ELEMENT, _ROW, _ATTRIBUTE)), xml)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _double(random: Random, xml: bytes) -> bytes:
    found = _some(random, random.choice((_TAG, _ELEMENT, _ROW, _ATTRIBUTE)), xml)
    return xml[: found.end()] + found[0] * random.choice((1, 1, 200)) + xml[found.end() :] if found else xml


def _swap(random: Random, xml: bytes) -> bytes:
    """Let two rows, tags or attributes change places."""
    pattern = random.choice((_TAG, _ELEMENT, _ROW, _ATTRIBUTE, _VALUE))
    one, other = sorted(
        (_some(random, pattern, xml), _some(random, pattern, xml)), key=lambda found: found.start() if found else 0
    )
    if one is None or other is None or one.end() > other.start():
        return xml
    return xml[: one.start()] + other[0] + xml[one.end() : other.start()] + one[0] + xml[other.end() :]


def _number(random: Random, xml: bytes) -> bytes:
    found = _some(random, _DIGITS, xml)
    return xml[: found.start()] + random.choice(_NUMBERS) + xml[found.end() :] if found else xml


def _value(random: Random, xml: bytes) -> bytes:
    found, other = _some(random, _VALUE, xml), _some(random, _VALUE, xml)
    if found is None or other is None:
        return xml
    value = random.choice((other[1], *_NUMBERS, b"x" * 5000, b"A" * 40, found[1].swapcase()))
    return xml[: found.start(1)] + value + xml[found.end(1) :]


def _insert(random: Random, xml: bytes) -> bytes:
    at = random.randrange(len(xml) + 1)
    if random.random() < 0.5 and (found := _some(random, _TAG, xml)):
        at = random.choice(found.span())
    return xml[:at] + random.choice(_PIECES) + xml[at:]


def _recode(random: Random, xml: bytes) -> bytes:
    text = xml.decode("utf-8", "replace")
    return random.choice(
        (
            text.encode("utf-16"),
            text.encode("utf-16-be"),
            text.encode("utf-32"),
            xml.replace(b"UTF-8", b"x-odd"),
            xml.replace(b"UTF-8", b"UTF-16"),
        )
    )


_IN_XML = (_drop, _drop, _double, _swap, _swap, _number, _number, _value, _insert, _insert, _recode, _flip, _cut, _lose)
