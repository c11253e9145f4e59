"""Broken workbooks by the thousand: each is read and written or refused with words; none ends the process (G11)."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

BEGUN = re.compile(r"^begin ([0-9]+)$", re.MULTILINE)
STUCK = 30.0
"""Seconds for a workbook that does not even let the clock be read, beyond what its batch takes."""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs limits of a process")


def finds(seed: int, count: int, *breach: str) -> list[str]:
    """Put workbooks through the mill, this many from this seed on; list what must not have come of them."""
    found: list[str] = []
    end = seed + count
    while seed < end:
        command = [sys.executable, "-m", "tests.workbook.fuzzing", str(seed), str(end - seed), *breach]
        environment = os.environ | {"POLARS_MAX_THREADS": "1", "RUST_BACKTRACE": "0"}
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=STUCK + 0.2 * (end - seed),
                check=False,
                env=environment,
            )
            output, how = done.stdout, f"ended the process ({done.returncode}): {done.stderr[-300:]}"
        except subprocess.TimeoutExpired as error:
            output, how = (error.stdout or b"").decode(), "was stuck"
        found += [line for line in output.splitlines() if line.startswith("found ")]
        if "\nresults " in output:
            break
        begun = BEGUN.findall(output)
        assert begun, how
        found.append(f"found {begun[-1]} {how}")
        seed, breach = int(begun[-1]) + 1, ()
    return found


def judge(seed: int, count: int) -> None:
    """Try all of them, on two processors, and name what to run again."""
    half = count // 2
    with ThreadPoolExecutor(2) as pool:
        pieces = pool.map(finds, (seed, seed + half), (half, count - half))
    found = [line for piece in pieces for line in piece]
    again = [f"{line}\n  python -m tests.workbook.fuzzing {line.split()[1]} 1" for line in found]
    assert not found, "\n".join((f"{len(found)} of {count}, from seed {seed} on", *again))


@pytest.mark.soak
def test_g11_two_thousand_broken_workbooks_are_read_or_refused() -> None:
    judge(int(os.environ.get("WTSYNC_FUZZ_SEED", "1")), 2_000)


@pytest.mark.long
def test_g11_twenty_thousand_broken_workbooks_are_read_or_refused() -> None:
    judge(random.randrange(1 << 40), 20_000)


@pytest.mark.parametrize(
    ("breach", "said"), [("a bug", "ZeroDivision"), ("too much memory", "Memory"), ("an end", "(-6)")]
)
def test_the_mill_notices_what_must_not_be(breach: str, said: str) -> None:
    """It goes on behind the workbook that ended the process."""
    (found,) = finds(1, 4, breach)
    assert found.startswith("found 2 ")
    assert said in found
