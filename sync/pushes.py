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

from typing import TYPE_CHECKING, TypeAlias

from sync.model import Action, Kind, normal, same
from sync.verdict import EMPTY_HERE, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sync.model import Base, Change, Memory, RecordKey, RemoteText

_KINDS = {Action.PUSH: Kind.PUSH, Action.REVIEW: Kind.REVIEW, Action.PUBLISH: Kind.PUBLISH}
_MARKED = {Kind.REVIEW: "reviewed", Kind.PUBLISH: "published"}

PUSHING = frozenset(_KINDS)
"""The Actions that this module decides."""
PUSHES = frozenset(_KINDS.values())
"""What comes of them."""


def doubted(edits: Sequence[Change], memory: Memory) -> list[Change]:
    """Give each edit that would be sent back, or a conflict where it may be none.

    An older copy of the workbook, or a column sorted by itself, looks just like edits: the words have stood here
    before, or they are what was agreed on for another record.
    """
    words = [normal(one.now) for one in edits]
    owners = _owners({(one.key.text_type, said) for one, said in zip(edits, words, strict=True)}, memory)
    return [_doubt(one, said, owners, memory) for one, said in zip(edits, words, strict=True)]


_Owners: TypeAlias = "dict[tuple[str, str], set[RecordKey]]"


def _owners(wanted: Collection[tuple[str, str]], memory: Memory) -> _Owners:
    """Find the records for which such words are agreed on, by text type and words."""
    owners: _Owners = {}
    for key, base in memory.bases.items() if wanted else ():
        said = (key.text_type, normal(base.value))
        if said in wanted:
            owners.setdefault(said, set()).add(key.record)
    return owners


def _doubt(edit: Change, words: str, owners: _Owners, memory: Memory) -> Change:
    if words == normal(edit.was):
        return edit
    if any(words == normal(one) for one in memory.earlier(edit.key)):
        if edit.key in memory.undone:
            return _conflict(edit, "an undo put it back here, and not on the service; choose Push to send it there too")
        return _conflict(
            edit, "it stood here before, as in an older copy of the workbook; choose Push to send it all the same"
        )
    others = owners.get((edit.key.text_type, words), set()) - {edit.key.record}
    if others:
        owner = min(others).record_id
        return _conflict(
            edit, f"it is the text of record {owner}: was the column sorted by itself? Choose Push if it is meant so"
        )
    return edit


def _conflict(edit: Change, reason: str) -> Change:
    """Turn an edit round: the cell is what stands, the service's text what could stand there."""
    return edit._replace(
        kind=Kind.CONFLICT, reason=f"{reason}, or Pull to take the service's", was=edit.now, now=edit.was
    )


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
