"""Decides whose keywords are looked for before texts are made: an optimization costs credits as texts do. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from sync.estimate import keywords_price
from sync.model import (
    IMAGE,
    KEYWORDS,
    UNDER_WAY,
    Action,
    Change,
    Kind,
    OptimizationOrder,
    OptimizationState,
    Price,
    TextKey,
    normal,
)
from sync.packing import gathered
from sync.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.model import (
        Delivery,
        KeywordResult,
        Lost,
        Memory,
        Optimization,
        Policies,
        PriceList,
        Record,
        RecordKey,
        RemoteState,
        Rules,
        Searched,
    )

MOST_KEYWORDS, LONGEST_KEYWORD = 5, 35
"""Keywords of a record, and characters of each, where the service names no limit: what the vendor's client takes."""
_SEPARATORS = str.maketrans(",;\r\n", "    ")
AGAIN = "the Action says Keywords; the service has found some before, and is paid again"


def concerned(records: Iterable[Record], policies: Policies) -> frozenset[RecordKey]:
    """Give the records of which the service's list of optimizations has to be known before anything is decided."""
    return frozenset(
        record.key
        for record in records
        if record.key.type != IMAGE
        and (record.action is Action.KEYWORDS or (policies.keywords_first and not normal(record.search.cell)))
    )


def with_keywords(
    changes: Sequence[Change],
    records: Iterable[Record],
    remote: RemoteState,
    memory: Memory,
    policies: Policies,
    prices: PriceList,
) -> Sequence[Change]:
    """Put what is done about keywords before what was decided of the texts.

    A record is looked up once for its Action, or, as Settings may say, when texts are to be made of it. An image has
    no keywords but those of what it shows.
    """
    made = {change.key.record for change in changes if change.kind is Kind.GENERATE} if policies.keywords_first else ()
    found = [
        _change(record, verdict, remote, memory, prices)
        for record in records
        if record.key.type != IMAGE
        and (verdict := _decide(record, remote, memory, first=policies.keywords_first and record.key in made))
    ]
    return gathered(chain(found, changes)) if found else changes


def order(record: Record) -> OptimizationOrder:
    """Make what is sent to have the keywords of a record looked for."""
    inputs, search = record.inputs, record.search
    return OptimizationOrder(
        key=record.key,
        name=inputs.name,
        url=inputs.url,
        country=search.country,
        seed_keywords=inputs.keywords,
        clusters=search.clusters,
        products=tuple(one.name for one in inputs.representatives),
        flag_for_rewrite=search.flag_for_rewrite,
    )


def informed(record: Record, found: str) -> Record:
    """Give a record as it is once keywords that were found stand in its cell, as the cell holds them (`found`).

    A cell that holds something keeps it.
    """
    words = _words(found)
    if not words or normal(record.search.cell):
        return record
    return replace(record, inputs=replace(record.inputs, keywords=words))


def uninformed(record: Record, found: Delivery) -> Record:
    """Give a record, or an image of it, as it was before keywords that were found came into its empty cell.

    Where another stood there, or somebody has changed it since, it stays.
    """
    if normal(found.was) or record.inputs.keywords != _words(found.value):
        return record
    return replace(record, inputs=replace(record.inputs, keywords=()))


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(",") if word.strip())


def waiting_for(record: Record, memory: Memory) -> str:
    """Give the keywords that wait in the journal for a record's cell, or for that of the record that an image shows."""
    waiting = memory.waiting.get(TextKey(record.shown or record.key, KEYWORDS))
    return "" if waiting is None else waiting.value


def in_cell(result: KeywordResult, rules: Rules) -> str:
    """Give the keywords that a page is to aim at, as the cell Keywords holds them: those in use, and no more than fit.

    Where the service lays out no pipelines, they are those that it calls chosen.
    """
    used = [one.keyword for one in result.pipelines if not one.deleted]
    used = used or [one.keyword for one in result.keywords if one.group.casefold() == "chosen"]
    most, longest = rules.max_keywords or MOST_KEYWORDS, rules.max_keyword_length or LONGEST_KEYWORD
    # What separates keywords in a cell cannot stand in one of them.
    plain = (" ".join(word.translate(_SEPARATORS).split()) for word in used)
    fitting = {word.casefold(): word for word in reversed([*plain]) if word and len(word) <= longest}
    return ", ".join([*reversed(fitting.values())][:most])


def waits_for_keywords(changes: Iterable[Change]) -> Iterator[RecordKey]:
    """Give the records whose texts wait until their keywords are here."""
    for change in changes:
        if change.key.text_type == KEYWORDS and change.kind in {Kind.KEYWORDS, Kind.FOLLOW, Kind.UNKNOWN}:
            yield change.key.record


