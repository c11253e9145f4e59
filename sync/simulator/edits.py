"""Changing texts that exist: an edit, a mark that they were reviewed, a mark that they were published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.simulator.orders import record_type, text_type
from sync.simulator.shelf import EDITED, REVIEWED, TRANSFERRED, Key, Shelf, Text
from sync.simulator.wire import Refusal

if TYPE_CHECKING:
    from sync.simulator.wire import Fields


def read_edits(shelf: Shelf, body: Fields) -> list[tuple[Text, Fields]]:
    """Find the texts a call is about, or raise Refusal: 400 for a bad call, 404 for an unknown record or text."""
    kind = record_type(body)
    store, language, record = (body.need(name) for name in ("storeId", "language", "recordId"))
    found = []
    for one in body.objects("fields"):
        field = text_type(one, one.need("field"), kind)
        text = shelf.by_id.get(one.need("textId"))
        if one.get("value") is None:
            raise one.refuse("value is required")
        one.text("value")
        if text is None or text.key != Key(kind, store, language, record, field):
            raise Refusal(404, f"There is no such {field} of record {record!r}")
        found.append((text, one))
    if not found:
        raise body.refuse("fields is required")
    return found


def latest(shelf: Shelf, given: Fields) -> Text:
    """Find the text that the service shows under `type` (Product), `storeId`, `language`, `recordId`, `field`."""
    kind = record_type(given) if "type" in given else "Product"
    store, language = given.text("storeId", "default"), given.text("language", "en")
    key = Key(kind, store, language, given.need("recordId"), text_type(given, given.need("field"), kind))
    if key not in shelf.texts:
        raise Refusal(404, f"There is no such {key.field} of record {key.record_id!r}")
    return shelf.texts[key][-1]


def make_edits(shelf: Shelf, edits: list[tuple[Text, Fields]], now: float, editor: str) -> None:
    """Store the values and note what was done; a call that changes nothing is noted as an edit (assumed)."""
    for text, one in edits:
        value, publish, reviewed = one.text("value"), one.flag("publish"), one.flag("reviewed")
        edited = value != text.value or not (publish or reviewed)
        text.value = value
        for wanted, action in ((edited, EDITED), (reviewed, REVIEWED), (publish, TRANSFERRED)):
            if wanted:
                shelf.act(text, action, now, editor, publish=publish, reviewed=reviewed)
