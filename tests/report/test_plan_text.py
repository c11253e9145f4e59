"""The plan in words: what a merchandiser reads in ten seconds, and the same as data."""

from __future__ import annotations

import json

import pytest

from sync.counts import number
from sync.model import Balance, Change, Kind, Policies, Price, Problem
from sync.plan import guards, make
from sync.report.plan_text import credits_range, plan_data, plan_text, problems_text
from tests.nouns import change, text_key


def text(changes: list[Change], balance: float | None = 40.0, **policies: float) -> str:
    plan = make(changes, None if balance is None else Balance(balance))
    return plan_text(plan, guards(plan, {}, Policies(**policies)), "shop.xlsx", 12)  # type: ignore[arg-type]  # by name


def test_every_kind_of_work_has_its_line_and_its_price() -> None:
    shown = text(
        [
            change("A"),
            change("A", text_type="excerpt", price=Price(1.0, 2.0)),
            change("B", Kind.PULL, now="x"),
            change("C", Kind.DELIVER, now="x"),
            change("D", Kind.FOLLOW),
            change("E", Kind.UNCHANGED),
            change("F", Kind.ADOPT),
        ]
    )
    assert shown.splitlines() == [
        "shop.xlsx: 12 records",
        "",
        "  make      2 texts for 1 record                           2 to 3 credits",
        "  fetch     1 text that the service has already            free",
        "  write in  1 text made earlier                            free",
        "  follow    1 text being made                              free",
        "  keep      2 texts that agree with the service",
        "",
        "  Balance: 40 credits",
    ]


def test_a_plan_of_nothing_says_so() -> None:
    assert "  Nothing to do." in text([change("A", Kind.UNCHANGED)])
    assert "Balance" not in text([], None)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.PROTECTED, "written by people"),
        (Kind.EDITED, "changed here by people"),
        (Kind.STALE, "made before the product changed"),
        (Kind.CONFLICT, "in conflict"),
        (Kind.GONE, "gone from the service"),
        (Kind.LEFT, "not to be made"),
        (Kind.UNKNOWN, "nobody can say about"),
        (Kind.SKIPPED, "skipped"),
    ],
)
def test_what_is_left_alone_is_counted_by_its_reason(kind: Kind, words: str) -> None:
    assert f"leave     2 texts: 2 {words}" in text([change("A", kind), change("B", kind)])


def test_notes_name_their_rows_as_ranges_and_no_more_than_can_be_read() -> None:
    rows = [2, 3, 4, 7, *range(10, 40, 2)]
    notes = [change(f"R{row}", Kind.CONFLICT, row=row, reason="two texts") for row in rows]
    shown = text(notes)
    assert "Page title, rows 2-4, 7, 10, 12, 14, 16, 18, 20 and 9 more: two texts." in shown
    assert "Page title, row 5: why." in text([change("A", Kind.GONE, row=5, reason="why")])


def test_a_guard_says_why_it_stops_and_what_passes_it() -> None:
    shown = text([change("A", price=Price(5.0, 50.0))], budget=10.0)
    assert "Stop: it may cost 50 credits, and the account has 40. If that is what you want, add --over-balance" in shown
    assert "Stop: it may cost 50 credits, and the budget is 10. If that is what you want, add --over-budget" in shown


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (Price(), "free"),
        (Price(1.0, 1.0), "1 credit"),
        (Price(40.0, 40.0), "40 credits"),
        (Price(280.0, 320.0), "280 to 320 credits"),
        (Price(0.5, 1234.0), "0.50 to 1,234 credits"),
    ],
)
def test_a_price_is_a_range_in_words(price: Price, words: str) -> None:
    assert credits_range(price) == words


@pytest.mark.parametrize(("value", "words"), [(12345.0, "12,345"), (2.5, "2.50"), (0, "0"), (-3.0, "-3")])
def test_numbers_are_written_for_people(value: float, words: str) -> None:
    assert number(value) == words


def test_the_plan_as_data_has_both_sides_of_every_change() -> None:
    plan = make([change("A", was="mine", row=7), change("B", Kind.CONFLICT, was="mine", now="theirs")], Balance(40.0))
    problem = Problem("Records!B7", "duplicate-id", "A", "What", "Remedy")
    stops = guards(plan, {}, Policies(budget=0.5))
    data = json.loads(json.dumps(plan_data(plan, stops, [problem], "shop.xlsx", 12)))
    assert set(data) == {
        "workbook", "records", "changes", "notes", "counts", "estimate", "uploads", "perRecord", "balance", "digest",
        "problems", "guards",
    }  # fmt: skip
    assert data["changes"] == [
        {
            "row": 7, "recordId": "A", "type": "Product", "store": "shop", "language": "en", "field": "page title",
            "kind": "generate", "reason": "because", "was": "mine", "now": "", "price": {"min": 1.0, "max": 1.0},
        }
    ]  # fmt: skip
    assert [one["now"] for one in data["notes"]] == ["theirs"]
    assert data["estimate"] == {"min": 1.0, "max": 1.0}
    assert data["balance"] == 40.0
    assert data["digest"] == plan.digest
    assert data["problems"][0]["where"] == "Records!B7"
    assert {one["name"] for one in data["guards"]} == {"overwrite", "budget"}


def test_problems_are_listed_with_cell_value_and_remedy_errors_before_warnings() -> None:
    shown = problems_text(
        [
            Problem("Records!C3", "odd", "", "It is odd.", "Look.", warning=True),
            Problem("Records!B7", "duplicate-id", "A1", "Rows 2 and 7 are the same.", "Remove one."),
        ]
    )
    assert shown.splitlines() == [
        "1 cell to put right:",
        "  Records!B7 'A1': Rows 2 and 7 are the same.",
        "      Remove one.",
        "1 cell to look at:",
        "  Records!C3: It is odd.",
        "      Look.",
    ]
    assert problems_text([]) == ""


def test_several_types_shops_and_languages_are_priced_apart_by_what_differs() -> None:
    def of(record_id: str, **address: str) -> Change:
        return change(record_id)._replace(key=text_key(record_id, **address))

    one, two, three = of("A"), of("B", language="de"), of("A", language="de")
    lines = plan_text(make([one, two, three], None), (), "shop.xlsx", 3).splitlines()
    assert lines[3:5] == [
        "    en:                       1 text for 1 record          1 credit",
        "    de:                       2 texts for 2 records        2 credits",
    ]
    assert "de, " not in plan_text(make([two, three], None), (), "shop.xlsx", 3)
    many = plan_text(make([of("A", store=f"shop {n}") for n in range(14)], None), (), "shop.xlsx", 14)
    assert "shop 11:" in many
    assert "    and 2 more:               2 texts for 2 records        2 credits" in many.splitlines()
