"""Shows a run: a bar on a terminal, a plain line a minute elsewhere, JSON lines for programs."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from sync.cli.console import clean, is_terminal, out_json, say
from sync.counts import number
from sync.report.outcome_text import here_text, unit_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from tqdm import tqdm

    from sync.batch import Tally
    from sync.run.events import Event

MINUTE = 60.0
_SHARE = 20
"""Counting takes one second in so many: it is put off where it takes long, and its last figures stand."""
_QUICK = 0.01
"""Seconds of counting that are not worth putting off."""
_BAR = "{percentage:3.0f}% |{bar}| {n:,.0f}/{total:,.0f} {unit}{postfix} [{elapsed}<{remaining}]"


@dataclass(slots=True)
class Display:
    """Takes events and shows them. `tally` counts how the run stands; it is asked for no more often than is shown.

    Counting a hundred thousand texts takes a second, in which nothing is ordered or collected.
    """

    tally: Callable[[], Tally]
    as_json: bool = False
    clock: Callable[[], float] = time.monotonic
    _bar: tqdm[Any] | None = field(default=None, init=False)
    _shown: float = field(default=0.0, init=False)
    _counted: Tally | None = field(default=None, init=False)
    _next: float = field(default=0.0, init=False)
    """When to count again, by the clock."""
    _told: Mapping[str, object] = field(default_factory=dict, init=False)
    """What the last line about progress said, for programs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            with suppress(OSError):
                self._progress({}, self.tally())
                self._bar.close()
        if self._told and error is None:
            self._tell_the_end(self._told)

    def _count(self) -> Tally:
        """Count how the run stands, or give the last figures while counting again would take too large a share."""
        begin = self.clock()
        if self._counted is None or begin >= self._next:
            self._counted = self.tally()
            end = self.clock()
            self._next = end + _SHARE * (end - begin) if end - begin > _QUICK else end
        return self._counted

    def _tell_the_end(self, told: Mapping[str, object]) -> None:
        """Give a last line for programs, where the one before it had figures from earlier."""
        tally = self.tally()
        figures = _figures(tally)
        if any(told[name] != figure for name, figure in figures.items()):
            out_json({**told, "message": f"{here_text(tally)}.", "arrived": 0, **figures}, indent=None)

    def show(self, event: Event) -> None:
        """Show one event."""
        if self.as_json:
            figures = _figures(self._count()) if event.kind == "progress" else {}
            data = {"event": event.kind, "message": event.message, **event.detail, **figures}
            if event.kind == "progress":
                self._told = data
            out_json(data, indent=None)
        elif event.kind == "progress":
            self._step(event)
        elif not event.quiet:
            self._write(event.message)

    def _write(self, text: str) -> None:
        if self._bar is not None:
            with suppress(OSError):
                self._bar.clear()
        say(text)

    def _step(self, event: Event) -> None:
        now = self.clock()
        if is_terminal():
            with suppress(OSError):  # a terminal that was closed stops no work
                self._progress(event.detail, self._count())
        elif now - self._shown >= MINUTE or not self._shown:
            self._shown = now
            tally = self.tally()
            say(f"{here_text(tally)}, {number(tally.failed)} failed, {number(tally.credits)} credits. {event.message}")

    def _progress(self, detail: Any, tally: Tally) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=tally.total,
                unit=unit_text(tally),
                dynamic_ncols=True,
                leave=True,
                bar_format=_BAR,
            )
        self._bar.total, self._bar.unit = tally.total, unit_text(tally)
        self._bar.n = tally.done + tally.failed + tally.cancelled + tally.not_sent + tally.unknown
        parts = [f"{number(tally.credits)} credits"]
        if tally.failed:
            parts.append(f"{number(tally.failed)} failed")
        if detail.get("running"):
            parts.append(f"{detail['running']} under way")
        self._bar.set_postfix_str(clean(", ".join(parts)), refresh=False)
        self._bar.refresh()


def _figures(tally: Tally) -> dict[str, object]:
    return {
        "total": tally.total,
        "done": tally.done,
        "failed": tally.failed,
        "cancelled": tally.cancelled,
        "unknown": tally.unknown,
        "credits": tally.credits,
    }
