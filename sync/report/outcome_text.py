"""How a run went, and the receipt of a cancellation, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.batch import ItemState
from sync.counts import counted, number

if TYPE_CHECKING:
    from sync.batch import Tally


def _texts(count: int) -> str:
    return counted(count, "text")


def _told(tally: Tally, count: int, *states: ItemState) -> str:
    """Name so many of a run's texts, all in these states, and tell keywords apart from them."""
    searches = sum(tally.searches.get(state, 0) for state in states)
    if not searches:
        return _texts(count)
    found = f"keywords of {counted(searches, 'record')}"
    return f"{found} and {_texts(count - searches)}" if count > searches else found


def _made(tally: Tally) -> str:
    """Say what was made; keywords are told apart from texts."""
    texts = tally.done - tally.keywords
    found = f"keywords of {counted(tally.keywords, 'record')} found"
    if not tally.keywords:
        return f"{_texts(texts)} made"
    return f"{found} and {_texts(texts)} made" if texts else found


def here_text(tally: Tally) -> str:
    """Say how much of what is under way has come: of how many texts, and the keywords of how many records."""
    asked = sum(tally.searches.values())
    texts = f"{number(tally.done - tally.keywords)} of {number(tally.total - asked)} texts"
    if not asked:
        return f"{texts} are here"
    found = f"Keywords of {number(tally.keywords)} of {counted(asked, 'record')}"
    return f"{found} and {texts} are here" if tally.total > asked else f"{found} are here"


def unit_text(tally: Tally) -> str:
    """Name what a run counts."""
    asked = sum(tally.searches.values())
    if not asked:
        return "texts"
    return "texts and keyword searches" if tally.total > asked else "keyword searches"


def outcome_text(tally: Tally, written: int, balance: float | None, sent_back: int = 0, not_sent_back: int = 0) -> str:
    """Sum a run up: what was made, written and sent back, what it cost, and what is left to look at."""
    parts = []
    if tally.done:
        parts.append(f"{_made(tally)} for {counted(tally.credits, 'credit')}")
    if written:
        parts.append(f"{_texts(written)} written into the workbook")
    if sent_back:
        parts.append(f"{_texts(sent_back)} sent back or marked on the service")
    none = "No keywords were found." if unit_text(tally) == "keyword searches" else "No text was made."
    nothing = "Everything is sent." if tally.open and not tally.not_sent else none
    said = ", ".join(parts) + "." if parts else nothing
    lines = [_first_up(said)]
    for count, state, words in (
        (tally.failed, ItemState.FAILED, "failed; run again to have them tried again" + _paid_again(tally)),
        (tally.empty, ItemState.EMPTY, "came empty and were charged; choose Generate in their rows for new ones"),
        (tally.unknown, ItemState.UNKNOWN, f"nobody can say about, up to {_credits(tally)}; see wtsync status"),
        (tally.cancelled, ItemState.CANCELLED, "stopped"),
        (tally.not_sent, ItemState.NOT_SENT, "not sent; run again to send them"),
        (tally.open, ItemState.OPEN, "still being made; run again to collect them"),
    ):
        if count:
            lines.append(f"  {_first_up(_told(tally, count, state))} {words}.")
    if not_sent_back:
        lines.append(f"  {_texts(not_sent_back)} could not be sent back; the reasons are above.")
    if balance is not None:
        lines.append(f"  Balance: {number(balance)} credits.")
    return "\n".join(lines)


def _paid_again(tally: Tally) -> str:
    """Say what another try costs, where a search has failed: unlike a text, it is charged all the same."""
    if not tally.searches.get(ItemState.FAILED):
        return ""
    return ". Another search for keywords may have to be paid for; where one was signed or approved, it needs a new yes"


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _credits(tally: Tally) -> str:
    return f"{number(tally.unknown_max)} credits"


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
        f"  finished  {_told(tally, tally.done, ItemState.DONE)}, {number(tally.credits)} credits by the price list",
        f"  stopped   {_told(tally, stopped, ItemState.CANCELLED, ItemState.NOT_SENT)}, {saved} credits not spent",
    ]
    if tally.empty:
        lines.append(
            f"  empty     {_told(tally, tally.empty, ItemState.EMPTY)}, charged, and counted in the credits above"
        )
    if tally.failed:
        lines.append(f"  failed    {_told(tally, tally.failed, ItemState.FAILED)}")
    if tally.unknown:
        doubted = _told(tally, tally.unknown, ItemState.UNKNOWN)
        lines.append(f"  unknown   {doubted}, up to {_credits(tally)}; see wtsync status")
    if tally.open:
        lines.append(
            f"  open      {_told(tally, tally.open, ItemState.OPEN)}; run `wtsync cancel` again to follow them"
        )
    if balance is not None:
        lines.append(f"  balance   {number(balance)} credits")
    return "\n".join(lines)
