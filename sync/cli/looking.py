"""The options about how the service is looked at, the same for `plan` and `run`, and what a look has cost."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, NamedTuple

import click

from sync.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.cli.wiring import Checked, Known
    from sync.service import Service

_OPTIONS = (
    click.option(
        "--full",
        is_flag=True,
        help="Ask for everything anew: every text, not only what changed; lists; prices.",
    ),
    click.option(
        "--stats",
        is_flag=True,
        help="Say which requests were made, and what went over the line.",
    ),
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
    return {
        "requests": seen.service.requests,
        "look": "full" if known.remote.full else "changes",
        "traffic": traffic_data(seen.service),
    }


def tell_look(seen: Checked, known: Known, look: Looking) -> None:
    """Say in one line what was asked of the service so far, where that was wished for."""
    if look.stats:
        from sync.counts import counted

        how = "every text was read" if known.remote.full else "only what changed was read"
        say(f"wtsync: {counted(seen.service.requests, 'request')}; {how}.")


def traffic_data(service: Service) -> dict[str, object]:
    """Give what went over the line so far as plain data: bytes of bodies, and seconds."""
    traffic = service.traffic
    return {
        "calls": dict(sorted(traffic.calls.items())),
        "repeated": traffic.repeated,
        "connections": traffic.connections,
        "bytesSent": traffic.sent,
        "bytesReceived": traffic.received,
        "bytesUnpacked": traffic.unpacked,
        "secondsWaited": round(traffic.waited, 3),
        "secondsPaused": round(traffic.paused, 3),
        "secondsListsAge": None if service.lists_age is None else round(service.lists_age),
    }


def tell_traffic(service: Service, look: Looking) -> None:
    """Say at the end what went over the line, where that was wished for."""
    if not look.stats:
        return
    from sync.counts import counted

    traffic = service.traffic
    calls = ", ".join(f"{name} {count}" for name, count in traffic.calls.most_common())
    pauses = f", {traffic.paused:.1f} s between attempts" if traffic.paused else ""
    say(
        f"wtsync: {counted(traffic.requests, 'request')} over {counted(traffic.connections, 'connection')},"
        f" {traffic.repeated} of them repeated; {_bytes(traffic.sent)} sent, {_bytes(traffic.received)} received"
        f" ({_bytes(traffic.unpacked)} unpacked); {traffic.waited:.1f} s waited for answers{pauses}."
    )
    say(f"wtsync: {calls}.")
    if service.lists_age is not None:
        age = counted(round(service.lists_age / 60), "minute")
        say(f"wtsync: lists and prices are from {age} ago; --full asks for them anew.")


def _bytes(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"
