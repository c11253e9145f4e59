"""Where journals lie: in the user's state directory of this computer, never beside the workbook."""

from __future__ import annotations

import os
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
