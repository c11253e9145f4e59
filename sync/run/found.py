"""Requests for our records that somebody else has started: taken up, so that they are followed like our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.batch import Batch, BatchState, Item
from sync.counts import counted
from sync.model import Kind, Price, RecordKey, TextKey, same
from sync.run.collect import newest
from sync.run.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.model import Change, RequestDetails
    from sync.run.ports import Session


def follow_found(session: Session, changes: Iterable[Change]) -> Iterator[Event]:
    """Take up the requests that a plan says to follow."""
    known = {batch.request_id for batch in session.journal.batches.open()}
    groups: dict[tuple[str, str, str, str], list[Item]] = {}
    for change in changes:
        if change.kind is Kind.FOLLOW and change.request_id and change.request_id not in known:
            key = change.key.record
            item = Item(change.key, change.was, change.input_digest, Price(), baseline=change.text_id)
            groups.setdefault((change.request_id, key.store, key.type, key.language), []).append(item)
    for (request_id, *_), items in groups.items():
        _take_up(session, request_id, items)
        records = counted(len({item.key.record for item in items}), "record")
        yield Event(
            "follow",
            f"Following request {request_id}, started elsewhere for {records}.",
            {"request": request_id},
        )


def strangers(session: Session) -> list[RequestDetails]:
    """List the active requests that no batch of ours is known to be."""
    known = session.journal.batches.request_ids()
    return [request for request in session.service.active_requests() if request.request_id not in known]


def take_up(session: Session, requests: Iterable[RequestDetails]) -> Iterator[Event]:
    """Take up requests for our records, so that they can be cancelled too.

    A request does not say which texts it makes. Of two for the same records the first holds them all; the second is
    left until that one has ended, see `takeable`.
    """
    held = _held(session)
    for request in requests:
        items = [item for item in _items(session, request) if item.key not in held]
        if items:
            _take_up(session, request.request_id, items)
            held |= {item.key for item in items}
            yield Event("follow", f"Request {request.request_id} was started elsewhere for records of this workbook.")


def takeable(session: Session) -> bool:
    """Tell whether `take_up` would find anything now."""
    held = _held(session)
    return any(item.key not in held for request in strangers(session) for item in _items(session, request))


def _held(session: Session) -> set[TextKey]:
    return {item.key for batch in session.journal.batches.open() for item in batch.open_items}


def _take_up(session: Session, request_id: str, items: Sequence[Item]) -> None:
    """Take up one request with the texts that it may be making: all of one store, type and language."""
    key = items[0].key.record
    state = BatchState.ACCEPTED
    address = (key.store, key.type, key.language)
    batch = Batch(0, session.run_id, state, *address, tuple(items), request_id=request_id, found=True)
    session.journal.batches.plan([batch])


def _items(session: Session, request: RequestDetails) -> Iterator[Item]:
    """Give the texts of our records that a request may be making; it does not say which."""
    keys = (
        RecordKey(request.store, request.type, record_id, request.language)
        for record_id in sorted(request.queued | request.running)
    )
    records = [session.records[key] for key in keys if key in session.records]
    if not records:
        return
    ids = [record.key.record_id for record in records]
    types = sorted({wanted.text_type for record in records for wanted in record.wanted})
    now = newest(session.service.texts(request.type, request.store, request.language, ids, types))
    for record in records:
        for wanted in record.wanted:
            key, cell = TextKey(record.key, wanted.text_type), record.texts.get(wanted.text_type, "")
            there = now.get(key)
            agreed = there is not None and same(there.value, cell)
            yield Item(key, cell, "", Price(), baseline=there.text_id if there is not None and agreed else "")
