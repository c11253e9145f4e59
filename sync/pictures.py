"""Reads the image files that a workbook names: those beside it, and nothing else of the computer."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from sync.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_picture(folder: Path, name: str, most: int) -> bytes:
    """Give what is in a file, at most one byte more than `most` allows, so that too big a file shows.

    Raises UsageError, with words about the cell, for a file that is not there or cannot be read, for what is no plain
    file, and for links: they might lead to something that was never meant to be sent.
    """
    path = folder.joinpath(*name.split("/"))
    for part in (path, *path.parents):
        if part == folder:
            break
        if part.is_symlink():
            raise UsageError(f"{name} is a link, and links are not followed.", "Put the image itself there.")
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError:
        raise UsageError(
            f"There is no file {name} beside the workbook.", "Correct the name, or move it there."
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"The file {name} cannot be opened: {why}.", "Check its name and its rights.") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UsageError(f"{name} is no file.", "Name an image file.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    except OSError as error:
        raise UsageError(f"The file {name} cannot be read: {error.strerror}.", "Check the disk.") from None
    finally:
        os.close(descriptor)
