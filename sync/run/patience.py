"""Tries again what may be done twice, where the service is busy or silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sync.errors import Rejected, Unreachable
from sync.run.pace import BUSY, backoff

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.run.ports import Session

TRIES = 6
_T = TypeVar("_T")


def patiently(session: Session, call: Callable[[], _T]) -> _T:
    """Make a call that costs nothing, again where it may help. Raises what the last one raised."""
    for turn in range(1, TRIES + 1):
        try:
            return call()
        except (Rejected, Unreachable) as error:
            busy = isinstance(error, Unreachable) or error.status in BUSY
            if not busy or turn == TRIES or session.stopping():
                raise
            wait_after(session, error, turn)
    raise AssertionError("the last turn returns or raises")


def wait_after(session: Session, error: Rejected | Unreachable, failures: int) -> None:
    """Give the service time after so many failures, of which this is the last: at least what it asks for."""
    asked = error.retry_after if isinstance(error, Rejected) else None
    session.clock.sleep(max(backoff(failures, session.spread()), asked or 0.0))
