"""The addresses of keywords. Six are documented; the others are assumed."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.simulator import optimizing, staging
from sync.simulator.calls import Answer, Call, Operation
from sync.simulator.keyword_board import Look, entry, place_of
from sync.simulator.paging import cut
from sync.simulator.wire import Fields, Json, Refusal, instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.simulator.keyword_board import Optimization

_STATUSES = ("Pending", "InProgress", "Completed", "Failed", "Manual")
_STATES = ("ForGeneration", "Generated", "Published")


def _start(call: Call) -> Answer:
    return Answer(optimizing.start(call.simulator, call.json()))


def _chosen(call: Call, *, typed: bool) -> Iterable[Optimization]:
    """Give the optimizations of a store, type and language. What was taken after `lag` is not told yet."""
    query, until = call.query, call.simulator.look() - call.lag
    kind = (query.need("type") if typed else query.text("type")).capitalize()
    language = (query.text("languageCode") or "en").partition("-")[0].lower()
    store = query.text("storeId") or "default"
    for one in call.simulator.keywords.optimizations.values():
        place = one.place
        if one.accepted <= until and (place.store_id, place.language) == (store, language) and kind in {"", place.type}:
            yield one


def _list(call: Call) -> Answer:
    now, wanted = call.simulator.look(), set(call.query.many("recordIds"))
    statuses = _known(call.query, "status", _STATUSES)
    rows = [
        shown
        for one in _chosen(call, typed=False)
        if (not wanted or one.place.record_id in wanted)
        and (not statuses or one.status(now) in statuses)
        and (shown := entry(one, now))
    ]
    if "truncate" in call.faults:
        rows = rows[: len(rows) // 2]
    return Answer(cut(rows, call.query, "records"))


def _known(query: Fields, name: str, words: tuple[str, ...]) -> set[str]:
    spelled = {word.lower(): word for word in words}
    asked = [one.lower() for one in query.many(name)]
    if any(one not in spelled for one in asked):
        raise query.refuse(f"{name} must be one of {', '.join(words)}")
    return {spelled[one] for one in asked}


def _result(call: Call) -> Answer:
    return Answer(_look(call).whole())


def _look(call: Call) -> Look:
    simulator = call.simulator
    now = simulator.look()
    return Look(simulator.keywords, simulator.keywords.find(place_of(call.query)), simulator.shelf, now)


def _states(call: Call) -> Answer:
    simulator, wanted = call.simulator, _known(call.query, "states", _STATES)
    now = simulator.look()
    rows: list[Json] = []
    for one in _chosen(call, typed=True):
        look = Look(simulator.keywords, one, simulator.shelf, now)
        for line in look.lines():
            word = line["keyword"]
            state = look.state(word) if word else ""
            if word and not line["deleted"] and (not wanted or state in wanted):
                told = {"recordId": one.place.record_id, "pipelineId": line["pipelineId"]}
                rows.append({**told, "keyword": word, "state": state})
    return Answer(cut(rows, call.query, "records"))


def _snapshot(call: Call) -> Answer:
    call.simulator.look()
    found = call.simulator.keywords.snapshots.get((place_of(call.query), call.path["id"]))
    if found is None:
        raise Refusal(404, f"There is no snapshot {call.path['id'][:80]!r}")
    return Answer({"id": call.path["id"], "takenAt": instant(found["takenAt"]), "pipelines": found["shown"]})


def _manual(call: Call) -> Answer:
    call.simulator.look()
    return Answer({"keywords": call.simulator.keywords.manual.get(place_of(call.query), [])})


def _act(what: str, call: Call) -> Answer:
    return Answer(optimizing.act(call.simulator, what, call.query, call.object(), call.path.get("id", "")))


def _stage(call: Call) -> Answer:
    staging.stage(call.simulator, call.json())
    return Answer({})


_BASE = "/text/Keywords/Optimization"
_PIPELINES = f"{_BASE}/Pipelines"
_WRITES = (
    ("DELETE", _BASE, "delete"),
    ("PUT", f"{_BASE}/Data", "choose"),
    ("POST", "/text/Keywords/OptimizeForText", "read-text"),
    ("DELETE", f"{_BASE}/RankingKeywords", "delete-ranking"),
    ("PUT", _PIPELINES, "refill"),
    ("POST", _PIPELINES, "make-line"),
    ("POST", f"{_PIPELINES}/Restore", "restore-line"),
    ("POST", f"{_PIPELINES}/Triggers", "trigger"),
    ("DELETE", f"{_PIPELINES}/{{id}}", "delete-line"),
    ("POST", f"{_PIPELINES}/{{id}}/Triggers", "trigger"),
    ("POST", f"{_PIPELINES}/{{id}}/Lock", "lock"),
    ("POST", f"{_PIPELINES}/{{id}}/Unlock", "unlock"),
    ("PUT", f"{_BASE}/Snapshots", "take"),
    ("POST", "/text/Keywords/Manual", "type"),
)

KEYWORD_ROUTES: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        ("PUT", _BASE): Operation("keywords-start", _start),
        ("GET", _BASE): Operation("keywords", _result),
        ("GET", f"{_BASE}/List"): Operation("keywords-list", _list),
        ("GET", f"{_PIPELINES}/KeywordState"): Operation("keyword-states", _states),
        ("GET", f"{_BASE}/Snapshots/{{id}}"): Operation("snapshot", _snapshot),
        ("GET", "/text/Keywords/Manual"): Operation("manual-keywords", _manual),
        **{(method, path): Operation("keywords-write", partial(_act, what)) for method, path, what in _WRITES},
        ("POST", "/_simulator/keywords"): Operation("", _stage, signed=False, internal=True),
    }
)
