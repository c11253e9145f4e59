"""Several processes, signals, a cancel that meets a kill: one works, the others say so, nothing is paid twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from sync.simulator import Simulator, running
from tests.cli.shop import ROOT, Shop
from tests.faults.kill import RUN
from tests.faults.kill_nursery import Nursery
from tests.faults.proxy import Proxy
from tests.faults.proxy_books import Act, Fate
from tests.faults.proxy_script import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.kill_nursery import Child

pty = pytest.importorskip("pty", reason="terminals are as POSIX has them")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forking and signals are as POSIX has them")

PATIENCE = 30.0


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as one:
        yield one


class Room:
    """A shop, a proxy before its service, and processes in it."""

    def __init__(self, folder: Path, nursery: Nursery, stack: ExitStack, *, records: int, **service: Any) -> None:
        simulator = Simulator(**{"seed": 4, "capacity": 1, "seconds_per_record": 0.1, **service})
        url = stack.enter_context(running(simulator))
        self.proxy = stack.enter_context(Proxy(urlsplit(url).port or 0))
        self.nursery = nursery
        folder.mkdir(exist_ok=True)
        self.shop = Shop(folder, self.proxy.url, records)

    def start(self, *words: str) -> Child:
        return self.nursery.start([*words] or RUN, self.shop.env, self.shop.folder)

    def status(self) -> dict[str, Any]:
        child = self.start("status", "shop.xlsx", "--json")
        assert child.wait() == 0, child.err
        found: dict[str, Any] = json.loads(child.out)["workbook"]
        return found

    def collected(self) -> int:
        """Count the texts that have reached the journal."""
        found = list((self.shop.folder / "state" / "journals").glob("w-cli.sqlite3"))
        if not found:
            return 0
        with closing(sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'text'").fetchall():
                return 0
            return int(connection.execute("SELECT count(*) FROM text").fetchone()[0])

    def finish(self) -> None:
        """Run to the end; everything is there, and was paid for and sent once."""
        child = self.start()
        assert child.wait() == 0, child.err
        self.paid_once()
        assert sorted(self.shop.cells()) == self.shop.everything()

    def paid_once(self) -> None:
        charged = self.shop.charged()
        assert len(set(charged)) == len(charged)
        assert self.proxy.books.sent_again() == []
        assert sorted(self.shop.cells()) == charged


@pytest.fixture
def opened(tmp_path: Path, nursery: Nursery) -> Iterator[Callable[..., Room]]:
    with ExitStack() as stack:
        count = 0

        def make(records: int = 6, **service: Any) -> Room:
            nonlocal count
            count += 1
            return Room(tmp_path / str(count), nursery, stack, records=records, **service)

        yield make


def wait_for(happened: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.005)


# ------------------------------------------------------------------------- several at once


def round_of_four(room: Room) -> list[Child]:
    """Start four at once on one workbook; one works, three leave with 7 and name it. Gives the three."""
    children = [room.start() for _ in range(4)]
    for child in children:
        child.wait()
    assert sorted(child.code or 0 for child in children) == [0, 7, 7, 7], [child.err for child in children]
    (worker,) = [child for child in children if child.code == 0]
    others = [child for child in children if child is not worker]
    for other in others:
        assert other.code == 7, other.err
        assert f"process {worker.pid}" in other.err, other.err
        assert "wtsync run shop.xlsx" in other.err
        assert "hint: Wait for it to end" in other.err
        assert other.out == ""
    room.paid_once()
    return others


def test_s23_g14_four_at_once_one_works_and_three_leave_naming_it(opened: Callable[..., Room]) -> None:
    room = opened(records=6)
    round_of_four(room)
    assert sorted(room.shop.cells()) == room.shop.everything()
    assert len(room.proxy.books.orders()) == 2


def fifty_starts(room: Room, count: int) -> None:
    """Start one after the other, two at a time, while one works; kill it and let another take over at once."""
    worker = room.start()
    wait_for(room.proxy.books.orders)
    for number in range(count // 2):
        pair = [room.start(), room.start()]
        for child in pair:
            assert child.wait() == 7, child.err
            assert f"process {worker.pid}" in child.err, f"start {number}: {child.err}"
    assert worker.poll() is None, "it has worked all the time"
    worker.kill()
    assert worker.wait() == -signal.SIGKILL
    next_one = room.start()
    wait_for(lambda: room.status()["holder"] or next_one.poll() is not None)
    late = room.start()
    assert late.wait() == 7, late.err
    assert f"process {next_one.pid}" in late.err, "not the one that was killed"
    next_one.kill(signal.SIGINT)
    assert next_one.wait() == 130


def test_s23_g14_fifty_starts_beside_one_that_works(opened: Callable[..., Room]) -> None:
    room = opened(records=6, seconds_per_record=60.0)
    fifty_starts(room, 50)
    assert len(room.proxy.books.orders()) <= 2
    assert room.proxy.books.sent_again() == []


@pytest.mark.long
def test_s23_g14_five_hundred_starts(opened: Callable[..., Room]) -> None:
    fifty_starts(opened(records=6, seconds_per_record=60.0), 500)
    for number in range(25):
        round_of_four(opened(records=4, seed=number))


# ------------------------------------------------------------------------------- signals

IN_A_TERMINAL = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from sync.cli import main
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_s28_asked_to_stop_while_an_order_is_unanswered_it_waits_for_the_answer_and_keeps_it(
    opened: Callable[..., Room], number: signal.Signals, code: int
) -> None:
    room = opened()
    room.proxy.script = Listed([Fate(Act.DELAY, seconds=0.8)])
    child = room.start()
    wait_for(room.proxy.books.orders)
    began = time.monotonic()
    child.kill(number)
    assert child.wait() == code, child.err
    assert 0.3 < time.monotonic() - began < 5.0, "not before the answer, and soon after it"
    assert "To go on: wtsync run shop.xlsx" in child.err
    assert len(room.proxy.books.orders()) == 1, "nothing more was sent"
    found = room.status()
    assert (len(found["open"]), found["unknown"]) == (1, [])
    room.finish()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_s29_g9_asked_twice_it_ends_at_once_and_the_order_under_way_is_found_again(
    opened: Callable[..., Room], number: signal.Signals
) -> None:
    room = opened()
    room.proxy.script = Listed([Fate(Act.DELAY, seconds=3.0)])
    child = room.start()
    wait_for(room.proxy.books.orders)
    child.kill(number)
    time.sleep(0.3)
    began = time.monotonic()
    child.kill(number)
    assert child.wait() == 130, child.err
    assert time.monotonic() - began < 1.0
    wait_for(lambda: room.proxy.books.orders()[0].handed_on)
    time.sleep(0.2)
    room.finish()


def test_s28_asked_to_stop_while_it_waits_it_ends_within_a_second(opened: Callable[..., Room]) -> None:
    room = opened(seconds_per_record=60.0)
    child = room.start()
    wait_for(lambda: len(room.proxy.books.orders()) >= 2)
    time.sleep(0.3)
    began = time.monotonic()
    child.kill(signal.SIGINT)
    assert child.wait() == 130, child.err
    assert time.monotonic() - began < 2.0


def test_s28_with_its_terminal_closed_it_stops_as_on_a_wish_and_the_next_run_goes_on(
    opened: Callable[..., Room],
) -> None:
    """A window that is closed takes the terminal away: the signal comes, and whatever is said after it fails."""
    room = opened(records=8, seconds_per_record=0.2)
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL, *RUN],
        env={**room.shop.env, "PYTHONPATH": str(ROOT)},
        cwd=room.shop.folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as process:
        os.close(slave)
        wait_for(lambda: room.collected() >= 4)
        os.close(master)
        assert process.wait(PATIENCE) == 129
    found = room.status()
    assert found["lastRun"]["state"] == "interrupted"
    assert found["waiting"] == 0, "what had come was written into the workbook"
    assert room.shop.cells()
    room.finish()


def test_s28_with_its_reader_gone_it_ends_in_words_and_leaves_nothing_unwritten(opened: Callable[..., Room]) -> None:
    """`wtsync run --json | head -1`: the pipe breaks in the middle of the run."""
    room = opened(records=6, seconds_per_record=0.2)
    with subprocess.Popen(
        [sys.executable, "-m", "sync", *RUN, "--json"],
        env={**room.shop.env, "PYTHONPATH": str(ROOT)},
        cwd=room.shop.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    room.finish()


# ------------------------------------------------------------------------------- cancelling


def test_p12_cancelled_while_another_process_works_and_killed_the_canceller_does_it_itself(
    opened: Callable[..., Room],
) -> None:
    room = opened(records=10, seconds_per_record=0.3)
    worker = room.start()
    wait_for(lambda: len(room.shop.ledger()) >= 2)
    canceller = room.start("cancel", "shop.xlsx")
    wait_for(lambda: "asked the wtsync that is at work" in canceller.err)
    worker.kill()
    assert canceller.wait() in {0, 3}, canceller.err
    assert "Receipt" in canceller.out
    room.paid_once()
    spent = len(room.shop.ledger())
    assert spent < 20
    time.sleep(0.7)
    assert len(room.shop.ledger()) == spent, "nothing comes after the receipt"


@pytest.mark.parametrize("seed", range(8))
def test_p12_p13_a_cancel_that_is_killed_and_asked_again_comes_to_its_end(
    opened: Callable[..., Room], seed: int
) -> None:
    dice = random.Random(seed)
    print(f"seed {seed}; replay: pytest tests/faults/test_processes.py -k 'p13 and {seed}]'")  # noqa: T201 - for the report
    room = opened(records=10, seconds_per_record=0.05, seed=seed)
    worker = room.start()
    wait_for(room.proxy.books.orders)
    time.sleep(dice.uniform(0.0, 0.5))
    victims = dice.choice(([worker], [], [worker]))
    for _ in range(dice.randint(1, 2)):
        canceller = room.start("cancel", "shop.xlsx")
        time.sleep(dice.uniform(0.0, 0.4))
        for victim in (*victims, canceller):
            victim.kill()
        canceller.wait()
    if not victims:
        worker.kill(signal.SIGINT)
    worker.wait()
    last = room.start("cancel", "shop.xlsx")
    assert last.wait() in {0, 3}, last.err
    found = room.status()
    assert found["open"] == []
    spent = len(room.shop.ledger())
    time.sleep(0.3)
    assert len(room.shop.ledger()) == spent, "nothing comes after the receipt"
    declared = sum(batch["texts"] for batch in found["unknown"])
    charged = room.shop.charged()
    assert len(set(charged)) == len(charged)
    assert len(set(charged) - set(room.shop.cells())) <= declared
    assert room.proxy.books.sent_again() == []
