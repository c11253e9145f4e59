"""The sheets about keywords in a real workbook: made, read back, rearranged by people, and written anew."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import PatternFill

from sync.cli.keyword_pages import Pages, keyword_pages
from sync.cli.own_sheets import asked_sheet
from sync.keyword_sheets.marks import mark
from sync.model import Keyword, Pipeline
from sync.workbook.read import read
from sync.workbook.save import save
from tests.cli.shop import make_workbook
from tests.keyword_sheets.found import found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.marks import Mark
    from sync.workbook.certificate import Certificate

STOOL = Keyword("oak stool", "chosen", "c1", "p1", "Mid", "commercial", 880, "Mid", 9, "2026-11-02", "Published")
PINE = Keyword("pine stool", volume=90, rank=40)
PIPELINE = Pipeline("p1", "Stools", "Mid", "oak stool", 9, locked=False, deleted=False)


def known(*keywords: Keyword) -> list[Found]:
    first = found("00001", *(keywords or (STOOL, PINE)), pipelines=(PIPELINE,), started_at=1764378061.0)
    return [first, found("00002", looked=False, own=("pine stool",))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make_workbook(tmp_path / "shop.xlsx", 2)


def write(
    file: Path, listed: list[Found] | None = None, marks: Sequence[Mark] = ()
) -> tuple[Certificate | None, tuple[str, ...]]:
    """Bring the sheets up to date as a command does; every write is verified before the file is replaced."""
    pages = keyword_pages(file, listed or known(), marks)
    written = bool(pages.sheets or pages.edits)
    return (save(file, pages.edits, pages.sheets).certificate if written else None), pages.said


def by_heading(file: Path, name: str = "Keywords") -> list[dict[str, Any]]:
    header, *rows = load_workbook(file)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def in_excel(file: Path, change: Callable[[Workbook], object]) -> None:
    book = load_workbook(file)
    change(book)
    book.save(file)


def column(sheet: Worksheet, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == heading)


def test_the_sheets_are_added_and_nothing_else_changes(file: Path) -> None:
    certificate, said = write(file)
    assert certificate is not None
    assert (certificate.sheets_added, certificate.cells_changed, said) == (3, 0, ())
    assert load_workbook(file).sheetnames[-3:] == ["Keyword runs", "Keywords", "Pipelines"]
    (pine, oak) = by_heading(file)
    assert (pine["Keyword"], pine["Also targeted by"], pine["Search volume"]) == ("pine stool", "00002", 90)
    assert oak["Data as of"] == datetime(2026, 11, 2)  # noqa: DTZ001 - a cell has no time zone
    assert (oak["Change"], oak["Decision"], oak["State"]) == (None, None, "Published")


def test_they_are_made_for_a_meeting(file: Path) -> None:
    write(file)
    sheet = load_workbook(file)["Keywords"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Y1048576"
    (offered,) = sheet.data_validations.dataValidation
    assert (offered.formula1, str(offered.sqref)) == ('"use,drop"', "E2:E1048576")
    kinds = {str(one.sqref)[0]: rule.type for one in sheet.conditional_formatting for rule in one.rules}
    assert kinds == {"F": "dataBar", "I": "colorScale", "K": "iconSet"}


def test_they_are_no_place_for_records(file: Path) -> None:
    write(file)
    assert read(file).sheet == "Records"


def test_a_second_write_of_the_same_leaves_the_file_as_it_is(file: Path) -> None:
    write(file)
    assert write(file) == (None, ())


def test_a_keyword_that_looks_like_a_formula_is_a_text(file: Path) -> None:
    write(file, known(Keyword("=1+1"), Keyword("@sum"), Keyword("-5")))
    cells = load_workbook(file)["Keywords"]["D"]
    assert {(cell.value, cell.data_type) for cell in cells[1:]} == {("=1+1", "s"), ("@sum", "s"), ("-5", "s")}


def test_decisions_and_own_columns_stay_with_their_keyword_wherever_people_put_them(file: Path) -> None:
    write(file)

    def arrange(book: Workbook) -> None:
        sheet = book["Keywords"]
        sheet.insert_cols(1)
        sheet.delete_cols(column(sheet, "Cluster"))
        rows = {sheet.cell(row, column(sheet, "Keyword")).value: row for row in (2, 3)}
        sheet["A1"] = "Owner"
        sheet.cell(1, sheet.max_column + 1, "Seen on")
        sheet.cell(rows["oak stool"], 1, "Ana")
        sheet.cell(rows["oak stool"], 1).fill = PatternFill("solid", fgColor="FFFF00")
        sheet.cell(rows["pine stool"], sheet.max_column, datetime(2026, 11, 28))  # noqa: DTZ001 - as a person types it
        sheet.cell(rows["oak stool"], column(sheet, "Decision"), "use")

    in_excel(file, arrange)
    certificate, said = write(file, known(STOOL, PINE, Keyword("elm stool", volume=2000)))
    assert said == ()
    assert certificate is not None
    assert certificate.sheets_rewritten == 2
    rows = {row["Keyword"]: row for row in by_heading(file)}
    assert list(rows) == ["pine stool", "elm stool", "oak stool"]
    assert [row["Owner"] for row in rows.values()] == [None, None, "Ana"]
    assert [row["Decision"] for row in rows.values()] == [None, None, "use"]
    assert rows["pine stool"]["Seen on"] == datetime(2026, 11, 28)  # noqa: DTZ001 - a cell has no time zone
    assert "Cluster" not in rows["oak stool"]
    assert load_workbook(file)["Keywords"]["A4"].fill.fgColor.rgb == "00FFFF00"


def test_a_keyword_that_is_gone_stays_while_something_of_theirs_is_in_its_row(file: Path) -> None:
    write(file, known(STOOL, PINE, Keyword("elm stool")))

    def decide(book: Workbook) -> None:
        sheet = book["Keywords"]
        for row in range(2, 5):
            if sheet.cell(row, column(sheet, "Keyword")).value == "pine stool":
                sheet.cell(row, column(sheet, "Decision"), "drop")
        sheet.cell(6, 2, "ask Ben about the elm")

    in_excel(file, decide)
    write(file, known(STOOL))
    rows = by_heading(file)
    assert [row["Keyword"] for row in rows] == ["oak stool", "pine stool", None]
    assert (rows[1]["Decision"], rows[1]["Needs a person"]) == ("drop", "the service no longer reports this")
    assert rows[2]["Record ID"] == "ask Ben about the elm"


def test_a_sheet_of_their_own_with_that_name_stays_and_the_others_are_written(file: Path) -> None:
    in_excel(file, lambda book: book.create_sheet("Keywords").append(["Keyword", "Idea of"]))
    certificate, said = write(file)
    assert certificate is not None
    assert certificate.sheets_added == 2
    assert "a sheet named Keywords already, and it is not one that wtsync made" in said[0]
    assert "What is known of keywords was not written there." in said[0]
    assert by_heading(file) == []


def test_a_formula_in_a_column_of_theirs_is_not_lost_but_said(file: Path) -> None:
    write(file)
    in_excel(file, lambda book: book["Keywords"].cell(2, 27, "=F2*2"))
    _, (said,) = write(file, known(STOOL))
    assert "holds formulas" in said
    assert load_workbook(file)["Keywords"].cell(2, 27).value == "=F2*2"


def decide(file: Path, word: str, keyword: str = "oak stool", **more: str) -> None:
    """Do as a person does on the sheet Keywords, or on Pipelines where the keyword is a pipeline."""
    name, heading = ("Pipelines", "Pipeline") if keyword == "p1" else ("Keywords", "Keyword")

    def change(book: Workbook) -> None:
        sheet = book[name]
        (row,) = [row for row in range(2, 5) if sheet.cell(row, column(sheet, heading)).value == keyword]
        for said, text in {"Decision": word, **more}.items():
            sheet.cell(row, column(sheet, said), text)

    in_excel(file, change)


def marks_of(file: Path, name: str = "Keywords", heading: str = "Decision", **said: str) -> list[Mark]:
    """Mark every row of a sheet in which a decision stands."""
    asked = asked_sheet(file, name)
    assert asked is not None
    return [mark(asked, asked.cell(row, heading), **said) for row, cells in asked.rows if cells[heading]]


def test_what_was_carried_out_is_taken_out_of_its_cell_and_said_in_the_row_it_has_been_sorted_to(file: Path) -> None:
    write(file)
    decide(file, "use")
    marks = marks_of(file, done="2026-11-29 01:30 use")

    def sort(book: Workbook) -> None:
        sheet = book["Keywords"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, 2)
        for row in reversed(rows):
            sheet.append(row)

    in_excel(file, sort)
    write(file, marks=marks)
    rows = {row["Keyword"]: row for row in by_heading(file)}
    assert (rows["oak stool"]["Decision"], rows["oak stool"]["Done"]) == (None, "2026-11-29 01:30 use")
    assert rows["pine stool"]["Done"] is None
    decide(file, "drop")
    write(file)
    assert {row["Keyword"]: row["Decision"] for row in by_heading(file)}["oak stool"] == "drop"


def test_a_decision_that_was_changed_meanwhile_stays(file: Path) -> None:
    write(file)
    decide(file, "use")
    marks = marks_of(file, done="now")
    decide(file, "drop")
    write(file, marks=marks)
    rows = {row["Keyword"]: row for row in by_heading(file)}
    assert (rows["oak stool"]["Decision"], rows["oak stool"]["Done"]) == ("drop", None)


def test_what_could_not_be_carried_out_stays_with_the_reason(file: Path) -> None:
    write(file)
    decide(file, "uze")
    write(file, marks=marks_of(file, message="Did you mean use?"))
    rows = {row["Keyword"]: row for row in by_heading(file)}
    assert (rows["oak stool"]["Decision"], rows["oak stool"]["Message"]) == ("uze", "Did you mean use?")


def test_where_a_sheet_cannot_be_written_anew_only_the_rows_with_decisions_are(file: Path) -> None:
    write(file)
    decide(file, "use")
    in_excel(file, lambda book: book["Keywords"].cell(2, 27, "=F2*2"))
    certificate, said = write(file, known(STOOL), marks_of(file, done="now"))
    assert certificate is not None
    assert (certificate.cells_changed, certificate.sheets_rewritten, len(said)) == (2, 1, 1)
    assert {row["Keyword"]: row["Done"] for row in by_heading(file)} == {"oak stool": "now", "pine stool": None}


def test_what_a_trigger_is_to_watch_stays_as_typed_until_it_is_carried_out(file: Path) -> None:
    write(file)
    decide(file, "trigger", "p1", **{"Trigger condition": "Ranking", "Trigger value": "10"})
    write(file, known(STOOL))
    assert by_heading(file, "Pipelines")[0]["Trigger condition"] == "Ranking"
    write(file, known(STOOL), marks_of(file, "Pipelines", done="now"))
    assert by_heading(file, "Pipelines")[0]["Trigger condition"] is None


def test_the_sheet_for_manual_keywords_is_made_once_and_its_rows_are_marked(file: Path) -> None:
    pages = keyword_pages(file, known(), manual=True)
    save(file, pages.edits, pages.sheets)
    assert load_workbook(file)["Manual keywords"].data_validations.dataValidation[0].formula1 == '"add,remove"'
    for word in (2024, "elm"):
        in_excel(file, lambda book, word=word: book["Manual keywords"].append(["00001", word, "add"]))  # type: ignore[misc]
    certificate, _ = write(file, marks=marks_of(file, "Manual keywords", "Add or remove", done="now", message="fine"))
    assert certificate is not None
    assert (certificate.cells_changed, certificate.sheets_rewritten) == (4, 0)
    rows = by_heading(file, "Manual keywords")
    assert [(row["Keyword"], row["Add or remove"], row["Done?"], row["Message"]) for row in rows] == [
        (2024, "add", "now", "fine"),
        ("elm", "add", "now", "fine"),
    ]
    assert keyword_pages(file, known(), manual=True) == Pages()


def test_moments_are_right_where_days_count_from_1904(file: Path) -> None:
    in_excel(file, lambda book: setattr(book, "epoch", datetime(1904, 1, 1)))  # noqa: DTZ001 - what openpyxl wants
    write(file)
    (row,) = by_heading(file, "Keyword runs")
    assert row["Started at"] == datetime(2025, 11, 29, 1, 1)  # noqa: DTZ001 - a cell has no time zone


def test_without_results_there_are_no_sheets(file: Path) -> None:
    assert write(file, [found("00001", looked=False), found("00002", looked=False)]) == (None, ())
