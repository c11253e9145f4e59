"""The journal: what was sent, what came of it and what was agreed, on disk before anything depends on it.

One SQLite file per workbook, in the user's state directory and never beside the workbook: synchronised folders and
network shares break SQLite's locks. It holds no key and no token.
"""

from __future__ import annotations

from sync.journal.lease import Holder, Lease, holder
from sync.journal.store import Journal, journal_path, last_service, state_dir

__all__ = ["Holder", "Journal", "Lease", "holder", "journal_path", "last_service", "state_dir"]
