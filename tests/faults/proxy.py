"""A byte-level TCP proxy that misbehaves on request, in front of a service that listens on this machine.

It reads just enough HTTP to know where a message ends and whether it is an order, which costs money (`POST
/text/generate`), or anything else. Before each connection and before each exchange it asks its *script* what to do.

The client keeps talking to the proxy after signing in, because the simulator gives the Host header back as the region.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Self

from tests.faults.proxy_books import Act, Books, Exchange, Text
from tests.faults.proxy_script import Script

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

PATIENCE = 20.0
"""Seconds after which the proxy gives a silent peer up; nothing here waits longer."""
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*([0-9]+)[ \t]*\r?$")
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Listens on a port of its own and hands on to `upstream`, as its script says. Use it in a `with`."""

    def __init__(self, upstream: int, script: Script | None = None) -> None:
        self.upstream = upstream
        self.script = script or Script()
        self.books = Books()
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._listener = _bound(0)
        self._listener.listen(64)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    def settle(self) -> None:
        """Wait until everything that is under way, late deliveries included, has come to its end."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            busy = [one for one in self._threads if one.name == "late" and one.is_alive()]
            if not busy:
                return
            busy[0].join(PATIENCE)

    def _spawn(self, work: Callable[[], None], name: str = "proxy") -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        with self._lock:
            self._threads = [*(one for one in self._threads if one.is_alive()), thread]

    def _accept(self) -> None:
        while not self._ending.is_set():
            fate = self.script.connection()
            if fate.act is Act.REFUSE:
                self._refuse(fate.seconds)
                continue
            client = self._next()
            if client is None:
                return
            if fate.act is Act.RESET:
                self.books.refused += 1
                _reset(client)
                continue
            self._spawn(lambda client=client: self._serve(client))  # type: ignore[misc]  # bound now, not later

    def _next(self) -> socket.socket | None:
        self._listener.settimeout(0.05)
        while not self._ending.is_set():
            try:
                return self._listener.accept()[0]
            except TimeoutError:
                continue
            except OSError:
                return None
        return None

    def _refuse(self, seconds: float) -> None:
        """Stop listening for a while, without letting go of the port."""
        self.books.refused += 1
        placeholder = _bound(self.port)
        self._listener.close()
        self._ending.wait(seconds)
        placeholder.listen(64)
        self._listener = placeholder

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(PATIENCE)
        with self._lock:
            self._open.add(client)
        try:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.upstream), PATIENCE) as link:
                while not self._ending.is_set() and self._exchange(client, link):
                    pass
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _exchange(self, client: socket.socket, link: socket.socket) -> bool:
        """Carry one request and its answer over. False: the connection is at its end."""
        head, rest = _read_head(client)
        if not head:
            return False
        line = head.partition(b"\r\n")[0].decode("latin-1")
        length = _length(head)
        with self._lock:
            fate = self.script.exchange(line, len(head) + length)
            one = Exchange(len(self.books.exchanges) + 1, line, fate)
            self.books.exchanges.append(one)
        if fate.act is Act.STALL:
            _read_up_to(client, rest, fate.after)
            _reset(client)
            return False
        body = _read_up_to(client, rest, length)
        one.whole = len(body) == length
        if one.whole and one.billable:
            one.texts = _texts(body)
        if not one.whole:
            return False
        return self._carry(client, link, one, head + body)

    def _carry(self, client: socket.socket, link: socket.socket, one: Exchange, request: bytes) -> bool:
        act, fate = one.fate.act, one.fate
        if act is Act.RESET:
            _reset(client)
            return False
        if act is Act.CUT_REQUEST:
            link.sendall(request[: fate.after])
            _reset(link)
            _reset(client)
            return False
        if act is Act.LATE:
            self._spawn(lambda: self._later(request, one), "late")
            _reset(client)
            return False
        if act is Act.DELAY:
            self._ending.wait(fate.seconds)
        answer = _hand_on(link, request, one)
        if act is Act.TWICE:
            with socket.create_connection(("127.0.0.1", self.upstream), PATIENCE) as another:
                answer = _hand_on(another, request, one)
        if act is Act.SWALLOW_RESET:
            _reset(client)
            return False
        given = {Act.SWALLOW_CLOSE: b"", Act.CUT_ANSWER: answer[: fate.after]}.get(act, answer)
        if given == answer and (found := re.match(rb"HTTP/1\.[01] ([0-9]{3})", answer)):
            one.status = int(found[1])
        client.sendall(given)
        return bool(given) and given == answer

    def _later(self, request: bytes, one: Exchange) -> None:
        time.sleep(one.fate.seconds)
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.upstream), PATIENCE) as link,
        ):
            _hand_on(link, request, one)


def _hand_on(link: socket.socket, request: bytes, one: Exchange) -> bytes:
    """Give a request to the service, and read the answer to its end; nothing when the service has hung up."""
    one.handed_on += 1  # before: it may take effect and fail to answer
    link.sendall(request)
    head, rest = _read_head(link)
    return head + _read_up_to(link, rest, _length(head)) if head else b""


def _bound(port: int) -> socket.socket:
    """Take a port, which several sockets of this process may have: one listens, another keeps the place."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    taken.bind(("127.0.0.1", port))
    return taken


def _reset(connection: socket.socket) -> None:
    """End a connection with a reset in place of a goodbye."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


def _read_head(connection: socket.socket) -> tuple[bytes, bytes]:
    """Read to the end of the headers; gives them, and what came after. Nothing at all: the peer has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            chunk = connection.recv(65536)
        except OSError:
            return b"", b""
        if not chunk:
            return b"", b""
        data += chunk
    head, mark, rest = data.partition(b"\r\n\r\n")
    return head + mark, rest


def _read_up_to(connection: socket.socket, data: bytes, length: int) -> bytes:
    """Read until there are so many bytes, or the peer has gone."""
    chunks = [data]
    missing = length - len(data)
    while missing > 0:
        try:
            chunk = connection.recv(min(missing, 1 << 20))
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
        missing -= len(chunk)
    return b"".join(chunks)


def _length(head: bytes) -> int:
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0


def _texts(body: bytes) -> frozenset[Text]:
    """List what an order asks for, as the service's ledger will name it."""
    order = {name.lower(): value for name, value in json.loads(body).items()}
    language = str(order.get("language", ""))
    return frozenset(
        (str(record["recordId"]), language, str(wanted["field"]))
        for record in order["texts"]
        for wanted in record["fields"]
    )
