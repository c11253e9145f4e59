"""Changing the API key for a token, and knowing when to do it again.

A token is renewed after four fifths of its life. Its age is the larger of what two clocks say: the monotonic one
stands still while a laptop sleeps, the other one can be set back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.errors import NotSignedIn
from sync.service import loose
from sync.service.answers import problem
from sync.service.endpoints import ENDPOINTS
from sync.service.hosts import check_region
from sync.service.message import Call, Stamp
from sync.service.secret import Secret, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.service.transport import Line

_RENEW_AT = 0.8
_USUAL_LIFE = 86_400.0
_SHORTEST_LIFE = 60.0
_HINT = "Run `wtsync login` with a key from your WriteText.ai account, or set WTSYNC_API_KEY."


@dataclass(frozen=True, slots=True)
class Token:
    """A token, where it is good, and when it came by both clocks."""

    secret: Secret
    region: str
    """The origin for every later call."""
    platform: str
    life: float
    wall: float
    monotonic: float


class SignIn:
    """Keeps one good token; asks for it when it is first needed, and again before it ends."""

    def __init__(
        self, line: Line, api: str, key: Secret, *, clock: Callable[[], float], monotonic: Callable[[], float]
    ) -> None:
        if not key:
            raise NotSignedIn("There is no API key.", _HINT)
        if not is_plain(key.reveal()):
            raise NotSignedIn("The API key holds characters that no key has: was it copied whole?", _HINT)
        self.api = api
        self._line = line
        self._key = key
        self._clock = clock
        self._monotonic = monotonic
        self._token: Token | None = None
        self._secrets = [key]

    @property
    def region(self) -> str:
        """The origin of the region, or of the API before the first sign-in."""
        return self._token.region if self._token is not None else self.api

    @property
    def account(self) -> str:
        """Name the account by its key, without giving the key away."""
        return self._key.name(b"wtsync account")

    def token(self) -> Token:
        """Return a token that is not about to end. Raises NotSignedIn when the key is not taken."""
        if self._token is None or self._is_due(self._token):
            self._token = self._ask()
        return self._token

    def stamp(self, token: Token) -> Stamp:
        """Return the token as it goes into a request."""
        return Stamp("Authorization", token.secret, frozenset({self.api, token.region}), "Bearer ")

    def forget(self, token: Token) -> None:
        """Let the next call ask for a new token, because this one was refused."""
        if self._token is token:
            self._token = None

    def hide(self, text: str) -> str:
        """Return `text` without the key and the latest tokens, should it hold them."""
        for secret in self._secrets:
            text = secret.hide(text)
        return text

    def _is_due(self, token: Token) -> bool:
        age = max(self._clock() - token.wall, self._monotonic() - token.monotonic)
        return age >= _RENEW_AT * token.life

    def _ask(self) -> Token:
        endpoint = ENDPOINTS["sign-in"]
        wall, monotonic = self._clock(), self._monotonic()
        stamp = Stamp("WriteTextAI-Token", self._key, frozenset({self.api}))
        answer = self._line.read(Call(endpoint.method, self.api + endpoint.path, stamp=stamp, name="sign-in"))
        if answer.refuses_token or answer.status == 403:
            said = loose.complaint(answer.body, self.hide)
            raise NotSignedIn(f"The service does not take the API key{': ' + said if said else '.'}", _HINT)
        if answer.status != 200:
            raise problem(answer, endpoint, self.hide)
        found = loose.thing(loose.opened(loose.parse(answer.body, "an access token")))
        value = loose.text(loose.find(found, "access_token", "accessToken", "token"))
        if not is_plain(value):
            raise loose.unreadable("an access token")
        secret = Secret(value)
        self._secrets = [self._key, secret, *self._secrets[1:4]]
        life = loose.number(loose.find(found, "expires_in", "expiresIn"))
        return Token(
            secret=secret,
            region=check_region(loose.text(loose.find(found, "region")), self.api),
            platform=loose.text(loose.find(found, "platform")),
            life=_USUAL_LIFE if life is None else max(life, _SHORTEST_LIFE),
            wall=wall,
            monotonic=monotonic,
        )
