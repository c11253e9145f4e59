"""Fetches the texts of records and puts them into the journal, the moment they are there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from sync.batch import Duplicate, ItemState
from sync.counts import counted, was
from sync.errors import JournalError, Rejected, Unreachable
from sync.estimate import charged
from sync.model import IMAGE, Delivery, Kind, Origin, RemoteText
from sync.run.events import Event
from sync.run.pace import BUSY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sync.batch import Batch, Item
    from sync.model import Change, TextKey
    from sync.run.ports import Session

    _Due = tuple[Batch, Sequence[Item]]
    _Read = tuple[Batch, Sequence[Item], Sequence[RemoteText]]

TWO = 2
"""How many texts of a kind are read: the newest, and the one before it, which shows an order that was made twice."""
EMPTY = "the service made an empty text, and charged for it; choose Generate for a new one"


@dataclass(frozen=True, slots=True)
class Collected:
    """What one look at the texts brought."""

    done: tuple[TextKey, ...] = ()
    empty: tuple[TextKey, ...] = ()
    missing: tuple[Item, ...] = ()
    """Items without a text newer than before sending."""

    @property
    def arrived(self) -> int:
        """How many items got their answer."""
        return len(self.done) + len(self.empty)


def collect(session: Session, batch: Batch, record_ids: Collection[str]) -> Collected:
    """Fetch what is new for the open items of some records of a batch, journal it, and say what is still missing.

    A text counts as new only if its id is not the one that was there before the batch was sent.
    """
    items = open_items(batch, record_ids)
    if not items:
        return Collected()
    return take_in(session, batch, items, read_texts(session, batch, items, history=TWO))


def open_items(batch: Batch, record_ids: Collection[str]) -> list[Item]:
    """Give the items of some records of a batch whose text may still come."""
    return [
        item
        for item in batch.items
        if item.state in {ItemState.OPEN, ItemState.UNKNOWN} and item.key.record.record_id in record_ids
    ]


def read_together(session: Session, due: Iterable[_Due]) -> Iterator[_Read]:
    """Read the texts for items of several batches with as few calls as if they were one, and give what each has.

    What cannot be read keeps nothing back of what can: batches that cannot be read together are read one by one, until
    two have failed in a row. Raises what went wrong when all that could be read has been given, and at once where the
    service asks to be asked later.
    """
    groups: dict[tuple[object, ...], list[_Due]] = {}
    for batch, items in due:
        if items:
            types = frozenset(item.key.text_type for item in items)
            groups.setdefault((batch.type, batch.store, batch.language, types), []).append((batch, items))
        else:
            yield batch, items, ()
    failures: list[Unreachable | Rejected] = []
    for group in groups.values():
        try:
            texts = read_texts(session, group[0][0], chain.from_iterable(items for _, items in group), history=TWO)
        except (Unreachable, Rejected) as error:
            if _is_for_later(error):
                raise
            failures.append(error)
            yield from _one_by_one(session, group if len(group) > 1 else ())
            continue
        for batch, items in group:
            ids = {item.key.record.record_id for item in items}
            yield batch, items, [text for text in texts if text.key.record.record_id in ids]
    if failures:
        raise failures[0]


def _one_by_one(session: Session, group: Iterable[_Due]) -> Iterator[_Read]:
    """Read what can be read of batches; where two fail in a row, it is the service that does not answer."""
    failed = 0
    for batch, items in group:
        try:
            texts = read_texts(session, batch, items, history=TWO)
        except (Unreachable, Rejected) as error:
            if _is_for_later(error):
                raise
            failed += 1
            if failed == TWO:
                return
            continue
        failed = 0
        yield batch, items, texts


def _is_for_later(error: Unreachable | Rejected) -> bool:
    """Tell whether the service has said that it is to be asked later, and so not for something else at once."""
    return isinstance(error, Rejected) and (error.status in BUSY or error.retry_after is not None)


def read_texts(session: Session, batch: Batch, items: Iterable[Item], *, history: int = 1) -> list[RemoteText]:
    """Read the texts that the service has for items of a batch, up to `history` of a kind, the newest first.

    It may give more: every text type of the items is asked for of every record.
    """
    items = list(items)
    ids = sorted({item.key.record.record_id for item in items})
    types = sorted({item.key.text_type for item in items})
    return session.service.texts(batch.type, batch.store, batch.language, ids, types, history=history)


def newest(texts: Iterable[RemoteText]) -> dict[TextKey, RemoteText]:
    """Give the newest text of each kind: the first, as the service lists them."""
    found: dict[TextKey, RemoteText] = {}
    for text in texts:
        found.setdefault(text.key, text)
    return found


def take_in(session: Session, batch: Batch, items: Sequence[Item], texts: Iterable[RemoteText]) -> Collected:
    """Match texts with items and journal the outcome in one transaction."""
    texts = list(texts)
    now = newest(texts)
    done: list[tuple[Item, RemoteText]] = []
    empty: list[tuple[Item, RemoteText]] = []
    missing: list[Item] = []
    for item in items:
        new = now.get(item.key)
        if new is None or new.text_id == item.baseline:
            missing.append(item)
        elif new.value.strip():
            done.append((item, new))
        else:
            empty.append((item, new))
    if done or empty:
        others = _made_twice(session, batch, [*done, *empty], texts)
        try:
            session.journal.collect(
                batch.id,
                [*(text for _, text in (*done, *empty)), *others],
                [
                    *(_delivery(session, item, text, batch) for item, text in done),
                    *(_nothing_new(item, text, batch) for item, text in empty),
                ],
                [
                    *((item.key, ItemState.DONE, text.text_id, "") for item, text in done),
                    *((item.key, ItemState.EMPTY, text.text_id, EMPTY) for item, text in empty),
                ],
                {item.key: _charged(session, batch, item, text) for item, text in (*done, *empty)},
            )
        except JournalError:
            session.receipt(_receipt(batch, [text for _, text in done]))
            raise
    return Collected(tuple(item.key for item, _ in done), tuple(item.key for item, _ in empty), tuple(missing))


def deliver_pulls(session: Session, changes: Iterable[Change]) -> None:
    """Put the texts that exist already on their way into the workbook; those waiting in the journal are on it."""
    pulls = [change for change in changes if change.kind is Kind.PULL]
    session.journal.pull(
        [RemoteText(change.key, change.text_id, change.now) for change in pulls],
        [
            Delivery(
                key=change.key,
                text_id=change.text_id,
                value=session.as_cell(change.now),
                was=change.was,
                input_digest=change.input_digest,
                origin=Origin.PULLED,
                run_id=session.run_id,
            )
            for change in pulls
        ],
    )


def _made_twice(
    session: Session, batch: Batch, arrived: Sequence[tuple[Item, RemoteText]], texts: Sequence[RemoteText]
) -> list[RemoteText]:
    """Give the texts that are newer than before sending and not the newest: one order made them twice (S22, P07).

    That is written down first and said once. Where an earlier order was given up, such a text may be its answer, which
    `sync.run.late` looks for.
    """
    if batch.found:
        return []
    kept = {item.key: (item.baseline, text.text_id) for item, text in arrived}
    others = []
    ended = set()
    for text in texts:
        baseline, newest_id = kept.get(text.key, ("", text.text_id))
        if text.text_id == baseline:
            ended.add(text.key)
        elif text.text_id != newest_id and text.key not in ended:
            others.append(text)
    if not others:
        return []
    doubts = session.journal.doubts
    given_up = {item.key for earlier in doubts.given_up() for item in earlier.given_up_items}
    others = [text for text in others if text.key not in given_up]
    known = {(one.key, one.batch) for one in doubts.duplicates()}
    fresh = [
        Duplicate(text.key, batch.id, text.text_id, kept[text.key][1])
        for text in others
        if (text.key, batch.id) not in known
    ]
    if fresh:
        doubts.note_duplicates(fresh)
        session.tell(
            Event(
                "duplicate",
                f"Of batch {batch.id}, {counted(len(fresh), 'text')} {was(len(fresh))} made twice, and charged twice."
                " The newer of each is taken; `wtsync status --json` lists both ids of each, for a claim.",
                {"batch": batch.id, "texts": len(fresh)},
            )
        )
    return others


def _receipt(batch: Batch, texts: Sequence[RemoteText]) -> dict[str, object]:
    return {
        "what": "texts that arrived and could not be written into the journal",
        "batch": batch.id,
        "request": batch.request_id,
        "texts": [
            {"record": text.key.record.record_id, "field": text.key.text_type, "id": text.text_id, "value": text.value}
            for text in texts
        ],
    }


def _delivery(session: Session, item: Item, text: RemoteText, batch: Batch) -> Delivery:
    return Delivery(
        key=item.key,
        text_id=text.text_id,
        value=session.as_cell(text.value),
        was=item.was,
        input_digest=item.input_digest,
        origin=Origin.PULLED if batch.found else Origin.GENERATED,
        run_id=batch.run_id,
        credits=_charged(session, batch, item, text),
    )


def _nothing_new(item: Item, text: RemoteText, batch: Batch) -> Delivery:
    """Bring the cell as it was, so that the wish beside it is over: it was carried out, and paid for.

    Nothing is agreed by it: what stands in the cell is not what the service has, and may be a person's words.
    """
    return Delivery(item.key, text.text_id, item.was, item.was, item.input_digest, Origin.NOTHING, batch.run_id)


def _charged(session: Session, batch: Batch, item: Item, text: RemoteText) -> float:
    """Work out what a text has cost us; somebody else's order cost somebody else. An alt text costs its share."""
    if batch.found:
        return 0.0
    if item.key.record.type == IMAGE:
        return item.price.max
    return charged(item.key.text_type, text.value, session.prices, item.price.min)
