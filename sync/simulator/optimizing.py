"""What can be done about keywords: optimizations started and deleted, pipelines locked, deleted, restored, and so on.

Each act is checked first, then written down as a change, then made; a change is made again when a state file is read.
"""

from __future__ import annotations

import copy
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sync.simulator.account import Charge
from sync.simulator.catalogue import PRICES
from sync.simulator.keyword_board import (
    DEFAULT_CLUSTERS,
    MOST_CLUSTERS,
    Line,
    Look,
    Optimization,
    Place,
    place_of,
)
from sync.simulator.keyword_words import drawn
from sync.simulator.wire import Fields, Json, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.simulator.service import Simulator

ANALYSIS, REFRESH = int(PRICES["keywordAnalysis"]), 1
"""Credits, by the vendor's price list; that starting costs the one, and the smaller calls the other, is assumed."""
LONGER = 3.0
"""How many times as long an analysis takes as a record's texts."""
_FIELD = "keywords"


def start(simulator: Simulator, body: object) -> Json:
    """Take an order for an analysis and charge for it; raise Refusal: 400 for a bad call, 402 without credits.

    One that is under way begins anew, and is charged again, and so is one that is done (assumed, and unkind on
    purpose: whoever sends an order twice is to see it in the ledger).
    """
    simulator.look()
    given = _object(body)
    place = place_of(given)
    clusters = given.whole("clusters")
    if clusters is not None and not 1 <= clusters <= MOST_CLUSTERS:
        raise given.refuse(f"clusters must be from 1 to {MOST_CLUSTERS}")
    country = given.text("countryCode")
    if country and len(country) != 2:
        raise given.refuse("countryCode must be two letters")
    triggers = _triggers(given)
    simulator.account.check(ANALYSIS, simulator.reserved())
    name = given.text("name")
    fails = simulator.faults.work("fail") or "[fail]" in name.lower()
    change = {
        "do": "optimize",
        "place": list(place),
        "name": name,
        "country": country,
        "seeds": [*given.many("seedKeywords"), *given.many("products")],
        "clusters": clusters or DEFAULT_CLUSTERS,
        "triggers": triggers,
        "fails": fails,
    }
    answer: Json = simulator.change(change)
    return answer


def _optimize(simulator: Simulator, change: Json, now: float) -> Json:
    place = Place(*change["place"])
    before = simulator.keywords.optimizations.pop(place, None)
    begins = simulator.keywords.free_at(simulator.line.capacity, now)
    starts = before.starts + 1 if before else 1
    lasts = LONGER * simulator.seconds_per_record * (0.7 + 0.6 * (drawn(simulator.seed, place, starts) % 1000) / 1000)
    one = Optimization(
        place, change["name"], change["country"], change["seeds"], change["clusters"],
        accepted=now, begins=begins, ends=begins + lasts, fails=change["fails"], starts=starts,
    )  # fmt: skip
    for number in range(1, one.clusters + 1):
        identity = f"p-{drawn(simulator.seed, place, number):x}"
        one.lines[identity] = Line(identity, f"Cluster {number}", triggers=copy.deepcopy(change["triggers"]))
    simulator.keywords.optimizations[place] = one
    _charge(simulator, place, ANALYSIS, now)
    return {"status": one.status(now), "recordId": place.record_id}


def _charge(simulator: Simulator, place: Place, cost: int, now: float) -> None:
    key = (place.type, place.store_id, place.language, place.record_id, _FIELD)
    simulator.account.charge(Charge("", "", *key, cost, now))


def act(simulator: Simulator, what: str, query: Fields, body: object, identity: str = "") -> Json:
    """Do one of the smaller things; raise Refusal: 400 for a bad call, 404 for what is not there, 402 for credits."""
    simulator.look()
    place, given = place_of(query), _object(body)
    check, cost = _CHECKS[what]
    told = check(simulator, place, given, identity)
    if cost:
        simulator.account.check(cost, simulator.reserved())
    answer: Json = simulator.change({"do": "keywords", "act": what, "place": list(place), "cost": cost, **told})
    return answer


def _keywords(simulator: Simulator, change: Json, now: float) -> Json:
    place = Place(*change["place"])
    if change["cost"]:
        _charge(simulator, place, change["cost"], now)
    return _ACTS[change["act"]](simulator, place, change, now)


