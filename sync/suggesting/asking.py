"""What the service is asked to suggest, what is made of its answers, and what it is told of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sync.model import IMAGE, Action, Fate, Idea
from sync.sheets.values import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sync.model import Record, RecordKey, Suggested

Question: TypeAlias = "tuple[RecordKey, Idea]"
LOOKED_AT = 25
"""Answers after which the balance is looked at again: the service may book late, or change its mind."""
_LONGEST = 200
"""Characters of a suggestion; nothing that is longer is an audience or a keyword."""


def questions(
    records: Iterable[Record], ideas: Collection[Idea], asked: Mapping[Question, bool], *, again: bool = False
) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Give what is to be asked for, and what nobody can say about: it was asked for, and no answer came.

    With `again` that is asked for once more. Left out are images, rows to be skipped, rows without a name, and
    the audiences of a record that imitates another: they come from there.
    """
    wanted = [
        (record.key, idea)
        for record in records
        if record.key.type != IMAGE and record.action is not Action.SKIP and record.inputs.name
        for idea in Idea
        if idea in ideas and not (idea is Idea.AUDIENCE and record.inputs.reference_record)
    ]
    unsure = () if again else tuple(one for one in wanted if asked.get(one) is False)
    left_out = {one for one in wanted if asked.get(one, False) or (one in asked and not again)}
    return tuple(one for one in wanted if one not in left_out), unsure


def heard(values: Iterable[str], idea: Idea, record: Record) -> tuple[str, ...]:
    """Bring what the service suggests into one line each; what the record has already is left out."""
    known = {fold(record.inputs.name), *map(fold, record.inputs.keywords)} if idea is Idea.SEMANTIC else set()
    found: dict[str, str] = {}
    for value in values:
        line = " ".join("".join(char if char.isprintable() else " " for char in value).split())
        if line and len(line) <= _LONGEST and fold(line) not in known:
            found.setdefault(fold(line), line)
    return tuple(found.values())


def chosen(known: Iterable[Suggested], fresh: Iterable[Suggested]) -> dict[Question, tuple[str, ...]]:
    """Give what the service is to be told: of each record and kind all that is accepted, what is `fresh` last."""
    new = [one for one in fresh if one.fate is Fate.ACCEPTED]
    found: dict[Question, dict[str, None]] = {(one.record, one.idea): {} for one in new}
    for one in (*(one for one in known if one.fate is Fate.ACCEPTED), *new):
        if (one.record, one.idea) in found:
            found[one.record, one.idea][one.value] = None
    return {question: tuple(values) for question, values in found.items()}


def still_chosen(
    untold: Mapping[Question, Iterable[str]], known: Iterable[Suggested]
) -> dict[Question, tuple[str, ...]]:
    """Give what the service was to be told, less what did not become of it: then there is nothing to tell."""
    accepted = {(one.record, one.idea, one.value) for one in known if one.fate is Fate.ACCEPTED}
    left = {
        (key, idea): tuple(value for value in values if (key, idea, value) in accepted)
        for (key, idea), values in untold.items()
    }
    return {question: values for question, values in left.items() if values}
