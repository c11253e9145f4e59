"""Gathers what is known of the keywords of all records. The service is asked, which costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.keyword_sheets.facts import Found, RunFacts
from sync.model import IMAGE, UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import KeywordResult, Optimization, Record, RecordKey
    from sync.service import Service

_NAMED = 200
"""Records up to which the list is asked for by their ids; for more, the whole list of the shop costs fewer calls."""


def gather(service: Service, records: Iterable[Record], results: Mapping[RecordKey, KeywordResult]) -> list[Found]:
    """Ask for what is known of the records' keywords; `results` are those that were read a moment ago.

    Every record is given, also those of which nothing is known: they may aim at the same keywords. Raises ServiceError.
    """
    records = [one for one in records if one.key.type != IMAGE]
    entries = listed(service, [record.key for record in records])
    return [_found(service, record, entries.get(record.key), results) for record in records]


def listed(service: Service, keys: Iterable[RecordKey]) -> dict[RecordKey, Optimization]:
    """Read the list of keyword optimizations for some records; those that have none are left out."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for key in keys:
        groups.setdefault((key.type, key.store, key.language), []).append(key.record_id)
    found: dict[RecordKey, Optimization] = {}
    for (type_, store, language), ids in groups.items():
        wanted = set(ids)
        named = ids if len(ids) <= _NAMED else ()
        for page in service.keywords.optimizations(type_, store, language, record_ids=named):
            found |= {one.key: one for one in page if one.key.record_id in wanted}
    return found


def _found(
    service: Service, record: Record, entry: Optimization | None, results: Mapping[RecordKey, KeywordResult]
) -> Found:
    if entry is None:
        return Found(record)
    facts = RunFacts(status=entry.raw_state, note=entry.note)
    if entry.state in UNDER_WAY:
        return Found(record, run=facts)
    return Found(record, results.get(record.key) or service.keywords.result(record.key), run=facts)
