"""Decides what a run sends back to the service: edits, and the marks "reviewed" and "published". Pure.

W is the cell, R the service's current text, B the base.

    Action    W = R        W not R, R = B   W not R, R not B, or no B
    --------  -----------  ---------------  -------------------------
    (blank)   nothing      push             conflict
    Push      agree        push             push: the user has decided
    Review    mark         push and mark    conflict
    Publish   mark         push and mark    conflict

An empty cell sends nothing, and where the service has no text there is none to take the place of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import Action, Kind, normal, same
from sync.verdict import EMPTY_HERE, Verdict

if TYPE_CHECKING:
    from sync.model import Base, RemoteText

_KINDS = {Action.PUSH: Kind.PUSH, Action.REVIEW: Kind.REVIEW, Action.PUBLISH: Kind.PUBLISH}
_MARKED = {Kind.REVIEW: "reviewed", Kind.PUBLISH: "published"}

PUSHING = frozenset(_KINDS)
"""The Actions that this module decides."""


def push(cell: str, theirs: RemoteText, reason: str, kind: Kind = Kind.PUSH) -> Verdict:
    """Send the cell's text: both sides are told, what the service has and what it will have."""
    return Verdict(kind, reason, cell, theirs.text_id, instead_of=theirs.value)


def pushed(action: Action, cell: str, theirs: RemoteText | None, base: Base | None) -> Verdict:
    """Decide one text of a row whose Action is one of `PUSHING`."""
    kind = _KINDS[action]
    if not normal(cell):
        return Verdict(Kind.LEFT, f"the Action says {action}, but the cell is empty; empty the Action to have it made")
    if theirs is None:
        return Verdict(
            Kind.PROTECTED, f"the Action says {action}, but the service has no such text to take the place of"
        )
    if not normal(theirs.value):
        return Verdict(Kind.LEFT, EMPTY_HERE, text_id=theirs.text_id)
    moved = not same(cell, theirs.value) and (base is None or not same(theirs.value, base.value))
    if moved and kind is not Kind.PUSH:
        return Verdict(
            Kind.CONFLICT,
            f"the service has another text, so that nothing is marked {_MARKED[kind]}; choose Push or Pull first",
            theirs.value,
            theirs.text_id,
        )
    return push(cell, theirs, f"the Action says {action}", kind)
