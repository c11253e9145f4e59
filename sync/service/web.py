"""The minor calls that only the vendor's plugin was seen to make. A run needs none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.service import loose
from sync.service.hosts import check_region
from sync.service.loose import find, flag, items, opened, text, thing
from sync.service.secret import Secret, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.service.session import Session


@dataclass(frozen=True, slots=True)
class Company:
    """What the service says of the account's owner; None: it does not say."""

    name: str
    free_premium_credits: bool | None = None
    eligible: bool | None = None
    """For free premium credits."""


class Web:
    """Reached as `service.web`."""

    def __init__(self, session: Session, monotonic: Callable[[], float]) -> None:
        self._session = session
        self._monotonic = monotonic

    def regions(self) -> tuple[str, ...]:
        """Return the hosts that the service runs on. Needs no key."""
        value = opened(self._session.get_json("regions", "a list of hosts"))
        entries = value if isinstance(value, list) else items(find(thing(value), "regions", "hosts"))
        found = (text(one) or text(find(thing(one), "host", "url", "name", "region")) for one in entries)
        return tuple(dict.fromkeys(one for one in found if one))

    def ping(self, host: str = "") -> float:
        """Return how many seconds a host takes to answer; empty is the one that calls go to. Needs no key.

        Raises NotSignedIn for a host that is not the vendor's.
        """
        origin = check_region(host, self._session.sign_in.api) if host else self._session.sign_in.region
        before = self._monotonic()
        self._session.get("ping", origin=origin)
        return max(0.0, self._monotonic() - before)

    def user_token(self, email: str, first_name: str = "", last_name: str = "") -> Secret:
        """Return a token for one user of the account, as the plugin asks for one; ours comes from signing in.

        What it answers to a token that was bought with an API key is not known. Raises Unreachable without a token.
        """
        query = [("email", email), ("firstName", first_name), ("lastName", last_name)]
        data = thing(opened(self._session.get_json("user-token", "a token", query=query)))
        found = text(find(data, "access_token", "accessToken", "token"))
        if not is_plain(found):
            raise loose.unreadable("a token")
        return Secret(found)

    def company(self) -> Company:
        """Return what the service says of the account's owner."""
        data = thing(opened(self._session.get_json("account", "an account", query=[("GetAccount", "true")])))
        company = thing(find(thing(find(data, "account")) or data, "company"))
        return Company(
            text(find(company, "name")),
            flag(find(company, "freePremiumCredits")),
            flag(find(company, "eligibleForFreePremiumCredits")),
        )

    def decline_free_premium(self) -> None:
        """Tell the service that the offer of free premium credits has been seen."""
        self._session.write("decline-free-premium")

    def advert(self) -> str:
        """Return what the plugin shows as an advertisement, as it came: a page or JSON."""
        return self._session.get("advert").body.decode("utf-8", "replace")

    def statistics(self, figures: Mapping[str, str]) -> None:
        """Send figures about the use of a plugin to the vendor. wtsync never does so by itself."""
        self._session.write("statistics", body=dict(figures))
