"""Drives a plan through the service: sends what it can work on, follows it, collects it, until nothing is open.

Continuing is the same as starting: what an earlier process left open is followed first.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import InitVar, dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from sync.batch import BatchState, Duplicate
from sync.errors import NotFound, Rejected, Unreachable
from sync.model import KEYWORDS, Kind
from sync.run.cancel import Scope, cancel
from sync.run.collect import deliver_pulls
from sync.run.events import Event
from sync.run.follow import Follower
from sync.run.found import follow_found
from sync.run.informed import found
from sync.run.keywords import keyword_orders, take_up
from sync.run.look import Look, progress, remaining
from sync.run.pace import BUSY, QUICKEST, Pace
from sync.run.patience import wait_after
from sync.run.push import Pusher
from sync.run.reconcile import settle
from sync.run.send import Sender
from sync.run.submit import drafts
from sync.run.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.batch import Batch
    from sync.model import Plan
    from sync.run.ports import Session

SILENCE = 3600.0
"""Seconds for which the service may be silent before following is given up for now."""
LONGEST_LOOK = 600.0
"""Seconds that a look may take with all that is tried again; a longer gap is a machine that slept, and no silence."""
STANDSTILL = 24 * 3600.0
"""Seconds without any progress after which following is given up for now; the vendor's own client waits as long."""
UNREAD = 3
"""Answers of one look that may fail before the rest is left for the next run: each was tried several times."""
SHARE = 10
"""One in so many orders of a run may be open where the service has room for more than usual: a price list that turns
out wrong, or a mistake in the workbook, shows before all of it is ordered."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to drive. `approved` is what the user agreed to spend at most, in credits."""

    approved: float = 0.0
    size: int = 50
    first: int = 5
    window: int = 4
    """Batches that may be open at a time: enough to keep the service busy, few enough to stop early."""
    widest: int = 16
    """The same for a service that works on all of them at once, once it has brought texts."""
    keyword_window: int = 50
    """Keyword optimizations that may be open at a time: one call of the service's list shows how far they all are."""
    detach: bool = False
    """Send everything, and wait for nothing."""
    balance: float | None = None
    """Credits before the run."""


