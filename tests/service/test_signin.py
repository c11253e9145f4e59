"""Signing in: which hosts may see a secret, and when a token is renewed."""

from __future__ import annotations

import string

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import NotSignedIn, Rejected, Unreachable, UsageError
from sync.service import Service
from sync.service.hosts import check_api, check_region
from tests.service.conftest import Clock
from tests.service.wires import KEY, RawServer, answer, impatient, order

API = "https://api.writetext.ai"
LOCAL = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://api.writetext.ai", API),
        ("https://API.WriteText.ai/", API),
        ("https://api.writetext.ai:443", API),
        ("https://proxy.example.com:8443", "https://proxy.example.com:8443"),
        ("http://127.0.0.1:8000", LOCAL),
        ("http://localhost:9", "http://localhost:9"),
        ("http://[::1]:9/", "http://[::1]:9"),
    ],
)
def test_an_address_of_the_api_is_a_host(url: str, found: str) -> None:
    assert check_api(url) == found


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.writetext.ai",
        "http://api.writetext.ai",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "ftp://api.writetext.ai",
        "https://user:word@api.writetext.ai",
        "https://api.writetext.ai/path",
        "https://api.writetext.ai?x",
        "https://api.writetext.ai:99999",
        "https://api.write text.ai",
        "https://",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        Service(url, KEY)


@pytest.mark.parametrize(
    ("region", "api", "found"),
    [
        ("api-eu.writetext.ai", API, "https://api-eu.writetext.ai"),
        ("https://api-eu.writetext.ai/", API, "https://api-eu.writetext.ai"),
        (" API-EU.WriteText.ai ", API, "https://api-eu.writetext.ai"),
        ("", API, API),
        ("api.writetext.ai", API, API),
        ("proxy.example.com", "https://proxy.example.com", "https://proxy.example.com"),
        ("127.0.0.1:8000", LOCAL, LOCAL),
        ("localhost:9", LOCAL, "http://localhost:9"),
        ("[::1]:9", LOCAL, "http://[::1]:9"),
    ],
)
def test_x08_a_region_of_the_service_itself_is_followed(region: str, api: str, found: str) -> None:
    assert check_region(region, api) == found


@pytest.mark.parametrize(
    ("region", "api"),
    [
        ("evil.example.com", API),
        ("writetext.ai.example.com", API),
        ("evilwritetext.ai", API),
        ("http://api-eu.writetext.ai", API),
        ("http://api.writetext.ai", API),
        ("127.0.0.1:8000", API),
        ("user@api-eu.writetext.ai", API),
        ("example.com/api-eu.writetext.ai", API),
        ("example.com#.writetext.ai", API),
        ("example.com\\.writetext.ai", API),
        ("example.com\n.writetext.ai", API),
        ("api-eu.writetext.ai:99999", API),
        ("api-eu.writetext.ai", LOCAL),
        ("10.0.0.1:8000", LOCAL),
        ("other.example.com", "https://proxy.example.com"),
    ],
)
def test_x08_any_other_region_is_refused(region: str, api: str) -> None:
    with pytest.raises(NotSignedIn, match="not one of its own hosts"):
        check_region(region, api)


@given(st.text(string.ascii_letters + string.digits + ".-:/@#?%\\[] \t\n", max_size=60))
def test_x08_no_region_leads_to_a_foreign_host(region: str) -> None:
    try:
        found = check_region(region, API)
    except NotSignedIn:
        return
    url = httpx.URL(found)
    assert url.scheme == "https"
    assert url.host == "api.writetext.ai" or url.host.endswith(".writetext.ai")


def test_x08_nothing_goes_to_a_region_that_is_refused() -> None:
    asked: list[str] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, json={"access_token": "t", "region": "evil.example.com"})

    with Service(API, KEY, transport=httpx.MockTransport(serve)) as service:
        for call in (service.balance, lambda: service.generate(order())):
            with pytest.raises(NotSignedIn):
                call()
    assert set(asked) == {"api.writetext.ai"}


