"""What a plan says on paper, whatever the paper: its kinds of work in order, with titles, sums and names. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sync.counts import counted, number
from sync.model import KEYWORDS, SENT_BACK, Kind, Price
from sync.report.plan_text import counted_records, credits_range, records_and_images

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.model import Change, Plan, Problem, RecordKey
    from sync.plan import Guard

TITLES = {
    Kind.KEYWORDS: "Keywords found by the service",
    Kind.GENERATE: "Made by the service",
    Kind.PULL: "Fetched from the service",
    Kind.PUSH: "Sent back to the service",
    Kind.REVIEW: "Marked as reviewed on the service",
    Kind.PUBLISH: "Marked as published on the service",
    Kind.ARCHIVE: "Archived on the service",
    Kind.DELIVER: "Made earlier, and written in now",
    Kind.FOLLOW: "Being made already",
}
"""The kinds of work, in the order in which they are shown."""

# Control characters, halves of characters, and marks that turn the direction of what follows them.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class PlanDocument:
    """A plan with what is told beside it. `name` is the workbook's, `records` how many it has."""

    plan: Plan
    guards: Sequence[Guard]
    problems: Sequence[Problem]
    name: str
    records: int
    names: Mapping[RecordKey, str] = field(default_factory=dict)
    """What each record is called."""
    images: int = 0
    """How many images the workbook has, besides its records."""

    @property
    def groups(self) -> list[tuple[str, Sequence[Change], Price]]:
        """Give the kinds of work: title, changes in the order of the workbook, and what they cost together."""
        found = {kind: self.plan.of(kind) for kind in TITLES}
        return [
            (TITLES[kind], one, sum((change.price for change in one), Price())) for kind, one in found.items() if one
        ]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Give the figures of the whole plan, each with what it is."""
        plan = self.plan
        there = "not known" if plan.balance is None else f"{number(plan.balance.available)} credits"
        return [
            ("Workbook", f"{self.name}, {records_and_images(self.records, self.images)}"),
            ("Changes", f"{counted(len(plan.changes), 'text')} of {counted_records(self._touched)}"),
            ("Price", credits_range(plan.estimate)),
            ("Balance", there),
            ("Digest", plan.digest),
        ]

    @property
    def _touched(self) -> set[RecordKey]:
        return {change.key.record for change in self.plan.changes}

    @cached_property
    def _mixed(self) -> tuple[bool, bool, bool]:
        keys = {change.key.record for change in (*self.plan.changes, *self.plan.notes)}
        several = [len({getattr(key, part) for key in keys}) > 1 for part in ("type", "store", "language")]
        return several[0], several[1], several[2]

    def address(self, change: Change) -> str:
        """Name a record: its id, with type, store and language where the plan has several of these."""
        key = change.key.record
        parts = zip((key.type, key.store, key.language), self._mixed, strict=True)
        return ", ".join([key.record_id, *(part for part, told in parts if told)])


def sides(change: Change) -> tuple[str, str]:
    """Name the two sides of a change: what `was` is, and what `now` is."""
    if change.kind in SENT_BACK:
        return "on the service", "from the workbook"
    return "in the workbook", "from the service"


def shown(text: str) -> str:
    """Take out what no page can show, or what would make it show something else than is there."""
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def outlook(change: Change) -> str:
    """Say what will stand there, where that is not known beforehand or is not a text."""
    if change.kind is Kind.GENERATE:
        return "rewritten by the service" if change.rewrite else "a new text"
    if change.kind is Kind.KEYWORDS:
        return "the keywords that are found"
    if change.kind is Kind.FOLLOW:
        return f"the {'keywords' if change.key.text_type == KEYWORDS else 'text'} that is being made"
    return "" if change.now else "archived" if change.kind is Kind.ARCHIVE else "(empty)"
