"""What the service finds out about the keywords of a record, and what is asked of it.

Levels, intents, groups, difficulties and states are words of the service, kept as they come: no source lists them all.
What the service does not say is empty, or None; it is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sync.model.records import RecordKey


KEYWORDS = "keywords"
"""Stands where a text type stands for what is planned, paid and remembered of a keyword optimization."""


class OptimizationState(StrEnum):
    """How far a keyword optimization is. Anything the service says that we do not know is `OTHER`."""

    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    MANUAL = "Manual"
    """Keywords were typed in, and nothing was analysed."""
    OTHER = "?"


UNDER_WAY = frozenset({OptimizationState.PENDING, OptimizationState.IN_PROGRESS, OptimizationState.OTHER})
"""The states in which more may come of an optimization."""


@dataclass(frozen=True, slots=True)
class OptimizationOrder:
    """What is sent to start one keyword optimization. It costs credits."""

    key: RecordKey
    name: str = ""
    url: str = ""
    country: str = ""
    """The market that is searched, as two letters (ISO 3166)."""
    seed_keywords: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    clusters: int | None = None
    products: tuple[str, ...] = ()
    """Of a category: names of products that stand for it."""
    image_ids: tuple[str, ...] = ()
    flag_for_rewrite: bool = False
    """Whether the service may mark the record for a rewrite. Without it no trigger is sent."""


@dataclass(frozen=True, slots=True)
class Optimization:
    """One entry of the service's list of keyword optimizations."""

    key: RecordKey
    state: OptimizationState
    raw_state: str
    changed_at: float | None = None
    """Seconds since 1970, by the service's clock; None where it does not say."""
    note: str = ""
    """Why it failed, where the service says so."""
    started_at: float | None = None
    """When it was ordered last, in seconds since 1970, by the service's clock; None where it does not say."""

    @property
    def identity(self) -> str:
        """Tell this state of it from every other, as far as the service tells them apart."""
        changed = "" if self.changed_at is None else f" {self.changed_at!r}"
        return self.raw_state + changed + ("" if self.started_at is None else f" started {self.started_at!r}")

    def may_follow(self, baseline: str) -> bool:
        """Tell whether this may be what an order that the service took has made of the entry of that identity.

        Keywords that people type make an entry, too, and no order has ever made that one.
        """
        if self.state is OptimizationState.MANUAL:
            return False
        later = self._began_after(baseline)
        return later if later is not None else self.identity != baseline

    def must_follow(self, baseline: str) -> bool:
        """Tell whether an order must have arrived since the entry had that identity (empty: there was none).

        The service refreshes figures by itself, and then the entry is changed without any order: what proves one is a
        later start or, where no start is told, another state.
        """
        if self.state is OptimizationState.MANUAL:
            return False
        later = self._began_after(baseline)
        return later if later is not None else _former(self.identity)[0] != _former(baseline)[0]

    def _began_after(self, baseline: str) -> bool | None:
        """Compare the start with that of the entry before; None: that does not tell."""
        _, changed, started = _former(baseline)
        before = changed if started is None else started
        if not baseline:
            return True
        return None if self.started_at is None or before is None else self.started_at > before


_IDENTITY = re.compile(r"(.*?)(?: ([-+.e\d]+))?(?: started ([-+.e\d]+))?", re.DOTALL)


def _former(identity: str) -> tuple[str, float | None, float | None]:
    """Read from an identity the state, and when it changed and was started."""
    found = _IDENTITY.fullmatch(identity)
    state, changed, started = found.groups() if found else (identity, None, None)
    return state, None if changed is None else float(changed), None if started is None else float(started)


class Searched(NamedTuple):
    """The last order of a record's keywords that may have been charged, as the journal knows it.

    One that was not sent is none, nor is one that the user has had sent again.
    """

    batch: int
    listed: bool
    """Whether the service's list has shown what came of it."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword of a record, with what is known of it."""

    keyword: str
    group: str = ""
    """Chosen, ranking, competitor, manual, suggested."""
    cluster: str = ""
    pipeline_id: str = ""
    level: str = ""
    intent: str = ""
    volume: int | None = None
    """Searches a month."""
    difficulty: str = ""
    rank: int | None = None
    """The page's place among the results; None: it has none, or nobody looked."""
    as_of: str = ""
    """When these figures were taken, as the service says it."""
    state: str = ""
    """ForGeneration, Generated, Published."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A condition, and what the service does when it is met."""

    option: str = ""
    value: str = ""
    action: str = ""
    """`FlagForRewrite` is the one word that is documented."""
    text_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The keywords that a page is to move through, one after the other."""

    pipeline_id: str
    title: str = ""
    level: str = ""
    keyword: str = ""
    """The one in use now."""
    rank: int | None = None
    locked: bool | None = None
    deleted: bool | None = None
    triggers: tuple[Trigger, ...] = ()
    snapshot_id: str = ""
    flagged: bool | None = None
    """Whether a trigger has marked the page for a rewrite."""


@dataclass(frozen=True, slots=True)
class KeywordResult:
    """Everything that one keyword optimization has found out. `raw` is the answer as it came (JSON)."""

    key: RecordKey
    state: OptimizationState
    raw_state: str
    keywords: tuple[Keyword, ...] = ()
    pipelines: tuple[Pipeline, ...] = ()
    changed_at: float | None = None
    note: str = ""
    raw: str = ""

    @property
    def flagged(self) -> bool:
        """Whether the service has marked the record for a rewrite."""
        return any(one.flagged and not one.deleted for one in self.pipelines)
