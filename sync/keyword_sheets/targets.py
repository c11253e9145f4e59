"""Cannibalisation: records of one shop that aim at the same keyword, in the same language and market."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sheets.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.keyword_sheets.facts import Found
    from sync.model import RecordKey

_NAMED = 5


class Targets:
    """Who aims at what, whatever the type: a category competes with its products."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._by: dict[tuple[str, str, str, str], dict[RecordKey, None]] = {}
        for one in found:
            for keyword in one.aims():
                if keyword:
                    self._by.setdefault(self._place(one, keyword), {})[one.record.key] = None

    def others(self, one: Found, keyword: str) -> tuple[RecordKey, ...]:
        """List the other records that aim at a keyword; none when this one does not aim at it itself."""
        aiming = self._by.get(self._place(one, fold(keyword)), {})
        return tuple(key for key in aiming if key != one.record.key) if one.record.key in aiming else ()

    def named(self, one: Found, keyword: str) -> str:
        """Name them, for a cell; those of another type with their type."""
        keys = self.others(one, keyword)
        own = one.record.key.type
        said = [key.record_id if key.type == own else f"{key.record_id} ({key.type})" for key in keys[:_NAMED]]
        more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
        return ", ".join(said) + more

    @staticmethod
    def _place(one: Found, keyword: str) -> tuple[str, str, str, str]:
        return one.record.key.store, one.record.key.language.casefold(), one.country, keyword
