"""A simulator whose clock is turned by hand, and a client that reaches it without a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sync.service import Service
from sync.simulator import DEFAULT_KEY, Simulator, create_app
from tests.asgi import AsgiTransport

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(clock: Clock) -> Simulator:
    return Simulator(seed=1, seconds_per_record=1.0, clock=clock)


@pytest.fixture
def service(simulator: Simulator, clock: Clock) -> Iterator[Service]:
    with (
        AsgiTransport(create_app(simulator)) as transport,
        Service(
            "https://api.writetext.ai",
            DEFAULT_KEY,
            transport=transport,
            sleep=clock.sleep,
            clock=clock,
            monotonic=clock,
        ) as service,
    ):
        yield service


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies of the machine that runs the tests out of them."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
