"""What goes over the line and comes back, as plain values; and the three headers that hold a time. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.attempt import Sent
    from sync.service.secret import Secret

LONGEST_WAIT = 3600.0
_SHORTEST_PACE = 0.01


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for a usual answer, for the answer to an order, and before a read is repeated.

    That last one is the most that is waited the first time; it doubles each time.
    """

    connect: float = 10.0
    read: float = 60.0
    submit: float = 300.0
    pause: float = 0.5


@dataclass(frozen=True, slots=True)
class Stamp:
    """A secret, the header it goes into, and the origins that may see it."""

    header: str
    secret: Secret
    origins: frozenset[str]
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, all but its secret."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)
    stamp: Stamp | None = None
    name: str = "other"
    """What the table of calls calls it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, read to its end. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    retry_after: float | None = None
    date: float | None = None

    @property
    def refuses_token(self) -> bool:
        """Whether the token (or key) was not taken; the service may say so beside another status than 401."""
        told = "invalid_token" in self.headers.get("www-authenticate", "").lower()
        return self.status == 401 or (told and 400 <= self.status < 500)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one `submit`. `trouble` is empty when an answer was read to its end."""

    sent: Sent
    answer: Answer | None
    trouble: str = ""


def http_date(value: str) -> float | None:
    """Read an HTTP date as seconds since 1970; None when it is none."""
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after(value: str, now: float) -> float | None:
    """Read a Retry-After header, seconds or a date, as seconds from `now`: between 0 and an hour."""
    word = value.strip()
    if word.isascii() and word.isdigit():
        return min(float(word[:9]), LONGEST_WAIT)
    date = http_date(word)
    return None if date is None else min(max(0.0, date - now), LONGEST_WAIT)


def pace(value: str) -> float | None:
    """Read what the simulator asks for, seconds between looks: more than a hundredth of one. None: nothing."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if _SHORTEST_PACE <= found < LONGEST_WAIT else None
