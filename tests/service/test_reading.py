"""Reads: repeated politely, never for ever; writes: sent once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from sync.errors import NotFound, NotSignedIn, Rejected, Unreachable
from sync.model import RecordKey, TextUpdate
from sync.service import Patience, Service
from sync.service.message import http_date, retry_after
from tests.service.wires import KEY, RawServer, answer, babble, close, cut, free_port, impatient, reset, silence

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.service.wires import Seen

BALANCE = answer(200, {"availableCredits": 7})


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(status: int) -> None:
    with RawServer([answer(status), answer(status), BALANCE]) as server:
        with impatient(server.url) as service:
            assert service.balance().available == 7
            assert service.requests == 4
        assert len(server.work) == 3


@pytest.mark.parametrize("fault", [close, reset, babble, silence, cut(200, b'{"availableCredits":')])
def test_a_broken_connection_is_tried_again(fault: Callable[[socket.socket, Seen], None]) -> None:
    with RawServer([fault, BALANCE]) as server:
        with impatient(server.url) as service:
            assert service.balance().available == 7
        assert len(server.work) == 2


def test_a_read_gives_up_after_its_attempts() -> None:
    with RawServer([close]) as server:
        with (
            Service(server.url, KEY, sleep=lambda _: None, attempts=3) as service,
            pytest.raises(Unreachable, match="did not answer"),
        ):
            service.balance()
        assert len(server.work) == 3


def test_a_service_that_stays_in_trouble_is_unreachable_and_quoted() -> None:
    with (
        RawServer([answer(503, {"error": "down for repair"})]) as server,
        impatient(server.url) as service,
        pytest.raises(Unreachable, match="503 Service Unavailable: down for repair"),
    ):
        service.balance()


def test_nobody_there_is_unreachable() -> None:
    with (
        Service(f"http://127.0.0.1:{free_port()}", KEY, sleep=lambda _: None) as service,
        pytest.raises(Unreachable, match="no connection came about"),
    ):
        service.balance()


def test_pauses_grow_at_random_up_to_a_limit() -> None:
    pauses: list[float] = []
    with RawServer([answer(500)]) as server:
        service = Service(server.url, KEY, sleep=pauses.append, dice=random.Random(3), attempts=12)
        with service, pytest.raises(Unreachable):
            service.balance()
    limits = [min(30.0, 0.5 * 2**turn) for turn in range(11)]
    assert len(pauses) == 11
    assert all(0 <= pause <= limit for pause, limit in zip(pauses, limits, strict=True))
    assert max(pauses) > 5


def test_g17_the_service_says_how_long_to_wait() -> None:
    pauses: list[float] = []
    script = [
        answer(429, b"", {"Retry-After": "17"}),
        answer(503, b"", {"Date": "Mon, 21 Sep 2026 10:00:00 GMT", "Retry-After": "Mon, 21 Sep 2026 10:01:30 GMT"}),
        answer(429, b"", {"Retry-After": "999999"}),
        BALANCE,
    ]
    with RawServer(script) as server, Service(server.url, KEY, sleep=pauses.append) as service:
        service.balance()
    assert pauses == [17.0, 90.0, 3600.0]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 12 ", 12.0),
        ("-3", None),
        ("soon", None),
        ("", None),
        ("1e3", None),
        ("9" * 50, 3600.0),
        ("Mon, 21 Sep 2026 10:00:30 GMT", 30.0),
        ("Mon, 21 Sep 2020 10:00:30 GMT", 0.0),
        ("Mon, 99 Sep 2026 10:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    now = http_date("Mon, 21 Sep 2026 10:00:00 GMT")
    assert now is not None
    assert retry_after(value, now) == seconds


@pytest.mark.parametrize(("status", "error"), [(400, Rejected), (402, Rejected), (404, NotFound), (302, Rejected)])
def test_a_definite_no_is_not_asked_again(status: int, error: type[Rejected]) -> None:
    with RawServer([answer(status, {"error": "no"})]) as server:
        with impatient(server.url) as service, pytest.raises(error) as caught:
            service.balance()
        assert caught.value.status == status
        assert len(server.work) == 1


def test_s11_a_refused_token_is_renewed_once_and_the_read_sent_again() -> None:
    with RawServer([answer(401), BALANCE], tokens=["old", "new"]) as server:
        with impatient(server.url) as service:
            assert service.balance().available == 7
        assert [one.headers["authorization"] for one in server.work] == ["Bearer old", "Bearer new"]


def test_s11_a_token_may_be_refused_under_another_status() -> None:
    told = answer(403, b"", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    with RawServer([told, BALANCE], tokens=["old", "new"]) as server, impatient(server.url) as service:
        assert service.balance().available == 7


def test_s11_a_token_refused_twice_ends_it() -> None:
    with RawServer([answer(401)]) as server:
        with impatient(server.url) as service, pytest.raises(NotSignedIn):
            service.balance()
        assert len(server.work) == 2


KEY_OF_RECORD = RecordKey("s", "Product", "1", "en")
WRITES: dict[str, Callable[[Service], None]] = {
    "cancel": lambda service: service.cancel("r"),
    "retry": lambda service: service.retry("r"),
    "update": lambda service: service.update_texts(KEY_OF_RECORD, [TextUpdate("page title", "t", "x")]),
    "archive": lambda service: service.archive("Product", ["1"]),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("fault", [close, reset, answer(429), answer(500), answer(503)])
def test_a_write_is_sent_once(write: Callable[[Service], None], fault: Callable[[socket.socket, Seen], None]) -> None:
    with RawServer([fault]) as server:
        with impatient(server.url) as service, pytest.raises((Unreachable, Rejected)):
            write(service)
        assert [one.method for one in server.work] == ["POST"]


def test_a_write_refused_for_its_token_goes_out_again_unless_it_may_cost() -> None:
    with RawServer([answer(401), answer(200)]) as server:
        with impatient(server.url) as service:
            service.cancel("r")
        assert len(server.work) == 2
    with RawServer([answer(401), answer(200)]) as server:
        with impatient(server.url) as service, pytest.raises(NotSignedIn):
            service.retry("r")
        assert len(server.work) == 1


def test_a_slow_answer_ends_the_wait() -> None:
    with RawServer([silence]) as server:
        service = Service(server.url, KEY, sleep=lambda _: None, patience=Patience(read=0.1), attempts=1)
        with service, pytest.raises(Unreachable, match="no answer came in time"):
            service.balance()


def test_s26_the_services_clock_is_known() -> None:
    script = [answer(200, {"availableCredits": 7}, {"Date": "Mon, 21 Sep 2026 10:00:00 GMT"})]
    with RawServer(script) as server, Service(server.url, KEY, clock=lambda: 1789984000.0) as service:
        service.sign_in()
        assert service.server_time_offset is None
        service.balance()
        assert service.server_time_offset == 800


@pytest.mark.parametrize(
    ("headers", "quickest"),
    [
        ({"X-Simulator": "wtsync", "X-Simulator-Pace": "0.02"}, 0.02),
        ({"X-Simulator": "wtsync"}, None),
        ({"X-Simulator-Pace": "0.02"}, None),
        ({"X-Simulator": "wtsync", "X-Simulator-Pace": "soon"}, None),
        ({"X-Simulator": "wtsync", "X-Simulator-Pace": "nan"}, None),
        ({"X-Simulator": "wtsync", "X-Simulator-Pace": "0"}, None),
    ],
)
def test_only_the_simulator_says_how_often_it_may_be_looked_at(headers: dict[str, str], quickest: float | None) -> None:
    script = [answer(200, {"availableCredits": 7}, headers)]
    with RawServer(script) as server, impatient(server.url) as service:
        service.balance()
        assert service.quickest == quickest


def test_p10_pages_that_lead_in_circles_end() -> None:
    page = answer(200, {"continuationToken": "t", "records": [{"recordId": "1", "field": "f", "status": "Edited"}]})
    with RawServer([page]) as server, impatient(server.url) as service:
        pages = service.status_pages("Product")
        assert next(pages)[0].record_id == "1"
        with pytest.raises(Unreachable, match="come to an end"):
            list(pages)
        assert len(server.work) <= 3


def test_p10_empty_pages_are_passed_over_but_not_for_ever() -> None:
    row = {"recordId": "1", "field": "f"}
    script = [
        answer(200, {"continuationToken": "a", "records": []}),
        answer(200, {"continuationToken": None, "records": [row]}),
    ]
    with RawServer(script) as server, impatient(server.url) as service:
        assert len(list(service.status_pages("Product"))) == 1
    script = [answer(200, {"continuationToken": f"t{number}"}) for number in range(200)]
    with RawServer(script) as server:
        with impatient(server.url) as service, pytest.raises(Unreachable):
            list(service.status_pages("Product"))
        assert len(server.work) < 50
