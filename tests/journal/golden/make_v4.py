"""Made `v4.sql`: the journal of `make_v3.py`, written by the wtsync that had layout 4: uploaded images.

    python -m tests.journal.golden.make_v4 > tests/journal/golden/v4.sql

It is kept to show where the file comes from, and never run again, as it says there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sync.journal import Journal
from sync.journal.schema import VERSION
from sync.model import Address, Uploaded
from tests.journal.golden.make_v1 import (
    SERVICE,
    SIMULATED,
    dump,
    first_run,
    second_run,
    simulated_run,
    third_run,
)
from tests.journal.golden.make_v3 import LOOK

UPLOADED = {"front": Uploaded("digest-front", 1762592000.0), "side": Uploaded("digest-side")}


def main() -> None:
    if VERSION != 4:
        sys.exit(f"this wtsync writes layout {VERSION}; v4.sql was made by one that wrote layout 4")
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
        sys.stdout.write(dump(path))


if __name__ == "__main__":
    main()