def test_the_key_goes_to_the_api_and_the_token_to_the_region() -> None:
    asked: list[tuple[str, str, str]] = []

    def serve(request: httpx.Request) -> httpx.Response:
        headers = request.headers
        asked.append((request.url.host, headers.get("WriteTextAI-Token", ""), headers.get("Authorization", "")))
        return httpx.Response(
            200, json={"AccessToken": "tok", "Region": "api-eu.writetext.ai", "availableCredits": 1, "requestId": "r"}
        )

    with Service(API, KEY, transport=httpx.MockTransport(serve)) as service:
        service.balance()
        service.generate(order())
        assert service.identity == "api-eu.writetext.ai"
    assert asked == [("api.writetext.ai", KEY, ""), *[("api-eu.writetext.ai", "", "Bearer tok")] * 2]


def counting(clock: Clock, monotonic: Clock, life: object = 1000) -> tuple[Service, list[str]]:
    asked: list[str] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"token": "t", "expires_in": life, "availableCredits": 1})

    service = Service(API, KEY, transport=httpx.MockTransport(serve), clock=clock, monotonic=monotonic)
    return service, asked


@pytest.mark.parametrize("which", ["wall", "monotonic"])
def test_s11_a_token_is_renewed_after_four_fifths_of_its_life_by_either_clock(which: str) -> None:
    wall, monotonic = Clock(), Clock()
    service, asked = counting(wall, monotonic)
    clock = wall if which == "wall" else monotonic
    with service:
        for seconds, sign_ins in ((0, 1), (799, 1), (1, 2), (799, 2), (-5000, 2), (10_000, 3)):
            clock.now += seconds
            service.balance()
            assert sum(path.endswith("accesstoken") for path in asked) == sign_ins


@pytest.mark.parametrize("life", [None, "soon", 0, -5, 1e400])
def test_an_odd_lifetime_does_not_sign_in_for_every_call(life: object) -> None:
    service, asked = counting(Clock(), Clock(), None if life == 1e400 else life)
    with service:
        service.balance()
        service.balance()
    assert sum(path.endswith("accesstoken") for path in asked) == 1


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "schlüssel", "x" * 20_000])
def test_what_cannot_be_a_key_is_said_before_anything_is_sent(key: str) -> None:
    with pytest.raises(NotSignedIn) as caught:
        Service(API, key)
    assert "wtsync login" in caught.value.hint
    assert key.strip() == "" or key not in str(caught.value)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_not_taken_is_said_with_the_way_out(status: int) -> None:
    def serve(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"error": f"bad key {KEY}"})

    with Service(API, KEY, transport=httpx.MockTransport(serve)) as service:
        with pytest.raises(NotSignedIn, match=r"does not take the API key: bad key \*\*\*") as caught:
            service.balance()
        assert "wtsync login" in caught.value.hint


@pytest.mark.parametrize("body", [None, [], {}, "x", {"access_token": ""}, {"access_token": "a b"}, {"token": True}])
def test_a_sign_in_without_a_usable_token_cannot_be_read(body: object) -> None:
    with (
        Service(API, KEY, transport=httpx.MockTransport(lambda _: httpx.Response(200, json=body))) as service,
        pytest.raises(Unreachable, match="access token"),
    ):
        service.balance()


def test_a_busy_sign_in_is_tried_again() -> None:
    calls = [503, 429, 200]

    def serve(_: httpx.Request) -> httpx.Response:
        return httpx.Response(calls.pop(0), json={"access_token": "t"})

    with Service(API, KEY, transport=httpx.MockTransport(serve), sleep=lambda _: None) as service:
        service.sign_in()
    assert calls == []


def test_a_read_that_is_redirected_stays_where_it_is() -> None:
    with RawServer([answer(200, {})]) as other:
        elsewhere = answer(308, b"", {"Location": other.url})
        with (
            RawServer([elsewhere]) as server,
            impatient(server.url) as service,
            pytest.raises(Rejected, match="not followed"),
        ):
            service.balance()
        assert other.seen == []
