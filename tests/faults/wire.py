"""The same troubles, met by the real client over the real application: what the quick port is held against.

Every call of the run's port draws its trouble from the same `Network`; the transport then makes it happen to each HTTP
request of that call. Sign-ins are left alone.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from sync.service import Service
from sync.simulator import create_app
from tests.asgi import AsgiTransport
from tests.faults.network import status_of, wait_of
from tests.run.world import Wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.lab import Lab

API = "https://api.writetext.ai"
ELSEWHERE = "https://elsewhere.example"
_PAGE = b"<!DOCTYPE html><html><body>One moment</body></html>"


class MiddleDie:
    """A die that always shows the middle, so that the client's pauses are known."""

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2


class Breaking(httpx.ByteStream):
    """An answer that breaks off."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"request'
        raise httpx.RemoteProtocolError("the answer broke off")


class FaultyTransport(httpx.BaseTransport):
    """The application, with the trouble of the call that is being made."""

    def __init__(self, lab: Lab, inner: httpx.BaseTransport) -> None:
        self.lab = lab
        self.inner = inner
        self.call = ""
        self.trouble = ""
        self.landing: Any = None
        self.hosts: set[str] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.hosts.add(request.url.host)
        if request.url.host != httpx.URL(API).host:
            return httpx.Response(200, json={"requestId": "stolen"})
        if not self.trouble or "token" in request.url.path.lower():
            return self.inner.handle_request(request)
        if self.call == "generate":
            return self._order(request)
        return self._read(request)

    def _order(self, request: httpx.Request) -> httpx.Response:
        trouble = self.trouble
        body = json.loads(request.content)
        if trouble == "refused":
            raise httpx.ConnectError("refused")
        if trouble in {"partial", "reset"}:
            raise httpx.ReadError("the connection broke off")
        if trouble.startswith("late"):
            self.lab.lands_later(body, wait_of(trouble) or 0.0)
            raise httpx.ReadTimeout("no answer came in time")
        status = status_of(trouble)
        if status is not None and not trouble.endswith("+"):
            if status == 429:
                self.lab.promises.told_to_wait("order", wait_of(trouble))
            return self._status(status)
        if trouble == "inline" and len(body["Texts"]) == 1:
            body["queue"] = False
            request = self._with_body(request, body)
        answer = self._effect(request)
        if answer.status_code != 200:
            return answer
        if trouble == "twice":
            self.lab.promises.twin(body)
            self.lab.twins |= set(list(self.lab.simulator.requests)[-1:])
            answer = self._effect(request)
            self.lab.twins |= set(list(self.lab.simulator.requests)[-1:])
        if trouble == "lost":
            raise httpx.ReadError("the connection broke off")
        if trouble == "cut":
            return httpx.Response(200, headers={"Content-Length": "99"}, stream=Breaking(b""))
        if trouble == "garbage":
            return httpx.Response(200, content=_PAGE, headers={"Content-Type": "text/html"})
        return answer if status is None else self._status(status)

    def _effect(self, request: httpx.Request) -> httpx.Response:
        return self.inner.handle_request(request)

    def _with_body(self, request: httpx.Request, body: Any) -> httpx.Request:
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        return httpx.Request(request.method, request.url, headers=headers, content=json.dumps(body).encode())

    def _read(self, request: httpx.Request) -> httpx.Response:
        trouble, status = self.trouble, {"signed out": 401, "forbidden": 403, "vanished": 404}.get(self.trouble)
        if trouble == "deaf":
            self.inner.handle_request(request)
        if trouble in {"silent", "deaf"}:
            raise httpx.ReadError("the connection broke off")
        if trouble.startswith("busy"):
            return self._status(429)
        if status is None and trouble.isdigit():
            status = int(trouble)
        if status is not None:
            return self._status(status)
        found = json.loads(self.inner.handle_request(request).read())
        kept = [] if trouble == "none" else found[(len(found) + 1) // 2 :]
        return httpx.Response(200, json=kept)

    def _status(self, status: int) -> httpx.Response:
        wait = wait_of(self.trouble)
        headers = {} if wait is None else {"Retry-After": f"{wait:.0f}"}
        if status == 307:
            headers["Location"] = f"{ELSEWHERE}/text/generate"
        return httpx.Response(status, json={"error": "Simulated fault"}, headers=headers)


class WirePort(Wrapped):
    """The real client; each call is struck by what the network has for it. As with the quick port, looks are full."""

    server_time: float | None = None

    def __init__(self, lab: Lab, client: Service, transport: FaultyTransport) -> None:
        super().__init__(client)
        self.lab = lab
        self.transport = transport

    @contextmanager
    def _struck(self, call: str) -> Iterator[str]:
        if call not in {"generate", "cancel"}:
            self.lab.promises.calling("read")
        trouble = self.lab.network.strike(call)
        self.lab.say(f"{call}: {trouble or 'well'}")
        self.transport.call, self.transport.trouble = call, trouble
        try:
            yield trouble
        finally:
            self.transport.call = self.transport.trouble = ""
            if trouble.startswith("busy"):
                self.lab.promises.told_to_wait("read", wait_of(trouble))

    def generate(self, request: Any, *, before_send: Any) -> Any:
        def ready() -> None:
            before_send()
            self.lab.posting(request_body(request))

        with self._struck("generate"):
            return self.inner.generate(request, before_send=ready)

    def active_requests(self) -> Any:
        with self._struck("list"):
            return self.inner.active_requests()

    def request(self, request_id: str) -> Any:
        with self._struck("request"):
            return self.inner.request(request_id)

    def texts(self, *args: Any, **options: Any) -> Any:
        with self._struck("texts"):
            return self.inner.texts(*args, **options)

    def balance(self) -> Any:
        with self._struck("balance"):
            return self.inner.balance()

    def cancel(self, request_id: str) -> None:
        with self._struck("cancel"):
            self.inner.cancel(request_id)


def request_body(request: Any) -> Any:
    """Give the body of an order."""
    from sync.service.body import generate_body  # noqa: PLC0415 - beside its only use

    return generate_body(request)


@contextmanager
def wire_port(lab: Lab) -> Iterator[WirePort]:
    """Make a client of its own, as a new process has one."""
    with AsgiTransport(create_app(lab.simulator, sleep=lab._late)) as inner:
        transport = FaultyTransport(lab, inner)
        client = Service(
            API,
            lab.simulator.api_key,
            transport=lab.wrap_transport(transport),
            sleep=lab.clock.sleep,
            clock=lambda: lab.clock.time + lab.skew,
            monotonic=lab.clock,
            dice=MiddleDie(),  # type: ignore[arg-type]  # all that is asked of it is `uniform`
        )
        with client:
            yield WirePort(lab, client, transport)
        lab.hosts |= transport.hosts
