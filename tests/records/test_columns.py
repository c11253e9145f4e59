from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Attribute
from sync.records.values import all_lines
from tests.records.sheets import found, only, record, workbook

ROW = {"Record ID": "A1", "Name": "Oak", "Keywords": "stool", "Page title": "Ours", "Colour": "red", "Status": "Done",
       "Updated": "2026-01-01"}  # fmt: skip


@st.composite
def spelled(draw: st.DrawFn, name: str) -> str:
    letters = [draw(st.sampled_from([letter.upper(), letter.lower()])) for letter in name]
    gap = draw(st.sampled_from([" ", "  ", "\n", "_", "-", ""]))
    around = draw(st.sampled_from(["", " ", "\n"]))
    return around + "".join(letters).replace(" ", gap) + around


@given(st.data())
def test_headings_are_found_in_any_order_case_and_spacing(data: st.DataObject) -> None:
    order = data.draw(st.permutations(list(ROW)))
    headings = [name if name == "Colour" else data.draw(spelled(name)) for name in order]
    got = record(headings, [ROW[name] for name in order])
    assert got.key.record_id == "A1"
    assert got.inputs.name == "Oak"
    assert got.inputs.keywords == ("stool",)
    assert got.inputs.attributes == (Attribute("Colour", ("red",)),)
    assert got.texts == {"page title": "Ours"}


def test_other_names_for_a_heading_are_taken_too() -> None:
    got = record(["Handle", "Title", "Link", "Excerpt"], ["A1", "Oak", "https://x.example"])
    assert (got.key.record_id, got.inputs.name, got.inputs.url) == ("A1", "Oak", "https://x.example")


def test_our_own_name_wins_over_another_one_wherever_it_stands() -> None:
    book = workbook(["Title", "Handle", "Name", "Record ID", "Excerpt"], ["Mr", "oak-stool", "Oak", "A1"])
    assert found(book) == [("Records!A1", "second-heading"), ("Records!B1", "second-heading")]
    assert all(problem.warning for problem in book.problems)
    (got,) = book.records
    assert (got.key.record_id, got.inputs.name) == ("A1", "Oak")
    assert got.inputs.attributes == (Attribute("Title", ("Mr",)),)


@pytest.mark.parametrize(
    ("first", "second"),
    [("Name", "NAME"), ("Title", "Product name"), ("Page title", "page  title"), ("Colour", "colour")],
)
def test_two_columns_for_one_heading_are_a_problem(first: str, second: str) -> None:
    book = workbook(["Record ID", first, second, "Excerpt"], ["A1", "Oak", "Oak"], settings={"Texts wanted": "excerpt"})
    assert ("Records!C1", "duplicate-heading") in found(book)
    assert book.records == ()


@pytest.mark.parametrize("heading", ["Page titel", "Product descripton", "Langauge", "Actions", "Stores"])
def test_a_misspelt_heading_that_would_cost_texts_or_money_is_a_problem(heading: str) -> None:
    problem = only(workbook(["Record ID", "Name", heading, "Excerpt"], ["A1", "Oak", "x"]))
    assert (problem.where, problem.kind, problem.warning) == ("Records!C1", "misspelt-heading", False)
    assert "Did you mean" in problem.what


@pytest.mark.parametrize("heading", ["Tonnes", "Audiencess", "Keywordz", "Excerpts"])
def test_a_heading_only_near_to_one_of_ours_is_a_warning(heading: str) -> None:
    book = workbook(["Record ID", "Name", "Excerpt", heading], ["A1", "Oak", "", "x"])
    assert all(problem.warning for problem in book.problems)
    assert len(book.records) == 1


def test_a_near_heading_can_be_confirmed_as_an_attribute() -> None:
    got = record(["Record ID", "Name", "Excerpt", "Languages"], ["A1", "Oak", "", "Latin; Greek"],
                 settings={"Column names": "Languages = Languages"})  # fmt: skip
    assert got.inputs.attributes == (Attribute("Languages", ("Latin", "Greek")),)
    got = record(["Record ID", "Name", "Excerpt", "Title"], ["A1", "Oak", "", "Dr."],
                 settings={"Column names": "title=Title"})  # fmt: skip
    assert got.inputs.attributes == (Attribute("Title", ("Dr.",)),)


def test_column_names_map_the_users_headings_to_ours_or_rename_attributes() -> None:
    got = record(
        ["Artikel", "Bezeichnung", "Farbe", "Beschreibung"],
        ["A1", "Hocker", "rot", "Text"],
        settings={
            "Column names": "Artikel = Record ID\nbezeichnung=Name; Farbe = Colour\nBeschreibung = product description"
        },
    )
    assert got.key.record_id == "A1"
    assert got.inputs.name == "Hocker"
    assert got.inputs.attributes == (Attribute("Colour", ("rot",)),)
    assert got.texts == {"product description": "Text"}


def test_a_column_name_wins_over_what_we_would_have_taken() -> None:
    book = workbook(
        ["ID", "Artikel", "Name", "Excerpt"], ["7", "A1", "Oak"], settings={"Column names": "Artikel = Record ID"}
    )
    assert [one.key.record_id for one in book.records] == ["A1"]
    assert found(book) == [("Records!A1", "second-heading")]


@pytest.mark.parametrize("setting", ["Columns not to send", "Column names"])
def test_a_setting_that_names_no_column_is_a_warning(setting: str) -> None:
    value = "Warehouse" + (" = Name" if setting == "Column names" else "")
    book = workbook(["Record ID", "Name", "Excerpt"], ["A1", "Oak"], settings={setting: value})
    assert found(book) == [("Settings!B2", "unknown-column")]
    assert book.problems[0].warning
    assert len(book.records) == 1


def test_a_column_without_a_heading_is_a_warning_only_when_something_is_in_it() -> None:
    book = workbook(["Record ID", "", "Name", "", "Excerpt"], ["A1", "", "Oak", "lost"])
    assert found(book) == [("Records!D1", "no-heading")]
    assert book.problems[0].warning
    assert book.records[0].inputs.attributes == ()


def test_result_columns_are_never_read_even_twice() -> None:
    got = record(["Record ID", "Name", "Status", "status", "Message", "Excerpt"], ["A1", "Oak", "Done", "Failed", "x"])
    assert got.inputs.attributes == ()


ODD = (
    "",
    " ",
    "Oak",
    " Oak",
    "Oak ",
    "#1",
    "#REF!",
    "a #1",
    "(nothing)",
    " (Nothing)",
    "(oak)",
    "a\tb",
    "a\x01",
    "Oak\n",
)


@given(st.lists(st.sampled_from(ODD), max_size=6))
def test_a_column_of_lines_is_only_what_would_be_read_as_it_is(names: list[str]) -> None:
    plain = all_lines(names)
    assert plain == all(map(all_lines, ([name] for name in names)))
    for name in names if plain else ():
        book = workbook(("Record ID", "Name", "SKU", "Page title"), ["A1", "Oak", name])
        assert not book.problems
        assert book.records[0].inputs.sku == name
