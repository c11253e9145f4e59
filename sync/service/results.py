"""From the service's JSON to texts, and to rows of the paged lists. Pure, and as forgiving as `wire`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.model import RecordKey, RemoteText, TextKey
from sync.service.loose import find, items, moment, opened, spelled_as, text, thing, things, unreadable
from sync.service.rows import HistoryRow, StatusRow
from sync.service.wire import listing, needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sync.attempt import GenerateRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """What texts were asked for: answers are put in the asker's own spelling, and others' records left out."""

    type: str
    store: str
    language: str
    record_ids: tuple[str, ...]
    text_types: tuple[str, ...] = ()
    history: int = 1
    """How many texts of one kind to keep, the newest first."""

    def record_id(self, answered: str) -> str | None:
        """Return the asked id that is meant: the same, or the only one that differs in letter case alone."""
        return spelled_as(answered, self.record_ids)

    def text_type(self, answered: str) -> str:
        """Return the asked spelling of a text type."""
        return _asked_spelling(answered, self.text_types)


def remote_texts(value: object, asked: Asked) -> list[RemoteText]:
    """Read the texts of records: `records[]`, in each `stores[]` by store, language and field, in each `texts[]`."""
    if value is None:
        return []
    data = opened(value)
    records = listing(data, "texts of records") if isinstance(data, list) else find(needed(data, "texts"), "records")
    found: dict[TextKey, list[RemoteText]] = {}
    for record in things(records):
        record_id = asked.record_id(text(find(record, "recordId", "id")))
        if record_id is None:
            continue
        for place in things(find(record, "stores")):
            key = _text_key(place, record_id, asked)
            kept = found.setdefault(key, [])
            kept.extend(one for entry in things(find(place, "texts")) if (one := _remote_text(entry, key)))
    return [one for kept in found.values() for one in kept[: max(1, asked.history)]]


def inline_texts(value: object, request: GenerateRequest) -> tuple[RemoteText, ...]:
    """Read texts that came with the answer to an order: `texts[]` of `{id, recordId, field, outputs}`."""
    asked = Asked(request.type, request.store, request.language, tuple(record.record_id for record in request.records))
    types = tuple({wanted.text_type: None for record in request.records for wanted, _ in record.fields})
    found = []
    for entry in things(find(thing(opened(value)), "texts")):
        answered = text(find(entry, "recordId"))
        lone = asked.record_ids[0] if len(asked.record_ids) == 1 and not answered else None
        record_id = lone or asked.record_id(answered)
        name = _asked_spelling(text(find(entry, "field")), types)
        if record_id is None or not name:
            continue
        record = RecordKey(request.store, request.type, record_id, request.language)
        one = _remote_text(entry, TextKey(record, name))
        if one is not None:
            found.append(one)
    return tuple(found)


def _text_key(place: dict[str, object], record_id: str, asked: Asked) -> TextKey:
    store = _asked_spelling(text(find(place, "storeId", "store")) or asked.store, (asked.store,))
    language = _asked_spelling(text(find(place, "language")) or asked.language, (asked.language,))
    name = asked.text_type(text(find(place, "field", "textType")))
    return TextKey(RecordKey(store, asked.type, record_id, language), name)


def _remote_text(entry: dict[str, object], key: TextKey) -> RemoteText | None:
    """Read one text: its value, or else its first alternative; None when it has neither."""
    value, outputs = find(entry, "value"), items(find(entry, "outputs"))
    candidates = [one for one in (value, *outputs[:1]) if isinstance(one, (str, int, float))]
    if not candidates or not key.text_type:
        return None
    shown = next((words for one in candidates if (words := text(one))), "")
    return RemoteText(key, text(find(entry, "id", "textId")), shown)


def _asked_spelling(answered: str, asked: Iterable[str]) -> str:
    if answered in asked:
        return answered
    return next((one for one in asked if one.casefold() == answered.casefold()), answered)


def status_page(value: object) -> tuple[tuple[StatusRow, ...], str]:
    """Read one page of states, and the token of the next; the token is empty on the last page.

    Raises Unreachable for a page without its list, or with a row that names no record: more may have been done than
    could be read.
    """
    data = needed(opened(value), "a page of status")
    rows = find(data, "records")
    if not isinstance(rows, list):
        raise unreadable("a page of status with its records")
    found = tuple(
        StatusRow(
            record_id=text(find(row, "recordId")),
            text_type=text(find(row, "field", "textType")),
            status=text(find(row, "status")),
            date=moment(find(row, "date", "timestamp")),
            user=text(find(row, "userName", "editor")),
        )
        for row in map(thing, rows)
    )
    if not all(row.record_id for row in found):
        raise unreadable("the record of each row of status")
    return found, text(find(data, "continuationToken"))


def history_page(value: object) -> tuple[tuple[HistoryRow, ...], str]:
    """Read one page of the history, and the token of the next; the token is empty on the last page."""
    data, rows = _page(value, "histories")
    found = (
        HistoryRow(
            record_id=text(find(row, "recordId")),
            text_type=text(find(row, "textType", "field")),
            action=text(find(row, "action")),
            text_id=text(find(row, "textId")),
            value=text(find(row, "value")),
            date=moment(find(row, "timestamp", "date")),
            user=text(find(row, "editor", "userName")),
        )
        for row in rows
    )
    return tuple(row for row in found if row.record_id), text(find(data, "continuationToken"))


def _page(value: object, name: str) -> tuple[dict[str, object], Sequence[dict[str, object]]]:
    if value is None:
        return {}, []
    found = opened(value)
    if isinstance(found, list):
        pages = [one for one in things(found) if find(one, name) is not None]
        return (pages[0], things(find(pages[0], name))) if pages else ({}, things(found))
    data = needed(found, f"a page of {name}")
    return data, things(find(data, name))
