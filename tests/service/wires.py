"""A server made of bare sockets, for what a well-behaved server never does; and orders to send to it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from sync.attempt import GenerateRecord, GenerateRequest
from sync.model import Inputs, Wanted
from sync.service import Patience, Service

if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterator, Mapping

KEY = "canary-key-4fd1c2"
TOKEN = "canary-token-93b0e7"
SIGN_IN = "/web/apitoken/accesstoken"


@dataclass
class Seen:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class RawServer:
    """Answers each connection's requests with `script` in turn, the last one again and again; signs in by itself."""

    script: list[Callable[[socket.socket, Seen], None]]
    region: str = ""
    tokens: list[str] = field(default_factory=lambda: [TOKEN])
    reads_body: bool = True
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._done.set()
        with socket.create_connection(("127.0.0.1", self.port)):
            self._acceptor.join()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    @property
    def work(self) -> list[Seen]:
        """What came in, sign-ins left out."""
        return [one for one in self.seen if one.path != SIGN_IN]

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._done.is_set():
                connection.close()
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=[connection])
            thread.start()
            self._threads.append(thread)

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while (one := self._receive(connection)) is not None:
                self.seen.append(one)
                if one.path == SIGN_IN:
                    token = self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
                    body = {"access_token": token, "expires_in": 86400, "region": self.region}
                    answer(200, body)(connection, one)
                    continue
                step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
                step(connection, one)

    def _receive(self, connection: socket.socket) -> Seen | None:
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return None
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while self.reads_body and len(body) < int(headers.get("content-length", "0")):
            part = connection.recv(65536)
            if not part:
                break
            body += part
        return Seen(method, path.partition("?")[0], headers, body)


def answer(
    status: int, body: object = None, headers: Mapping[str, str] | None = None
) -> Callable[[socket.socket, Seen], None]:
    """Answer as a server should; bytes are sent as they are."""

    def send(connection: socket.socket, _: Seen) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + content)

    return send


def cut(status: int, content: bytes) -> Callable[[socket.socket, Seen], None]:
    """Promise more than is sent, then close."""

    def send(connection: socket.socket, _: Seen) -> None:
        connection.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content) + 10}\r\n\r\n".encode() + content)
        connection.shutdown(socket.SHUT_RDWR)

    return send


def close(connection: socket.socket, _: Seen) -> None:
    """Say nothing and close."""
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket, _: Seen) -> None:
    """Say nothing and reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))
    connection.close()


def silence(connection: socket.socket, _: Seen) -> None:
    """Keep the connection and say nothing until the client goes away."""
    connection.recv(1)


def babble(connection: socket.socket, _: Seen) -> None:
    """Answer something that is not HTTP."""
    connection.sendall(b"220 mail.example.com ESMTP\r\n\r\n")
    connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def impostor() -> Iterator[int]:
    """Listen on a port where every greeting is answered with nonsense."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(1)
            connection.sendall(b"220 mail.example.com ESMTP\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def order(*record_ids: str, padding: int = 0) -> GenerateRequest:
    """Make an order for a page title each; `padding` makes the body so many bytes longer."""
    wanted = (Wanted("page title"), "x" * padding)
    records = tuple(GenerateRecord(one, Inputs(name=f"Oak stool {one}"), (wanted,)) for one in record_ids or ("SKU-1",))
    return GenerateRequest("Product", "shop.example.com", "en-GB", (), "", records)


def impatient(url: str, key: str = KEY) -> Service:
    """Make a client that never really waits between tries, and only a little for answers."""
    return Service(url, key, sleep=lambda _: None, patience=Patience(connect=2, read=0.3, submit=0.3))
