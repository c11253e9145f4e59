"""Reading JSON of which we cannot be sure: any letter case, nulls, missing names, lists in place of objects.

Everything here gives something usable for any JSON at all; only `parse` raises, and only `Unreachable`.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_LONGEST = 300


def parse(body: bytes, expected: str) -> object:
    """Decode a JSON body; an empty one is None. `expected` says, in the error, what should have come."""
    if not body.strip():
        return None
    try:
        decoded: object = json.loads(body)
    except (ValueError, RecursionError):
        raise unreadable(expected) from None
    return decoded


def unreadable(expected: str) -> Unreachable:
    """Make the error for an answer that is not what it should be."""
    return Unreachable(
        f"The service's answer cannot be read: expected {expected}.",
        "Try again later. If it stays so, please report it: the service may have changed.",
    )


def find(data: Mapping[str, object], *names: str) -> object:
    """Return the first value that is not null under one of `names`, in any letter case; None without one."""
    folded: dict[str, object] = {}
    for name, value in data.items():
        if value is not None:
            folded.setdefault(name.casefold(), value)
    for name in names:
        exact = data.get(name)
        found = exact if exact is not None else folded.get(name.casefold())
        if found is not None:
            return found
    return None


def thing(value: object) -> dict[str, object]:
    """Return an object: itself, or the first object of a list; otherwise an empty one."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return next((one for one in value if isinstance(one, dict)), {})
    return {}


def items(value: object) -> list[object]:
    """Return a list: itself, nothing for null, and one entry for anything else."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def things(value: object) -> list[dict[str, object]]:
    """Return the objects of a list, the others left out."""
    return [one for one in items(value) if isinstance(one, dict)]


def opened(value: object) -> object:
    """Unpack an answer that is wrapped in `{"value": ...}` and nothing else."""
    if isinstance(value, dict) and len(value) == 1:
        inner = find(value, "value")
        if isinstance(inner, (dict, list)):
            return inner
    return value


def text(value: object, default: str = "") -> str:
    """Return a string as it came; a number as its digits; `default` for what is neither.

    Half a surrogate pair, which is no character and which no file could hold, becomes U+FFFD.
    """
    if isinstance(value, bool):
        return default
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else default
    if not isinstance(value, str):
        return default
    if value.isascii():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def texts(value: object) -> tuple[str, ...]:
    """Return the strings of a list, empty ones left out."""
    return tuple(one for one in map(text, items(value)) if one)


def number(value: object) -> float | None:
    """Return a finite number, also one that is written in a string; otherwise None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and len(value) > 40:
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def whole(value: object) -> int | None:
    """Return a whole number, zero or more; otherwise None."""
    found = number(value)
    return int(found) if found is not None and 0 <= found < 1e15 else None


def flag(value: object) -> bool | None:
    """Return a yes or no, also as words or as 1 and 0; otherwise None."""
    if isinstance(value, bool):
        return value
    word = text(value).strip().casefold()
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(word)


def moment(value: object) -> float | None:
    """Return a time as seconds since 1970, UTC: from ISO 8601 (no zone means UTC), or from such a number.

    A time before 1970 is none: the year 1 stands for "not set" where the service's kind of software is made.
    """
    if isinstance(value, (int, float)):
        found = number(value)
        return found if found is not None and found > 0 else None
    word = text(value).strip()
    if not word or len(word) > 40:
        return None
    word = re.sub(r"(\.\d{6})\d+", r"\1", word)
    try:
        date = datetime.fromisoformat(word)
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > 0 else None


def spelled_as(answered: str, asked: Sequence[str]) -> str | None:
    """Return the asked id that is meant: the same, or the only one that differs in letter case alone; None without."""
    if answered in asked:
        return answered
    near = [one for one in asked if one.strip().casefold() == answered.strip().casefold()]
    return near[0] if len(near) == 1 else None


def clean(message: str) -> str:
    """Make somebody else's words fit to print: one line, no control characters, not endless."""
    plain = " ".join(_CONTROLS.sub(" ", text(message)).split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def complaint(body: bytes, hide: Callable[[str], str] = str) -> str:
    """Return the message of an error body (`error`, `message`, `title`, `detail`), cleaned; empty without one.

    `hide` takes secrets out; it sees the message before it is shortened.
    """
    try:
        decoded = parse(body, "a message")
    except Unreachable:
        return ""
    if isinstance(decoded, str):
        return clean(hide(decoded))
    found = find(thing(decoded), "error", "message", "title", "detail")
    if isinstance(found, (dict, list)):
        found = find(thing(found), "message", "error")
    return clean(hide(text(found)))
