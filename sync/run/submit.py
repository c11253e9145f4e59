"""Sends one batch: what was there before, the intent on disk, one POST, and what came of it on disk."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sync.attempt import GenerateRecord, GenerateRequest
from sync.batch import Baseline, Batch, BatchState, Item, ItemState
from sync.errors import JournalError
from sync.model import OptimizationOrder, same
from sync.run.classify import Outcome, Verdict, classify
from sync.run.collect import newest, read_texts, take_in
from sync.run.events import Event
from sync.run.follow import same_address
from sync.run.keywords import entries, record_of
from sync.run.order import Draft, Order
from sync.run.pace import backoff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sync.model import Change, Record, RecordKey, Wanted
    from sync.run.order import AnyOrder
    from sync.run.ports import Session

LONGEST = 3600.0
"""Seconds that are waited at most before trying again, whatever the service asks for."""

_T = TypeVar("_T")
_Chunk: TypeAlias = "Sequence[list[Change]]"

NOT_MADE = "the service could not make it; run again to have it tried again"
R = TypeVar("R", GenerateRequest, OptimizationOrder, GenerateRequest | OptimizationOrder)

TRIES = 6
"""How often a batch that provably did not leave, or that the service asked us to bring later, is sent again."""


def drafts(changes: Iterable[Change], records: Mapping[RecordKey, Record], *, size: int, first: int) -> list[Draft]:
    """Group changes into what goes out in one order each, in the order of the workbook.

    One order holds one store, type and language, and one set of what the service takes per request only; of alt texts,
    the images of one product. The very
    first holds `first` records, the others `size`: a mistake shows while it is cheap. A lone last record joins the
    order before it, because the service forgets finished requests of a single record.
    """
    alike: dict[RecordKey, tuple[object, ...]] = {}
    groups: dict[tuple[object, ...], dict[RecordKey, list[Change]]] = {}
    for change in changes:
        key = change.key.record
        if key not in alike:
            inputs = records[key].inputs
            alike[key] = (key.store, key.type, key.language, inputs.countries, inputs.special_instructions)
        groups.setdefault((*alike[key], change.together), {}).setdefault(key, []).append(change)
    found: list[Draft] = []
    for by_record in groups.values():
        things, together = list(by_record.values()), next(iter(by_record.values()))[0].together
        if together is not None:  # what one request may name costs one price, so that it is filled
            chunks: Iterable[_Chunk] = [things[at : at + together.most] for at in range(0, len(things), together.most)]
        else:
            chunks = _chunks(things, size, size if found else first)
        found.extend(Draft(tuple(chain.from_iterable(chunk))) for chunk in chunks)
    return found


def _chunks(things: Sequence[_T], size: int, first: int) -> Iterator[Sequence[_T]]:
    start, step = 0, first
    while start < len(things):
        end = start + step
        if len(things) - end == 1:
            end += 1
        yield things[start:end]
        start, step = end, size


def batch_of(draft: Draft, run_id: str) -> Batch:
    """Make of a draft what the journal takes up."""
    key = draft.changes[0].key.record
    items = tuple(
        Item(change.key, change.was, change.input_digest, change.price, baseline=change.seen)
        for change in draft.changes
    )
    return Batch(0, run_id, BatchState.PLANNED, key.store, key.type, key.language, items)


def order_of(draft: Draft, records: Mapping[RecordKey, Record], run_id: str) -> Order[GenerateRequest]:
    """Make of a draft the order that is sent."""
    by_record: dict[RecordKey, list[Change]] = {}
    for change in draft.changes:
        by_record.setdefault(change.key.record, []).append(change)
    key = next(iter(by_record))
    inputs = records[key].inputs
    return Order(
        batch_of(draft, run_id),
        GenerateRequest(
            type=key.type,
            store=key.store,
            language=key.language,
            countries=inputs.countries,
            special_instructions=inputs.special_instructions,
            records=tuple(_record(records[one], its) for one, its in by_record.items()),
        ),
        {change.key: change.seen_value for change in draft.changes},
    )


def _record(record: Record, changes: Sequence[Change]) -> GenerateRecord:
    return GenerateRecord(
        record.key.record_id,
        record.inputs,
        tuple(_field(change, record) for change in changes),
        frozenset(change.key.text_type for change in changes if change.rewrite),
        {change.key.text_type: change.reference for change in changes if change.reference},
        images=record.inputs.images,
    )


def _field(change: Change, record: Record) -> tuple[Wanted, str]:
    wanted = next(wanted for wanted in record.wanted if wanted.text_type == change.key.text_type)
    return wanted, change.was


def take_baseline(session: Session, batch: Batch) -> Baseline:
    """Look at what the service holds just before a batch goes out.

    `overlap` names the records that a request of somebody else holds: ours are known by their ids.
    """
    if batch.for_keywords:
        return _keyword_baseline(session, batch)
    active = session.service.active_requests()
    ours = session.journal.batches.request_ids()
    overlap = frozenset(
        record
        for request in active
        if request.request_id not in ours and same_address(batch, request)
        for record in (request.queued | request.running) & batch.records
    )
    now = newest(read_texts(session, batch, batch.items))
    return Baseline(
        requests=frozenset(request.request_id for request in active),
        overlap=overlap,
        texts={item.key: now[item.key].text_id for item in batch.items if item.key in now},
        values={item.key: session.as_cell(now[item.key].value) for item in batch.items if item.key in now},
        balance=session.service.balance().available,
        server_time=session.clock.now() + (session.service.server_time_offset or 0.0),
    )


def _keyword_baseline(session: Session, batch: Batch) -> Baseline:
    """Look at what the service's list of optimizations says of a record: a new entry has to differ from it."""
    listed = entries(session.service, [record_of(batch)])
    return Baseline(
        texts={item.key: entry.identity for item in batch.items if (entry := listed.get(item.key.record))},
        balance=session.service.balance().available,
        server_time=session.clock.now() + (session.service.server_time_offset or 0.0),
    )


