"""Many frozen values at once: what making 100,000 of them costs, less what need not be."""

from __future__ import annotations

import gc
from collections import deque
from contextlib import contextmanager
from dataclasses import fields
from itertools import repeat
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
_MANY = 50_000
"""Objects that are worth the trouble."""


def made(kind: type[T], /, **columns: Sequence[object]) -> list[T]:
    """Make what `kind` would make of each row of the columns, in half the time; there is one for every field.

    `kind` is a frozen dataclass with slots that does nothing of its own when it is made. Its constructor looks up
    every field of every value by name; here a slot is filled for all values in one go. Raises ValueError unless there
    is a column for each field, all of one length.
    """
    if len({*map(len, columns.values())}) != 1 or columns.keys() != {field.name for field in fields(kind)}:  # type: ignore[arg-type]  # it is a dataclass
        raise ValueError(f"not one column for each field of {kind.__name__}, all of one length")
    values = list(map(object.__new__, repeat(kind, len(next(iter(columns.values()))))))
    for name, column in columns.items():
        deque(map(getattr(kind, name).__set__, values, column), maxlen=0)
    return values


@contextmanager
def without_collecting() -> Iterator[None]:
    """Spare the garbage collector: it would look at 100,000 growing records again and again, and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # Frozen and thawed, all that there is counts as old, and is not looked at right away. That is for many
            # objects: garbage among the old ones stays for long, which a process that reads thousands of small
            # workbooks would feel.
            if gc.get_count()[0] > _MANY and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
