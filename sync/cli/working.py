"""The work on one workbook under its lease: recover, carry out, cancel, write back, and say how it went."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.batch import BatchState, RunInfo
from sync.cli.console import out, out_json, say
from sync.cli.showing import Display
from sync.cli.writing import Written, write_back
from sync.errors import OutOfCredits, ServiceError, WorkbookError
from sync.model import Base, Origin
from sync.report.outcome_text import outcome_text, receipt_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.batch import Tally
    from sync.cli.stopping import Stop
    from sync.cli.wiring import Checked
    from sync.journal import Journal
    from sync.model import Memory, Plan
    from sync.run.drive import Driver
    from sync.run.ports import Session

SOME_FAILED = 3
_BEAT = 5.0
_UNFINISHED = {BatchState.PLANNED, BatchState.INTENT, BatchState.UNKNOWN, BatchState.ACCEPTED, BatchState.RUNNING}


@dataclass(slots=True)
class Work:
    """A workbook, its journal and the service, held by this process. `runs` are the runs whose texts it deals with."""

    file: Path
    seen: Checked
    journal: Journal
    session: Session
    stop: Stop
    as_json: bool
    runs: set[str] = field(default_factory=set)

    def tally(self) -> Tally:
        """Count how the texts stand."""
        return self.journal.tally(self.runs)

    def recover(self) -> None:
        """Begin where the last process ended."""
        from sync.run.reconcile import recover

        unfinished = self.journal.batches.batches(_UNFINISHED | {BatchState.CANCELLING})
        self.runs |= {batch.run_id for batch in unfinished}
        with self._display() as display:
            for event in recover(self.session):
                display.show(event)

    def _display(self) -> Display:
        return Display(self.tally, as_json=self.as_json)

    def agree(self, plan: Plan, memory: Memory) -> None:
        """Remember the texts on which both sides agree already."""
        simulated = self.seen.service.simulated
        self.journal.texts.agree(
            (change.key, Base(change.was, change.text_id, "", Origin.ADOPTED, simulated=simulated))
            for change in plan.adopted
            if change.key not in memory.waiting
        )

    def carry_out(self, plan: Plan, *, size: int, detach: bool) -> int:
        """Carry out a plan, bring the workbook up to date, and say how it went. Gives the exit code."""
        from sync.run.drive import Driver, Options

        balance = None if plan.balance is None else plan.balance.available
        service = self.seen.service
        self.runs.add(self.session.run_id)
        self.journal.batches.begin_run(
            RunInfo(
                id=self.session.run_id,
                started_at=time.time(),
                service=service.identity,
                simulated=service.simulated,
                approved=plan.estimate.max,
                balance_before=balance,
            ),
            plan.digest,
        )
        driver = Driver(
            self.session,
            Options(approved=plan.estimate.max, size=size, first=min(5, size), detach=detach, balance=balance),
        )
        return self._drive(driver, driver.carry_out(plan), detached=detach)

    def _drive(self, driver: Driver, events: Iterator[object], *, detached: bool = False, receipt: bool = False) -> int:
        failure: ServiceError | None = None
        self.stop.sending = True
        with self._display() as display:
            try:
                for event in events:
                    display.show(event)  # type: ignore[arg-type]
            except ServiceError as error:
                failure = error
        interrupted = self.stop.stopping()
        written = self.write()
        balance = self._balance()
        tally = self.tally()
        self.journal.batches.end_run(self.session.run_id, _ending(driver, failure, interrupted=interrupted), balance)
        self._report(tally, written, balance, receipt=receipt or driver.cancelled)
        if failure is not None:
            raise failure
        if interrupted:
            say(f"wtsync: stopped. To go on: wtsync run {self.file} - to stop for good: wtsync cancel {self.file}")
            return self.stop.exit_code
        if driver.short:
            raise OutOfCredits(
                f"Sending has stopped: {driver.stopped}.", f"When there are credits again: wtsync run {self.file}"
            )
        if detached and tally.open:
            return 0
        return self.exit_code(tally, cancelled_is_fine=receipt)

    def exit_code(self, tally: Tally, *, cancelled_is_fine: bool = False) -> int:
        """Say with a number whether every text is as it should be."""
        stopped = 0 if cancelled_is_fine else tally.cancelled + tally.not_sent
        left = tally.failed + tally.unknown + tally.open + stopped
        return SOME_FAILED if left else 0

    def write(self) -> Written | None:
        """Bring the workbook up to what the journal knows; when it is open elsewhere, say how to do it later."""
        try:
            return write_back(self.file, self.journal, simulated=self.seen.service.simulated)
        except WorkbookError as error:
            say(f"wtsync: the workbook was not written: {error.message}")
            say(f"wtsync: hint: {error.hint} The texts are safe in the journal; afterwards: wtsync apply {self.file}")
            return None

    def _balance(self) -> float | None:
        try:
            return self.seen.service.balance().available
        except ServiceError:
            return None

    def _report(self, tally: Tally, written: Written | None, balance: float | None, *, receipt: bool) -> None:
        if self.as_json:
            out_json(_done_data(tally, written, balance), indent=None)
            return
        if receipt:
            out(receipt_text(tally, balance))
        else:
            out(outcome_text(tally, 0 if written is None else written.projection.texts, balance))
        for line in written_lines(written):
            out(line)

    def close_up(self, written: Written | None) -> int:
        """Give the receipt where everything had come to its end by itself."""
        tally = self.tally()
        self._report(tally, written, self._balance(), receipt=True)
        return self.exit_code(tally, cancelled_is_fine=True)

    def cancel(self, run_id: str) -> int:
        """Cancel what is outstanding, follow it to its end, write what was finished, and give the receipt."""
        from itertools import chain

        from sync.run.cancel import cancel
        from sync.run.drive import Driver, Options

        driver = Driver(self.session, Options(), stopped="cancelled")
        return self._drive(driver, chain(cancel(self.session, run_id), driver.follow()), receipt=True)


def _ending(driver: Driver, failure: Exception | None, *, interrupted: bool) -> str:
    if interrupted:
        return "interrupted"
    if failure is not None:
        return "service silent"
    if driver.cancelled:
        return "cancelled"
    return "out of credits" if driver.short else "done"


def _done_data(tally: Tally, written: Written | None, balance: float | None) -> dict[str, object]:
    certificate = None if written is None or written.certificate is None else written.certificate.line()
    return {
        "event": "done",
        "total": tally.total,
        "done": tally.done,
        "failed": tally.failed,
        "cancelled": tally.cancelled,
        "unknown": tally.unknown,
        "open": tally.open,
        "notSent": tally.not_sent,
        "credits": tally.credits,
        "balance": balance,
        "written": None if written is None else written.projection.texts,
        "certificate": certificate,
    }


def written_lines(written: Written | None) -> list[str]:
    """Say what was written into the workbook, and what could not be."""
    if written is None:
        return []
    lines = []
    if written.certificate is not None:
        lines.append(f"Workbook: {written.certificate.line()}.")
    kept = [item for item, state in written.projection.settled if state == "kept"]
    if kept:
        lines.append(f"{len(kept)} cells were changed by somebody meanwhile and stay as they are; see Message there.")
    if written.projection.homeless:
        names = sorted({item.key.record.record_id for item in written.projection.homeless})
        lines.append(
            f"{len(written.projection.homeless)} texts have no place in the workbook (any more): {', '.join(names[:5])}"
            f"{' and more' if len(names) > 5 else ''}. They stay in the journal; `wtsync apply` tries again."
        )
    lines += [f"Not written: {obstacle}. {obstacle.hint}" for obstacle in written.obstacles]
    lines += list(written.notes)
    return lines


@contextmanager
def working(file: Path, seen: Checked, stop: Stop, command: str, *, as_json: bool = False) -> Iterator[Work]:
    """Take the lease and open the journal. Raises JournalBusy when another process has it."""
    from sync.cli.wiring import as_cell, new_run_id, open_journal
    from sync.journal import Lease, journal_path
    from sync.run.ports import Session

    with (
        Lease(journal_path(seen.tables.workbook_id), command) as lease,
        open_journal(seen.tables.workbook_id, seen.service) as journal,
    ):
        journal.batches.forget_asks(lease.since)
        beaten = 0.0

        def beat() -> None:
            nonlocal beaten
            if time.monotonic() - beaten > _BEAT:
                beaten = time.monotonic()
                lease.beat()

        session = Session(
            service=seen.service,
            journal=journal,
            clock=stop,
            run_id=new_run_id(),
            records={record.key: record for record in seen.workbook.records},
            prices=seen.reference.prices,
            as_cell=as_cell,
            stopping=stop.stopping,
            beat=beat,
            spread=random.random,
        )
        yield Work(file, seen, journal, session, stop, as_json)
