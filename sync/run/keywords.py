"""Follows keyword optimizations, takes in what they have found, and settles what nobody can say about.

The service names no order of them: a record has at most one entry in its list. What that list said just before an order
went out is the order's baseline, and only an entry that was started since shows that the order arrived: figures that
the service refreshed by itself, and keywords that people typed, do not.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from sync import keywording
from sync.batch import Batch, BatchState, Item, ItemState
from sync.counts import counted
from sync.errors import JournalError
from sync.keywording import in_cell, order
from sync.model import KEYWORDS, UNDER_WAY, Delivery, Kind, OptimizationState, Origin, Price
from sync.run.events import Event
from sync.run.look import Look
from sync.run.order import Order
from sync.run.pace import patience

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sync.model import Change, KeywordResult, Optimization, OptimizationOrder, RecordKey, TextKey
    from sync.run.ports import Service, Session

AT_ONCE = 100
"""Records that one call of the list asks for."""
PATIENCE = 60.0
"""Seconds for which an entry that should have changed may stay as it was before that is believed."""


def entries(service: Service, keys: Iterable[RecordKey]) -> dict[RecordKey, Optimization]:
    """Read what the service's list says of records; what it does not list is left out."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for key in keys:
        groups.setdefault((key.type, key.store, key.language), []).append(key.record_id)
    found = {}
    for address, ids in groups.items():
        for start in range(0, len(ids), AT_ONCE):
            some = sorted(ids[start : start + AT_ONCE])
            found.update({one.key: one for page in service.keywords.optimizations(*address, some) for one in page})
    return found


@dataclass(slots=True)
class KeywordFollower:
    """What has been seen so far of the open optimizations of one process."""

    session: Session
    seen: dict[int, str] = field(default_factory=dict)
    missed: dict[int, float] = field(default_factory=dict)
    """Since when an optimization looks as if it had never been ordered, by batch."""

    @property
    def missing(self) -> float:
        """Seconds after a first look in which what it missed may still show; 0: it missed nothing."""
        return patience(PATIENCE, self.session.service.quickest) if self.missed else 0.0

    def look(self, batches: Sequence[Batch]) -> Look:
        """Look at every open optimization, many with one call, and collect what has been found."""
        listed = entries(self.session.service, map(record_of, batches))
        looks = [self._look_at(batch, listed.get(record_of(batch))) for batch in batches]
        states = [one.state for one in listed.values()]
        return Look(
            moved=any(look.moved for look in looks),
            arrived=sum(look.arrived for look in looks),
            running=sum(state is OptimizationState.IN_PROGRESS for state in states),
            queued=sum(state is OptimizationState.PENDING for state in states),
            ended=tuple(batch for look in looks for batch in look.ended),
        )

    def _look_at(self, batch: Batch, entry: Optimization | None) -> Look:
        sight = "" if entry is None else entry.identity
        moved = self.seen.get(batch.id) != sight
        self.seen[batch.id] = sight
        if entry is None or not is_news(batch, entry):
            return self._unchanged(batch, entry, moved=moved)
        self.missed.pop(batch.id, None)
        if entry.state in UNDER_WAY:
            if batch.state is BatchState.ACCEPTED:
                self.session.journal.batches.move(batch.id, BatchState.RUNNING)
            return Look(moved=moved)
        return self._finished(batch, entry)

    def _unchanged(self, batch: Batch, entry: Optimization | None, *, moved: bool) -> Look:
        """Give an optimization that was taken time to show; then say what the list says of it."""
        if self._still_waiting(batch):
            return Look(moved=moved)
        if entry is None:
            return self._end(batch, ItemState.UNKNOWN, "the service took it, and does not list it", BatchState.GONE)
        if entry.changed_at is None and entry.state is not OptimizationState.MANUAL:
            return self._finished(batch, entry)  # a list without times cannot show that it was done once more
        why = f"the service took it, and lists it as it was before ({entry.raw_state})"
        return self._end(batch, ItemState.UNKNOWN, why, BatchState.GONE)

    def _still_waiting(self, batch: Batch) -> bool:
        """Give what is late a little more time before it is called missing."""
        now = self.session.clock.now()
        late = now - self.missed.setdefault(batch.id, now)
        return late < patience(PATIENCE, self.session.service.quickest)

    def _finished(self, batch: Batch, entry: Optimization) -> Look:
        if entry.state is OptimizationState.FAILED:
            why = f"the service could not find any{f': {entry.note}' if entry.note else ''}; Keywords asks once more"
            return self._end(batch, ItemState.FAILED, why, BatchState.COLLECTED)
        result = self.session.service.keywords.result(entry.key)
        if result is None:
            if self._still_waiting(batch):
                return Look()
            why = "the service says that it is done, and has nothing to show"
            return self._end(batch, ItemState.UNKNOWN, why, BatchState.COLLECTED)
        take_in(self.session, batch, result)
        return Look(moved=True, arrived=1, ended=(batch,))

    def _end(self, batch: Batch, item: ItemState, why: str, state: BatchState) -> Look:
        """End it without a result. A failed one counts as charged: nothing says that it is not."""
        if item is ItemState.FAILED and not batch.found:
            charged = {one.key: one.price.max for one in batch.items}
            self.session.journal.collect(batch.id, (), (), [(key, item, "", why) for key in charged], charged)
        self.session.journal.end(batch.id, state, [(one.key, item, "", why) for one in batch.items])
        return Look(moved=True, ended=(batch,))


