"""What to say, and to know, when the journal of a workbook is gone: deleted, damaged, or left on another computer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.cli.console import out_json, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sync.journal import Journal
    from sync.tables import Tables

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
"""How the column Updated tells the time; what shops export under that name has seconds, a zone or another order."""


def is_forgotten(tables: Tables, journal: Journal) -> bool:
    """Tell whether a journal knows nothing of a workbook that shows that it has been worked on."""
    return journal.is_blank() and _shows_work(tables)


def _shows_work(tables: Tables) -> bool:
    """Tell whether any row has results of ours: a Status, and the moment of it."""
    from sync.records.locate import result_columns

    return any(_has_results(sheet.columns, columns) for sheet, columns in result_columns(tables))


def _has_results(cells: Mapping[int, Sequence[str]], columns: Mapping[str, int]) -> bool:
    if not {"status", "updated"} <= set(columns):
        return False
    rows = zip(cells[columns["status"]], cells[columns["updated"]], strict=True)
    return any(status.strip() and _MOMENT.fullmatch(moment.strip()) for status, moment in rows)


def admit(file: Path, tables: Tables, journal: Journal, *, as_json: bool = False) -> bool:
    """Tell the user, where the journal is gone and the workbook does not say itself what was agreed.

    Gives whether the journal is gone.
    """
    from sync.cli.sharing import knows

    if not is_forgotten(tables, journal):
        return False
    if knows(tables, journal.service):
        return True
    if as_json:
        out_json({"event": "forgotten", "message": notice(file, journal)}, indent=None)
    else:
        say(f"wtsync: {notice(file, journal)}")
    return True


def notice(file: Path, journal: Journal) -> str:
    """Say that the journal is gone, and what that means for money."""
    return (
        f"This computer has no journal of {file.name}, which has been worked on before: what the service holds is"
        " taken for what is known. Requests for its records are followed, and texts that exist are fetched or"
        " compared, for nothing. What was just being ordered and has left no trace on the service cannot be known, and"
        " is ordered again. If it was worked on from another computer, rather go on there, or bring that computer's"
        f" journal here, as {journal.path}."
    )
