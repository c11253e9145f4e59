"""Looks at what is open on the service, collects what is finished, and ends batches that have come to their end.

"Not in the list of active requests" proves nothing; each request is then looked at by its id. A request that the
service no longer knows is judged by its texts alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.batch import BatchState, ItemState
from sync.errors import NotFound
from sync.model import RequestState
from sync.run.collect import open_items, read_together, take_in
from sync.run.keywords import KeywordFollower
from sync.run.look import Look
from sync.run.pace import patience

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.batch import Batch
    from sync.model import RequestDetails
    from sync.run.collect import Collected
    from sync.run.ports import Session

PATIENCE = 15.0
"""Seconds without anything new, after which a text that should be there is taken to be missing."""


@dataclass(slots=True)
class Follower:
    """What has been seen so far of the open batches of one process; the journal holds all that must survive it."""

    session: Session
    seen: dict[int, tuple[object, ...]] = field(default_factory=dict)
    twins: set[str] = field(default_factory=set)
    missed: dict[int, float] = field(default_factory=dict)
    """When texts that should be there were first missed, by batch."""
    keywords: KeywordFollower = field(init=False)

    def __post_init__(self) -> None:
        self.keywords = KeywordFollower(self.session)

    @property
    def missing(self) -> float:
        """Seconds after a first look in which what it missed may still turn up; 0: it missed nothing."""
        texts = patience(PATIENCE, self.session.service.quickest) if self.missed else 0.0
        return max(texts, self.keywords.missing)

    def look(self, batches: Sequence[Batch]) -> Look:
        """Look at every open batch once, and collect what is there. Raises Unreachable when the service is silent."""
        keywords = [batch for batch in batches if batch.for_keywords]
        found = self.keywords.look(keywords) if keywords else Look()
        if len(keywords) == len(batches):
            return found
        batches = [batch for batch in batches if not batch.for_keywords]
        active = self.session.service.active_requests()
        details = _details(self.session, batches, active)
        due = [(batch, open_items(batch, _due(batch, details.get(batch.id)))) for batch in batches]
        looks, made = [found], 0
        for batch, items, texts in read_together(self.session, due):
            got = take_in(self.session, batch, items, texts)
            made += 0 if batch.found else len(got.done)
            looks.append(self._look_at(batch, details.get(batch.id), got))
        ended = tuple(batch for look in looks for batch in look.ended)
        left = [batch for batch in batches if batch not in ended]
        ends = [one.estimated_end for one in details.values() if one.estimated_end is not None]
        return Look(
            moved=any(look.moved for look in looks),
            arrived=sum(look.arrived for look in looks),
            made=made,
            ended=ended,
            running=found.running + sum(len(one.running) for one in details.values()),
            queued=found.queued + sum(len(one.queued) for one in details.values()),
            estimated_end=max(ends) if ends else None,
            twins=tuple(self._twins(batches, active)),
            waiting=sum(not (one.running or one.completed) for one in details.values()),
            idle=all(_is_all_begun(batch, details.get(batch.id)) for batch in left),
        )

    def _twins(
        self, batches: Sequence[Batch], active: Sequence[RequestDetails]
    ) -> Iterator[tuple[Batch, RequestDetails]]:
        """Find requests by the same user, with just a batch's records, that came up since it was sent."""
        if len(active) < 2:
            return
        known = self.session.journal.batches.request_ids() | self.twins
        users = {request.request_id: request.user for request in active}
        for batch in batches:
            for request in active:
                ours = batch.request_id and not batch.found and users.get(batch.request_id) == request.user
                if ours and request.request_id not in known and matches(batch, request):
                    self.twins.add(request.request_id)
                    yield batch, request

    def _look_at(self, batch: Batch, details: RequestDetails | None, got: Collected) -> Look:
        if details is None:
            return self._vanished(batch, got)
        sight: tuple[object, ...] = (details.raw_state, details.completed, details.failed, details.running)
        moved = self.seen.get(batch.id) != sight
        self.seen[batch.id] = sight
        if batch.state is BatchState.ACCEPTED and details.running:
            self.session.journal.batches.move(batch.id, BatchState.RUNNING)
        if _has_ended(details):
            return self._finished(batch, details, got)
        return Look(moved=moved or got.arrived > 0, arrived=got.arrived)

    def _finished(self, batch: Batch, details: RequestDetails, got: Collected) -> Look:
        """Settle what did not come of a request that has ended, after its last texts were collected."""
        late = [item for item in got.missing if item.key.record.record_id in details.completed - details.failed]
        if late and self._still_waiting(batch, got):
            return Look(moved=got.arrived > 0, arrived=got.arrived)
        outcomes = [(item.key, *_why(item.key.record.record_id, details, found=batch.found)) for item in got.missing]
        cancelled = details.state in {RequestState.CANCELLED, RequestState.CANCELLING}
        state = BatchState.CANCELLED if cancelled else BatchState.COLLECTED
        self.session.journal.end(batch.id, state, [(key, state, "", reason) for key, state, reason in outcomes])
        return Look(moved=True, arrived=got.arrived, ended=(batch,))

    def _vanished(self, batch: Batch, got: Collected) -> Look:
        """Judge a request that the service does not know (any more) by its texts; without them, nobody can say."""
        if not got.missing:
            self.session.journal.end(batch.id, BatchState.COLLECTED, ())
            return Look(moved=True, arrived=got.arrived, ended=(batch,))
        if self._still_waiting(batch, got):
            return Look(moved=got.arrived > 0, arrived=got.arrived)
        left = ItemState.NOT_SENT if batch.found else ItemState.UNKNOWN
        stopped = "it was to be stopped, " if batch.state is BatchState.CANCELLING else ""
        reason = f"{stopped}the service no longer knows the request, and there is no text"
        self.session.journal.end(batch.id, BatchState.GONE, [(item.key, left, "", reason) for item in got.missing])
        return Look(moved=True, arrived=got.arrived, ended=(batch,))

    def _still_waiting(self, batch: Batch, got: Collected) -> bool:
        """Give late texts a little more time before they are called missing."""
        now = self.session.clock.now()
        if got.arrived or batch.id not in self.missed:
            self.missed[batch.id] = now
        return now - self.missed[batch.id] < patience(PATIENCE, self.session.service.quickest)


