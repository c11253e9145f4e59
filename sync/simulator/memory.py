"""Turning everything the simulator holds into one JSON document, and back."""

from __future__ import annotations

from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

from sync.simulator import gallery, keyword_board, reviews, staging, suggesting
from sync.simulator.account import Account, Charge
from sync.simulator.catalogue import TEXT_TYPES
from sync.simulator.orders import read_order
from sync.simulator.shelf import EDITED, GENERATED, REVIEWED, TRANSFERRED, Action, Key, Shelf, Text
from sync.simulator.wire import Refusal, seconds_of
from sync.simulator.work import Item, Request

if TYPE_CHECKING:
    from sync.simulator.service import Simulator
    from sync.simulator.wire import Json

_PLACES = ("queued", "running", "completed", "failed", "dropped")


def document(simulator: Simulator, now: float) -> Json:
    """Write everything that must survive."""
    running, waiting = simulator.line.standing()
    kept = [one for one in simulator.requests.values() if not simulator.is_gone(one, now)]
    return {
        "instance": simulator.instance,
        **account_document(simulator.account),
        "settings": {
            "seed": simulator.seed,
            "capacity": simulator.line.capacity,
            "secondsPerRecord": simulator.seconds_per_record,
        },
        "ahead": simulator.ahead,
        "counter": simulator.counter,
        "requests": [request_document(one) for one in kept],
        "working": [[item.request.id, item.record.id] for item in running],
        "waiting": [[item.request.id, item.record.id] for item in waiting],
        **shelf_document(simulator.shelf),
        **gallery.document(simulator.gallery),
        **reviews.document(simulator.desk),
        **suggesting.document(simulator.ideas),
        **keyword_board.document(simulator.keywords),
    }


def restore(simulator: Simulator, document: Json, now: float) -> None:
    """Take over a document, with the settings it was written under; `now` dates texts that have no time."""
    settings = document.get("settings", {})
    simulator.instance = str(document.get("instance", simulator.instance))
    simulator.seed = settings.get("seed", simulator.seed)
    simulator.line.capacity = settings.get("capacity", simulator.line.capacity)
    simulator.seconds_per_record = settings.get("secondsPerRecord", simulator.seconds_per_record)
    simulator.ahead = float(document.get("ahead", 0.0))
    simulator.counter = document.get("counter", 0)
    read_account(document, simulator.account)
    read_shelf(document, simulator.shelf, now, simulator.user)
    gallery.restore(simulator.gallery, document, now)
    reviews.restore(simulator.desk, document, now)
    suggesting.restore(simulator.ideas, document)
    keyword_board.restore(simulator.keywords, document)
    staging.by_hand(simulator.keywords, document, now)
    requests = simulator.requests
    requests.update((one["id"], read_request(one)) for one in document.get("requests", []))
    simulator.line.resume(
        [requests[one].running[record] for one, record in document.get("working", [])],
        [requests[one].queued[record] for one, record in document.get("waiting", [])],
    )


def shelf_document(shelf: Shelf) -> Json:
    """Write all texts, the oldest of each key first."""
    texts = [
        {
            "type": text.key.type,
            "storeId": text.key.store_id,
            "recordId": text.key.record_id,
            "language": text.key.language,
            "field": text.key.field,
            "value": text.value,
            "id": text.id,
            "outputs": list(text.outputs),
            "requestId": text.request_id,
            "time": text.time,
            "actions": [astuple(action) for action in text.actions],
        }
        for ofkey in shelf.texts.values()
        for text in ofkey
    ]
    return {"texts": texts, "archived": sorted(map(list, shelf.archived))}


def account_document(account: Account) -> Json:
    """Write the balance and the ledger."""
    return {
        "credits": account.available,
        "premium": account.premium,
        "used": account.used,
        "offered": account.offered,
        "ledger": [asdict(charge) for charge in account.ledger],
    }


def read_account(document: Json, account: Account) -> None:
    """Take over what a document says of the account."""
    account.available = int(document.get("credits", account.available))
    account.premium = bool(document.get("premium", account.premium))
    account.used = int(document.get("used", 0))
    account.offered = bool(document.get("offered", True))
    account.ledger = [Charge(**charge) for charge in document.get("ledger", [])]


def read_shelf(document: Json, shelf: Shelf, now: float, editor: str) -> None:
    """Put the texts of a document on the shelf; raise ValueError for one that cannot be read."""
    acted: list[tuple[Action, Text]] = []
    by_hand: list[tuple[Text, Json]] = []
    for place, entry in enumerate(document.get("texts", []), 1):
        try:
            text = _read_text(entry, f"t-start-{place}", now)
        except (KeyError, TypeError, AttributeError, Refusal) as error:
            raise ValueError(f"text {place} of the state file cannot be read: {error}") from None
        shelf.put(text)
        if "actions" in entry:
            text.actions = [Action(*action) for action in entry["actions"]]
            acted += [(action, text) for action in text.actions]
        else:
            by_hand.append((text, entry))
    shelf.actions = sorted(acted, key=lambda pair: pair[0].number)
    for text, entry in by_hand:
        reviewed, publish = bool(entry.get("reviewed")), bool(entry.get("publish"))
        shelf.act(text, GENERATED, text.time, editor, publish=False, reviewed=False)
        for wanted, action in ((entry.get("edited"), EDITED), (reviewed, REVIEWED), (publish, TRANSFERRED)):
            if wanted:
                shelf.act(text, action, text.time, editor, publish=publish, reviewed=reviewed)
    shelf.archived = {(str(kind), str(record)) for kind, record in document.get("archived", [])}


def _read_text(entry: Json, identity: str, now: float) -> Text:
    kind = str(entry.get("type", "Product")).capitalize()
    field = str(entry["field"])
    if field not in TEXT_TYPES.get(kind, ()):
        raise KeyError(f"{field!r} is no text type of {kind!r}")
    key = Key(kind, entry.get("storeId") or "default", entry.get("language") or "en", str(entry["recordId"]), field)
    time = entry.get("time", now)
    value = str(entry["value"])
    return Text(
        id=entry.get("id", identity),
        key=key,
        value=value,
        outputs=tuple(entry.get("outputs", [value])),
        request_id=entry.get("requestId", ""),
        time=seconds_of(time, "time") if isinstance(time, str) else float(time),
    )


def request_document(request: Request) -> Json:
    """Write one request; its records are written in the order of its body."""
    places: dict[str, str] = {}
    for place in _PLACES:
        places.update(dict.fromkeys(getattr(request, place), place))
    return {
        "id": request.id,
        "body": request.body,
        "submitted": request.submitted,
        "status": request.status,
        "started": request.started,
        "ended": request.ended,
        "timesOut": request.times_out,
        "items": [
            [places[item.record.id], item.duration, item.start, item.fails, item.empty]
            for item in sorted(request.items, key=lambda item: item.place)
        ],
    }


def read_request(document: Json) -> Request:
    """Read one request back."""
    order = read_order(document["body"], premium=True)
    request = Request(
        id=document["id"],
        order=order,
        body=document["body"],
        submitted=document["submitted"],
        status=document["status"],
        started=document["started"],
        ended=document["ended"],
        times_out=document["timesOut"],
    )
    entries: list[list[Any]] = document["items"]
    for place, (record, entry) in enumerate(zip(order.records, entries, strict=True)):
        where, duration, start, fails, empty = entry
        item = Item(request, record, place, duration, start, fails, empty)
        getattr(request, where)[record.id] = item
        if where == "failed":
            request.completed[record.id] = item
    return request
