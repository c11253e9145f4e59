"""Texts that were written into a workbook and are gone from it: an older copy has been saved over it."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

from sync.cli.console import out_json, say
from sync.counts import counted

if TYPE_CHECKING:
    from pathlib import Path

    from sync.journal import Journal
    from sync.model import Delivery
    from sync.tables import Tables


def undone(tables: Tables, journal: Journal, *, sure: bool = False) -> tuple[Delivery, ...]:
    """Find the texts that stood in the workbook as we left it, and do not any more, though nobody took them out.

    `sure` is for a workbook that is known to be an older copy.
    """
    from sync.projection import undone as find
    from sync.records.locate import locate

    if tables.sha256 == journal.files.last_save() or not journal.files.last_save():
        return ()
    written = [(item, _updated(made)) for item, made in journal.texts.written()]
    sure = sure or journal.files.was_before(tables.sha256)
    return tuple(one for places in locate(tables).sheets() for one in find(places, written, sure=sure))


@lru_cache(maxsize=4096)
def _updated(made: float) -> str:
    """Tell a moment as the column Updated does; the texts of one batch have the same."""
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(made))


def take_note(file: Path, tables: Tables, journal: Journal, *, as_json: bool = False, quietly: bool = False) -> None:
    """Put such texts on their way into the workbook again, and tell the user.

    To be called by whoever holds the lease and is about to write, before the result columns are written anew: they are
    what shows that a row is of an older copy.
    """
    found = undone(tables, journal)
    if not found:
        return
    journal.texts.wait_again(found)
    if quietly:
        return
    if as_json:
        out_json({"event": "undone", "texts": len(found), "message": notice(file, len(found))}, indent=None)
    else:
        say(f"wtsync: {notice(file, len(found))}")


def notice(file: Path, texts: int) -> str:
    """Say what has happened, and what becomes of it."""
    gone = f"{counted(texts, 'text')} that it had written {'is' if texts == 1 else 'are'}"
    return (
        f"{file.name} is not as wtsync left it: {gone}"
        " gone, as if an older copy had been saved over it. The journal has them: `wtsync apply` or `wtsync run` writes"
        " them again, for nothing."
    )
