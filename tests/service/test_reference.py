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

    def open(
        self, cache: dict[str, Cached] | None = None, *, key: str = KEY, now: float = 5000.0, lists_for: float = 0.0
    ) -> Service:
        return Service(
            "https://api.writetext.ai",
            key,
            transport=httpx.MockTransport(self),
            cache=cache,
            lists_for=lists_for,
            sleep=lambda _: None,
            clock=lambda: now,
        )


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
    assert KEY not in "".join(cache)
    library = Library(tags, tags)
    with library.open(cache) as service:
        assert service.reference() == first
    assert library.asked == ["etags"]


def test_a_damaged_cache_is_not_believed() -> None:
    tags = {name: f'"{name}-1"' for name in NAMES}
    cache: dict[str, Cached] = {}
    with Library(tags, tags).open(cache) as service:
        service.reference()
    cache.update({name: Cached(one.etag, "{") for name, one in cache.items() if name.endswith(" tones")})
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


@pytest.mark.parametrize("tagged", [True, False])
def test_lists_that_came_lately_are_not_asked_for_and_later_ones_are(tagged: bool) -> None:
    tags = {name: f'"{name}-1"' for name in NAMES} if tagged else {}
    cache: dict[str, Cached] = {}
    library = Library(tags, tags, missing=frozenset({"disallowedcombinations"}))
    with library.open(cache, lists_for=1800.0) as service:
        first = service.reference()
        assert service.lists_age is None
    library.asked.clear()
    with library.open(cache, now=6799.0, lists_for=1800.0) as service:
        assert service.reference() == first
        assert service.lists_age == 1799.0
    assert library.asked == []
    for now in (6800.0, 4999.0):
        with library.open(dict(cache), now=now, lists_for=1800.0) as service:
            assert service.reference() == first
            assert service.lists_age is None
        asked = ["etags", "disallowedcombinations"] if tagged else NAMES
        assert sorted(library.asked) == sorted(asked), "also where the clock was set back"
        library.asked.clear()


def test_a_list_that_still_holds_is_new_again() -> None:
    tags = {name: f'"{name}-1"' for name in NAMES}
    library = Library(tags, tags)
    cache: dict[str, Cached] = {}
    for now in (5000.0, 7000.0, 8000.0):
        with library.open(cache, now=now, lists_for=1800.0) as service:
            service.reference()
    assert sorted(library.asked) == sorted([*NAMES, "etags"]), "asked at 5000, asked whether they hold at 7000"


def test_another_account_is_told_its_own_lists() -> None:
    library = Library()
    cache: dict[str, Cached] = {}
    for key in (KEY, KEY[::-1]):
        with library.open(cache, key=key, lists_for=1800.0) as service:
            service.reference()
    assert sorted(library.asked) == sorted(NAMES * 2)
