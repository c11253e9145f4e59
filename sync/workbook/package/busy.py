"""Whether another program has the workbook open, as far as a file can tell."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STALE_AFTER = 24 * 3600.0
"""Seconds after which a lock file is taken for one that a crash left behind."""


class Lock(NamedTuple):
    """A lock file beside the workbook."""

    path: Path
    program: str
    who: str
    fresh: bool

    def __str__(self) -> str:
        by = f" by {self.who}" if self.who else ""
        return f"open in {self.program}{by}"


def locks(path: Path) -> list[Lock]:
    """List the lock files of Excel (`~$name`) and LibreOffice (`.~lock.name#`) beside a workbook."""
    found = []
    for name, program in ((f"~${path.name}", "Excel"), (f".~lock.{path.name}#", "LibreOffice")):
        beside = path.with_name(name)
        try:
            content = _read(beside)
            age = time.time() - beside.stat().st_mtime
        except FileNotFoundError:
            continue
        except OSError:
            content, age = b"", 0.0  # held so firmly that it may not even be read
        who = _excel_user(content) if program == "Excel" else _libreoffice_user(content)
        found.append(Lock(beside, program, who, fresh=age < STALE_AFTER))
    return found


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _excel_user(content: bytes) -> str:
    """Read the name; the first byte says how long it is."""
    name = content[1 : 1 + min(content[0], 53)] if content else b""
    return _printable(name.decode("cp1252", "replace"))


def _libreoffice_user(content: bytes) -> str:
    """Read the fields between commas: name, login and computer, login, time, profile."""
    fields = content.decode("utf-8", "replace").split(",")
    return _printable(next((field for field in fields[:2] if field.strip()), ""))


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()


def busy_reason(path: Path) -> str | None:
    """Say who has the workbook open; None when nobody seems to."""
    return verdict(locks(path), held=_held(path))


def leftovers(path: Path) -> list[Lock]:
    """List the lock files beside a workbook that nobody stands behind any more, as far as one can tell."""
    found = locks(path)
    return [] if verdict(found, held=_held(path)) else found


def verdict(found: Sequence[Lock], *, held: bool | None) -> str | None:
    """Say who has a workbook open.

    `held` is whether the system lets nobody else write to it, or None where that tells nothing: elsewhere than on
    Windows programs do not keep each other out, so that only lock files speak, and the old ones are not believed.
    """
    fresh = next((str(lock) for lock in found if lock.fresh), None)
    if held:
        return fresh or "open in another program"
    return fresh if held is None else None


def _held(path: Path) -> bool | None:
    """Ask Windows whether a program keeps others from writing, as Excel and LibreOffice do there."""
    if os.name != "nt":
        return None
    try:
        with path.open("r+b"):
            return False
    except PermissionError:
        return os.access(path, os.W_OK) or None
    except OSError:
        return None
