"""Settles what nobody can say about, by positive evidence only.

Evidence is an active request with exactly the batch's records that was not there before, or a text newer than the one
before sending. Absence proves nothing: without evidence a batch stays UNKNOWN, and the user decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.batch import UNSURE, BatchState, ItemState
from sync.counts import counted
from sync.run import keywords
from sync.run.collect import collect
from sync.run.events import Event
from sync.run.follow import matches
from sync.run.found import strangers
from sync.run.late import late

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sync.batch import Batch
    from sync.run.ports import Session


def recover(session: Session, decided: Collection[int] = ()) -> Iterator[Event]:
    """Begin where the last process ended, however it ended: the normal start of every run.

    Of the batches that the user has just `decided` about, nothing is told but that one has turned up.
    """
    batches = session.journal.batches
    # What is still planned was never sent: the intent comes before the first byte.
    batches.drop(batches.runs_of({BatchState.PLANNED}), BatchState.REJECTED, "wtsync was stopped before it was sent")
    for batch in batches.batches({BatchState.INTENT}):
        batches.move(batch.id, BatchState.UNKNOWN, reason="wtsync was stopped while sending it")
    yield from (one for one in settle(session) if one.kind != "unknown" or one.detail["batch"] not in decided)


def settle(session: Session) -> Iterator[Event]:
    """Look for evidence about every batch and text of which nobody can say."""
    doubtful = session.journal.batches.unknown()
    yield from _settle_keywords(session, [batch for batch in doubtful if batch.for_keywords])
    for batch in doubtful:
        if batch.for_keywords:
            continue
        if batch.state is BatchState.UNKNOWN:
            yield _settle(session, batch)
        else:
            got = collect(session, batch, batch.records)
            if got.arrived:
                yield Event("found", f"Turned up after all: {counted(got.arrived, 'text')} of batch {batch.id}.")
    yield from late(session)


def _settle_keywords(session: Session, batches: Sequence[Batch]) -> Iterator[Event]:
    """Look for all of them with a few calls, and say which ones stay in doubt."""
    if not batches:
        return
    turned_up = set()
    for event in keywords.settle(session, batches):
        turned_up.add(event.detail["batch"])
        yield event
    yield from (unknown(session, one) for one in batches if one.state is BatchState.UNKNOWN and one.id not in turned_up)


def _settle(session: Session, batch: Batch) -> Event:
    batches = session.journal.batches
    candidates = [request for request in strangers(session) if matches(batch, request)]
    if len(candidates) == 1:
        request = candidates[0]
        batches.move(batch.id, BatchState.ACCEPTED, request_id=request.request_id)
        return Event(
            "found",
            f"Batch {batch.id} had reached the service: it is request {request.request_id}.",
            {"batch": batch.id, "request": request.request_id},
        )
    got = collect(session, batch, batch.records)
    proven = any(item.state is not ItemState.OPEN for item in batch.items)  # an earlier look was cut short
    if got.arrived or not got.missing or proven:
        batches.move(batch.id, BatchState.ACCEPTED)
        if not got.missing:
            session.journal.end(batch.id, BatchState.COLLECTED, ())
        texts = counted(len(batch.items), "text")
        return Event(
            "found",
            f"Batch {batch.id} had reached the service, which has {got.arrived} of {texts}.",
            {"batch": batch.id, "texts": got.arrived},
        )
    return unknown(session, batch)


def unknown(session: Session, batch: Batch) -> Event:
    """Say that nobody knows of a batch, what is at stake, and what the user can do."""
    return Event(
        "unknown",
        f"Nobody can say whether the service has batch {batch.id} ({counted(len(batch.records), 'record')}, up to"
        f" {counted(batch.price.max, 'credit')}): {batch.reason}. It is not sent again unless you say so:"
        f" `wtsync run {session.file} --resend {batch.id}`, at the risk of paying for it twice."
        f" `--accept-lost {batch.id}` lets it be.",
        {"batch": batch.id, "records": len(batch.records), "max": batch.price.max, "reason": batch.reason},
    )


def is_in_doubt(session: Session, number: int, *, resend: bool = True) -> bool:
    """Tell whether there is something in a batch that `give_up` would let go of, or would before it was looked for."""
    batch = session.journal.batches.batch(number)
    if batch is None:
        return False
    return batch.state in UNSURE or any(item.state in _doubted(resend=resend) for item in batch.items)


def _doubted(*, resend: bool) -> set[ItemState]:
    return {ItemState.UNKNOWN, ItemState.LOST} if resend else {ItemState.UNKNOWN}


def give_up(session: Session, number: int, *, resend: bool = True) -> bool:
    """Let go, on the user's word, of what nobody can say about in a batch; False: there is nothing of the kind.

    With `resend` its texts may be ordered again, also where they were taken for lost before; otherwise they are taken
    for lost, and left alone.
    """
    batch = session.journal.batches.batch(number)
    if batch is None:
        return False
    state = ItemState.RESENT if resend else ItemState.LOST
    reason = "given up by the user, to be sent again" if resend else "taken for lost by the user"
    if batch.state is BatchState.UNKNOWN:
        session.journal.end(number, BatchState.LOST, [(item.key, state, "", reason) for item in batch.open_items])
        return True
    left = [item for item in batch.items if item.state in _doubted(resend=resend)]
    if left:
        session.journal.collect(number, (), (), [(item.key, state, "", reason) for item in left])
    return bool(left)
