"""Reads what the service holds for our records: their texts, and which of them are being worked on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.model import Address, RecordKey, RemoteState
from sync.run.keywords import entries
from sync.run.looks import Group, Habits, Looker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sync.model import Record, RemoteText, TextKey, Wanted
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
    groups: dict[Address, tuple[list[str], set[tuple[Wanted, ...]]]] = {}
    for record in records:
        ids, wanted = groups.setdefault(Address(record.key.type, record.key.store, record.key.language), ([], set()))
        ids.append(record.key.record_id)
        wanted.add(record.wanted)
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
    for address, (ids, wanted) in groups.items():
        types = tuple(sorted({one.text_type for texts in wanted for one in texts}))
        if not types:
            continue
        looker.full = full
        for text in looker.look(Group(address, ids, types)):
            texts.setdefault(text.key, replace(text, value=as_cell(text.value)))
        whole = whole or looker.full
    ours = {address: frozenset(ids) for address, (ids, _) in groups.items()} if busy else {}
    return RemoteState(
        texts,
        {
            key: request
            for key, request in busy.items()
            if key.record_id in ours.get(Address(key.type, key.store, key.language), ())
        },
        entries(service, keywords_of) if keywords_of else {},
        whole,
    )
