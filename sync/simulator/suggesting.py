"""Audiences and keywords that are suggested for a record, the ones that were chosen, and templates of texts.

The same record, words and language get the same suggestions until others are asked for. They cost nothing (assumed),
unless a price is set.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sync.simulator.account import Charge
from sync.simulator.catalogue import AUDIENCES, RULES, TEXT_TYPES
from sync.simulator.gallery import NO_STORE
from sync.simulator.orders import record_type
from sync.simulator.wire import Fields, Json, Refusal, bare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.simulator.service import Simulator

AUDIENCE, KEYWORDS = "audience", "keywords"
_MANY = 5
_MORE_AUDIENCES = ("First-time buyers", "Collectors", "Small households", "Hobby cooks", "Commuters", "Pet owners")
_BEFORE = ("best", "small", "modern", "handmade", "durable", "affordable", "sustainable")
_AFTER = ("for the home", "as a gift", "set", "for beginners", "with warranty", "online", "reviews")
_TEMPLATES = ("Standard", "Short")


@dataclass
class Ideas:
    """How often others were asked for, and what was chosen; by kind, store, type and record."""

    rounds: dict[tuple[str, ...], int] = field(default_factory=dict)
    chosen: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    templates: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The template in use, by store, type and text type; without one, the first."""
    price: int = 0
    """Credits that each question costs."""
    free: frozenset[str] = frozenset()
    """Kinds of which no question costs anything."""

    def cost(self, kind: str) -> int:
        """Tell what a question of a kind costs."""
        return 0 if kind in self.free else self.price


def audiences(simulator: Simulator, query: Fields, language: str) -> Json:
    """Suggest audiences for a record. No `values` when nothing comes to mind: for a record whose text is blank."""
    key, texts = _asked(simulator, AUDIENCE, query)
    pool = [*(str(one["name"]) for one in AUDIENCES), *_MORE_AUDIENCES]
    draws = _draws(simulator, key, language, *texts)
    found: Json = {"selected": simulator.ideas.chosen.get(key, [])}
    return {"values": draws.sample(pool, _MANY), **found} if texts else found


def keywords(simulator: Simulator, query: Fields, language: str) -> Json:
    """Suggest keywords for each of the texts of a record."""
    key, texts = _asked(simulator, KEYWORDS, query)
    return {
        "texts": [{"text": one, "values": _like(one, _draws(simulator, key, language, one))} for one in texts],
        "selected": simulator.ideas.chosen.get(key, []),
    }


def _like(text: str, draws: random.Random) -> list[str]:
    words = bare(text).lower()
    every = [*(f"{one} {words}" for one in _BEFORE), *(f"{words} {one}" for one in _AFTER)]
    fitting = [one for one in every if len(one) <= RULES["maxKeywordLength"]]
    return draws.sample(fitting, min(_MANY, len(fitting)))


def choose(simulator: Simulator, kind: str, body: object) -> None:
    """Remember what was chosen from the suggestions, which is then shown beside them."""
    simulator.look()
    given = _object(body)
    key = _key(kind, given)
    if not given.many("text"):
        raise given.refuse("text is required")
    selected = given.get("selected")
    chosen = [selected] if isinstance(selected, str) and selected else given.many("selected")
    simulator.change({"do": "choose", "key": list(key), "selected": chosen})


def _asked(simulator: Simulator, kind: str, query: Fields) -> tuple[tuple[str, ...], list[str]]:
    simulator.look()
    key = _key(kind, query)
    if price := simulator.ideas.cost(kind):
        simulator.account.check(price, simulator.reserved())
        simulator.change({"do": "suggest", "key": list(key)})
    given = query.get("text")
    texts = [given.strip()] if isinstance(given, str) else query.many("text")
    if query.flag("clearAllText"):
        simulator.change({"do": "afresh", "key": list(key)})
    return key, list(dict.fromkeys(one for one in texts if one))


def _key(kind: str, given: Fields) -> tuple[str, ...]:
    name = record_type(given) if "type" in given else "Product"
    return (kind, given.text("storeId") or NO_STORE, name, given.need("recordId"))


def _draws(simulator: Simulator, key: tuple[str, ...], *more: str) -> random.Random:
    place = (simulator.seed, key, simulator.ideas.rounds.get(key, 0), more)
    return random.Random(repr(place))  # noqa: S311 - repeatable on purpose


def templates(simulator: Simulator, query: Fields) -> Json:
    """Show the templates for records of a type. Everything about templates is assumed."""
    kinds = [record_type(query)] if "type" in query else list(TEXT_TYPES)
    store = query.text("storeId") or NO_STORE
    return {"templates": list(chain.from_iterable(_templates(simulator, store, kind) for kind in kinds))}


def _templates(simulator: Simulator, store: str, kind: str) -> list[Json]:
    found = []
    for name in TEXT_TYPES[kind]:
        ids = {word: f"{kind} {name} {word}".lower().replace(" ", "-") for word in _TEMPLATES}
        chosen = simulator.ideas.templates.get((store, kind, name), ids[_TEMPLATES[0]])
        found += [
            {"id": one, "name": word, "type": kind, "field": name, "default": one == chosen}
            for word, one in ids.items()
        ]
    return found


def choose_template(simulator: Simulator, body: object) -> None:
    """Use a template from now on; 404 for an unknown one. It changes nothing about the texts (assumed)."""
    simulator.look()
    given = _object(body)
    store, identity = given.text("storeId") or NO_STORE, given.need("id")
    every = chain.from_iterable(_templates(simulator, store, kind) for kind in TEXT_TYPES)
    one = next((one for one in every if one["id"] == identity), None)
    if one is None:
        raise Refusal(404, f"There is no template {identity[:80]!r}")
    simulator.change({"do": "template", "key": [store, one["type"], one["field"]], "id": identity})


def _afresh(simulator: Simulator, change: Json, _: float) -> None:
    key = tuple(change["key"])
    simulator.ideas.rounds[key] = simulator.ideas.rounds.get(key, 0) + 1


def _pay(simulator: Simulator, change: Json, now: float) -> None:
    kind, store, record_kind, record = change["key"]
    price = simulator.ideas.cost(kind)
    simulator.account.charge(Charge("", "", record_kind, store, "", record, f"{kind} suggestion", price, now))


def _choose(simulator: Simulator, change: Json, _: float) -> None:
    simulator.ideas.chosen[tuple(change["key"])] = list(change["selected"])


def _use(simulator: Simulator, change: Json, _: float) -> None:
    simulator.ideas.templates[tuple(change["key"])] = change["id"]


def document(ideas: Ideas) -> Json:
    """Write what was asked for afresh and what was chosen."""
    return {
        "suggestions": {
            "rounds": [[*key, many] for key, many in ideas.rounds.items()],
            "chosen": [[list(key), words] for key, words in ideas.chosen.items()],
            "templates": [[*key, identity] for key, identity in ideas.templates.items()],
        }
    }


def restore(ideas: Ideas, document: Json) -> None:
    """Take them over from a document."""
    saved = document.get("suggestions", {})
    ideas.rounds = {tuple(key): many for *key, many in saved.get("rounds", [])}
    ideas.chosen = {tuple(key): list(words) for key, words in saved.get("chosen", [])}
    ideas.templates = {tuple(key): identity for *key, identity in saved.get("templates", [])}


def _object(body: object) -> Fields:
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    return Fields(body)


CHANGES: Mapping[str, Callable[[Simulator, Json, float], Any]] = MappingProxyType(
    {"afresh": _afresh, "choose": _choose, "suggest": _pay, "template": _use}
)
"""How each kind of change is made."""
