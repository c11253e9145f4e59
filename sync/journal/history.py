"""What the journal knows of the past of single records: which run brought, sent back or put back which text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.journal.addresses import ADDRESS
from sync.journal.database import Database
from sync.journal.texts import delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from sync.model import Delivery, RecordKey


class Step(NamedTuple):
    """One text on its way between workbook and service, and what became of it."""

    delivery: Delivery
    state: str
    """`waiting`, `written`, `kept`, `replaced` or `undone`: see `sync.journal.texts`."""
    made_at: float
    """When the text arrived here, or was sent back: seconds since 1970."""
    settled_at: float | None
    """When it reached the workbook, or was found not to have a place there."""
    service: str


def past(path: Path, records: Collection[RecordKey]) -> list[Step]:
    """Give all that a journal knows of some records, the oldest first, whatever the service; nothing without a file."""
    if not path.exists():
        return []
    database = Database(path)
    try:
        return [step for key in records for step in _of_record(database, key)]
    finally:
        database.close()


def _of_record(database: Database, key: RecordKey) -> Iterator[Step]:
    for row in database.rows(
        f"SELECT {ADDRESS}, service, text_id, value, was, input_digest, origin, run_id, credits, state, made_at,"
        " settled_at FROM delivery WHERE store = ? AND type = ? AND record_id = ? AND language = ? ORDER BY id",
        key,
    ):
        yield Step(delivery(row), row["state"], row["made_at"], row["settled_at"], row["service"])