def record_of(batch: Batch) -> RecordKey:
    """Give the one record of a keyword optimization."""
    return batch.items[0].key.record


def is_news(batch: Batch, entry: Optimization) -> bool:
    """Tell whether an entry may be what the order has made of the one before; of a found order, any is."""
    taken = batch.state not in {BatchState.UNKNOWN, BatchState.INTENT, BatchState.LOST}
    return batch.found or keywording.is_news(entry, batch.items[0].baseline, taken=taken)


def take_in(session: Session, batch: Batch, result: KeywordResult) -> None:
    """Put what was found into the journal, whole, and on its way into the cell; a cell that is filled keeps its own."""
    item = batch.items[0]
    words = in_cell(result, session.prices.rules)
    delivery = Delivery(
        key=item.key,
        text_id=f"keywords {batch.id}",
        value=item.was if item.was.strip() or not words else session.as_cell(words),
        was=item.was,
        input_digest=item.input_digest,
        origin=Origin.KEYWORDS,
        run_id=batch.run_id,
        credits=0.0 if batch.found else item.price.max,
    )
    ended = batch.state in {BatchState.GONE, BatchState.COLLECTED, BatchState.LOST}
    try:
        session.journal.optimized(batch.id, result, delivery, delivery.credits, ended=ended)
    except JournalError:
        session.receipt(
            {
                "what": "keywords that were found and could not be written into the journal",
                "batch": batch.id,
                "record": item.key.record.record_id,
                "answer": result.raw,
            }
        )
        raise


def take_up(session: Session, changes: Iterable[Change]) -> Iterator[Event]:
    """Take up optimizations that somebody else has started, and such as were finished before, to be read.

    An order of ours that was taken for lost and turns up only now is no stranger's: it is followed, and was paid for.
    """
    follow = [change for change in changes if change.kind is Kind.FOLLOW and change.key.text_type == KEYWORDS]
    ours: set[TextKey] = set()
    if follow:
        yield from _turn_up(session, {change.key for change in follow}, ours)
    held = {item.key for batch in session.journal.batches.open() for item in batch.open_items}
    found = [
        _batch(session, change, BatchState.ACCEPTED, found=True)
        for change in follow
        if change.key not in held and change.key not in ours
    ]
    if found:
        session.journal.batches.plan(found)
        records = counted(len(found), "record")
        yield Event("follow", f"Following the keywords of {records}, which nobody has to pay for here.")


def _turn_up(session: Session, keys: Collection[TextKey], ours: set[TextKey]) -> Iterator[Event]:
    """Look once more for what was taken for lost under some keys; `ours` gets those that the service has after all."""
    lost = {key: one for key, one in session.journal.doubts.lost().items() if key in keys}
    if lost:
        yield from late(session, [batch for batch in session.journal.doubts.given_up() if batch.for_keywords])
        listed = entries(session.service, [key.record for key in lost])
        ours.update(
            key
            for key, one in lost.items()
            if (entry := listed.get(key.record)) and keywording.is_news(entry, one.baseline, taken=one.taken)
        )


