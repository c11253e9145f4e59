"""The minor calls, most of them seen in the vendor's plugin only: part of the table in `endpoints`."""

from __future__ import annotations

from sync.service.endpoint import Endpoint, Source

_SEEN = Source.SEEN

WEB_CALLS = (
    Endpoint("regions", "GET", "/web/Regions", _SEEN, open=True, home=True, note="A list of host names."),
    Endpoint("ping", "GET", "/text/Ping", _SEEN, open=True, note="200 is all that counts; the body is ignored."),
    Endpoint(
        "user-token",
        "GET",
        "/web/token",
        _SEEN,
        note="The plugin asks with a token that a person's sign-in in the browser gave it. Assumed: a token that was "
        "bought with an API key will do.",
    ),
    Endpoint(
        "account",
        "GET",
        "/web/account/all",
        _SEEN,
        note="Of the answer, `account.company.freePremiumCredits` and `eligibleForFreePremiumCredits` were seen.",
    ),
    Endpoint(
        "decline-free-premium",
        "POST",
        "/text/Credit/setFreePremiumCreditsToFalse",
        _SEEN,
        note="No body; the answer is ignored. wtsync never calls it by itself.",
    ),
    Endpoint("advert", "GET", "/web/ad/SquareWordPress", _SEEN, note="What it answers is not known, and not read."),
    Endpoint(
        "statistics",
        "POST",
        "/web/Statistics",
        _SEEN,
        home=True,
        note="The plugin's figures about itself; names not seen. wtsync never sends any by itself.",
    ),
)
