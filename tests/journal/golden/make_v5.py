"""Made `v5.sql`: the journal of `make_v4.py`, written by the wtsync that had layout 5: keyword optimizations.

    python -m tests.journal.golden.make_v5 > tests/journal/golden/v5.sql

It is kept to show where the file comes from, and never run again, as it says there.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from sync.batch import BatchState, Item
from sync.journal import Journal
from sync.journal.schema import VERSION
from sync.model import (
    KEYWORDS,
    Address,
    Delivery,
    Keyword,
    KeywordResult,
    OptimizationState,
    Origin,
    Pipeline,
    Price,
    Trigger,
)
from tests.journal.golden.make_v1 import (
    HARD,
    SERVICE,
    SIMULATED,
    batch,
    dump,
    first_run,
    key,
    second_run,
    simulated_run,
    third_run,
)
from tests.journal.golden.make_v3 import LOOK
from tests.journal.golden.make_v4 import UPLOADED

RESULT = KeywordResult(
    key=key("00030").record,
    state=OptimizationState.COMPLETED,
    raw_state="Completed",
    keywords=(Keyword(HARD, "chosen", "stools", "p-1", "LowMid", "commercial", 880, "MEDIUM", 14, "2026-01-02"),),
    pipelines=(
        Pipeline("p-1", "stools", "LowMid", HARD, 14, locked=False, triggers=(Trigger("rank", "10", "x", ("a", "b")),)),
    ),
    changed_at=1760000500.5,
    raw='{"unheard": ["of"]}',
)


def keyword_run(journal: Journal) -> None:
    """Have found the keywords of one record, at the simulated service."""
    item = Item(key("00030", KEYWORDS), "", "digest-00030", Price(6.0, 6.0), baseline="Failed 1750000000.0")
    order = replace(batch("run-simulated", item), asked='{"country": "DK", "clusters": 4}')
    (number,) = journal.batches.plan([order])
    journal.batches.move(number, BatchState.INTENT)
    journal.batches.move(number, BatchState.ACCEPTED)
    found = Delivery(item.key, "keywords 1", HARD, "", item.input_digest, Origin.KEYWORDS, "run-simulated", 6.0)
    journal.optimized(number, RESULT, found, 6.0)


def main() -> None:
    if VERSION != 5:
        sys.exit(f"this wtsync writes layout {VERSION}; v5.sql was made by one that wrote layout 5")
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
        with Journal(path, SIMULATED, simulated=True) as journal:
            keyword_run(journal)
        sys.stdout.write(dump(path))


if __name__ == "__main__":
    main()
