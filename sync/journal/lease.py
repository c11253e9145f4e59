"""Keeps a second process off a workbook, and says who has it.

The lock is the operating system's: it is let go at the very moment a process ends, however it ends. Beside it lies a
small note with the holder's process, machine and last sign of life, which a refused process reads to its user.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from sync.errors import JournalBusy
from sync.journal.database import unusable
from sync.journal.place import make_folder, state_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

_PATIENCE, _PAUSE = 1.0, 0.02
"""Seconds in which whoever has just taken a lease has left its note, and whoever only looked has let go again."""


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
        try:
            make_folder(journal.parent)
        except OSError as error:
            raise unusable(journal, error) from error
        self._lock = FileLock(journal.with_suffix(".lock"))
        self._note = journal.with_suffix(".holder.json")
        self._command = command
        self.since = 0.0
        """When it was taken, in seconds since 1970."""

    def __enter__(self) -> Self:
        until = time.monotonic() + _PATIENCE
        while not self._taken():
            known = _living(self._note)
            if known is not None or time.monotonic() > until:
                raise _busy(known)
            time.sleep(_PAUSE)
        self.since = time.time()
        self.beat()
        return self

    def _taken(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise unusable(self._note, error) from error
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._note.unlink(missing_ok=True)
        self._lock.release()

    def beat(self) -> None:
        """Leave a sign of life. A disk that is too full for it stops no work: the lock is what counts."""
        note = Holder(os.getpid(), platform.node(), self._command, self.since, time.time())
        fresh = self._note.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            try:
                fresh.write_text(json.dumps(asdict(note)), encoding="utf-8")
                fresh.replace(self._note)
            finally:
                fresh.unlink(missing_ok=True)


def _busy(holder: Holder | None) -> JournalBusy:
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


def _living(note: Path) -> Holder | None:
    """Read the note of a holder who is there; a process that was killed leaves its note behind."""
    found = holder_of(note)
    if found is None or found.host != platform.node() or os.name == "nt":  # on Windows asking would end it
        return found
    try:
        os.kill(found.pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass  # it is there, and somebody else's
    return found


def holder(journal: Path) -> Holder | None:
    """Tell who works on the journal's workbook now, or None where nobody does."""
    lock = FileLock(journal.with_suffix(".lock"))
    if not journal.with_suffix(".lock").exists():
        return None
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with lock.acquire(timeout=0):
                return None
        except Timeout:
            found = _living(journal.with_suffix(".holder.json"))
            if found is not None or time.monotonic() > until:
                return found
        time.sleep(_PAUSE)


def account_lock(
    service: str, *, patience: float = 400.0, stopping: Callable[[], bool] = bool
) -> Callable[[], AbstractContextManager[bool]]:
    """Give the lock that keeps wtsyncs of one account on this computer from sending at the same time.

    It is held from the last look before an order to the answer; `patience`, in seconds, is longer than an order waits
    for its answer. Whoever waits for it and is asked to stop (`stopping`) gets False instead of True, and must not
    send. Raises JournalBusy when somebody holds it longer.
    """
    name = hashlib.sha256(service.encode()).hexdigest()[:16]
    folder = state_dir() / "accounts"

    @contextmanager
    def held() -> Iterator[bool]:
        try:
            make_folder(folder)
            lock = FileLock(folder / f"{name}.lock")
            taken = _wait_for(lock, patience, stopping)
        except OSError as error:
            raise unusable(folder, error) from error
        try:
            yield taken
        finally:
            lock.release()

    return held


def _wait_for(lock: FileLock, patience: float, stopping: Callable[[], bool]) -> bool:
    """Wait for a lock, until somebody asks to stop. Raises JournalBusy when it takes too long."""
    until = time.monotonic() + patience
    while not stopping():
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if time.monotonic() > until:
                raise JournalBusy(
                    "Another wtsync has been sending for the same account for minutes.",
                    "See what it is doing, or stop it.",
                ) from None
            time.sleep(_PAUSE)
        else:
            return True
    return False
