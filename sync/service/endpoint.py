"""What is told of one call of the service: its address, how it is known, what it costs, how it is cut up and cached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """How we know of a call."""

    DOCUMENTED = "documented"
    SEEN = "seen"
    ASSUMED = "assumed"


class Paging(StrEnum):
    """How a long answer is cut up."""

    NONE = ""
    TOKEN = "continuationToken"  # noqa: S105 - the name of a query parameter, nothing secret


class Caching(StrEnum):
    """How an unchanged answer is recognised."""

    NONE = ""
    ETAG = "ETag"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the service. `{id}` in a path stands for a value that is filled in, percent-encoded."""

    name: str
    method: str
    path: str
    source: Source
    paging: Paging = Paging.NONE
    caching: Caching = Caching.NONE
    billable: bool = False
    """It costs credits, or may: never repeated by the client, whatever happens."""
    cost: str = ""
    """What a billable call costs, in words."""
    open: bool = False
    """It needs no token, and gets none."""
    home: bool = False
    """It is asked of the host of the API, never of the region."""
    destructive: bool = False
    """It may take something away, or replace it; a DELETE always does."""
    note: str = ""

    @property
    def risky(self) -> bool:
        """Whether something could be lost through an address that is only assumed."""
        return (self.destructive or self.method == "DELETE") and self.source is Source.ASSUMED
