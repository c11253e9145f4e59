"""Stopping on request: the first Ctrl-C lets what is being sent be finished, the second ends at once."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@dataclass(slots=True)
class Stop:
    """Whether the user has asked to stop, and by which signal. Also the clock of a run: its sleep ends early."""

    asked: threading.Event = field(default_factory=threading.Event)
    number: int = 0
    sending: bool = False
    """Whether there is something to finish first. Until then, Ctrl-C ends the command at once."""

    def stopping(self) -> bool:
        """Tell whether the user has asked to stop."""
        return self.asked.is_set()

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait, but not once somebody has asked to stop."""
        self.asked.wait(max(0.0, seconds))

    @property
    def exit_code(self) -> int:
        """The exit code of an interrupted command, as shells know it: 130 for Ctrl-C, 143 for a termination."""
        return 128 + (self.number or signal.SIGINT)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn Ctrl-C, a termination or a closed terminal into a wish to stop; the second of them ends it at once."""
    stop = Stop()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.asked.is_set() or not stop.sending:
            raise KeyboardInterrupt
        stop.number = number
        stop.asked.set()
        say("wtsync: stopping; what is being sent is finished first. Once more to stop at once.")

    signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
