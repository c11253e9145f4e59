"""Where journals lie: in the user's state directory of this computer, never beside the workbook."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def state_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """Name the folder of all journals: WTSYNC_STATE_DIR, or the user's state directory of the system."""
    named = environment.get("WTSYNC_STATE_DIR")
    if named:
        return Path(named).expanduser()
    import platformdirs  # noqa: PLC0415 - only where it is needed

    return Path(platformdirs.user_state_dir("wtsync", appauthor=False))


def journal_path(workbook_id: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Name the journal file of a workbook."""
    return state_dir(environment) / "journals" / f"{workbook_id}.sqlite3"


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, for its owner alone; what is made survives a power cut.

    A folder that is there already costs one look. Raises OSError.
    """
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        if folder.parent == folder:
            break
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(exist_ok=True, mode=0o700)
        settle(one.parent)


def settle(folder: Path) -> None:
    """Have the disk remember the names in a folder, where the system allows to ask for it (Windows does not)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def backup_folder(journal: Path) -> Path:
    """Name the folder with the copies of the workbook that a journal is of."""
    return journal.parent.parent / "backups" / journal.stem
