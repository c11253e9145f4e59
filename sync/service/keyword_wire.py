"""From the service's JSON to keywords, and back. Pure, and as forgiving as `wire`.

No answer of these calls is documented. The names read here are those of the older keyword calls, as the vendor's
plugin reads them, of the documented parameters, and their likely spellings: to be corrected here, and nowhere else,
once a real answer has been seen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.model import Keyword, KeywordResult, Optimization, OptimizationState, Pipeline, RecordKey, Trigger
from sync.service.body import given
from sync.service.loose import (
    clean,
    find,
    flag,
    items,
    moment,
    opened,
    spelled_as,
    text,
    texts,
    thing,
    things,
    unreadable,
    whole,
)
from sync.service.rows import KeywordStateRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.model import OptimizationOrder
    from sync.service.body import Json

FLAG = "FlagForRewrite"
_STATES = {state.value.casefold(): state for state in OptimizationState if state is not OptimizationState.OTHER}
_LISTS = ("records", "optimizations", "items", "result", "list")
_GROUPS = {
    "keywords": "",
    "chosenKeywords": "chosen",
    "rankingKeywords": "ranking",
    "ranked": "ranking",
    "competitorKeywords": "competitor",
    "competitor_keywords": "competitor",
    "manualKeywords": "manual",
    "saved_keywords": "manual",
    "suggestedKeywords": "suggested",
}
"""Where keywords may stand in an answer, and what group those are that name none themselves."""


def two_letters(language: str) -> str:
    """Give the language as the keyword calls take it: `en` for `en-US`."""
    return language.strip().replace("_", "-").partition("-")[0].lower()


def place(key: RecordKey) -> list[tuple[str, str]]:
    """Return the query that names a record."""
    return [
        ("storeId", key.store),
        ("type", key.type),
        ("recordId", key.record_id),
        ("languageCode", two_letters(key.language)),
    ]


def start_body(order: OptimizationOrder) -> Json:
    """Return the body that starts an optimization; what is empty is left out."""
    key = order.key
    return {
        "storeId": key.store,
        "type": key.type,
        "recordId": key.record_id,
        "languageCode": two_letters(key.language),
        **given(
            name=order.name,
            url=order.url,
            countryCode=order.country,
            seedKeywords=list(order.seed_keywords),
            intents=list(order.intents),
            products=list(order.products),
            imageId=list(order.image_ids),
        ),
        **({"clusters": order.clusters} if order.clusters else {}),
        **({"triggers": [{"action": FLAG}]} if order.flag_for_rewrite else {}),
    }


def trigger_body(triggers: Sequence[Trigger]) -> Json:
    """Return the body that adds triggers."""
    return {
        "triggers": [
            given(option=one.option, value=one.value, action=one.action or FLAG, textTypes=list(one.text_types))
            for one in triggers
        ]
    }


def optimizations(
    value: object, type_: str, store: str, language: str, asked: Sequence[str]
) -> tuple[tuple[Optimization, ...], str]:
    """Read one page of the list, and the token of the next. The asked spelling of ids and language is kept.

    Entries of another store, type or language than the one asked for are left out. Raises Unreachable for a page
    without its list, and for an entry that names no record: what is overlooked here is started, and paid for, again.
    """
    data = opened(value)
    listed = data if isinstance(data, list) else find(thing(data), *_LISTS)
    rows = items(listed)
    if listed is None or not all(isinstance(row, dict) for row in rows):
        raise unreadable("a page of keyword optimizations")
    found = []
    for row in things(rows):
        key = RecordKey(store, type_, _record_id(row, asked), language)
        if _is_about(row, key):
            found.append(Optimization(key, *_state(row), _moment(row), _note(row), _started(row)))
    return tuple(found), _token(thing(data)) if isinstance(data, dict) else ""


def _record_id(row: dict[str, object], asked: Sequence[str]) -> str:
    """Return the record of an entry; a bare `id` counts only when it is one that was asked for."""
    record = thing(find(row, "record"))
    named = _spelled(text(find(row, "recordId")) or text(find(record, "recordId", "id")), asked)
    bare = "" if named else _spelled(text(find(row, "id")), asked)
    if not named and bare not in asked:
        raise unreadable("the record of each keyword optimization")
    return named or bare


def _is_about(row: dict[str, object], key: RecordKey) -> bool:
    """Tell whether an entry is of the store, type and language of a key, as far as it says so."""
    store, type_ = text(find(row, "storeId", "store")), text(find(row, "type", "recordType"))
    language = two_letters(text(find(row, "languageCode", "language")))
    return (
        store.casefold() in {"", key.store.casefold()}
        and type_.casefold() in {"", key.type.casefold()}
        and language in {"", two_letters(key.language)}
    )


def states(value: object) -> tuple[tuple[KeywordStateRow, ...], str]:
    """Read one page of the states of keywords, and the token of the next."""
    data, rows = _rows(value, "records", "keywords", "items", "result", "list")
    found = (
        KeywordStateRow(
            record_id=text(find(row, "recordId")),
            keyword=text(find(row, "keyword", "text")),
            state=text(find(row, "state", "status")),
            pipeline_id=text(find(row, "pipelineId")),
        )
        for row in rows
    )
    return tuple(row for row in found if row.record_id), _token(data)


def result(value: object, key: RecordKey, raw: str) -> KeywordResult:
    """Read everything that is known of a record's keywords; `raw` is kept as it came."""
    data = thing(opened(value))
    lines = [_pipeline(entry) for entry in things(find(data, "pipelines", "keywordPipelines"))]
    found: dict[tuple[str, str], Keyword] = {}
    for one in (*_listed(data), *(one for _, keywords in lines for one in keywords)):
        at = (one.keyword.casefold(), one.pipeline_id)
        twin = found.pop((at[0], ""), None) if one.pipeline_id else None
        found[at] = _joined(one, found.get(at) or twin)
    return KeywordResult(
        key,
        *_state(data),
        keywords=tuple(found.values()),
        pipelines=tuple(line for line, _ in lines),
        changed_at=_moment(data),
        note=_note(data),
        raw=raw,
    )