# Checks: what a change has to be told


def _there(simulator: Simulator, place: Place, _: Fields, __: str) -> Json:
    simulator.keywords.find(place)
    return {}


def _line_there(simulator: Simulator, place: Place, given: Fields, identity: str) -> Json:
    name = identity or given.need("pipelineId")
    simulator.keywords.line(place, name)
    return {"pipeline": name}


def _restorable(simulator: Simulator, place: Place, given: Fields, identity: str) -> Json:
    told, snapshot = _line_there(simulator, place, given, identity), given.text("snapshotId")
    if snapshot and (place, snapshot) not in simulator.keywords.snapshots:
        raise Refusal(404, f"There is no snapshot {snapshot[:80]!r}")
    return {**told, "snapshot": snapshot}


def _with_triggers(simulator: Simulator, place: Place, given: Fields, identity: str) -> Json:
    triggers = _triggers(given)
    if not triggers:
        raise given.refuse("triggers is required")
    if identity:
        simulator.keywords.line(place, identity)
    simulator.keywords.find(place)
    return {"pipeline": identity, "triggers": triggers}


def _triggers(given: Fields) -> list[Json]:
    found = []
    for one in given.objects("triggers"):
        action = one.need("action")
        if action not in {"FlagForRewrite", "Rewrite", "Automatic"}:  # only the first is documented
            raise one.refuse(f"action {action[:40]!r} is not known")
        shown = {name: one.text(name) for name in ("option", "value") if one.text(name)}
        found.append({**shown, "action": action, "textTypes": one.many("textTypes")})
    return found


def _chosen(simulator: Simulator, place: Place, given: Fields, _: str) -> Json:
    simulator.keywords.find(place)
    return {"keywords": _words(given)}


def _typed(_: Simulator, __: Place, given: Fields, ___: str) -> Json:
    return {"keywords": _words(given)}


def _words(given: Fields) -> list[str]:
    if given.get("keywords") is None:
        raise given.refuse("keywords is required")
    return list(dict.fromkeys(" ".join(one.lower().split()) for one in given.many("keywords")))


def _new_line(simulator: Simulator, place: Place, given: Fields, _: str) -> Json:
    simulator.keywords.find(place)
    return {"title": given.need("title"), "keywords": _words(given)}


def _new_keywords(simulator: Simulator, place: Place, given: Fields, _: str) -> Json:
    lines = {}
    for one in given.objects("pipelines"):
        simulator.keywords.line(place, one.need("pipelineId"))
        lines[one.need("pipelineId")] = _words(one)
    if not lines:
        raise given.refuse("pipelines is required")
    return {"lines": lines}


def _text(_: Simulator, __: Place, given: Fields, ___: str) -> Json:
    return {"text": given.need("text")}


def _snapshot(simulator: Simulator, place: Place, given: Fields, _: str) -> Json:
    simulator.keywords.find(place)
    return {"id": given.text("id") or simulator.identity("snapshot")[:8]}


# Acts: what a change does


def _drop(simulator: Simulator, place: Place, _: Json, __: float) -> Json:
    del simulator.keywords.optimizations[place]
    return {}


def _forget_ranking(simulator: Simulator, place: Place, _: Json, __: float) -> Json:
    simulator.keywords.find(place).forgets_ranking = True
    return {}


def _choose(simulator: Simulator, place: Place, change: Json, _: float) -> Json:
    simulator.keywords.find(place).chosen = change["keywords"]
    return {}


def _type(simulator: Simulator, place: Place, change: Json, now: float) -> Json:
    simulator.keywords.manual[place] = change["keywords"]
    if place not in simulator.keywords.optimizations:
        simulator.keywords.optimizations[place] = Optimization(place, starts=0, accepted=now, begins=now, ends=now)
    return {"keywords": change["keywords"]}


def _lock(simulator: Simulator, place: Place, change: Json, now: float) -> Json:
    line = simulator.keywords.line(place, change["pipeline"])
    at = Look(simulator.keywords, simulator.keywords.find(place), simulator.shelf, now).current(line)
    line.locked_at = at.keyword if at else ""
    return {}


