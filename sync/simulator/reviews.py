"""Requests for change: made by editors, asked for and settled over the wire, shown record by record and as a list."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sync.simulator.orders import record_type, text_type
from sync.simulator.paging import page_size, page_start, page_token
from sync.simulator.wire import Fields, Json, Refusal, instant, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.simulator.service import Simulator
    from sync.simulator.shelf import Key

DONE = -1
WISHES = MappingProxyType({"rewrite": 1, "correction": 2, "both": 3})
STATUSES = MappingProxyType({1: "EditForRewrite", 2: "EditForCorrection", 3: "EditForRewriteAndCorrection"})


@dataclass(slots=True)
class Review:
    """One request for change. `fields` are `{field, status, textId, text}`; times in seconds since the epoch."""

    id: str
    type: str
    store_id: str
    language: str
    record_id: str
    comment: str
    user: str
    name: str
    created: float
    updated: float
    fields: list[Json]
    archived: bool = False

    @property
    def open(self) -> bool:
        """Whether anything is still to be done."""
        return not self.archived and any(one["status"] != DONE for one in self.fields)

    def shown(self) -> Json:
        """Show the review as the service does."""
        return {
            "id": self.id,
            "date": instant(self.updated),
            "comment": self.comment,
            "createdByUserName": self.user,
            "createdByName": self.name,
            "fields": [dict(one) for one in self.fields],
        }


@dataclass
class Desk:
    """All reviews, oldest first, by id."""

    reviews: dict[str, Review] = field(default_factory=dict)

    def about(self, key: Key, *, two_letters: bool) -> list[Json]:
        """Show the reviews of one text; with `two_letters`, `en-US` finds those of `en`, too."""
        languages = {key.language.lower(), key.language.lower().partition("-")[0] if two_letters else ""}
        return [
            one.shown()
            for one in self.reviews.values()
            if (one.type, one.record_id) == (key.type, key.record_id)
            and (not one.store_id or one.store_id == key.store_id)
            and one.language.lower() in languages
            and any(text["field"] == key.field for text in one.fields)
        ]


def of_record(desk: Desk, query: Fields) -> Json:
    """Show the reviews of a record; without `all`, the open ones (assumed). None is an empty list (assumed)."""
    kind, identity = record_type(query), query.need("recordId")
    store, language = query.text("storeId"), query.text("language").lower()
    every = query.flag("all")
    return {
        "reviews": [
            one.shown()
            for one in desk.reviews.values()
            if (one.type, one.record_id) == (kind, identity)
            and (not language or one.language.lower() == language)
            and (not store or not one.store_id or one.store_id == store)
            and (every or one.open)
        ]
    }


def status(desk: Desk, query: Fields) -> Json:
    """Show the texts for which a change is asked, a page at a time; what is done is left out (assumed)."""
    matches = _matcher(query)
    start, size = page_start(query), page_size(query)
    rows: list[Json] = []
    every = [(one, text) for one in desk.reviews.values() if not one.archived for text in one.fields]
    for place in range(start, len(every)):
        one, text = every[place]
        if not matches(one, text):
            continue
        if len(rows) == size:
            return {"continuationToken": page_token(place), "records": rows}
        rows.append(
            {
                "recordId": one.record_id,
                "storeId": one.store_id,
                "language": one.language,
                "field": text["field"],
                "textId": text["textId"],
                "status": STATUSES[text["status"]],
                "date": instant(one.updated),
                "userName": one.user,
            }
        )
    return {"continuationToken": None, "records": rows}


def _matcher(query: Fields) -> Callable[[Review, Json], bool]:
    kind = record_type(query)
    store, language, user = (query.text(name).lower() for name in ("storeId", "language", "userName"))
    fields = {text_type(query, name, kind) for name in query.many("fields", "field")}
    known = {name.lower(): code for code, name in STATUSES.items()}
    for name in query.many("status"):
        if name.lower() not in known:
            raise Refusal(400, f"unknown status {name[:40]!r}")
    states = {known[name.lower()] for name in query.many("status")}
    first = seconds_of(query.text("startDate"), "startDate") if query.text("startDate") else float("-inf")
    end = seconds_of(query.text("endDate"), "endDate") if query.text("endDate") else float("inf")

    def matches(one: Review, text: Json) -> bool:
        return (
            one.type == kind
            and text["status"] != DONE
            and first <= one.updated < end
            and (not states or text["status"] in states)
            and (not store or not one.store_id or one.store_id.lower() == store)
            and (not language or one.language.lower() == language)
            and (not fields or text["field"] in fields)
            and (not user or one.user.lower() == user)
        )

    return matches


def submit(simulator: Simulator, body: object, language: str) -> Json:
    """Take a request for change, a new one or (with `id`) one that is there; return its id (assumed).

    Raises Refusal: 400 for a bad call, 404 for an unknown `id`. A text without a `status` is to be rewritten (assumed).
    """
    simulator.look()
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    given = Fields(body)
    identity = given.text("id")
    if identity and identity not in simulator.desk.reviews:
        raise Refusal(404, f"There is no review {identity[:80]!r}")
    kind = record_type(given)
    for name in ("created", "updated"):
        if name in given or not identity:
            seconds_of(given.need(name), name)
    fields = [_field(one, kind, edited=bool(identity)) for one in given.objects("fields")]
    if not fields:
        raise given.refuse("fields is required")
    change = {
        "do": "review",
        "id": identity,
        "type": kind,
        "storeId": given.text("storeId"),
        "language": given.text("language") or language or "en",
        "recordId": given.need("recordId"),
        "comment": given.text("comment"),
        "user": simulator.user,
        "name": simulator.user.partition("@")[0].capitalize(),
        "archived": given.flag("archived"),
        "fields": fields,
    }
    return {"id": simulator.change(change)}


def _field(one: Fields, kind: str, *, edited: bool) -> Json:
    name = text_type(one, one.need("field"), kind)
    code = one.whole("status")
    if code is not None and code != DONE and code not in STATUSES:
        raise one.refuse(f"status must be 1, 2, 3 or -1, not {code}")
    if not edited:
        for needed in ("created", "updated"):
            seconds_of(one.need(needed), needed)
    return {
        "field": name,
        "status": 1 if code is None else code,
        "textId": one.text("textId"),
        "text": one.text("text"),
    }


def ask(simulator: Simulator, body: Json) -> Json:
    """Let an editor ask for a change on the service's own screen: `field` or `fields`, `wish`, `comment`, `editor`."""
    simulator.look()
    return {"id": simulator.change({"do": "review", "id": "", "archived": False, **_asked(body)})}


