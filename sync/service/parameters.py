"""What each call takes, as the simulator understands it: names in the query, and the shape of the body.

The words are those of `shapes`, and more: `whole` (a whole number), `record type`, `text type`, `state`, `wish`, and
`flag` (yes or no, also as a word). A question mark says that a name may be left out. What is not listed is not known to
be read by anybody.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.service.shapes import Shape

_RECORD: dict[str, Shape] = {"type": "record type", "storeId?": "text", "recordId": "text", "language?": "text"}
_PAGED: dict[str, Shape] = {"continuationToken?": "text", "pageSize?": "whole"}
_BETWEEN: dict[str, Shape] = {"startDate?": "time", "endDate?": "time", "userName?": "text"}
_DONE: dict[str, Shape] = {
    "type": "record type",
    "storeId?": "text",
    "language?": "text",
    **_BETWEEN,
    "fields?": ["text type"],
    **_PAGED,
}
_KEYWORD_PLACE: dict[str, Shape] = {
    "type": "record type",
    "storeId?": "text",
    "recordId": "text",
    "languageCode?": "text",
}
_SUGGESTION: dict[str, Shape] = {
    "storeId?": "text",
    "type?": "record type",
    "recordId": "text",
    "Text?": ["text"],
    "clearAllText?": "flag",
}
_IMAGE: dict[str, Shape] = {"storeId?": "text", "language?": "text", "includeUpdateHistory?": "flag"}

QUERIES: Mapping[str, Mapping[str, Shape]] = MappingProxyType(
    {
        "texts": {
            **_RECORD,
            "field?": "text type",
            "historyCount?": "whole",
            "includeUpdateHistory?": "flag",
            "matchIsoTwoLetterLanguageCode?": "flag",
        },
        "status": {**_DONE, "status?": ["state"]},
        "history": {**_DONE, "storeId": "text", "recordId?": "text"},
        "image": {**_IMAGE, "imageId": "text"},
        "images": {**_IMAGE, "images?": ["text"]},
        "reviews": {**_RECORD, "all?": "flag"},
        "review-status": {**_DONE, "status?": ["wish"]},
        "suggested-audiences": _SUGGESTION,
        "suggested-keywords": _SUGGESTION,
        "template-settings": {"type?": "record type", "storeId?": "text"},
        "user-token": {"email": "text", "firstName?": "text", "lastName?": "text"},
        "account": {"GetAccount?": "flag"},
        "keyword-optimizations": {
            "type?": "record type",
            "storeId?": "text",
            "languageCode?": "text",
            "recordIds?": ["text"],
            "status?": ["optimization state"],
            **_PAGED,
        },
        "keyword-states": {
            "type": "record type",
            "storeId?": "text",
            "languageCode?": "text",
            "states?": ["keyword state"],
            **_PAGED,
        },
        **dict.fromkeys(
            (
                "keyword-result",
                "delete-keywords",
                "update-keyword-data",
                "optimize-for-text",
                "delete-ranking-keywords",
                "update-pipelines",
                "create-pipeline",
                "delete-pipeline",
                "restore-pipeline",
                "add-triggers",
                "add-pipeline-triggers",
                "lock-pipeline",
                "unlock-pipeline",
                "keyword-snapshot",
                "save-snapshot",
                "add-manual-keywords",
                "manual-keywords",
            ),
            _KEYWORD_PLACE,
        ),
    }
)
"""Names in the query, by the call; a call that is not here takes none."""

_TEXT: Shape = {
    "field": "text type",
    "currentValue?": "text",
    "minWords?": "whole",
    "maxWords?": "whole",
    "rewriteText?": "text",
    "referenceText?": "text",
    "referenceRecordId?": "text",
}
_RECORD_OF_ORDER: Shape = {
    "recordId": "text",
    "name?": "text",
    "sku?": "text",
    "url?": "text",
    "otherDetails?": "text",
    "tones?": ["tone"],
    "customTone?": "text",
    "style?": "style",
    "customStyle?": "text",
    "audiences?": ["text"],
    "customAudience?": "text",
    "formalLanguage?": "text",
    "keywords?": ["text"],
    "semanticKeywords?": ["text"],
    "attributes?": [{"Name": "text", "Value?": "text", "Values?": ["text"], "IsCustom?": "text"}],
    "options?": "whole",
    "autoselectFirst?": "flag",
    "images?": ["text"],
    "imageAltTexts?": [{"imageId": "text", "currentValue?": "text"}],
    "products?": [{"id": "text", "name": "text", "description?": "text"}],
    "fields": [_TEXT],
}
_ALT_TEXT: dict[str, Shape] = {
    "storeId": "text",
    "language": "text",
    "imageId": "text",
    "textId": "text",
    "value?": "text",
    "publish?": "flag",
    "reviewed?": "flag",
}
_TRIGGERS: dict[str, Shape] = {
    "triggers": [{"option?": "text", "value?": "text", "action": "text", "textTypes?": ["text type"]}],
}

BODIES: Mapping[str, Shape] = MappingProxyType(
    {
        "generate": {
            "type": "record type",
            "storeId?": "text",
            "language?": "text",
            "countries?": ["text"],
            "specialInstructions?": "text",
            "ipAddress?": "text",
            "queue?": "flag",
            "Texts": [_RECORD_OF_ORDER],
        },
        "update-texts": {
            "type": "record type",
            "storeId": "text",
            "language": "text",
            "recordId": "text",
            "ipAddress?": "text",
            "fields": [
                {"field": "text type", "textId": "text", "value": "text", "publish?": "flag", "reviewed?": "flag"}
            ],
        },
        "archive": {"type": "record type", "recordID": "text"},
        "upload-image": {
            "storeId": "text",
            "imageId": "text",
            "url?": "text",
            "imageData?": "text",
            "ipAddress": "text",
            "overwrite?": "flag",
        },
        "alt-text": _ALT_TEXT,
        "alt-texts": {
            "images": [{**{name: one for name, one in _ALT_TEXT.items() if name != "value?"}, "value": "text"}]
        },
        "generate-alt-texts": {
            "storeId?": "text",
            "language?": "text",
            "productName?": "text",
            "keywords?": ["text"],
            "images": [{"imageId": "text", "currentValue?": "text"}],
            "ipAddress?": "text",
        },
        "review": {
            "id?": "text",
            "type": "record type",
            "language?": "text",
            "storeId?": "text",
            "recordId": "text",
            "created?": "time",
            "updated?": "time",
            "comment?": "text",
            "archived?": "flag",
            "fields": [
                {
                    "field": "text type",
                    "textId?": "text",
                    "text?": "text",
                    "status?": "whole",
                    "created?": "time",
                    "updated?": "time",
                }
            ],
        },
        "choose-audience": {**_SUGGESTION, "text": ["text"], "selected?": "text"},
        "choose-keywords": {**_SUGGESTION, "text": "text", "selected?": ["text"]},
        "choose-template": {"type?": "record type", "storeId?": "text", "id": "text", "default?": "flag"},
        "statistics": {"*": "text"},
        "start-keywords": {
            **_KEYWORD_PLACE,
            "name?": "text",
            "url?": "text",
            "countryCode?": "text",
            "seedKeywords?": ["text"],
            "intents?": ["text"],
            "products?": ["text"],
            "imageId?": ["text"],
            "clusters?": "whole",
            "triggers?": _TRIGGERS["triggers"],
        },
        "update-keyword-data": {"keywords": ["text"]},
        "optimize-for-text": {"text": "text"},
        "update-pipelines": {"pipelines": [{"pipelineId": "text", "keywords": ["text"]}]},
        "create-pipeline": {"title": "text", "keywords": ["text"]},
        "restore-pipeline": {"pipelineId": "text", "snapshotId?": "text"},
        "add-triggers": _TRIGGERS,
        "add-pipeline-triggers": _TRIGGERS,
        "save-snapshot": {"id?": "text"},
        "add-manual-keywords": {"keywords": ["text"]},
    }
)
"""The shape of each body; a call that is not here has none."""

ABSENT = frozenset(
    {
        "texts",
        "history",
        "update-texts",
        "archive",
        "image",
        "images",
        "alt-text",
        "alt-texts",
        "review",
        "choose-template",
        "request",
        "cancel",
        "retry",
        "keyword-result",
        "delete-keywords",
        "update-keyword-data",
        "optimize-for-text",
        "delete-ranking-keywords",
        "update-pipelines",
        "create-pipeline",
        "delete-pipeline",
        "restore-pipeline",
        "add-triggers",
        "add-pipeline-triggers",
        "lock-pipeline",
        "unlock-pipeline",
        "keyword-snapshot",
        "save-snapshot",
    }
)
"""Calls that are answered with 404 when what they name is not there."""
