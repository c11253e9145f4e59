"""The proxy does what it says, to a client of ours and to the service behind it: else its trials prove nothing."""

from __future__ import annotations

import random
import socket
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sync.attempt import GenerateRecord, GenerateRequest, Sent
from sync.model import Attribute, Inputs, Wanted
from sync.run.classify import Verdict, classify
from sync.service import Service
from sync.service.message import Patience
from sync.simulator import DEFAULT_KEY, Simulator, running
from tests.faults.proxy import Proxy
from tests.faults.proxy_books import Act, Fate, is_order
from tests.faults.proxy_script import Drawn, Listed, Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.attempt import Attempt

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets are shared as POSIX has it")


class Line:
    """A client, a proxy and a service."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.simulator = Simulator(seed=1, seconds_per_record=0.0)
        self.upstream = urlsplit(stack.enter_context(running(self.simulator))).port or 0
        self.proxy = Proxy(self.upstream)
        stack.enter_context(self.proxy)

    def client(self, url: str = "") -> Service:
        patience = Patience(connect=5.0, read=5.0, submit=5.0)
        return self._stack.enter_context(
            Service(url or self.proxy.url, DEFAULT_KEY, sleep=lambda _: None, patience=patience, attempts=2)
        )

    def send(self, *fates: Fate, script: Script | None = None, words: str = "red") -> Attempt:
        """Send an order for one title, once the client has signed in over a good line."""
        client = self.client()
        client.sign_in()
        self.proxy.script = script or Listed(fates)
        return client.generate(order(words))

    def charged(self) -> int:
        self.proxy.settle()
        direct = self.client(f"http://127.0.0.1:{self.upstream}")
        return round(10_000 - direct.balance().available)


def order(words: str) -> GenerateRequest:
    inputs = Inputs(name="Oak stool", attributes=(Attribute("Colour", (words,)),))
    records = tuple(GenerateRecord(one, inputs, ((Wanted("page title"), ""),)) for one in ("A1", "A2"))
    return GenerateRequest("Product", "shop", "en", (), "", records)


@pytest.fixture
def line() -> Iterator[Line]:
    with ExitStack() as stack:
        yield Line(stack)


def test_orders_are_known_by_their_first_line() -> None:
    assert is_order("POST /text/generate HTTP/1.1")
    assert is_order("POST /text/Generate/v2?x=1 HTTP/1.1")
    for other in (
        "GET /text/generate HTTP/1.1",
        "POST /text/Generate/Bulk/7/cancel HTTP/1.1",
        "POST /text/Generate/text",
    ):
        assert not is_order(other), other


def test_over_a_good_line_all_goes_well_and_the_client_keeps_to_the_proxy(line: Line) -> None:
    attempt = line.send()
    assert classify(attempt).verdict is Verdict.ACCEPTED
    (one,) = line.proxy.books.orders()
    assert (one.whole, one.handed_on, one.status) == (True, 1, 200)
    assert one.texts == {("A1", "en", "page title"), ("A2", "en", "page title")}
    assert len(line.proxy.books.exchanges) == 2, "the sign-in and the order, which went to the region that it named"
    assert line.charged() == 2


TAKES_EFFECT = {
    "S07 swallowed": Fate(Act.SWALLOW_CLOSE),
    "S07 swallowed with a reset": Fate(Act.SWALLOW_RESET),
    "S08 cut in the headers": Fate(Act.CUT_ANSWER, after=10),
    "S08 cut in the body": Fate(Act.CUT_ANSWER, after=-5),
    "S21 lands late": Fate(Act.LATE, seconds=0.2),
}
TAKES_NONE = {"a reset": Fate(Act.RESET), "S06 cut in the head": Fate(Act.CUT_REQUEST, after=40)}


@pytest.mark.parametrize("name", TAKES_EFFECT)
def test_an_order_whose_answer_does_not_come_is_unknown_and_has_been_charged(line: Line, name: str) -> None:
    outcome = classify(line.send(TAKES_EFFECT[name]))
    assert outcome.verdict is Verdict.UNKNOWN, outcome
    assert line.charged() == 2
    assert line.proxy.books.orders()[0].handed_on == 1


@pytest.mark.parametrize("name", TAKES_NONE)
def test_an_order_that_was_sent_and_not_handed_on_is_unknown_all_the_same(line: Line, name: str) -> None:
    outcome = classify(line.send(TAKES_NONE[name]))
    assert outcome.verdict is Verdict.UNKNOWN, outcome
    assert line.charged() == 0
    assert line.proxy.books.orders()[0].handed_on == 0


def test_s06_an_order_of_which_the_half_left_is_unknown(line: Line) -> None:
    attempt = line.send(Fate(Act.STALL, after=1000), words="x" * (24 << 20))
    assert attempt.sent is Sent.PARTIAL, "24 MB fit into no buffer"
    assert classify(attempt).verdict is Verdict.UNKNOWN
    assert line.charged() == 0


class _Shut(Script):
    def connection(self) -> Fate:
        return Fate(Act.REFUSE, seconds=0.3)


def test_s05_a_line_that_nobody_listens_on_is_certain_nothing_left(line: Line) -> None:
    client = line.client()
    client.sign_in()
    line.proxy.script = _Shut()
    socket.create_connection(("127.0.0.1", line.proxy.port)).close()  # for which the script was asked before
    time.sleep(0.1)
    probe = [classify(client.generate(order("red"))).verdict for _ in range(3)]
    line.proxy.script = Script()
    assert Verdict.NOT_SENT in probe
    assert Verdict.ACCEPTED not in probe
    assert len(line.proxy.books.orders()) <= probe.count(Verdict.UNKNOWN)
    assert line.charged() == 0


def test_s22_an_order_that_the_line_delivers_twice_is_charged_twice_and_the_books_say_by_whom(line: Line) -> None:
    assert classify(line.send(Fate(Act.TWICE))).verdict is Verdict.ACCEPTED
    assert line.charged() == 4
    books = line.proxy.books
    assert books.sent_again() == []
    assert books.doubled() == {("A1", "en", "page title"): 1, ("A2", "en", "page title"): 1}


def test_a_client_that_sends_twice_is_found_out(line: Line) -> None:
    client = line.client()
    client.sign_in()
    line.proxy.script = Listed([Fate(Act.SWALLOW_CLOSE)])
    client.generate(order("red"))
    client.generate(order("red"))
    assert len(line.proxy.books.sent_again()) == 2
    assert line.proxy.books.doubled() == {}


def test_a_delay_is_a_delay_and_nothing_else(line: Line) -> None:
    began = time.monotonic()
    assert classify(line.send(Fate(Act.DELAY, seconds=0.3))).verdict is Verdict.ACCEPTED
    assert time.monotonic() - began >= 0.3


def test_the_same_seed_draws_the_same_script() -> None:
    def drawn(seed: int) -> list[Fate]:
        script = Drawn(seed, orders=0.5, reads=0.1, doors=0.1)
        lines = ("POST /text/generate HTTP/1.1", "GET /text/Credit HTTP/1.1")
        return [script.exchange(random.Random(n).choice(lines), 500) for n in range(200)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    acts = {fate.act for fate in drawn(7)}
    assert acts >= {Act.PASS, Act.LATE, Act.TWICE, Act.CUT_REQUEST}
    script = Drawn(7, orders=1.0, reads=1.0, doors=1.0)
    script.behave()
    assert script.connection() == script.exchange("POST /text/generate HTTP/1.1", 9) == Fate()
