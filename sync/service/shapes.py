"""What we take the answer to each free read to look like. Pure.

A shape is a word for one value (`text`, `number`, `yes/no`, `time`, `any`), a list of one shape, or an object: names of
fields, where a question mark says that the field may be missing or null, and `*` stands for names that are data. Field
names are the documentation's and the plugin's, as far as those show them; where they show nothing, `ENDPOINTS` says so.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

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
