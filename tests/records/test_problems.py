from __future__ import annotations

import pytest

from sync.model import Rules
from tests.records.sheets import REFERENCE, found, only, tables, workbook

BASE = ("Record ID", "Name", "Page title")
GOOD = {"Record ID": "A1", "Name": "Oak stool", "Page title": ""}

ROW_PROBLEMS = [
    ("Record ID", "", "missing-id"),
    ("Record ID", "   ", "missing-id"),
    ("Record ID", "A\xa01", "id-characters"),
    ("Record ID", "\u200b", "missing-id"),
    ("Record ID", "#NO_VALUE!", "no-value"),
    ("Colour", "#NO_VALUE!", "no-value"),
    ("Page title", "#NO_VALUE!", "no-value"),
    ("Record ID", "A\u200b1", "id-characters"),
    ("Record ID", "A\t1", "id-characters"),
    ("Record ID", "1.23E+12", "damaged-id"),
    ("Record ID", "4,00638E+12", "damaged-id"),
    ("Record ID", "#REF!", "error-value"),
    ("Name", "", "missing-name"),
    ("Name", "(none)", "missing-name"),
    ("Name", "x" * 41, "name-too-long"),
    ("Name", "#N/A", "error-value"),
    ("Name", "Oak\x0bstool", "control-character"),
    ("Page title", "#VALUE!", "error-value"),
    ("Action", "Generat", "unknown-action"),
    ("Action", "Translate", "unknown-action"),
    ("Type", "Prodcut", "unknown-type"),
    ("Language", "Klingon", "bad-language"),
    ("Language", "xx", "bad-language"),
    ("Language", "en-XX", "bad-language"),
    ("Language", "jp", "bad-language"),
    ("URL", "shop.example/stool", "bad-url"),
    ("URL", "https://", "bad-url"),
    ("URL", "https://shop.example/oak stool", "bad-url"),
    ("URL", "ftp://shop.example", "bad-url"),
    ("Keywords", "a, b, c", "too-many-keywords"),
    ("Keywords", "x" * 13, "keyword-too-long"),
    ("Tones", "Friendly, Frendly", "unknown-tone"),
    ("Style", "Baroque", "unknown-style"),
    ("Style", "Concise, Story-like", "unknown-style"),
    ("Audiences", "Nobody", "unknown-audience"),
    ("Other details", "x" * 51, "other-details-too-long"),
    ("Colour", "x" * 21, "attribute-too-long"),
    ("Colour", "red; " + "x" * 21, "attribute-too-long"),
    ("Colour", "#DIV/0!", "error-value"),
    ("Colour", "red\x00", "control-character"),
    ("SKU", "#NAME?", "error-value"),
]


@pytest.mark.parametrize(("heading", "value", "kind"), ROW_PROBLEMS)
def test_a_bad_cell_is_one_problem_at_its_address_and_leaves_out_only_its_row(
    heading: str, value: str, kind: str
) -> None:
    headings = [*BASE, *([heading] if heading not in BASE else [])]
    row = [value if name == heading else GOOD[name] for name in headings]
    other = ["B2", "Pine stool", "", *[""] * (len(headings) - 3)]
    book = workbook(headings, row, other)
    column = "ABCD"[headings.index(heading)]
    assert found(book) == [(f"Records!{column}2", kind)]
    assert [record.key.record_id for record in book.records] == ["B2"]
    problem = book.problems[0]
    assert problem.what.endswith((".", "?"))
    assert problem.remedy.endswith(".")
    assert not problem.warning
    assert problem.value.isprintable()
    assert len(problem.value) <= 60


