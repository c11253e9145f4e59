"""A part's XML as bytes in blocks, with what only looks like markup masked out.

A sheet is scanned with regular expressions. That is right as long as every `<` starts a tag, which XML promises
everywhere but inside comments, CDATA and processing instructions; those are masked, byte for byte, in a
second copy that the scanners look at (almost always the very same bytes object).
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

from sync.errors import NotAWorkbook, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BEFORE_ROOT = re.compile(r"\ufeff?(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?[A-Za-z_]")
_ATTRIBUTE = re.compile(rb"""\s([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
PROLOG = 65_536
"""How many bytes of a part `check_prolog` wants to see."""

# The rest of a tag after its name, up to but without its closing bracket.
ATTRIBUTES = rb"""[^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*"""

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_PLAIN = {"utf-8": None, "ascii": "ascii", "iso8859-1": "latin-1"}


class Block(NamedTuple):
    """Some bytes of a part in UTF-8, and the same number of bytes to look for tags in."""

    raw: bytes
    mask: bytes


def attribute(tag: bytes, name: bytes) -> bytes | None:
    """Read one attribute of a start tag; None when it is not there. Entities are left as they are."""
    if name not in tag:
        return None
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name:
            return found[2][1:-1]
    return None


def without(attributes: bytes, names: frozenset[bytes]) -> bytes:
    """Take some attributes out of a tag, leaving the others as they are spelled."""
    return _ATTRIBUTE.sub(lambda found: b"" if found[1] in names else found[0], attributes)


def prefix_of(mask: bytes) -> bytes:
    """Give the namespace prefix of the root element with its colon; empty when there is none."""
    found = _ROOT.search(mask)
    if found is None:
        raise _broken()
    return found[1] or b""


def check_prolog(name: str, start: bytes) -> None:
    """Refuse a part that declares a document type: entities could be anything."""
    text = start.decode(_UTF16.get(start[:2], "utf-8"), "replace")
    found = _BEFORE_ROOT.match(text)
    at = found.end() if found else 0
    if text[at : at + 9].upper() == "<!DOCTYPE" or text.startswith("<!", at):
        hint = "Workbooks never have one. Open it in Excel and save it under a new name."
        raise NotAWorkbook(f"{name} inside the file declares a document type (DOCTYPE).", hint)


def encoding_of(start: bytes) -> str | None:
    """Name the codec a part is written in; None for UTF-8."""
    if found := _UTF16.get(start[:2]):
        return found
    declared = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared[1].decode()).name
    except LookupError:
        name = declared[1].decode()
    if name not in _PLAIN:
        hint = "Open it in Excel and save it under a new name."
        raise NotAWorkbook(f"The workbook is written in the character set {name}, which Excel does not use.", hint)
    return _PLAIN[name]


def as_utf8(chunks: Iterable[bytes], encoding: str | None) -> Iterator[bytes]:
    """Turn a part into UTF-8."""
    if encoding is None:
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise _broken() from error


def from_utf8(chunks: Iterable[bytes], encoding: str | None) -> Iterator[bytes]:
    """Turn UTF-8 back into the part's own encoding; what that cannot say becomes a character reference."""
    if encoding is None:
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        yield decoder.decode(chunk).encode(encoding, "xmlcharrefreplace")
    yield decoder.decode(b"", final=True).encode(encoding)


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """Cut UTF-8 into blocks that end between tags."""
    kept = b""
    waiting: list[bytes] = []
    length = 0
    for chunk in chunks:
        waiting.append(chunk)
        length += len(chunk)
        if length < len(kept):  # a comment without an end is looked at a few times, not once a chunk
            continue
        text = kept + b"".join(waiting)
        waiting, length = [], 0
        mask, safe = _masked(text)
        if safe:
            raw = text[:safe]
            yield Block(raw, raw if mask is text else mask[:safe])
        kept = text[safe:]
    if kept or waiting:
        rest = kept + b"".join(waiting)
        mask, safe = _masked(rest + b"<")
        if safe != len(rest):
            raise _broken()
        yield Block(rest, mask[:-1])


def _masked(text: bytes) -> tuple[bytes, int]:
    """Mask what is no markup; say how many bytes are known to be complete."""
    mask = text
    if (b"!" in text and b"<!" in text) or (b"?" in text and b"<?" in text):  # a single byte is found at once
        mask = _OPAQUE.sub(_fill, text)
        unfinished = [at for at in (mask.find(b"<!"), mask.find(b"<?")) if at >= 0]
        if unfinished:
            return mask, min(unfinished)
    return mask, max(mask.rfind(b"<"), 0)


def _fill(found: re.Match[bytes]) -> bytes:
    length = len(found[0])
    return (b"x" if found[0].startswith(b"<![") else b" ") * length


def _broken() -> WorkbookError:
    return NotAWorkbook("The XML inside the workbook is damaged.", "Open it in Excel and save it under a new name.")
