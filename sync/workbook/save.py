"""Replacing the user's workbook by a patched one: the whole new file or the whole old one, never anything between."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import socket
import stat
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.errors import NotAWorkbook, WorkbookBusy, WorkbookError
from sync.workbook.package.busy import busy_reason, locks
from sync.workbook.package.kinds import open_file
from sync.workbook.package.patch import patch
from sync.workbook.verify import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sync.workbook.package.cells import Note
    from sync.workbook.package.edits import Edits
    from sync.workbook.verify import Certificate

__all__ = ["ChangedMeanwhile", "SaveReport", "busy_reason", "save", "sha256_of"]

_CHUNK = 1 << 20
_PATIENCE = 2.5  # seconds: a virus scanner or a synchronised folder lets go within that
_OLD = 24 * 3600.0  # seconds after which a temporary file of another computer is rubbish
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class ChangedMeanwhile(WorkbookBusy):
    """The workbook is not the one that was read: read it again and try again. Nothing was written."""


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What a save did."""

    certificate: Certificate
    old_sha256: str
    new_sha256: str
    backup: Path | None
    notes: tuple[Note, ...]
    """Texts that had to be changed to fit into a cell."""
    warnings: tuple[str, ...]


def save(
    path: Path,
    edits: Edits,
    *,
    expected_sha256: str | None = None,
    backup_dir: Path | None = None,
    before_replace: Callable[[str, str], None] | None = None,
) -> SaveReport:
    """Write the cells into the workbook, verified before it is replaced.

    `expected_sha256` is the workbook that the edits were made for. `before_replace` is called with the old and the new
    hash when everything is ready; when it raises, nothing is replaced. Raises WorkbookBusy when the file is open
    elsewhere, ChangedMeanwhile when it is another than expected, WorkbookError or NotAWorkbook when it cannot be
    written; the old file is then as it was, and nothing is left beside it.
    """
    path = _real(path)
    open_file(path).close()
    with _explained(path):
        warnings = _ready(path)
        old = sha256_of(path)
        if expected_sha256 not in {None, old}:
            raise _changed(path)
        with _temporary(path) as temporary:
            report = patch(path, temporary, edits)
            _take_over(path, temporary)
            _flush(temporary)
            certificate = _verified(path, temporary, edits, old)
            new = sha256_of(temporary)
            if before_replace is not None:
                before_replace(old, new)
            backup = _back_up(path, backup_dir, old) if backup_dir is not None else None
            if sha256_of(path) != old:
                raise _changed(path)
            _replace(temporary, path)
            _flush_folder(path.parent)
    return SaveReport(certificate, old, new, backup, report.notes, warnings)


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _real(path: Path) -> Path:
    """Follow a symbolic link: the file it leads to is replaced, not the link."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise NotAWorkbook(f"There is no file {path}.", "Check the name and the folder.") from None


def _ready(path: Path) -> tuple[str, ...]:
    """Refuse a file that is open elsewhere or must not be written; give the warnings."""
    reason = busy_reason(path)
    if reason is not None:
        raise WorkbookBusy(f"{path.name} is {reason}.", "Save and close it there, then try again.")
    if not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK)):
        raise WorkbookError(f"{path.name} is read-only.", "Remove the write protection of the file, or use a copy.")
    return tuple(
        f"{lock.path.name} says that the workbook is {lock}, but it is old: taken for a leftover."
        for lock in locks(path)
        if not lock.fresh
    )


def _changed(path: Path) -> ChangedMeanwhile:
    return ChangedMeanwhile(f"{path.name} was changed meanwhile.", "It was left as it is. Run the command again.")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the system says into words about the workbook."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise WorkbookError(
                f"There is not enough room to write {path.name}.", "Free some space; the workbook is as it was."
            ) from error
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            hint = "Check that you may create files there; the workbook is as it was."
            raise WorkbookError(f"The folder {path.parent} cannot be written to.", hint) from error
        raise WorkbookError(f"{path.name} cannot be written: {error}.", "The workbook is as it was.") from error


def _mark(path: Path) -> str:
    """Start the names of our temporary files for this workbook with this."""
    return f".wtsync-{hashlib.sha256(path.name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}-"


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Make an empty file beside the workbook; it is gone afterwards, whatever happens."""
    _sweep(path)
    temporary = path.with_name(f"{_mark(path)}{_host()}-{os.getpid()}-{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.close(handle)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


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


def _take_over(path: Path, temporary: Path) -> None:
    """Give the new file the old one's permissions, and its owner where that is allowed."""
    known = path.stat()
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(temporary, known.st_uid, known.st_gid)
    temporary.chmod(stat.S_IMODE(known.st_mode))


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Let the new name reach the disk too. The file is replaced already: a refusal is no failure."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _verified(path: Path, temporary: Path, edits: Edits, old: str) -> Certificate:
    certificate = compare(path, temporary, edits)
    if not certificate.ok:
        if sha256_of(path) != old:
            raise _changed(path)
        first = "; ".join(str(difference) for difference in certificate.unplanned[:3])
        hint = "The workbook is as it was. Please report this, if possible with the workbook."
        raise WorkbookError(f"The internal check of the new {path.name} failed: {first}.", hint)
    return certificate


def _back_up(path: Path, folder: Path, sha: str) -> Path:
    """Copy the workbook into the folder, unless that very content is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    for known in folder.iterdir():
        if known.name.endswith(f"-{sha[:12]}{path.suffix}") and sha256_of(known) == sha:
            return known
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    backup = folder / f"{path.stem}-{now}-{sha[:12]}{path.suffix}"
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
            raise _changed(path)
        partial.replace(backup)
    finally:
        with suppress(OSError):
            partial.unlink()
    _flush_folder(folder)
    return backup


def _replace(temporary: Path, path: Path) -> None:
    """Put the new file in the place of the old; wait a little where another program holds it."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            temporary.replace(path)
        except PermissionError:
            if os.name != "nt":
                raise
            if time.monotonic() > until:
                hint = "Close it there and run the command again."
                raise WorkbookBusy(f"{path.name} is open in another program.", hint) from None
            time.sleep(0.1)
        else:
            return
