"""What a row says for itself, in columns that a new workbook does not have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.model import Attribute, Choice, Wanted
from sync.records import to_workbook
from sync.records.explain import explain
from tests.records.sheets import REFERENCE, found, only, tables, workbook

SETTINGS = {
    "Custom tone": "dry", "Custom style": "brief", "Custom audience": "nerds", "Special instructions": "No puns",
    "Countries": "de", "Formal language": "informal", "Language": "de", "Excerpt: fewest words": "20",
    "Excerpt: most words": "60",
}  # fmt: skip
OWN = ("Custom tone", "Custom style", "Custom audience", "Special instructions", "Countries", "Formal language",
       "Excerpt: fewest words", "Excerpt: most words")  # fmt: skip


def test_a_row_has_its_own_value_that_of_settings_or_nothing_on_purpose() -> None:
    book = workbook(
        ["Record ID", "Name", "Excerpt", *OWN],
        ["A1", "Oak", "", "warm", "long", "kids", "A pun", "GB; IE", "formal", "30", "40"],
        ["A2", "Oak"],
        ["A3", "Oak", "", *["(none)"] * len(OWN)],
        settings=SETTINGS,
    )
    assert not book.problems
    got = [
        (one.custom_tone, one.custom_style, one.custom_audience, one.special_instructions, one.countries,
         one.formal_language)
        for one in (record.inputs for record in book.records)
    ]  # fmt: skip
    assert got == [
        ("warm", "long", "kids", "A pun", ("GB", "IE"), "f1"),
        ("dry", "brief", "nerds", "No puns", ("DE",), "f2"),
        ("", "", "", "", (), ""),
    ]
    assert [record.wanted for record in book.records] == [
        (Wanted("excerpt", 30, 40),), (Wanted("excerpt", 20, 60),), (Wanted("excerpt"),),
    ]  # fmt: skip
    assert all(record.inputs.attributes == () for record in book.records), "none of them is a property of the product"


@pytest.mark.parametrize(
    ("heading", "cell", "kind"),
    [
        ("Custom tone", "longer than ten", "custom-tone-too-long"),
        ("Custom style", "longer than ten", "custom-style-too-long"),
        ("Custom audience", "longer than ten", "custom-audience-too-long"),
        ("Special instructions", "x" * 51, "special-instructions-too-long"),
        ("Countries", "DE, Narnia", "bad-country"),
        ("Semantic keywords", "a, b, c", "too-many-semantic-keywords"),
        ("Semantic keywords", "longer than 12", "keyword-too-long"),
        ("Formal language", "posh", "unknown-formal-language"),
        ("Excerpt: most words", "2001", "words-out-of-range"),
        ("Excerpt: most words", "19", "words-order"),
        ("Excerpt: fewest words", "some", "not-a-number"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_cell_and_spoils_its_row_only(
    heading: str, cell: str, kind: str
) -> None:
    book = workbook(
        ["Record ID", "Name", "Excerpt", heading], ["A1", "Oak", "", cell], ["A2", "Oak"], settings=SETTINGS
    )
    assert found(book) == [("Records!D2", kind)]
    assert [record.key.record_id for record in book.records] == ["A2"]


def test_formal_or_informal_in_a_row_whose_language_has_no_such_choice_is_told() -> None:
    book = workbook(
        ["Record ID", "Name", "Excerpt", "Language", "Formal language"],
        ["A1", "Oak", "", "en", "formal"], ["A2", "Oak", "", "de", "formal"], ["A3", "Oak", "", "en", ""],
    )  # fmt: skip
    assert (only(book).where, only(book).kind) == ("Records!E2", "formal-not-offered")
    assert [(record.key.record_id, record.inputs.formal_language) for record in book.records] == [
        ("A2", "f1"), ("A3", ""),
    ]  # fmt: skip


def test_semantic_keywords_are_related_words_of_the_row_and_no_property_of_the_product() -> None:
    headings = ["Record ID", "Name", "Excerpt", "Keywords", "Semantic keywords"]
    sheet = tables(headings, ["A1", "Oak", "", "stool", "bench; seat, Bench"], ["A2", "Oak", "", "", "(none)"])
    book = to_workbook(sheet, REFERENCE)
    assert [one.inputs.semantic_keywords for one in book.records] == [("bench", "seat"), ()]
    assert [one.inputs.attributes for one in book.records] == [(), ()]
    told = {name: (value, source) for name, value, source in explain(sheet, book.records[0], REFERENCE)}
    assert told["Semantic keywords"] == ("bench, seat", "Records!E2")


def test_a_property_of_the_product_with_another_name_stays_one() -> None:
    book = workbook(["Record ID", "Name", "Excerpt", "Country of origin"], ["A1", "Oak", "", "Norway"])
    assert book.records[0].inputs.attributes == (Attribute("Country of origin", ("Norway",)),)


def test_the_winner_of_each_input_is_named_down_to_what_the_service_takes_by_itself() -> None:
    headings = ["Record ID", "Name", "Excerpt", "Custom tone", "Excerpt: most words", "Style"]
    sheet = tables(headings, ["A1", "Oak", "", "warm", "40", "Concise"], settings={"Excerpt: fewest words": "20"})
    reference = replace(REFERENCE, tones=(Choice("t1", "Friendly"), Choice("t2", "Formal", default=True)))
    one = to_workbook(sheet, reference).records[0]
    told = {name: (value, source) for name, value, source in explain(sheet, one, reference)}
    assert told["Custom tone"] == ("warm", "Records!D2")
    assert told["Tones"] == ("Formal", "the service's own")
    assert told["Style"] == ("Concise", "Records!F2")
    assert told["Excerpt, most words"] == ("40", "Records!E2")
    assert told["Excerpt, fewest words"] == ("20", "Settings!B2")
    assert told["Language"] == ("en", "wtsync's own")