def without(order: Order[R], record_ids: Collection[str]) -> Order[R]:
    """Take records out of an order."""
    batch, request = order.batch, order.request
    items = tuple(item for item in batch.items if item.key.record.record_id not in record_ids)
    if isinstance(request, GenerateRequest):
        kept = tuple(record for record in request.records if record.record_id not in record_ids)
        request = replace(request, records=kept)
    seen = {item.key: order.seen[item.key] for item in items if item.key in order.seen}
    return Order(replace(batch, items=items), request, seen)


def overtaken(order: AnyOrder, baseline: Baseline) -> frozenset[str]:
    """Give the records that somebody else has ordered since the plan was made, or whose text is another.

    A person may have changed the words in place, under the same id: they are not to be replaced unseen.
    """
    moved = {
        item.key.record.record_id
        for item in order.batch.items
        if baseline.texts.get(item.key, "") != item.baseline
        or not same(baseline.values.get(item.key, ""), order.seen.get(item.key, ""))
    }
    return baseline.overlap | moved


def submit(session: Session, order: AnyOrder, number: int, baseline: Baseline) -> Outcome:
    """Send one order, which the journal knows as batch `number`, and say what came of it.

    Sent again by itself only where nothing left this machine, where the token was not taken, or where the service
    asked us to come later.
    """
    outcome = Outcome(Verdict.NOT_SENT, "stopped before it was sent")
    signed_in_again = False
    for attempt in range(1, TRIES + 1):
        if attempt > 1 and session.stopping():
            break
        outcome = _attempt(session, order, baseline, number)
        if outcome.verdict not in {Verdict.NOT_SENT, Verdict.SIGN_IN, Verdict.WAIT}:
            break
        if outcome.verdict is Verdict.SIGN_IN:
            if signed_in_again:
                break
            signed_in_again = True
        elif attempt < TRIES:
            pause = backoff(attempt, session.spread()) if outcome.retry_after is None else outcome.retry_after
            pause = min(pause, LONGEST)
            session.tell(Event("waiting", f"The service asks for patience: {outcome.reason}. Waiting {pause:.0f} s."))
            session.clock.sleep(pause)
    try:
        _write_down(session, order, number, outcome)
    except JournalError:
        session.receipt(
            {
                "what": f"an order that was {outcome.verdict}, which could not be written into the journal",
                "batch": number,
                "request": outcome.request_id,
                "records": sorted(order.batch.records),
            }
        )
        raise
    return outcome


def _attempt(session: Session, order: AnyOrder, baseline: Baseline, number: int) -> Outcome:
    """Make one attempt, and take the batch back to PLANNED if it may be made again."""
    batches = session.journal.batches
    intended = False
    request = order.request
    service = session.service
    if isinstance(request, OptimizationOrder):
        fingerprint = service.keywords.body_sha256(request)
    else:
        fingerprint = service.body_sha256(request)

    def before_send() -> None:
        nonlocal intended
        batches.intend(number, baseline, fingerprint)
        intended = True

    if isinstance(request, OptimizationOrder):
        outcome = classify(service.keywords.start(request, before_send=before_send), named=False)
    else:
        outcome = classify(service.generate(request, before_send=before_send))
    if intended and outcome.verdict in {Verdict.NOT_SENT, Verdict.SIGN_IN, Verdict.WAIT}:
        batches.move(number, BatchState.PLANNED, reason=outcome.reason)
    return outcome


def _not_made(session: Session, item: Item) -> str:
    """Say why a whole answer does not hold a text; of an image, what may be done about it."""
    place = (item.key.record.store, item.key.record.record_id)
    return NOT_MADE if place in session.pictures else f"{NOT_MADE}; give its URL or file, if the service has it not"


def _write_down(session: Session, order: AnyOrder, number: int, outcome: Outcome) -> None:
    batches = session.journal.batches
    if outcome.verdict is Verdict.ACCEPTED:
        batches.move(number, BatchState.ACCEPTED, request_id=outcome.request_id)
        if outcome.texts or outcome.complete:
            batch = batches.batch(number) or replace(order.batch, id=number)
            taken = take_in(session, batch, batch.open_items, outcome.texts)
            failed = [(item.key, ItemState.FAILED, "", _not_made(session, item)) for item in taken.missing]
            if outcome.complete or not failed:
                session.journal.end(number, BatchState.COLLECTED, failed)
    elif outcome.verdict is Verdict.UNKNOWN:
        batches.move(number, BatchState.UNKNOWN, reason=outcome.reason)
    elif outcome.verdict in {Verdict.NO_CREDITS, Verdict.SIGN_IN}:
        batches.move(number, BatchState.BLOCKED, reason=outcome.reason)
    else:
        batches.move(number, BatchState.REJECTED, reason=outcome.reason)