SETTING_PROBLEMS = [
    ("Type", "Thing", "unknown-type"),
    ("Language", "english", "bad-language"),
    ("Countries", "GB, UK", "bad-country"),
    ("Countries", "Germany", "bad-country"),
    ("Texts wanted", "page title, page tile", "unknown-text"),
    ("Tones", "Rude", "unknown-tone"),
    ("Style", "Rude", "unknown-style"),
    ("Audiences", "Rude", "unknown-audience"),
    ("Formal language", "Rude", "unknown-formal-language"),
    ("Formal language", "Formal", "formal-not-offered"),
    ("Custom tone", "x" * 11, "custom-tone-too-long"),
    ("Custom style", "x" * 11, "custom-style-too-long"),
    ("Custom audience", "x" * 11, "custom-audience-too-long"),
    ("Special instructions", "x" * 51, "special-instructions-too-long"),
    ("Special instructions", "a\x07b", "control-character"),
    ("Excerpt: fewest words", "many", "not-a-number"),
    ("Excerpt: fewest words", "20.5", "not-a-number"),
    ("Excerpt: fewest words", "4", "words-out-of-range"),
    ("Excerpt: most words", "2001", "words-out-of-range"),
    ("Excerpt: fewest words", "51", "words-order"),
    ("Excerpt: most words", "24", "words-order"),
    ("Emptied cell", "restor", "unknown-policy"),
    ("Changed inputs", "ignore", "unknown-policy"),
    ("Budget", "a lot", "not-a-number"),
    ("Budget", "-5", "not-a-number"),
    ("Budget", "1,000", "not-a-number"),
    ("Most records", "2.5", "not-a-number"),
    ("Most records", "0", "not-a-number"),
    ("Store", "#REF!", "error-value"),
    ("Bugdet", "20", "unknown-setting"),
    ("Column names", "Artikel", "bad-column-name"),
    ("Column names", "Page title = Page titel", "bad-column-name"),
    ("Columns not to send", "Page titel", "unknown-column"),
]


@pytest.mark.parametrize(("name", "value", "kind"), SETTING_PROBLEMS)
def test_a_bad_setting_is_one_problem_at_its_address_and_no_record_relies_on_it(
    name: str, value: str, kind: str
) -> None:
    book = workbook(BASE, ["A1", "Oak stool", ""], settings={"Store": "shop", name: value})
    row = 2 if name == "Store" else 3
    assert found(book) == [(f"Settings!B{row}", kind)]
    assert not book.problems[0].warning
    assert book.records == ()


def test_a_row_with_its_own_value_does_not_suffer_from_a_bad_setting() -> None:
    headings = ["Record ID", "Name", "Tones", "Language", "Type", "Page title"]
    own = ["A1", "Oak stool", "Formal", "de", "Product", ""]
    relying = ["A2", "Oak stool", "", "de", "Product", ""]
    book = workbook(headings, own, relying, settings={"Tones": "Rude", "Language": "Elvish", "Type": "Thing"})
    assert found(book) == [
        ("Settings!B2", "unknown-tone"), ("Settings!B3", "bad-language"), ("Settings!B4", "unknown-type"),
    ]  # fmt: skip
    assert [record.key.record_id for record in book.records] == ["A1"]


def test_the_same_record_twice_is_said_once_with_both_rows_and_neither_is_used() -> None:
    book = workbook(BASE, ["A1", "Oak", ""], ["B1", "Pine", ""], ["A1", "Elm", ""])
    problem = only(book)
    assert (problem.where, problem.kind) == ("Records!A4", "duplicate-id")
    assert "2" in problem.what
    assert "4" in problem.what
    assert [record.key.record_id for record in book.records] == ["B1"]


def test_the_same_id_in_another_language_store_or_type_is_another_record() -> None:
    headings = ["Record ID", "Name", "Language", "Store", "Type", "Page title", "Category page title"]
    book = workbook(
        headings, ["A1", "Oak"], ["A1", "Oak", "de"], ["A1", "Oak", "", "x"], ["A1", "Oak", "", "", "Category"]
    )
    assert not book.problems
    assert len(book.records) == 4


def test_a_duplicate_is_found_even_beside_another_problem() -> None:
    book = workbook([*BASE, "URL"], ["A1", "Oak", ""], ["A1", "", "", "nowhere"])
    assert found(book) == [
        ("Records!A3", "duplicate-id"),
        ("Records!B3", "missing-name"),
        ("Records!D3", "bad-url"),
    ]


def test_too_many_attributes_point_at_the_first_one_too_many() -> None:
    book = workbook(
        [*BASE, "Colour", "Size", "Weight"], ["A1", "Oak", "", "red", "L", "2 kg"], ["A2", "Oak", "", "", "L", "2"]
    )
    assert found(book) == [("Records!F2", "too-many-attributes")]
    assert [record.key.record_id for record in book.records] == ["A2"]


def test_choices_that_do_not_go_together_are_noted_where_the_row_makes_them() -> None:
    headings = ["Record ID", "Name", "Page title", "Tones", "Style"]
    book = workbook(headings, ["A1", "Oak", "", "", "Concise"], ["A2", "Oak"], settings={"Tones": "Friendly"})
    assert found(book) == [("Records!E2", "disallowed-combination")]
    assert "tone Friendly and style Concise" in book.problems[0].what
    assert [record.key.record_id for record in book.records] == ["A2"]


