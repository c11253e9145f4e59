"""Rows that name other rows: the record whose texts are imitated, and the products that stand for a category."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.model import Representative
from sync.records import input_digest
from tests.records.sheets import REFERENCE, RULES, found, only, workbook

HEADINGS = ("Record ID", "Name", "Excerpt", "Reference record", "Language", "Tones", "Type")
FEW = replace(REFERENCE, rules=replace(RULES, max_representatives=2))


def test_a_row_that_imitates_another_has_its_texts_at_hand_and_no_manner_of_its_own() -> None:
    book = workbook(
        HEADINGS, ["001", "Oak", "As we write.", "", "", "Technical"], ["002", "Elm", "", "001"],
        settings={"Tones": "Formal", "Style": "Story-like", "Audiences": "Children", "Custom tone": "dry"},
    )  # fmt: skip
    assert not book.problems
    model, imitator = book.records
    assert (model.inputs.tones, model.inputs.custom_tone, model.inputs.reference_record) == (("t3",), "dry", "")
    assert imitator.inputs.reference_record == "001"
    assert imitator.patterns == {"excerpt": "As we write."}
    inputs = imitator.inputs
    assert (inputs.tones, inputs.style, inputs.audiences, inputs.custom_tone) == ((), "", (), "")


def test_another_reference_makes_a_text_stale_and_another_word_in_it_does_not() -> None:
    def digest(text: str, named: str) -> str:
        rows = (["001", "Oak", text], ["003", "Ash", ""], ["002", "Elm", "", named])
        return input_digest(workbook(HEADINGS, *rows).records[2], "excerpt")

    assert digest("One.", "001") == digest("Two.", "001")
    assert len({digest("One.", "001"), digest("One.", "003"), digest("One.", "")}) == 3


@pytest.mark.parametrize(
    ("named", "kind", "remedy"),
    [
        ("1", "unknown-reference", "Type 001."),
        ("nowhere", "unknown-reference", "Record ID of another row"),
        ("002", "reference-to-itself", "or empty this cell"),
        ("003", "reference-chain", "Type 001 here too"),
        ("004", "unknown-reference", "with the language en"),
        ("005", "unknown-reference", "with the type Product"),
    ],
)
def test_a_reference_that_cannot_be_is_told_with_its_cell_and_the_remedy(named: str, kind: str, remedy: str) -> None:
    book = workbook(
        [*HEADINGS, "Category description"],
        ["001", "Oak"], ["002", "Elm", "", named], ["003", "Ash", "", "001"], ["004", "Esche", "", "", "de"],
        ["005", "Trees", "", "", "", "", "Category"],
    )  # fmt: skip
    problem = only(book)
    assert (problem.where, problem.kind, problem.value) == ("Records!D3", kind, named)
    assert remedy in problem.remedy
    assert "002" not in [record.key.record_id for record in book.records]


def test_a_manner_of_its_own_besides_a_reference_is_pointed_out_and_stops_nothing() -> None:
    book = workbook(HEADINGS, ["001", "Oak"], ["002", "Elm", "", "001", "", "Friendly"])
    assert (only(book).kind, only(book).warning) == ("reference-and-manner", True)
    assert len(book.records) == 2


CATEGORY = ("Record ID", "Name", "Type", "Representative products", "Language", "Category description",
            "Product description")  # fmt: skip


def test_a_category_has_the_products_that_stand_for_it_with_name_and_description() -> None:
    book = workbook(
        CATEGORY, ["C1", "Stools", "Category", "P2, P1"], ["P1", "Oak stool", "Product", "", "", "", "Sturdy."],
        ["P2", "Elm stool", "Product"],
    )  # fmt: skip
    assert not book.problems
    assert book.records[0].inputs.representatives == (
        Representative("P2", "Elm stool"), Representative("P1", "Oak stool"),
    )  # fmt: skip
    assert [one.description for one in book.records[0].inputs.representatives] == ["", "Sturdy."]


@pytest.mark.parametrize(
    ("row", "cell", "kind"),
    [
        (["C1", "Stools", "Category", "P1; P9"], "D2", "unknown-product"),
        (["C1", "Stools", "Category", "P1", "de"], "D2", "unknown-product"),
        (["C1", "Stools", "Category", "C1"], "D2", "unknown-product"),
        (["C1", "Stools", "Category", "P1, P2, P3"], "D2", "too-many-representatives"),
        (["C1", "Stools", "Product", "P1"], "D2", "representatives-of-product"),
    ],
)
def test_products_that_cannot_stand_for_it_are_told_with_the_cell(row: list[str], cell: str, kind: str) -> None:
    products = [[f"P{n}", "Stool", "Product"] for n in (1, 2, 3)]
    assert found(workbook(CATEGORY, row, *products, reference=FEW)) == [(f"Records!{cell}", kind)]