def pipelines(value: object) -> tuple[Pipeline, ...]:
    """Read pipelines: of a snapshot, or one that was made."""
    data = opened(value)
    entries = find(thing(data), "pipelines", "keywordPipelines") if isinstance(data, dict) else data
    return tuple(_pipeline(entry)[0] for entry in things(data if entries is None else entries))


def words(value: object) -> tuple[str, ...]:
    """Read a list of keywords: bare, or in objects."""
    data = opened(value)
    entries = data if isinstance(data, list) else find(thing(data), "keywords", "manualKeywords", "saved_keywords")
    return tuple(one for entry in items(entries) if (one := _word(entry)))


def _word(entry: object) -> str:
    return text(find(entry, "keyword", "text", "value", "name")) if isinstance(entry, dict) else text(entry)


def _listed(data: Mapping[str, object]) -> Iterator[Keyword]:
    """Give the keywords that stand in lists of their own, each in its group."""
    seen: set[int] = set()
    for name, group in _GROUPS.items():
        part = find(data, name)
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        inner = thing(part) if isinstance(part, dict) else {}
        date = text(find(inner, "date", "asOf"))
        for entry in items(find(inner, "keywords") if inner else part):
            if one := _keyword(entry, group=group, as_of=date):
                yield one


def _keyword(
    entry: object, *, group: str = "", as_of: str = "", pipeline: Pipeline | None = None, cluster: str = ""
) -> Keyword | None:
    said = _word(entry)
    if not said:
        return None
    data = thing(entry)
    return Keyword(
        keyword=said,
        group=text(find(data, "group", "source")) or group,
        cluster=text(find(data, "cluster", "clusterName")) or cluster,
        pipeline_id=text(find(data, "pipelineId")) or (pipeline.pipeline_id if pipeline else ""),
        level=text(find(data, "level", "difficultyLevel")),
        intent=text(find(data, "intent", "searchIntent")),
        volume=whole(find(data, "searchVolume", "search_volume", "volume")),
        difficulty=text(find(data, "difficulty", "competition", "keywordDifficulty")),
        rank=whole(find(data, "rank", "rankGroup", "rank_group", "position")),
        as_of=text(find(data, "asOf", "date", "updatedAt")) or as_of,
        state=text(find(data, "state")),
    )


def _joined(one: Keyword, other: Keyword | None) -> Keyword:
    """Bring together what two places of an answer say of one keyword; the first to say something counts."""
    if other is None:
        return one
    pairs = ((getattr(one, name), getattr(other, name)) for name in Keyword.__slots__)
    return Keyword(*(first if first not in {"", None} else second for first, second in pairs))


def _pipeline(entry: Mapping[str, object]) -> tuple[Pipeline, list[Keyword]]:
    title = text(find(entry, "title", "name", "cluster"))
    keywords = find(entry, "keywords")
    current = find(entry, "keyword", "currentKeyword", "targetKeyword", "primaryKeyword")
    line = Pipeline(
        pipeline_id=text(find(entry, "pipelineId", "id")),
        title=title,
        level=text(find(entry, "level", "difficultyLevel")),
        keyword=_word(current),
        rank=whole(find(entry, "rank", "position")),
        locked=flag(find(entry, "locked", "isLocked")),
        deleted=flag(find(entry, "deleted", "isDeleted")),
        triggers=tuple(map(_trigger, things(find(entry, "triggers", "trigger")))),
        snapshot_id=text(find(entry, "snapshotId")),
        flagged=flag(find(entry, "flaggedForRewrite")),
    )
    cluster = text(find(entry, "cluster", "clusterName"))
    found = (_keyword(one, pipeline=line, cluster=cluster) for one in items(keywords))
    return line, [one for one in found if one is not None]


def _trigger(entry: Mapping[str, object]) -> Trigger:
    return Trigger(
        option=text(find(entry, "option", "condition")),
        value=text(find(entry, "value")),
        action=text(find(entry, "action", "trigger")),
        text_types=texts(find(entry, "textTypes", "fields")),
    )


def _state(data: Mapping[str, object]) -> tuple[OptimizationState, str]:
    raw = text(find(data, "status", "state", "optimizationStatus"))
    folded = re.sub(r"[\s_-]", "", raw.casefold())
    return _STATES.get(folded, OptimizationState.OTHER), raw


def _moment(data: Mapping[str, object]) -> float | None:
    return moment(find(data, "updatedAt", "completedAt", "endTime", "startedAt", "startTime", "date"))


def _started(data: Mapping[str, object]) -> float | None:
    return moment(find(data, "startedAt", "startTime", "requestedAt"))


def _note(data: Mapping[str, object]) -> str:
    return clean(text(find(data, "error", "message", "reason")))


def _rows(value: object, *names: str) -> tuple[dict[str, object], Sequence[dict[str, object]]]:
    data = opened(value)
    if isinstance(data, list):
        return {}, things(data)
    entries = thing(data)
    return entries, things(find(entries, *names))


def _token(data: Mapping[str, object]) -> str:
    return text(find(data, "continuationToken", "nextToken"))


def _spelled(answered: str, asked: Sequence[str]) -> str:
    return spelled_as(answered, asked) or answered
