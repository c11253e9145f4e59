"""Made `v6.sql`: the journal of `make_v5.py`, written by the wtsync that had layout 6: suggestions.

    python -m tests.journal.golden.make_v6 > tests/journal/golden/v6.sql

It is kept to show where the file comes from, and never run again, as it says there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sync.journal import Journal
from sync.journal.schema import VERSION
from sync.model import Address, Fate, Idea, Suggested
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
from tests.journal.golden.make_v3 import LOOK
from tests.journal.golden.make_v4 import UPLOADED
from tests.journal.golden.make_v5 import keyword_run

RECORD = key("00031").record
SUGGESTED = [
    Suggested(RECORD, Idea.SEMANTIC, HARD, Fate.ACCEPTED),
    Suggested(RECORD, Idea.SEMANTIC, "bench"),
    Suggested(RECORD, Idea.AUDIENCE, "Joiners", Fate.DISMISSED),
]
LOST = key("00032").record


def suggestions(journal: Journal) -> None:
    """Have asked for suggestions, once without an answer, and decided on some."""
    for idea in Idea:
        journal.suggestions.ask(RECORD, idea)
    journal.suggestions.answered(RECORD, Idea.SEMANTIC, [HARD, "bench"])
    journal.suggestions.answered(RECORD, Idea.AUDIENCE, ["Joiners"])
    journal.suggestions.decide(SUGGESTED)
    journal.suggestions.ask(LOST, Idea.AUDIENCE)


def main() -> None:
    if VERSION != 6:
        sys.exit(f"this wtsync writes layout {VERSION}; v6.sql was made by one that wrote layout 6")
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
        with Journal(path, SIMULATED, simulated=True) as journal:
            keyword_run(journal)
        sys.stdout.write(dump(path))


if __name__ == "__main__":
    main()
