"""Who may call, and what it costs them: tokens, the balance, the ledger of charges."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.simulator.wire import Refusal

if TYPE_CHECKING:
    from sync.simulator.wire import Json

TOKEN_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Charge:
    """One text paid for, in credits, at a time in seconds since the epoch."""

    text_id: str
    request_id: str
    type: str
    store_id: str
    language: str
    record_id: str
    field: str
    credits: int
    time: float
    images: list[str] = dataclasses.field(default_factory=list)
    """The images whose alt texts were paid for."""


@dataclass
class Account:
    """The balance in credits, and every charge since the beginning."""

    available: int
    premium: bool = True
    used: int = 0
    offered: bool = True
    """Whether free premium credits are on offer."""
    ledger: list[Charge] = dataclasses.field(default_factory=list)

    def charge(self, charge: Charge) -> None:
        """Take the credits of one text."""
        self.ledger.append(charge)
        self.available -= charge.credits
        self.used += charge.credits

    def shown(self) -> Json:
        """Return the balance as the service shows it.

        `availableCredits` goes down when a text is finished, not when it is ordered (assumed).
        """
        return {
            "totalCredits": self.available + self.used,
            "availableCredits": self.available,
            "isPremium": self.premium,
            "membershipType": "Professional" if self.premium else "FreeTrial",
        }

    def check(self, needed: float, reserved: int) -> None:
        """Raise Refusal (402, assumed) when `needed` credits are more than what outstanding work leaves."""
        free = self.available - reserved
        if needed > free:
            raise Refusal(402, f"Not enough credits: up to {needed:g} needed, {max(free, 0)} available")


def _signature(api_key: str, until: int) -> str:
    return hmac.new(api_key.encode(), str(until).encode(), hashlib.sha256).hexdigest()[:40]


def issue_token(api_key: str, now: float) -> str:
    """Return an access token good for 24 hours; it stays good when the simulator is started again."""
    until = int(now) + TOKEN_SECONDS
    return f"sim.{until}.{_signature(api_key, until)}"


def check_token(api_key: str, token: str, now: float) -> None:
    """Raise Refusal (401) unless a token is ours and not yet expired."""
    mark, _, rest = token.partition(".")
    until, _, signature = rest.partition(".")
    known = mark == "sim" and until.isascii() and until.isdigit() and len(until) < 16
    if known and hmac.compare_digest(signature.encode(), _signature(api_key, int(until)).encode()):
        if now < int(until):
            return
        message = "The access token has expired"
    else:
        message = "The access token is missing or not valid"
    raise Refusal(401, message, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
