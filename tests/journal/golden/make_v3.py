"""Made `v3.sql`: the journal of `make_v1.py`, written by the wtsync that had layout 3: looks at the service.

    python -m tests.journal.golden.make_v3 > tests/journal/golden/v3.sql

It is kept to show where the file comes from, and never run again, as it says there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sync.journal import Journal
from sync.journal.schema import VERSION
from sync.model import Address, Look, RemoteText
from tests.journal.golden.make_v1 import (
    HARD,
    SERVICE,
    SIMULATED,
    dump,
    first_run,
    key,
    second_run,
    simulated_run,
    third_run,
)

LOOK = Look(
    ("excerpt", "page title"), 1760000070.0, 1760000030.5, 20,
    {"00001": (RemoteText(key("00001"), "t-6", HARD),), "00002": ()},
)  # fmt: skip


def main() -> None:
    if VERSION != 3:
        sys.exit(f"this wtsync writes layout {VERSION}; v3.sql was made by one that wrote layout 3")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "golden.sqlite3")
        with Journal(path, SIMULATED, simulated=True) as journal:
            simulated_run(journal)
        with Journal(path, SERVICE) as journal:
            journal.belongs_to(Path("/home/anna/shop.xlsx"))
            first_run(journal)
            second_run(journal)
            third_run(journal)
            journal.looks.remember("account-1", Address("Product", "shop", "en"), LOOK)
        sys.stdout.write(dump(path))


if __name__ == "__main__":
    main()
