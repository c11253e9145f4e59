"""The options about how the service is looked at, the same for `plan` and `run`, and what a look has cost."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, NamedTuple

import click

from sync.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.cli.wiring import Checked, Known

_OPTIONS = (
    click.option("--full", is_flag=True, help="Read every text from the service, not only what it says has changed."),
    click.option("--stats", is_flag=True, help="Say how many requests were made, and how texts were looked at."),
)


class Looking(NamedTuple):
    """What the user said about looks."""

    full: bool = False
    stats: bool = False


def looking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options about looks; it gets them as one `look`."""

    @wraps(command)
    def with_look(*args: object, full: bool, stats: bool, **others: object) -> None:
        command(*args, look=Looking(full, stats), **others)

    chosen: Callable[..., None] = with_look
    for option in reversed(_OPTIONS):
        chosen = option(chosen)
    return chosen


def look_data(seen: Checked, known: Known) -> dict[str, object]:
    """Give what was asked of the service so far as plain data."""
    return {"requests": seen.service.requests, "look": "full" if known.remote.full else "changes"}


def tell_look(seen: Checked, known: Known, look: Looking) -> None:
    """Say in one line what was asked of the service so far, where that was wished for."""
    if look.stats:
        how = "every text was read" if known.remote.full else "only what changed was read"
        say(f"wtsync: {seen.service.requests} requests; {how}.")
