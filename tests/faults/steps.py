"""Breaks a run off at will, and looks after every step whether all promises hold.

A step is a change to the journal or the workbook, or a call that matters to the service. Before each of them, and after
those behind which nothing is written at once, lies a seam; a crash there is an exception that nothing of ours catches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.run.seams import Crash
from tests.run.world import Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.lab import Lab

_PARTS = frozenset({"batches", "texts", "doubts"})
_WRITES = frozenset(
    {
        "agree", "begin_run", "cancel_asked", "collect", "drop", "end", "end_run", "intend", "move",
        "note_duplicates", "plan", "pull", "push", "reopen", "settle",
    }
)  # fmt: skip
_CALLS = frozenset({"generate", "cancel", "update_texts"})
_AFTER = frozenset({"generate", "intend", "cancel", "update_texts"})


@dataclass
class Seams:
    """Counts seams, and crashes at the `at`-th, from 1 (0: never)."""

    at: int = 0
    passed: list[str] = field(default_factory=list)

    def seam(self, name: str) -> None:
        self.passed.append(name)
        if len(self.passed) == self.at:
            raise Crash(name)


class Stepped(Wrapped):
    """The journal, a side of it, or the service: passed on, with a seam and a look at every step."""

    def __init__(self, inner: Any, lab: Lab) -> None:
        super().__init__(inner)
        self.lab = lab

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.inner, name)
        if name in _PARTS and not callable(value):  # `service.texts` is a call
            value = Stepped(value, self.lab)
        elif name in _WRITES or name in _CALLS:
            value = self._step(name, value)
        elif not callable(value):
            return value  # it may change
        self.__dict__[name] = value
        return value

    def _step(self, name: str, value: Callable[..., Any]) -> Callable[..., Any]:
        lab = self.lab

        def call(*args: Any, **options: Any) -> Any:
            lab.seams.seam(f"before {name}")
            result = value(*args, **options)
            lab.look(name)
            if name in _AFTER:
                lab.seams.seam(f"after {name}")
            return result

        return call