def _change(record: Record, verdict: Verdict, remote: RemoteState, memory: Memory, prices: PriceList) -> Change:
    entry, is_order = remote.optimizations.get(record.key), verdict.kind is Kind.KEYWORDS
    return Change(
        key=TextKey(record.key, KEYWORDS),
        row=record.row,
        kind=verdict.kind,
        reason=verdict.reason,
        was=record.search.cell,
        now=verdict.now,
        text_id=verdict.text_id,
        seen="" if entry is None else entry.identity,
        input_digest=_digest(order(record)),
        price=keywords_price(prices) if is_order else Price(),
        reference=_before(entry, memory.searched.get(record.key)) if is_order else "",
    )


def _before(entry: Optimization | None, searched: Searched | None) -> str:
    """Name the search that came before the one that is planned, so that a yes to that one is none to this one.

    What the service lists is the same for whoever looks at it; only where it cannot tell one search from the next,
    the journal's number has to.
    """
    told = [entry.identity] if entry is not None and entry.state is OptimizationState.FAILED else []
    timed = entry is not None and (entry.started_at is not None or entry.changed_at is not None)
    if searched is not None and not (timed and searched.listed):
        told.append(f"batch {searched.batch}")
    return ", ".join(told)


def _digest(wish: OptimizationOrder) -> str:
    """Hash what is sent, without the words that the service only shows: the same search has the same digest."""
    told = [wish.name, wish.url, wish.country, wish.seed_keywords, wish.clusters, wish.products, wish.flag_for_rewrite]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _decide(record: Record, remote: RemoteState, memory: Memory, *, first: bool) -> Verdict | None:
    """Decide about one record; None: its keywords are no matter of this run."""
    key = TextKey(record.key, KEYWORDS)
    if key in memory.unknown:
        return Verdict(
            Kind.UNKNOWN, f"nobody can say whether the service looks for its keywords (batch {memory.unknown[key]})"
        )
    if key in memory.open:
        return Verdict(Kind.FOLLOW, f"its keywords are being looked for (batch {memory.open[key]})")
    if key in memory.waiting:
        return Verdict(
            Kind.DELIVER, "they were found earlier and are not in the workbook yet", memory.waiting[key].value
        )
    if record.action is Action.KEYWORDS:
        return _wished(record.key, remote, memory)
    if first and not normal(record.search.cell):
        return _before_texts(record.key, remote, memory)
    return None


def _wished(key: RecordKey, remote: RemoteState, memory: Memory) -> Verdict:
    entry, lost = remote.optimizations.get(key), memory.lost.get(TextKey(key, KEYWORDS))
    if entry is not None and entry.state in UNDER_WAY:
        return Verdict(Kind.FOLLOW, "the service is looking for its keywords already")
    if lost is not None:  # the Action is the one that had them ordered: it is no new wish
        return _lost(lost, entry)
    if entry is None:
        return Verdict(Kind.KEYWORDS, "the Action says Keywords")
    if entry.state is OptimizationState.FAILED:
        return Verdict(Kind.KEYWORDS, "the Action says Keywords; looking for them has failed before")
    return Verdict(Kind.KEYWORDS, AGAIN, text_id=entry.identity)


def is_news(entry: Optimization, baseline: str, *, taken: bool) -> bool:
    """Tell whether an entry may be what an order has made of the one before, whose identity was `baseline`.

    Of an order that the service may not have taken, the entry has to prove that it arrived.
    """
    return entry.may_follow(baseline) if taken else entry.must_follow(baseline)


def _before_texts(key: RecordKey, remote: RemoteState, memory: Memory) -> Verdict:
    entry, lost = remote.optimizations.get(key), memory.lost.get(TextKey(key, KEYWORDS))
    if entry is not None and entry.state in UNDER_WAY:
        return Verdict(Kind.FOLLOW, "the service is looking for its keywords already")
    if entry is not None and entry.state is not OptimizationState.FAILED:
        return Verdict(Kind.FOLLOW, "the service has found its keywords already, and they are fetched")
    if lost is not None:
        return _lost(lost, entry)
    if entry is not None:
        return Verdict(Kind.LEFT, "looking for them has failed; choose Keywords to pay for another try")
    return Verdict(Kind.KEYWORDS, "Settings says keywords first, and there are none")


def _lost(lost: Lost, entry: Optimization | None) -> Verdict:
    said = f"you took them for lost (batch {lost.batch})"
    news = entry is not None and is_news(entry, lost.baseline, taken=lost.taken)
    failed = entry is not None and entry.state is OptimizationState.FAILED
    if news and not failed:
        return Verdict(Kind.FOLLOW, f"{said}, and they have turned up: a run takes in what came of them")
    fate = "looking for them has failed" if news else "they have not turned up"
    return Verdict(Kind.LEFT, f"{said}, and {fate}; a run with --resend {lost.batch} has them looked for once more")
