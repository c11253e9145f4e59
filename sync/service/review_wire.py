"""From the service's JSON to reviews, and back. Pure, and as forgiving as `wire`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import RecordKey, Review, ReviewedText, Wish
from sync.service.body import given
from sync.service.loose import find, flag, moment, number, opened, text, thing, things
from sync.service.wire import listing

if TYPE_CHECKING:
    from sync.model import ReviewRequest
    from sync.service.body import Json

_NUMBERS = {1: Wish.REWRITE, 2: Wish.CORRECTION, 3: Wish.BOTH, -1: Wish.DONE}
_WORDS = {
    "rewrite": Wish.REWRITE,
    "editforrewrite": Wish.REWRITE,
    "correction": Wish.CORRECTION,
    "factcheck": Wish.CORRECTION,
    "editforcorrection": Wish.CORRECTION,
    "editforrewriteandcorrection": Wish.BOTH,
    "done": Wish.DONE,
}


def wish(value: object) -> Wish:
    """Read what is asked of a text: the plugin's numbers, or the words of the status page."""
    found = number(value)
    if found is not None:
        return _NUMBERS.get(int(found), Wish.OTHER) if found.is_integer() else Wish.OTHER
    return _WORDS.get(text(value).casefold().replace(" ", "").replace("_", ""), Wish.OTHER)


def reviews(value: object, record: RecordKey) -> tuple[Review, ...]:
    """Read the reviews of one record. One that names another record is left out."""
    if value is None:
        return ()
    data = opened(value)
    inner = find(thing(data), "reviews") if isinstance(data, dict) else None
    found = (_review(entry, record) for entry in things(listing(data, "reviews") if inner is None else inner))
    return tuple(one for one in found if one is not None)


def _review(data: dict[str, object], record: RecordKey) -> Review | None:
    named = text(find(data, "recordId")) or record.record_id
    if named.strip().casefold() != record.record_id.strip().casefold():
        return None
    store, language = text(find(data, "storeId")) or record.store, text(find(data, "language")) or record.language
    return Review(
        review_id=text(find(data, "id", "reviewId")),
        key=RecordKey(store, record.type, record.record_id, language),
        comment=text(find(data, "comment")),
        texts=tuple(_text(entry) for entry in things(find(data, "fields"))),
        date=moment(find(data, "date", "updated", "created")),
        user=text(find(data, "createdByUserName", "userName")),
        name=text(find(data, "createdByName", "name")),
        archived=flag(find(data, "archived")),
    )


def _text(data: dict[str, object]) -> ReviewedText:
    raw = find(data, "status")
    return ReviewedText(
        text_type=text(find(data, "field", "textType")),
        wish=wish(raw),
        raw_wish=text(raw),
        text_id=text(find(data, "textId")),
        text=text(find(data, "text", "value")),
    )


def review_id(value: object, known: str) -> str:
    """Return the id that an answer gives to a review; `known` when it gives none."""
    data = thing(opened(value))
    return text(value) or text(find(data, "id", "reviewId")) or text(find(thing(find(data, "review")), "id")) or known


def review_body(request: ReviewRequest, at: str) -> Json:
    """Return the body of a request for change: what the page asks for, and the numbers that the plugin sends."""
    key = request.key
    status = next((code for code, one in _NUMBERS.items() if one is request.wish), 1)
    fields = [
        {"field": name, "textId": text_id, "text": words, "status": status, "created": at, "updated": at}
        for name, text_id, words in request.texts
    ]
    return _body(key, request.review_id, at, fields, comment=request.comment, archived=request.archived)


def settle_body(review: Review, text_types: tuple[str, ...], at: str) -> Json:
    """Return the body that marks texts of a review as done; `text_types` empty means all of them."""
    fields = [
        {"field": one.text_type, "textId": one.text_id, "text": one.text, "status": -1, "created": at, "updated": at}
        for one in review.texts
        if not text_types or one.text_type in text_types
    ]
    return _body(review.key, review.review_id, at, fields)


def _body(key: RecordKey, identity: str, at: str, fields: list[Json], **more: object) -> Json:
    return {
        **given(id=identity),
        "type": key.type,
        "language": key.language,
        **given(storeId=key.store),
        "recordId": key.record_id,
        "created": at,
        "updated": at,
        **given(**more),
        "fields": fields,
    }
