"""The account's lists and limits, fetched anew only when the service says that they changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.errors import NotFound, NotSignedIn, ServiceError, Unreachable
from sync.model import PriceList, Reference
from sync.service import loose, wire

if TYPE_CHECKING:
    from collections.abc import MutableMapping

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
    """A list as it came, and the ETag by which to ask whether it still holds."""

    etag: str
    body: str


class Lists:
    """Fetches the lists. `cache` may be any mapping that outlives the process; its keys begin with the host."""

    def __init__(self, session: Session, cache: MutableMapping[str, Cached]) -> None:
        self._session = session
        self._cache = cache

    def reference(self) -> Reference:
        """Return all lists. Those that only the vendor's plugin knows are empty when the service has none."""
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
        if not any(self._key(name) in self._cache for name in _ETAG_NAMES):
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
        key = self._key(name)
        etag, kept = self._kept(key)
        if kept is not None and name in current and _bare(current[name]) == _bare(etag):
            return kept
        answer = self._session.get(name, etag=etag)
        if answer.status == 304:
            return kept
        found = loose.parse(answer.body, f"the list called {name}")
        new = answer.headers.get("etag", "")
        if new:
            self._cache[key] = Cached(new, answer.body.decode("utf-8", "replace"))
        else:
            self._cache.pop(key, None)
        return found

    def _kept(self, key: str) -> tuple[str, object]:
        """Return the ETag and the content of what is kept; nothing for what cannot be read any more."""
        cached = self._cache.get(key)
        if cached is None:
            return "", None
        try:
            found = loose.parse(cached.body.encode(), "a list")
        except Unreachable:
            return "", None
        return (cached.etag, found) if found is not None else ("", None)

    def _extra(self, name: str, current: dict[str, str]) -> object:
        try:
            found = self._list(name, current)
        except NotFound:
            return []
        return [] if found is None else found

    def _key(self, name: str) -> str:
        return f"{self._session.sign_in.region} {name}"


def _bare(etag: str) -> str:
    return etag.strip().removeprefix("W/").strip('"')
