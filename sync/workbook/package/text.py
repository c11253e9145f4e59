"""Text on its way into a cell and back: what Excel can hold, and how the file spells the rest.

`fit` makes a text one that a cell can hold and says what it had to change; `encode` spells it for the
file; `decode` is the exact reverse of `encode`. A text is only ever a string: nothing here makes formulas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

LIMIT = 32_767  # UTF-16 units in one cell: an emoji counts as two
CUT_MARK = "… [cut]"

_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")  # Excel could spell the last two; calamine cannot read that
_CONTROL = bytes(sorted(set(range(32)) - {9, 10}))
_BETWEEN = _CONTROL[1:]  # but for the one that keeps texts apart
_SUSPECT = _CONTROL + b"_\xef"  # U+FFFE and U+FFFF begin with EF
_UNSPEAKABLE = "\x00-\x08\x0b-\x1f"  # not allowed in XML, or (CR) folded into LF by every parser
# An underscore is spelled out when the file would otherwise read as an escape, also when it is the spelling
# of the next character that completes it.
_ESCAPED = re.compile(f"[{_UNSPEAKABLE}]|_(?=x[0-9A-Fa-f]{{4}}[_{_UNSPEAKABLE}])")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class Fitted(NamedTuple):
    """A text that a cell can hold, and what had to be changed for it (empty: nothing but line ends)."""

    text: str
    notes: tuple[str, ...] = ()


def units(text: str) -> int:
    """Count as Excel does: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(text: str) -> Fitted:
    """Fold CRLF into LF, replace what is no character, and cut what is too long, with a mark that can be seen."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    notes = []
    if not text.isascii() and _NO_CHARACTER.search(text):
        text = _NO_CHARACTER.sub("\ufffd", text)
        notes.append("what is no character (half of a pair, or U+FFFE) was replaced")
    if 2 * len(text) > LIMIT and (length := units(text)) > LIMIT:
        text = _cut(text, LIMIT - units(CUT_MARK)) + CUT_MARK
        notes.append(f"cut: a cell holds {LIMIT:,} characters, the text has {length:,}")
    return Fitted(text, tuple(notes))


def _cut(text: str, room: int) -> str:
    """Keep the first `room` UTF-16 units, never half a character."""
    return text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")


def spelled(text: str) -> tuple[bytes, tuple[str, ...]]:
    """Fit and encode in one go: what is written, and the notes."""
    if raw := simply(text):
        return raw, ()
    if 2 * len(text) <= LIMIT and "\r" not in text and (text.isascii() or not _NO_CHARACTER.search(text)):
        return encode(text), ()
    fitted = fit(text)
    return encode(fitted.text), fitted.notes


def simply(text: str) -> bytes:
    """Spell a text in which nothing but what XML reserves needs attention: nearly all are. Nothing for any other."""
    if 2 * len(text) > LIMIT:
        return b""
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return b""
    return _reserved(raw) if len(raw.translate(None, _SUSPECT)) == len(raw) else b""


def simply_all(texts: Collection[str]) -> list[bytes] | None:
    """Spell many texts as `simply` does, all in one go, which takes half the time; None when one needs attention."""
    if 2 * max(map(len, texts), default=0) > LIMIT:
        return None
    try:
        raw = b"\0".join([text.encode() for text in texts])
    except UnicodeEncodeError:
        return None
    if len(raw.translate(None, _BETWEEN)) != len(raw) or _odd(raw):
        return None
    each = _reserved(raw).split(b"\0")
    return each if len(each) == len(texts) else None


def _odd(raw: bytes) -> bool:
    """Whether something may be taken for an escape, or be no character. A single byte is looked for much quicker."""
    return (b"_" in raw and b"_x" in raw) or (b"\xef" in raw and b"\xef\xbf" in raw)


def _reserved(raw: bytes) -> bytes:
    """Spell what XML reserves. Looking for a byte costs a tenth of replacing none."""
    if b"&" in raw:
        raw = raw.replace(b"&", b"&amp;")
    if b"<" in raw:
        raw = raw.replace(b"<", b"&lt;")
    return raw.replace(b">", b"&gt;") if b">" in raw else raw


def encode(text: str) -> bytes:
    """Spell a fitted text as the content of a `t` element, in UTF-8."""
    raw = text.encode()
    if b"_x" in raw or len(raw.translate(None, _CONTROL)) != len(raw):
        raw = _ESCAPED.sub(_spell, text).encode()
    return _reserved(raw)


def _spell(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def decode(text: str) -> str:
    """Undo the `_xHHHH_` spelling of a string as an XML parser gives it."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    # Two spelled surrogates are one character.
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
