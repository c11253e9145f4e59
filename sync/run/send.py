"""Sends what a plan orders, one order after the other, and lets go of what must not be sent after all.

Before each order stands a look at the money and at what others have done meanwhile. Nobody else of the account sends
between that look and the order.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from sync.batch import BatchState, ItemState
from sync.counts import between, counted, was
from sync.run.classify import Outcome, Verdict
from sync.run.events import Event
from sync.run.informed import WAITS, Found
from sync.run.money import Allowance, at_stake, too_dear
from sync.run.order import Draft
from sync.run.pictures import Uploader
from sync.run.reconcile import settle
from sync.run.submit import batch_of, order_of, overtaken, submit, take_baseline, without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.batch import Batch
    from sync.run.order import AnyOrder
    from sync.run.ports import Session

OVERTAKEN = "somebody else has ordered it or changed its text meanwhile; run again to fetch or follow it"
_OVERTAKEN_WORDS = (
    "somebody else has ordered them, or changed their texts, since the plan was made. "
    "Run again to fetch or follow them."
)


@dataclass(slots=True)
class Sender:
    """What a run still has to send, in its order. `approved` credits at most, of a `balance` before the run.

    `stopped` says why it stopped sending, if it did; `short`, that credits were the reason; `cancelled`, that somebody
    asked for it.
    """

    session: Session
    approved: float = 0.0
    balance: float | None = None
    stopped: str = ""
    short: bool = False
    cancelled: bool = False
    uploader: Uploader = field(init=False)
    queue: deque[tuple[int, AnyOrder | Draft]] = field(default_factory=deque)
    """What is sent next, each with its number in the journal."""
    texts: deque[tuple[int, Draft]] = field(default_factory=deque)
    """What is sent once the keywords are here."""
    known: Found = field(default_factory=Found)
    """What is known of the keywords of these texts."""
    untold: set[int] = field(default_factory=set)
    """Batches of this run of which nobody can say, and it has not been told yet."""
    earlier: float = 0.0
    """Credits that earlier runs may still cost: they were approved then."""

    def __post_init__(self) -> None:
        self.uploader = Uploader(self.session)

    def reserve(self, searches: Sequence[AnyOrder], texts: Sequence[Draft]) -> None:
        """Take up in the journal what is to be sent, so that other runs of the account count with it. Sends nothing."""
        session = self.session
        self.earlier = at_stake(session)
        batches = (batch_of(draft, session.run_id) for draft in texts)
        numbers = session.journal.batches.plan(chain((order.batch for order in searches), batches))
        self.queue.extend(zip(numbers, searches, strict=False))
        self.texts.extend(zip(numbers[len(searches) :], texts, strict=True))

    def release(self, known: Found) -> Iterator[Event]:
        """Let texts be sent, with the keywords that are here now; what still waits for keywords is left out."""
        self.known = known
        while self.texts:
            number, draft = self.texts[0]
            late = known.late(draft)
            if late:
                yield self._leave_out(number, batch_of(draft, self.session.run_id), dict.fromkeys(late, WAITS))
                draft = Draft(tuple(one for one in draft.changes if one.key.record.record_id not in late))
            if draft.changes:
                self.queue.append((number, draft))
            self.texts.popleft()

    @property
    def ready(self) -> bool:
        """Whether there is anything that may be sent now."""
        return bool(self.queue) and not self.stopped and not self.session.stopping()

    def send_next(self) -> Iterator[Event]:
        """Send the next order, or let go of it."""
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
                self.drop(BatchState.BLOCKED, stop)
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
            yield from self.settle()
        elif outcome.verdict is Verdict.REFUSED:
            yield Event(
                "refused",
                f"The service refused batch {number} ({records}): {outcome.reason}",
                {**figures, "reason": outcome.reason},
            )
        else:
            self.short = outcome.verdict is Verdict.NO_CREDITS
            self.stopped = outcome.reason
            self.drop(BatchState.BLOCKED, outcome.reason)
            yield Event("stopped", f"Sending has stopped: {outcome.reason}. What was sent is still collected.", figures)

    def settle(self) -> Iterator[Event]:
        """Look for evidence; of each order that stays in doubt it is said once, by whichever look gets an answer."""
        for event in settle(self.session):
            if event.kind == "unknown":
                if event.detail["batch"] not in self.untold:
                    continue
                self.untold.remove(event.detail["batch"])
            yield event

    def cancel(self) -> None:
        """Send nothing more, as somebody has asked."""
        self.stopped, self.cancelled = "cancelled on request", True
        self.drop(BatchState.CANCELLED, "stopped before it was sent")

    def drop(self, to: BatchState, reason: str) -> None:
        """Let go of everything that has not been sent."""
        numbers = [number for number, _ in (*self.queue, *self.texts)]
        self.session.journal.batches.drop(numbers, to, reason)
        self.queue.clear()
        self.texts.clear()

    def _allowance(self) -> Allowance:
        return Allowance(self.approved, self.balance, self.earlier, self.session.elsewhere())
