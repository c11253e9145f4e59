"""What of a sheet belongs to the table of records, in real files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from sync.records import to_workbook
from sync.workbook.read import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sync.model import Workbook


def made(
    path: Path,
    cells: Mapping[str, object],
    *,
    merged: Sequence[str] = (),
    lists: Sequence[tuple[str, int]] = (),
    names: str = "",
) -> Path:
    """Write a Records sheet: cells by address, merged ranges, Excel tables (range and rows of totals)."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Records"
    for address, value in cells.items():
        sheet[address] = value  # type: ignore[assignment]  # texts and numbers
    for area in merged:
        sheet.merge_cells(area)
    for number, (area, totals) in enumerate(lists):
        table = Table(displayName=f"T{number}", ref=area, totalsRowCount=totals)
        sheet.add_table(table)
    if names:
        book.create_sheet("Settings").append(["Column names", names])
    book.save(path)
    return path


def grid(first: str, *rows: Sequence[object]) -> dict[str, object]:
    """Place rows from an address on."""
    letter, row = first[0], int(first[1:])
    return {
        f"{chr(ord(letter) + right)}{row + down}": value
        for down, values in enumerate(rows)
        for right, value in enumerate(values)
        if value != ""
    }


PRODUCTS = [["Record ID", "Name", "Excerpt"], ["A1", "Oak", ""], ["A2", "Elm", ""], ["A3", "Ash", ""]]


def checked(path: Path) -> Workbook:
    return to_workbook(read(path), None)


def said(book: Workbook) -> list[tuple[str, str]]:
    assert all(problem.warning for problem in book.problems), book.problems
    return [(problem.where, problem.kind) for problem in book.problems]


def ids(book: Workbook) -> list[str]:
    return [record.key.record_id for record in book.records]


def test_another_table_to_the_right_is_not_sent_and_that_is_said(tmp_path: Path) -> None:
    cells = {**grid("A1", *PRODUCTS), **grid("E1", ["Colour", "Code"], ["red", "R"], ["blue", "B"])}
    book = checked(made(tmp_path / "a.xlsx", cells))
    assert said(book) == [("Records!E1", "another-table")]
    assert "E:F" in book.problems[0].what
    assert all(record.inputs.attributes == () for record in book.records)
    assert ids(book) == ["A1", "A2", "A3"]


def test_columns_behind_an_empty_one_belong_to_the_records_if_one_is_ours_or_named_in_settings(tmp_path: Path) -> None:
    cells = {**grid("A1", ["Record ID", "Name"], ["A1", "Oak"]), **grid("D1", ["Colour", "Excerpt"], ["red", ""])}
    book = checked(made(tmp_path / "a.xlsx", cells))
    assert said(book) == []
    assert book.records[0].inputs.attributes[0].name == "Colour"
    cells = {**grid("A1", *PRODUCTS), **grid("E1", ["Farbe"], ["rot"])}
    book = checked(made(tmp_path / "b.xlsx", cells, names="Farbe = Farbe"))
    assert said(book) == []
    assert book.records[0].inputs.attributes[0].values == ("rot",)


def test_of_two_tables_with_ids_the_one_that_says_record_id_is_taken(tmp_path: Path) -> None:
    cells = {**grid("A1", ["ID", "Title"], ["7", "Colours"]), **grid("D1", *PRODUCTS)}
    book = checked(made(tmp_path / "a.xlsx", cells))
    assert said(book) == [("Records!A1", "another-table")]
    assert ids(book) == ["A1", "A2", "A3"]
    assert book.records[0].inputs.name == "Oak"


def test_a_table_of_excel_that_touches_ours_is_another_one(tmp_path: Path) -> None:
    cells = {**grid("A1", *PRODUCTS), **grid("D1", ["Colour", "Code"], ["red", "R"])}
    book = checked(made(tmp_path / "a.xlsx", cells, lists=[("A1:C4", 0), ("D1:E2", 0)]))
    assert said(book) == [("Records!D1", "another-table")]
    assert book.records[0].inputs.attributes == ()


def test_another_table_below_is_left_out_from_its_headings_on(tmp_path: Path) -> None:
    cells = {**grid("A1", *PRODUCTS), **grid("A7", ["Name", "ID", "Excerpt"], ["Colours", "7", "x"], ["Sizes", "8"])}
    book = checked(made(tmp_path / "a.xlsx", cells))
    assert said(book) == [("Records!A7", "another-table")]
    assert "rows 7 to 9" in book.problems[0].what
    assert ids(book) == ["A1", "A2", "A3"]


def test_headings_that_come_again_are_no_record(tmp_path: Path) -> None:
    cells = {**grid("A1", *PRODUCTS), **grid("A5", *PRODUCTS[:1], ["B1", "Fir", ""])}
    book = checked(made(tmp_path / "a.xlsx", cells))
    assert said(book) == [("Records!A5", "headings-again")]
    assert ids(book) == ["A1", "A2", "A3", "B1"]


def test_notes_beneath_are_no_records_but_rows_after_a_gap_are(tmp_path: Path) -> None:
    cells = {
        **grid("A1", *PRODUCTS),
        **grid("A6", ["B1", "Fir"]),
        "A9": "Prices as of May",
        "B11": "Ask Ms Braun first",
    }
    book = checked(made(tmp_path / "a.xlsx", cells))
    assert said(book) == [("Records!A9", "not-a-record"), ("Records!B11", "not-a-record")]
    assert ids(book) == ["A1", "A2", "A3", "B1"]


def test_ids_of_two_words_alone_in_their_rows_are_no_notes_where_all_look_like_that(tmp_path: Path) -> None:
    cells = grid("A1", ["Record ID", "Action", "Name", "Excerpt"], ["A 1"], ["A 2"], [""], ["A 3"])
    path = made(tmp_path / "a.xlsx", cells)
    assert read(path).columns[1] == ["A 1", "A 2", "A 3"]


