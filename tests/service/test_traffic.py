"""What goes over the line is counted: requests, repetitions, connections, bytes, and time."""

from __future__ import annotations

import pytest

from sync.errors import NotFound
from sync.service import Service
from sync.simulator import DEFAULT_KEY, Simulator, running
from tests.service.wires import KEY, RawServer, answer
from tests.simulator.world import order


def test_reads_share_a_connection_and_are_counted_by_their_call() -> None:
    with running(Simulator()) as url, Service(url, DEFAULT_KEY) as service:
        for _ in range(20):
            service.balance()
        service.reference()
        traffic = service.traffic
        assert traffic.connections == 1
        assert traffic.calls["credit"] == 20
        assert traffic.calls["sign-in"] == 1
        assert traffic.requests == service.requests == 20 + 1 + 8
        assert traffic.repeated == 0
        assert traffic.waited > 0


def test_a_write_has_a_connection_of_its_own() -> None:
    with running(Simulator()) as url, Service(url, DEFAULT_KEY) as service:
        service.balance()
        with pytest.raises(NotFound):
            service.archive("Product", ["nobody"])
        assert service.traffic.connections == 2
        assert service.traffic.sent > 0


def test_long_answers_come_packed_and_short_ones_as_they_are() -> None:
    simulator, records = Simulator(seconds_per_record=0.0), [f"A{number}" for number in range(40)]
    simulator.generate({**order(*records), "queue": True})
    with running(simulator) as url, Service(url, DEFAULT_KEY) as service:
        service.balance()
        assert service.traffic.received == service.traffic.unpacked
        before = service.traffic.received
        assert len(service.texts("Product", "shop", "en", records)) >= 40
        assert service.traffic.received - before < 0.5 * (service.traffic.unpacked - before)


def test_repetitions_and_pauses_are_counted_too() -> None:
    pauses: list[float] = []
    with RawServer([answer(503), answer(503), answer(200, {"availableCredits": 7})]) as server:
        with Service(server.url, KEY, sleep=pauses.append) as service:
            service.balance()
        assert service.traffic.repeated == 2
        assert service.traffic.calls == {"sign-in": 1, "credit": 3}
        assert service.traffic.paused == sum(pauses)
