"""What to do when the disk of the journal is full: look before money is spent, and a receipt elsewhere afterwards."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sync.cli.console import say
from sync.errors import Refused, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOM = 64 * 2**20
"""Bytes that have to be free for the journal before anything is sent."""
COPIES = 3
"""How many times the workbook has to fit beside itself: the new file, a backup, and growth."""


def check_room(workbook: Path, journal: Path) -> None:
    """Raise Refused when the workbook may not be written, or the disks could not hold what a run brings."""
    if not os.access(workbook, os.W_OK) or not workbook.stat().st_mode & 0o222:
        raise WorkbookError(
            f"{workbook.name} is read-only, so its texts could not be written. Nothing was sent.",
            "Remove the write protection of the file, or use a copy.",
        )
    if not os.access(workbook.resolve().parent, os.W_OK):
        raise WorkbookError(
            f"The folder of {workbook.name} is read-only, so its texts could not be written. Nothing was sent.",
            "Copy the workbook to a folder of your own.",
        )
    for folder, needed in ((workbook.resolve().parent, COPIES * workbook.stat().st_size), (journal.parent, ROOM)):
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise Refused(
                f"There is too little room on the disk of {folder}: {free // 2**20} MB are free, and a run may need"
                f" {needed // 2**20 + 1} MB. Nothing was sent.",
                "Make room, or set WTSYNC_STATE_DIR to a folder on another disk.",
            )


def receipts(workbook: Path) -> Callable[[Mapping[str, object]], None]:
    """Give the function that takes down what the journal could not, in the first place that has room for it."""
    name = f"wtsync-receipt-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.jsonl"
    places = [workbook.resolve().parent, Path.home(), Path(tempfile.gettempdir())]

    def take_down(what: Mapping[str, object]) -> None:
        line = json.dumps({"at": time.time(), "workbook": str(workbook), **what}) + "\n"
        request = f" Request {what['request']}." if what.get("request") else ""
        for place in places:
            try:
                descriptor = os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError:
                continue
            say(f"wtsync: the journal could not be written; a receipt is in {place / name}.{request}")
            return
        say(f"wtsync: neither the journal nor a receipt could be written.{request} Keep this: {line}")

    return take_down
