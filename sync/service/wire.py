"""From the service's JSON to our nouns: credits, lists, requests. Pure; the service's spelling ends here.

What is missing, null, superfluous or of another kind is put up with wherever something sensible is left. What
cannot be used at all raises Unreachable, which names what was expected; nothing else is ever raised.
"""

from __future__ import annotations

from sync.errors import Unreachable
from sync.model import (
    Balance,
    Choice,
    Combination,
    PriceList,
    RequestDetails,
    RequestState,
    Rules,
)
from sync.service.loose import (
    find,
    flag,
    items,
    moment,
    number,
    opened,
    parse,
    text,
    texts,
    thing,
    things,
    unreadable,
    whole,
)

_STATES = {state.value.casefold(): state for state in RequestState if state is not RequestState.OTHER} | {
    "canceling": RequestState.CANCELLING,
    "canceled": RequestState.CANCELLED,
}


# ------------------------------------------------------------------------------------ lists


def listing(value: object, expected: str) -> list[object]:
    """Return the entries of a list, which may also be the only list inside an object."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        if len(lists) == 1:
            return lists[0]
    raise unreadable(expected)


def choices(value: object, expected: str) -> tuple[Choice, ...]:
    """Read a list of `{id, name, default}`; a bare string is both id and name."""
    found = []
    for entry in listing(value, expected):
        data = thing(entry)
        name = text(entry) or text(find(data, "name"))
        identity = text(entry) or text(find(data, "id")) or name
        if identity:
            found.append(Choice(identity, name or identity, flag(find(data, "default")) or False))
    return tuple(found)


def codes(value: object, expected: str) -> tuple[str, ...]:
    """Read a list of language codes, in lower case."""
    found = (text(entry) or text(find(thing(entry), "id", "code", "language")) for entry in listing(value, expected))
    return tuple(code.strip().lower() for code in found if code.strip())


def text_types(value: object) -> tuple[str, ...]:
    """Read the text types: names, objects with a name, or lists of those by record type."""
    value = opened(value)
    entries = [one for part in value.values() for one in items(part)] if isinstance(value, dict) else items(value)
    found = (text(entry) or text(find(thing(entry), "id", "name", "field")) for entry in entries)
    types = tuple(dict.fromkeys(name for name in found if name))
    if not types:
        raise unreadable("a list of text types")
    return types


def combinations(value: object) -> tuple[Combination, ...]:
    """Read the choices that are refused together; one that is not wholly readable is left out."""
    found = []
    for entry in listing(value, "a list of combinations"):
        members = [thing(member) for member in items(find(thing(entry), "combination"))]
        pairs = tuple((text(find(member, "type")), text(find(member, "id"))) for member in members)
        if pairs and all(name and identity for name, identity in pairs):
            found.append(Combination(pairs))
    return tuple(found)


def rules(value: object) -> Rules:
    """Read the limits; those that are not named are None."""
    data = needed(value, "the limits of texts")
    return Rules(
        max_name_length=whole(find(data, "maxNameLength")),
        max_custom_tone_length=whole(find(data, "maxCustomToneLength")),
        max_custom_style_length=whole(find(data, "maxCustomStyleLength")),
        max_custom_audience_length=whole(find(data, "maxCustomAudienceLength")),
        max_other_details_length=whole(find(data, "maxOtherDetailsLength")),
        max_attributes=whole(find(data, "maxAttributes")),
        max_attribute_value_length=whole(find(data, "maxAttributeValueLength")),
        max_keywords=whole(find(data, "maxKeywords")),
        max_keyword_length=whole(find(data, "maxKeywordLength")),
        max_suggested_keywords=whole(find(data, "maxSuggestedKeywords")),
        max_semantic_keywords=whole(find(data, "maxSemanticKeywords")),
        min_output_words=whole(find(data, "minOutputWords")),
        max_output_words=whole(find(data, "maxOutputWords")),
        max_reference_length=whole(find(data, "maxReferenceTextLength")),
        more_reference_length=whole(find(data, "additionalReferenceTextLength")),
        max_reference_title_length=whole(find(data, "maxReferenceTextPageTitleLength")),
        max_reference_description_length=whole(find(data, "maxReferenceTextPageDescriptionLength")),
        imitated=frozenset(text_types(named)) if (named := find(data, "referenceTextTypes")) else None,
        max_representatives=whole(find(data, "maxRepresentativeProducts")),
        max_alt_texts=whole(find(data, "maxImageAltTextPerRequest")),
        rewritten=frozenset(text_types(named)) if (named := find(data, "rewriteTextTypes")) else None,
    )


def prices(value: object) -> PriceList:
    """Read the price list."""
    data = needed(value, "a price list")
    return PriceList(
        generation=_numbers(find(data, "generation")),
        tier=_numbers(find(data, "generationTier")),
        alt_text=number(find(data, "altText")),
        keyword_analysis=number(find(data, "keywordAnalysis")),
        words_per_credit=whole(find(data, "wordsPerCredit")) or PriceList().words_per_credit,
    )


def balance(value: object) -> Balance:
    """Read the account's credits."""
    data = needed(value, "the account's credits")
    available = number(find(data, "availableCredits", "available"))
    if available is None:
        raise unreadable("the account's credits")
    return Balance(
        available=available,
        total=number(find(data, "totalCredits", "total")),
        premium=flag(find(data, "isPremium", "premium")),
        membership=text(find(data, "membershipType", "membership")),
    )


