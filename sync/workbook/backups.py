"""Copies of a workbook from before it was written to, in a folder of our own."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.workbook.temporary import flush_folder

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 20
"""How many copies of a workbook are kept."""

_CHUNK = 1 << 20
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy. `at` is when the workbook was last seen so, in seconds since 1970."""

    path: Path
    at: float
    size: int
    sha_begins: str
    """The first twelve digits of its SHA-256, as its name has them."""


def back_up(path: Path, folder: Path, sha: str) -> Path | None:
    """Copy the workbook into the folder, unless that very content is there already.

    `sha` is the content to be kept; None comes back where the workbook no longer has it. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for known in backups(folder):
        if known.sha_begins == sha[:_DIGITS] and _hash(known.path) == sha:
            os.utime(known.path)  # it is the newest again, and the last to be pruned
            return known.path
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    backup = folder / f"{path.stem}-{now}-{sha[:_DIGITS]}{path.suffix}"
    partial = folder / f".{secrets.token_hex(8)}.tmp"
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source, partial.open("xb") as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if digest.hexdigest() != sha:
            return None
        partial.replace(backup)
    finally:
        with suppress(OSError):
            partial.unlink()
    flush_folder(folder)
    return backup


def backups(folder: Path) -> list[Backup]:
    """List the copies in a folder, the newest first; none where there is no such folder."""
    found = []
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            begins = file.stem.rpartition("-")[2]
            if file.name.startswith(".") or len(begins) != _DIGITS or not file.is_file():
                continue
            known = file.stat()
            found.append(Backup(file, known.st_mtime, known.st_size, begins))
    return sorted(found, key=lambda one: (one.at, one.path.name), reverse=True)


def prune(folder: Path) -> None:
    """Keep the newest copies. One that cannot be removed stays."""
    for old in backups(folder)[KEPT:]:
        with suppress(OSError):
            old.path.unlink()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
