"""Replacing the user's workbook by a patched one: the whole new file or the whole old one, never anything between."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.errors import NotAWorkbook, WorkbookBusy, WorkbookError
from sync.workbook.backups import back_up
from sync.workbook.package.busy import busy_reason, leftovers
from sync.workbook.package.kinds import open_file
from sync.workbook.package.patch import patch
from sync.workbook.temporary import flush, flush_folder, take_over, temporary
from sync.workbook.verify import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from sync.workbook.certificate import Certificate
    from sync.workbook.package.cells import Note
    from sync.workbook.package.edits import Edits
    from sync.workbook.package.sheets import NewSheet

__all__ = ["ChangedMeanwhile", "SaveReport", "busy_reason", "put_back", "save", "sha256_of"]

_PATIENCE = 2.5  # seconds: a virus scanner or a synchronised folder lets go within that
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
    sheets: Collection[NewSheet] = (),
    *,
    grow: bool = False,
    expected_sha256: str | None = None,
    backup_dir: Path | None = None,
    before_replace: Callable[[str, str], None] | None = None,
) -> SaveReport:
    """Write the cells into the workbook, verified before it is replaced.

    `sheets` are added, or written anew where one of ours has that name; with `grow`, a table grows over rows that are
    written right below it.

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
        with temporary(path) as made:
            report = patch(path, made, edits, sheets, grow=grow)
            take_over(path, made)
            flush(made)
            certificate = _verified(path, old, compare(path, made, edits, sheets, grow=grow))
            new = sha256_of(made)
            if before_replace is not None:
                before_replace(old, new)
            backup = _keep(path, backup_dir, old) if backup_dir is not None else None
            _take_place(made, path, old)
    if report.signed:
        warnings = (*warnings, f"{path.name} is digitally signed; the signature does not hold for what was written.")
    return SaveReport(certificate, old, new, backup, report.notes, warnings)


def put_back(
    path: Path,
    source: Path,
    *,
    backup_dir: Path,
    before_replace: Callable[[str, str], None] | None = None,
) -> tuple[Path | None, tuple[str, ...]]:
    """Put a whole other workbook in the place of this one; give the backup of what was there, and warnings.

    With the care of `save`, and its errors; where there is no file at `path` any more, one is made, and `old` in
    `before_replace` is empty.
    """
    there = path.exists()
    path = _real(path) if there else path.absolute()
    open_file(source).close()
    with _explained(path):
        warnings = _ready(path) if there else ()
        old = sha256_of(path) if there else ""
        new = sha256_of(source)
        with temporary(path) as made:
            shutil.copyfile(source, made)
            take_over(path if there else source, made)
            flush(made)
            if sha256_of(made) != new:
                raise WorkbookError(f"{source.name} changed while it was being copied.", "Run the command again.")
            if before_replace is not None:
                before_replace(old, new)
            backup = _keep(path, backup_dir, old) if there else None
            if there:
                _take_place(made, path, old)
            elif path.exists():
                raise _changed(path)
            else:
                _replace(made, path)
                flush_folder(path.parent)
    return backup, warnings


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
    _not_open(path)
    if not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK)):
        raise WorkbookError(f"{path.name} is read-only.", "Remove the write protection of the file, or use a copy.")
    return tuple(
        f"{lock.path.name} says that the workbook is {lock}: taken for a leftover." for lock in leftovers(path)
    )


def _not_open(path: Path) -> None:
    reason = busy_reason(path)
    if reason is not None:
        raise WorkbookBusy(f"{path.name} is {reason}.", "Save and close it there, then try again.")


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


def _verified(path: Path, old: str, certificate: Certificate) -> Certificate:
    if not certificate.ok:
        if sha256_of(path) != old:
            raise _changed(path)
        first = "; ".join(str(difference) for difference in certificate.unplanned[:3])
        hint = "The workbook is as it was. Please report this, if possible with the workbook."
        raise WorkbookError(f"The internal check of the new {path.name} failed: {first}.", hint)
    return certificate


def _keep(path: Path, folder: Path, sha: str) -> Path:
    backup = back_up(path, folder, sha)
    if backup is None:
        raise _changed(path)
    return backup


def _take_place(made: Path, path: Path, old: str) -> None:
    """Put the new file in the place of the old one, if that is still what it was and nobody has opened it since."""
    _not_open(path)
    if sha256_of(path) != old:
        raise _changed(path)
    _replace(made, path)
    flush_folder(path.parent)


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
