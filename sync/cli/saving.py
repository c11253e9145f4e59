"""Replaces the workbook as every command does: verified, with a copy from before, and noted in the journal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sync.errors import WorkbookBusy, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from sync.journal import Journal
    from sync.tables import Tables
    from sync.workbook.package.edits import Edits
    from sync.workbook.package.sheets import NewSheet
    from sync.workbook.save import SaveReport

T = TypeVar("T")
_TRIES = 5
_SPARING = 16 << 20
"""Bytes of a sheet that are read at a time where the plan, and what it was made from, lie in memory already."""


def until_quiet(file: Path, write: Callable[[], T], hint: str) -> T:
    """Read and write the workbook; once more where somebody else has changed it in between.

    Raises WorkbookBusy with the hint where it keeps changing, and whatever `write` raises.
    """
    from sync.workbook.save import ChangedMeanwhile

    for _ in range(_TRIES):
        try:
            return write()
        except ChangedMeanwhile:
            continue
    raise WorkbookBusy(f"{file.name} keeps changing while it is being written.", hint)


def read_again(file: Path, journal: Journal, *, remedy: str = "", seen: Tables | None = None) -> Tables:
    """Read the workbook as it stands now. Raises WorkbookError where another one has taken its place.

    `seen` is what was read of it before: where the file is still the same, byte for byte, it holds.
    """
    from sync.workbook.memory import give_back
    from sync.workbook.read import read

    give_back()
    if seen is not None and _is_still(file, seen.sha256):
        return seen
    tables = read(file, _SPARING)
    if tables.workbook_id != journal.path.stem:
        said = f"{file.name} is another workbook than the one that this began with."
        raise WorkbookError(said, f"Nothing was written into it. Put the right one back in its place{remedy}.")
    return tables


def _is_still(file: Path, sha256: str) -> bool:
    from sync.workbook.save import sha256_of

    try:
        return sha256_of(file) == sha256
    except OSError:  # why it cannot be read, reading says
        return False


def not_open(file: Path, nothing: str) -> None:
    """Make sure that what is about to be done can be noted. Raises WorkbookBusy, which says that `nothing` was."""
    from sync.workbook.save import busy_reason

    if reason := busy_reason(file):
        raise WorkbookBusy(
            f"{file.name} is {reason}.", f"{nothing} Save and close it there, then run the same command again."
        )


@contextmanager
def saved(
    file: Path,
    journal: Journal,
    edits: Edits,
    sheets: Collection[NewSheet] = (),
    *,
    sha256: str,
    first: Callable[[], None] | None = None,
) -> Iterator[SaveReport]:
    """Write cells and sheets into the workbook whose hash is `sha256`, with the errors of `sync.workbook.save.save`.

    `first` is called when all is ready, before the file is replaced. What is done inside the `with` belongs to the
    save: the journal counts it as ended after that.
    """
    from sync.journal import backup_folder
    from sync.workbook.backups import prune
    from sync.workbook.save import save

    entry: list[int] = []

    def begins(old: str, new: str) -> None:
        if first is not None:
            first()
        entry.append(journal.texts.save_begins(str(file), old, new))

    report = save(
        file, edits, sheets, expected_sha256=sha256, backup_dir=backup_folder(journal.path), before_replace=begins
    )
    yield report
    journal.texts.save_ended(entry[0])
    if report.backup is not None:
        prune(report.backup.parent)
