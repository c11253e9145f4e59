"""Reads what the service holds for our records: their texts, and which of them are being worked on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.model import Address, RecordKey, RemoteState
from sync.run.keywords import entries
from sync.run.looks import Group, Habits, Looker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sync.model import Record, RemoteText, TextKey
    from sync.run.ports import Looks, Service


def remote_state(
    service: Service,
    records: Iterable[Record],
    as_cell: Callable[[str], str],
    looks: Looks,
    *,
    full: bool = False,
    habits: Habits | None = None,
    keywords_of: Collection[RecordKey] = (),
) -> RemoteState:
    """Find out the current texts of all records, and the active requests that name them.

    `as_cell` gives a text as a cell would hold it, so that both sides can be compared. `looks` remembers what the
    service held at the last look; with `full`, every text is read all the same. `keywords_of` are the records of which
    the list of keyword optimizations is asked.
    """
    groups: dict[Address, list[Record]] = {}
    for record in records:
        groups.setdefault(Address(record.key.type, record.key.store, record.key.language), []).append(record)
    # In this order: a request that ends between the two looks then shows by its texts, and is not ordered again.
    requests = service.active_requests()
    began = service.server_time
    busy = {
        RecordKey(request.store, request.type, one, request.language): request.request_id
        for request in requests
        for one in request.records - request.completed
    }
    named = {
        RecordKey(request.store, request.type, one, request.language) for request in requests for one in request.records
    }
    looker = Looker(service, looks, began, frozenset(named | looks.in_doubt()), habits or Habits(), full)
    texts: dict[TextKey, RemoteText] = {}
    whole = full
    for address, group in groups.items():
        types = tuple(sorted({wanted.text_type for record in group for wanted in record.wanted}))
        if not types:
            continue
        looker.full = full
        for text in looker.look(Group(address, [record.key.record_id for record in group], types)):
            texts.setdefault(text.key, replace(text, value=as_cell(text.value)))
        whole = whole or looker.full
    ours = {record.key for group in groups.values() for record in group}
    return RemoteState(
        texts,
        {key: request for key, request in busy.items() if key in ours},
        entries(service, keywords_of) if keywords_of else {},
        whole,
    )
