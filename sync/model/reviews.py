"""Requests for change that editors made on the service: who wants which text changed, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.model.records import RecordKey


class Wish(StrEnum):
    """What is asked of a text. Anything the service says that we do not know is `OTHER`, and counts as open."""

    REWRITE = "rewrite"
    CORRECTION = "correction"
    BOTH = "rewrite and correction"
    DONE = "done"
    OTHER = "?"


@dataclass(frozen=True, slots=True)
class ReviewedText:
    """One text of a review."""

    text_type: str
    wish: Wish
    raw_wish: str = ""
    """The service's own word or number for it."""
    text_id: str = ""
    text: str = ""
    """The words in question, where the service says them."""

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.wish is not Wish.DONE


@dataclass(frozen=True, slots=True)
class Review:
    """One request for change, about one or more texts of a record."""

    review_id: str
    key: RecordKey
    comment: str
    texts: tuple[ReviewedText, ...]
    date: float | None = None
    """Seconds since 1970, by the service's clock."""
    user: str = ""
    """Who made it, as the service names her account."""
    name: str = ""
    archived: bool | None = None

    @property
    def open(self) -> bool:
        """Whether anything of it is still to be done."""
        return self.archived is not True and any(one.open for one in self.texts)


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """A request for change as it is sent: texts by type, text id and words. With a `review_id` it changes that one."""

    key: RecordKey
    texts: tuple[tuple[str, str, str], ...]
    review_id: str = ""
    comment: str = ""
    wish: Wish = Wish.REWRITE
    archived: bool | None = None
