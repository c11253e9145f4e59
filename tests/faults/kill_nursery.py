"""A process that has imported the command and forks: each child is the real command, without half a second of imports.

Run as `python -m tests.faults.kill_nursery`, it reads one JSON object a line and answers each with one:
`{"words", "env", "folder", "output"}` starts `wtsync WORDS` there, with both outputs into files, and gives `{"pid"}`;
`{"wait", "block"}` gives `{"code"}` of a child, null while it runs. A child is a process like any other: it has its own
memory, files, signals and locks, and SIGKILL ends it at once. It has one thread only until it makes more.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

ROOT = Path(__file__).parents[2]


class Child:
    """The command at work in a process of its own."""

    def __init__(self, nursery: Nursery, pid: int, out: Path, err: Path) -> None:
        self._nursery = nursery
        self.pid = pid
        self._out, self._err = out, err
        self.code: int | None = None

    def poll(self) -> int | None:
        """Give the exit code (below zero: the signal that ended it), or None while it runs."""
        return self._ask(block=False)

    def wait(self) -> int:
        """Wait for its end, a minute at most."""
        code = self._ask(block=True)
        assert code is not None
        return code

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal, if it still runs. Its number cannot be another's: the nursery has not waited for it."""
        if self.code is None:
            os.kill(self.pid, number)

    @property
    def out(self) -> str:
        """What it has said on stdout so far."""
        return self._out.read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it has said on stderr so far."""
        return self._err.read_text(encoding="utf-8")

    def _ask(self, *, block: bool) -> int | None:
        if self.code is None:
            self.code = self._nursery.ask({"wait": self.pid, "block": block})["code"]
        return self.code


class Nursery:
    """Starts commands by forking. Not for two threads. `breach` names a rule that they shall break (see BREACHES)."""

    def __init__(self, breach: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.kill_nursery", breach],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the nursery and every command that it started and that still runs: a test may have failed meanwhile."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # Nobody has waited for the nursery yet, so that the number of its group cannot be another's, dead as it may be.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()

    def start(self, words: list[str], env: Mapping[str, str], folder: Path) -> Child:
        """Start `wtsync WORDS` in a folder."""
        self._count += 1
        out, err = (folder / f"{kind}-{self._count}.txt" for kind in ("out", "err"))
        out.touch()
        err.touch()
        said = self.ask({"words": words, "env": dict(env), "folder": str(folder), "output": [str(out), str(err)]})
        return Child(self, said["pid"], out, err)

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the nursery's process something."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said


# ----------------------------------------------------------------------- the other side


def _import_all() -> None:
    """Import what a run imports on its way, and read the certificates once: neither says anything about a run."""
    for name in ("fastexcel", "httpcore", "polars", "encodings.idna", "zoneinfo"):
        importlib.import_module(name)
    for module in pkgutil.walk_packages(sync.__path__, "sync."):
        if not module.name.startswith(("sync.simulator", "sync.__main__")):
            importlib.import_module(module.name)
    importlib.import_module("sync.service.transport")._certificates(environment=False)
    gc.freeze()  # what is here already need not be copied by every child
    assert threading.active_count() == 1, "whoever forks with threads copies their locks"


def _be(question: dict[str, Any]) -> None:
    """Be the command, in a child, until its end."""
    code = 70
    try:
        files = [os.open(os.devnull, os.O_RDONLY)]
        files += [os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for name in question["output"]]
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(question["env"])
        os.chdir(question["folder"])
        sys.argv = ["wtsync", *question["words"]]
        importlib.import_module("sync.cli").main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(pid: int, *, block: bool) -> int | None:
    if block:
        signal.alarm(60)  # the nursery ends, and the test with it, when a child does not
    found, status = os.waitpid(pid, 0 if block else os.WNOHANG)
    signal.alarm(0)
    return os.waitstatus_to_exitcode(status) if found else None


def _retry_on_timeout() -> None:
    """Take an order whose answer did not come for one that was not sent, as every naive client does."""
    submit: Any = importlib.import_module("sync.run.submit")
    classify, verdict = submit.classify, submit.Verdict

    def naive(attempt: Any) -> Any:
        outcome = classify(attempt)
        return replace(outcome, verdict=verdict.NOT_SENT) if outcome.verdict is verdict.UNKNOWN else outcome

    submit.classify = naive
    submit.backoff = lambda *_: 0.05


def _save_in_place() -> None:
    """Write the new workbook over the old one."""

    def over(temporary: Path, path: Path) -> None:
        content = temporary.read_bytes()
        with path.open("wb", buffering=0) as file:
            file.write(content[: len(content) // 2])
            time.sleep(0.02)
            file.write(content[len(content) // 2 :])

    save: Any = importlib.import_module("sync.workbook.save")
    save._replace = over


BREACHES: dict[str, Callable[[], None]] = {
    "retry-on-timeout": _retry_on_timeout,
    "in-place-save": _save_in_place,
}


def _serve(breach: str) -> None:
    _import_all()
    if breach:
        BREACHES[breach]()
    for line in sys.stdin:
        question = json.loads(line)
        if "wait" in question:
            said = {"code": _wait(question["wait"], block=question["block"])}
        else:
            pid = os.fork()
            if pid == 0:
                _be(question)
            said = {"pid": pid}
        print(json.dumps(said), flush=True)  # noqa: T201 - the answer
    os.killpg(os.getpgrp(), signal.SIGKILL)  # the test is gone, and could not end its commands itself


if __name__ == "__main__":
    _serve("".join(sys.argv[1:]))
