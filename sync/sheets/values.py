"""What a cell of these sheets may hold, and the form in which words are compared."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Tone(StrEnum):
    """How the words of a cell stand out. The colour belongs to the words, so that it moves when rows are sorted."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class Toned(NamedTuple):
    """Words that stand out."""

    text: str
    tone: Tone

    def __str__(self) -> str:
        """Give the words alone."""
        return self.text


Value: TypeAlias = str | float | datetime | Toned | None
"""A moment is in UTC. None and the empty text are an empty cell."""


def words(value: Value) -> str:
    """Give what a cell says, less its colour; empty for numbers and moments."""
    return str(value) if isinstance(value, str | Toned) else ""


def moment(seconds: float | None) -> datetime | None:
    """Turn seconds since 1970 into a moment, to the minute."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).replace(second=0, microsecond=0)


def told(text: str) -> Value:
    """Read a moment as the service spells it (ISO 8601, UTC where it does not say); any other text stays a text."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def fold(text: str) -> str:
    """Bring words into the one form in which they are compared: lower case, single spaces."""
    return " ".join(text.casefold().split())