def _due(batch: Batch, details: RequestDetails | None) -> frozenset[str]:
    """Give the records of a batch whose texts are to be there."""
    if details is None or _has_ended(details):
        return batch.records
    return details.completed - details.failed


def _has_ended(details: RequestDetails) -> bool:
    """Tell whether a request has ended. What it made when it ran out of time is finished, and charged, all the same."""
    return details.finished or (details.state is RequestState.TIMED_OUT and not details.running)


def _is_all_begun(batch: Batch, details: RequestDetails | None) -> bool:
    """Tell whether the service says of every record of a batch that it is being made, or done: none of them waits.

    A service that does not list what waits has not said that nothing does; and a request that has ended and left texts
    to be waited for is no reason to order more.
    """
    if details is None or details.queued or details.state is not RequestState.RUNNING or _has_ended(details):
        return False
    return batch.records <= details.running | details.completed | details.failed


def _details(
    session: Session, batches: Sequence[Batch], active: Sequence[RequestDetails]
) -> Mapping[int, RequestDetails]:
    """Find each batch's request: in the one list of active requests, or else by its id."""
    by_id = {request.request_id: request for request in active}
    found = {}
    for batch in batches:
        request = by_id.get(batch.request_id) if batch.request_id else _same_records(batch, active)
        if request is None and batch.request_id:
            try:
                request = session.service.request(batch.request_id)
            except NotFound:
                request = None
        if request is not None:
            found[batch.id] = request
    return found


def _same_records(batch: Batch, active: Iterable[RequestDetails]) -> RequestDetails | None:
    """Find the one active request with exactly this batch's records, if there is just one."""
    same = [request for request in active if matches(batch, request)]
    return same[0] if len(same) == 1 else None


def matches(batch: Batch, request: RequestDetails) -> bool:
    """Tell whether a request is, by all that can be seen, the one that a batch made: just its records, all of them."""
    return (
        request.records == batch.records
        and request.request_id not in batch.known_requests
        and same_address(batch, request)
    )


def same_address(batch: Batch, request: RequestDetails) -> bool:
    """Tell whether a request is for the type, store and language of a batch."""
    return (request.type.casefold(), request.store, request.language) == (
        batch.type.casefold(),
        batch.store,
        batch.language,
    )


def _why(record_id: str, details: RequestDetails, *, found: bool) -> tuple[ItemState, str]:
    """Say what became of a record of which an ended request left no new text."""
    if record_id in details.failed:
        return ItemState.FAILED, "the service could not make it; run again to have it tried again"
    if found and details.state is not RequestState.CANCELLED:
        return ItemState.NOT_SENT, "a request of somebody else held the record, and did not make this text"
    if record_id in details.completed:
        return ItemState.UNKNOWN, "the service says it is done, but there is no text"
    if details.state in {RequestState.CANCELLED, RequestState.CANCELLING}:
        return ItemState.CANCELLED, "stopped before it was made"
    if details.state is RequestState.TIMED_OUT:
        return ItemState.FAILED, "the service ran out of time; run again to have it tried again"
    return ItemState.UNKNOWN, "the request has ended without a word about it"
