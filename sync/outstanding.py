"""Decides about what has been ordered already: it is followed, delivered or fetched, never ordered again. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import Action, Kind, Origin, normal, same
from sync.pushes import pushed
from sync.verdict import EMPTY_HERE, EMPTY_TEXT, Verdict

if TYPE_CHECKING:
    from sync.model import Base, Delivery, Memory, Record, RemoteState, RemoteText, TextKey


def under_way(record: Record, key: TextKey, remote: RemoteState, memory: Memory) -> Verdict | None:
    """See to what has been sent already: it is followed, whatever the Action says, because it is being paid for."""
    if key in memory.unknown:
        return Verdict(Kind.UNKNOWN, f"nobody can say whether the service has it (batch {memory.unknown[key]})")
    if key in memory.open:
        return Verdict(Kind.FOLLOW, f"it has been sent and is being made (batch {memory.open[key]})")
    if record.key in remote.active:
        cell, base = record.texts.get(key.text_type, ""), memory.bases.get(key)
        return Verdict(
            Kind.FOLLOW,
            "the service is working on this record already",
            text_id=_agreed(cell, remote.texts.get(key), base),
            request_id=remote.active[record.key],
            instead_of=cell if _replaceable(record.action, cell, base) else "",
        )
    return None


def _replaceable(action: Action, cell: str, base: Base | None) -> bool:
    """Tell whether a text that somebody else ordered may take a cell's place: not that of a person's own words.

    Generate gives no words up: it is for what is empty.
    """
    wished = action in {Action.REGENERATE, Action.REWRITE, Action.PULL}
    return wished or (base is not None and base.origin is not Origin.PUSHED and same(cell, base.value))


def _agreed(cell: str, theirs: RemoteText | None, base: Base | None) -> str:
    """Give the id of the text that the workbook has already, so that whatever is newer counts as new."""
    if theirs is not None and normal(cell) and same(cell, theirs.value):
        return theirs.text_id
    return base.text_id if base is not None else ""


def delivered(cell: str, waiting: Delivery) -> Verdict:
    """Bring a text that an interrupted run left in the journal, unless somebody filled the cell meanwhile."""
    if waiting.origin is Origin.NOTHING:
        return Verdict(Kind.LEFT, EMPTY_HERE if normal(cell) else EMPTY_TEXT, text_id=waiting.text_id)
    if same(cell, waiting.value):
        return Verdict(Kind.ADOPT, "it is in the workbook already", text_id=waiting.text_id)
    if normal(cell) and not same(cell, waiting.was):
        return Verdict(
            Kind.CONFLICT,
            "you changed the cell after its text was ordered; choose Pull to take that one, or Push to send yours",
            waiting.value,
            waiting.text_id,
        )
    return Verdict(Kind.DELIVER, "it was made earlier and is not in the workbook yet", waiting.value, waiting.text_id)


def chosen(action: Action, cell: str, theirs: RemoteText | None, base: Base | None, waiting: Verdict) -> Verdict:
    """Settle a conflict with a text that waits as the Action says; it is paid for, so all else stays as it is."""
    if waiting.kind is not Kind.CONFLICT:
        return waiting
    if action is Action.PULL:
        return Verdict(Kind.PULL, "the Action says Pull", waiting.now, waiting.text_id)
    mine = pushed(action, cell, theirs, base) if action is Action.PUSH else waiting
    return mine if mine.kind is Kind.PUSH else waiting


def is_unaccounted(memory: Memory, base: Base | None, theirs: RemoteText | None) -> bool:
    """Tell whether the service's text may have been ordered from this workbook without this journal knowing of it."""
    if base is None:
        return memory.forgotten or memory.shared
    return memory.shared and theirs is not None and theirs.text_id != base.text_id


def may_be_the_wish(action: Action, cell: str, theirs: RemoteText) -> bool:
    """Tell whether a text that the workbook has not may be what its row asks for, made before the journal was lost."""
    wished = action in {Action.REGENERATE, Action.REWRITE} or (action is Action.GENERATE and not normal(cell))
    return wished and bool(normal(theirs.value)) and not same(cell, theirs.value)
