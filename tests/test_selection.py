"""Choosing part of a workbook: by id, by column, by kind of work, by number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.model import Change, Kind, TextKey
from sync.selection import Condition, NotSelectable, Selection, chosen, narrowed, read_condition
from sync.tables import Tables
from tests.nouns import TITLE, record, record_key

BRANDS = ["Nordlys", "Havn", "nordlys ", "", "Fjord & Co"]
PRICES = ["19.9", "20", "abc", "", "100"]
TABLES = Tables(
    sheet="Records",
    header_row=1,
    headings=((1, "Record ID"), (2, "Brand"), (3, "Price")),
    rows=range(2, 7),
    columns={1: ["A1", "A2", "A3", "A4", "A5"], 2: BRANDS, 3: PRICES},
    workbook_id="w1",
    sha256="0" * 64,
)
RECORDS = [replace(record(), key=record_key(f"A{n}"), row=n + 1) for n in range(1, 6)]


def ids(selection: Selection) -> list[str]:
    return [one.key.record_id for one in chosen(RECORDS, TABLES, selection)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Brand = Nordlys", ["A1", "A3"]),
        ("brand=NORDLYS", ["A1", "A3"]),
        ("Brand != Nordlys", ["A2", "A4", "A5"]),
        ("Brand =", ["A4"]),
        ("Brand !=", ["A1", "A2", "A3", "A5"]),
        ("Brand ~ or", ["A1", "A3", "A5"]),
        ("Brand = Fjord & Co", ["A5"]),
        ("Price > 20", ["A5"]),
        ("Price >= 20", ["A2", "A5"]),
        ("Price < 20", ["A1"]),
        ("Price <= 20", ["A1", "A2"]),
    ],
)
def test_a_condition_looks_at_a_column_as_a_person_would(text: str, found: list[str]) -> None:
    assert ids(Selection(where=(read_condition(text),))) == found


def test_all_conditions_and_the_ids_have_to_hold() -> None:
    where = (read_condition("Brand = Nordlys"), read_condition("Price < 100"))
    assert ids(Selection(where=where)) == ["A1"]
    assert ids(Selection(("A3", "A1"))) == ["A1", "A3"], "in the order of the workbook"
    assert ids(Selection(("A3",), where)) == []


@pytest.mark.parametrize("text", ["Brand", "= Nordlys", "", "Brand Nordlys"])
def test_what_is_no_condition_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NotSelectable) as caught:
        read_condition(text)
    assert "--where" in caught.value.hint


@pytest.mark.parametrize(
    ("selection", "hint"),
    [
        (Selection(("A11",)), "Did you mean A1?"),
        (Selection(where=(Condition("Brnad", "=", "x"),)), "Did you mean Brand?"),
        (Selection(where=(Condition("Zzz", "=", "x"),)), "Record ID, Brand, Price"),
        (Selection(where=(Condition("Price", ">", "cheap"),)), "Brand = Nordlys"),
    ],
)
def test_what_is_not_there_is_named_with_what_may_be_meant(selection: Selection, hint: str) -> None:
    with pytest.raises(NotSelectable) as caught:
        chosen(RECORDS, TABLES, selection)
    assert hint in caught.value.hint


def change(record_id: str, kind: Kind, *, language: str = "en") -> Change:
    return Change(TextKey(record_key(record_id)._replace(language=language), TITLE), 2, kind, "because")


def test_only_leaves_out_other_work_but_nothing_that_is_paid_for_and_no_note() -> None:
    changes = [change(f"A{n}", kind) for n, kind in enumerate(Kind)]
    kept = {one.kind for one in narrowed(changes, Selection(only=frozenset({"push", "generate"})))}
    assert kept == set(Kind) - {Kind.KEYWORDS, Kind.PULL, Kind.REVIEW, Kind.PUBLISH, Kind.ARCHIVE}


def test_a_limit_takes_the_first_records_with_work_and_all_their_texts() -> None:
    changes = [change("A1", Kind.UNCHANGED)]
    changes += [change(f"A{n}", Kind.GENERATE) for n in (2, 2, 3, 4)] + [change("A9", Kind.FOLLOW)]
    kept = narrowed(changes, Selection(limit=2))
    assert [one.key.record.record_id for one in kept] == ["A1", "A2", "A2", "A3", "A9"]
    assert narrowed(changes, Selection(limit=0)) == (changes[0], changes[-1])


@pytest.mark.parametrize("count", [1, 3, 7, 12, 99])
def test_a_pilot_is_spread_over_the_workbook_and_over_every_language(count: int) -> None:
    changes = [change(f"A{n}", Kind.GENERATE, language="de" if n % 10 == 0 else "en") for n in range(60)]
    kept = narrowed(changes, Selection(pilot=count))
    assert len(kept) == min(count, 60)
    if 2 <= count < 12:
        germans = sum(one.key.record.language == "de" for one in kept)
        assert abs(germans - count / 2) <= 1
    if count == 12:
        numbers = sorted(int(one.key.record.record_id[1:]) for one in kept)
        assert numbers[0] < 15
        assert numbers[-1] >= 45
