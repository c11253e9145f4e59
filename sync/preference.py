"""Settles texts in conflict for one side, where the user said so: as if their Action were Push, or Pull. Pure.

Never by default, and nothing but conflicts. Two of these stay what they are: an edit that may be none (an older copy of
the workbook, a column sorted by itself) is not sent on a general word, and a text that waits in the journal is written
first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.diff import diff
from sync.model import Action, Kind, Side, same
from sync.packing import gathered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sync.model import Change, Memory, Policies, PriceList, Record, RecordKey, RemoteState, TextKey

_ACTIONS = {Side.WORKBOOK: Action.PUSH, Side.SERVICE: Action.PULL}
_SETTLED = {Side.WORKBOOK: Kind.PUSH, Side.SERVICE: Kind.PULL}
_REASONS = {
    Side.WORKBOOK: "in conflict, and you prefer the workbook's text",
    Side.SERVICE: "in conflict, and you prefer the service's text",
}


def preferred(
    changes: Sequence[Change],
    records: Iterable[Record],
    remote: RemoteState,
    memory: Memory,
    policies: Policies,
    prices: PriceList,
    side_of: Callable[[TextKey], Side | None],
) -> Sequence[Change]:
    """Give the changes, in their order, with each conflict settled for the side that `side_of` names; None: none."""
    wishes: dict[tuple[RecordKey, Side], list[Change]] = {}
    for change in changes:
        side = side_of(change.key) if change.kind is Kind.CONFLICT else None
        if side is not None and change.key not in memory.waiting and not _is_doubted(change, side, memory):
            wishes.setdefault((change.key.record, side), []).append(change)
    concerned = {key for key, _ in wishes}
    by_key = {record.key: record for record in records if record.key in concerned} if concerned else {}
    settled: dict[TextKey, Change] = {}
    for (key, side), found in wishes.items():
        wanted = {change.key.text_type for change in found}
        row = by_key[key]
        row = replace(row, action=_ACTIONS[side], wanted=tuple(one for one in row.wanted if one.text_type in wanted))
        decided = diff([row], remote, memory, policies, prices, _digests(found))
        settled |= {one.key: one._replace(reason=_REASONS[side]) for one in decided if one.kind is _SETTLED[side]}
    return gathered(settled.get(change.key, change) for change in changes) if settled else changes


def _is_doubted(change: Change, side: Side, memory: Memory) -> bool:
    """Tell whether only the workbook has moved, so that it is a conflict because the edit may be an accident."""
    base = memory.bases.get(change.key)
    return side is Side.WORKBOOK and base is not None and same(change.now, base.value)


def _digests(found: Sequence[Change]) -> Callable[[Record], Mapping[str, str]]:
    digests = {change.key.text_type: change.input_digest for change in found}
    return lambda _: digests
