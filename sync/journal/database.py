"""Opens the journal's database and hands out transactions. Owns sqlite3; nothing else names it.

What a commit means here is what the promise rests on, so the settings that make it real are read back and checked.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sync.errors import JournalError
from sync.journal.schema import MIGRATIONS, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

BUSY_SECONDS = 30.0
"""How long a write waits for another process's write (`cancel` beside `run`) before it gives up."""

_FULL = 2  # what `PRAGMA synchronous` answers for FULL


class Database:
    """One open journal file. Use `transaction` for every change; close it, or use it in a `with`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        try:
            self._set_up()
        except sqlite3.Error as error:
            self._connection.close()
            raise unusable(path, error) from error
        except JournalError:
            self._connection.close()
            raise

    def _set_up(self) -> None:
        connection = self._connection
        connection.row_factory = sqlite3.Row
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
            "fullfsync=1",
            "checkpoint_fullfsync=1",
        ):
            connection.execute(f"PRAGMA {pragma}")
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        level = connection.execute("PRAGMA synchronous").fetchone()[0]
        if (str(mode).lower(), level) != ("wal", _FULL):
            raise JournalError(
                f"The journal {self.path} cannot promise to keep what it writes (mode {mode}, level {level}).",
                "Set WTSYNC_STATE_DIR to a folder on a local disk.",
            )
        self._migrate()

    def _migrate(self) -> None:
        found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION:
            raise JournalError(
                f"The journal {self.path} was written by a newer wtsync (layout {found}; this one knows {VERSION}).",
                "Update wtsync: pip install --upgrade wtsync.",
            )
        for version in range(found + 1, VERSION + 1):
            with self.transaction():
                for statement in MIGRATIONS[version]:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {version}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run one all-or-nothing change. When it returns, the change is on the disk.

        Raises JournalError when it cannot be; then nothing of it is there.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error
        try:
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise unusable(self.path, error) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Carry out one statement inside a transaction; gives the number of rows it touched."""
        return self._connection.execute(statement, values).rowcount

    def insert(self, statement: str, values: Sequence[Any]) -> int:
        """Carry out one INSERT inside a transaction; gives the new row's number."""
        return int(self._connection.execute(statement, values).lastrowid or 0)

    def many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each row, inside a transaction."""
        self._connection.executemany(statement, rows)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Read rows."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error

    def close(self) -> None:
        """Close the file. What was committed stays."""
        self._connection.close()


def unusable(path: Path, error: Exception) -> JournalError:
    """Make the error for a journal that the system does not let us use."""
    return JournalError(
        f"The journal {path} cannot be used: {error}.",
        "Check that the disk has room and the folder can be written; WTSYNC_STATE_DIR names another place.",
    )
