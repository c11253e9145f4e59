"""Reads what the service holds for our records: their texts, and which of them are being worked on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.model import RecordKey, RemoteState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sync.model import Record, RemoteText, TextKey
    from sync.run.ports import Service


def remote_state(service: Service, records: Iterable[Record], as_cell: Callable[[str], str]) -> RemoteState:
    """Read the current texts of all records, and the active requests that name them.

    `as_cell` gives a text as a cell would hold it, so that both sides can be compared.
    """
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record.key.type, record.key.store, record.key.language), []).append(record)
    # In this order: a request that ends between the two looks then shows by its texts, and is not ordered again.
    requests = service.active_requests()
    texts: dict[TextKey, RemoteText] = {}
    for (type_, store, language), group in groups.items():
        types = sorted({wanted.text_type for record in group for wanted in record.wanted})
        if not types:
            continue
        for text in service.texts(type_, store, language, [record.key.record_id for record in group], types):
            texts.setdefault(text.key, replace(text, value=as_cell(text.value)))
    ours = {record.key for group in groups.values() for record in group}
    active = {}
    for request in requests:
        for record_id in request.records - request.completed:
            key = RecordKey(request.store, request.type, record_id, request.language)
            if key in ours:
                active[key] = request.request_id
    return RemoteState(texts, active)
