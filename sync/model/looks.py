"""What a look at the service left in memory, so that the next one need ask only for what changed since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model.service import RemoteText


class Address(NamedTuple):
    """What the service is asked for in one go: records of one type, in one store and language."""

    type: str
    store: str
    language: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the texts under an address. Times are the service's own, in seconds since 1970, UTC."""

    text_types: tuple[str, ...]
    at: float
    """When it began: what was done later, it may not have seen."""
    full_at: float
    """When the latest look began that read every text."""
    turn: int = 0
    """How many records were looked at besides, to see whether what is remembered still holds."""
    holdings: Mapping[str, tuple[RemoteText, ...]] = field(default_factory=dict)
    """Texts by record id; no texts: the record is known to have none."""
