"""Which words of a text are not in another. Pure, and done in a time that is known, whatever the texts are."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"<[^<>]{0,200}>|\w+|\s+|.", re.DOTALL)
"""A tag, a word, white space, or a sign."""
MOST_WORDS = 3000
"""Between the first and the last difference; beyond, looking for what is alike would take seconds a text."""
MOST_PIECES = 200
"""So many pieces can still be read; beyond, all from the first to the last difference is one."""


class Piece(NamedTuple):
    """Some words in a row, and whether the other text lacks them."""

    text: str
    differs: bool


def marked(text: str, other: str) -> tuple[Piece, ...]:
    """Cut a text into what the other one has too and what it has not. The pieces put together are the text."""
    words, others = _WORD.findall(text), _WORD.findall(other)
    first = _alike(words, others)
    last = _alike(words[first:][::-1], others[first:][::-1])
    inner, outer = words[first : len(words) - last], others[first : len(others) - last]
    pieces = [Piece("".join(words[:first]), differs=False)]
    if len(inner) + len(outer) > 2 * MOST_WORDS:
        pieces.append(Piece("".join(inner), differs=True))
    else:
        pieces += _compared(inner, outer)
    pieces.append(Piece("".join(words[len(words) - last :]), differs=False))
    found = _joined(pieces)
    return found if len(found) <= MOST_PIECES else _coarse(found)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words at the beginning that are the same."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _compared(words: Sequence[str], others: Sequence[str]) -> list[Piece]:
    """Compare word by word. Words that come all the time (autojunk) are no landmarks: they would cost a square."""
    pieces, at = [], 0
    for start, _, size in SequenceMatcher(None, words, others).get_matching_blocks():
        pieces.append(Piece("".join(words[at:start]), differs=True))
        pieces.append(Piece("".join(words[start : start + size]), differs=False))
        at = start + size
    return pieces


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Join neighbours that are alike; the space between two words that differ belongs to them."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].differs == piece.differs:
            found[-1] = Piece(found[-1].text + piece.text, piece.differs)
        elif len(found) > 1 and piece.differs and not found[-1].differs and not found[-1].text.strip():
            space = found.pop().text
            found[-1] = Piece(found[-1].text + space + piece.text, differs=True)
        else:
            found.append(piece)
    return tuple(found)


def _coarse(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Take all from the first to the last difference for one."""
    places = [place for place, piece in enumerate(pieces) if piece.differs]
    first, last = places[0], places[-1] + 1
    middle = Piece("".join(piece.text for piece in pieces[first:last]), differs=True)
    return (*pieces[:first], middle, *pieces[last:])
