"""Copies of a journal beside it, and whether a file is sound."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sync.journal.place import settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


KNOWING = ("run", "base", "text")
"""The tables that hold something as soon as a journal knows anything; nothing is ever taken out of them."""


def copy_path(journal: Path) -> Path:
    """Name the copy of a journal that is made whenever work on its workbook begins."""
    return journal.with_suffix(".copy.sqlite3")


def copy_before(journal: Path, layout: int) -> Path:
    """Name the copy of a journal that is kept when it is brought to a newer layout."""
    return journal.with_suffix(f".before-{layout}.sqlite3")


def quick_check(path: Path) -> str:
    """Ask SQLite what damage it can see in a file: `ok`, or the first thing. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])


def is_damage(error: Exception) -> bool:
    """Tell whether SQLite says with an error that a file is damaged, or no database at all."""
    return type(error) is sqlite3.DatabaseError or "malformed" in str(error)  # its subclasses are about other things


def is_blank(path: Path) -> bool:
    """Tell whether a sound journal file knows nothing of its workbook. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path)) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        known = [name for name in KNOWING if name in there]
        return not any(connection.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0] for name in known)


def layout_of(path: Path) -> int:
    """Read the layout of a journal file (`PRAGMA user_version`). Raises sqlite3.Error."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def place_copy(target: Path, fill: Callable[[Path], None]) -> None:
    """Put a copy in its place, whole or not at all, on the disk and for its owner alone.

    `fill` writes the database into an empty file. Raises OSError or sqlite3.Error; what was there then still is.
    """
    fresh = target.with_suffix(f".{os.getpid()}.new")
    try:
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600))
        fill(fresh)
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
        settle(target.parent)
    finally:
        fresh.unlink(missing_ok=True)
        for suffix in ("-wal", "-shm", "-journal"):
            fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
