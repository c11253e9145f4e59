"""Drives a plan through the service: sends what it can work on, follows it, collects it, until nothing is open.

Continuing is the same as starting: what an earlier process left open is followed first.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from sync.batch import BatchState, Duplicate, ItemState
from sync.counts import between, counted, was
from sync.errors import NotFound, Rejected, Unreachable
from sync.model import KEYWORDS, Kind
from sync.run.cancel import Scope, cancel
from sync.run.classify import Outcome, Verdict
from sync.run.collect import deliver_pulls
from sync.run.events import Event
from sync.run.follow import Follower
from sync.run.found import follow_found
from sync.run.informed import WAITS, Found, found
from sync.run.keywords import keyword_orders, take_up
from sync.run.look import progress, remaining
from sync.run.money import Allowance, at_stake, too_dear
from sync.run.order import Draft
from sync.run.pace import BUSY, QUICKEST, Pace, backoff
from sync.run.pictures import Uploader
from sync.run.push import Pusher
from sync.run.reconcile import settle
from sync.run.submit import batch_of, drafts, order_of, overtaken, submit, take_baseline, without
from sync.run.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.batch import Batch
    from sync.model import Plan
    from sync.run.look import Look
    from sync.run.order import AnyOrder
    from sync.run.ports import Session

OVERTAKEN = "somebody else has ordered it or changed its text meanwhile; run again to fetch or follow it"
_OVERTAKEN_WORDS = (
    "somebody else has ordered them, or changed their texts, since the plan was made. "
    "Run again to fetch or follow them."
)

SILENCE = 3600.0
"""Seconds for which the service may be silent before following is given up for now."""
LONGEST_LOOK = 600.0
"""Seconds that a look may take with all that is tried again; a longer gap is a machine that slept, and no silence."""
STANDSTILL = 24 * 3600.0
"""Seconds without any progress after which following is given up for now; the vendor's own client waits as long."""
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
    """One run under way. `stopped` says why it stopped sending, if it did; `short`, that credits were the reason."""

    session: Session
    options: Options
    pusher: Pusher = field(init=False)
    uploader: Uploader = field(init=False)
    queue: deque[tuple[int, AnyOrder | Draft]] = field(default_factory=deque)
    """What is still to be sent, each with its number in the journal."""
    texts: deque[tuple[int, Draft]] = field(default_factory=deque)
    """What is sent once the keywords are here."""
    known: Found = field(default_factory=Found)
    """What is known of the keywords of these texts."""
    stopped: str = ""
    short: bool = False
    cancelled: bool = False
    pace: Pace = field(default_factory=Pace)
    untold: set[int] = field(default_factory=set)
    """Batches of this run of which nobody can say, and it has not been told yet."""
    only_keywords: bool = False
    """Whether texts wait until the keywords are here."""
    earlier: float = 0.0
    """Credits that earlier runs may still cost: they were approved then."""
    reserved: bool = False
    """The journal has taken up what is to be sent."""
    window: Window = field(init=False)

    def __post_init__(self) -> None:
        self.window = Window(self.options.window)
        self.pusher = Pusher(self.session)
        self.uploader = Uploader(self.session)

    def reserve(self, plan: Plan) -> None:
        """Take up in the journal what a plan orders, so that other runs of the account count with it. Sends nothing."""
        session, options = self.session, self.options
        self.earlier, self.reserved = at_stake(session), True
        wishes = keyword_orders(session, plan.changes)
        generate = [change for change in plan.changes if change.kind is Kind.GENERATE]
        texts = drafts(generate, session.records, size=options.size, first=options.first)
        batches = (batch_of(draft, session.run_id) for draft in texts)
        numbers = session.journal.batches.plan(chain((order.batch for order in wishes), batches))
        self.queue.extend(zip(numbers, wishes, strict=False))
        self.texts.extend(zip(numbers[len(wishes) :], texts, strict=True))
        self.window = Window(options.window, min(options.widest, len(texts) // SHARE))

    def carry_out(self, plan: Plan) -> Iterator[Event]:
        """Carry out a plan to its end, or until the user asks to stop.

        Raises Unreachable when the service stays silent for an hour, NotSignedIn when it no longer takes the key.
        """
        session, options = self.session, self.options
        if not self.reserved:
            self.reserve(plan)
        deliver_pulls(session, plan.changes)
        yield from follow_found(session, plan.changes)
        yield from take_up(session, plan.changes)
        try:
            if options.detach:
                yield from self._collect_finished()
            yield from self._find_keywords(plan)
            if not (self.stopped or session.stopping()):
                yield from self._make_texts(plan)
        finally:
            self._drop(BatchState.REJECTED, self.stopped or "stopped before it was sent")
        if not self.cancelled:
            yield from self.pusher.push(plan.changes)

    def _find_keywords(self, plan: Plan) -> Iterator[Event]:
        """Have keywords looked for, and follow that to its end: texts are made with them."""
        if any(change.key.text_type == KEYWORDS for change in plan.changes):
            self.only_keywords = True
            yield from self._send_all() if self.options.detach else self.follow()
            self.only_keywords = False

    def _collect_finished(self) -> Iterator[Event]:
        """Collect what earlier runs left open and is finished; nobody waits for the rest."""
        batches = self._open()
        if not batches:
            return
        try:
            look = Follower(self.session).look(batches)
        except (Unreachable, Rejected) as error:
            if isinstance(error, Rejected) and error.status not in BUSY:
                raise
            yield Event("silent", f"The service does not say what is finished. ({error.message})")
            return
        yield from self._stop_twins(look)
        yield progress(look, searches=all(batch.for_keywords for batch in batches))

    def _make_texts(self, plan: Plan) -> Iterator[Event]:
        """Have texts made, with the keywords that are here now; those of records that wait for theirs are left out."""
        self.known = found(self.session, chain(plan.changes, plan.notes))
        while self.texts:
            number, draft = self.texts[0]
            late = self.known.late(draft)
            if late:
                yield self._leave_out(number, batch_of(draft, self.session.run_id), dict.fromkeys(late, WAITS))
                draft = Draft(tuple(one for one in draft.changes if one.key.record.record_id not in late))
            if draft.changes:
                self.queue.append((number, draft))
            self.texts.popleft()
        yield from self._send_all() if self.options.detach else self.follow()

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
                    yield from self._send_next()
                batches = self._open()
                if not batches:
                    yield from self._last_look()
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
                asked = error.retry_after if isinstance(error, Rejected) else None
                session.clock.sleep(max(backoff(failures, session.spread()), asked or 0.0))
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

    def _last_look(self) -> Iterator[Event]:
        """Look once more for what nobody could say about: an order may have landed after its answer was given up."""
        yield from self._settle()

    def _settle(self) -> Iterator[Event]:
        """Look for evidence; of each order that stays in doubt it is said once, by whichever look gets an answer."""
        for event in settle(self.session):
            if event.kind == "unknown":
                if event.detail["batch"] not in self.untold:
                    continue
                self.untold.remove(event.detail["batch"])
            yield event

    def _may_send(self) -> bool:
        if not self.queue or self.stopped or self.session.stopping():
            return False
        window = self.options.keyword_window if self.only_keywords else self.window.size
        return self.options.detach or self.session.journal.batches.open_count() < window

    def _send_all(self) -> Iterator[Event]:
        while self._may_send():
            self.session.beat()
            yield from self._take_asks()
            yield from self._send_next()

    def _take_asks(self) -> Iterator[Event]:
        """Carry out what another process asked for while we hold the lease: to cancel."""
        for number, run_id in self.session.journal.batches.asked_to_cancel():
            if not run_id or run_id == self.session.run_id:
                self.stopped, self.cancelled = "cancelled on request", True
                self._drop(BatchState.CANCELLED, "stopped before it was sent")
            yield Event("cancel", "Cancelling, as asked from another window.")
            yield from settle(self.session)
            yield from cancel(self.session, Scope(run_id))
            self.session.journal.batches.cancel_asked(number)  # not before: what did not get through is asked again

    def _send_next(self) -> Iterator[Event]:
        number, order = self._next()
        unready = {} if order.batch.for_keywords else self.uploader.ready(order)
        if self.session.stopping():
            return
        if unready:
            yield self._leave_out(number, order.batch, unready)
            order = without(order, unready)
            self.queue[0] = (number, order)
            if not order.batch.items:
                self.queue.popleft()
                return
        with self.session.exclusive() as alone:
            if not alone:
                return
            baseline = take_baseline(self.session, order.batch)
            stop = too_dear(order.batch.price, baseline.balance, self._allowance())
            if stop:
                self.stopped, self.short = stop, True
                self._drop(BatchState.BLOCKED, stop)
                yield Event("stopped", f"Sending has stopped: {stop}. What was sent is still collected.")
                return
            self.queue.popleft()
            late = overtaken(order, baseline)
            if late:
                yield self._leave_out(number, order.batch, dict.fromkeys(late, OVERTAKEN))
                order = without(order, late)
            outcome = submit(self.session, order, number, baseline) if order.batch.items else None
        if outcome is not None:
            yield from self._sent(number, order, outcome)

    def _next(self) -> tuple[int, AnyOrder]:
        """Give what is sent next, with what was found for it since it was planned. It stays the next one."""
        number, order = self.queue[0]
        if isinstance(order, Draft):
            session = self.session
            order = self.known.told(session, number, order_of(order, session.records, session.run_id))
            self.queue[0] = (number, order)
        return number, order

    def _leave_out(self, number: int, batch: Batch, reasons: Mapping[str, str]) -> Event:
        """Let go of records: somebody else has ordered or changed them, or an image of theirs cannot be uploaded.

        They would be paid for twice, or a person's words replaced unseen, or made without what they are to show.
        """
        keys = [item.key for item in batch.items if item.key.record.record_id in reasons]
        told = [(key, ItemState.NOT_SENT, "", reasons[key.record.record_id]) for key in keys]
        names, first = ", ".join(sorted(reasons)[:5]), reasons[min(reasons)]
        self.session.journal.collect(number, (), (), told)
        self.session.journal.looks.look_again({key.record for key in keys})
        if len(reasons) == len(batch.records):
            self.session.journal.batches.drop([number], BatchState.REJECTED, first)
        why = _OVERTAKEN_WORDS if first == OVERTAKEN else f"{first}."
        return Event(
            "overtaken" if first == OVERTAKEN else "not sent",
            f"{counted(len(reasons), 'record')} {was(len(reasons))} not sent ({names}): {why}",
            {"batch": number, "records": sorted(reasons), **({} if first == OVERTAKEN else {"reason": first})},
        )

    def _sent(self, number: int, order: AnyOrder, outcome: Outcome) -> Iterator[Event]:
        """Say what came of a batch, and stop sending where it makes no sense to go on."""
        batch, price = order.batch, order.batch.price
        records = counted(len(batch.records), "record")
        self.uploader.heed(number, order, outcome)
        figures = {"batch": number, "records": len(batch.records), "texts": len(batch.items), "max": price.max}
        if outcome.verdict is Verdict.ACCEPTED:
            yield Event(
                "sent",
                f"Sent batch {number}: {records}, {between(price.min, price.max, 'credit')}.",
                {**figures, "request": outcome.request_id},
                quiet=True,
            )
        elif outcome.verdict is Verdict.UNKNOWN:
            self.untold.add(number)
            yield from self._settle()
        elif outcome.verdict is Verdict.REFUSED:
            yield Event(
                "refused",
                f"The service refused batch {number} ({records}): {outcome.reason}",
                {**figures, "reason": outcome.reason},
            )
        else:
            self.short = outcome.verdict is Verdict.NO_CREDITS
            self.stopped = outcome.reason
            self._drop(BatchState.BLOCKED, outcome.reason)
            yield Event("stopped", f"Sending has stopped: {outcome.reason}. What was sent is still collected.", figures)

    def _allowance(self) -> Allowance:
        return Allowance(self.options.approved, self.options.balance, self.earlier, self.session.elsewhere())

    def _drop(self, to: BatchState, reason: str) -> None:
        """Let go of everything that has not been sent."""
        numbers = [number for number, _ in (*self.queue, *self.texts)]
        self.session.journal.batches.drop(numbers, to, reason)
        self.queue.clear()
        self.texts.clear()
