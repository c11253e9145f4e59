"""What was spent, when, and on what: each charged text of a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.batch import Charge
from sync.journal.batches import text_key
from sync.journal.database import Database

if TYPE_CHECKING:
    from pathlib import Path


def spent(journal: Path, since: float = 0.0) -> list[Charge]:
    """List what the texts of a workbook have cost at every service; none where there is no journal."""
    if not journal.exists():
        return []
    database = Database(journal)
    try:
        return charges(database, since)
    finally:
        database.close()


def charges(database: Database, since: float = 0.0) -> list[Charge]:
    """List what texts have cost by the price list, oldest first; `since` is in seconds since 1970.

    A text counts when it was seen. What somebody else ordered has cost somebody else, and is not here.
    """
    rows = database.rows(
        "SELECT item.*, batch.run_id, run.simulated, coalesce(min(text.seen_at), batch.changed_at) AS at"
        " FROM item JOIN batch ON batch.id = item.batch_id LEFT JOIN run ON run.id = batch.run_id"
        " LEFT JOIN text ON text.batch_id = item.batch_id AND text.text_id = item.text_id"
        " AND text.record_id = item.record_id AND text.text_type = item.text_type"
        " WHERE item.credits > 0 GROUP BY item.batch_id, item.record_id, item.text_type HAVING at >= ?"
        " ORDER BY at, item.batch_id, item.rowid",
        (since,),
    )
    return [
        Charge(
            text_key(row), row["service"], row["run_id"], row["at"], row["credits"], simulated=bool(row["simulated"])
        )
        for row in rows
    ]
