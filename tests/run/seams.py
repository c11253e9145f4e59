"""Crashes at will: every change to the journal and every call that matters to the service is a seam to break at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.run.world import Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS = frozenset({"batches", "texts"})
_WRITES = frozenset(
    {
        "agree", "begin_run", "cancel", "cancel_asked", "collect", "drop", "end", "end_run", "generate", "intend",
        "move", "plan", "pull", "push", "reopen", "update_texts",
    }
)  # fmt: skip
_AFTER = frozenset({"generate", "intend", "update_texts"})
"""Calls after which nothing is written before something else has happened: the socket, the answer."""


class Crash(BaseException):
    """The end of the process: nothing of ours catches it."""


@dataclass
class Seams:
    """Counts seams, and crashes at the `at`-th, counted from 1 (0: never), or at the first of a name."""

    at: int = 0
    name: str = ""
    passed: list[str] = field(default_factory=list)

    def seam(self, name: str) -> None:
        self.passed.append(name)
        if len(self.passed) == self.at or name == self.name:
            raise Crash(name)

    def wrap(self, inner: Any) -> Any:
        return _Seamed(inner, self)


class _Seamed(Wrapped):
    def __init__(self, inner: Any, seams: Seams) -> None:
        super().__init__(inner)
        self.seams = seams

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.inner, name)
        if name in _PARTS and not callable(value):  # `service.texts` and `batches.batches` are calls
            return _Seamed(value, self.seams)
        return self._broken(name, value) if name in _WRITES else value

    def _broken(self, name: str, value: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.seams.seam(f"before {name}")
            result = value(*args, **options)
            if name in _AFTER:
                self.seams.seam(f"after {name}")
            return result

        return call
