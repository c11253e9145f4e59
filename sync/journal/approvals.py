"""Which approved rows of a plan a run has taken up, and after which batch: so that it goes on where it was interrupted.

The numbers of batches only grow, which the time of day does not.
"""

from __future__ import annotations

import json
import math
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

    def begun(self) -> Mapping[str, int]:
        """Give the ids of the rows that a run has taken up, each with the number of the last batch from before that."""
        rows = self._db.rows("SELECT value FROM meta WHERE key = ?", (self._key,))
        known = json.loads(rows[0]["value"]) if rows else {}
        if not isinstance(known, dict):
            # The first versions kept the ids alone: whatever was ordered may have been ordered since then.
            return dict.fromkeys(known, 0)
        return {one: self._before(at) if isinstance(at, float) else at for one, at in known.items()}

    def begin(self, ids: Iterable[str]) -> None:
        """Remember the ids of rows, and forget all others: before anything is sent. One transaction."""
        with self._db.transaction():
            known, last = self.begun(), self._before(math.inf)
            numbers = {one: known.get(one, last) for one in sorted(ids)}
            self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (self._key, json.dumps(numbers)))

    def _before(self, moment: float) -> int:
        """Give the last batch from before a moment, in seconds since 1970: later versions kept that, not the number.

        Whatever came after a batch that was sent since then came since then, whatever time it bears.
        """
        query = (
            "SELECT coalesce(max(id), 0) AS last FROM batch WHERE id <"
            " (SELECT coalesce(min(id), 9223372036854775807) FROM batch WHERE sent_at >= ?)"
        )
        return int(self._db.rows(query, (moment,))[0]["last"])