def denies(body: bytes) -> bool:
    """Tell whether a body says no, by itself or under a name: `false`, `{"isAvailable": false}`."""
    try:
        value = parse(body, "yes or no")
    except Unreachable:
        return False
    data = thing(value)
    inner = find(data, "isAvailable", "available", "result", "value") if data else value
    return flag(inner) is False


def clock(value: object) -> float | None:
    """Read a time from a body, in seconds since 1970, UTC; None when there is none."""
    data = thing(opened(value))
    return moment(find(data, "time", "serverTime", "currentTime", "now", "utc", "date", "value") if data else value)


# --------------------------------------------------------------------------------- requests


def state(raw: str) -> RequestState:
    """Read a request's status; a word we do not know is OTHER."""
    return _STATES.get(raw.casefold().replace(" ", "").replace("_", ""), RequestState.OTHER)


def request_details(value: object, request_id: str) -> RequestDetails:
    """Read one request; `request_id` is what was asked for, should the answer not repeat it."""
    details = _details(needed(value, "the state of a request"), request_id)
    if not (details.raw_state or details.records):
        raise unreadable("the state of a request")
    return details


def request_list(value: object) -> tuple[RequestDetails, ...]:
    """Read the active requests; entries without an id, which nobody could follow, are left out."""
    found = opened(value)
    entries = listing(found, "a list of requests") if found is not None else []
    return tuple(details for entry in things(entries) if (details := _details(entry, "")).request_id)


def _details(data: dict[str, object], request_id: str) -> RequestDetails:
    raw = text(find(data, "status"))
    lists = {name: frozenset(texts(find(data, f"{name}Ids"))) for name in ("queued", "running", "completed", "failed")}
    return RequestDetails(
        request_id=text(find(data, "id", "requestId")) or request_id,
        state=state(raw),
        raw_state=raw,
        type=text(find(data, "recordType", "type")),
        store=text(find(data, "storeId", "store")),
        language=text(find(data, "language")),
        total=whole(find(data, "total")),
        estimated_end=moment(find(data, "estimatedEndTime")),
        user=text(find(data, "userName", "name")),
        **lists,
    )


def order_id(value: object) -> str:
    """Return the request id of an answer to an order; empty when it has none."""
    data = thing(opened(value))
    found = find(data, "requestId", "bulkRequestId", "request_id")
    if found is None and find(data, "texts") is None:
        found = find(data, "id")
    return text(found)


def needed(value: object, expected: str) -> dict[str, object]:
    """Return an object, also one that is wrapped or alone in a list. Raises Unreachable for anything else."""
    data = thing(opened(value))
    if not data:
        raise unreadable(expected)
    return data


def _numbers(value: object) -> dict[str, float]:
    found = {text(name).casefold(): number(one) for name, one in thing(value).items()}
    return {name: one for name, one in found.items() if one is not None}
