"""The HTTP edge: the only module that names httpx.

Three ways to send. `read` repeats a GET until it is answered or patience ends. `write` sends once. `submit` sends
once over a connection of its own and reports how far it got, instead of raising. No redirect is ever followed, no
certificate ever left unchecked. Proxies of the environment are used, but not to reach this machine; no netrc is.

A secret travels as a `Stamp`, which knows the only origins that may see it, and enters the request at the last
moment. Errors are raised outside the handlers that saw httpx's own, so no traceback leads back to a header.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import httpx

from sync.attempt import Sent
from sync.errors import ServiceError, Unreachable
from sync.service.hosts import origin
from sync.service.loose import clean
from sync.service.message import Answer, Delivery, Patience, http_date, pace, retry_after
from sync.service.traffic import Traffic

if TYPE_CHECKING:
    import random
    import ssl
    from collections.abc import Callable, Generator, Iterator, Mapping

    from sync.service.message import Call, Stamp

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_PAUSE = 30.0

_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)
_TROUBLE = (httpx.HTTPError, httpx.StreamError, OSError)
_MEANING: Mapping[str, str] = {
    "ConnectError": "no connection came about",
    "ConnectTimeout": "no connection came about in time",
    "ReadTimeout": "no answer came in time",
    "WriteTimeout": "the request could not be sent in time",
    "ReadError": "the connection broke off",
    "WriteError": "the connection broke off while sending",
    "RemoteProtocolError": "the connection broke off, or the answer is not HTTP",
    "ProxyError": "the proxy refused",
}


class Line:
    """The wire, with everything about it that is counted or watched.

    `transport` replaces the network, for a service in the same process; it is used as it is and never closed.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        dice: random.Random,
        transport: httpx.BaseTransport | None = None,
        environment: bool = True,
        attempts: int = 6,
        patience: Patience | None = None,
    ) -> None:
        patience = patience or Patience()
        self._read_timeout = httpx.Timeout(patience.read, connect=patience.connect)
        self._first_pause = patience.pause
        self._submit_timeout = httpx.Timeout(patience.submit, connect=patience.connect)
        self._sleep = sleep
        self._clock = clock
        self._dice = dice
        self._transport = transport
        self._environment = environment
        self._attempts = max(1, attempts)
        self._reader: httpx.Client | None = None
        self.traffic = Traffic()
        """What went over it so far."""
        self.simulated = False
        """Whether an answer came from the simulator."""
        self.instance = ""
        """Which simulated service it was: one begun afresh is another one, and knows nothing of the first."""
        self.quickest: float | None = None
        """How often the simulator lets itself be looked at, in seconds between looks; None from the service itself."""
        self.offset: float | None = None
        """Seconds by which the service's clock was ahead of ours at the latest answer; None before one."""
        self.date: float | None = None
        """The service's clock at the latest answer, in seconds since 1970; None where that answer did not say."""

    def close(self) -> None:
        """Close the connections that are kept for reading."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def read(self, call: Call) -> Answer:
        """Send a GET, again after a fault or a busy service, with growing random pauses or as it asks.

        Raises Unreachable when no attempt brought an answer; the last answer is returned whatever it says.
        """
        if call.method != "GET":
            raise ValueError("only a GET is ever repeated")
        if self._reader is None:
            self._reader = self._client(kept=5)
        for turn in range(self._attempts):
            outcome = self._once(self._reader, call)
            final = isinstance(outcome, Answer) and outcome.status not in RETRIED
            if final or turn + 1 == self._attempts:
                break
            asked = outcome.retry_after if isinstance(outcome, Answer) else None
            pause = self._pause(turn) if asked is None else asked
            self.traffic.repeated += 1
            self.traffic.paused += pause
            self._sleep(pause)
        if isinstance(outcome, _Fault):
            raise _unreachable(call, outcome, "Check the network and WTSYNC_API_URL, then try again.")
        return outcome

    def write(self, call: Call) -> Answer:
        """Send once, over a connection of its own. Raises Unreachable when no answer came."""
        with self._client(kept=0) as client:
            outcome = self._once(client, call)
        if isinstance(outcome, _Fault):
            hint = "Check the network and WTSYNC_API_URL, then try again."
            raise _unreachable(
                call, outcome, hint if outcome.not_left else "It is not known whether the service acted on it."
            )
        return outcome

    def submit(self, call: Call, before_send: Callable[[], None] | None) -> Delivery:
        """Send once, over a connection of its own, and report; what `before_send` raises is passed on unsent."""
        trace = _Trace(call.method, self.traffic)
        with self._client(kept=0) as client:
            request = client.build_request(
                call.method,
                call.url,
                headers=list(call.headers),
                content=call.body,
                timeout=self._submit_timeout,
                extensions={"trace": trace},
            )
            auth = _auth(call)
            if before_send is not None:
                before_send()
            with self._counted(call):
                try:
                    response = client.send(request, auth=auth, stream=True, follow_redirects=False)
                except _TROUBLE as error:
                    return Delivery(trace.sent(error), None, _describe(error, call))
                try:
                    response.read()
                except _TROUBLE as error:
                    return Delivery(trace.sent(error), self._answer(response, b""), _describe(error, call))
                finally:
                    response.close()
            return Delivery(trace.sent(None), self._answer(response, response.content))

    @contextmanager
    def _counted(self, call: Call) -> Iterator[None]:
        """Count a request, what leaves with it, and the time until it is over."""
        self.traffic.calls[call.name] += 1
        self.traffic.sent += len(call.body or b"")
        began = self._clock()
        try:
            yield
        finally:
            self.traffic.waited += max(0.0, self._clock() - began)

    def _once(self, client: httpx.Client, call: Call) -> Answer | _Fault:
        """Send one request; return the answer, or what went wrong."""
        request = client.build_request(
            call.method,
            call.url,
            headers=list(call.headers),
            content=call.body,
            timeout=self._read_timeout,
            extensions={"trace": self.traffic.heard},
        )
        auth = _auth(call)
        with self._counted(call):
            try:
                response = client.send(request, auth=auth, follow_redirects=False)
            except _TROUBLE as error:
                return _Fault(_describe(error, call), isinstance(error, _NOTHING_LEFT))
        return self._answer(response, response.content)

    def _answer(self, response: httpx.Response, body: bytes) -> Answer:
        self.traffic.received += response.num_bytes_downloaded
        self.traffic.unpacked += len(body)
        headers = {name.lower(): value for name, value in response.headers.items()}
        date = http_date(headers.get("date", ""))
        now = self._clock()
        self.date = date
        if date is not None:
            self.offset = date - now
        self.simulated = self.simulated or "x-simulator" in headers
        self.instance = headers.get("x-simulator-instance", self.instance)
        if "x-simulator" in headers:
            self.quickest = pace(headers.get("x-simulator-pace", ""))
        wait = retry_after(headers.get("retry-after", ""), date if date is not None else now)
        return Answer(response.status_code, headers, body, wait, date)

    def _client(self, *, kept: int) -> httpx.Client:
        limits = httpx.Limits(max_connections=max(1, kept), max_keepalive_connections=kept)
        if self._transport is not None:
            return httpx.Client(transport=_Borrowed(self._transport))
        try:
            certificates = _certificates(environment=self._environment)
            return httpx.Client(verify=certificates, limits=limits, trust_env=self._environment)
        except (ImportError, ValueError, OSError, httpx.InvalidURL):
            hint = "Look at HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR in the environment."
        raise Unreachable("The proxy or certificate settings of this machine cannot be used.", hint)

    def _pause(self, turn: int) -> float:
        return self._dice.uniform(0.0, min(_LONGEST_PAUSE, self._first_pause * 2.0**turn))


class _Fault(NamedTuple):
    """Why no answer came, in words, and whether it is certain that nothing left this machine."""

    told: str
    not_left: bool


class _Trace:
    """Listens to httpcore: whether our request was begun, and whether its body went out whole.

    A request that a proxy needs first (CONNECT) is none of ours. Without a single event, as with a transport
    that does not tell, only the kind of the error speaks.
    """

    def __init__(self, method: str, traffic: Traffic) -> None:
        self._method = method.encode()
        self._traffic = traffic
        self._heard = self._ours = self._begun = self._whole = False

    def __call__(self, event: str, info: Mapping[str, object]) -> None:
        self._heard = True
        self._traffic.heard(event, info)
        request = info.get("request")
        if request is not None:
            self._ours = getattr(request, "method", b"") == self._method
        if self._ours and event.endswith("send_request_headers.started"):
            self._begun = True
        if self._ours and event.endswith("send_request_body.complete"):
            self._whole = True

    def sent(self, error: Exception | None) -> Sent:
        """Say how much left, given how it ended."""
        if not self._heard:
            return Sent.NOT_LEFT if isinstance(error, _NOTHING_LEFT) else Sent.LEFT
        if self._whole:
            return Sent.LEFT
        return Sent.PARTIAL if self._begun else Sent.NOT_LEFT


class _StampAuth(httpx.Auth):
    """Puts a stamp on a request at the moment of sending, so that no header list holds it before."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._stamp.header] = self._stamp.prefix + self._stamp.secret.reveal()
        yield request


class _Borrowed(httpx.BaseTransport):
    """Somebody else's transport: used, never closed."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(request)


@cache
def _certificates(*, environment: bool) -> ssl.SSLContext:
    """Read the certificates to trust: they take longer to read than a call takes, so once a process is enough."""
    return httpx.create_ssl_context(trust_env=environment)


def _auth(call: Call) -> _StampAuth | None:
    if call.stamp is None:
        return None
    if origin(call.url) not in call.stamp.origins:
        raise ServiceError(f"Nothing was sent to {origin(call.url)}: it is not a host that may see the token.")
    return _StampAuth(call.stamp)


def _describe(error: Exception, call: Call) -> str:
    """Name an error and say what it means, without any secret."""
    name = type(error).__name__
    detail = str(error) if call.stamp is None else call.stamp.secret.hide(str(error))
    words = [part for part in (_MEANING.get(name, ""), clean(detail)) if part]
    return f"{name}: {'; '.join(words)}" if words else name


def _unreachable(call: Call, fault: _Fault, hint: str) -> Unreachable:
    said = f"The service at {origin(call.url)} did not answer ({fault.told})."
    return Unreachable(said, hint, not_left=fault.not_left)
