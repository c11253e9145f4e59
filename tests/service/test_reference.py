"""The account's lists: fetched when they changed, and only then."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
import pytest

from sync.errors import NotFound, NotSignedIn, Unreachable
from sync.model import PriceList
from sync.service import Cached, Service
from tests.service.wires import KEY

PREFIX = "/text/generate/"


@dataclass
class Library:
    """A service that knows lists only. `tags` holds an ETag for each; `told` is its answer to Etags."""

    tags: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] | int = 404
    missing: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("accesstoken"):
            return httpx.Response(200, json={"access_token": "t"})
        name = request.url.path.lower().removeprefix(PREFIX)
        self.asked.append(name)
        if name == "etags":
            told = self.told
            return httpx.Response(told) if isinstance(told, int) else httpx.Response(200, json=told)
        if name in self.missing:
            return httpx.Response(404)
        tag = self.tags.get(name, "")
        if tag and request.headers.get("If-None-Match") == tag:
            return httpx.Response(304)
        body = {"maxKeywords": 5} if name == "rules" else {"wordsPerCredit": 9} if name == "credits" else [name + tag]
        return httpx.Response(200, json=body, headers={"ETag": tag} if tag else {})

    def open(self, cache: dict[str, Cached] | None = None) -> Service:
        transport = httpx.MockTransport(self)
        return Service("https://api.writetext.ai", KEY, transport=transport, cache=cache, sleep=lambda _: None)


NAMES = [
    "rules",
    "tones",
    "styles",
    "audiences",
    "formallanguages",
    "formallanguagesupport",
    "disallowedcombinations",
    "credits",
]


def test_an_unchanged_list_is_not_fetched_again() -> None:
    tags = {name: f'"{name}-1"' for name in NAMES}
    library = Library(tags, dict(tags))
    with library.open() as service:
        first = service.reference()
        assert sorted(library.asked) == sorted(NAMES)
        library.asked.clear()
        assert service.reference() == first
        assert library.asked == ["etags"]


def test_only_the_list_that_changed_is_fetched() -> None:
    tags = {name: f'"{name}-1"' for name in NAMES}
    library = Library(tags, tags)
    with library.open() as service:
        service.reference()
        library.asked.clear()
        tags["tones"] = '"tones-2"'
        assert [tone.id for tone in service.reference().tones] == ['tones"tones-2"']
        assert library.asked == ["etags", "tones"]


@pytest.mark.parametrize("told", [404, 400, {}, {"tones": "x"}])
def test_without_all_etags_each_list_is_asked_whether_it_changed(told: dict[str, str] | int) -> None:
    library = Library({name: f'"{name}-1"' for name in NAMES}, told)
    with library.open() as service:
        first = service.reference()
        library.asked.clear()
        assert service.reference() == first
        assert sorted(library.asked) == sorted(["etags", *NAMES])


def test_lists_without_etags_are_always_fetched() -> None:
    library = Library()
    with library.open() as service:
        assert service.reference() == service.reference()
    assert sorted(library.asked) == sorted(NAMES * 2)


def test_a_cache_outlives_the_client() -> None:
    tags = {name: f'"{name}-1"' for name in NAMES}
    cache: dict[str, Cached] = {}
    with Library(tags, tags).open(cache) as service:
        first = service.reference()
    assert all(name.startswith("https://api.writetext.ai ") for name in cache)
    library = Library(tags, tags)
    with library.open(cache) as service:
        assert service.reference() == first
    assert library.asked == ["etags"]


def test_a_damaged_cache_is_not_believed() -> None:
    tags = {name: f'"{name}-1"' for name in NAMES}
    cache = {"https://api.writetext.ai tones": Cached('"tones-1"', "{")}
    with Library(tags, tags).open(cache) as service:
        assert [tone.id for tone in service.reference().tones] == ['tones"tones-1"']


def test_lists_that_only_the_plugin_knows_may_be_missing() -> None:
    extra = frozenset({"formallanguages", "formallanguagesupport", "disallowedcombinations", "credits"})
    with Library(missing=extra).open() as service:
        found = service.reference()
    assert (found.formal_languages, found.formal_support, found.disallowed, found.prices) == (
        (),
        (),
        (),
        PriceList(rules=found.rules),
    )


@pytest.mark.parametrize("name", ["rules", "tones", "styles", "audiences"])
def test_the_other_lists_may_not(name: str) -> None:
    with Library(missing=frozenset({name})).open() as service, pytest.raises(NotFound):
        service.reference()


@pytest.mark.parametrize(("told", "error"), [(401, NotSignedIn), (500, None)])
def test_a_refused_token_is_not_taken_for_missing_etags(told: int, error: type[Exception] | None) -> None:
    library = Library({name: f'"{name}-1"' for name in NAMES}, told)
    with library.open() as service:
        first = service.reference()
        if error is None:
            assert service.reference() == first
            return
        with pytest.raises(error):
            service.reference()


def test_a_list_that_is_no_list_cannot_be_read() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        token = {"access_token": "t", "maxKeywords": 1}
        return httpx.Response(200, json=token if "tones" not in request.url.path.lower() else "Witty")

    service = Service("https://api.writetext.ai", KEY, transport=httpx.MockTransport(serve))
    with service, pytest.raises(Unreachable, match="a list of tones"):
        service.reference()
