"""What the result columns of a row say. Pure: from the journal's latest word about each text to one line a record."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.batch import ItemState, Outcome
from sync.model import Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sync.model import RecordKey, TextKey

_NO_CONFLICTS: Mapping[RecordKey, str] = MappingProxyType({})

SIMULATED = "Made by the simulator: not for the shop."


@dataclass(frozen=True, slots=True)
class RowResult:
    """The result columns of one record, named as the layout's fields; `credits` is None where none were spent."""

    status: str
    message: str
    updated: str
    credits: float | None


def row_results(
    outcomes: Mapping[TextKey, Outcome],
    *,
    simulated: bool,
    outdated: Collection[TextKey] = (),
    conflicts: Mapping[RecordKey, str] = _NO_CONFLICTS,
) -> dict[RecordKey, RowResult]:
    """Sum up each record's texts, as `each_row` does, in any order."""
    in_order = sorted(outcomes.items(), key=lambda one: one[0].record)
    return dict(each_row(in_order, simulated=simulated, outdated=outdated, conflicts=conflicts))


def each_row(
    outcomes: Iterable[tuple[TextKey, Outcome]],
    *,
    simulated: bool,
    outdated: Collection[TextKey] = (),
    conflicts: Mapping[RecordKey, str] = _NO_CONFLICTS,
) -> Iterator[tuple[RecordKey, RowResult]]:
    """Sum up each record's texts: the worst thing first, because that is what somebody has to look at.

    The texts of a record come one after another. `outdated` are texts that were ordered before their product changed;
    `conflicts` says of records with texts in conflict which these are.
    """
    older: dict[RecordKey, list[str]] = {}
    for key in outdated:
        older.setdefault(key.record, []).append(key.text_type)
    known: dict[RowResult, RowResult] = {}  # the same is said of most rows
    for record, of_record in groupby(outcomes, key=lambda one: one[0].record):
        texts = {key.text_type: outcome for key, outcome in of_record}
        result = _sum_up(texts, sorted(older.get(record, ())), conflicts.get(record, ""), simulated=simulated)
        yield record, known.setdefault(result, result)


def _sum_up(texts: Mapping[str, Outcome], older: list[str], conflict: str, *, simulated: bool) -> RowResult:
    status, message = _worst(texts)
    if conflict and status in _SETTLED:
        status, message = CONFLICT, conflict
    elif conflict:
        message = f"{message} {conflict}"
    if older:
        message = (
            f"{message} {_names(older)}: ordered before the product was changed; Regenerate makes it anew.".strip()
        )
    if simulated and any(outcome.delivery for outcome in texts.values()):
        message = f"{message} {SIMULATED}".strip()
    spent = sum(outcome.credits for outcome in texts.values())
    newest = max(outcome.at for outcome in texts.values())
    return RowResult(
        status=status,
        message=message,
        updated=time.strftime("%Y-%m-%d %H:%M", time.gmtime(newest)),
        credits=spent or None,
    )


_ITEM_WORDS = (
    (ItemState.UNKNOWN, "Unknown"),
    (ItemState.FAILED, "Failed"),
    (ItemState.EMPTY, "Failed"),
    (ItemState.OPEN, "Being made"),
    (ItemState.CANCELLED, "Stopped"),
    (ItemState.NOT_SENT, "Not sent"),
    (ItemState.RESENT, "Not sent"),
    (ItemState.LOST, "Stopped"),
)


CONFLICT = "Conflict"
"""The Status of a row of which a text is in conflict, and nothing worse is to be said."""

_ORIGIN_WORDS: Mapping[str, str] = {
    Origin.PULLED: "Fetched",
    Origin.PUSHED: "Sent back",
    Origin.REVIEWED: "Reviewed",
    Origin.PUBLISHED: "Published",
    Origin.ARCHIVED: "Archived",
    Origin.UNDONE: "Undone",
}


_SETTLED = frozenset({"Done", "Yours kept", *_ORIGIN_WORDS.values()})
"""What a row says of itself when nothing is open in it."""


def _worst(texts: Mapping[str, Outcome]) -> tuple[str, str]:
    for state, word in _ITEM_WORDS:
        hit = {name: outcome for name, outcome in texts.items() if outcome.item is state}
        if hit:
            return word, _listed(hit)
    kept = [name for name, outcome in texts.items() if outcome.delivery == "kept"]
    if kept:
        return "Yours kept", f"{_names(kept)}: you wrote there meanwhile, so the new text was left out. Pull takes it."
    latest = max(texts.values(), key=lambda outcome: outcome.at)
    if latest.delivery == Origin.UNDONE:
        return _ORIGIN_WORDS[Origin.UNDONE], ""
    newest = latest.origin
    if newest == Origin.PULLED and any(outcome.origin != Origin.PULLED for outcome in texts.values()):
        return "Done", ""
    return _ORIGIN_WORDS.get(newest, "Done"), ""


def _listed(texts: Mapping[str, Outcome]) -> str:
    """Say which texts, and why; the reason once where it is the same for all."""
    reasons: dict[str, list[str]] = {}
    for name, outcome in texts.items():
        reasons.setdefault(outcome.reason, []).append(name)
    parts = [f"{_names(names)}: {reason}" if reason else _names(names) for reason, names in reasons.items()]
    return "; ".join(parts) + "."


def _names(names: list[str]) -> str:
    return ", ".join(names).capitalize()
