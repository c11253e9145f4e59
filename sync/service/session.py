"""Signed-in calls by the name of their endpoint: addresses, headers, tokens, and errors for what is not 200."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from sync import __version__
from sync.errors import UsageError
from sync.service import answers, loose
from sync.service.body import encode
from sync.service.endpoints import ENDPOINTS
from sync.service.message import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.service.body import Json
    from sync.service.endpoint import Endpoint
    from sync.service.message import Answer, Delivery
    from sync.service.signin import SignIn, Token
    from sync.service.transport import Line

_AGENT = ("User-Agent", f"wtsync/{__version__}")
_LANGUAGE = ("Accept-Language", "en-US")
_READING = (_AGENT, _LANGUAGE, ("Accept", "application/json"), ("Cache-Control", "no-cache"))
_WRITING = (_AGENT, _LANGUAGE, ("Accept", "application/json"), ("Content-Type", "application/json"))
_LONGEST_URL = 1_800
"""Characters of an address that every server on the way lets through."""


class Session:
    """Makes calls on behalf of one account."""

    def __init__(self, line: Line, sign_in: SignIn, *, assumed_deletes: bool = False) -> None:
        self.line = line
        self.sign_in = sign_in
        self._assumed_deletes = assumed_deletes

    def get(
        self,
        name: str,
        *,
        path_id: str = "",
        query: Sequence[tuple[str, str]] = (),
        etag: str = "",
        language: str = "",
        origin: str = "",
    ) -> Answer:
        """Send a read and return its answer, 200 or (with `etag`) 304; anything else is raised as a ServiceError.

        A token that is refused is renewed once, and the read sent once more. A read that may cost credits is sent once.
        `language` is the one to be answered in; `origin` a host to ask instead of the usual one, never with a token.
        """
        endpoint = ENDPOINTS[name]
        headers = _headers(_READING, language)
        headers = (*headers, ("If-None-Match", etag)) if etag else headers
        if endpoint.open:
            url = address(origin or self._origin(endpoint), endpoint, path_id, query)
            answer = self.line.read(Call(endpoint.method, url, headers, name=name))
        else:

            def send(token: Token) -> Answer:
                url = address(self._origin(endpoint, token), endpoint, path_id, query)
                call = Call(endpoint.method, url, headers, stamp=self.sign_in.stamp(token), name=name)
                return self.line.write(call) if endpoint.billable else self.line.read(call)

            answer = self._renewing(send)
        if answer.status == 200 or (etag and answer.status == 304):
            return answer
        raise answers.problem(answer, endpoint, self.sign_in.hide)

    def get_json(
        self,
        name: str,
        expected: str,
        *,
        path_id: str = "",
        query: Sequence[tuple[str, str]] = (),
        language: str = "",
    ) -> object:
        """Send a read and return its decoded body; `expected` says, in an error, what that should have been."""
        return loose.parse(self.get(name, path_id=path_id, query=query, language=language).body, expected)

    def write(
        self,
        name: str,
        *,
        path_id: str = "",
        query: Sequence[tuple[str, str]] = (),
        body: Json | None = None,
        language: str = "",
    ) -> Answer:
        """Send a write once and return its answer; anything but a success is raised.

        A 401 comes before anything is done: then, unless the call is billable, it goes out again with a new token.
        Raises UsageError, before anything is sent, for a call that would delete or replace something through an address
        that is only assumed, unless the user has switched that on: nobody knows what else it might delete.
        """
        endpoint = ENDPOINTS[name]
        if endpoint.risky and not self._assumed_deletes:
            does = "delete" if endpoint.method == "DELETE" else "replace what is there"
            raise UsageError(
                f"{endpoint.method} {endpoint.path} is not sent: nobody has seen this address, and it would {does}.",
                "Once you know that it is right, set WTSYNC_ASSUMED_DELETES=yes.",
            )
        content = b"" if body is None else encode(body)
        headers = _headers(_WRITING, language)

        def send(token: Token) -> Answer:
            url = address(self._origin(endpoint, token), endpoint, path_id, query)
            return self.line.write(Call(endpoint.method, url, headers, content, self.sign_in.stamp(token), name))

        answer = self._sent_once(send) if endpoint.billable else self._renewing(send)
        if not 200 <= answer.status < 300:
            raise answers.problem(answer, endpoint, self.sign_in.hide)
        return answer

    def submit(self, name: str, content: bytes, token: Token, before_send: Callable[[], None] | None) -> Delivery:
        """Send a billable POST once and report how far it got."""
        endpoint = ENDPOINTS[name]
        url = address(token.region, endpoint)
        call = Call(endpoint.method, url, _WRITING, content, self.sign_in.stamp(token), name)
        delivery = self.line.submit(call, before_send)
        if delivery.answer is not None and delivery.answer.refuses_token:
            self.sign_in.forget(token)
        return delivery

    def room(self, name: str, query: Sequence[tuple[str, str]]) -> int:
        """Give how many characters the address of a read may grow by and still get through; below 0 it is too long."""
        return _LONGEST_URL - len(address(self.sign_in.region, ENDPOINTS[name], query=query))

    def parts(
        self, name: str, waiting: Sequence[str], query: Callable[[Sequence[str]], Sequence[tuple[str, str]]], most: int
    ) -> Iterator[list[str]]:
        """Cut ids into as few reads as their addresses allow, each of at most so many; `query` makes that of some."""
        ids: list[str] = []
        room = 0
        for one in waiting:
            # An id takes as much room beside another as beside many; counting it so spares making each address anew.
            room -= self.room(name, query([one])) - self.room(name, query([one, one])) if ids else 0
            if ids and (len(ids) == most or room < 0):
                yield ids
                ids = []
            if not ids:
                room = self.room(name, query([one]))
            ids.append(one)
        if ids:
            yield ids

    def _origin(self, endpoint: Endpoint, token: Token | None = None) -> str:
        if endpoint.home:
            return self.sign_in.api
        return self.sign_in.region if token is None else token.region

    def _renewing(self, send: Callable[[Token], Answer]) -> Answer:
        token = self.sign_in.token()
        answer = send(token)
        if not answer.refuses_token:
            return answer
        self.sign_in.forget(token)
        return send(self.sign_in.token())

    def _sent_once(self, send: Callable[[Token], Answer]) -> Answer:
        token = self.sign_in.token()
        answer = send(token)
        if answer.refuses_token:
            self.sign_in.forget(token)
        return answer


def _headers(usual: tuple[tuple[str, str], ...], language: str) -> tuple[tuple[str, str], ...]:
    """Ask for another language than the usual one, where it can be said in a header."""
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", language):
        return usual
    return tuple((name, language if name == "Accept-Language" else value) for name, value in usual)


def address(origin: str, endpoint: Endpoint, path_id: str = "", query: Sequence[tuple[str, str]] = ()) -> str:
    """Return the address of a call, everything in it percent-encoded; empty parts of a query are left out."""
    shown = quote(path_id, safe="")
    if not shown.strip("."):
        shown = shown.replace(".", "%2E")  # a lone `.` or `..` would be taken for a folder
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query if value)
    return f"{origin}{endpoint.path.replace('{id}', shown)}{'?' + pairs if pairs else ''}"