def _batch(session: Session, change: Change, state: BatchState, *, found: bool) -> Batch:
    key = change.key.record
    item = Item(change.key, change.was, change.input_digest, Price() if found else change.price, baseline=change.seen)
    return Batch(0, session.run_id, state, key.store, key.type, key.language, (item,), found=found)


def settle(session: Session, batches: Sequence[Batch]) -> Iterator[Event]:
    """Look in the service's list for orders that nobody can say about; gives the ones that have turned up.

    An entry that was started since is what proves that an order arrived.
    """
    listed = entries(session.service, map(record_of, batches))
    for batch in batches:
        entry = listed.get(record_of(batch))
        if entry is None or not is_news(batch, entry):
            continue
        name = record_of(batch).record_id
        if batch.state is BatchState.UNKNOWN:
            session.journal.batches.move(batch.id, BatchState.ACCEPTED)
        elif batch.state is BatchState.INTENT or not _late(session, batch, entry):
            continue
        yield Event(
            "found",
            f"Batch {batch.id}, the keywords of {name}, had reached the service: it is {entry.raw_state} there.",
            {"batch": batch.id, "record": name, "state": entry.raw_state},
        )


def _late(session: Session, batch: Batch, entry: Optimization) -> bool:
    """Read what an optimization that was missed has found after all; False: it has found nothing yet."""
    if entry.state in UNDER_WAY or entry.state is OptimizationState.FAILED:
        return False
    result = session.service.keywords.result(entry.key)
    if result is not None:
        take_in(session, batch, result)
    return result is not None


def late(session: Session, batches: Sequence[Batch]) -> Iterator[Event]:
    """Look for optimizations that were taken for lost. One that was ordered again cannot be told from its successor."""
    lost = [batch for batch in batches if any(item.state is ItemState.LOST for item in batch.items)]
    newest = session.journal.doubts.lost() if lost else {}
    lost = [batch for batch in lost if (one := newest.get(batch.items[0].key)) and one.batch == str(batch.id)]
    listed: Mapping[RecordKey, Optimization] = entries(session.service, map(record_of, lost)) if lost else {}
    for batch in lost:
        entry = listed.get(record_of(batch))
        if entry is None or not is_news(batch, entry):
            continue
        if entry.state is OptimizationState.FAILED:
            yield from _failed(session, batch, entry)
        elif batch.state is BatchState.LOST or (batch.state is BatchState.GONE and entry.state in UNDER_WAY):
            session.journal.reopen(batch.id, "", [item.key for item in batch.items])
            yield Event("found", f"The keywords of batch {batch.id}, taken for lost, are being looked for after all.")
        elif _late(session, batch, entry):
            yield Event("found", f"The keywords of batch {batch.id}, taken for lost, have turned up.")


def _failed(session: Session, batch: Batch, entry: Optimization) -> Iterator[Event]:
    """Count a search as paid that was taken for lost and then failed. It stays lost: the Action is no new wish."""
    why = f"taken for lost, and the service could not find any{f': {entry.note}' if entry.note else ''}"
    new = [item for item in batch.items if item.state is ItemState.LOST and item.reason != why]
    if new:
        charged = {} if batch.found else {item.key: item.price.max for item in new}
        session.journal.collect(batch.id, (), (), [(item.key, ItemState.LOST, "", why) for item in new], charged)
        paid = "" if batch.found else ", and count as paid"
        yield Event("found", f"The keywords of batch {batch.id}, taken for lost, were looked for in vain{paid}.")


def keyword_orders(session: Session, changes: Iterable[Change]) -> list[Order[OptimizationOrder]]:
    """Make the orders of the keyword optimizations in a plan: one for each record."""
    found = []
    for change in changes:
        if change.kind is Kind.KEYWORDS:
            wish = order(session.records[change.key.record])
            asked = json.dumps(
                {name: value for name, value in asdict(wish).items() if name != "key"}, ensure_ascii=False
            )
            batch = _batch(session, change, BatchState.PLANNED, found=False)
            found.append(Order(replace(batch, asked=asked), wish))
    return found
