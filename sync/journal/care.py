"""Looks after the journal file itself: whether it is sound, a copy of it, and what to do when it is damaged.

Done once by whoever is about to work on a workbook, under its lease.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from sync.journal.copies import copy_path, is_blank, is_damage, place_copy, quick_check
from sync.journal.database import Database, unusable
from sync.journal.place import settle

if TYPE_CHECKING:
    from pathlib import Path


def is_sound(path: Path) -> bool:
    """Ask SQLite whether a file is a database without damage that it can see."""
    try:
        return quick_check(path) == "ok"
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        raise unusable(path, error) from error


def look_after(journal: Path) -> str:
    """Make sure that the journal can be relied on; say what had to be done about it, or nothing.

    A damaged journal is moved aside, never deleted, and the newest sound copy takes its place; so it does where the
    journal is gone. What the copy does not know is found again on the service: texts that are there are fetched, active
    requests are followed. Raises JournalError when the disk does not allow it; the next start then tries again.
    """
    copy = copy_path(journal)
    gone = not journal.exists() or journal.stat().st_size == 0
    if not gone and is_sound(journal):
        if not is_blank(journal):
            return ""
        gone = True  # or it was, and a command that only looks has begun it anew
    has_copy = copy.exists() and is_sound(copy) and not is_blank(copy)
    if gone and not has_copy:
        return ""
    aside = journal.with_suffix(f".damaged-{time.strftime('%Y%m%d-%H%M%S')}.sqlite3")
    try:
        for suffix in ("-wal", "-shm", ""):  # a log that stayed would be taken for the copy's own
            with suppress(FileNotFoundError):
                journal.with_name(journal.name + suffix).replace(aside.with_name(aside.name + suffix))
        settle(journal.parent)
        if has_copy:
            _copy(copy, journal)
    except (OSError, sqlite3.Error) as error:
        raise unusable(journal, error) from error
    if gone:
        return "The journal was gone; its copy takes its place."
    instead = "its copy takes its place" if has_copy else "there is no sound copy of it, so it begins anew"
    return f"The journal was damaged; {instead}. The damaged file is kept as {aside}."


def make_copy(journal: Path) -> None:
    """Copy the journal beside itself, whole or not at all. A copy that cannot be made stops nobody."""
    with suppress(OSError, sqlite3.Error):
        _copy(journal, copy_path(journal))


def _copy(source: Path, target: Path) -> None:
    def fill(fresh: Path) -> None:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(fresh)) as new:
            old.backup(new)

    place_copy(target, fill)


def try_journal(folder: Path) -> None:
    """Make a journal in the folder of the journals, write to it, and take it away again. Raises JournalError."""
    trial = folder / "journals" / f"trial-{os.getpid()}.sqlite3"
    try:
        with closing(Database(trial)) as database, database.transaction():
            database.run("INSERT INTO meta VALUES ('trial', '')")
    finally:
        for suffix in ("-wal", "-shm", ""):
            with suppress(OSError):
                trial.with_name(trial.name + suffix).unlink()
