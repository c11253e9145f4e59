"""What a run says while it works, for whoever shows it: a progress bar, plain lines, JSON. Values, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: a stable word for programs, a sentence for people, and the figures behind it.

    `quiet` events are for programs; people see them in the progress bar.
    """

    kind: str
    message: str
    detail: Mapping[str, object] = field(default_factory=dict)
    quiet: bool = False
