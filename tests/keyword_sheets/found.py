"""Short ways to make what is known of keywords."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sync.keyword_sheets.facts import Found, RunFacts
from sync.model import Keyword, KeywordResult, OptimizationState, Pipeline, RecordKey
from tests.nouns import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def result(
    key: RecordKey, keywords: Sequence[Keyword], pipelines: Sequence[Pipeline] = (), state: str = "Completed"
) -> KeywordResult:
    return KeywordResult(key, OptimizationState(state), state, tuple(keywords), tuple(pipelines))


def found(
    record_id: str = "A1",
    *keywords: Keyword,
    before: Sequence[Keyword] = (),
    texts: Mapping[str, str] | None = None,
    own: tuple[str, ...] = (),
    **more: Any,
) -> Found:
    """Make a record with keywords found for it; `own` stand in its Keywords cell."""
    made = record(record_id, texts=texts)
    key = made.key._replace(**{name: more.pop(name) for name in ("type", "store", "language") if name in more})
    made = replace(made, key=key, inputs=replace(made.inputs, keywords=own, countries=more.pop("countries", ())))
    pipelines = more.pop("pipelines", ())
    state = more.pop("state", "Completed")
    looked = more.pop("looked", True)
    return Found(
        made,
        result(key, keywords, pipelines, state) if looked else None,
        result(key, before) if before else None,
        RunFacts(**more),
    )
