"""What the journal knows of files: the workbook as it was saved, results beside it, what the user was told of once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.journal.database import Database

_RESULTS, _TOLD = "results:", "told:"


class Files:
    """The journal's entries about files; one row each, at whichever service."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def last_save(self) -> str:
        """Give the hash of the workbook as it was last written to; empty when it never was."""
        rows = self._db.rows("SELECT new_sha256 FROM save WHERE state = 'done' ORDER BY id DESC LIMIT 1")
        return str(rows[0]["new_sha256"]) if rows else ""

    def was_before(self, sha256: str) -> bool:
        """Tell whether a hash is that of the workbook before one of the writes, and of none after the newest."""
        rows = self._db.rows("SELECT 1 FROM save WHERE old_sha256 = ? AND state = 'done' LIMIT 1", (sha256,))
        return bool(rows) and sha256 != self.last_save()

    def replaced(self) -> dict[str, tuple[float, str]]:
        """Tell of each content that a write replaced (its hash) when that was last, and the run that was newest then.

        Seconds since 1970; the run is empty where there was none.
        """
        rows = self._db.rows(
            "SELECT old_sha256, max(at) AS at, (SELECT id FROM run WHERE started_at <= save.at"
            " ORDER BY started_at DESC LIMIT 1) AS run FROM save GROUP BY old_sha256"
        )
        return {row["old_sha256"]: (row["at"], row["run"] or "") for row in rows}

    def results(self) -> dict[str, str]:
        """Give the files with results that were left for the user, each with the hash that it was left with."""
        rows = self._db.rows("SELECT key, value FROM meta WHERE key LIKE ? ORDER BY key", (_RESULTS + "%",))
        return {row["key"].removeprefix(_RESULTS): row["value"] for row in rows}

    def left_results(self, path: str, sha256: str) -> None:
        """Remember a file with results."""
        self._put(_RESULTS + path, sha256)

    def forget_results(self, path: str) -> None:
        """Forget a file with results: it is gone, or has become the user's own."""
        with self._db.transaction():
            self._db.run("DELETE FROM meta WHERE key = ?", (_RESULTS + path,))

    def tell_once(self, what: str) -> bool:
        """Take note that the user is told something; False when that was so before."""
        if self._db.rows("SELECT 1 FROM meta WHERE key = ?", (_TOLD + what,)):
            return False
        self._put(_TOLD + what, str(time.time()))
        return True

    def _put(self, key: str, value: str) -> None:
        with self._db.transaction():
            self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
