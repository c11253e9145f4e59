"""What a check-up finds: of computer, account and workbook, and of the answers of a service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a finding is to be taken."""

    FINE = "ok"
    NOTE = "note"
    """Worth knowing; nothing has to be done."""
    WRONG = "WRONG"
    """Has to be put right before a run."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    about: str
    state: State
    what: str
    remedy: str = ""
    exit_code: int = 0
    """With what a command leaves when this is wrong."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What came of calling one read of the service, to see whether it answers as we take it to."""

    call: str
    method: str
    path: str
    source: str
    """How we know of the call: `documented`, `seen` or `assumed`."""
    status: int | None
    """Of the answer; None: there was none, or the call was not made."""
    differences: tuple[str, ...] = ()
    """Names of fields and kinds of values; never a value."""
    remark: str = ""
    """Why it was not made, or what else is to be said."""
    as_assumed: bool | None = None
    """None: that cannot be known, as the call was not made."""
