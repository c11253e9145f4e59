"""One order to the service and what became of sending it, as facts: no judgement, no network, no files.

The service client makes an `Attempt` of every order that it sends; deciding what an attempt means
(not sent, refused, accepted, unknown) is the run's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model import Image, Inputs, RemoteText, Wanted


@dataclass(frozen=True, slots=True)
class GenerateRecord:
    """One record of an order: its inputs, and each wanted text with the text that stands in its cell now."""

    record_id: str
    inputs: Inputs
    fields: tuple[tuple[Wanted, str], ...]
    rewrites: frozenset[str] = frozenset()
    """The text types whose text is to be rewritten, not only looked at."""
    references: Mapping[str, str] = field(default_factory=dict)
    """The texts of the reference record that are to be imitated, by text type."""
    images: tuple[str, ...] = ()
    """Ids of uploaded images that the service is to look at."""
    alt_texts: tuple[tuple[str, str], ...] = ()
    """Uploaded images whose alt text is wanted with the texts: id, and the alt text that it has now."""


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """What goes out in one billable POST: records that share type, store, language, countries and instructions."""

    type: str
    store: str
    language: str
    countries: tuple[str, ...]
    special_instructions: str
    records: tuple[GenerateRecord, ...]


class Sent(StrEnum):
    """How much of a request left this machine."""

    NOT_LEFT = "not left"
    """Provably nothing: no connection came about, so that the service cannot have acted on it."""
    PARTIAL = "partial"
    """It was begun and could not be finished: the service saw at most the beginning of it."""
    LEFT = "left"
    """All of it, or nobody can tell."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known after one billable POST.

    `status` and `body` are None when no status, or no readable JSON, came back. `exception` names what went
    wrong on the way, in words that are safe to print; it is empty when a whole answer was read. A 401 means
    that the token was not taken; the next call signs in again by itself.
    """

    sent: Sent
    status: int | None = None
    body: object | None = field(default=None, repr=False)
    request_id: str = ""
    texts: tuple[RemoteText, ...] = ()
    """Texts that came inside the answer, instead of a request id or beside it."""
    images: tuple[Image, ...] = ()
    """Images whose alt text came inside the answer; one that was asked for and is not here has failed."""
    complete: bool = False
    """The answer holds all that will ever come of the order; what was asked for and is not in it has failed."""
    error: str = ""
    """The service's own words, cleaned and shortened."""
    retry_after: float | None = None
    """Seconds the service asked us to wait, when it said so."""
    date: float | None = None
    """The service's clock when it answered, in seconds since 1970, UTC."""
    exception: str = ""
    body_sha256: str = ""
    """Of the bytes that were to be sent, in hexadecimal."""
    simulated: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the service answered that it took the order, as far as its status says."""
        return self.status is not None and 200 <= self.status < 300
