"""What nobody could say about and the user gave up: it may turn up all the same, and then has to be told."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from sync.batch import GIVEN_UP, BatchState, Duplicate, ItemState
from sync.journal.addresses import ADDRESS
from sync.journal.batches import text_key
from sync.model import KEYWORDS, Lost

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable

    from sync.batch import Batch
    from sync.journal.batches import Batches
    from sync.journal.database import Database
    from sync.model import TextKey


_IN_VAIN = (
    f"(text_type = '{KEYWORDS}' AND state = '{ItemState.FAILED}'"
    " AND (SELECT found FROM batch WHERE batch.id = item.batch_id))"
)
"""A search that was only followed and has failed: what was lost before it is as lost as it was."""


class Doubts:
    """The batches that were given up, and the texts that were charged twice for it, for one service."""

    def __init__(self, database: Database, service: str, batches: Batches) -> None:
        self._db = database
        self._service = service
        self._batches = batches

    def given_up(self) -> list[Batch]:
        """List the batches with texts that the user gave up: they may turn up all the same."""
        numbers = self._db.rows(
            "SELECT DISTINCT batch_id FROM item WHERE service = ? AND state IN (?, ?) ORDER BY batch_id",
            (self._service, *GIVEN_UP),
        )
        return [batch for row in numbers if (batch := self._batches.batch(row["batch_id"])) is not None]

    def lost(self) -> dict[TextKey, Lost]:
        """Give the texts that the user took for lost, and that have not been ordered since."""
        # Few are lost, if any. Only what was ordered under the same keys is put in order, and not the whole table.
        rows = self._db.rows(
            "SELECT lost.*, batch.state AS batch_state, batch.found FROM"
            f" (SELECT *, max(batch_id) FROM item WHERE service = ? AND ({ADDRESS}) IN"
            f" (SELECT {ADDRESS} FROM item WHERE service = ? AND state = ?) AND NOT {_IN_VAIN}"
            f" GROUP BY {ADDRESS}) AS lost JOIN batch ON batch.id = lost.batch_id WHERE lost.state = ?",
            (self._service, self._service, ItemState.LOST, ItemState.LOST),
        )
        return {text_key(row): _lost(row) for row in rows}

    def made_since(self, number: int, keys: Collection[TextKey]) -> dict[TextKey, str]:
        """Give the ids of the texts under some keys that batches after one have made last."""
        wanted = json.dumps(sorted({key.record.record_id for key in keys}))
        rows = self._db.rows(
            "SELECT * FROM item WHERE service = ? AND batch_id > ? AND state = ?"
            " AND record_id IN (SELECT value FROM json_each(?)) ORDER BY batch_id",
            (self._service, number, ItemState.DONE, wanted),
        )
        return {key: row["text_id"] for row in rows if (key := text_key(row)) in keys}

    def note_duplicates(self, duplicates: Iterable[Duplicate]) -> None:
        """Remember texts that were charged twice. One transaction; what is known already stays as it is."""
        now = time.time()
        with self._db.transaction():
            for one in duplicates:
                key = one.key.record
                self._db.run(
                    "INSERT OR IGNORE INTO duplicate (service, store, type, record_id, language, text_type, batch_id,"
                    " found, kept, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(self._service, key.store, key.type, key.record_id, key.language, one.key.text_type),
                        *(one.batch, one.found, one.kept, now),
                    ),
                )

    def duplicates(self) -> list[Duplicate]:
        """List the texts that were charged twice, in the order in which that was found."""
        rows = self._db.rows("SELECT * FROM duplicate WHERE service = ? ORDER BY found_at, rowid", (self._service,))
        return [Duplicate(text_key(row), row["batch_id"], row["found"], row["kept"]) for row in rows]

    def seen(self, key: TextKey) -> set[str]:
        """Give the ids of all texts under a key that the journal holds."""
        record = key.record
        rows = self._db.rows(
            "SELECT text_id FROM text WHERE service = ? AND store = ? AND type = ? AND record_id = ? AND language = ?"
            " AND text_type = ?",
            (self._service, record.store, record.type, record.record_id, record.language, key.text_type),
        )
        return {row["text_id"] for row in rows}


def _lost(row: sqlite3.Row) -> Lost:
    # What was only followed has nothing to prove: whatever is there is it.
    baseline = "" if row["found"] else row["baseline"]
    return Lost(str(row["batch_id"]), row["was"], baseline, taken=row["batch_state"] != BatchState.LOST)