def _asked(body: Json) -> Json:
    """Read what an editor asks for, or raise Refusal (400)."""
    given = Fields(body)
    kind = record_type(given) if "type" in given else "Product"
    wish = given.text("wish", "rewrite").lower()
    if wish not in WISHES:
        raise given.refuse(f"wish must be one of {', '.join(WISHES)}")
    names = given.many("fields", "field")
    if not names:
        raise given.refuse("field is required")
    editor = given.text("editor", "editor@example.com")
    return {
        "type": kind,
        "storeId": given.text("storeId", "default"),
        "language": given.text("language", "en"),
        "recordId": given.need("recordId"),
        "comment": given.text("comment"),
        "user": editor,
        "name": given.text("name") or editor.partition("@")[0].capitalize(),
        "fields": [
            {"field": text_type(given, name, kind), "status": WISHES[wish], "textId": "", "text": ""} for name in names
        ],
    }


def _take(simulator: Simulator, change: Json, now: float) -> str:
    known = simulator.desk.reviews.get(change["id"])
    if known is None:
        made = Review(
            id=simulator.identity("review"),
            type=change["type"],
            store_id=change["storeId"],
            language=change["language"],
            record_id=change["recordId"],
            comment=change["comment"],
            user=change["user"],
            name=change["name"],
            created=now,
            updated=now,
            fields=[dict(one) for one in change["fields"]],
            archived=change["archived"],
        )
        simulator.desk.reviews[made.id] = made
        return made.id
    for one in change["fields"]:
        same = next((text for text in known.fields if text["field"] == one["field"]), None)
        if same is None:
            known.fields.append(dict(one))
            continue
        same |= {name: value for name, value in one.items() if value != ""}
    known.comment = change["comment"] or known.comment
    known.archived = known.archived or change["archived"]
    known.updated = now
    return known.id


def document(desk: Desk) -> Json:
    """Write all reviews."""
    return {"reviews": [asdict(one) for one in desk.reviews.values()]}


def restore(desk: Desk, document: Json, now: float) -> None:
    """Take over the reviews of a document, saved or written by hand; the latter were asked for `now`."""
    every = document.get("reviews", [])
    found = [_by_hand(one, place, now) if "recordId" in one else Review(**one) for place, one in enumerate(every, 1)]
    desk.reviews = {one.id: one for one in found}


def _by_hand(entry: Json, place: int, now: float) -> Review:
    told = _asked(entry)
    return Review(
        id=f"r-start-{place}",
        type=told["type"],
        store_id=told["storeId"],
        language=told["language"],
        record_id=told["recordId"],
        comment=told["comment"],
        user=told["user"],
        name=told["name"],
        created=now,
        updated=now,
        fields=told["fields"],
    )


CHANGES: Mapping[str, Callable[[Simulator, Json, float], Any]] = MappingProxyType({"review": _take})
"""How each kind of change is made."""
