"""Which approved rows of a plan a run has taken up, and when: so that it goes on where it was interrupted."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.journal.database import Database

_KEY = "approved:"


class Approvals:
    """The journal's entry about approved rows, for one service."""

    def __init__(self, database: Database, service: str) -> None:
        self._db = database
        self._key = _KEY + service

    def begun(self) -> Mapping[str, float]:
        """Give the ids of the rows that a run has taken up, each with the moment, in seconds since 1970."""
        rows = self._db.rows("SELECT value FROM meta WHERE key = ?", (self._key,))
        known = json.loads(rows[0]["value"]) if rows else {}
        # Earlier versions kept the ids alone: whatever was ordered may have been ordered since then.
        return known if isinstance(known, dict) else dict.fromkeys(known, 0.0)

    def begin(self, ids: Iterable[str]) -> None:
        """Remember the ids of rows, and forget all others: before anything is sent. One transaction."""
        known, now = self.begun(), time.time()
        moments = {one: known.get(one, now) for one in sorted(ids)}
        with self._db.transaction():
            self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (self._key, json.dumps(moments)))