def test_choices_that_do_not_go_together_on_settings_are_noted_there_once() -> None:
    book = workbook(["Record ID", "Name", "Page title", "Style"], ["A1", "Oak"], ["A2", "Oak"],
                    ["A3", "Oak", "", "Story-like"],
                    settings={"Tones": "Friendly", "Style": "Concise"})  # fmt: skip
    assert found(book) == [("Settings!B2", "disallowed-combination")]
    assert [record.key.record_id for record in book.records] == ["A3"]


def test_a_setting_given_twice_is_a_problem() -> None:
    book = workbook(BASE, ["A1", "Oak", ""], settings=[("Budget", "5"), ("budget", "50")])
    assert found(book) == [("Settings!B3", "duplicate-setting")]
    assert book.records == ()


def test_a_setting_like_none_of_ours_is_only_a_warning() -> None:
    book = workbook(BASE, ["A1", "Oak", ""], settings={"Season": "winter"})
    assert only(book).warning
    assert only(book).kind == "unknown-setting"
    assert len(book.records) == 1


@pytest.mark.parametrize("name", ["Images", "image url", "Reference record", "Representative products", "Page title"])
def test_a_column_given_as_a_setting_is_a_warning_that_names_its_cell_and_says_where_it_belongs(name: str) -> None:
    book = workbook(BASE, ["A1", "Oak", ""], settings={"Store": "shop", name: "A2"})
    assert found(book) == [("Settings!B3", "unknown-setting")]
    assert only(book).warning
    assert "is a column of the records and no setting" in only(book).what
    assert len(book.records) == 1


def test_a_title_row_on_settings_is_no_setting() -> None:
    assert not workbook(BASE, ["A1", "Oak", ""], settings={"How the texts should sound": ""}).problems


@pytest.mark.parametrize(
    ("ids", "damaged"),
    [
        (["A-1", "2026-03-04", "A-2"], [1]),
        (["2026-03-04", "2026-03-05", "A-2"], []),
        (["A-1", "2026-03-04 10:30:00", "A-2"], [1]),
        (["1E5", "2E10", "3e7"], []),
        (["123456789012345000", "123456789012346000"], [0, 1]),
        (["1234567890123450", "1234567890123456"], []),
        (["1234567890123450"], []),
        (["123456789012345678", "123456789012345000"], []),
    ],
)
def test_ids_that_excel_has_damaged_are_found_by_comparing_them(ids: list[str], damaged: list[int]) -> None:
    book = workbook(BASE, *[[text, "Oak", ""] for text in ids])
    assert found(book) == [(f"Records!A{index + 2}", "damaged-id") for index in damaged]


def test_a_number_shorter_than_nearly_all_others_is_a_warning() -> None:
    ids = [f"40063813339{number:02}" for number in range(20)]
    book = workbook(BASE, *[[text, "Oak", ""] for text in [*ids, "123456789012"]])
    assert found(book) == [("Records!A22", "short-id")]
    assert book.problems[0].warning
    assert "0123456789012" in book.problems[0].remedy
    assert len(book.records) == 21
    assert not workbook(BASE, *[[str(number), "Oak", ""] for number in range(95, 130)]).problems


def test_limits_that_the_service_does_not_name_are_not_checked() -> None:
    reference = REFERENCE.__class__(rules=Rules(), tones=(), styles=(), audiences=())
    for known in (None, reference):
        book = workbook(
            ["Record ID", "Name", "Keywords", "Tones", "Other details", "Colour", "Page title"],
            ["A1", "x" * 500, ",".join("abcdefghij"), "Whatever", "y" * 5000, "z" * 900],
            settings={"Custom tone": "x" * 999, "Formal language": "Formal"},
            reference=known,
        )
        assert not book.problems
        assert book.records[0].inputs.tones == ("Whatever",)


def test_a_misspelt_choice_names_the_near_one_and_an_unknown_one_names_all() -> None:
    near = only(workbook([*BASE, "Tones"], ["A1", "Oak", "", "Frendly"]))
    assert "Did you mean Friendly?" in near.what
    assert near.remedy.startswith("Type Friendly.")
    far = only(workbook([*BASE, "Tones"], ["A1", "Oak", "", "Rude"]))
    assert "Friendly, Formal, Technical" in far.remedy
    assert "Custom tone" in far.remedy


