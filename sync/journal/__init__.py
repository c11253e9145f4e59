"""The journal: what was sent, what came of it and what was agreed, on disk before anything depends on it.

One SQLite file per workbook, in the user's state directory and never beside the workbook: synchronised folders and
network shares break SQLite's locks. It holds no key and no token.
"""

from __future__ import annotations

from sync.journal.care import is_sound, look_after, make_copy, try_journal
from sync.journal.history import Step, past
from sync.journal.lease import Holder, Lease, account_lock, holder
from sync.journal.place import backup_folder, journal_path, state_dir
from sync.journal.spending import Elsewhere, month_begin, spending, spent
from sync.journal.store import Journal, follow_move, known_as, last_service, records_of

__all__ = [
    "Elsewhere",
    "Holder",
    "Journal",
    "Lease",
    "Step",
    "account_lock",
    "backup_folder",
    "follow_move",
    "holder",
    "is_sound",
    "journal_path",
    "known_as",
    "last_service",
    "look_after",
    "make_copy",
    "month_begin",
    "past",
    "records_of",
    "spending",
    "spent",
    "state_dir",
    "try_journal",
]
