"""What was spent, when, and on what: each charged text of a journal, and sums over all journals of this computer."""

from __future__ import annotations

import calendar
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.batch import OPEN, BatchState, Charge
from sync.errors import JournalError
from sync.journal.batches import text_key
from sync.journal.database import Database
from sync.journal.lease import holder
from sync.model import Spending

if TYPE_CHECKING:
    from pathlib import Path

_Files = tuple[tuple[int, float], ...]
_COARSE = 2.0  # seconds by which a file system may tell the time of a change too early


def spent(journal: Path, since: float = 0.0) -> list[Charge]:
    """List what the texts of a workbook have cost at every service; none where there is no journal."""
    if not journal.exists():
        return []
    database = Database(journal)
    try:
        return charges(database, since)
    finally:
        database.close()


def charges(database: Database, since: float = 0.0) -> list[Charge]:
    """List what texts have cost by the price list, oldest first; `since` is in seconds since 1970.

    A text counts when it was seen. What somebody else ordered has cost somebody else, and is not here.
    """
    rows = database.rows(
        "SELECT item.*, batch.run_id, run.simulated, coalesce(min(text.seen_at), batch.changed_at) AS at"
        " FROM item JOIN batch ON batch.id = item.batch_id LEFT JOIN run ON run.id = batch.run_id"
        " LEFT JOIN text ON text.batch_id = item.batch_id AND text.text_id = item.text_id"
        " AND text.record_id = item.record_id AND text.text_type = item.text_type"
        " WHERE item.credits > 0 GROUP BY item.batch_id, item.record_id, item.text_type HAVING at >= ?"
        " ORDER BY at, item.batch_id, item.rowid",
        (since,),
    )
    return [
        Charge(
            text_key(row), row["service"], row["run_id"], row["at"], row["credits"], simulated=bool(row["simulated"])
        )
        for row in rows
    ]


def month_begin(now: float) -> float:
    """Give the moment at which the calendar month of a moment began; both in seconds since 1970, the month in UTC."""
    at = time.gmtime(now)
    return float(calendar.timegm((at.tm_year, at.tm_mon, 1, 0, 0, 0)))


def spending(own: Path, service: str, now: float) -> Spending:
    """Add up, over all journals of this computer, what a service has charged this month and may still charge.

    What a process has planned and not sent yet is reserved as long as it lives; of our own journal (`own`) only what
    was sent is. A journal that cannot be read is left out.
    """
    month = reserved = 0.0
    for path in _journals(own.parent):
        with suppress(JournalError):
            planned = path != own and holder(path) is not None
            database = Database(path, looking=True)
            try:
                month += _spent(database, service, month_begin(now))
                reserved += _held(database, service, planned=planned)
            finally:
                database.close()
    return Spending(month, reserved)


@dataclass(slots=True)
class Elsewhere:
    """What other workbooks of this computer cost an account at a service, beside our own journal (`own`).

    It is asked before each order, so a journal is read again only when its files have changed since, or may have.
    """

    own: Path
    service: str
    _known: dict[Path, tuple[_Files, float, float]] = field(default_factory=dict)
    """By journal: its files as they were, since when was added up, and the sum."""

    def cost(self, since: float) -> float:
        """Add up what they have cost at most since a moment: charged, or still to be charged.

        `since` is in seconds since 1970. It bounds by how much the balance may have fallen without our doing.
        """
        total = 0.0
        for path in _journals(self.own.parent):
            if path != self.own:
                with suppress(JournalError, OSError):
                    total += self._of(path, since)
        return total

    def _of(self, path: Path, since: float) -> float:
        files = _files(path)
        changed = max((moment for _, moment in files), default=0.0)
        known = self._known.get(path)
        if known is not None and known[:2] == (files, since):
            return known[2]
        database = Database(path, looking=True)
        try:
            cost = _held(database, self.service, planned=False)
            cost += _spent(database, self.service, since) if changed >= since - _COARSE else 0.0
        finally:
            database.close()
        if changed < time.time() - _COARSE:  # else it may change once more, and still seem to be as it was
            self._known[path] = (files, since, cost)
        return cost


def _files(journal: Path) -> _Files:
    """Tell of a journal and of its log how large they are and when they were changed; an empty log has no changes."""
    there = [one.stat() for one in (journal, journal.with_name(f"{journal.name}-wal")) if one.exists()]
    return tuple((one.st_size, one.st_mtime) for one in there if one.st_size)


def _journals(folder: Path) -> list[Path]:
    return sorted(one for one in folder.glob("*.sqlite3") if len(one.suffixes) == 1)


def _spent(database: Database, service: str, since: float) -> float:
    """Add up what texts have cost that were seen since a moment."""
    marks = ", ".join("?" * len(OPEN))
    rows = database.rows(
        "SELECT sum(item.credits) AS spent FROM item JOIN batch ON batch.id = item.batch_id"
        f" WHERE item.service = ? AND item.credits > 0 AND (batch.changed_at >= ? OR batch.state IN ({marks}))"
        " AND coalesce((SELECT min(seen_at) FROM text WHERE text.service = item.service AND text.store = item.store"
        " AND text.type = item.type AND text.record_id = item.record_id AND text.language = item.language"
        " AND text.text_type = item.text_type AND text.text_id = item.text_id), batch.changed_at) >= ?",
        (service, since, *OPEN, since),
    )
    return float(rows[0]["spent"] or 0.0)


def _held(database: Database, service: str, *, planned: bool) -> float:
    """Add up what texts may cost of which nothing final is known; of those not sent yet only with `planned`."""
    rows = database.rows(
        "SELECT sum(item.price_max) AS held FROM item JOIN batch ON batch.id = item.batch_id"
        " WHERE item.held = 1 AND item.service = ? AND batch.found = 0 AND (? OR batch.state != ?)",
        (service, planned, BatchState.PLANNED),
    )
    return float(rows[0]["held"] or 0.0)
