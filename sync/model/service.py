"""What the service knows and tells: its lists and prices, its texts, its requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model.keywords import Optimization
    from sync.model.records import RecordKey, TextKey


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a reference list (tone, style, audience ...). `id` is sent, `name` is shown."""

    id: str
    name: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The service's limits. None: the service names no such limit. Lengths in characters."""

    max_name_length: int | None = None
    max_custom_tone_length: int | None = None
    max_custom_style_length: int | None = None
    max_custom_audience_length: int | None = None
    max_other_details_length: int | None = None
    max_attributes: int | None = None
    max_attribute_value_length: int | None = None
    max_keywords: int | None = None
    max_keyword_length: int | None = None
    max_suggested_keywords: int | None = None
    """Keywords of the user's own that a record may have."""
    max_semantic_keywords: int | None = None
    min_output_words: int | None = None
    max_output_words: int | None = None
    max_reference_length: int | None = None
    """Characters of a text to be rewritten that the first tier of its price covers."""
    more_reference_length: int | None = None
    """Characters that each further tier covers."""
    max_reference_title_length: int | None = None
    """Characters of a page title to be imitated."""
    max_reference_description_length: int | None = None
    """Characters of a page description to be imitated."""
    imitated: frozenset[str] | None = None
    """Text types that can be imitated; None: the service does not say."""
    max_representatives: int | None = None
    """Products that can stand for a category."""
    max_alt_texts: int | None = None
    """Images whose alt texts one request may ask for."""
    rewritten: frozenset[str] | None = None
    """Text types that can be rewritten; None: the service does not say."""


@dataclass(frozen=True, slots=True)
class PriceList:
    """Credits: `generation` per text, `tier` per started `words_per_credit` words, both by text type."""

    generation: Mapping[str, float] = field(default_factory=dict)
    tier: Mapping[str, float] = field(default_factory=dict)
    words_per_credit: int = 300
    rules: Rules = field(default_factory=Rules)
    """The limits that bound a price: see `sync.estimate.ladder_price`."""
    alt_text: float | None = None
    """Credits for one request of alt texts; None: the list does not say."""
    keyword_analysis: float | None = None
    """Credits for one keyword optimization; None: the list does not say."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Choices that the service refuses together: pairs of list name (`Tone`) and id."""

    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The service's lists and limits, as the account offers them."""

    rules: Rules
    tones: tuple[Choice, ...]
    styles: tuple[Choice, ...]
    audiences: tuple[Choice, ...]
    formal_languages: tuple[Choice, ...] = ()
    formal_support: tuple[str, ...] = ()
    """Two-letter language codes in which formal and informal differ."""
    disallowed: tuple[Combination, ...] = ()
    prices: PriceList = field(default_factory=PriceList)


@dataclass(frozen=True, slots=True)
class Balance:
    """The account's credits. `available` is what can be spent now."""

    available: float
    total: float | None = None
    premium: bool | None = None
    membership: str = ""


@dataclass(frozen=True, slots=True)
class RemoteText:
    """A text that the service holds. `value` is exactly what it sent; `text_id` is the service's own id."""

    key: TextKey
    text_id: str
    value: str


@dataclass(frozen=True, slots=True)
class TextUpdate:
    """A new value for a stored text, and whether to mark it; None leaves a mark to the service."""

    text_type: str
    text_id: str
    value: str
    publish: bool | None = None
    reviewed: bool | None = None


class RequestState(StrEnum):
    """The status of a request on the service. Anything it says that we do not know is `OTHER`."""

    PENDING = "Pending"
    RUNNING = "Running"
    COMPLETED = "Completed"
    CANCELLING = "Cancelling"
    CANCELLED = "Cancelled"
    TIMED_OUT = "TimedOut"
    FAILED = "Failed"
    OTHER = "?"


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """One bulk request as the service reports it. Ids are record ids; order means nothing.

    `completed` counts what was processed, whether it succeeded or failed: the successes are
    `completed - failed`. Times are the service's own strings.
    """

    request_id: str
    state: RequestState
    raw_state: str
    type: str
    store: str
    language: str
    queued: frozenset[str]
    running: frozenset[str]
    completed: frozenset[str]
    failed: frozenset[str]
    total: int | None = None
    estimated_end: float | None = None
    """Seconds since 1970, UTC, by the service's clock."""
    user: str = ""

    @property
    def records(self) -> frozenset[str]:
        """Every record id that the request names."""
        return self.queued | self.running | self.completed | self.failed

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of it, as far as the service says."""
        ended = {RequestState.COMPLETED, RequestState.CANCELLED, RequestState.FAILED}
        if self.state in ended:
            return True
        return bool(self.total) and len(self.completed | self.failed) >= (self.total or 0)


@dataclass(frozen=True, slots=True)
class RemoteState:
    """What the service holds for our records: current texts, and which records are in an active request."""

    texts: Mapping[TextKey, RemoteText] = field(default_factory=dict)
    active: Mapping[RecordKey, str] = field(default_factory=dict)
    """Record to request id, for requests that are pending, running or being cancelled."""
    optimizations: Mapping[RecordKey, Optimization] = field(default_factory=dict)
    """What the list of keyword optimizations says of the records that it was asked for."""
    full: bool = True
    """Whether every text was read; else only what the service says has changed, and the rest is remembered."""
