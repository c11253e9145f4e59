"""Calls every free read once and says how each answer differs from what we take it to be. Costs nothing.

A report names calls, statuses, fields and kinds of values; no value of an answer, and nothing of the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.errors import NotSignedIn, Rejected, ServiceError
from sync.model import Probe, RecordKey
from sync.service import loose
from sync.service.differences import differences
from sync.service.endpoints import ENDPOINTS
from sync.service.keyword_wire import place as keyword_place
from sync.service.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.service.session import Session


class Place(NamedTuple):
    """Where to look: the paged lists and the texts want a type, and some a store."""

    type: str = "Product"
    store: str = "default"
    language: str = "en"


_OF_RECORDS_KEYWORDS = frozenset({"keyword-result", "manual-keywords", "keyword-snapshot"})
_OF_KEYWORDS = _OF_RECORDS_KEYWORDS | {"keyword-optimizations", "keyword-states"}
_NEEDING = frozenset({"request", "texts", "image", "reviews"}) | _OF_RECORDS_KEYWORDS
"""Reads that name something which another read has shown."""
_NOTHING_THERE = frozenset({"texts", "status", "history", "images", "reviews", "review-status"}) | _OF_KEYWORDS
"""Reads for which 404 may mean that there is nothing to show."""


def probes(session: Session, place: Place) -> Iterator[Probe]:
    """Make the calls, those that give ids to ask about before those that need one.

    Raises NotSignedIn when the key is not taken.
    """
    session.sign_in.token()
    seen: dict[str, object] = {}
    for name in sorted(SHAPES, key=_NEEDING.__contains__):
        shape = SHAPES[name]
        needed = _needed(name, seen)
        if needed is None:
            yield _probe(name, None, remark="not called: there is nothing there to ask about")
            continue
        try:
            answer = session.get(name, path_id=needed, query=_query(name, place, _record(name, needed, seen)))
            value = loose.parse(answer.body, "JSON")
        except NotSignedIn:
            raise
        except Rejected as error:
            nothing = error.status == 404 and name in _NOTHING_THERE
            remark = "which may mean that there is nothing" if nothing else ""
            yield _probe(name, error.status, remark=remark, as_assumed=nothing)
        except ServiceError as error:
            yield _probe(name, None, remark=error.message, as_assumed=False)
        else:
            seen[name] = value
            found = tuple(map(str, differences(value, shape)))
            yield _probe(name, answer.status, found, _emptiness(value), as_assumed=not found)


def _probe(
    name: str,
    status: int | None,
    found: tuple[str, ...] = (),
    remark: str = "",
    *,
    as_assumed: bool | None = None,
) -> Probe:
    endpoint = ENDPOINTS[name]
    return Probe(name, endpoint.method, endpoint.path, str(endpoint.source), status, found, remark, as_assumed)


def _needed(name: str, seen: Mapping[str, object]) -> str | None:
    """Give the id that a call needs, from earlier answers: empty where it needs none, None where none is known."""
    if name == "credit-available":
        return "1"
    if name == "request":
        return _first(seen.get("active-requests"), "id")
    if name == "texts":
        return _first(loose.find(loose.thing(seen.get("status")), "records"), "recordId")
    if name == "reviews":
        return _first(loose.find(loose.thing(seen.get("review-status")), "records"), "recordId")
    if name == "image":
        return _first(loose.find(loose.thing(seen.get("images")), "images"), "imageId")
    if name in {"keyword-result", "manual-keywords"}:
        return _first(loose.find(loose.thing(seen.get("keyword-optimizations")), "records"), "recordId")
    if name == "keyword-snapshot":
        return _first(loose.find(loose.thing(seen.get("keyword-result")), "pipelines"), "snapshotId")
    return ""


def _record(name: str, needed: str, seen: Mapping[str, object]) -> str:
    """Give the record that a call is about: what it needs, but for a snapshot, whose id that is."""
    if name != "keyword-snapshot":
        return needed
    return _first(loose.find(loose.thing(seen.get("keyword-optimizations")), "records"), "recordId") or ""


def _first(entries: object, name: str) -> str | None:
    found = (loose.text(loose.find(entry, name)) for entry in loose.things(entries))
    return next((one for one in found if one), None)


def _query(name: str, place: Place, record_id: str) -> list[tuple[str, str]]:
    if name in {"image", "images"}:
        found = [("imageId", record_id)] if name == "image" else []
        return [("storeId", place.store), ("language", place.language), *found, ("includeUpdateHistory", "true")]
    if name == "template-settings":
        return [("type", place.type), ("storeId", place.store)]
    if name == "account":
        return [("GetAccount", "true")]
    if name not in _NOTHING_THERE:
        return []
    if name == "reviews":
        return [("type", place.type), ("recordId", record_id), ("language", place.language), ("all", "true")]
    if name in _OF_KEYWORDS:
        store, kind, record, language = keyword_place(RecordKey(place.store, place.type, record_id, place.language))
        return [store, kind, record, language] if name in _NEEDING else [store, kind, language, ("pageSize", "100")]
    query = [("type", place.type), ("storeId", place.store)]
    if name == "texts":
        return [*query, ("language", place.language), ("recordId", record_id), ("includeUpdateHistory", "true")]
    return [*query, ("pageSize", "100")]


def _emptiness(value: object) -> str:
    lists = [one for one in loose.thing(value).values() if isinstance(one, list)]
    return "it was empty, so its entries were not seen" if value == [] or (lists and not any(lists)) else ""
