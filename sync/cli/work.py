"""The work on one workbook under its lease: recover, carry out, cancel, write back, and say how it went."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from sync.batch import OPEN, UNSURE, BatchState, RunInfo, Tally
from sync.cli.console import out, out_json, say, typed
from sync.cli.results import offer, why_not, written_lines
from sync.cli.showing import Display
from sync.cli.writing import Written, certificate_data, write_back
from sync.counts import number
from sync.errors import OutOfCredits, ServiceError, WorkbookError
from sync.model import UNSEEN, Base, Delivery, Kind, Origin, RemoteText
from sync.report.outcome_text import outcome_text, receipt_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from sync.cli.stopping import Stop
    from sync.cli.wiring import Checked, Known
    from sync.journal import Journal
    from sync.model import Memory, Plan
    from sync.report.conflicts import Conflict
    from sync.run.cancel import Scope
    from sync.run.drive import Driver
    from sync.run.events import Event
    from sync.run.ports import Session
    from sync.run.push import Pusher

SOME_FAILED = 3
_UNFINISHED = OPEN | UNSURE | {BatchState.PLANNED}


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
    conflicts: Sequence[Conflict] | None = None
    """The texts in conflict, where somebody has looked for them."""
    options: str = ""
    """What has to be said besides the file, so that the same is done again."""

    @property
    def again(self) -> str:
        """Give the command that goes on."""
        return f"wtsync run {typed(self.file)}{self.options}"

    def tally(self) -> Tally:
        """Count how the texts stand."""
        return self.journal.tally(self.runs)

    def recover(self, decided: Collection[int] = ()) -> None:
        """Begin where the last process ended; `decided` are the batches that the user has just said what to do with."""
        from sync.run.reconcile import recover

        self.runs |= {*self.journal.batches.runs_of(_UNFINISHED).values()}
        with self._display() as display:
            for event in recover(self.session, decided):
                display.show(event)

    def take_up(self) -> None:
        """Take up what was started elsewhere for records of this workbook."""
        from sync.run.found import strangers, take_up

        requests = strangers(self.session)
        if not requests:
            return
        self.journal.batches.begin_run(self._info(0.0, self._balance()), "")
        with self._display() as display:
            for event in take_up(self.session, requests):
                self.runs.add(self.session.run_id)
                display.show(event)

    def begin(self) -> None:
        """Note a run that costs nothing."""
        self.journal.batches.begin_run(self._info(0.0, None), "")

    def _info(self, approved: float, balance: float | None) -> RunInfo:
        service = self.seen.service
        return RunInfo(
            id=self.session.run_id,
            started_at=time.time(),
            service=service.identity,
            simulated=service.simulated,
            approved=approved,
            balance_before=balance,
        )

    def _display(self) -> Display:
        return Display(self.tally, as_json=self.as_json)

    def learn(self, known: Known) -> None:
        """Take over into the journal what only the workbook knew of, or knew better."""
        if known.merged is not None:
            learned = ((key, base) for key, base in known.merged.learned.items() if base.value != UNSEEN)
            self.journal.texts.agree(learned)

    def agree(self, plan: Plan, memory: Memory) -> None:
        """Remember the texts on which both sides agree already."""
        simulated = self.seen.service.simulated
        agreed = [change for change in plan.adopted if change.key not in memory.waiting]
        self.journal.texts.agree(
            (change.key, Base(change.was, change.text_id, "", Origin.ADOPTED, simulated=simulated))
            for change in agreed
            if change.key not in memory.bases
        )
        # Changed alike on both sides, as when the process ended between sending words back and noting it: they are a
        # person's words, and are remembered as such.
        sent = [change for change in agreed if change.key in memory.bases]
        if sent:
            self.journal.push(
                [RemoteText(one.key, one.text_id, one.was) for one in sent],
                [
                    Delivery(
                        one.key, one.text_id, one.was, one.was, one.input_digest, Origin.PUSHED, self.session.run_id
                    )
                    for one in sent
                ],
            )
        # The other side of a conflict was seen, so it is kept, whatever becomes of it on the service.
        theirs = [RemoteText(one.key, one.text_id, one.now) for one in plan.notes if one.kind is Kind.CONFLICT]
        if theirs:
            self.journal.pull(theirs, [])

    def reserve(self, plan: Plan, *, size: int, detach: bool, admit: Callable[[Plan], None]) -> Callable[[], int]:
        """Reserve what a plan may cost. What this gives carries the plan out, and gives the exit code.

        `admit` raises where the plan is too dear after all. Nobody else of the account sends or reserves between its
        answer and our own reservation: of two runs that fit into the credits one by one, the second is refused.

        In two steps, so that nobody has to hold the plan until all of it is carried out.
        """
        from sync.run.drive import Driver, Options

        balance = None if plan.balance is None else plan.balance.available
        driver = Driver(
            self.session,
            Options(approved=plan.estimate.max, size=size, first=min(5, size), detach=detach, balance=balance),
        )
        self.stop.sending = True
        with self.session.exclusive() if plan.estimate.max else nullcontext(enter_result=True) as alone:
            if not alone:
                say(f"wtsync: stopped; nothing was sent. To go on: {self.again}")
                return lambda: self.stop.exit_code
            admit(plan)
            self.runs.add(self.session.run_id)
            self.journal.batches.begin_run(self._info(plan.estimate.max, balance), plan.digest)
            driver.reserve(plan)
        return partial(self._drive, driver, driver.carry_out(plan), detached=detach)

    def _drive(self, driver: Driver, events: Iterator[Event], *, detached: bool = False, receipt: bool = False) -> int:
        """Do what happens as events, bring the workbook up to date, and say how it went. Gives the exit code."""
        failure: ServiceError | None = None
        self.stop.sending = True
        with self._display() as display:
            try:
                for event in events:
                    display.show(event)
            except ServiceError as error:
                failure = error
        interrupted = self.stop.stopping()
        written = self.write()
        balance = self._balance()
        tally = self.tally()
        self.journal.batches.end_run(self.session.run_id, _ending(driver, failure, interrupted=interrupted), balance)
        self._report(tally, written, balance, receipt=receipt or driver.sender.cancelled, pusher=driver.pusher)
        self._compare_balance(driver.options.balance, balance, tally)
        if failure is not None:
            raise failure
        if interrupted:
            say(f"wtsync: stopped. To go on: {self.again} - to stop for good: wtsync cancel {typed(self.file)}")
            return self.stop.exit_code
        if driver.sender.short:
            raise OutOfCredits(
                f"Sending has stopped: {driver.sender.stopped}.", f"When there are credits again: {self.again}"
            )
        code = self.exit_code(replace(tally, open=0) if detached else tally, cancelled_is_fine=receipt)
        return SOME_FAILED if self._is_left(written) or driver.pusher.failed else code

    def exit_code(self, tally: Tally, *, cancelled_is_fine: bool = False) -> int:
        """Say with a number whether every text is as it should be."""
        stopped = 0 if cancelled_is_fine else tally.cancelled + tally.not_sent
        left = tally.failed + tally.empty + tally.unknown + tally.open + stopped
        return SOME_FAILED if left else 0

    def write(self) -> Written | None:
        """Bring the workbook up to what the journal knows; when it is open elsewhere, say how to do it later."""
        simulated = self.seen.service.simulated
        try:
            written = write_back(
                self.file,
                self.journal,
                simulated=simulated,
                reference=self.seen.reference,
                conflicts=self.conflicts,
                seen=self.seen.tables,
            )
        except WorkbookError as error:
            say(f"wtsync: the workbook was not written: {error.message}")
            apply = f"wtsync apply {typed(self.file)}"
            say(f"wtsync: hint: {error.hint} The texts are safe in the journal; afterwards: {apply}")
            for line in offer(self.file, self.journal, simulated=simulated, reason=why_not(error)):
                say(f"wtsync: {line}")
            return None
        return replace(written, offered=offer(self.file, self.journal, simulated=simulated, left=written.left))

    def _is_left(self, written: Written | None) -> bool:
        """Tell whether texts of this run have not reached the workbook."""
        return written is None or any(item.run_id in self.runs for item, _ in written.left)

    def _balance(self) -> float | None:
        try:
            return self.seen.service.balance().available
        except ServiceError:
            return None

    def _compare_balance(self, before: float | None, after: float | None, tally: Tally) -> None:
        """Say when the balance fell by more than the texts of this run cost."""
        if before is None or after is None or self.as_json:
            return
        more = before - after - tally.credits - self.session.elsewhere()
        if more > 0.5 and not tally.open and not tally.unknown:
            say(
                f"wtsync: the balance fell by {number(before - after)} credits, {number(more)} more than these texts"
                " cost by the price list. Somebody else may be spending, or the service charged for more than it gave."
            )

    def _report(
        self,
        tally: Tally,
        written: Written | None,
        balance: float | None,
        *,
        receipt: bool,
        pusher: Pusher | None = None,
    ) -> None:
        back, failed = (sum(pusher.done.values()), pusher.failed) if pusher is not None else (0, 0)
        if self.as_json:
            data = _done_data(tally, written, balance) | {"sentBack": back, "notSentBack": failed}
            out_json(data, indent=None)
            return
        if receipt:
            out(receipt_text(tally, balance))
        else:
            out(outcome_text(tally, 0 if written is None else written.projection.texts, balance, back, failed))
        for line in written_lines(written):
            out(line)

    def close_up(self, written: Written | None) -> int:
        """Give the receipt where everything had come to its end by itself."""
        tally = self.tally()
        self._report(tally, written, self._balance(), receipt=True)
        return self.exit_code(tally, cancelled_is_fine=True)

    def cancel(self, scope: Scope) -> int:
        """Cancel what is outstanding, follow it to its end, write what was finished, and give the receipt."""
        from itertools import chain

        from sync.run.cancel import cancel
        from sync.run.drive import Driver, Options

        driver = Driver(self.session, Options(), because="cancelled")
        return self._drive(driver, chain(cancel(self.session, scope), driver.follow()), receipt=True)


def _ending(driver: Driver, failure: Exception | None, *, interrupted: bool) -> str:
    if interrupted:
        return "interrupted"
    if failure is not None:
        return "service silent"
    if driver.sender.cancelled:
        return "cancelled"
    return "out of credits" if driver.sender.short else "done"


def _done_data(tally: Tally, written: Written | None, balance: float | None) -> dict[str, object]:
    return {
        "event": "done",
        "total": tally.total,
        "done": tally.done,
        "failed": tally.failed,
        "empty": tally.empty,
        "cancelled": tally.cancelled,
        "unknown": tally.unknown,
        "open": tally.open,
        "notSent": tally.not_sent,
        "credits": tally.credits,
        "balance": balance,
        "written": None if written is None else written.projection.texts,
        "certificate": certificate_data(written),
    }
