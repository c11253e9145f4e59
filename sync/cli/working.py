"""Takes the lease of a workbook's journal and opens it for one command's work."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from sync.batch import Tally
from sync.cli.console import say, typed
from sync.cli.showing import Display
from sync.cli.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.cli.stopping import Stop
    from sync.cli.wiring import Checked

_BEAT = 5.0
"""Seconds between two signs of life."""


@contextmanager
def working(file: Path, seen: Checked, stop: Stop, command: str, *, as_json: bool = False) -> Iterator[Work]:
    """Take the lease and open the journal. Raises JournalBusy when another process has it."""
    from sync.cli.amnesia import admit
    from sync.cli.beside import tell_of_copies, tell_of_outside
    from sync.cli.emergency import receipts
    from sync.cli.pictures import picture_data
    from sync.cli.undone import take_note
    from sync.cli.wiring import as_cell, new_run_id, open_journal
    from sync.journal import Elsewhere, Lease, account_lock, journal_path, look_after, make_copy
    from sync.records import ByKey, input_digests
    from sync.run.ports import Session

    path = journal_path(seen.tables.workbook_id)
    with ExitStack() as stack:
        lease = stack.enter_context(Lease(path, command))
        mended = look_after(path)
        if mended:
            say(f"wtsync: {mended}")
        journal = stack.enter_context(open_journal(seen.tables, seen.service))
        if admit(file, seen.tables, journal, as_json=as_json):
            journal.begin_forgotten()
        journal.belongs_to(file)
        take_note(file, seen.tables, journal, as_json=as_json)
        tell_of_copies(file, seen.tables, journal, as_json=as_json)
        tell_of_outside(file, journal, as_json=as_json)
        make_copy(path)
        journal.batches.forget_asks(lease.since)
        others = Elsewhere(path, seen.service.identity)
        beaten = 0.0

        def beat() -> None:
            nonlocal beaten
            if time.monotonic() - beaten > _BEAT:
                beaten = time.monotonic()
                with suppress(OSError):  # a sign of life that cannot be left is no reason to stop
                    lease.beat()

        session = Session(
            service=seen.service,
            journal=journal,
            clock=stop,
            run_id=new_run_id(),
            file=typed(file),
            records=ByKey(seen.workbook.records),
            prices=seen.reference.prices,
            as_cell=as_cell,
            digests=input_digests,
            stopping=stop.stopping,
            beat=beat,
            spread=random.random,
            exclusive=account_lock(seen.service.identity, stopping=stop.stopping),
            elsewhere=lambda: others.cost(lease.since),
            tell=Display(Tally, as_json=as_json).show,
            receipt=receipts(file),
            pictures=seen.workbook.pictures,
            picture_data=picture_data(file),
        )
        yield Work(file, seen, journal, session, stop, as_json)
