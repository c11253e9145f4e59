"""What the service was asked to suggest, what it suggested, and what has become of it.

Asking may cost credits, so that it is noted before the question leaves; a question without an answer is not asked
again by itself. Each answer is kept the moment it comes.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from sync.model import Fate, Idea, RecordKey, Suggested

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from sync.journal.database import Database

_AT = "service = ? AND store = ? AND type = ? AND record_id = ? AND language = ? AND idea = ?"


class Suggestions:
    """The suggestions of one service. Every change is one transaction."""

    def __init__(self, database: Database, service: str) -> None:
        self._db = database
        self._service = service

    def asked(self) -> Mapping[tuple[RecordKey, Idea], bool]:
        """Give what was asked for, and whether an answer came."""
        rows = self._db.rows("SELECT * FROM suggestion_ask WHERE service = ?", (self._service,))
        return {(_key(row), Idea(row["idea"])): row["answered_at"] is not None for row in rows}

    def ask(self, key: RecordKey, idea: Idea) -> None:
        """Note that a question is about to leave."""
        with self._db.transaction():
            self._db.run(
                "INSERT OR REPLACE INTO suggestion_ask VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (self._service, *key, idea.value, time.time()),
            )

    def refused(self, key: RecordKey, idea: Idea) -> None:
        """Note that the service has answered a question with a definite no: it counts as not asked."""
        with self._db.transaction():
            self._db.run(f"DELETE FROM suggestion_ask WHERE {_AT}", (self._service, *key, idea.value))

    def answered(self, key: RecordKey, idea: Idea, values: Iterable[str]) -> None:
        """Keep an answer; what was suggested before stays, with what has become of it."""
        with self._db.transaction():
            self._db.run(
                f"UPDATE suggestion_ask SET answered_at = ? WHERE {_AT}",
                (time.time(), self._service, *key, idea.value),
            )
            self._keep(Suggested(key, idea, value) for value in values)

    def learn(self, suggested: Iterable[Suggested]) -> None:
        """Take over what only the workbook knew of, or knew better, as when a colleague has asked, or decided.

        It counts as answered.
        """
        known = list(suggested)
        with self._db.transaction():
            self._db.many(
                "INSERT OR IGNORE INTO suggestion_ask VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((self._service, *one.record, one.idea.value, now, now) for one in known for now in (time.time(),)),
            )
            self._keep(known)
            self._decide(known)

    def decide(self, suggested: Iterable[Suggested]) -> None:
        """Note what has become of suggestions."""
        with self._db.transaction():
            self._decide(suggested)

    def choose(self, chosen: Mapping[tuple[RecordKey, Idea], Iterable[str]]) -> None:
        """Note what the service is to be told; `told` ends that. Of one question the newest counts."""
        with self._db.transaction():
            self._db.many(
                "INSERT OR REPLACE INTO suggestion_choice VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (self._service, *key, idea.value, json.dumps(list(values)), time.time())
                    for (key, idea), values in chosen.items()
                ),
            )

    def untold(self) -> Mapping[tuple[RecordKey, Idea], tuple[str, ...]]:
        """Give what the service has still to be told, in the order in which it was chosen."""
        rows = self._db.rows("SELECT * FROM suggestion_choice WHERE service = ? ORDER BY at", (self._service,))
        return {(_key(row), Idea(row["idea"])): tuple(json.loads(row["chosen"])) for row in rows}

    def told(self, key: RecordKey, idea: Idea) -> None:
        """Note that the service was told what was chosen, or need not be."""
        with self._db.transaction():
            self._db.run(f"DELETE FROM suggestion_choice WHERE {_AT}", (self._service, *key, idea.value))

    def all(self) -> list[Suggested]:
        """Give everything that was suggested, in the order in which it came."""
        rows = self._db.rows("SELECT * FROM suggestion WHERE service = ? ORDER BY id", (self._service,))
        return [Suggested(_key(row), Idea(row["idea"]), row["value"], Fate(row["fate"])) for row in rows]

    def _decide(self, suggested: Iterable[Suggested]) -> None:
        self._db.many(
            f"UPDATE suggestion SET fate = ? WHERE {_AT} AND value = ?",
            ((one.fate.value, self._service, *one.record, one.idea.value, one.value) for one in suggested),
        )

    def _keep(self, suggested: Iterable[Suggested]) -> None:
        self._db.many(
            "INSERT OR IGNORE INTO suggestion (service, store, type, record_id, language, idea, value, fate, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((self._service, *one.record, one.idea.value, one.value, one.fate.value, time.time()) for one in suggested),
        )


def _key(row: sqlite3.Row) -> RecordKey:
    return RecordKey(row["store"], row["type"], row["record_id"], row["language"])