def test_the_totals_of_an_excel_table_are_no_record(tmp_path: Path) -> None:
    cells = {**grid("A1", *PRODUCTS), "A5": "Total", "B5": "3 products"}
    book = checked(made(tmp_path / "a.xlsx", cells, lists=[("A1:C5", 1)]))
    assert ids(book) == ["A1", "A2", "A3"]


def test_a_small_table_with_an_id_above_does_not_win_over_the_records(tmp_path: Path) -> None:
    cells = {**grid("A1", ["ID", "4711"], ["Season", "Spring"]), **grid("A5", *PRODUCTS)}
    tables = read(made(tmp_path / "a.xlsx", cells))
    assert tables.header_row == 5
    assert list(tables.rows) == [6, 7, 8]


@pytest.mark.parametrize("above", range(10))
def test_headings_are_found_on_any_of_the_first_ten_rows(tmp_path: Path, above: int) -> None:
    cells = {f"A{row}": f"Title {row}" for row in range(1, above + 1)} | grid(f"A{above + 1}", *PRODUCTS)
    assert read(made(tmp_path / "a.xlsx", cells)).header_row == above + 1


def test_headings_of_an_excel_table_are_found_further_down_too(tmp_path: Path) -> None:
    cells = {f"A{row}": f"Title {row}" for row in range(1, 15)} | grid("A20", *PRODUCTS)
    assert read(made(tmp_path / "a.xlsx", cells, lists=[("A20:C23", 0)])).header_row == 20


def test_headings_merged_over_two_rows_have_their_lower_text(tmp_path: Path) -> None:
    cells = grid("A1", ["Record ID", "Name", "Details", "", "Excerpt"], ["", "", "Colour", "Size", ""],
                 ["A1", "Oak", "red", "L", ""])  # fmt: skip
    path = made(tmp_path / "a.xlsx", cells, merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2"])
    tables = read(path)
    assert tables.header_row == 2
    assert [text for _, text in tables.headings] == ["Record ID", "Name", "Colour", "Size", "Excerpt"]
    book = to_workbook(tables, None)
    assert said(book) == []
    assert [attribute.name for attribute in book.records[0].inputs.attributes] == ["Colour", "Size"]


def test_a_heading_merged_upwards_counts_for_the_row_of_the_ids(tmp_path: Path) -> None:
    cells = grid("A1", ["", "Name", "Excerpt"], ["Record ID", "", ""], ["A1", "Oak", ""])
    tables = read(made(tmp_path / "a.xlsx", cells, merged=["B1:B2", "C1:C2"]))
    assert [text for _, text in tables.headings] == ["Record ID", "Name", "Excerpt"]


def test_a_heading_merged_sideways_is_that_of_its_first_column_and_the_other_is_told(tmp_path: Path) -> None:
    cells = grid("A1", ["Record ID", "Name", "Colour", "", "Excerpt"], ["A1", "Oak", "red", "blue", ""])
    book = checked(made(tmp_path / "a.xlsx", cells, merged=["C1:D1"]))
    assert said(book) == [("Records!D1", "no-heading")]
    assert "Colour, merged across C1:D1" in book.problems[0].what


def test_german_and_french_headings_work_through_the_column_names(tmp_path: Path) -> None:
    german = grid(
        "A3", ["Artikel-\nnummer", "Bezeichnung", "Größe (cm)", "Kurzbeschreibung"], ["4711", "Hocker", 45, ""]
    )
    names = "Artikel-nummer = Record ID\nBezeichnung = Name; Kurzbeschreibung = Excerpt"
    book = checked(made(tmp_path / "a.xlsx", {"A1": "Sortiment 2026", **german}, names=names))
    assert ids(book) == ["4711"]
    assert book.records[0].inputs.name == "Hocker"
    assert [attribute.name for attribute in book.records[0].inputs.attributes] == ["Größe (cm)"]
    french = grid("A1", ["Référence", "Désignation", "Matière", "Résumé"], ["R-1", "Tabouret", "chêne", "Texte"])
    names = "référence = Record ID\nDésignation = Name\nMatière = Material\nRésumé = Excerpt"
    book = checked(made(tmp_path / "b.xlsx", french, names=names))
    assert ids(book) == ["R-1"]
    assert book.records[0].texts == {"excerpt": "Texte"}
    assert book.records[0].inputs.attributes[0].name == "Material"


def test_hidden_and_filtered_rows_and_columns_are_read_and_very_hidden_sheets_too(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", grid("A1", *PRODUCTS))
    book = openpyxl.load_workbook(path)
    sheet = book["Records"]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:C4"
    sheet.auto_filter.add_filter_column(0, ["A1"])
    book.create_sheet("Other")
    sheet.sheet_state = "veryHidden"
    book.active = 1
    book.save(path)
    found = checked(path)
    assert ids(found) == ["A1", "A2", "A3"]
    assert found.records[1].inputs.name == "Elm"


def test_a_merged_area_over_the_headings_and_all_below_hides_none_of_the_records(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", grid("A1", *PRODUCTS))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merged_cells.add("A1:C9")  # as a damaged or a foreign file has it: the cells below are there
    book.save(path)
    assert [record.key.record_id for record in checked(path).records] == ["A1", "A2", "A3"]


def test_a_second_table_with_some_of_the_same_headings_is_none_of_the_records(tmp_path: Path) -> None:
    cells = grid("A1", *PRODUCTS) | grid("A8", ["Record ID", "Amount", "Excerpt"], ["99", "5", ""], ["100", "7", ""])
    assert [record.key.record_id for record in checked(made(tmp_path / "a.xlsx", cells)).records] == ["A1", "A2", "A3"]
