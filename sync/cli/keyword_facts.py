"""Gathers what is known of the keywords of all records: from the journal, and from the service, which costs nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.keyword_sheets.facts import Found, RunFacts
from sync.model import IMAGE, KEYWORDS, UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.journal import Journal
    from sync.journal.optimizations import KeywordRun
    from sync.model import Optimization, Record, RecordKey, Reference, TextKey
    from sync.service import Service
    from sync.tables import Tables

_FRESH = 12 * 3600.0
"""Seconds for which a result counts as new where the list does not say that it has changed: ranks move by the day."""
_NAMED = 200
"""Records up to which the list is asked for by their ids; for more, the whole list of the shop costs fewer calls. So
many results are also read each time: a text that was published changes them, and the list does not tell."""


def refresh(
    service: Service, journal: Journal, records: Iterable[Record], now: float, *, whole: bool = False
) -> dict[RecordKey, Optimization]:
    """Ask the service for the keywords of the records that have any, keep what is new, and give the list's entries.

    Read are results that the list says have changed, and those that were last read half a day ago by the service's
    clock, or else by `now` (seconds since 1970); with `whole`, or where there are few, all. Raises ServiceError.
    """
    known = journal.optimizations.runs()
    entries = listed(service, [record.key for record in records if record.key.type != IMAGE])
    now = now if service.server_time is None else service.server_time
    whole = whole or len(entries) <= _NAMED
    fresh = []
    for key, entry in entries.items():
        run = known.get(key)
        if entry.state in UNDER_WAY or (run is not None and not whole and _is_known(entry, run, now)):
            continue
        result = service.keywords.result(key)
        if result is not None and (run is None or result != run.now):
            fresh.append(result)
    journal.optimizations.keep(fresh, now)
    return entries


def listed(service: Service, keys: Iterable[RecordKey]) -> dict[RecordKey, Optimization]:
    """Read the list of keyword optimizations for some records."""
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


def known(
    journal: Journal, records: Sequence[Record], entries: Mapping[RecordKey, Optimization] | None = None
) -> list[Found]:
    """Put together what the journal knows of each record; `entries` are those of the service's list, where it was read.

    Every record is there, also those of which nothing is known: they may aim at the same keywords.
    """
    entries = entries or {}
    runs = journal.optimizations.runs()
    return [_found(one, runs.get(one.key), entries.get(one.key)) for one in records if one.key.type != IMAGE]


def after_write(
    tables: Tables, journal: Journal, reference: Reference | None, brought: Iterable[tuple[TextKey, str]]
) -> list[Found]:
    """Put together what is known of each record of a workbook as it is about to be: with the texts that are `brought`.

    Nothing where no keywords were ever looked for.
    """
    from sync.records import to_workbook

    runs = journal.optimizations.runs()
    if not runs:
        return []
    texts: dict[RecordKey, dict[str, str]] = {}
    for key, value in brought:
        texts.setdefault(key.record, {})[key.text_type] = value
    records = (_with_texts(one, texts.get(one.key, {})) for one in to_workbook(tables, reference).records)
    return [_found(one, runs.get(one.key), None) for one in records if one.key.type != IMAGE]


def _with_texts(record: Record, texts: Mapping[str, str]) -> Record:
    inputs = record.inputs
    if KEYWORDS in texts:
        inputs = replace(inputs, keywords=tuple(word.strip() for word in texts[KEYWORDS].split(",") if word.strip()))
    kept = {text_type: text for text_type, text in texts.items() if text_type != KEYWORDS}
    return replace(record, texts={**record.texts, **kept}, inputs=inputs)


def _is_known(entry: Optimization, run: KeywordRun, now: float) -> bool:
    if run.now is None or run.seen_at is None or abs(now - run.seen_at) > _FRESH or entry.changed_at is None:
        return False
    return (entry.changed_at, entry.raw_state) == (run.now.changed_at, run.now.raw_state)


def _found(record: Record, run: KeywordRun | None, entry: Optimization | None) -> Found:
    facts = RunFacts(
        country=record.search.country,
        status="" if entry is None else entry.raw_state,
        note="" if entry is None else entry.note,
    )
    if run is None:
        return Found(record, run=facts)
    ordered = replace(
        facts,
        started_at=run.started_at or None,
        finished_at=run.ended_at,
        checked_at=run.seen_at,
        expected=run.price or None,
        booked=run.credits or None,
        clusters=run.asked.get("clusters"),
        note=run.reason or facts.note,
    )
    return Found(record, run.now, run.before, ordered)
