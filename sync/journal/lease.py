"""Keeps a second process off a workbook, and says who has it.

The lock is the operating system's: it is let go at the very moment a process ends, however it ends. Beside it lies a
small note with the holder's process, machine and last sign of life, which a refused process reads to its user.
"""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from sync.errors import JournalBusy

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease. Times in seconds since 1970."""

    pid: int
    host: str
    command: str
    since: float
    beat: float


class Lease:
    """The right to work on one workbook. Use it in a `with`; raises JournalBusy at once if another process has it."""

    def __init__(self, journal: Path, command: str) -> None:
        journal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = FileLock(journal.with_suffix(".lock"))
        self._note = journal.with_suffix(".holder.json")
        self._command = command
        self.since = 0.0
        """When it was taken, in seconds since 1970."""

    def __enter__(self) -> Self:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise self._busy() from None
        self.since = time.time()
        self.beat()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._note.unlink(missing_ok=True)
        self._lock.release()

    def beat(self) -> None:
        """Leave a sign of life."""
        note = Holder(os.getpid(), platform.node(), self._command, self.since, time.time())
        fresh = self._note.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(asdict(note)), encoding="utf-8")
        fresh.replace(self._note)

    def _busy(self) -> JournalBusy:
        holder = holder_of(self._note)
        if holder is None:
            return JournalBusy("Another wtsync is working on this workbook.", "Wait for it to end, or stop it.")
        since = time.strftime("%H:%M", time.localtime(holder.since))
        silent = max(0, round(time.time() - holder.beat))
        return JournalBusy(
            f"Another wtsync is working on this workbook: `{holder.command}`, process {holder.pid} on {holder.host},"
            f" since {since}, last sign of life {silent} s ago.",
            "Wait for it to end, stop it with Ctrl-C, or use `wtsync cancel` to have it stop early.",
        )


def holder_of(note: Path) -> Holder | None:
    """Read the note of a holder, or None where there is none or it cannot be read."""
    try:
        return Holder(**json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def holder(journal: Path) -> Holder | None:
    """Tell who works on the journal's workbook now, or None where nobody does."""
    lock = FileLock(journal.with_suffix(".lock"))
    if not journal.with_suffix(".lock").exists():
        return None
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return holder_of(journal.with_suffix(".holder.json"))
