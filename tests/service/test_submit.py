"""The billable call: sent at most once, and told exactly as far as it got."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import httpx
import pytest

from sync.attempt import Sent
from sync.errors import NotSignedIn
from sync.service import Secret, Service
from sync.service.body import body_sha256
from sync.service.message import Call, Stamp
from sync.service.transport import Line
from sync.simulator import read_faults
from tests.service.wires import (
    KEY,
    RawServer,
    answer,
    babble,
    close,
    cut,
    free_port,
    impatient,
    impostor,
    order,
    reset,
    silence,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from sync.simulator import Simulator
    from tests.service.wires import Seen

ACCEPTED = {"requestId": "r-1"}


def test_an_accepted_order_tells_its_request_id() -> None:
    with RawServer([answer(200, ACCEPTED, {"Date": "Mon, 21 Sep 2026 12:53:20 GMT"})]) as server:
        with impatient(server.url) as service:
            attempt = service.generate(order("A", "B"))
        assert attempt.sent is Sent.LEFT
        assert (attempt.status, attempt.request_id, attempt.exception) == (200, "r-1", "")
        assert attempt.date == 1789995200.0
        assert attempt.body_sha256 == body_sha256(order("A", "B"))
        assert len(server.work) == 1


def test_s05_a_refused_connection_never_left() -> None:
    with RawServer([answer(200, ACCEPTED)], region=f"127.0.0.1:{free_port()}") as server:
        with impatient(server.url) as service:
            attempt = service.generate(order())
        assert (attempt.sent, attempt.status) == (Sent.NOT_LEFT, None)
        assert attempt.exception.startswith("ConnectError")
        assert server.work == []


def test_s05_a_failed_handshake_never_left() -> None:
    with impostor() as port, RawServer([answer(200, ACCEPTED)], region=f"https://127.0.0.1:{port}") as server:
        with impatient(server.url) as service:
            attempt = service.generate(order())
        assert (attempt.sent, attempt.status) == (Sent.NOT_LEFT, None)
        assert attempt.exception.startswith("ConnectError")


def test_s05_a_proxy_that_refuses_lets_nothing_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer([answer(407, b"")]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        line = Line(sleep=lambda _: None, clock=lambda: 0.0, dice=random.Random(1))
        stamp = Stamp("Authorization", Secret("t"), frozenset({"https://api.writetext.ai"}))
        delivery = line.submit(Call("POST", "https://api.writetext.ai/text/generate", body=b"{}", stamp=stamp), None)
        assert delivery.sent is Sent.NOT_LEFT
        assert [one.method for one in proxy.seen] == ["CONNECT"]
        assert "authorization" not in proxy.seen[0].headers


def test_s06_a_body_that_breaks_off_was_sent_in_part() -> None:
    with RawServer([reset], reads_body=False) as server:
        with impatient(server.url) as service:
            attempt = service.generate(order(padding=30_000_000))
        assert (attempt.sent, attempt.status) == (Sent.PARTIAL, None)
        assert len(server.work) == 1


@pytest.mark.parametrize("behaviour", [close, reset, silence, babble])
def test_s07_a_missing_answer_means_that_it_left(behaviour: Callable[[socket.socket, Seen], None]) -> None:
    with RawServer([behaviour]) as server:
        with impatient(server.url) as service:
            attempt = service.generate(order())
        assert (attempt.sent, attempt.status, attempt.body) == (Sent.LEFT, None, None)
        assert attempt.exception
        assert len(server.work) == 1, "sent once"


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_s07_what_left_is_told_of_every_method(method: str) -> None:
    """An order that is taken for not having left goes out again, and is paid twice."""
    with RawServer([close]) as server:
        line = Line(sleep=lambda _: None, clock=lambda: 0.0, dice=random.Random(1), environment=False)
        delivery = line.submit(Call(method, f"{server.url}/text/Keywords/Optimization", body=b"{}"), None)
        assert (delivery.sent, delivery.answer) == (Sent.LEFT, None)
        assert [one.method for one in server.work] == [method]


def test_s08_a_cut_answer_keeps_its_status_and_says_what_broke() -> None:
    with RawServer([cut(200, b'{"requestId": "r-')]) as server:
        with impatient(server.url) as service:
            attempt = service.generate(order())
        assert (attempt.sent, attempt.status, attempt.body, attempt.request_id) == (Sent.LEFT, 200, None, "")
        assert attempt.exception.startswith("RemoteProtocolError")
        assert len(server.work) == 1


def test_s08_an_answer_that_is_not_json_says_so() -> None:
    with RawServer([answer(200, b"<html>One moment</html>")]) as server, impatient(server.url) as service:
        attempt = service.generate(order())
    assert (attempt.status, attempt.body, attempt.request_id) == (200, None, "")
    assert attempt.exception == "unreadable answer: it is not JSON"


def test_s09_texts_inside_the_answer_are_taken() -> None:
    text = {"id": "t-1", "recordId": "SKU-1", "field": "Page Title", "outputs": ["Oak stool"]}
    body = {"value": {"requestId": None, "texts": [text]}}
    with RawServer([answer(200, body)]) as server, impatient(server.url) as service:
        attempt = service.generate(order())
    assert attempt.request_id == ""
    assert [(one.key.text_type, one.text_id, one.value) for one in attempt.texts] == [
        ("page title", "t-1", "Oak stool")
    ]


@pytest.mark.parametrize("status", [400, 402, 403, 408, 409, 413, 422, 429, 500, 502, 503, 504])
def test_no_status_makes_it_go_out_again(status: int) -> None:
    with RawServer([answer(status, {"Error": "no\x1b[31m\nway"}, {"Retry-After": "7"})]) as server:
        with impatient(server.url) as service:
            attempt = service.generate(order())
        assert (attempt.sent, attempt.status, attempt.retry_after) == (Sent.LEFT, status, 7.0)
        assert attempt.error == "no [31m way"
        assert len(server.work) == 1


def test_s11_a_refused_token_is_told_and_the_next_call_signs_in_again() -> None:
    script = [answer(401, b""), answer(200, ACCEPTED)]
    with RawServer(script, tokens=["old-token", "new-token"]) as server:
        with impatient(server.url) as service:
            assert service.generate(order()).status == 401
            assert len(server.work) == 1, "the caller decides, not the client"
            assert service.generate(order()).request_id == "r-1"
        assert [one.headers["authorization"] for one in server.work] == ["Bearer old-token", "Bearer new-token"]


def test_s14_a_redirect_is_not_followed() -> None:
    with RawServer([answer(200, ACCEPTED)]) as other:
        elsewhere = answer(307, b"", {"Location": f"{other.url}/text/generate"})
        with RawServer([elsewhere]) as server, impatient(server.url) as service:
            assert service.generate(order()).status == 307
        assert other.seen == []


def test_s20_every_order_has_a_connection_of_its_own() -> None:
    with RawServer([answer(200, ACCEPTED)]) as server:
        with impatient(server.url) as service:
            service.sign_in()
            before = server.connections
            for _ in range(3):
                service.generate(order())
        assert server.connections == before + 3


def test_the_intent_is_told_after_sign_in_and_before_anything_is_sent() -> None:
    with RawServer([answer(200, ACCEPTED)]) as server, impatient(server.url) as service:
        noted: list[list[str]] = []
        service.generate(order(), before_send=lambda: noted.append([one.path for one in server.seen]))
    assert noted == [["/web/apitoken/accesstoken"]]


def test_j01_when_the_intent_cannot_be_kept_nothing_is_sent() -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    with RawServer([answer(200, ACCEPTED)]) as server:
        with impatient(server.url) as service, pytest.raises(OSError, match="No space left"):
            service.generate(order(), before_send=full)
        assert server.work == []


def test_s29_an_interruption_passes_through() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise KeyboardInterrupt
        return httpx.Response(200, json={"access_token": "t"})

    told: list[str] = []
    with Service("https://api.writetext.ai", KEY, transport=httpx.MockTransport(serve)) as service:
        with pytest.raises(KeyboardInterrupt):
            service.generate(order(), before_send=lambda: told.append("intent"))
        assert told == ["intent"]


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.ConnectError, Sent.NOT_LEFT),
        (httpx.ConnectTimeout, Sent.NOT_LEFT),
        (httpx.PoolTimeout, Sent.NOT_LEFT),
        (httpx.ProxyError, Sent.NOT_LEFT),
        (httpx.UnsupportedProtocol, Sent.NOT_LEFT),
        (httpx.WriteError, Sent.LEFT),
        (httpx.WriteTimeout, Sent.LEFT),
        (httpx.ReadTimeout, Sent.LEFT),
        (httpx.RemoteProtocolError, Sent.LEFT),
        (httpx.LocalProtocolError, Sent.LEFT),
        (ConnectionResetError, Sent.LEFT),
    ],
)
def test_without_a_trace_only_the_kind_of_the_error_counts(error: type[Exception], sent: Sent) -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise error("no")
        return httpx.Response(200, json={"access_token": "t"})

    with Service("https://api.writetext.ai", KEY, transport=httpx.MockTransport(serve)) as service:
        attempt = service.generate(order())
    assert (attempt.sent, attempt.status) == (sent, None)
    assert attempt.exception.startswith(error.__name__)


def test_without_a_token_there_is_no_intent() -> None:
    told: list[str] = []
    with Service(f"http://127.0.0.1:{free_port()}", KEY, sleep=lambda _: None) as service:
        attempt = service.generate(order(), before_send=lambda: told.append("intent"))
    assert attempt.sent is Sent.NOT_LEFT
    assert attempt.exception.startswith("sign-in: ")
    assert told == []


def test_a_key_that_is_not_taken_is_raised_before_the_intent(service: Service, simulator: Simulator) -> None:
    simulator.api_key = "another"
    told: list[str] = []
    with pytest.raises(NotSignedIn, match="does not take the API key"):
        service.generate(order(), before_send=lambda: told.append("intent"))
    assert told == []


@pytest.mark.parametrize(("fault", "status"), [("lost", None), ("reset", None), ("garbage", 200), ("503", 503)])
def test_in_process_nothing_tells_more_than_it_knows(
    service: Service, simulator: Simulator, fault: str, status: int | None
) -> None:
    simulator.faults.set(read_faults(f"{fault}:on=generate"))
    attempt = service.generate(order())
    assert (attempt.sent, attempt.status, attempt.request_id) == (Sent.LEFT, status, "")
    assert attempt.simulated
    assert attempt.exception or status == 503
