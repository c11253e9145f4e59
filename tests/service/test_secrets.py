"""The key and the token appear in nothing that is shown, logged or kept."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import random
import ssl
import traceback
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sync.errors import ServiceError
from sync.service import Secret, Service
from sync.service.message import Call, Stamp
from sync.service.transport import Line
from tests.service.wires import KEY, TOKEN, RawServer, answer, babble, close, cut, impatient, order, reset

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.service.wires import Seen

ECHO = answer(418, {"error": f"you sent {KEY} and Bearer {TOKEN}"}, {"X-Echo": TOKEN})
LATE_ECHO = answer(500, {"error": "x" * 285 + KEY + TOKEN})
FAULTS = {
    "close": close,
    "reset": reset,
    "babble": babble,
    "cut": cut(200, b"{"),
    "echo": ECHO,
    "late echo": LATE_ECHO,
    "refused": answer(401, {"error": TOKEN}),
    "redirect": answer(302, b"", {"Location": "https://example.com/"}),
    "garbage": answer(200, b"\xff<html>"),
}
CALLS: dict[str, Callable[[Service], object]] = {
    "balance": lambda service: service.balance(),
    "cancel": lambda service: service.cancel("r"),
    "reference": lambda service: service.reference(),
    "texts": lambda service: service.texts("Product", "s", "en", ["1"]),
    "generate": lambda service: service.generate(order()),
}


def holds(text: str) -> bool:
    return KEY in text or TOKEN in text or KEY[:12] in text or TOKEN[:14] in text


def everything(value: object, depth: int = 6) -> list[str]:
    """Collect what printing a value and its parts would show."""
    found = [repr(value), str(value)]
    if depth and is_dataclass(value):
        for one in fields(value):
            if one.name != "_value":
                found += everything(getattr(value, one.name), depth - 1)
    elif depth and hasattr(value, "__dict__"):
        for part in vars(value).values():
            found += everything(part, depth - 1)
    return found


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_x06_g13_no_secret_shows_in_results_errors_tracebacks_or_logs(
    call: Callable[[Service], object], fault: Callable[[socket.socket, Seen], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    chained: list[bool] = []
    with RawServer([fault]) as server, impatient(server.url) as service:
        try:
            result = call(service)
            shown += [repr(result), str(getattr(result, "body", ""))]
        except ServiceError as error:
            told = traceback.TracebackException.from_exception(error, capture_locals=True)
            ours = [frame for frame in told.stack if "tests" not in Path(frame.filename).parts]
            assert ours, "the tests' own frames hold what the server saw, the client's are what counts"
            told.stack = traceback.StackSummary.from_list(ours)
            shown += [str(error), error.hint, repr(error), *told.format()]
            chained.append(error.__context__ is not None and not error.__suppress_context__)
        shown += everything(service)
        with pytest.raises(Exception, match=r"."):
            pickle.dumps(service)
        assert any(TOKEN in str(one.headers) for one in server.work), "the canary did fly"
    assert not any(chained)
    assert not [one for one in shown if holds(one)]
    sent_by_server = [one for one in caplog.messages if "receive_response_headers" in one]
    assert not [one for one in caplog.messages if holds(one) and one not in sent_by_server]


def test_x06_a_token_in_the_words_of_an_error_is_taken_out() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        if "authorization" in request.headers:
            raise httpx.LocalProtocolError(f"Illegal header value b'Bearer {TOKEN}'")
        return httpx.Response(200, json={"access_token": TOKEN})

    with Service("https://api.writetext.ai", KEY, transport=httpx.MockTransport(serve), attempts=1) as service:
        assert service.generate(order()).exception == "LocalProtocolError: Illegal header value b'Bearer ***'"
        with pytest.raises(ServiceError, match=r"Bearer \*\*\*"):
            service.balance()


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(KEY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", f"{[secret]}", repr({"key": secret})]
    assert not [one for one in shown if holds(one)]
    for spill in (pickle.dumps, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            spill(secret)
    assert secret == Secret(KEY)
    assert secret != Secret("other")
    assert secret != KEY
    assert len({secret, Secret(KEY)}) == 1


def test_a_stamp_goes_nowhere_but_to_its_own_hosts() -> None:
    asked: list[Any] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    line = Line(sleep=lambda _: None, clock=lambda: 0.0, dice=random.Random(1), transport=httpx.MockTransport(serve))
    stamp = Stamp("Authorization", Secret(TOKEN), frozenset({"https://api.writetext.ai"}))
    for url in ("https://example.com/", "http://api.writetext.ai/", "https://api.writetext.ai:8443/"):
        with pytest.raises(ServiceError, match="not a host that may see the token"):
            line.read(Call("GET", url, stamp=stamp))
        with pytest.raises(ServiceError):
            line.write(Call("POST", url, stamp=stamp))
        with pytest.raises(ServiceError):
            line.submit(Call("POST", url, stamp=stamp), None)
    assert asked == []
    line.close()


def test_x07_certificates_are_always_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[dict[str, Any]] = []
    original = httpx.Client.__init__

    def spy(client: httpx.Client, **options: Any) -> None:
        built.append(options)
        original(client, **options)

    monkeypatch.setattr(httpx.Client, "__init__", spy)
    with RawServer([answer(200, {"availableCredits": 1})]) as server, impatient(server.url) as service:
        service.balance()
        service.generate(order())
    assert built
    for options in built:
        certificates = options["verify"]
        assert isinstance(certificates, ssl.SSLContext)
        assert certificates.verify_mode is ssl.CERT_REQUIRED
        assert certificates.check_hostname
        assert not options.get("follow_redirects")
    assert not any(options["trust_env"] for options in built), "no proxy is asked to reach this machine"
