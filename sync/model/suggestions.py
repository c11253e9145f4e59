"""What the service suggests for a record, and the templates it offers for texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model.records import RecordKey


class Idea(StrEnum):
    """What can be suggested for a record."""

    AUDIENCE = "audience"
    SEMANTIC = "semantic keyword"


class Fate(StrEnum):
    """What has become of a suggestion."""

    OPEN = ""
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion for a record, and what has become of it. `value` is in one line, and at least one letter."""

    record: RecordKey
    idea: Idea
    value: str
    fate: Fate = Fate.OPEN


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Audiences or keywords that the service suggests, and those that were chosen from them before."""

    values: tuple[str, ...]
    selected: tuple[str, ...] = ()
    by_text: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of keywords: what is suggested for which of the texts that were sent along."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template for one kind of text. Everything about templates is assumed; `raw` is the entry as it came (JSON)."""

    template_id: str
    name: str
    type: str = ""
    text_type: str = ""
    chosen: bool | None = None
    """Whether it is the one in use."""
    raw: str = ""
