"""What we take the answer to each free read to look like, and how a real answer differs from that. Pure.

A shape is a word for one value (`text`, `number`, `yes/no`, `time`, `any`), a list of one shape, or an object: names of
fields, where a question mark says that the field may be missing or null, and `*` stands for names that are data. Field
names are the documentation's and the plugin's, as far as those show them; where they show nothing, `ENDPOINTS` says so.

A difference names fields and kinds of values, never a value: it can be shown to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"

_CHOICE: Shape = {"id": "text", "name": "text", "default?": "yes/no"}
_REQUEST: Shape = {
    "id": "text",
    "userName": "text",
    "name?": "text",
    "recordType": "text",
    "storeId": "text",
    "language": "text",
    "status": "text",
    "startTime?": "time",
    "endTime?": "time",
    "estimatedEndTime?": "time",
    "queuedIds?": ["text"],
    "runningIds?": ["text"],
    "completedIds?": ["text"],
    "failedIds?": ["text"],
    "completed?": "number",
    "total": "number",
}
_RULES: Shape = {
    **{
        f"{name}?": "number"
        for name in (
            "maxNameLength",
            "maxCustomToneLength",
            "maxCustomStyleLength",
            "maxCustomAudienceLength",
            "maxOtherDetailsLength",
            "maxAttributes",
            "maxAttributeValueLength",
            "maxKeywords",
            "maxKeywordLength",
            "minOutputWords",
            "maxOutputWords",
            "maxPageTitleLength",
            "maxReferenceTextPageTitleLength",
            "maxReferenceTextPageDescriptionLength",
            "maxReferenceTextLength",
            "additionalReferenceTextLength",
            "maxSemanticKeywords",
            "maxImageAltTextPerRequest",
            "maxSuggestedKeywords",
            "maxRepresentativeProducts",
        )
    },
    "referenceTextTypes?": ["text"],
    "rewriteTextTypes?": ["text"],
}
_HISTORY_OF_TEXT: Shape = {"publish?": "yes/no", "reviewed?": "yes/no", "*": "any"}
_STATUS: Shape = {
    "continuationToken?": "text",
    "records": [
        {
            "recordId": "text",
            "storeId?": "text",
            "language?": "text",
            "field": "text",
            "textId?": "text",
            "status": "text",
            "date": "time",
            "userName?": "text",
        }
    ],
}
_REVIEW: Shape = {
    "id": "text",
    "date": "time",
    "comment": "text",
    "createdByUserName?": "text",
    "createdByName?": "text",
    "fields": [{"field": "text", "status": "number", "textId?": "text", "text?": "text"}],
}
_IMAGE: Shape = {
    "storeId?": "text",
    "imageId": "text",
    "url": "text",
    "imageDataExpires?": "time",
    "altText?": {"id": "text", "language?": "text", "value": "text", "history?": [_HISTORY_OF_TEXT]},
}

_TRIGGER: Shape = {"option?": "text", "value?": "text", "action": "text", "textTypes?": ["text"]}
_KEYWORD: Shape = {
    "keyword": "text",
    "group?": "text",
    "level?": "text",
    "intent?": "text",
    "searchVolume?": "number",
    "difficulty?": "text",
    "rank?": "number",
    "asOf?": "time",
    "state?": "text",
}
_PIPELINE: Shape = {
    "pipelineId": "text",
    "title": "text",
    "cluster?": "text",
    "level?": "text",
    "keyword?": "text",
    "rank?": "number",
    "locked": "yes/no",
    "deleted": "yes/no",
    "flaggedForRewrite?": "yes/no",
    "snapshotId?": "text",
    "triggers?": [_TRIGGER],
    "keywords": [_KEYWORD],
}

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "token-time": {"time": "time"},
        "credit": {
            "totalCredits": "number",
            "availableCredits": "number",
            "isPremium": "yes/no",
            "membershipType?": "text",
            "freePremiumCredits?": "any",
            "freeCreditsAlreadyPremium?": "any",
        },
        "credit-available": "any",
        "prices": {
            "generation": {"*": "number"},
            "generationTier": {"*": "number"},
            "wordsPerCredit": "number",
            "altText?": "number",
            "keywordAnalysis?": "number",
        },
        "etags": {"*": "text"},
        "rules": _RULES,
        "tones": [_CHOICE],
        "styles": [_CHOICE],
        "audiences": [_CHOICE],
        "text-types": {"*": ["text"]},
        "formal-languages": [_CHOICE],
        "formal-support": ["text"],
        "disallowed": [{"combination": [{"type": "text", "id": "text"}]}],
        "active-requests": [_REQUEST],
        "request": _REQUEST,
        "texts": {
            "type": "text",
            "records": [
                {
                    "recordId": "text",
                    "stores": [
                        {
                            "storeId": "text",
                            "language": "text",
                            "field": "text",
                            "texts": [
                                {
                                    "id": "text",
                                    "value": "text",
                                    "outputs?": ["text"],
                                    "history?": [_HISTORY_OF_TEXT],
                                }
                            ],
                            "reviews?": [_REVIEW],
                        }
                    ],
                }
            ],
        },
        "status": _STATUS,
        "regions": ["text"],
        "ping": "any",
        "account": {
            "account": {
                "company": {
                    "name?": "text",
                    "freePremiumCredits?": "yes/no",
                    "eligibleForFreePremiumCredits?": "yes/no",
                    "*": "any",
                },
                "*": "any",
            },
            "*": "any",
        },
        "advert": "any",
        "reviews": {"reviews": [_REVIEW]},
        "review-status": _STATUS,
        "template-settings": {
            "templates": [{"id": "text", "name": "text", "type?": "text", "field?": "text", "default?": "yes/no"}]
        },
        "keyword-optimizations": {
            "continuationToken?": "text",
            "records": [
                {
                    "recordId": "text",
                    "type?": "text",
                    "storeId?": "text",
                    "languageCode?": "text",
                    "status": "text",
                    "startedAt?": "time",
                    "updatedAt?": "time",
                    "error?": "text",
                }
            ],
        },
        "keyword-result": {
            "recordId?": "text",
            "type?": "text",
            "storeId?": "text",
            "languageCode?": "text",
            "status": "text",
            "startedAt?": "time",
            "updatedAt?": "time",
            "error?": "text",
            "keywords": [_KEYWORD],
            "pipelines": [_PIPELINE],
        },
        "keyword-states": {
            "continuationToken?": "text",
            "records": [{"recordId": "text", "keyword": "text", "state": "text", "pipelineId?": "text"}],
        },
        "manual-keywords": {"keywords": ["text"]},
        "keyword-snapshot": {"id?": "text", "takenAt?": "time", "pipelines": [_PIPELINE]},
        "image": _IMAGE,
        "images": {"images": [_IMAGE]},
        "history": {
            "continuationToken?": "text",
            "histories": [
                {
                    "timestamp": "time",
                    "textType": "text",
                    "textTypeDisplay?": "text",
                    "value": "text",
                    "textId": "text",
                    "action": "text",
                    "actionDisplay?": "text",
                    "recordId": "text",
                    "storeId?": "text",
                    "language?": "text",
                    "editor?": "text",
                }
            ],
        },
    }
)
"""The shape of each free read's answer, by the name of its endpoint."""

