"""The minor addresses, most of them known from the vendor's plugin only."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.simulator import catalogue
from sync.simulator.account import TOKEN_SECONDS, issue_token
from sync.simulator.calls import Answer, Call, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping


def _user_token(call: Call) -> Answer:
    call.query.need("email")
    token = issue_token(call.simulator.api_key, call.simulator.now())
    return Answer({"access_token": token, "expires_in": TOKEN_SECONDS})


def _account(call: Call) -> Answer:
    call.simulator.look()
    offered = call.simulator.account.offered
    company = {"name": "Simulated shop", "freePremiumCredits": offered, "eligibleForFreePremiumCredits": offered}
    return Answer({"account": {"company": company}})  # beside the two flags, assumed


def _decline(call: Call) -> Answer:
    call.simulator.look()
    call.simulator.change({"do": "decline"})
    return Answer({})


def _statistics(call: Call) -> Answer:
    call.object()
    return Answer({})


WEB_ROUTES: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        ("GET", "/web/Regions"): Operation("regions", lambda _: Answer(list(catalogue.REGIONS)), signed=False),
        ("GET", "/text/Ping"): Operation("ping", lambda _: Answer({}), signed=False),
        ("GET", "/web/token"): Operation("user-token", _user_token),
        ("GET", "/web/account/all"): Operation("account", _account),
        ("POST", "/text/Credit/setFreePremiumCreditsToFalse"): Operation("decline", _decline),
        ("GET", "/web/ad/SquareWordPress"): Operation("advert", lambda _: Answer({"html": ""})),  # assumed
        ("POST", "/web/Statistics"): Operation("statistics", _statistics),
    }
)
