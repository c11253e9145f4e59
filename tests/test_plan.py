"""The plan: order, counts, digest, and the guards just below and just above their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.model import Balance, Change, Kind, Origin, Policies, Price, Spending
from sync.plan import LARGE_SHARE, MANY_TEXTS, guards, make, overwritten
from tests.nouns import base, change, text_key

if TYPE_CHECKING:
    from collections.abc import Sequence

MIXED = (
    change("A", row=2),
    change("B", Kind.PULL, row=3, now="theirs"),
    change("C", Kind.UNCHANGED, row=4),
    change("D", Kind.CONFLICT, row=5, was="mine", now="theirs"),
    change("E", Kind.ADOPT, row=6, was="same"),
    change("F", Kind.SKIPPED, row=7),
    change("G", Kind.FOLLOW, row=8),
    change("H", Kind.DELIVER, row=9, now="made"),
    change("A", row=2, text_type="excerpt", price=Price(2.0, 3.0)),
    change("I", Kind.UNKNOWN, row=10),
)


def ids(changes: Sequence[Change]) -> str:
    return "".join(one.key.record.record_id for one in changes)


def test_what_is_done_what_is_noted_and_what_is_agreed_stay_in_the_order_of_the_workbook() -> None:
    plan = make(MIXED, None)
    assert ids(plan.changes) == "ABGHA"
    assert ids(plan.notes) == "DI"
    assert ids(plan.adopted) == "E"


def test_a_plan_counts_its_texts_its_records_and_its_price() -> None:
    plan = make(MIXED, Balance(10.0))
    assert dict(plan.counts) == {
        "adopt": 1, "conflict": 1, "deliver": 1, "follow": 1, "generate": 2, "pull": 1, "skipped": 1, "unchanged": 1,
        "unknown": 1,
    }  # fmt: skip
    assert sum(plan.counts.values()) == len(MIXED)
    assert plan.records == 1, "only records that are sent"
    assert plan.estimate == Price(3.0, 4.0)
    assert plan.balance == Balance(10.0)


def test_a_plan_of_nothing_is_empty_and_free() -> None:
    plan = make([], None)
    assert (plan.changes, plan.notes, plan.adopted, dict(plan.counts), plan.records) == ((), (), (), {}, 0)
    assert plan.estimate == Price()
    assert guards(plan, {}, Policies(budget=0.0, most_records=0)) == ()


def test_the_same_plan_has_the_same_digest_wherever_its_rows_stand() -> None:
    moved = [one._replace(row=one.row + 7, reason="other words") for one in reversed(MIXED)]
    assert make(moved, Balance(1.0)).digest == make(MIXED, None).digest


@pytest.mark.parametrize(
    "changed",
    [
        change("A", row=2, was="something"),
        change("A", row=2, input_digest="other"),
        change("A", row=2, text_id="t2"),
        change("A", Kind.PULL, row=2),
        change("A", Kind.PULL, row=2, now="a text"),
        change("Z", row=2),
        change("A", row=2, text_type="page description"),
        change("A")._replace(key=text_key("A", language="de")),
        change("A")._replace(key=text_key("A", store="other")),
    ],
)
def test_every_change_that_matters_changes_the_digest(changed: Change) -> None:
    assert make([changed, *MIXED[1:]], None).digest != make(MIXED, None).digest


def test_one_change_more_or_less_changes_the_digest_and_a_note_does_not() -> None:
    digest = make(MIXED, None).digest
    assert make(MIXED[1:], None).digest != digest
    assert make([*MIXED, change("J")], None).digest != digest
    assert make([*MIXED, change("J", Kind.CONFLICT)], None).digest == digest


# ------------------------------------------------------------------------------- guards


def names(changes: list[Change], balance: float | None = None, **policies: float) -> list[str]:
    plan = make(changes, None if balance is None else Balance(balance))
    return [guard.name for guard in guards(plan, {}, Policies(**policies))]  # type: ignore[arg-type]  # by name


def replacing(count: int) -> list[Change]:
    return [change(f"R{n}", was="a person's words") for n in range(count)]


def protected(count: int) -> list[Change]:
    return [change(f"P{n}", Kind.PROTECTED, was="a person's words") for n in range(count)]


@pytest.mark.parametrize(
    ("replaced", "kept", "stops"),
    [(1, 0, True), (3, 7, False), (4, 6, True), (10, 90, False), (11, 900, True), (0, 5, False)],
)
def test_more_than_ten_texts_of_people_or_more_than_a_third_less_a_bit_are_not_replaced_unasked(
    replaced: int, kept: int, stops: bool
) -> None:
    assert (MANY_TEXTS, LARGE_SHARE) == (10, 0.3)
    found = names(replacing(replaced) + protected(kept))
    assert found == (["overwrite"] if stops else [])


@pytest.mark.parametrize("kind", [Kind.PROTECTED, Kind.EDITED, Kind.CONFLICT])
def test_texts_of_people_are_counted_wherever_they_are_left_alone(kind: Kind) -> None:
    left = [change(f"P{n}", kind, was="a person's words") for n in range(7)]
    assert names(replacing(3) + left) == []
    assert names(replacing(4) + left) == ["overwrite"]


@pytest.mark.parametrize(
    ("kind", "origin", "counts"),
    [
        (Kind.PULL, Origin.PUSHED, True),
        (Kind.GENERATE, Origin.PUSHED, True),
        (Kind.PULL, Origin.GENERATED, False),
        (Kind.GENERATE, Origin.PULLED, False),
        (Kind.PUSH, Origin.PUSHED, False),
    ],
)
def test_words_that_a_person_sent_back_are_hers_although_they_were_agreed_on(
    kind: Kind, origin: Origin, counts: bool
) -> None:
    one = change("A", kind, was="words", now="theirs")
    assert bool(overwritten([one], {one.key: base("words", origin=origin)})) is counts


@pytest.mark.parametrize(("limit", "stops"), [(3.0, True), (3.99, True), (4.0, False), (5.0, False)])
def test_the_budget_and_the_balance_are_held_against_the_highest_price(limit: float, stops: bool) -> None:
    ranged = [change("A", price=Price(2.0, 4.0))]
    assert names(ranged, budget=limit) == (["budget"] if stops else [])
    assert names(ranged, balance=limit) == (["balance"] if stops else [])


def test_archiving_says_how_many_records_of_the_same_id_go_with_it() -> None:
    german = change("A", Kind.UNCHANGED)._replace(key=text_key("A", language="de"))
    other = change("A", Kind.UNCHANGED)._replace(key=text_key("A", type="Category"))

    def said(*changes: Change) -> str:
        (guard,) = guards(make(changes, None), {}, Policies())
        return guard.message

    alone = "it would archive 1 record on the service, and nobody knows how to undo that"
    assert said(change("A", Kind.ARCHIVE), change("B", Kind.UNCHANGED), other) == alone
    assert "1 record on the service and 1 more that have the same id" in said(change("A", Kind.ARCHIVE), german)
    (archived,) = make((change("A", Kind.ARCHIVE), german, other), None).changes
    assert archived.reason.endswith("; here also shop (de)")
    (archived,) = make((change("A", Kind.ARCHIVE), other), None).changes
    assert "here also" not in archived.reason
    both = said(change("A", Kind.ARCHIVE), german._replace(kind=Kind.ARCHIVE))
    assert "2 records on the service, and" in both


@pytest.mark.parametrize(("limit", "stops"), [(1, True), (2, False), (3, False)])
def test_the_limit_of_records_counts_records_not_texts(limit: int, stops: bool) -> None:
    changes = [change("A"), change("A", text_type="excerpt"), change("B"), change("C", Kind.PULL, now="x")]
    assert names(changes, most_records=limit) == (["records"] if stops else [])


def test_every_guard_says_what_stands_against_it_and_which_flag_passes_it() -> None:
    plan = make(replacing(12), Balance(5.0))
    found = guards(plan, {}, Policies(budget=6.0, most_records=3))
    assert [(guard.name, guard.flag) for guard in found] == [
        ("overwrite", "--overwrite"), ("budget", "--over-budget"), ("balance", "--over-balance"),
        ("records", "--over-records"),
    ]  # fmt: skip
    assert "12 of the 12 texts" in found[0].message
    assert "12 credits" in found[1].message
    assert "6" in found[1].message
    assert "5" in found[2].message
    assert "12 records" in found[3].message


def test_only_words_that_a_person_wrote_count_as_overwritten() -> None:
    bases = {text_key("B"): base("agreed"), text_key("C"): base("agreed")}
    changes = [
        change("A", was="mine"),
        change("B", was="agreed\r\n"),
        change("C", was="edited"),
        change("D", was=" "),
        change("E", Kind.PULL, was="mine"),
        change("F", Kind.DELIVER, was="mine"),
        change("G", Kind.FOLLOW, was="mine"),
    ]
    assert ids(overwritten(changes, bases)) == "ACE"


@pytest.mark.parametrize(
    ("spending", "stops"),
    [
        (Spending(), []),
        (Spending(month=94.0), []),
        (Spending(month=94.5), ["month"]),
        (Spending(reserved=14.0), []),
        (Spending(reserved=14.5), ["balance"]),
        (Spending(month=90.0, reserved=4.5), ["month"]),
        (Spending(month=90.0, reserved=14.5), ["month", "balance"]),
    ],
)
def test_what_others_spend_counts_against_the_budget_of_the_month_and_what_is_under_way_against_the_balance(
    spending: Spending, stops: list[str]
) -> None:
    plan = make([change("A", price=Price(1.0, 6.0))], Balance(20.0))
    assert [one.name for one in guards(plan, {}, Policies(budget_month=100.0), spending)] == stops


def test_what_costs_nothing_is_never_too_dear() -> None:
    plan = make([change("A", Kind.PULL, now="theirs")], Balance(0.0))
    policies = Policies(budget=0.0, budget_month=0.0)
    assert guards(plan, {}, policies, Spending(month=5.0, reserved=5.0)) == ()
