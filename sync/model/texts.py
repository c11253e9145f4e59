"""When two texts count as the same."""

from __future__ import annotations

ON_PURPOSE = "(none)"
"""What a cell says that is empty on purpose."""

UNSEEN = "\0"
"""Stands for words that were agreed on and are not known: no cell and no text can hold it, so it equals nothing."""


def normal(text: str) -> str:
    """Reduce a text to what counts when comparing: one kind of line end, no white space at either end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def same(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for line ends and outer white space."""
    return one == other or normal(one) == normal(other)
