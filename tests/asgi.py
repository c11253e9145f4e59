"""An ASGI application in place of the network, for a client that is not asynchronous."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from types import TracebackType


class AsgiTransport(httpx.BaseTransport):
    """Runs every request through the application, on an event loop of its own; close it after use."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app=app)
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._runner.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._handle(request))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        for name in ("content-encoding", "content-length"):  # it comes unpacked: there is no line to spare
            response.headers.pop(name, None)
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(content))