@dataclass(slots=True)
class Driver:
    """One run under way. `because`: it sends nothing, for this reason."""

    session: Session
    options: Options
    because: InitVar[str] = ""
    sender: Sender = field(init=False)
    pusher: Pusher = field(init=False)
    pace: Pace = field(default_factory=Pace)
    window: Window = field(init=False)
    only_keywords: bool = False
    """Whether texts wait until the keywords are here."""
    reserved: bool = False
    """The journal has taken up what is to be sent."""

    def __post_init__(self, because: str) -> None:
        self.sender = Sender(self.session, self.options.approved, self.options.balance, because)
        self.pusher = Pusher(self.session)
        self.window = Window(self.options.window)

    def reserve(self, plan: Plan) -> None:
        """Take up in the journal what a plan orders, so that other runs of the account count with it. Sends nothing."""
        session, options = self.session, self.options
        generate = [change for change in plan.changes if change.kind is Kind.GENERATE]
        texts = drafts(generate, session.records, size=options.size, first=options.first)
        self.sender.reserve(keyword_orders(session, plan.changes), texts)
        self.window = Window(options.window, min(options.widest, len(texts) // SHARE))
        self.reserved = True

    def carry_out(self, plan: Plan) -> Iterator[Event]:
        """Carry out a plan to its end, or until the user asks to stop.

        Raises Unreachable when the service stays silent for an hour, NotSignedIn when it no longer takes the key.
        """
        session, sender = self.session, self.sender
        if not self.reserved:
            self.reserve(plan)
        deliver_pulls(session, plan.changes)
        yield from follow_found(session, plan.changes)
        yield from take_up(session, plan.changes)
        try:
            if self.options.detach:
                yield from self._collect_finished()
            yield from self._find_keywords(plan)
            if not (sender.stopped or session.stopping()):
                yield from sender.release(found(session, chain(plan.changes, plan.notes)))
                yield from self._send()
            if self.options.detach and sender.cancelled:
                yield from self.follow()  # as whoever asked for it was told
        finally:
            sender.drop(BatchState.REJECTED, sender.stopped or "stopped before it was sent")
        if not sender.cancelled:
            yield from self.pusher.push(plan.changes)

    def _find_keywords(self, plan: Plan) -> Iterator[Event]:
        """Have keywords looked for, and follow that to its end: texts are made with them."""
        if any(change.key.text_type == KEYWORDS for change in plan.changes):
            self.only_keywords = True
            yield from self._send()
            self.only_keywords = False

    def _collect_finished(self) -> Iterator[Event]:
        """Collect what earlier runs left open and is finished. Nobody waits for the rest.

        Only what should be there and is not is given its time to turn up, so that it is known for missing after all.
        """
        session, follower = self.session, Follower(self.session)
        session.beat()
        batches = self._open()
        if batches:
            yield from self._glance(follower, batches)
        if follower.missing:
            session.clock.sleep(follower.missing)
            yield from self._glance(follower, self._open())
        yield from self._take_asks()

    def _glance(self, follower: Follower, batches: Sequence[Batch]) -> Iterator[Event]:
        """Look at orders together; one by one where that fails, so that one keeps nothing of the others back."""
        looks: list[Look] = []
        failures: list[Unreachable | Rejected] = []
        for some in chain([batches], ([batch] for batch in batches)):
            if len(failures) > UNREAD or self.session.stopping():
                break
            try:
                looks.append(follower.look(some))
            except (Unreachable, Rejected) as error:
                failures.append(error)
                wait_after(self.session, error, len(failures))
            else:
                if some is batches:
                    break
        if failures:
            yield Event("silent", f"The service does not say of every order how far it is. ({failures[-1].message})")
        for look in looks:
            yield from self._stop_twins(look)
        seen = Look(
            arrived=sum(look.arrived for look in looks),
            running=sum(look.running for look in looks),
            queued=sum(look.queued for look in looks),
        )
        yield progress(seen, searches=all(batch.for_keywords for batch in batches))

    def follow(self) -> Iterator[Event]:
        """Send as long as there is something to send, and follow as long as something is open."""
        session, follower = self.session, Follower(self.session)
        moved_at = looked_at = session.clock.now()
        failures, silent = 0, 0.0
        while not session.stopping():
            session.beat()
            try:
                yield from self._take_asks()
                while self._may_send():
                    yield from self.sender.send_next()
                batches = self._open()
                if not batches:
                    yield from self.sender.settle()  # an order may have landed after its answer was given up
                    batches = self._open()
                if not batches:
                    return
                look = follower.look(batches)
            except (Unreachable, Rejected) as error:
                if isinstance(error, Rejected) and error.status not in BUSY:
                    raise
                now = session.clock.now()
                failures, silent, looked_at = failures + 1, silent + min(now - looked_at, LONGEST_LOOK), now
                if silent > SILENCE:
                    raise
                yield Event(
                    "silent", f"The service does not answer; asking again. ({error.message})", quiet=failures > 1
                )
                wait_after(session, error, failures)
                continue
            now = session.clock.now()
            failures, silent, looked_at = 0, 0.0, now
            moved_at = now if look.moved else moved_at
            self.window = self.window.after(look)
            yield from self._stop_twins(look)
            yield progress(look, searches=all(batch.for_keywords for batch in batches))
            if now - moved_at > STANDSTILL:
                yield Event("standstill", "Nothing has moved for a day; run again later to look again.")
                return
            if look.idle and self._may_send():  # the service has nothing left to begin with
                session.clock.sleep(session.service.quickest or QUICKEST)
                continue
            if look.ended and not self._may_send() and not session.journal.batches.open_count():
                continue
            self.pace = self.pace.after(
                moved=look.moved,
                remaining=remaining(session, look, now),
                quickest=session.service.quickest or QUICKEST,
            )
            session.clock.sleep(self.pace.wait)

    def _open(self) -> list[Batch]:
        batches = self.session.journal.batches.open()
        return [batch for batch in batches if batch.for_keywords] if self.only_keywords else batches

    def _stop_twins(self, look: Look) -> Iterator[Event]:
        """Stop requests that an order of ours made besides its own: it was delivered twice, and is charged twice."""
        for batch, twin in look.twins:
            self.session.journal.doubts.note_duplicates(
                [Duplicate(item.key, batch.id, twin.request_id, item.text_id) for item in batch.items]
            )
            with suppress(NotFound, Rejected, Unreachable):
                self.session.service.cancel(twin.request_id)
            yield Event(
                "duplicate",
                f"The service has batch {batch.id} twice, as request {batch.request_id} and as {twin.request_id}; the"
                " second is being cancelled. What it has cost already is listed by wtsync status, for a claim.",
                {"batch": batch.id, "request": batch.request_id, "twin": twin.request_id},
            )

    def _may_send(self) -> bool:
        if not self.sender.ready:
            return False
        window = self.options.keyword_window if self.only_keywords else self.window.size
        return self.options.detach or self.session.journal.batches.open_count() < window

    def _send(self) -> Iterator[Event]:
        """Send what there is to send, and follow it unless nobody is to wait."""
        yield from self._send_all() if self.options.detach else self.follow()

    def _send_all(self) -> Iterator[Event]:
        while self._may_send():
            self.session.beat()
            yield from self._take_asks()
            if self._may_send():
                yield from self.sender.send_next()

    def _take_asks(self) -> Iterator[Event]:
        """Carry out what another process asked for while we hold the lease: to cancel."""
        for number, run_id in self.session.journal.batches.asked_to_cancel():
            if not run_id or run_id == self.session.run_id:
                self.sender.cancel()
            yield Event("cancel", "Cancelling, as asked from another window.")
            yield from settle(self.session)
            yield from cancel(self.session, Scope(run_id))
            self.session.journal.batches.cancel_asked(number)  # not before: what did not get through is asked again
