from __future__ import annotations

from dataclasses import replace

import pytest

from sync.model import Action, Attribute, ChangedInputs, EditedCell, EmptiedCell, Policies, RecordKey, Wanted
from tests.records.sheets import REFERENCE, record, workbook


def test_a_sheet_of_records_alone_works_with_the_defaults() -> None:
    got = record(["Record ID", "Name", "Product description"], ["A1", "Oak stool", "Ours"], reference=None)
    assert got.key == RecordKey("default", "Product", "A1", "en")
    assert got.row == 2
    assert got.action is Action.DECIDE
    assert got.inputs.name == "Oak stool"
    assert got.wanted == (Wanted("product description", 75, 150),)
    assert got.texts == {"product description": "Ours"}


def test_the_workbook_carries_its_id_hash_and_policies() -> None:
    book = workbook(
        ["Record ID", "Name"], ["A1", "Oak"],
        settings={"Emptied cell": "Leave", "Edited cell": "keep", "Changed inputs": "REGENERATE", "Budget": "12.5",
                  "Most records": "40", "Texts wanted": "excerpt"},
    )  # fmt: skip
    assert book.workbook_id == "w1"
    assert book.sha256 == "0" * 64
    assert book.policies == Policies(EmptiedCell.LEAVE, EditedCell.KEEP, ChangedInputs.REGENERATE, 12.5, 40)


def test_a_row_beats_settings_and_settings_beat_the_defaults() -> None:
    headings = ["Record ID", "Name", "Store", "Language", "Type", "Tones", "Style", "Audiences", "Category page title"]
    settings = {"Store": "shop", "Language": "de", "Type": "Category", "Tones": "Formal", "Style": "Story-like",
                "Audiences": "Children"}  # fmt: skip
    book = workbook(
        headings,
        ["A1", "Oak", "other", "en_us", "product", "friendly; TECHNICAL", "s1", "home owners"],
        ["A2", "Oak", "", "", "", "", "", ""],
        ["A3", "Oak", "", "", "", "(none)", "(None)", " (none) "],
        settings=settings,
        reference=replace(REFERENCE, disallowed=()),
    )
    own, inherited, none = book.records
    assert own.key == RecordKey("other", "Product", "A1", "en-US")
    assert inherited.key == RecordKey("shop", "Category", "A2", "de")
    chosen = [(one.inputs.tones, one.inputs.style, one.inputs.audiences) for one in (own, inherited, none)]
    assert chosen == [(("t1", "t3"), "s1", ("a1",)), (("t2",), "s2", ("a2",)), ((), "", ())]


def test_settings_for_every_record_reach_its_inputs() -> None:
    inputs = record(
        ["Record ID", "Name", "Excerpt"],
        ["A1", "Oak"],
        settings={
            "Custom tone": "dry", "Custom style": "brief", "Custom audience": "nerds",
            "Special instructions": "No puns",
            "Countries": "de; at\nCH", "Formal language": "informal", "Language": "DE",
        },
    ).inputs  # fmt: skip
    assert (inputs.custom_tone, inputs.custom_style, inputs.custom_audience) == ("dry", "brief", "nerds")
    assert inputs.special_instructions == "No puns"
    assert inputs.countries == ("DE", "AT", "CH")
    assert inputs.formal_language == "f2"


def test_formal_language_is_left_out_where_the_language_has_no_such_choice() -> None:
    book = workbook(["Record ID", "Name", "Language", "Excerpt"], ["A1", "Oak", "de-AT"], ["A2", "Oak", "en"],
                    settings={"Formal language": "Formal"})  # fmt: skip
    assert not book.problems
    assert [one.inputs.formal_language for one in book.records] == ["f1", ""]


def test_inputs_are_read_as_lists_and_lines() -> None:
    inputs = record(
        ["Record ID", "Name", "SKU", "URL", "Keywords", "Other details", "Excerpt"],
        ["A1", "  Oak\nstool ", " S-1 ", "HTTPS://shop.example/a", "oak , OAK;\r\nstool", " two\r\nlines "],
    ).inputs
    assert inputs.name == "Oak stool"
    assert inputs.sku == "S-1"
    assert inputs.url == "HTTPS://shop.example/a"
    assert inputs.keywords == ("oak", "stool")
    assert inputs.other_details == "two\nlines"


