"""Frozen values that only some calls speak in: rows of the paged lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What was done to one text of one record. `status` is the service's word (Generated, Edited, ...)."""

    record_id: str
    text_type: str
    status: str
    date: float | None = None
    """Seconds since 1970, UTC, by the service's clock."""
    user: str = ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One entry of the history. `action` is the service's word; its values are not known."""

    record_id: str
    text_type: str
    action: str
    text_id: str
    value: str
    date: float | None = None
    """Seconds since 1970, UTC, by the service's clock."""
    user: str = ""


@dataclass(frozen=True, slots=True)
class KeywordStateRow:
    """One keyword of one record and how far it is: ForGeneration, Generated, Published, or a word unknown to us."""

    record_id: str
    keyword: str
    state: str
    pipeline_id: str = ""
