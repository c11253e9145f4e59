"""The same for workbooks from elsewhere: `WTSYNC_EXTRA_WORKBOOKS=folder pytest tests/workbooks/test_extra.py`.

Every .xlsx, .xlsm, .xltx and .xltm of the folder and of those in it is put through the trial of `test_corpus`. A
workbook that we refuse is skipped, with the words it was refused with; what openpyxl or calamine cannot read before
is not held against what they read after.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync.errors import WorkbookError
from tests.workbooks import trial

FOLDER = os.environ.get("WTSYNC_EXTRA_WORKBOOKS", "")
KINDS = {".xlsx", ".xlsm", ".xltx", ".xltm"}
MODERATE = 1_500_000
"""Bytes of a file that openpyxl is given to read."""


def found() -> list[str]:
    """List the workbooks by their names only: none is opened before its turn."""
    if not FOLDER:
        return []
    return sorted(
        os.path.relpath(Path(folder, name), FOLDER)
        for folder, _, names in os.walk(FOLDER)
        for name in names
        if Path(name).suffix.casefold() in KINDS and not name.startswith("~$")
    )


@pytest.mark.skipif(not FOLDER, reason="WTSYNC_EXTRA_WORKBOOKS names no folder")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", found())
def test_a_text_changes_its_cell_and_nothing_else(tmp_path: Path, name: str) -> None:
    source, target = Path(FOLDER, name), tmp_path / f"after{Path(name).suffix}"
    try:
        targets = trial.choose(source)
    except WorkbookError as error:
        pytest.skip(f"refused: {error.message.replace(str(source), 'it')}")
    for place in targets.places.values():
        trial.write(source, target, targets, [place])
    places = list(targets.places.values())
    if not places:
        pytest.skip(f"nothing may be written: {targets.refused}")
    trial.write(source, target, targets, places)
    if source.stat().st_size < MODERATE:
        trial.openpyxl_agrees(source, target, targets, places)
    trial.calamine_agrees(source, target, targets, places)
