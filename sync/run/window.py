"""Decides how many batches may be open at a time. Pure.

A few are enough for a service that works on fewer records than they hold: the next ones are there before it is done
with these. One that works on more at a time would be idle now and then. So one more is opened whenever a look shows
that nothing waits, and one less again when more than one of them waits: what is sent can hardly be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.run.look import Look


@dataclass(frozen=True, slots=True)
class Window:
    """How many batches may be open: `usual` ones to begin with, `widest` at most, or as usual where that is more."""

    usual: int
    widest: int = 0
    more: int = 0
    """How many more than usual there may be now."""
    brought: bool = False
    """Whether any text of ours has come: before that nobody knows what the orders are good for, and few are sent."""

    @property
    def size(self) -> int:
        """Give how many batches may be open now."""
        return min(self.usual + self.more, max(self.usual, self.widest))

    def after(self, look: Look) -> Window:
        """Give the window after a look: one wider where nothing waits, one narrower where more than one does."""
        brought = self.brought or look.made > 0
        more = self.more
        if look.idle and brought:
            more = min(more + 1, max(0, self.widest - self.usual))
        elif look.waiting > 1:
            more = max(0, more - 1)
        return replace(self, more=more, brought=brought)
