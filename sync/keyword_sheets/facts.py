"""What the rows are made from: a record of the workbook, with what was found out about its keywords."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.sheets.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.model import Keyword, KeywordResult, Record
    from sync.sheets.values import Value

UNAIMED = frozenset({"suggested", "suggestion", "competitor", "competitors"})
"""Groups of keywords that nobody aims at yet."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What our own books say of the last keyword run of a record. Times in seconds since 1970; None is unknown."""

    started_at: float | None = None
    finished_at: float | None = None
    checked_at: float | None = None
    """When the service was last asked about it."""
    expected: float | None = None
    """Credits."""
    booked: float | None = None
    """Credits by which the balance fell, where that can be told."""
    clusters: int | None = None
    """How many were asked for."""
    country: str = ""
    """The market that was searched."""
    status: str = ""
    """Where there is no result yet: the service's word for how far it is."""
    note: str = ""
    """Why it failed, where the result does not say."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record, its newest result, and the one before from an earlier run."""

    record: Record
    now: KeywordResult | None = None
    before: KeywordResult | None = None
    run: RunFacts = field(default_factory=RunFacts)

    @property
    def country(self) -> str:
        """The market: that of the run, or else the first country that the record is sold in."""
        return (self.run.country or next(iter(self.record.inputs.countries), "")).upper()

    @property
    def is_run(self) -> bool:
        """Whether anything is known of a keyword run of it."""
        return self.now is not None or bool(self.run.status) or self.run.started_at is not None

    def aims(self) -> Iterator[str]:
        """Give the keywords that the record aims at, folded: those of its cell, and those found that are not ideas."""
        yield from map(fold, self.record.inputs.keywords)
        if self.now is not None:
            yield from (fold(one.keyword) for one in self.now.keywords if is_aimed(one))
            yield from (fold(one.keyword) for one in self.now.pipelines if one.keyword and not one.deleted)


def is_aimed(keyword: Keyword) -> bool:
    """Whether a keyword is more than an idea or a competitor's."""
    return fold(keyword.group) not in UNAIMED


def of_record(found: Found) -> dict[str, Value]:
    """Give the cells that name a record."""
    key = found.record.key
    return {
        "Record ID": key.record_id,
        "Type": key.type,
        "Store": key.store,
        "Language": key.language,
        "Country": found.country,
        "Name": found.record.inputs.name,
    }