def test_a_name_is_missed_only_where_a_text_is_to_be_made() -> None:
    headings = ["Record ID", "Name", "Action", "Page title"]
    rows = [
        ["A1", "", "", "A person's title"],
        ["A2", "", "Pull", ""],
        ["A3", "", "Skip", ""],
        ["A4", "", "Regenerate", "A person's title"],
        ["A5", "", "", ""],
    ]
    assert found(workbook(headings, *rows)) == [("Records!B5", "missing-name"), ("Records!B6", "missing-name")]


def test_a_missing_column_of_names_is_said_once() -> None:
    book = workbook(["Record ID", "Page title"], ["A1"], ["A2"])
    assert found(book) == [("Records", "missing-name")]
    assert book.records == ()


def test_a_row_to_be_skipped_may_be_half_finished() -> None:
    book = workbook(["Record ID", "Action", "Name", "URL", "Tones"], ["A1", "Skip", "x" * 99, "nowhere", "Rude"],
                    settings={"Texts wanted": "excerpt"})  # fmt: skip
    assert not book.problems
    assert book.records[0].action == "Skip"


def test_thirty_wrong_cells_are_thirty_problems_in_the_order_of_the_workbook() -> None:
    headings = ["Action", "Record ID", "Type", "Language", "Name", "URL", "Keywords", "Tones", "Style", "Audiences",
                "Other details", "Colour", "Page title", "Status"]  # fmt: skip
    good = ["", "", "", "", "Oak", "", "", "", "", "", "", "", "", ""]
    wrong = {
        "A": ["Go", "Puul"], "B": ["", " X9", "1.5E+11", "#N/A"], "C": ["Thing", "Kategory"], "D": ["Klingon", "us"],
        "E": ["", "x" * 41], "F": ["shop", "http://"], "G": ["a,b,c", "x" * 20, "a\x01"], "H": ["Rude", "Frm"],
        "I": ["Long", "Concis"], "J": ["All", "Childern"], "K": ["x" * 51], "L": ["x" * 21, "#REF!"], "M": ["#NUM!"],
    }  # fmt: skip
    rows: list[list[str]] = []
    expected: list[str] = []
    for letter, values in wrong.items():
        for value in values:
            row = list(good)
            row[1] = f"ID-{len(rows)}"
            row["ABCDEFGHIJKLMN".index(letter)] = value
            rows.append(row)
            expected.append(f"Records!{letter}{len(rows) + 1}")
    rows.append(["", "OK-1", *good[2:]])
    settings = {"Budget": "much", "Countries": "Germany", "Most records": "few"}
    book = workbook(headings, *rows, settings=settings)
    assert [problem.where for problem in book.problems] == ["Settings!B2", "Settings!B3", "Settings!B4", *expected]
    assert len(book.problems) == 30
    assert len({problem.kind for problem in book.problems}) >= 12


def test_many_wrong_cells_in_one_row_are_all_reported() -> None:
    book = workbook(
        ["Record ID", "Name", "URL", "Tones", "Language", "Page title"],
        ["A1 ", "", "nowhere", "Rude", "Elvish", ""],
    )
    assert [kind for _, kind in found(book)] == ["id-spaces", "missing-name", "bad-url", "unknown-tone", "bad-language"]


def test_a_row_with_nothing_in_it_is_no_record_and_no_problem() -> None:
    book = workbook(
        [*BASE, "Status", "Price"], ["A1", "Oak"], [""], ["", "  "], ["", "", "", "Done"], ["", "", "", "", "9"]
    )
    assert not book.problems
    assert len(book.records) == 1


def test_a_sheet_without_record_ids_is_a_problem_and_no_crash() -> None:
    book = workbook(["Name"], ["Oak"])
    assert found(book) == [("Records", "no-record-id")]
    assert book.records == ()


def test_a_value_in_a_message_is_short_and_on_one_line() -> None:
    problem = only(workbook([*BASE, "Other details"], ["A1", "Oak", "", "first line\nsecond\x07 " + "x" * 90]))
    assert problem.value.startswith("first line second<U+0007> xxx")
    assert problem.value.endswith("…")


def test_when_no_text_is_wanted_a_warning_says_so() -> None:
    book = workbook(["Record ID", "Name", "Type", "Page title"], ["A1", "Oak"], ["C1", "Stools", "Category"])
    assert found(book) == [("Records", "no-texts")]
    assert book.problems[0].warning
    assert [len(record.wanted) for record in book.records] == [1, 0]


def test_reading_leaves_the_tables_as_they_were() -> None:
    before = tables(BASE, ["A1", "Oak", "a\r\nb"])
    workbook(BASE, ["A1", "Oak", "a\r\nb"])
    assert before.columns[3] == ["a\r\nb"]