def _unlock(simulator: Simulator, place: Place, change: Json, _: float) -> Json:
    simulator.keywords.line(place, change["pipeline"]).locked_at = None
    return {}


def _delete_line(simulator: Simulator, place: Place, change: Json, _: float) -> Json:
    simulator.keywords.line(place, change["pipeline"]).deleted = True
    return {}


def _restore_line(simulator: Simulator, place: Place, change: Json, now: float) -> Json:
    board, line = simulator.keywords, simulator.keywords.line(place, change["pipeline"])
    line.deleted = False
    taken = board.snapshots.get((place, change["snapshot"]), {}).get("lines", {}).get(line.id)
    if taken is not None:
        line.title, line.keywords, line.locked_at = taken["title"], taken["keywords"], taken["locked_at"]
    return Look(board, board.find(place), simulator.shelf, now).pipeline(line)


def _trigger(simulator: Simulator, place: Place, change: Json, _: float) -> Json:
    lines = simulator.keywords.find(place).lines
    for line in [lines[change["pipeline"]]] if change["pipeline"] else lines.values():
        line.triggers += [one for one in copy.deepcopy(change["triggers"]) if one not in line.triggers]
    return {}


def _make_line(simulator: Simulator, place: Place, change: Json, now: float) -> Json:
    board, one = simulator.keywords, simulator.keywords.find(place)
    line = Line(f"p-{drawn(simulator.seed, place, 'own', len(one.lines)):x}", change["title"], change["keywords"])
    one.lines[line.id] = line
    return Look(board, one, simulator.shelf, now).pipeline(line)


def _refill(simulator: Simulator, place: Place, change: Json, _: float) -> Json:
    for name, words in change["lines"].items():
        simulator.keywords.line(place, name).keywords = words
    return {}


def _read_text(simulator: Simulator, place: Place, change: Json, __: float) -> Json:
    words = [word.strip(".,;:!?()").lower() for word in change["text"].split()]
    pairs = [f"{one} {other}" for one, other in pairwise(words) if len(one) > 3 and len(other) > 3]
    known = simulator.keywords.manual.get(place, [])
    return {"keywords": [one for one in dict.fromkeys(pairs) if one not in known][:10]}


def _take(simulator: Simulator, place: Place, change: Json, now: float) -> Json:
    board, one, name = simulator.keywords, simulator.keywords.find(place), change["id"]
    for line in one.lines.values():
        line.snapshot_id = name
    kept = {
        line.id: {"title": line.title, "keywords": line.keywords, "locked_at": line.locked_at}
        for line in one.lines.values()
    }
    shown = Look(board, one, simulator.shelf, now).lines()
    board.snapshots[place, name] = {"lines": kept, "takenAt": now, "shown": shown}
    return {"id": name}


_CHECKS: Mapping[str, tuple[Callable[[Simulator, Place, Fields, str], Json], int]] = MappingProxyType(
    {
        "delete": (_there, 0),
        "delete-ranking": (_there, 0),
        "choose": (_chosen, 0),
        "type": (_typed, 0),
        "lock": (_line_there, 0),
        "unlock": (_line_there, 0),
        "delete-line": (_line_there, 0),
        "restore-line": (_restorable, 0),
        "trigger": (_with_triggers, 0),
        "make-line": (_new_line, REFRESH),
        "refill": (_new_keywords, REFRESH),
        "read-text": (_text, REFRESH),
        "take": (_snapshot, 0),
    }
)
"""What each of the smaller things has to be told, and what it costs in credits."""
_ACTS: Mapping[str, Callable[[Simulator, Place, Json, float], Json]] = MappingProxyType(
    {
        "delete": _drop,
        "delete-ranking": _forget_ranking,
        "choose": _choose,
        "type": _type,
        "lock": _lock,
        "unlock": _unlock,
        "delete-line": _delete_line,
        "restore-line": _restore_line,
        "trigger": _trigger,
        "make-line": _make_line,
        "refill": _refill,
        "read-text": _read_text,
        "take": _take,
    }
)


def _object(body: object) -> Fields:
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    return Fields(body)


CHANGES: Mapping[str, Callable[[Simulator, Json, float], Any]] = MappingProxyType(
    {"optimize": _optimize, "keywords": _keywords}
)
