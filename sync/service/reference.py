"""The account's lists and limits, fetched anew only when the service says that they changed.

The vendor's own plugin asks every half an hour whether they did; so may whoever keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.errors import NotFound, NotSignedIn, ServiceError, Unreachable
from sync.model import PriceList, Reference
from sync.service import loose, wire

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from sync.service.session import Session

_ETAG_NAMES = {
    "rules": "rules",
    "tones": "tones",
    "styles": "styles",
    "audiences": "audiences",
    "prices": "credits",
    "formal-languages": "formallanguages",
    "formal-support": "formallanguagesupport",
    "disallowed": "disallowedcombinations",
}
"""Each list, and its name in the answer that tells all ETags."""


@dataclass(frozen=True, slots=True)
class Cached:
    """A list as it came, the ETag by which to ask whether it still holds, and when it last did: seconds since 1970."""

    etag: str
    body: str
    at: float = 0.0


class Lists:
    """Fetches the lists. `cache` may be any mapping that outlives the process; its keys begin with the host.

    What came less than `trusted` seconds ago by `clock` is taken as it is.
    """

    def __init__(
        self, session: Session, cache: MutableMapping[str, Cached], *, clock: Callable[[], float], trusted: float
    ) -> None:
        self._session = session
        self._cache = cache
        self._clock = clock
        self._trusted = self._believed = trusted
        self.age: float | None = None
        """Seconds since the oldest list came that was taken as it is; None where all were asked for."""

    def reference(self, *, sure: bool = False) -> Reference:
        """Return all lists. Those that only the vendor's plugin knows are empty when the service has none.

        With `sure`, nothing is taken as it is: the service is asked whether it still holds.
        """
        self._believed = 0.0 if sure else self._trusted
        self._session.sign_in.token()  # tells which service it is, and whether the key is still taken
        self.age = None
        current = self._etags()
        rules = wire.rules(self._list("rules", current))
        return Reference(
            rules=rules,
            tones=wire.choices(self._list("tones", current), "a list of tones"),
            styles=wire.choices(self._list("styles", current), "a list of styles"),
            audiences=wire.choices(self._list("audiences", current), "a list of audiences"),
            formal_languages=wire.choices(self._extra("formal-languages", current), "a list of languages"),
            formal_support=wire.codes(self._extra("formal-support", current), "a list of language codes"),
            disallowed=wire.combinations(self._extra("disallowed", current)),
            prices=replace(
                wire.prices(found) if (found := self._extra("prices", current)) else PriceList(), rules=rules
            ),
        )

    def _etags(self) -> dict[str, str]:
        """Ask for all ETags at once, when there is something to compare; without an answer each list is asked."""
        kept = [one for name in _ETAG_NAMES if (one := self._cache.get(self._key(name))) is not None]
        if all(self._is_new(one) or not one.etag for one in kept):
            return {}
        try:
            found = loose.thing(self._session.get_json("etags", "the ETags of the lists"))
        except NotSignedIn:
            raise
        except ServiceError:
            return {}
        told = {name: loose.text(loose.find(found, known)) for name, known in _ETAG_NAMES.items()}
        return {name: etag for name, etag in told.items() if etag}

    def _list(self, name: str, current: dict[str, str]) -> object:
        key, now = self._key(name), self._clock()
        cached = self._cache.get(key)
        kept = None if cached is None else _read(cached)
        if cached is None or kept is None:
            cached, kept = Cached("", ""), None
        elif self._is_new(cached):
            self.age = max(self.age or 0.0, now - cached.at)
            return kept
        if kept is not None and name in current and _bare(current[name]) == _bare(cached.etag):
            self._cache[key] = replace(cached, at=now)
            return kept
        answer = self._session.get(name, etag=cached.etag)
        if answer.status == 304:
            self._cache[key] = replace(cached, at=now)
            return kept
        found = loose.parse(answer.body, f"the list called {name}")
        self._cache[key] = Cached(answer.headers.get("etag", ""), answer.body.decode("utf-8", "replace"), now)
        return found

    def _is_new(self, cached: Cached) -> bool:
        """Tell whether something kept is taken as it is. A clock that was set back makes everything old."""
        return 0.0 <= self._clock() - cached.at < self._believed

    def _extra(self, name: str, current: dict[str, str]) -> object:
        try:
            found = self._list(name, current)
        except NotFound:
            self._cache[self._key(name)] = Cached("", "[]", self._clock())
            return []
        return [] if found is None else found

    def _key(self, name: str) -> str:
        """Name a list: of a host, of an account, and of a simulated service that was not begun afresh since."""
        line, sign_in = self._session.line, self._session.sign_in
        return " ".join((sign_in.api, f"{sign_in.account}{line.instance}", name))


def _read(cached: Cached) -> object:
    """Give the content of what is kept; None for what cannot be read any more."""
    try:
        return loose.parse(cached.body.encode(), "a list")
    except Unreachable:
        return None


def _bare(etag: str) -> str:
    return etag.strip().removeprefix("W/").strip('"')
