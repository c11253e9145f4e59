"""A full disk under the real command and the real sqlite3: it stops before it spends, and loses nothing it paid for.

Full is a tmpfs with a ballast in it (root may mount), or a limit on the size of files set while the command works.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sync.simulator import Simulator, running
from tests.cli.shop import Shop
from tests.faults.kill import RUN
from tests.faults.kill_nursery import Nursery
from tests.faults.proxy import Proxy
from tests.faults.proxy_books import Fate, is_order
from tests.faults.proxy_script import Script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.kill_nursery import Child

resource = pytest.importorskip("resource", reason="limits are as POSIX has them")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forking and limits are as POSIX has them")


class Full(Script):
    """Fills the disk when an exchange comes by, before it is answered."""

    def __init__(self, when: Callable[[str, int], bool], fill: Callable[[], None]) -> None:
        self._when = when
        self._fill = fill
        self._count = 0
        self.orders = 0

    def exchange(self, line: str, length: int) -> Fate:  # noqa: ARG002 - the script's signature
        self._count += 1
        if self._when(line, self._count):
            self._fill()
        self.orders += is_order(line)
        return Fate()


class Disks:
    """A shop whose journal's disk can be filled under the command at work: `limit` or `tmpfs`."""

    def __init__(self, folder: Path, how: str, nursery: Nursery, stack: ExitStack) -> None:
        self.folder, self.how, self.nursery = folder, how, nursery
        self.state = folder / "state"
        self.state.mkdir()
        if how == "tmpfs":
            if subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", self.state], check=False, capture_output=True
            ).returncode:
                pytest.skip("only root may mount")
            stack.callback(lambda: subprocess.run(["umount", "-l", self.state], check=True))
        self.simulator = Simulator(seed=5, capacity=20, seconds_per_record=0.01)
        url = stack.enter_context(running(self.simulator))
        self.proxy = stack.enter_context(Proxy(urlsplit(url).port or 0))
        self.shop = Shop(folder, self.proxy.url, 4)

    def run(self, when: Callable[[str, int], bool]) -> tuple[int, str]:
        """Run the command; the disk fills when `when` (first line, number of the exchange) says so, if ever."""
        child: list[Child] = []

        def fill() -> None:
            if self.how == "tmpfs":
                with suppress(OSError), (self.state / "ballast").open("ab", buffering=0) as file:
                    for size in (1 << 20, 4096):
                        with suppress(OSError):
                            while file.write(b"x" * size) == size:
                                pass
            else:
                log = next((self.state / "journals").glob("*.sqlite3-wal"))
                most = max(log.stat().st_size, 4096)  # which leaves room for its words
                resource.prlimit(child[0].pid, resource.RLIMIT_FSIZE, (most, most))

        self.proxy.script = Full(when, fill)
        child.append(self.nursery.start(RUN, self.shop.env, self.folder))
        code = child[0].wait()
        return code, child[0].err

    def empty(self) -> None:
        (self.state / "ballast").unlink(missing_ok=True)

    def finish(self) -> None:
        """Make room and run again: everything is there, and was paid for once."""
        self.empty()
        code, err = self.run(lambda _line, _number: False)
        assert code == 0, err
        assert sorted(self.shop.cells()) == self.shop.charged() == self.shop.everything()
        assert self.proxy.books.sent_again() == []


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as one:
        yield one


@pytest.fixture(params=["limit", "tmpfs"])
def disks(request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery) -> Iterator[Disks]:
    if not hasattr(resource, "prlimit"):
        pytest.skip("Linux alone lets one process limit another")
    with ExitStack() as stack:
        yield Disks(tmp_path, request.param, nursery, stack)


def said(code: int, err: str) -> None:
    assert code == 7, err
    assert "wtsync: error: The journal" in err
    assert "disk" in err
    assert "WTSYNC_STATE_DIR" in err
    assert "Traceback" not in err


def test_j01_with_no_room_for_the_intent_nothing_is_sent_and_the_command_says_why(disks: Disks, tmp_path: Path) -> None:
    with Nursery() as nursery, ExitStack() as stack:
        (tmp_path / "rehearsal").mkdir()
        rehearsal = Disks(tmp_path / "rehearsal", "limit", nursery, stack)
        rehearsal.run(lambda _line, _number: False)
        last = next(one.number for one in rehearsal.proxy.books.exchanges if one.billable) - 1
    code, err = disks.run(lambda _line, number: number == last)
    said(code, err)
    assert disks.proxy.books.orders() == []
    assert disks.shop.ledger() == []
    disks.finish()


def test_j02_with_no_room_for_the_receipt_of_an_order_it_is_found_again(disks: Disks) -> None:
    code, err = disks.run(lambda line, _number: is_order(line))
    said(code, err)
    assert len(disks.proxy.books.orders()) == 1
    disks.finish()


def test_j02_with_no_room_for_the_texts_they_stay_on_the_service_and_the_next_run_collects_them(disks: Disks) -> None:
    code, err = disks.run(
        lambda line, _number: line.startswith("GET /text/Generate?") and bool(disks.proxy.books.orders())
    )
    said(code, err)
    assert disks.shop.charged() == disks.shop.everything()
    assert disks.shop.cells() == {}
    disks.finish()


def test_j01_with_no_room_at_all_nothing_is_sent(disks: Disks) -> None:
    (disks.state / "journals").mkdir()
    (disks.state / "journals" / "w-cli.sqlite3-wal").touch()
    code, err = disks.run(lambda _line, number: number == 1)
    assert code in {5, 7}, err
    assert "wtsync: hint: " in err
    assert disks.proxy.books.orders() == []
    (disks.state / "journals" / "w-cli.sqlite3-wal").unlink(missing_ok=True)
    disks.finish()
