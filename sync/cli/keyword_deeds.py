"""Carries out on the service what was decided on the sheets. Each of the calls may be made again without harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.errors import NotSignedIn, Unreachable, WtsyncError
from sync.keyword_sheets.asked import Verb
from sync.model import Trigger
from sync.sheets.values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.keyword_sheets.asked import Decision
    from sync.service.keywords import Keywords

IN_WORKBOOK = frozenset({Verb.USE, Verb.DROP})
"""What only changes a cell on Records: it is done when the workbook is written."""

ACTIONS = {Verb.TRIGGER: "FlagForRewrite", Verb.AUTOMATIC: "Automatic"}
"""What the service calls them. Only the first is documented."""

_OF_RECORD = frozenset({Verb.ADD, Verb.REMOVE, Verb.SNAPSHOT})
"""What is done once for all that was decided about a record."""


class Deed(NamedTuple):
    """What came of one decision."""

    decision: Decision
    problem: str = ""
    """What went wrong; empty: the service said yes."""
    note: str = ""
    """What else there is to know."""


def carry_out(keywords: Keywords, decisions: Sequence[Decision], stopping: Callable[[], bool]) -> Iterator[Deed]:
    """Carry decisions out one after the other, and say of each what came of it.

    Those that only concern the workbook are left out. Once `stopping`, or when the service cannot be reached any more,
    the rest is left as it is, for the next time.
    """
    for together in _together(decisions):
        if stopping():
            return
        try:
            problem, note = _done(keywords, together)
        except (Unreachable, NotSignedIn) as error:
            yield from (Deed(one, _said(error)) for one in together)
            return
        except WtsyncError as error:
            problem, note = _said(error), ""
        yield from (Deed(one, problem, note) for one in together)


def _said(error: WtsyncError) -> str:
    return f"{error.message} {error.hint}".strip()


def _together(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """Put into one call what concerns a whole record; everything else is done by itself."""
    calls: dict[object, list[Decision]] = {}
    for one in decisions:
        if one.verb not in IN_WORKBOOK:
            calls.setdefault((one.record, one.verb) if one.verb in _OF_RECORD else one, []).append(one)
    return list(calls.values())


def _done(keywords: Keywords, together: Sequence[Decision]) -> tuple[str, str]:
    """Make the call; say what went wrong although the service said yes, and what else there is to know."""
    one = together[0]
    key, pipeline = one.record, one.subject
    match one.verb:
        case Verb.LOCK:
            keywords.lock(key, pipeline)
        case Verb.UNLOCK:
            keywords.unlock(key, pipeline)
        case Verb.DELETE:
            keywords.delete_pipeline(key, pipeline)
        case Verb.RESTORE:
            keywords.restore_pipeline(key, pipeline)
        case Verb.PUT_BACK:
            keywords.restore_pipeline(key, pipeline, snapshot_id=one.snapshot_id)
        case Verb.TRIGGER | Verb.AUTOMATIC:
            option, value, texts = one.trigger
            keywords.add_triggers(key, [Trigger(option, value, ACTIONS[one.verb], texts)], pipeline_id=pipeline)
        case Verb.SNAPSHOT:
            made = keywords.save_snapshot(key)
            return "", f"It is the snapshot {made}." if made else ""
        case Verb.ADD | Verb.REMOVE:
            return _type(keywords, one, [each.subject for each in together]), ""
        case _:
            return f"{one.verb} is nothing that the service does.", ""
    return "", ""


def _type(keywords: Keywords, one: Decision, words: Sequence[str]) -> str:
    """Give the service all keywords that are to be there, and look whether they are."""
    there = keywords.manual(one.record)
    folded = set(map(fold, there))
    adds = one.verb is Verb.ADD
    wanted = [*there, *(word for word in words if word not in folded)]
    if not adds:
        wanted = [word for word in there if fold(word) not in words]
    if wanted == list(there):
        return ""
    keywords.set_manual(one.record, wanted)
    now = set(map(fold, keywords.manual(one.record)))
    wrong = [word for word in words if (word in now) is not adds]
    return f"The service said yes, and still {'lacks' if adds else 'has'} {', '.join(wrong)}." if wrong else ""
