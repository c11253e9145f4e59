"""Puts the changes in order, adds them up, and refuses to be reckless.

Pure. The plan is what is shown before anything is sent; the guards judge the plan, never the moment.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from sync.counts import counted
from sync.estimate import shared, total
from sync.model import DOING, SENT_BACK, Kind, Origin, Plan, Spending, normal, same
from sync.packing import Packed, gathered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sync.model import Balance, Base, Change, Policies, RecordKey, TextKey

MANY_TEXTS = 10
"""Texts written by people that one plan may replace without being asked about it."""
LARGE_SHARE = 0.3
"""The same as a share of all texts that people wrote."""
SEARCHED = "a search for its keywords has come before, of which nothing was known when this was written down"
"""Why keywords are not looked for as somebody has agreed to."""
_NOTHING = Spending()
_ORDERED = frozenset({Kind.GENERATE, Kind.KEYWORDS})


@dataclass(frozen=True, slots=True)
class Guard:
    """A reason not to carry out a plan, and the flag that says: do it all the same."""

    name: str
    message: str
    flag: str


def make(changes: Iterable[Change], balance: Balance | None) -> Plan:
    """Make the plan: what to do in the order of the workbook, what to note, and the price of it."""
    changes = gathered(changes)
    counts = Counter(change.kind for change in changes)
    doing = gathered(shared(_of(changes, counts, DOING)))
    if counts[Kind.ARCHIVE]:
        along = taken_along(doing, (change.key.record for change in changes))
        doing = gathered(_with_company(change, along) for change in doing) if along else doing
    else:
        along = frozenset()
    return Plan(
        changes=doing,
        notes=_of(changes, counts, frozenset(Kind) - DOING - {Kind.ADOPT, Kind.UNCHANGED, Kind.SKIPPED}),
        adopted=_of(changes, counts, frozenset({Kind.ADOPT})),
        counts={kind.value: count for kind, count in sorted(counts.items())},
        estimate=total(change.price for change in doing),
        balance=balance,
        records=_sent(doing),
        digest=_digest(doing),
        taken_along=along,
    )


def _of(changes: Sequence[Change], counts: Mapping[Kind, int], kinds: Collection[Kind]) -> Sequence[Change]:
    """Pick the changes of some kinds; where that is all of them, they are not held twice."""
    count = sum(counts[kind] for kind in kinds)
    if not count:
        return ()
    return changes if count == len(changes) else gathered(change for change in changes if change.kind in kinds)


def _sent(changes: Iterable[Change]) -> int:
    """Count the records that are sent; an image counts as the product that it shows."""
    records, shown = set(), set()
    for change in changes:
        key = change.key.record
        if change.together is not None:
            shown.add((key.store, change.together.shows, key.language))
        elif change.kind in _ORDERED:
            records.add(key)
    alone = shown - {(key.store, key.record_id, key.language) for key in records} if shown else ()
    return len(records) + len(alone)


def taken_along(changes: Iterable[Change], others: Iterable[RecordKey]) -> frozenset[RecordKey]:
    """Pick from other records those that go with the ones to be archived: the service goes by their ids alone."""
    archived = {change.key.record for change in changes if change.kind is Kind.ARCHIVE}
    ids = {(key.type, key.record_id) for key in archived}
    return frozenset(key for key in others if ids and (key.type, key.record_id) in ids) - archived


def _with_company(change: Change, along: Collection[RecordKey]) -> Change:
    """Name with a record that is archived the others of the workbook that go with it."""
    if change.kind is not Kind.ARCHIVE:
        return change
    own = change.key.record
    others = sorted(f"{key.store} ({key.language})" for key in along if key[1:3] == own[1:3])
    return change._replace(reason=f"{change.reason}; here also {', '.join(others)}") if others else change


_encode = json.JSONEncoder(ensure_ascii=False).encode  # made once: json.dumps makes one for each text


def _digest(changes: Sequence[Change]) -> str:
    """Hash what the plan would do, so that the same plan is known again. Row numbers and reasons do not count."""
    sha = hashlib.sha256()
    for change in _in_order(changes):
        key = change.key
        told = [*_flat(key), change.kind.value, change.was, change.now, change.text_id, change.input_digest]
        told += ["rewrite"] if change.rewrite else []
        told += ["reference", change.reference] if change.reference else []
        sha.update(_encode(told).encode("utf-8", "surrogatepass"))
    return sha.hexdigest()


_KEY, _RECORD = attrgetter("key"), attrgetter("key.record")


def _in_order(changes: Sequence[Change]) -> Iterable[Change]:
    """Give the changes by their keys."""
    if not isinstance(changes, Packed):
        return sorted(changes, key=_KEY)
    if all(one <= later for one, later in pairwise(change.key.record for change in changes)):  # as ids often stand
        return chain.from_iterable(sorted(its, key=_KEY) for _, its in groupby(changes, key=_RECORD))
    return _by_record(changes)


def _by_record(changes: Sequence[Change]) -> Iterator[Change]:
    """Sort changes by their keys, but no more of them than their places at a time: those of a record stand together."""
    runs: list[tuple[RecordKey, int]] = []
    for at, change in enumerate(changes):
        if not runs or runs[-1][0] != change.key.record:
            runs.append((change.key.record, at))
    ends = dict(pairwise([*map(itemgetter(1), runs), len(changes)]))
    runs.sort()
    for _, its in groupby(runs, key=itemgetter(0)):  # a second run of a record holds its keywords
        of_record = (changes[at] for _, start in its for at in range(start, ends[start]))
        yield from sorted(of_record, key=_KEY)


def _flat(key: TextKey) -> tuple[str, ...]:
    record = key.record
    return (record.store, record.type, record.record_id, record.language, key.text_type)


def _figure(value: float) -> str:
    return f"{value:,.10g}"


def overwritten(changes: Iterable[Change], bases: Mapping[TextKey, Base]) -> tuple[Change, ...]:
    """Pick the changes that would replace words a person wrote: a filled cell that is not what was last agreed on.

    Of what is sent back it is the service's text that is replaced, and the same rule says whose words these are. What
    a person wrote here and sent back stays hers: the service has another text now, so the cell is the last to have it.

    A cell that holds just what the service holds (a change to generate with a text id) is nobody's own words.

    A text that is waiting in the journal (`deliver`) was approved when it was ordered.
    """
    return tuple(
        change
        for change in changes
        if (
            change.kind is Kind.PULL
            or (change.kind is Kind.GENERATE and not change.text_id)
            or (change.kind in SENT_BACK and change.kind is not Kind.ARCHIVE and not same(change.was, change.now))
        )
        and normal(change.was)
        and _is_a_persons(change, bases.get(change.key))
    )


def _is_a_persons(change: Change, base: Base | None) -> bool:
    """Tell whether a text that is to be replaced is not what was agreed on, or was agreed on as a person's words."""
    if base is None or not same(change.was, base.value):
        return True
    return base.origin is Origin.PUSHED and change.kind not in SENT_BACK


