"""Ids that Excel or a person has damaged: what is flagged, what is not, and what is proposed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Problem
from sync.records.ids import all_plain, read_id, reduce
from sync.records.repair import KnownIds, proposed
from tests.records.sheets import found, only, workbook

BASE = ("Record ID", "Name", "Page title")
EXPORTS = Path(__file__).parents[1] / "exports" / "files"


def flagged(ids: list[str]) -> list[tuple[int, str]]:
    """Give index and kind of the problems with these ids."""
    book = workbook(BASE, *[[text, "Oak", ""] for text in ids])
    return [(int(where.partition("!A")[2]) - 2, kind) for where, kind in found(book)]


@pytest.mark.parametrize("text", [" A1", "A1 ", "A1\xa0", "\u200bA1", "A1\ufeff", " \u200b A1\u2060\xa0"])
def test_spaces_and_invisible_characters_around_an_id_are_no_part_of_it_and_that_is_said(text: str) -> None:
    book = workbook(BASE, [text, "Oak", ""])
    problem = only(book)
    assert (problem.kind, problem.warning) == ("id-spaces", True)
    assert "read as A1" in problem.what
    assert [record.key.record_id for record in book.records] == ["A1"]


def test_an_id_with_spaces_around_it_is_the_same_record_as_the_one_without() -> None:
    assert flagged(["A1", "A1 "]) == [(1, "id-spaces"), (1, "duplicate-id")]


def test_an_invisible_character_inside_an_id_is_no_guess_but_names_what_is_left() -> None:
    problem = only(workbook(BASE, ["SKU\u200b-7", "Oak", ""]))
    assert (problem.kind, problem.warning) == ("id-characters", False)
    assert "SKU-7" in problem.remedy


@given(st.text(st.sampled_from("aA0-_.#+E \xa0\u200b\t\u00e4"), max_size=6))
def test_a_plain_column_is_only_what_would_be_read_as_it_is(text: str) -> None:
    if all_plain([text]):
        assert read_id(text) == (text, None)


@pytest.mark.parametrize(
    ("ids", "short"),
    [
        (["00123", "00124", "00125", "126"], [3]),
        (["00123", "00124", "17", "A-7", "A-8"], [2]),
        (["0012", "0013", "0014", "1015", "16", "7"], [4, 5]),
        (["12", "13", "7", "104"], []),
        (["00123", "00124"], []),
        (["0", "1", "10", "11", "12"], []),
        (["1001", "1002", "999", "1003"], []),
        (["00123", "124", "125", "126"], []),
    ],
)
def test_zeros_that_seem_to_be_lost_are_warned_of_where_the_others_have_them(ids: list[str], short: list[int]) -> None:
    assert flagged(ids) == [(index, "short-id") for index in short]


@pytest.mark.parametrize(
    ("ids", "alike"),
    [
        (["abc-1", "ABC-1"], [1]),
        (["A 1", "A1"], [1]),
        (["7", "8", "007"], [2]),
        (["A-1", "A1"], []),
        (["A01", "A1"], []),
        (["oak", "oaks"], []),
    ],
)
def test_ids_that_differ_only_by_capitals_spaces_or_zeros_may_be_the_same(ids: list[str], alike: list[int]) -> None:
    assert flagged(ids) == [(index, "similar-id") for index in alike]


@pytest.mark.parametrize("text", ["1.23E+12", "1,23E+12", "4.00638E+12", "1E+5"])
def test_numbers_in_scientific_notation_are_damaged_ids(text: str) -> None:
    assert flagged([text, "A1"]) == [(0, "damaged-id")]


def test_the_ids_of_product_exports_are_not_flagged() -> None:
    for name, column in (("shopify.csv", "Handle"), ("woocommerce.csv", "ID"), ("woocommerce.csv", "SKU")):
        with (EXPORTS / name).open(encoding="utf-8-sig", newline="") as file:
            ids = list(dict.fromkeys(row[column] for row in csv.DictReader(file) if row[column]))
        assert ids
        assert flagged(ids) == []


# -------------------------------------------------------------------------------- proposals

KNOWN = ("00123", "4006381333931", "1234567890123456", "3-1", "MAR2", "12.10", "SKU-7", "Sept3")


@pytest.mark.parametrize(
    ("damaged", "before"),
    [
        ("123", "00123"), ("4.00638E+12", "4006381333931"), ("4,00638133393E+12", "4006381333931"),
        ("1234567890123450", "1234567890123456"), ("1234567890123460", "1234567890123456"),
        ("2026-03-01", "3-1"), ("2026-01-03", "3-1"), ("2026-03-02", "MAR2"), ("2026-09-03", "Sept3"),
        ("12.1", "12.10"), ("sku-7", "SKU-7"), ("SKU -7", "SKU-7"), ("SKU\u200b-7", "SKU-7"),
    ],
)  # fmt: skip
def test_the_one_known_id_that_fits_a_damaged_one_is_found(damaged: str, before: str) -> None:
    assert KnownIds(KNOWN).fitting(damaged) == (before,)


@pytest.mark.parametrize("text", ["00123", "124", "4.1E+12", "1234567890123470", "2026-05-05", "12.11", "SKU-8", ""])
def test_nothing_fits_an_id_that_is_known_or_like_none(text: str) -> None:
    assert KnownIds(KNOWN).fitting(text) == ()


def test_a_proposal_is_made_only_where_exactly_one_id_fits_and_changes_nothing_but_words() -> None:
    problem = Problem("Records!A2", "damaged-id", "4.00638E+12", "Excel has rounded this id.", "Copy it again.")
    other = Problem("Records!B2", "missing-name", "123", "There is no name.", "Type one.")
    (told, kept) = proposed([problem, other], ["4006381333931", "00123"])
    assert told.remedy.startswith("Did you mean 4006381333931?")
    assert (told.where, told.kind, told.value, told.what, told.warning) == (
        problem.where, problem.kind, problem.value, problem.what, False)  # fmt: skip
    assert kept == other
    assert proposed([problem], ["4006381333931", "4006381333948"]) == (problem,)
    assert proposed([problem], []) == (problem,)


def test_ids_that_only_differ_in_how_an_accent_is_spelled_have_the_same_in_common() -> None:
    assert reduce("caf\u00e9-1") == reduce("cafe\u0301-1")
