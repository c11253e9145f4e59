"""What the service shows of what it holds, in its own JSON shapes. Nothing is changed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.simulator.orders import record_type, text_type
from sync.simulator.paging import DEFAULT_PAGE, page_size, page_start, page_token
from sync.simulator.shelf import STATUSES, Action, Key, Shelf, Text
from sync.simulator.wire import Fields, Json, Refusal, instant, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.simulator.account import Charge
    from sync.simulator.orders import Record
    from sync.simulator.reviews import Desk
    from sync.simulator.service import Simulator
    from sync.simulator.work import Line, Request


def request(one: Request, line: Line, now: float, user: str) -> Json:
    """Show a queued request. Of a cancelled one, dropped records are in no list (assumed)."""
    start = one.started if one.started is not None else one.submitted
    return {
        "id": one.id,
        "userName": user,
        "name": user.partition("@")[0].capitalize(),
        "recordType": one.order.type,
        "storeId": one.order.store_id,
        "language": one.order.language,
        "status": one.status,
        "startTime": instant(start),
        "endTime": None if one.ended is None else instant(one.ended),
        "estimatedEndTime": instant(one.ended if one.ended is not None else line.estimated_end(one, now)),
        "queuedIds": list(one.queued),
        "runningIds": list(one.running),
        "completedIds": list(one.completed),
        "failedIds": list(one.failed),
        "completed": len(one.completed),
        "total": len(one.order.records),
    }


def inline_texts(record: Record, texts: list[Text]) -> list[Json]:
    """Show the texts of an order that was not queued; a failed record has `outputs` null (assumed)."""
    done = {text.key.field: text for text in texts}
    return [
        {
            "id": done[one.field].id if one.field in done else None,
            "recordId": record.id,
            "field": one.field,
            "outputs": list(done[one.field].outputs) if one.field in done else None,
        }
        for one in record.wanted
    ]


def texts(shelf: Shelf, desk: Desk, query: Fields) -> Json:
    """Show the texts of some records, the latest of each text type first; 404 when there are none."""
    kind = record_type(query)
    wanted = {text_type(query, name, kind) for name in query.many("field", "fields")}
    store, language = query.text("storeId").lower(), query.text("language").lower()
    many = max(1, query.whole("historyCount") or 1)
    updates, near = query.flag("includeUpdateHistory"), query.flag("matchIsoTwoLetterLanguageCode")
    identities = query.many("recordId")
    if not identities:
        raise Refusal(400, "recordId is required")
    records = []
    for identity in dict.fromkeys(identities):
        keys = [
            key
            for key in shelf.by_record.get((kind, identity), [])
            if (not store or key.store_id.lower() == store)
            and (not language or key.language.lower() == language)
            and (not wanted or key.field in wanted)
        ]
        stores = [
            _store(key, shelf.texts[key][: -many - 1 : -1], desk.about(key, two_letters=near), updates=updates)
            for key in keys
        ]
        if stores:
            records.append({"recordId": identity, "stores": stores})
    if not records:
        raise Refusal(404, "There are no texts for these records")
    return {"type": kind, "records": records}


def _store(key: Key, found: list[Text], reviews: list[Json], *, updates: bool) -> Json:
    return {
        "storeId": key.store_id,
        "language": key.language,
        "field": key.field,
        "texts": [_text(text, updates=updates) for text in found],
        "reviews": reviews,
    }


def _text(text: Text, *, updates: bool) -> Json:
    shown: Json = {"id": text.id, "value": text.value, "outputs": list(text.outputs)}
    if updates:
        shown["history"] = [
            {
                "date": instant(action.time),
                "value": action.value,
                "publish": action.publish,
                "reviewed": action.reviewed,
                "editor": action.editor,
            }
            for action in reversed(text.actions)
        ]
    return shown


def status(shelf: Shelf, query: Fields, until: float) -> Json:
    """Show the state of the latest texts, one row for each record and text type, a page at a time.

    Without a `status` filter a row shows the last action; with one, the last action that matches (assumed). What was
    done after `until` is not told yet. Archived records are left out (assumed).
    """
    kind = record_type(query)
    kinds = _statuses(query)
    matches = _matcher(query, kind, until)
    start = page_start(query)
    size = page_size(query)
    rows: list[Json] = []
    keys = list(shelf.texts)
    for place in range(start, len(keys)):
        key = keys[place]
        if (key.type, key.record_id) in shelf.archived:
            continue
        text = shelf.texts[key][-1]
        found = [one for one in text.actions if matches(one, text) and (not kinds or one.action in kinds)]
        if not found:
            continue
        if len(rows) == size:
            return {"continuationToken": page_token(place), "records": rows}
        rows.append(
            {
                "recordId": key.record_id,
                "storeId": key.store_id,
                "language": key.language,
                "field": key.field,
                "textId": text.id,
                "status": found[-1].action,
                "date": instant(found[-1].time),
                "userName": found[-1].editor,
            }
        )
    return {"continuationToken": None, "records": rows}


def history(shelf: Shelf, query: Fields, until: float) -> Json:
    """Show who did what, the latest first (assumed), a page at a time; 404 when there is nothing at all."""
    kind = record_type(query)
    query.need("storeId")
    matches = _matcher(query, kind, until)
    records = set(query.many("recordId"))
    start = page_start(query) or len(shelf.actions)
    size = page_size(query, least=DEFAULT_PAGE)
    rows: list[Json] = []
    for action, text in reversed(shelf.actions[:start]):
        if not matches(action, text) or (records and text.key.record_id not in records):
            continue
        if len(rows) == size:
            return {"continuationToken": page_token(action.number), "histories": rows}
        rows.append(
            {
                "timestamp": instant(action.time),
                "textType": text.key.field,
                "textTypeDisplay": text.key.field.capitalize(),
                "value": action.value,
                "textId": text.id,
                "action": action.action,
                "actionDisplay": action.action,
                "recordId": text.key.record_id,
                "storeId": text.key.store_id,
                "language": text.key.language,
                "editor": action.editor,
            }
        )
    if not rows:
        raise Refusal(404, "There is no history that matches")
    return {"continuationToken": None, "histories": rows}


def ledger(charges: list[Charge]) -> list[Json]:
    """Show every charge, oldest first."""
    return [
        {
            "recordId": one.record_id,
            "language": one.language,
            "field": one.field,
            "credits": one.credits,
            "requestId": one.request_id,
            "textId": one.text_id,
            "time": instant(one.time),
            "type": one.type,
            "storeId": one.store_id,
            **({"imageIds": one.images} if one.images else {}),
        }
        for one in charges
    ]


def summary(simulator: Simulator, now: float) -> Json:
    """Show counts: what is open, what exists, what was paid."""
    every = simulator.requests.values()
    return {
        "time": instant(now),
        "credits": simulator.account.shown(),
        "reservedCredits": simulator.reserved(),
        "chargedCredits": simulator.account.used,
        "charges": len(simulator.account.ledger),
        "texts": len(simulator.shelf.by_id),
        "records": len(simulator.shelf.by_record),
        "images": len(simulator.gallery.pictures),
        "altTexts": simulator.gallery.alts(),
        "openReviews": sum(one.open for one in simulator.desk.reviews.values()),
        "optimizations": len(simulator.keywords.optimizations),
        "requests": len(every),
        "openRequests": [one.id for one in simulator.open_requests()],
        "queuedRecords": sum(len(one.queued) for one in every),
        "runningRecords": sum(len(one.running) for one in every),
        "capacity": simulator.line.capacity,
        "secondsPerRecord": simulator.seconds_per_record,
        "faults": simulator.faults.shown(),
    }


def _statuses(query: Fields) -> set[str]:
    known = {name.lower(): name for name in STATUSES}
    found = set()
    for name in query.many("status"):
        if name.lower() not in known:
            raise Refusal(400, f"unknown status {name[:40]!r}")
        found.add(known[name.lower()])
    return found


def _matcher(query: Fields, kind: str, until: float) -> Callable[[Action, Text], bool]:
    """Make the test that the filters common to Status and History amount to."""
    store, language = query.text("storeId").lower(), query.text("language").lower()
    user = query.text("userName").lower()
    fields = {text_type(query, name, kind) for name in query.many("fields", "field")}
    first = seconds_of(query.text("startDate"), "startDate") if query.text("startDate") else float("-inf")
    end = seconds_of(query.text("endDate"), "endDate") if query.text("endDate") else float("inf")

    def matches(action: Action, text: Text) -> bool:
        key = text.key
        return (
            key.type == kind
            and first <= action.time < end
            and action.time <= until
            and (not store or key.store_id.lower() == store)
            and (not language or key.language.lower() == language)
            and (not fields or key.field in fields)
            and (not user or action.editor.lower() == user)
        )

    return matches
