"""Processes measured from outside: seconds, seconds of the processor, and memory at the highest. Not on Windows."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
WTSYNC = (sys.executable, "-c", "from sync.cli import main; main()")


_STARTER = """
import json, os, sys, time
tells, words = int(sys.argv[1]), sys.argv[2:]
os.set_inheritable(tells, False)
begin = time.perf_counter()
_, status, used = os.wait4(os.posix_spawn(words[0], words, os.environ), 0)
os.write(tells, json.dumps([time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss]).encode())
sys.exit(os.waitstatus_to_exitcode(status))
"""
STARTED = (sys.executable, "-I", "-S", "-c", _STARTER)
"""Starts a command, whose words follow after the number of a file that is told its figures.

A new process counts as its own the memory of the one that started it, and this one here grows with what it measures:
the starter is a bare Python, of 10 MB.
"""


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
    read, tells = os.pipe()
    with os.fdopen(read, encoding="utf-8") as figures:
        process = subprocess.Popen(
            [*STARTED, str(tells), *map(str, words)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=around(env), pass_fds=[tells],
        )  # fmt: skip
        os.close(tells)
        assert process.stdout is not None
        last = ""
        with process.stdout:
            for line in process.stdout:
                last = line.strip() or last
                heard(line)
        if process.wait() not in codes:
            raise RuntimeError(f"{' '.join(map(str, words))[-200:]} ended with {process.returncode}: {last}")
        seconds, cpu, peak = json.load(figures)
    return Cost(seconds, cpu, peak / (1024 * 1024 if sys.platform == "darwin" else 1024))


def python(code: str, *arguments: object) -> Cost:
    """Measure code in a new Python."""
    return measured((sys.executable, "-c", code, *arguments))


def told(code: str, *arguments: object) -> list[float]:
    """Run code in a new Python that prints its own figures as JSON, on the last line."""
    lines: list[str] = []
    measured((sys.executable, "-c", code, *arguments), heard=lines.append)
    figures: list[float] = json.loads(lines[-1])
    return figures


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