def guards(
    plan: Plan, bases: Mapping[TextKey, Base], policies: Policies, spending: Spending = _NOTHING
) -> tuple[Guard, ...]:
    """Judge the plan. An empty answer means that nothing stands against carrying it out."""
    found = []
    replacing = overwritten(plan.changes, bases)
    replaced, replaced_there = len(replacing), sum(change.kind in SENT_BACK for change in replacing)
    left = sum(plan.counts.get(kind, 0) for kind in (Kind.PROTECTED, Kind.EDITED, Kind.CONFLICT))
    sent = sum(change.kind in SENT_BACK and not same(change.was, change.now) for change in plan.changes)
    people = left + sent + replaced - replaced_there
    where = "here and on the service" if replaced_there else "in this workbook"
    if replaced > MANY_TEXTS or replaced > LARGE_SHARE * people:
        found.append(
            Guard(
                "overwrite",
                f"it would replace {replaced} of the {people} texts {where} that are not as wtsync left them",
                "--overwrite",
            )
        )
    archived = len({change.key.record for change in plan.of(Kind.ARCHIVE)})
    if archived:
        found.append(
            Guard(
                "archive",
                f"it would archive {counted(archived, 'record')} on the service"
                f"{_along(len(plan.taken_along))}, and nobody knows how to undo that",
                "--archive",
            )
        )
    again = sum(bool(change.text_id) for change in plan.of(Kind.KEYWORDS))
    if again:
        found.append(
            Guard(
                "keywords",
                f"it would pay again for the keywords of {counted(again, 'record')} that the service has found already",
                "--keywords-again",
            )
        )
    found += _too_dear(plan, policies, spending)
    if policies.most_records is not None and plan.records > policies.most_records:
        found.append(
            Guard(
                "records",
                f"it would send {counted(plan.records, 'record')}, and the limit is {_figure(policies.most_records)}",
                "--over-records",
            )
        )
    return tuple(found)


def _along(records: int) -> str:
    if not records:
        return ""
    return f" and {_figure(records)} more that have the same id in another store or language"


def _too_dear(plan: Plan, policies: Policies, spending: Spending) -> Iterator[Guard]:
    """Hold the price against the budgets and the balance. What costs nothing is never too dear."""
    price = plan.estimate.max
    if not price:
        return
    costs = f"it may cost {_figure(price)} credits"
    reserved = f"{_figure(spending.reserved)} are reserved for what is under way"
    if policies.budget is not None and price > policies.budget:
        yield Guard("budget", f"{costs}, and the budget is {_figure(policies.budget)}", "--over-budget")
    month = policies.budget_month
    if month is not None and price + spending.month + spending.reserved > month:
        spent = f"{_figure(spending.month)} were spent this month"
        also = f", {reserved}" if spending.reserved else ""
        yield Guard("month", f"{costs}; {spent}{also}, and the budget per month is {_figure(month)}", "--over-month")
    if plan.balance is not None and price > plan.balance.available - spending.reserved:
        also = f", of which {reserved}" if spending.reserved else ""
        yield Guard(
            "balance", f"{costs}, and the account has {_figure(plan.balance.available)}{also}", "--over-balance"
        )
