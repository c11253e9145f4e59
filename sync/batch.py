"""The nouns of sending: batches, their items, and what happened to them.

A batch is the records that go out in one POST; an item is one text of it. Frozen values, no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.model import KEYWORDS, Price, TextKey

if TYPE_CHECKING:
    from collections.abc import Mapping


class BatchState(StrEnum):
    """How far a batch has come. Only INTENT may spend money; `sync.journal.batches` holds the allowed steps."""

    PLANNED = "planned"
    INTENT = "intent"
    ACCEPTED = "accepted"
    RUNNING = "running"
    CANCELLING = "cancelling"
    UNKNOWN = "unknown"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    GONE = "gone"
    LOST = "lost"


OPEN = frozenset({BatchState.ACCEPTED, BatchState.RUNNING, BatchState.CANCELLING})
"""The service has it, and more may come of it."""
UNSURE = frozenset({BatchState.INTENT, BatchState.UNKNOWN})
"""Nobody can say whether the service has it."""


class ItemState(StrEnum):
    """What became of one text of a batch."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    NOT_SENT = "not sent"
    EMPTY = "empty"
    """The service made an empty text, and charged for it."""
    RESENT = "sent again"
    """Nobody could say, and the user had it sent again."""
    LOST = "taken for lost"
    """Nobody could say, and the user let it be."""


GIVEN_UP = (ItemState.RESENT, ItemState.LOST)
"""Nobody could say, and the user has decided."""


@dataclass(frozen=True, slots=True)
class Item:
    """One text of a batch. `was` is the cell it was ordered for, `baseline` the newest text id before sending."""

    key: TextKey
    was: str
    input_digest: str
    price: Price
    baseline: str = ""
    state: ItemState = ItemState.OPEN
    text_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the service held just before a batch was sent: the measure for every later discovery."""

    requests: frozenset[str] = frozenset()
    overlap: frozenset[str] = frozenset()
    """Record ids of the batch that somebody else's active request holds."""
    texts: Mapping[TextKey, str] = field(default_factory=dict)
    """Ids of the newest texts."""
    values: Mapping[TextKey, str] = field(default_factory=dict)
    """Those texts themselves, as cells hold them."""
    balance: float | None = None
    server_time: float | None = None
    """Seconds since 1970 by the service's clock, when known."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The records that go out, or went out, in one POST: one store, type and language.

    `found` marks a request that somebody else started and that we only follow.
    """

    id: int
    run_id: str
    state: BatchState
    store: str
    type: str
    language: str
    items: tuple[Item, ...]
    request_id: str = ""
    found: bool = False
    reason: str = ""
    known_requests: frozenset[str] = frozenset()
    """The requests that were active before it was sent."""
    sent_at: float = 0.0
    asked: str = ""
    """Of a keyword optimization: what was sent, as JSON."""

    @property
    def for_keywords(self) -> bool:
        """Whether it is a keyword optimization: one record, one item, and no request that could be looked at."""
        return any(item.key.text_type == KEYWORDS for item in self.items)

    @property
    def records(self) -> frozenset[str]:
        """The record ids of the batch, less those that were left out before it was sent."""
        return frozenset(item.key.record.record_id for item in self.items if item.state is not ItemState.NOT_SENT)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items of which nothing final is known."""
        return tuple(item for item in self.items if item.state is ItemState.OPEN)

    @property
    def given_up_items(self) -> tuple[Item, ...]:
        """The items that the user gave up: they may turn up all the same."""
        return tuple(item for item in self.items if item.state in GIVEN_UP)

    @property
    def price(self) -> Price:
        """What the batch costs, as a range."""
        return sum((item.price for item in self.items), Price())


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run, as the journal remembers it. Times in seconds since 1970, UTC."""

    id: str
    started_at: float
    service: str
    simulated: bool
    approved: float
    """Credits that the user agreed to spend at most."""
    state: str = "running"
    ended_at: float | None = None
    balance_before: float | None = None
    balance_after: float | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How the texts of a run stand, and what those that arrived have cost by the price list."""

    total: int = 0
    done: int = 0
    searches: Mapping[ItemState, int] = field(default_factory=dict)
    """How many of these all, by what became of them, are no texts but the keywords of a record."""
    failed: int = 0
    empty: int = 0
    """Texts that came empty; they were charged, and are in `credits`."""
    cancelled: int = 0
    unknown: int = 0
    open: int = 0
    not_sent: int = 0
    credits: float = 0.0
    stopped_max: float = 0.0
    """Credits that cancelled and unsent texts would have cost at most."""
    stopped_min: float = 0.0
    unknown_max: float = 0.0
    """Credits that are at stake in texts nobody can say about."""

    @property
    def keywords(self) -> int:
        """How many of those that are done are keywords of a record, and no text."""
        return self.searches.get(ItemState.DONE, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The latest word about one text: its last item in a batch, if it was ever sent, and its last delivery, if any.

    `at` is when that word came, in seconds since 1970. `credits` is what all texts under this key have cost so far, by
    the price list.
    """

    item: ItemState | None = None
    reason: str = ""
    delivery: str = ""
    """`waiting`, `written` or `kept`; empty: there is none."""
    origin: str = ""
    """Where that delivery came from, as `sync.model.Origin` says."""
    at: float = 0.0
    credits: float = 0.0


@dataclass(frozen=True, slots=True)
class Charge:
    """What one text has cost, in credits by the price list, and when it was seen, in seconds since 1970."""

    key: TextKey
    service: str
    run_id: str
    at: float
    credits: float
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A text that was charged twice after all: the order that was given up had reached the service."""

    key: TextKey
    batch: int
    found: str
    """The id, of a request or of a text, by which the order that was given up has shown itself."""
    kept: str
    """The id of the text that was ordered in its place, if it has come."""
