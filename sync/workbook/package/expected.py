"""The look that a cell which was not there has to get: the second opinion, which knows nothing of how it is written.

It is what Excel gives a cell that somebody types into: the row's own look, where the row has one, also where that is
the plain one; else the column's; else the plain one. The look of neighbouring cells does not count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN = "0"
_YES = frozenset({"1", "true"})
_ATTRIBUTE = re.compile(rb"""([A-Za-z_:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def attributes_of(tag: bytes) -> dict[str, str]:
    """Read the attributes of a start tag in which no entities matter."""
    return {found[1].decode(): (found[2] or found[3] or b"").decode("utf-8", "replace")
            for found in _ATTRIBUTE.finditer(tag)}  # fmt: skip


def row_look(attributes: Mapping[str, str]) -> str | None:
    """Give a row's own look; None where it has none."""
    return attributes.get("s") or PLAIN if attributes.get("customFormat") in _YES else None


class ColumnLooks:
    """The looks of a sheet's columns, in the order in which they are told; of two for one column the later counts."""

    def __init__(self) -> None:
        self._told: list[tuple[int, int, str]] = []

    def add(self, attributes: Mapping[str, str]) -> None:
        """Take in one `col` element; one that does not say which columns it is about is left out."""
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdigit() and last.isdigit():
            self._told.append((int(first), int(last), attributes.get("style") or PLAIN))

    def of(self, column: int) -> str:
        """Give the look of a column."""
        return next((look for first, last, look in reversed(self._told) if first <= column <= last), PLAIN)


def columns_told(head: bytes, prefix: bytes) -> ColumnLooks:
    """Read the columns' looks from what stands before a sheet's rows."""
    looks = ColumnLooks()
    for found in re.finditer(rb"<" + re.escape(prefix) + rb"""col(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>""", head):
        looks.add(attributes_of(found[1]))
    return looks
