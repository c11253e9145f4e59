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

from functools import cached_property
from typing import TYPE_CHECKING

from sync.model import Action, Kind, normal, same
from sync.verdict import EMPTY_HERE, Verdict

if TYPE_CHECKING:
    from sync.model import Base, Memory, RecordKey, RemoteText, TextKey

_KINDS = {Action.PUSH: Kind.PUSH, Action.REVIEW: Kind.REVIEW, Action.PUBLISH: Kind.PUBLISH}
_MARKED = {Kind.REVIEW: "reviewed", Kind.PUBLISH: "published"}

PUSHING = frozenset(_KINDS)
"""The Actions that this module decides."""
PUSHES = frozenset(_KINDS.values())
"""What comes of them."""


class Doubts:
    """Whether an edit is one: an older copy of the workbook, or a column sorted by itself, looks just like it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def look(self, key: TextKey, verdict: Verdict) -> Verdict:
        """Give the verdict, or a conflict where the words have stood here before, or belong to another record."""
        words = normal(verdict.now)
        if words == normal(verdict.instead_of or ""):
            return verdict
        if any(words == normal(one) for one in self._memory.earlier(key)):
            return _doubted(
                verdict,
                "it stood here before, as in an older copy of the workbook; choose Push to send it all the same",
            )
        owners = self._owners.get((key.text_type, words), set()) - {key.record}
        if owners:
            owner = min(owners).record_id
            return _doubted(
                verdict,
                f"it is the text of record {owner}: was the column sorted by itself? Choose Push if it is meant so",
            )
        return verdict

    @cached_property
    def _owners(self) -> dict[tuple[str, str], set[RecordKey]]:
        owners: dict[tuple[str, str], set[RecordKey]] = {}
        for key, base in self._memory.bases.items():
            owners.setdefault((key.text_type, normal(base.value)), set()).add(key.record)
        return owners


def _doubted(verdict: Verdict, reason: str) -> Verdict:
    return Verdict(Kind.CONFLICT, f"{reason}, or Pull to take the service's", verdict.instead_of or "", verdict.text_id)


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
