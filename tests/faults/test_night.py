"""Twelve hours in a minute: 10,000 records, a service that fails in one call of twenty, and a laptop that sleeps.

The clock is virtual and turned by waiting alone; the service is the simulator in its real application, the journal a
real file, the driver the product's own. The wire between them is a function call: processes, sockets and signals are
met elsewhere (`test_kill`, `test_processes`).
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sync.errors import Unreachable
from sync.service import Service
from sync.simulator import DEFAULT_KEY, create_app
from sync.simulator.account import TOKEN_SECONDS, issue_token
from tests.asgi import AsgiTransport
from tests.run.checks import charges, unfinished, unresolved, violations
from tests.run.world import BEGIN, World, quick_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR = 3600.0
RECORDS = 10_000
FAULTS = "reset:p=0.01;lost:p=0.01;cut:p=0.01;503:p=0.01;502:p=0.005,effect=yes;429:p=0.005,retry_after=20"
"""One call in twenty, of every kind: orders, reads, sign-ins."""
TOKEN_HOURS = 3.4
BUSIEST = 700
"""Requests that an hour may take at most: a look or two a minute at four open batches, and what goes wrong."""
GROWTH = 64 * 2**20
"""Bytes by which the process may grow after the first hour, the service's own texts and this test's notes included."""
OURS = ("sync.run", "sync.batch", "sync.attempt", "sync.journal", "sync.model", "sync.service")
PER_HOUR = 200
"""Things of ours by which memory may grow in an hour, this test's list of events included: what is done is let go."""


class Night(World):
    """A world with tokens that end early, a machine that sleeps, and somebody who looks at the memory every hour."""

    def __init__(self, folder: Path, **service: Any) -> None:
        super().__init__(folder, **service)
        self.slept = 0.0
        self.memory: list[tuple[float, int, int]] = []
        self.sign_ins = self.refusals = 0
        sign_in, check = self.simulator.sign_in, self.simulator.check_token

        def short(key: str, host: str) -> dict[str, Any]:
            """Give tokens good for some hours: the first says so, the later ones claim a day."""
            self.sign_ins += 1
            honest, life = self.sign_ins == 1, TOKEN_HOURS * HOUR
            token = issue_token(self.simulator.api_key, self.simulator.now() - TOKEN_SECONDS + life)
            return {**sign_in(key, host), "access_token": token, "expires_in": life if honest else TOKEN_SECONDS}

        def refused(token: str) -> None:
            try:
                check(token)
            except Exception:
                self.refusals += 1
                raise

        self.simulator.sign_in = short  # type: ignore[method-assign]  # to have tokens that end during the night
        self.simulator.check_token = refused  # type: ignore[method-assign]  # to count those that had ended
        for hour in range(1, 14):
            self.clock.at.append((BEGIN + hour * HOUR, self._look))

    def close_the_lid(self, at: float, seconds: float) -> None:
        """Let the machine sleep: the wall clock goes on, the monotonic one stands still."""

        def sleep() -> None:
            self.slept += seconds
            self.clock.time += seconds

        self.clock.at.append((BEGIN + at, sleep))

    def _look(self) -> None:
        gc.collect()
        ours = sum(_is_ours(type(one)) for one in gc.get_objects())
        self.memory.append((self.clock.time - BEGIN, resident(), ours))

    @contextmanager
    def service(self) -> Iterator[Service]:
        with (
            AsgiTransport(self._noted(create_app(self.simulator, sleep=self._late))) as transport,
            Service(
                "https://api.writetext.ai",
                DEFAULT_KEY,
                transport=transport,
                sleep=self.clock.sleep,
                clock=self.clock,
                monotonic=lambda: self.clock.time - self.slept,
                dice=random.Random(self.simulator.seed),
            ) as client,
        ):
            yield client

    def busiest(self) -> tuple[int, int]:
        """Give the most requests in an hour, and all of them."""
        hours = Counter(int((at - BEGIN) // HOUR) for _, at in self.calls)
        return max(hours.values()), len(self.calls)


def _is_ours(kind: type) -> bool:
    """Tell the product's nouns from the simulator's and everybody else's."""
    home = str(kind.__module__)  # of some classes in C it is no string
    return home.startswith(OURS) and not home.startswith("sync.simulator")


def resident() -> int:
    """Tell how many bytes of memory this process has."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_g10_s27_a_night_of_ten_thousand_records_with_faults_expiries_and_a_sleeping_laptop() -> None:
    began = time.monotonic()
    with quick_folder() as folder:
        night = Night(
            folder, records=RECORDS, seed=10, credits=100_000, capacity=4, seconds_per_record=14.0, faults=FAULTS
        )
        night.close_the_lid(4 * HOUR + 100, 3 * HOUR)
        before = resident()
        first = night.run(first=5, size=50)
        hours = (night.clock.time - BEGIN) / HOUR
        after = resident()
        assert first.error is None, first.error
        assert violations(night) == []
        declared = unresolved(night)
        most, requests = night.busiest()
        kinds = Counter(first.kinds())
        print(  # noqa: T201 - the figures
            f"{hours:.1f} h in {time.monotonic() - began:.0f} s; {len(charges(night))} texts charged, {len(declared)}"
            f" declared unknown; {requests} requests, {most} in the busiest hour; {night.sign_ins} sign-ins,"
            f" {night.refusals} tokens refused; memory {before >> 20} to {after >> 20} MB;"
            f" {dict(kinds)}; by hour {[(round(at / HOUR, 1), size >> 20, ours) for at, size, ours in night.memory]}"
        )
        assert hours >= 11.0
        assert night.sign_ins >= 3
        assert night.refusals >= 2
        assert most <= BUSIEST
        assert night.memory[-1][1] - night.memory[0][1] < GROWTH
        spans = zip(night.memory, night.memory[1:], strict=False)
        assert max(later[2] - earlier[2] for earlier, later in spans) <= PER_HOUR
        night.faults("")
        night.run(first=5, size=50)
        assert violations(night) == []
        assert unfinished(night) == []
        assert len(night.empty_cells()) == len(unresolved(night))


def test_s27_a_laptop_that_wakes_before_its_network_does_goes_on_when_it_is_there() -> None:
    """Three hours of sleep are no three hours of silence: the first call that fails afterwards is the first."""
    with quick_folder() as folder:
        night = Night(folder, records=40, seed=2, capacity=1, seconds_per_record=60.0)
        night.close_the_lid(300, 3 * HOUR)
        night.clock.at.append((BEGIN + 300, lambda: night.faults("reset:p=1")))
        night.clock.at.append((BEGIN + 300 + 3 * HOUR + 180, lambda: night.faults("")))
        outcome = night.run(first=5, size=20)
        assert outcome.error is None, outcome.error
        assert "silent" in outcome.kinds()
        assert night.empty_cells() == []
        assert set(charges(night).values()) == {1}


def test_s27_an_hour_of_silence_ends_the_run_and_the_next_one_goes_on() -> None:
    with quick_folder() as folder:
        night = Night(folder, records=40, seed=2, capacity=1, seconds_per_record=60.0)
        night.clock.at.append((BEGIN + 300, lambda: night.faults("reset:p=1")))
        outcome = night.run(first=5, size=20)
        assert isinstance(outcome.error, Unreachable)
        assert 0.9 * HOUR < night.clock.time - BEGIN - 300 < 1.5 * HOUR
        night.faults("")
        night.run(first=5, size=20)
        assert violations(night) == unfinished(night) == []
