"""Ends a command in the middle, or lets somebody do something there, without putting anything in place of its parts.

The interpreter tells of every function that is entered or left. Those of a few names in the journal, the service's
client and the saving of workbooks are seams: the n-th of them is where it happens.
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType

_ROOT = Path(sync.__file__).parent
_FOLDERS = ("journal", "service", "workbook")
_NAMES = frozenset(
    {
        "agree", "archive", "begin_run", "cancel", "collect", "drop", "end", "end_run", "generate", "intend", "move",
        "plan", "pull", "push", "reopen", "save", "save_begins", "save_ended", "settle", "update_texts", "wait_again",
    }
)  # fmt: skip
KEYWORD_SEAMS = frozenset({"begin_run", "plan", "intend", "start", "move", "optimized", "optimizations", "end_run"})
"""Those of a run that looks for keywords."""


class Crash(BaseException):
    """The end of the process: nothing of ours catches it."""


def crash() -> None:
    """End the process."""
    raise Crash


def ask_to_stop() -> None:
    """Press Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


def end_at_once() -> None:
    """Press Ctrl-C twice."""
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)


@dataclass
class Interruption:
    """Something that happens once, at the `at`-th seam from 1; `only` names the functions that count."""

    at: int
    act: Callable[[], None]
    only: frozenset[str] = _NAMES
    happened: str = ""
    """The seam at which it did; empty: the command was over before."""
    passed: int = 0
    known: dict[CodeType, bool] = field(default_factory=dict)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch whatever runs inside, in this thread."""
        sys.setprofile(self._seen)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _seen(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event not in {"call", "return"} or code.co_name not in self.only:
            return
        if code not in self.known:
            file = Path(code.co_filename)
            self.known[code] = file.is_relative_to(_ROOT) and file.relative_to(_ROOT).parts[0] in _FOLDERS
        if not self.known[code]:
            return
        self.passed += 1
        if self.passed == self.at:
            sys.setprofile(None)
            self.happened = f"{event} {code.co_name}"
            self.act()
