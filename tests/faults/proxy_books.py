"""What the proxy can do to an exchange, and the books that it keeps of what was done.

The books know what the service cannot: what the client sent, whole or not, what was handed on, how often, and what the
client got to hear. So a text that was paid for twice can be laid at the right door.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Text = tuple[str, str, str]
"""Record id, language, text type."""

_NO = {400, 401, 402, 403, 404, 405, 413, 415, 422, 429}
"""Answers to an order after which it may be sent again: nothing was done."""


class Act(StrEnum):
    """What the proxy does with an exchange, or (the first two, and `pass`) with a connection before it begins."""

    REFUSE = "refuse"
    """Nothing listens for `seconds`: connecting fails."""
    RESET = "reset"
    """The connection, or the request, is met with a reset; nothing of it is handed on."""
    PASS = "pass"
    CUT_REQUEST = "cut request"
    """`after` bytes are handed on, then both sides are reset."""
    SWALLOW_CLOSE = "swallow, close"
    """The request takes effect; in place of its answer the connection ends."""
    SWALLOW_RESET = "swallow, reset"
    CUT_ANSWER = "cut answer"
    """The request takes effect; the answer is handed back up to byte `after` (below zero: from its end), no further."""
    DELAY = "delay"
    """All goes well, after `seconds`."""
    TWICE = "twice"
    """The request is handed on twice, over two connections; the second answer is handed back."""
    LATE = "late"
    """The client gets a reset; the request is handed on `seconds` later all the same."""
    STALL = "stall"
    """After `after` bytes the proxy stops reading and resets: a client with more to send cannot."""


@dataclass(frozen=True, slots=True)
class Fate:
    """An act with its measure: `after` in bytes, `seconds`."""

    act: Act = Act.PASS
    after: int = 0
    seconds: float = 0.0


GOOD = Fate()


@dataclass(slots=True)
class Exchange:
    """One request as the proxy saw it."""

    number: int
    """From 1, over all connections."""
    line: str
    """Its first line."""
    fate: Fate
    whole: bool = False
    """Whether all of it came from the client."""
    texts: frozenset[Text] = frozenset()
    """What an order asks for."""
    handed_on: int = 0
    """How often all of it was given to the service."""
    status: int | None = None
    """Of the answer, if the client was given all of it."""

    @property
    def billable(self) -> bool:
        """Whether it is an order."""
        return is_order(self.line)


def is_order(line: str) -> bool:
    """Tell an order, which costs money, from everything else by its first line."""
    method, _, rest = line.partition(" ")
    path = rest.partition(" ")[0].partition("?")[0].rstrip("/").lower()
    return method == "POST" and path in {"/text/generate", "/text/generate/v2"}


@dataclass(slots=True)
class Books:
    """What went through, in the order in which it began."""

    exchanges: list[Exchange] = field(default_factory=list)
    refused: int = 0
    """Connections that were refused or reset at the door, so far as the proxy could see."""

    def orders(self) -> list[Exchange]:
        """List the orders."""
        return [one for one in self.exchanges if one.billable]

    def sent_again(self) -> list[str]:
        """List what the client sent a second time without having been told no: the breach of its promise.

        A no is a 4xx that says so (408 and 409 do not). What did not reach the proxy whole cannot have taken effect.
        """
        sent: dict[Text, int] = {}
        found = []
        for one in self.orders():
            found += [f"{text} in {sent[text]} and again in {one.number}" for text in one.texts if text in sent]
            if one.whole and one.status not in _NO:
                sent.update(dict.fromkeys(one.texts, one.number))
        return found

    def doubled(self) -> dict[Text, int]:
        """Count, for each text, the deliveries that the proxy added of its own."""
        extra: dict[Text, int] = {}
        for one in self.orders():
            for text in one.texts if one.handed_on > 1 else ():
                extra[text] = extra.get(text, 0) + one.handed_on - 1
        return extra
