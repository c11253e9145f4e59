"""Made `v2.sql`: the journal of `make_v1.py`, written by the wtsync that had layout 2: bases name their run.

    python -m tests.journal.golden.make_v2 > tests/journal/golden/v2.sql

It is kept to show where the file comes from, and never run again, as it says there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sync.journal import Journal
from sync.journal.schema import VERSION
from tests.journal.golden.make_v1 import (
    SERVICE,
    SIMULATED,
    dump,
    first_run,
    second_run,
    simulated_run,
    third_run,
)


def main() -> None:
    if VERSION != 2:
        sys.exit(f"this wtsync writes layout {VERSION}; v2.sql was made by one that wrote layout 2")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "golden.sqlite3")
        with Journal(path, SIMULATED, simulated=True) as journal:
            simulated_run(journal)
        with Journal(path, SERVICE) as journal:
            journal.belongs_to(Path("/home/anna/shop.xlsx"))
            first_run(journal)
            second_run(journal)
            third_run(journal)
        sys.stdout.write(dump(path))


if __name__ == "__main__":
    main()
