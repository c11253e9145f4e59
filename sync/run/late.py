"""Looks for what was given up and turns up all the same: told, with both ids, never hidden.

What was taken for lost and nobody ordered since is simply a find, and followed. What was sent again has been charged
twice: that is written down, for a claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.batch import BatchState, Duplicate, ItemState
from sync.counts import counted, was
from sync.run import keywords
from sync.run.collect import read_texts, take_in
from sync.run.events import Event
from sync.run.follow import matches
from sync.run.found import strangers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.batch import Batch, Item
    from sync.model import RemoteText, TextKey
    from sync.run.ports import Session

DEPTH = 10
"""How many generations of a text are looked at."""


def late(session: Session) -> Iterator[Event]:
    """Look for every batch that was given up, among the active requests and among the texts."""
    given_up = session.journal.doubts.given_up()
    yield from keywords.late(session, [batch for batch in given_up if batch.for_keywords])
    given_up = [batch for batch in given_up if not batch.for_keywords]
    if not given_up:
        return
    active = strangers(session)
    held = {item.key for batch in session.journal.batches.open() for item in batch.open_items}
    for batch in given_up:
        matching = [request for request in active if matches(batch, request)]
        if len(matching) == 1:
            yield from _request_found(session, batch, matching[0].request_id, held)
        else:
            yield from _texts_found(session, batch, held)


def _request_found(session: Session, batch: Batch, request_id: str, held: set[TextKey]) -> Iterator[Event]:
    given = batch.given_up_items
    resent = [item for item in given if item.state is ItemState.RESENT]
    if not resent and batch.state is BatchState.LOST and not held & {item.key for item in given}:
        session.journal.reopen(batch.id, request_id, [item.key for item in given])
        yield Event("found", f"Batch {batch.id}, taken for lost, is being made: it is request {request_id}.")
        return
    yield from _told(session, batch, [(item, request_id) for item in resent])


def _texts_found(session: Session, batch: Batch, held: set[TextKey]) -> Iterator[Event]:
    """Compare the texts there are with those we know of. A text that may still come from another order says nothing."""
    items = [item for item in batch.given_up_items if item.key not in held]
    if not items:
        return
    texts = read_texts(session, batch, items, history=DEPTH)
    found = [(item, new) for item in items for new in _unheard_of(session, item, texts)[:1]]
    lost = [(item, new) for item, new in found if item.state is ItemState.LOST]
    if lost:
        got = take_in(session, batch, [item for item, _ in lost], [new for _, new in lost])
        arrived = counted(got.arrived, "text")
        yield Event("found", f"Turned up after all: {arrived} of batch {batch.id}, which was taken for lost.")
    yield from _told(session, batch, [(item, new.text_id) for item, new in found if item.state is ItemState.RESENT])


def _unheard_of(session: Session, item: Item, texts: Sequence[RemoteText]) -> list[RemoteText]:
    """Give the texts of an item that are newer than its baseline and that no order of ours accounts for."""
    known = session.journal.doubts.seen(item.key)
    newer = []
    for text in texts:
        if text.key != item.key:
            continue
        if text.text_id == item.baseline:
            break
        if text.text_id not in known:
            newer.append(text)
    return newer


def _told(session: Session, batch: Batch, found: Sequence[tuple[Item, str]]) -> Iterator[Event]:
    """Write down what was charged twice, and say so once."""
    if not found:
        return
    known = {(one.key, one.batch) for one in session.journal.doubts.duplicates()}
    new = [(item.key, identity) for item, identity in found if (item.key, batch.id) not in known]
    if new:
        kept = session.journal.doubts.made_since(batch.id, {key for key, _ in new})
        fresh = [Duplicate(key, batch.id, identity, kept.get(key, "")) for key, identity in new]
        session.journal.doubts.note_duplicates(fresh)
        yield Event(
            "duplicate",
            f"Batch {batch.id} had reached the service after all: {counted(len(fresh), 'text')} of it, sent again"
            f" since, {was(len(fresh))} charged twice. `wtsync status --json` lists both ids of each, for a claim.",
            {"batch": batch.id, "texts": len(fresh)},
        )
