"""Keywords as a story begins with them: set by a call, or written by hand into the state file. Nothing is charged."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sync.simulator.keyword_board import MANUAL, Line, Optimization, Place, place_of
from sync.simulator.keyword_words import drawn
from sync.simulator.wire import Fields, Json, Refusal, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.simulator.keyword_board import Board
    from sync.simulator.service import Simulator

_STATES = frozenset({"Pending", "InProgress", "Completed", "Failed", MANUAL})


def stage(simulator: Simulator, body: object) -> None:
    """Set a record's optimization as a story begins, or its ranks."""
    now = simulator.look()
    simulator.change({"do": "stage", **_told(body, now)})


def by_hand(board: Board, document: Json, now: float) -> None:
    """Take over the keywords that somebody wrote into a document; raise ValueError for what cannot be read.

    They were found `now` where they do not say when. A saved document has none: it says the same in other words.
    """
    for place, entry in enumerate(document.get("keywords", []), 1):
        try:
            given = {"type": "Product", **entry}
            given["languageCode"] = given.get("language", "en")
            told, typed = _told(given, now), Fields(given).many("manual")
        except (TypeError, Refusal) as error:
            raise ValueError(f"keywords {place} of the state file cannot be read: {error}") from None
        searched = told["name"] or told["seeds"] or not typed
        told["status"] = told["status"] or ("Completed" if searched else MANUAL)
        if told["status"] not in _STATES:
            states = ", ".join(sorted(_STATES))
            raise ValueError(f"keywords {place} of the state file cannot be read: status must be one of {states}")
        one = _set(board, told, now)
        if typed:
            board.manual[one.place] = list(dict.fromkeys(" ".join(word.lower().split()) for word in typed))


def _told(body: object, now: float) -> Json:
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    given = Fields(body)
    ranks = given.get("ranks") or {}
    if not isinstance(ranks, dict) or not all(isinstance(rank, int) for rank in ranks.values()):
        raise given.refuse("ranks must be an object of keywords and whole numbers")
    time = given.text("time")
    return {
        "place": list(place_of(given)),
        "name": given.text("name"),
        "country": given.text("countryCode"),
        "seeds": given.many("seedKeywords"),
        "status": given.text("status"),
        "ends": seconds_of(time, "time") if time else now,
        "ranks": {word.lower(): rank for word, rank in ranks.items()},
        "refreshed": now if given.get("refresh") is True else 0.0,
    }


def _stage(simulator: Simulator, change: Json, now: float) -> None:
    _set(simulator.keywords, change, now)


def _set(board: Board, told: Json, now: float) -> Optimization:
    place, status = Place(*told["place"]), told["status"]
    one = board.optimizations.get(place)
    if one is None or status:
        begins, ends = told["ends"], told["ends"]
        if status in {"Pending", "InProgress"}:
            begins, ends = (now + 1e9 if status == "Pending" else now), now + 2e9
        one = Optimization(
            place, told["name"], told["country"], told["seeds"], accepted=min(now, told["ends"]),
            begins=begins, ends=ends, fails=status == "Failed", starts=0 if status == MANUAL else 1,
        )  # fmt: skip
        for number in range(1, one.clusters + 1):
            identity = f"p-{drawn(board.seed, place, number):x}"
            one.lines[identity] = Line(identity, f"Cluster {number}")
        board.optimizations[place] = one
    one.ranks.update(told["ranks"])
    one.refreshed = told.get("refreshed") or one.refreshed
    return one


CHANGES: Mapping[str, Callable[[Simulator, Json, float], Any]] = MappingProxyType({"stage": _stage})
