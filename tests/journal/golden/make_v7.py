"""Made `v7.sql`: the journal of `make_v6.py`, written by the wtsync that had layout 7: choices to be told.

    python -m tests.journal.golden.make_v7 > tests/journal/golden/v7.sql

It is kept to show where the file comes from, and never run again, as it says there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sync.journal import Journal
from sync.journal.schema import VERSION
from sync.model import Address, Idea
from tests.journal.golden.make_v1 import (
    HARD,
    SERVICE,
    SIMULATED,
    dump,
    first_run,
    second_run,
    simulated_run,
    third_run,
)
from tests.journal.golden.make_v3 import LOOK
from tests.journal.golden.make_v4 import UPLOADED
from tests.journal.golden.make_v5 import keyword_run
from tests.journal.golden.make_v6 import RECORD, suggestions

CHOSEN = {(RECORD, Idea.SEMANTIC): (HARD, "bench")}


def choices(journal: Journal) -> None:
    """Have chosen some of what was suggested, without having told the service; of others it was told."""
    journal.suggestions.choose({**CHOSEN, (RECORD, Idea.AUDIENCE): ("Joiners",)})
    journal.suggestions.told(RECORD, Idea.AUDIENCE)


def main() -> None:
    if VERSION != 7:
        sys.exit(f"this wtsync writes layout {VERSION}; v7.sql was made by one that wrote layout 7")
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
            for image_id, uploaded in UPLOADED.items():
                journal.uploads.remember("shop", image_id, uploaded)
            suggestions(journal)
            choices(journal)
        with Journal(path, SIMULATED, simulated=True) as journal:
            keyword_run(journal)
        sys.stdout.write(dump(path))


if __name__ == "__main__":
    main()
