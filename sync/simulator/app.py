"""The service over HTTP: a Starlette application around a `Simulator`.

Paths, JSON names and query names are read in any letter case. Every answer carries `X-Simulator: wtsync`, the
simulated service that it comes from (`X-Simulator-Instance`) and the `Date` of the simulator's clock; in real time also
how often it may be looked at, in seconds between looks (`X-Simulator-Pace`). Addresses under `/_simulator/` are for
tests: they need no token and meet no faults.

A dropped connection (faults `reset`, `lost`, `cut`) is a real one when the server of `sync.simulator.server` listens.
In process, through `httpx.ASGITransport`, there is no connection to drop: the application raises what httpx raises
when one is dropped, `httpx.ReadError` or `httpx.RemoteProtocolError`.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import httpx
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

from sync.simulator.calls import Answer, Call, Operation
from sync.simulator.routes import ROUTES
from sync.simulator.wire import Fields, Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sync.simulator.faults import Fault
    from sync.simulator.service import Simulator

DROP = "drop_connection"
_WORTH_PACKING = 1000
"""Bytes."""
_PAGE = "<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>One moment</h1></body></html>"


class JsonResponse(Response):
    """JSON that also survives what UTF-8 cannot write."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Write compact UTF-8."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class DroppedResponse(Response):
    """No answer, or only the first half of one, and then the end of the connection."""

    def __init__(self, answer: Response | None = None) -> None:
        super().__init__()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is and drop the connection, or raise as httpx would."""
        if self._answer is not None:
            half = bytes(self._answer.body[: len(self._answer.body) // 2])
            headers = self._answer.raw_headers
            await send({"type": "http.response.start", "status": self._answer.status_code, "headers": headers})
            await send({"type": "http.response.body", "body": half, "more_body": True})
        drop = scope.get("state", {}).get(DROP)
        if drop is None and self._answer is None:
            raise httpx.ReadError("the simulator dropped the connection")
        if drop is None:
            raise httpx.RemoteProtocolError("the simulator broke the answer off")
        drop(flush=self._answer is not None)
        while (await receive())["type"] != "http.disconnect":
            pass


class Envelope:
    """Folds the letter case of paths and puts the common headers on every answer."""

    def __init__(self, app: ASGIApp, simulator: Simulator) -> None:
        self.app = app
        self.simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Simulator"] = "wtsync"
                headers["X-Simulator-Instance"] = self.simulator.instance
                if self.simulator.pace is not None:
                    headers["X-Simulator-Pace"] = f"{self.simulator.pace:g}"
                headers["Date"] = formatdate(self.simulator.now(), usegmt=True)
            await send(message)

        await self.app({**scope, "path": scope["path"].lower()}, receive, send_on)


@dataclass(frozen=True)
class Endpoint:
    """One operation as Starlette calls it: faults, sign-in, the work, the answer."""

    simulator: Simulator
    operation: Operation
    sleep: Callable[[float], Awaitable[object]]

    async def __call__(self, request: Request) -> Response:
        """Answer one call."""
        try:
            return await self._faulty(request)
        except Refusal as refusal:
            return JsonResponse({"error": refusal.message}, refusal.status, refusal.headers)

    async def _faulty(self, request: Request) -> Response:
        body = await request.body()
        if self.operation.internal:
            return self._answer(request, body)
        struck = self.simulator.faults.call(self.operation.name, request.method, request.url.path)
        for fault in struck:
            if fault.kind == "slow":
                await self.sleep(fault.seconds)
        for fault in struck:
            stopped = _before(fault)
            if stopped is not None:
                return stopped
        answer = self._guarded(request, body, struck)
        if any(fault.kind == "twice" for fault in struck):
            answer = self._guarded(request, body, struck)
        for fault in struck:
            if fault.kind == "late":
                await self.sleep(fault.seconds)
        for fault in struck:
            answer = _after(fault, answer)
        return answer

    def _guarded(self, request: Request, body: bytes, struck: Sequence[Fault]) -> Response:
        """Work, and give a refusal as an answer, so that faults after the effect meet it too."""
        try:
            return self._answer(request, body, struck)
        except Refusal as refusal:
            return JsonResponse({"error": refusal.message}, refusal.status, refusal.headers)

    def _answer(self, request: Request, body: bytes, struck: Sequence[Fault] = ()) -> Response:
        if self.operation.signed:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            self.simulator.check_token(token.strip() if scheme.lower() == "bearer" else "")
        kinds = frozenset(fault.kind for fault in struck)
        lag = max((fault.seconds for fault in struck if fault.kind == "lag"), default=0.0)
        call = Call(self.simulator, _query(request), body, request.headers, request.path_params, kinds, lag)
        answer: Answer = self.operation.work(call)
        if answer.status == 304:
            return Response(status_code=304, headers=answer.headers)
        return _packed(JsonResponse(answer.content, answer.status, answer.headers), request)


def _packed(response: Response, request: Request) -> Response:
    """Pack an answer that is worth it, for a caller who says that it can unpack it."""
    if len(response.body) < _WORTH_PACKING or "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    response.body = gzip.compress(bytes(response.body), compresslevel=1, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))
    return response


def create_app(simulator: Simulator, *, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> Starlette:
    """Make the application. `sleep` is what the faults `slow` and `late` wait with, in seconds."""
    routes = [
        Route(path.lower(), _handler(Endpoint(simulator, operation, sleep)), methods=[method])
        for (method, path), operation in ROUTES.items()
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Envelope, simulator=simulator)],
        exception_handlers={HTTPException: _http_error},
    )


def _handler(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        return await endpoint(request)

    return handle


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):  # pragma: no cover - registered for this type only
        raise error
    messages = {404: f"There is nothing at {request.url.path}", 405: f"{request.method} is not allowed here"}
    message = messages.get(error.status_code, error.detail)
    return JsonResponse({"error": message}, error.status_code, dict(error.headers or {}))


def _query(request: Request) -> Fields:
    """Read the query: names in any letter case, `name[0]=` for lists, repeated names as a list."""
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        found.setdefault(name.partition("[")[0].lower(), []).append(value)
    return Fields({name: values[0] if len(values) == 1 else values for name, values in found.items()})


def _status(fault: Fault, status: int) -> Response:
    headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return JsonResponse({"error": f"Simulated fault: {fault.kind}"}, status, headers)


def _before(fault: Fault) -> Response | None:
    """Return what ends a call before it takes effect, if this fault does."""
    if fault.kind == "refuse":
        return _status(fault, 503)
    if fault.kind == "reset":
        return DroppedResponse()
    if fault.kind.isdigit() and not fault.effect:
        return _status(fault, int(fault.kind))
    return None


def _after(fault: Fault, answer: Response) -> Response:
    """Return what becomes of the answer to a call that took effect."""
    if fault.kind == "lost":
        return DroppedResponse()
    if fault.kind == "cut" and not isinstance(answer, DroppedResponse):
        return DroppedResponse(answer)
    if fault.kind == "garbage":
        return Response(_PAGE, 200, media_type="text/html")
    if fault.kind.isdigit():
        return _status(fault, int(fault.kind))
    return answer
