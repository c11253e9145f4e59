"""Whether a keyword stands in a text, as a reader sees it: without HTML, whatever its case, between word borders."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BETWEEN = re.compile(r"[\s\u00ad\u200b\-\u2010-\u2015]+")
"""Spaces and dashes count as the same: people search for `t shirt` and write `T-shirt`."""


def as_read(text: str) -> str:
    """Give a text as it is compared; HTML is taken away, and an element's border is a border between words."""
    seen = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text)))
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", seen).casefold()).strip()


def stands_in(keyword: str, read: Iterable[str]) -> bool:
    """Whether a keyword stands in one of the texts, which went through `as_read`."""
    wanted = as_read(keyword)
    return bool(wanted) and any(_stands(wanted, text) for text in read)


def _stands(wanted: str, text: str) -> bool:
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not _joined(before, wanted[0]) and not _joined(wanted[-1], after):
            return True
        at = text.find(wanted, at + 1)
    return False


def _joined(one: str, other: str) -> bool:
    """Whether two neighbouring letters belong to one word; where words are written without spaces nobody can tell."""
    if not one or not other:
        return False
    return all(char.isalnum() and not _spaceless(char) for char in (one, other))


def _spaceless(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or "\u0e00" <= char <= "\u0eff"
