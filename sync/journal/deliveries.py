"""Deliveries in the journal, read when somebody looks at them: a season's texts take 600 bytes each in memory."""

from __future__ import annotations

from array import array
from sys import intern
from typing import TYPE_CHECKING, Any

from sync.journal.addresses import ADDRESS, Addresses
from sync.model import Delivery, MadeAnew, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sync.journal.database import Database
    from sync.model import TextKey

DELIVERY = f"{ADDRESS}, text_id, value, was, input_digest, origin, run_id, credits"
"""The columns of a delivery, in the order of `Delivery`; the first five are its address."""

_ORIGINS = {origin.value: origin for origin in Origin}
_TOGETHER = 500
"""Rows that are read at a time: less than the 999 values that an older SQLite takes in one statement."""


class Deliveries(MadeAnew[Delivery]):
    """Some deliveries, in the order in which they were made.

    Each has its row in the journal, of which nothing changes any more but what became of it.
    """

    __slots__ = ("_db", "_rows")

    def __init__(self, database: Database, rows: Iterable[int]) -> None:
        self._db = database
        self._rows = array("q", sorted(rows))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Delivery]:
        text = _addresses()
        return (delivery_of(text, row) for row in self._some(DELIVERY, self._rows))

    def __repr__(self) -> str:
        return f"<{len(self):,} deliveries>"

    def of_origin(self, origin: Origin) -> Iterator[Delivery]:
        """Give those of them that came from there."""
        text = _addresses()
        return (delivery_of(text, row) for row in self._some(DELIVERY, self._rows, origin))

    def ordered(self) -> Iterator[tuple[TextKey, str]]:
        """Give the texts that were made, each with the digest of the inputs that it was ordered with."""
        text = _addresses()
        rows = self._some(f"{ADDRESS}, input_digest", self._rows, Origin.GENERATED)
        return ((text(*address), digest) for *address, digest in rows)

    def addresses(self) -> Iterator[TextKey]:
        """Give the addresses alone."""
        text = _addresses()
        return (text(*row) for row in self._some(ADDRESS, self._rows))

    def values(self, numbers: Sequence[int]) -> list[str]:
        """Give the texts of some of them, by their numbers in this sequence, in that order."""
        rows = [self._rows[number] for number in numbers]
        found = dict(self._some("id, value", rows))
        return [found[row] for row in rows]

    def _one(self, number: int) -> Delivery:
        (row,) = self._some(DELIVERY, self._rows[number : number + 1])
        return delivery_of(_addresses(), row)

    def _some(self, columns: str, rows: Sequence[int], origin: Origin | None = None) -> Iterator[tuple[Any, ...]]:
        """Read rows in their order in the table, some at a time, so that anything may be done in between."""
        more, values = ("", ()) if origin is None else (" AND origin = ?", (origin,))
        for start in range(0, len(rows), _TOGETHER):
            wanted = rows[start : start + _TOGETHER]
            marks = ", ".join("?" * len(wanted))
            query = f"SELECT {columns} FROM delivery WHERE id IN ({marks}){more} ORDER BY id"
            yield from list(self._db.each(query, (*wanted, *values)))


def _addresses() -> Callable[[str, str, str, str, str], TextKey]:
    return Addresses(most=_TOGETHER).text


def delivery_of(text: Callable[[str, str, str, str, str], TextKey], row: Sequence[Any]) -> Delivery:
    """Make a delivery of its columns; `text` makes its address."""
    store, type_, record_id, language, text_type, text_id, value, was, digest, origin, run_id, spent = row
    key = text(store, type_, record_id, language, text_type)
    return Delivery(key, text_id, value, was, digest, _ORIGINS[origin], intern(run_id), spent)
