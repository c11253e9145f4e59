"""Which approved rows of a plan a run has taken up: so that it goes on where it was interrupted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.journal.database import Database

_KEY = "approved:"


class Approvals:
    """The journal's entry about approved rows, for one service."""

    def __init__(self, database: Database, service: str) -> None:
        self._db = database
        self._key = _KEY + service

    def begun(self) -> frozenset[str]:
        """Give the ids of the rows that a run has taken up."""
        rows = self._db.rows("SELECT value FROM meta WHERE key = ?", (self._key,))
        return frozenset(json.loads(rows[0]["value"])) if rows else frozenset()

    def begin(self, ids: Iterable[str]) -> None:
        """Remember the ids of rows, and forget all others: before anything is sent. One transaction."""
        with self._db.transaction():
            self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (self._key, json.dumps(sorted(ids))))
