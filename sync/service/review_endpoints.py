"""The calls about reviews, suggestions and template settings: part of the table in `endpoints`."""

from __future__ import annotations

from sync.service.endpoint import Endpoint, Paging, Source

_DOCUMENTED, _SEEN, _ASSUMED = Source.DOCUMENTED, Source.SEEN, Source.ASSUMED
_UNKNOWN = "not known, so it counts as costing (the vendor's price table does not name it)"

REVIEW_CALLS = (
    Endpoint(
        "reviews",
        "GET",
        "/text/Review",
        _SEEN,
        note="The documentation lists the page; only the plugin's call was seen: `type`, `recordId`, `language`, "
        "`all=true`; `status` of a text is 1 rewrite, 2 correction, 3 both, -1 done. Assumed: 404 means no reviews.",
    ),
    Endpoint(
        "review-status",
        "GET",
        "/text/Review/Status",
        _DOCUMENTED,
        paging=Paging.TOKEN,
        note="Assumed: rows as in Generate/Status, and what is done is no longer told.",
    ),
    Endpoint(
        "review",
        "POST",
        "/text/Review",
        _DOCUMENTED,
        note="Page and plugin disagree: the page asks for `created`, `updated` and the words of each text, the plugin "
        "sends a `status` number for each. Both are sent; `comment` is assumed. The answer is not shown; an `id` in it "
        "is taken.",
    ),
    Endpoint(
        "suggested-audiences",
        "GET",
        "/text/Suggestion/Audience",
        _DOCUMENTED,
        billable=True,
        cost=_UNKNOWN,
        note="The page was seen up to `text`; `clearAllText`, `values` and `selected` are the plugin's. No `values`: "
        "none were found. Assumed: 404 means none now, and says nothing of the next time. Sent once.",
    ),
    Endpoint(
        "choose-audience",
        "POST",
        "/text/Suggestion/Audience",
        _DOCUMENTED,
        note="The page calls `text` a list, the plugin sends a word: a list is sent. `selected` is the plugin's. The "
        "answer is ignored.",
    ),
    Endpoint(
        "suggested-keywords",
        "GET",
        "/text/Suggestion/Keywords",
        _SEEN,
        billable=True,
        cost=_UNKNOWN,
        note="The documentation lists the page; only the plugin's call was seen. Assumed: 404 means none now. Sent "
        "once.",
    ),
    Endpoint(
        "choose-keywords",
        "POST",
        "/text/Suggestion/Keywords",
        _SEEN,
        note="The documentation lists the page; only the plugin's call was seen. The answer is ignored.",
    ),
    Endpoint(
        "template-settings",
        "GET",
        "/text/TemplateSettings",
        _ASSUMED,
        note="Everything is assumed: path, query, answer. The documentation lists such a section; none of its pages "
        "was seen.",
    ),
    Endpoint(
        "choose-template",
        "POST",
        "/text/TemplateSettings",
        _ASSUMED,
        note="Everything is assumed: path, body, effect.",
    ),
)
