"""What stands on the sheet, and what is about to be done, in words and as data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sync.counts import counted, number
from sync.model import Fate, Idea
from sync.report.plan_text import record_data
from sync.suggesting.asking import LOOKED_AT
from sync.suggesting.shelf import holds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sync.model import Suggested
    from sync.suggesting.asking import Question
    from sync.suggesting.decisions import Decided
    from sync.suggesting.shelf import Shelf

_SHOWN = 20


def overview(known: Sequence[Suggested], shelf: Shelf) -> Iterator[str]:
    """Say how much is suggested, and how much of it nobody has decided on yet."""
    if not known:
        yield "Nothing has been suggested yet."
        return
    fates = Counter(one.fate for one in known)
    still = sum(one.fate is Fate.OPEN and not _is_there(one, shelf) for one in known)
    said = [f"{number(still)} to decide on", *(f"{number(fates[one])} {one}" for one in Fate if one and fates[one])]
    yield f"{counted(len(known), 'suggestion')}: {', '.join(said)}."


def _is_there(one: Suggested, shelf: Shelf) -> bool:
    goes = shelf.field_of(one.idea, one.value)
    return holds(shelf.cells.get((one.record, goes), ""), one.value, goes)


def decided_lines(decided: Decided) -> Iterator[str]:
    """List what is about to be carried out, each with its cell and what it does, and what needs nothing."""
    if decided.decisions:
        yield f"To carry out: {counted(len(decided.decisions), 'decision')}"
    yield from (f"  {one}" for one in decided.decisions[:_SHOWN])
    if len(decided.decisions) > _SHOWN:
        yield f"  and {number(len(decided.decisions) - _SHOWN)} more"
    yield from (f"  {at}  needs nothing: {why}" for at, _, why in decided.already[:_SHOWN])


def _of_records(questions: Collection[Question]) -> str:
    """Name what is asked or told, each idea with the number of its records."""
    counts = Counter(idea for _, idea in questions)
    return " and ".join(f"the {idea}s of {counted(counts[idea], 'record')}" for idea in Idea if counts[idea])


def telling_lines(to_tell: Mapping[Question, Sequence[str]]) -> Iterator[str]:
    """Say what the service is to be told once the workbook is written."""
    if to_tell:
        yield f"To tell the service once it is written: which were chosen as {_of_records(to_tell)}."
        yield "  It gets the words, with type, shop, id and name of the record. It costs nothing, as far as is known."


def asking_lines(asking: Sequence[Question], unsure: Sequence[Question]) -> Iterator[str]:
    """Say what the service is to be asked for, and what is left out because nobody knows whether it was."""
    if asking:
        yield f"To ask for: {_of_records(asking)}, {counted(len(asking), 'question')}."
        yield "  What a question costs is not published; it may be nothing. The balance is looked at after the first"
        yield f"  answer of each kind and after every {LOOKED_AT}: if it has fallen, you are asked again (--pay)."
    if unsure:
        yield f"{counted(len(unsure), 'question')} went out before, and no answer came: --again asks once more."


def suggested_data(one: Suggested, shelf: Shelf) -> Mapping[str, Any]:
    """Give one suggestion as plain data."""
    return {
        **record_data(one.record),
        "kind": one.idea.value,
        "suggestion": one.value,
        "state": one.fate.value,
        "inItsCell": _is_there(one, shelf),
    }