_LOOKED_AT = 200
"""Entries of one list that are looked at: enough to meet what is rare, few enough to be there at once."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_NUMBER = re.compile(r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*")


class Difference(NamedTuple):
    """One way in which an answer is not what we take it to be."""

    where: str
    """The field, as in `records[].date`; empty: the whole answer."""
    what: str

    def __str__(self) -> str:
        return f"{self.where or 'the answer'}: {self.what}"


def differences(value: object, shape: Shape) -> tuple[Difference, ...]:
    """Compare a decoded answer with its shape; each difference once, in the order of the answer."""
    return tuple(dict.fromkeys(_compare(value, shape, "")))


def _compare(value: object, shape: Shape, where: str) -> list[Difference]:
    if isinstance(shape, list):
        if not isinstance(value, Sequence) or isinstance(value, str):
            return [Difference(where, f"a list was expected, and it is {kind_of(value)}")]
        return [one for entry in value[:_LOOKED_AT] for one in _compare(entry, shape[0], f"{where}[]")]
    if isinstance(shape, dict):
        if not isinstance(value, Mapping):
            return [Difference(where, f"an object was expected, and it is {kind_of(value)}")]
        return _fields(value, shape, f"{where}." if where else "")
    if shape == "any" or _fits(value, shape):
        return []
    return [Difference(where, f"a {shape} was expected, and it is {kind_of(value)}")]


def _fields(value: Mapping[str, object], shape: dict[str, Shape], before: str) -> list[Difference]:
    found: list[Difference] = []
    left = {str(name): one for name, one in value.items()}
    folded = {name.casefold(): name for name in left}
    for marked, inner in shape.items():
        name = marked.removesuffix("?")
        if name == "*":
            continue
        there = name if name in left else folded.get(name.casefold())
        if there is None or there not in left:
            found += [] if marked.endswith("?") else [Difference(before + name, "it is missing")]
            continue
        if there != name:
            found.append(Difference(before + name, f"it is spelled {there}"))
        one = left.pop(there)
        if one is not None or not marked.endswith("?"):
            found += _compare(one, inner, before + name)
    for name, one in left.items():
        if "*" in shape:
            found += _compare(one, shape["*"], f"{before}*")
        else:
            found.append(Difference(before + _shown(name), f"it is not known here; it is {kind_of(one)}"))
    return found


def _fits(value: object, word: str) -> bool:
    """Tell whether a value is of a kind, or a string that says the same: the service is known to mix the two."""
    if word == "text":
        return isinstance(value, str)
    if word == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if word == "yes/no":
        return isinstance(value, bool)
    return isinstance(value, str) and _is_time(value)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def kind_of(value: object) -> str:
    """Name the kind of a value, and nothing of the value itself."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a yes/no"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        if not value:
            return "an empty text"
        if _NUMBER.fullmatch(value):
            return "a number written as text"
        return "a time" if _is_time(value) else "a text"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, Sequence) else "something else"


def _shown(name: str) -> str:
    """Show the name of an unknown field, unless it looks like data: ids and texts may be keys, too."""
    return name if _NAME.fullmatch(name) else "(a name that may be data)"
