"""What one look at the open work of a run showed, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.counts import counted, number
from sync.run.events import Event

if TYPE_CHECKING:
    from sync.batch import Batch
    from sync.model import RequestDetails
    from sync.run.ports import Session


@dataclass(frozen=True, slots=True)
class Look:
    """What one look showed. `estimated_end` in seconds since 1970 by the service's clock."""

    moved: bool = False
    arrived: int = 0
    made: int = 0
    """Texts with words in them that our own orders brought, of what arrived."""
    ended: tuple[Batch, ...] = ()
    running: int = 0
    queued: int = 0
    estimated_end: float | None = None
    twins: tuple[tuple[Batch, RequestDetails], ...] = ()
    """Requests that a batch has made besides its own."""
    waiting: int = 0
    """Requests of which nothing has been begun."""
    idle: bool = False
    """Whether all that is open is being made: the service may have room for more."""


def progress(look: Look, *, searches: bool = False) -> Event:
    """Say how things stand on the service. `searches`: nothing is made there, only keywords are looked for."""
    how = "under way" if searches else "being made"
    return Event(
        "progress",
        f"{counted(look.running, 'record')} {how}, {number(look.queued)} waiting.",
        {"running": look.running, "queued": look.queued, "arrived": look.arrived},
        quiet=True,
    )


def remaining(session: Session, look: Look, now: float) -> float | None:
    """Give the seconds until the service expects to be done, by its own clock; None when it does not say."""
    if look.estimated_end is None:
        return None
    return look.estimated_end - (now + (session.service.server_time_offset or 0.0))
