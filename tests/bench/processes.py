"""Processes measured from outside: seconds, seconds of the processor, and memory at the highest. Not on Windows."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
WTSYNC = (sys.executable, "-c", "from sync.cli import main; main()")


class Cost(NamedTuple):
    """What a process took, with all that it started."""

    seconds: float
    cpu: float
    mb: float
    """Of the one process, at the highest."""


def measured(
    words: Sequence[object],
    *,
    env: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
    heard: Callable[[str], None] = lambda _: None,
) -> Cost:
    """Run a command to its end and measure it; `heard` is given each line that it prints, when it comes.

    Raises RuntimeError with its last words where it ends with another code than these.
    """
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*map(str, words)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=around(env)
    )
    assert process.stdout is not None
    last = ""
    with process.stdout:
        for line in process.stdout:
            last = line.strip() or last
            heard(line)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise RuntimeError(f"{' '.join(map(str, words))[-200:]} ended with {process.returncode}: {last}")
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Cost(time.perf_counter() - begin, used.ru_utime + used.ru_stime, peak)


def python(code: str, *arguments: object) -> Cost:
    """Measure code in a new Python."""
    return measured((sys.executable, "-c", code, *arguments))


def around(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment of a measured process. Python keeps bytecode there, as it does for what is installed."""
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**usual, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **(env or {})}


def median(costs: Sequence[Cost]) -> Cost:
    """Give the median of each figure."""
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


@contextmanager
def simulator(capacity: int, seconds: float) -> Iterator[dict[str, str]]:
    """Let a service of this capacity (records at a time, seconds a record) listen; give the lines it says to export."""
    words = ("simulate", "--port", "0", "--capacity", capacity, "--seconds-per-record", seconds)
    process = subprocess.Popen(
        [*WTSYNC, *map(str, words)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=around(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        with process.stdout:
            yield dict(process.stdout.readline().strip().split("=", 1) for _ in range(2))
    finally:
        process.terminate()
        process.wait()
