"""Every call that the client knows, in one table; what we only assume of the service is marked here.

`source` says how a call is known: `documented` on the vendor's pages, `seen` in the vendor's own plugin, or
`assumed` because neither shows it. The `note` names what else about its shape is assumed. Nothing outside this
table knows a path. Names and paths seem to be read without regard to case; the spelling here is the vendor's.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.service.endpoint import Caching, Endpoint, Paging, Source
from sync.service.image_endpoints import IMAGE_CALLS
from sync.service.keyword_endpoints import KEYWORD_CALLS
from sync.service.review_endpoints import REVIEW_CALLS
from sync.service.web_endpoints import WEB_CALLS

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOCUMENTED, _SEEN, _ASSUMED = Source.DOCUMENTED, Source.SEEN, Source.ASSUMED
_TOKEN, _ETAG = Paging.TOKEN, Caching.ETAG

_TABLE = (
    Endpoint(
        "sign-in",
        "GET",
        "/web/apitoken/accesstoken",
        _DOCUMENTED,
        note="Sent to the API host with the key in WriteTextAI-Token. `region` is documented; assumed: the token is "
        "`access_token` (also read: accessToken, token), its life is `expires_in` seconds, 24 hours when not named.",
    ),
    Endpoint(
        "token-time",
        "GET",
        "/web/Token/time",
        _DOCUMENTED,
        note="The answer is not shown. Assumed: a time (ISO 8601, or seconds since 1970) by itself, or as `time`.",
    ),
    Endpoint("credit", "GET", "/text/Credit", _DOCUMENTED),
    Endpoint(
        "credit-available",
        "GET",
        "/text/Credit/isAvailable/{id}",
        _DOCUMENTED,
        note="200 is yes. Assumed: 400, 402, 403 and 422 are no, and a 200 whose body says false is no.",
    ),
    Endpoint("prices", "GET", "/text/Generate/Credits", _SEEN, caching=_ETAG),
    Endpoint(
        "etags",
        "GET",
        "/text/Generate/Etags",
        _SEEN,
        note="Assumed: the lists are named tones, styles, audiences, rules, formallanguages, "
        "formallanguagesupport, disallowedcombinations; `credits` (the prices) was seen.",
    ),
    Endpoint("rules", "GET", "/text/Generate/Rules", _DOCUMENTED, caching=_ETAG),
    Endpoint("tones", "GET", "/text/Generate/Tones", _SEEN, caching=_ETAG),
    Endpoint("styles", "GET", "/text/Generate/Styles", _SEEN, caching=_ETAG),
    Endpoint("audiences", "GET", "/text/Generate/Audiences", _SEEN, caching=_ETAG),
    Endpoint(
        "text-types",
        "GET",
        "/text/Generate/TextTypes",
        _ASSUMED,
        note="The documentation lists such a page; path and answer were not seen. Assumed: a list of names, or of "
        "objects with `id` or `name`; or lists of those by record type.",
    ),
    Endpoint("formal-languages", "GET", "/text/Generate/FormalLanguages", _SEEN, caching=_ETAG),
    Endpoint("formal-support", "GET", "/text/Generate/FormalLanguageSupport", _SEEN, caching=_ETAG),
    Endpoint("disallowed", "GET", "/text/Generate/disallowedCombinations", _SEEN, caching=_ETAG),
    Endpoint(
        "generate",
        "POST",
        "/text/generate",
        _DOCUMENTED,
        billable=True,
        cost="by kind and length of each text, from the price list",
        note="The vendor's plugin posts to /text/Generate/v2 instead; the documented path is used. The nesting "
        "(`Texts`, `fields`) is the plugin's. Assumed: `queue: true` always gives a request id; texts that come "
        "inside the answer are taken too.",
    ),
    Endpoint("active-requests", "GET", "/text/Generate/Bulk", _DOCUMENTED),
    Endpoint("request", "GET", "/text/Generate/Bulk/{id}", _DOCUMENTED),
    Endpoint("cancel", "POST", "/text/Generate/Bulk/{id}/cancel", _DOCUMENTED, note="No body; the answer is ignored."),
    Endpoint(
        "retry",
        "POST",
        "/text/Generate/Bulk/{id}/retry",
        _SEEN,
        billable=True,
        cost="not known, so it counts as costing",
        note="For requests that timed out.",
    ),
    Endpoint(
        "texts",
        "GET",
        "/text/Generate",
        _DOCUMENTED,
        note="Several ids are joined by commas, so an id with a comma in it is asked for alone and may be out of "
        "reach. Assumed: records without texts are left out, and 404 means that none of the ids has any.",
    ),
    Endpoint(
        "status",
        "GET",
        "/text/Generate/Status",
        _DOCUMENTED,
        paging=_TOKEN,
        note="Assumed: `startDate` means when something was last done to a text, and an edit or a new text is told "
        "within 10 minutes. The page does not say what comes when nothing matches: an empty `records` is taken as "
        "such, a 404 is not.",
    ),
    Endpoint(
        "history",
        "GET",
        "/text/Generate/History",
        _DOCUMENTED,
        paging=_TOKEN,
        note="404 means that nothing matches. The values of `action` are not known.",
    ),
    Endpoint(
        "update-texts",
        "POST",
        "/text/Generate/text",
        _DOCUMENTED,
        note="`ipAddress` is called required and optional at once; it is left out. The answer is ignored.",
    ),
    Endpoint(
        "archive",
        "POST",
        "/text/Generate/archive",
        _DOCUMENTED,
        note="Assumed: `type` and `recordID` (ids joined by commas) go into the body, not the query.",
    ),
    *IMAGE_CALLS,
    *REVIEW_CALLS,
    *WEB_CALLS,
    *KEYWORD_CALLS,
)

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType({endpoint.name: endpoint for endpoint in _TABLE})
"""All calls by name, in the order in which a session would use them."""
