"""Keeps the account's lists between commands, so that a second command of a working hour asks for less."""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.service import Cached

TRUSTED = 1800.0
"""Seconds for which lists are not asked for again; the vendor's own plugin waits as long."""
_KEPT = 7 * 86_400.0
"""Seconds after which nobody will want them any more."""


def lists_path() -> Path:
    """Name the file, beside the journals."""
    from sync.journal import state_dir

    return state_dir() / "lists.json"


def read_lists(path: Path) -> dict[str, Cached]:
    """Read what is kept; nothing where there is no such file, or where it cannot be read."""
    from sync.service import Cached

    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        kept = {str(name): Cached(str(one["etag"]), str(one["body"]), float(one["at"])) for name, one in found.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return {name: one for name, one in kept.items() if time.time() - one.at < _KEPT}


def keep_lists(path: Path, lists: Mapping[str, Cached]) -> None:
    """Write them, whole or not at all. What cannot be kept is asked for again."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".lists-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({key: asdict(one) for key, one in lists.items()}, file)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
