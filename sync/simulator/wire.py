"""What crosses the wire: names read in any letter case, refusals, times, words.

Nothing here knows what the service does; it only reads and writes its notation.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

_TAG = re.compile(r"<[^>]*>")


class Refusal(Exception):
    """The service says no: an HTTP status (400 to 599) and a sentence for a person."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


class Fields:
    """A JSON object whose names are found whatever their letter case (first spelling wins)."""

    def __init__(self, data: Mapping[str, Any], where: str = "") -> None:
        self._data: Json = {}
        for name, value in data.items():
            self._data.setdefault(name.lower(), value)
        self.where = where

    def __contains__(self, name: str) -> bool:
        return self._data.get(name.lower()) is not None

    def get(self, name: str) -> Any:
        """Return the value as it came, None when missing or null."""
        return self._data.get(name.lower())

    def refuse(self, message: str) -> Refusal:
        """Make a 400 that names the place."""
        return Refusal(400, f"{self.where}: {message}" if self.where else message)

    def text(self, name: str, default: str = "") -> str:
        """Return a string; a number is taken as its digits, anything else is refused."""
        value = self.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise self.refuse(f"{name} must be a string")

    def need(self, name: str) -> str:
        """Return a string that must be there and not be blank."""
        value = self.text(name).strip()
        if not value:
            raise self.refuse(f"{name} is required")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean, which may be written as a string or as 0 or 1."""
        value = self.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, str):
            return value.strip().lower() in {"true", "1", "yes"}
        return bool(value)

    def whole(self, name: str) -> int | None:
        """Return an integer or None; digits in a string will do."""
        value = self.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,12}\s*", value):
            return int(value)
        raise self.refuse(f"{name} must be a whole number")

    def many(self, *names: str) -> list[str]:
        """Return strings from the first of `names` that is there: a list, or one string split at commas."""
        for name in names:
            value = self.get(name)
            if value is None:
                continue
            if isinstance(value, str):
                return [part.strip() for part in value.split(",") if part.strip()]
            if isinstance(value, list) and all(isinstance(part, str) for part in value):
                return [part.strip() for part in value if part.strip()]
            raise self.refuse(f"{name} must be a list of strings")
        return []

    def objects(self, name: str) -> list[Fields]:
        """Return the objects of a list, each knowing its place; nothing at all gives an empty list."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise self.refuse(f"{name} must be a list of objects")
        return [Fields(part, self.where) for part in value]


def instant(seconds: float) -> str:
    """Write seconds since the epoch as the service writes times: UTC, to the millisecond."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def seconds_of(text: str, name: str) -> float:
    """Read a date-time (UTC unless it says otherwise) as seconds since the epoch."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(400, f"{name} is not a date-time: {text[:40]!r}") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def plain(text: str) -> str:
    """Strip tags and fold white space."""
    return " ".join(_TAG.sub(" ", text).split())


def bare(text: str) -> str:
    """Strip tags, and angle brackets that would make one together with what stands beside the text."""
    return plain(plain(text).replace("<", " ").replace(">", " "))


def words(text: str) -> int:
    """Count the words of a text, tags left out."""
    return len(plain(text).split())