def test_other_columns_are_attributes_in_the_order_of_the_sheet() -> None:
    headings = ["Material", "Record ID", "Net weight\n(kg)", "Name", "Colour", "Price", "Image Src", "Excerpt"]
    got = record(headings, ["oak, solid", "A1", "2.5", "Oak", "red; white\nRed", "9.99", "x.jpg", ""],
                 reference=None)  # fmt: skip
    assert got.inputs.attributes == (
        Attribute("Material", ("oak, solid",)),
        Attribute("Net weight (kg)", ("2.5",)),
        Attribute("Colour", ("red", "white")),
    )


@pytest.mark.parametrize("empty", ["", "  ", "(none)", " ; "])
def test_an_empty_attribute_is_none(empty: str) -> None:
    assert record(["Record ID", "Name", "Colour", "Excerpt"], ["A1", "Oak", empty]).inputs.attributes == ()


def test_columns_not_to_send_are_not_sent() -> None:
    got = record(["Record ID", "Name", "Supplier", "Keywords", "Excerpt"], ["A1", "Oak", "ACME", "stool"],
                 settings={"Columns not to send": "supplier, keywords"})  # fmt: skip
    assert got.inputs.attributes == ()
    assert got.inputs.keywords == ()


def test_texts_wanted_are_those_of_the_setting_or_the_columns_and_of_the_records_type() -> None:
    headings = ["Record ID", "Name", "Type", "Excerpt", "Category description", "Page title"]
    rows = (["A1", "Oak", ""], ["C1", "Stools", "Category"])
    product, category = workbook(headings, *rows).records
    assert [wanted.text_type for wanted in product.wanted] == ["page title", "excerpt"]
    assert category.wanted == (Wanted("category description", 75, 150),)
    assert category.texts == {"category description": ""}
    product, category = workbook(
        headings, *rows,
        settings={"Texts wanted": "Product Description, category page title", "Product description: most words": "300",
                  "Product description: fewest words": "(none)"},
    ).records  # fmt: skip
    assert product.wanted == (Wanted("product description", None, 300),)
    assert category.wanted == (Wanted("category page title"),)
    assert product.texts == {"page title": "", "excerpt": ""}


def test_texts_are_taken_as_they_stand_but_for_line_ends() -> None:
    texts = record(["Record ID", "Name", "Excerpt"], ["A1", "Oak", "  <p>One</p>\r\nTwo\x0b (none) "]).texts
    assert texts == {"excerpt": "  <p>One</p>\nTwo\x0b (none) "}


@pytest.mark.parametrize(
    ("word", "action"), [("generate", Action.GENERATE), (" PULL ", Action.PULL), ("", Action.DECIDE)]
)
def test_actions_are_words_in_any_case(word: str, action: Action) -> None:
    assert record(["Action", "Record ID", "Name", "Excerpt"], [word, "A1", "Oak"]).action is action


def test_rows_keep_their_numbers_and_their_order() -> None:
    book = workbook(["Record ID", "Name", "Excerpt"], ["B", "Oak"], [""], ["A", "Oak"])
    assert [(one.key.record_id, one.row) for one in book.records] == [("B", 2), ("A", 4)]


@pytest.mark.parametrize(
    ("typed", "code"), [("EN", "en"), ("pt_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("zh-Hans", "zh-Hans")]
)
def test_languages_are_written_as_the_service_does(typed: str, code: str) -> None:
    assert record(["Record ID", "Name", "Language", "Excerpt"], ["A1", "Oak", typed]).key.language == code


@pytest.mark.parametrize("typed", ["en-", "en-US-x-y", "en-US-GB", "e", "-", "en-Latn-Latn"])
def test_what_is_no_language_is_a_problem(typed: str) -> None:
    book = workbook(["Record ID", "Name", "Language", "Excerpt"], ["A1", "Oak", typed])
    assert [problem.kind for problem in book.problems] == ["bad-language"]


def test_rows_with_the_same_properties_share_them() -> None:
    rows = (["A1", "Oak", "brown", "oak"], ["A2", "Ash", "brown", "oak"], ["A3", "Elm", "brown", ""])
    first, second, third = workbook(["Record ID", "Name", "Colour", "Wood", "Excerpt"], *rows).records
    assert first.inputs.attributes is second.inputs.attributes
    assert third.inputs.attributes == (Attribute("Colour", ("brown",)),)
