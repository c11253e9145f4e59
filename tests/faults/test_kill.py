"""SIGKILL of the real command at random moments, through a line that misbehaves: every text is paid for once.

The figures of a suite run are printed with `-s`; a failure prints its seed and the line that replays it.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.shop import ROOT, Shop
from tests.faults.kill import RUN, found_out, replay, trials
from tests.faults.proxy import Proxy
from tests.faults.proxy_books import Act, Fate
from tests.faults.proxy_script import Listed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forking and signals are as POSIX has them")

CHUNK = 10
EVERY_TIME, AT_LENGTH = 200, 2000
FAILED_ONCE = (7,)
"""Seeds that ever failed. 7: the command was killed before it had any output, which this laboratory had overlooked."""


def _carry_out(first: int, count: int) -> None:
    began = time.monotonic()
    print(f"seeds {first} to {first + count - 1}; to replay one: {replay(first)}")  # noqa: T201 - for the report
    seen = trials(range(first, first + count))
    print(f"{count} trials in {time.monotonic() - began:.0f} s: {json.dumps(dict(sorted(seen.items())))}")  # noqa: T201 - the figures
    assert seen["starts"] > count


@pytest.mark.parametrize("first", range(0, EVERY_TIME, CHUNK))
def test_g4_s29_killed_at_random_behind_a_bad_line_the_ledger_and_the_workbook_agree(first: int) -> None:
    _carry_out(first, CHUNK)


@pytest.mark.long
@pytest.mark.parametrize("first", range(10_000, 10_000 + AT_LENGTH, 50))
def test_g4_s29_the_same_two_thousand_times(first: int) -> None:
    _carry_out(first, 50)


@pytest.mark.parametrize("seed", FAILED_ONCE)
def test_seeds_that_failed_once(seed: int) -> None:
    _carry_out(seed, 1)


@pytest.mark.parametrize(
    ("breach", "complaint"), [("retry-on-timeout", "charged|sent twice"), ("in-place-save", "torn|neither the old one")]
)
def test_mutant_a_command_that_breaks_a_rule_is_found_out(breach: str, complaint: str) -> None:
    assert re.search(complaint, found_out(breach, range(40)))


@pytest.mark.parametrize("moment", [0.1, 0.6, 1.0, 1.4])
def test_g4_s29_the_command_started_as_a_user_starts_it_killed_during_its_imports_and_after(
    tmp_path: Path, moment: float
) -> None:
    """The trials above fork; this one pays for `python -m sync` and a `wtsync simulate` of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "sync", "simulate", "--port", "0", "--seconds-per-record", "0.02"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    ) as simulator:  # fmt: skip
        assert simulator.stdout is not None
        said = dict(simulator.stdout.readline().strip().split("=", 1) for _ in range(2))
        port = int(said["WTSYNC_API_URL"].rpartition(":")[2])
        with Proxy(port, Listed([Fate(Act.DELAY, seconds=0.1), Fate(Act.SWALLOW_RESET)])) as proxy:
            shop = Shop(tmp_path, proxy.url, 6, key=said["WTSYNC_API_KEY"])
            process = shop.start(*RUN)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            for _ in range(3):
                done = shop.here(*RUN, code=None)
                assert done.returncode in {0, 3}, done.stderr
            status = json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]
            declared = sum(batch["texts"] for batch in status["unknown"])
            shop.url = f"http://127.0.0.1:{port}"
            charged = shop.charged()
            assert len(set(charged)) == len(charged)
            assert sorted(shop.cells()) == charged
            assert len(charged) + declared == 12
            assert proxy.books.sent_again() == []
        simulator.terminate()
        simulator.wait(10)
