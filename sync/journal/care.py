"""Looks after the journal file itself: whether it is sound, a copy of it, and what to do when it is damaged.

Done once by whoever is about to work on a workbook, under its lease.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from sync.journal.database import unusable

if TYPE_CHECKING:
    from pathlib import Path


def copy_path(journal: Path) -> Path:
    """Name the copy of a journal."""
    return journal.with_suffix(".copy.sqlite3")


def is_sound(path: Path) -> bool:
    """Ask SQLite whether a file is a database without damage that it can see."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError as error:
        if _is_damage(error):
            return False
        raise unusable(path, error) from error


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return not isinstance(error, sqlite3.OperationalError) or "malformed" in str(error)


def look_after(journal: Path) -> str:
    """Make sure that the journal can be relied on; say what had to be done about it, or nothing.

    A damaged journal is moved aside, never deleted, and the newest sound copy takes its place. What the copy does not
    know is found again on the service: texts that are there are fetched, active requests are followed.
    """
    if not journal.exists() or journal.stat().st_size == 0 or is_sound(journal):
        return ""
    aside = journal.with_suffix(f".damaged-{time.strftime('%Y%m%d-%H%M%S')}.sqlite3")
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            journal.with_name(journal.name + suffix).replace(aside.with_name(aside.name + suffix))
    journal.replace(aside)
    copy = copy_path(journal)
    if copy.exists() and is_sound(copy):
        _copy(copy, journal)
        return f"The journal was damaged; its copy takes its place. The damaged file is kept as {aside}."
    return f"The journal was damaged, and there is no copy; it begins anew. The damaged file is kept as {aside}."


def make_copy(journal: Path) -> None:
    """Copy the journal beside itself, whole or not at all. A copy that cannot be made stops nobody."""
    with suppress(OSError, sqlite3.Error):
        _copy(journal, copy_path(journal))


def _copy(source: Path, target: Path) -> None:
    fresh = target.with_suffix(f".{os.getpid()}.new")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(fresh)) as new:
            old.backup(new)
        fresh.chmod(0o600)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
