"""Replaces the workbook as every command does: verified, with a copy from before, and noted in the journal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from sync.journal import Journal
    from sync.workbook.package.edits import Edits
    from sync.workbook.package.sheets import NewSheet
    from sync.workbook.save import SaveReport


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
