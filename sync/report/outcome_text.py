"""How a run went, and the receipt of a cancellation, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.counts import counted, number

if TYPE_CHECKING:
    from sync.batch import Tally


def _texts(count: int) -> str:
    return counted(count, "text")


def _made(tally: Tally) -> str:
    """Say what was made; keywords are told apart from texts."""
    texts = tally.done - tally.keywords
    found = f"keywords of {counted(tally.keywords, 'record')} found"
    if not tally.keywords:
        return f"{_texts(texts)} made"
    return f"{found} and {_texts(texts)} made" if texts else found


def _finished(tally: Tally) -> str:
    texts = _texts(tally.done - tally.keywords)
    return f"keywords of {counted(tally.keywords, 'record')}, {texts}" if tally.keywords else texts


def outcome_text(tally: Tally, written: int, balance: float | None, sent_back: int = 0, not_sent_back: int = 0) -> str:
    """Sum a run up: what was made, written and sent back, what it cost, and what is left to look at."""
    parts = []
    if tally.done:
        parts.append(f"{_made(tally)} for {counted(tally.credits, 'credit')}")
    if written:
        parts.append(f"{_texts(written)} written into the workbook")
    if sent_back:
        parts.append(f"{_texts(sent_back)} sent back or marked on the service")
    nothing = "Everything is sent." if tally.open and not tally.not_sent else "No text was made."
    said = ", ".join(parts) + "." if parts else nothing
    lines = [said[:1].upper() + said[1:]]
    for count, words in (
        (tally.failed, "failed; run again to have them tried again"),
        (tally.empty, "came empty and were charged; choose Generate in their rows for new ones"),
        (tally.unknown, f"nobody can say about, up to {number(tally.unknown_max)} credits; see wtsync status"),
        (tally.cancelled, "stopped"),
        (tally.not_sent, "not sent; run again to send them"),
        (tally.open, "still being made; run again to collect them"),
        (not_sent_back, "could not be sent back; the reasons are above"),
    ):
        if count:
            lines.append(f"  {_texts(count)} {words}.")
    if balance is not None:
        lines.append(f"  Balance: {number(balance)} credits.")
    return "\n".join(lines)


def receipt_text(tally: Tally, balance: float | None) -> str:
    """Give the receipt of a cancellation: finished and charged, stopped, unknown, credits saved."""
    stopped = tally.cancelled + tally.not_sent
    saved = (
        f"{number(tally.stopped_min)}"
        if tally.stopped_min == tally.stopped_max
        else f"{number(tally.stopped_min)} to {number(tally.stopped_max)}"
    )
    lines = [
        "Receipt",
        f"  finished  {_finished(tally)}, {number(tally.credits)} credits by the price list",
        f"  stopped   {_texts(stopped)}, {saved} credits not spent",
    ]
    if tally.empty:
        lines.append(f"  empty     {_texts(tally.empty)}, charged, and counted in the credits above")
    if tally.failed:
        lines.append(f"  failed    {_texts(tally.failed)}")
    if tally.unknown:
        lines.append(
            f"  unknown   {_texts(tally.unknown)}, up to {number(tally.unknown_max)} credits; see wtsync status"
        )
    if tally.open:
        lines.append(f"  open      {_texts(tally.open)}; run `wtsync cancel` again to follow them")
    if balance is not None:
        lines.append(f"  balance   {number(balance)} credits")
    return "\n".join(lines)
