"""A new file beside the workbook, until it takes the workbook's place: made, made safe, and gone whatever happens."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OLD = 24 * 3600.0  # seconds after which a temporary file of another computer is rubbish


def _mark(path: Path) -> str:
    """Start the names of our temporary files for this workbook with this."""
    return f".wtsync-{hashlib.sha256(path.name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}-"


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]


@contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """Make an empty file beside the workbook; it is gone afterwards, whatever happens."""
    _sweep(path)
    made = path.with_name(f"{_mark(path)}{_host()}-{os.getpid()}-{secrets.token_hex(4)}.tmp")
    handle = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.close(handle)
        yield made
    finally:
        with suppress(OSError):
            made.unlink()


def _sweep(path: Path) -> None:
    """Remove what an earlier save of this workbook left when it was killed."""
    ours = re.compile(re.escape(_mark(path)) + r"([0-9a-f]{6})-([0-9]+)-[0-9a-f]{8}\.tmp")
    for beside in path.parent.iterdir():
        found = ours.fullmatch(beside.name)
        if found is None:
            continue
        with suppress(OSError):
            age = time.time() - beside.stat().st_mtime
            if age > _OLD or (found[1] == _host() and not _alive(int(found[2]))):
                beside.unlink()


def _alive(process: int) -> bool:
    if process == os.getpid() or os.name == "nt":  # on Windows asking would end it; age decides there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def take_over(path: Path, temporary: Path) -> None:
    """Give the new file the old one's permissions, and its owner and access list where that is allowed."""
    known = path.stat()
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(temporary, known.st_uid, known.st_gid)
    temporary.chmod(stat.S_IMODE(known.st_mode))
    if hasattr(os, "listxattr"):  # Linux keeps access lists among them
        with suppress(OSError):
            for name in os.listxattr(path):
                with suppress(OSError):
                    os.setxattr(temporary, name, os.getxattr(path, name))


def flush(path: Path) -> None:
    """Have the disk keep what was written. Raises OSError."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Let the new name reach the disk too. The file is replaced already: a refusal is no failure."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
