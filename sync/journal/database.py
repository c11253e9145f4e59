"""Opens the journal's database and hands out transactions. Owns sqlite3; nothing else names it.

What a commit means here is what the promise rests on, so the settings that make it real are read back and checked.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sync.errors import JournalError
from sync.journal.copies import copy_before, is_damage, layout_of, place_copy, quick_check
from sync.journal.place import make_folder, settle
from sync.journal.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

BUSY_SECONDS = 30.0
"""How long a write waits for another process's write (`cancel` beside `run`) before it gives up."""

_FULL = 2  # what `PRAGMA synchronous` answers for FULL


class _Overtaken(Exception):
    """Another process has brought the journal to the newer layout, and kept a copy, meanwhile."""


class Database:
    """One open journal file. Use `transaction` for every change; close it, or use it in a `with`.

    `migrations` are the steps that lead to each layout, as in `sync.journal.schema`. Raises JournalError when the file
    cannot be used, is of a newer layout, or cannot be brought to the newest; then it stays as it was.

    `looking` is for another workbook's journal: it is only read, as it is, in whatever layout.
    """

    def __init__(
        self, path: Path, migrations: Mapping[int, Iterable[str]] = MIGRATIONS, *, looking: bool = False
    ) -> None:
        self.path = path
        if looking:
            self._look()
            return
        try:
            make_folder(path.parent)
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
                settle(path.parent)
            self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        try:
            self._set_up()
            self._migrate(migrations)
        except sqlite3.Error as error:
            self._connection.close()
            raise unusable(path, error) from error
        except BaseException:
            self._connection.close()
            raise

    def _look(self) -> None:
        address = f"{self.path.absolute().as_uri()}?mode=ro"
        try:
            self._connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error
        self._connection.row_factory = sqlite3.Row

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

    def _layout(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _migrate(self, migrations: Mapping[int, Iterable[str]]) -> None:
        """Bring the file to the newest layout: a copy first, then one transaction a layout."""
        found, newest = self._layout(), max(migrations)
        if found > newest:
            raise JournalError(
                f"The journal {self.path} was written by a newer wtsync (layout {found}; this one knows {newest}).",
                "Update wtsync: pip install --upgrade wtsync.",
            )
        if 0 < found < newest:
            self._keep_a_copy(found, newest)
        for layout in range(found + 1, newest + 1):
            with self.transaction():
                if self._layout() >= layout:
                    continue  # another process was quicker
                for statement in migrations[layout]:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {layout}")

    def _keep_a_copy(self, found: int, newest: int) -> None:
        """Keep the journal as it is before it is changed. Without a copy, nothing is changed."""

        def fill(fresh: Path) -> None:
            self._connection.execute("VACUUM INTO ?", (str(fresh),))
            if layout_of(fresh) != found:
                raise _Overtaken
            if quick_check(fresh) != "ok":
                raise sqlite3.DatabaseError(f"the copy is not sound: {quick_check(fresh)}")

        target = copy_before(self.path, newest)
        try:
            if not _is_older(target, found):  # else another process is between two layouts, and has kept the older one
                place_copy(target, fill)
        except _Overtaken:
            return
        except (OSError, sqlite3.Error) as error:
            raise JournalError(
                f"The journal {self.path} has to be brought to a newer layout, and could not be copied before:"
                f" {error}. It is as it was.",
                "Check that the disk has room and the folder can be written.",
            ) from error

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

    def each(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Read rows one by one, as plain tuples: for questions whose answer is most of a table.

        To be read to the end before anything is changed.
        """
        try:
            cursor = self._connection.cursor()
            cursor.row_factory = None
            yield from cursor.execute(query, values)
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error

    def close(self) -> None:
        """Close the file. What was committed stays."""
        self._connection.close()


def _is_older(copy: Path, layout: int) -> bool:
    """Tell whether there is a copy of an older layout than that."""
    try:
        return copy.exists() and 0 < layout_of(copy) < layout
    except sqlite3.Error:
        return False


def unusable(path: Path, error: Exception) -> JournalError:
    """Make the error for a journal that is damaged, or that the system does not let us use."""
    if is_damage(error):
        return JournalError(
            f"The journal {path} is damaged: {error}.",
            "`wtsync run` on its workbook puts it aside and goes on with the journal's copy and what the service has.",
        )
    return JournalError(
        f"The journal {path} cannot be used: {error}.",
        "Check that the disk has room and the folder can be written; WTSYNC_STATE_DIR names another place.",
    )
