"""Letting the simulator listen on a port: for the command, for tests and for the demo.

Quiet by intention: nothing is logged. Connections can really be dropped here, which the faults need.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import struct
import threading
from functools import partial
from typing import TYPE_CHECKING, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sync.simulator.app import DROP, create_app
from sync.simulator.service import DEFAULT_KEY, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_TICK = 0.1
"""Seconds between two looks whether a signal came."""
_LINGER = "hh" if os.name == "nt" else "ii"


class DroppingProtocol(H11Protocol):
    """HTTP/1.1 that hands the application the means to drop its connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note the connection and how to drop it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, DROP: partial(_drop, transport)}


def _drop(transport: asyncio.Transport, *, flush: bool) -> None:
    """End a connection: after what was written, or at once with a reset."""
    if flush:
        transport.close()
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
    transport.abort()


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it, and that ends as soon as it is told to.

    uvicorn's own looks only ten times a second whether it is to end, and then waits a tenth of a second whatever is
    open: too long for everyone who starts a service for one story.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        """Tell it to end, from any thread."""
        self.should_exit = True  # first: who comes before the loop listens is seen by its first look
        if self._told is not None:
            loop, told = self._told
            with contextlib.suppress(RuntimeError):  # it has ended already
                loop.call_soon_threadsafe(told.set)

    async def main_loop(self) -> None:
        """Wait until told to end; a signal is noticed within a tenth of a second."""
        told = asyncio.Event()
        self._told = asyncio.get_running_loop(), told
        while not self.should_exit:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), _TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is idle; let calls that are being answered have a second, unless a second signal came."""
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._quiet(), self.config.timeout_graceful_shutdown)
        for task in self.server_state.tasks:
            task.cancel()

    async def _quiet(self) -> None:
        # uvicorn tells nobody when the last of them is gone.
        while (self.server_state.connections or self.server_state.tasks) and not self.force_exit:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def _bound(host: str, port: int) -> socket.socket:
    """Open the port, or raise OSError naming it; port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, so that asyncio knows it for TCP and turns off the waiting that costs 40 ms a call.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    return listener


def _url(listener: socket.socket, host: str) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(simulator: Simulator) -> _Server:
    config = uvicorn.Config(
        create_app(simulator),
        http=DroppingProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config)


@contextlib.contextmanager
def running(simulator: Simulator, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Listen in a thread of this process; yields the base address, already reachable; stops at the end.

    While it listens, speak to it over the wire only: the simulator is not made for two threads.
    """
    listener = _bound(host, port)
    server = _server(simulator)
    thread = threading.Thread(target=server.run, args=([listener],), name="simulator", daemon=True)
    try:
        thread.start()
        yield _url(listener, host)
    finally:
        server.end()
        thread.join(10)
        listener.close()
        simulator.close()


def serve(
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    seed: int = 0,
    capacity: int = 4,
    seconds_per_record: float = 1.0,
    state: str | os.PathLike[str] | None = None,
    fault: str = "",
    api_key: str = DEFAULT_KEY,
    days_later: float = 0.0,
    announce: Callable[[str, str], None] | None = None,
) -> None:
    """Listen until SIGINT or SIGTERM, then save the state. For the main thread of a process.

    The port is opened first: OSError when it cannot be. `announce(url, key)` is called once calls can come in.
    Raises ValueError for a fault specification or a state file that cannot be read.
    """
    listener = _bound(host, port)
    try:
        simulator = Simulator(
            seed=seed,
            capacity=capacity,
            seconds_per_record=seconds_per_record,
            api_key=api_key,
            state_file=state,
            faults=fault,
            days_later=days_later,
        )
        server = _server(simulator)
        with _stopping(server):
            if announce is not None:
                announce(_url(listener, host), api_key)
            server.run([listener])
        simulator.close()
    finally:
        listener.close()


@contextlib.contextmanager
def _stopping(server: _Server) -> Iterator[None]:
    """Let signals end the server for a while; a second one ends it without waiting for open calls."""

    def stop(_number: int, _frame: object) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, cast("signal.Handlers", handler))
