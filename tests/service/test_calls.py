"""Every call of the table, made by the client and answered by the simulator, over real HTTP."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx
import pytest

from sync.service import Service
from sync.service.endpoints import ENDPOINTS
from sync.simulator import DEFAULT_KEY, running
from tests.service.calls import STORIES
from tests.service.record import START, simulator

if TYPE_CHECKING:
    from sync.service.endpoint import Endpoint


class Listening(httpx.BaseTransport):
    """The network, and which calls went over it."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self.heard: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.heard.append((request.method, request.url.raw_path.decode().partition("?")[0]))
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def is_call(endpoint: Endpoint, method: str, path: str) -> bool:
    """Tell whether a request was this call; a `{id}` is anything that no other call has as a fixed word."""
    if method != endpoint.method:
        return False
    fixed = {one.path.casefold() for one in ENDPOINTS.values() if one.method == method and "{" not in one.path}
    found = unquote(path).casefold() if "{" not in endpoint.path else path.casefold()
    if found in fixed:
        return found == endpoint.path.casefold()
    pattern = re.escape(endpoint.path.casefold()).replace(re.escape("{id}"), "[^/]+")
    return re.fullmatch(pattern, found) is not None


@cache
def told(story: str) -> frozenset[str]:
    """Play a story over HTTP; return the names of the calls that were made."""
    clock = [START]

    def turn(seconds: float) -> None:
        clock[0] += seconds

    line = Listening()
    with running(simulator(story, clock)) as url:
        with Service(url, DEFAULT_KEY, transport=line, attempts=1, assumed_deletes=True) as service:
            STORIES[story](service, turn)
        line.close()
    return frozenset(
        name for name, one in ENDPOINTS.items() if any(is_call(one, method, path) for method, path in line.heard)
    )


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.endpoint(one)) for one in ENDPOINTS])
def test_the_simulator_answers_the_call(name: str) -> None:
    """A call has a story of its own name; the lists are told together, in `reference`."""
    assert name in told(name if name in STORIES else "reference")
