"""Workbooks that XlsxWriter and openpyxl write, with what nobody would want to write by hand."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.workbooks.books_of_drawings import PNG

if TYPE_CHECKING:
    from pathlib import Path

_WHEN = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC).replace(tzinfo=None)  # both libraries want it bare


def _records(book: Any, name: str = "Records") -> Any:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, ["Record ID", "Price", "Text"], book.add_format({"bold": True}))
    for number in range(1, 9):
        sheet.write_row(number, 0, [f"P{number:03}", number * 10.5])
    return sheet


def _charts(book: Any) -> None:
    sheet = _records(book)
    for number, kind in enumerate(("column", "line", "pie", "scatter", "doughnut", "radar")):
        chart = book.add_chart({"type": kind})
        chart.add_series({"categories": "=Records!$A$2:$A$9", "values": "=Records!$B$2:$B$9", "name": "=Records!$B$1"})
        chart.set_title({"name": f"{kind} <&>"})
        sheet.insert_chart(1 + 15 * number, 5, chart)
    book.add_chartsheet("Chart").set_chart(_chart(book))


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Records!$B$2:$B$9"})
    return chart


def _pictures(book: Any) -> None:
    sheet = _records(book)
    sheet.insert_image("F2", "dot.png", {"image_data": io.BytesIO(PNG), "url": "https://example.com"})
    sheet.insert_textbox("F6", "A box", {"textlink": "=$A$2"})
    sheet.insert_button("F12", {"caption": "Press", "macro": "go"})
    sheet.set_header("&L&[Picture]", {"image_left": "dot.png", "image_data_left": io.BytesIO(PNG)})
    sheet.set_background(io.BytesIO(PNG))
    sheet.write_comment("B2", "A note", {"author": "Ada", "visible": True})
    sheet.embed_image("D2", "dot.png", {"image_data": io.BytesIO(PNG)})


def _formats(book: Any) -> None:
    sheet = _records(book)
    sheet.conditional_format("B2:B9", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.conditional_format("A2:A9", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.add_sparkline("D2", {"range": "Records!B2:B9", "type": "column"})
    sheet.data_validation("C2:C9", {"validate": "list", "source": ["Generate", "Skip"]})
    sheet.write_rich_string("C3", "plain ", book.add_format({"italic": True}), "italic", " plain")
    sheet.set_row(4, 30, book.add_format({"bg_color": "yellow"}))
    sheet.set_column("C:C", 40, book.add_format({"text_wrap": True}))
    sheet.ignore_errors({"number_stored_as_text": "A1:A9"})
    sheet.write_url("D5", "internal:Records!A1", string="home")
    sheet.autofilter("A1:C9")
    sheet.filter_column("B", "x > 20")


def _tables(book: Any) -> None:
    sheet = book.add_worksheet("Records")
    columns = [
        {"header": "Record ID"},
        {"header": "Price", "total_function": "sum"},
        {"header": "Double", "formula": "=[@Price]*2"},
    ]
    data = [[f"P{number:03}", number * 10.5] for number in range(1, 9)]
    sheet.add_table("A1:C10", {"columns": columns, "data": data, "total_row": True, "name": "Products"})
    sheet.write_dynamic_array_formula("E2", "=_xlfn.SORT(A2:A9)")
    sheet.write_array_formula("F2:F9", "{=B2:B9*2}")
    sheet.protect("secret", {"format_cells": True})
    book.add_worksheet("Hidden").very_hidden()


def _macros(book: Any) -> None:
    _records(book)
    book.add_vba_project(io.BytesIO(b"a made-up macro project " * 40), is_stream=True)


BY_XLSXWRITER = {
    "charts.xlsx": _charts,
    "pictures.xlsx": _pictures,
    "formats.xlsx": _formats,
    "tables.xlsx": _tables,
    "macros-of-another.xlsm": _macros,
}


def by_xlsxwriter(path: Path, name: str) -> None:
    """Let XlsxWriter make one of its workbooks."""
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    book.set_properties({"created": _WHEN, "title": "A workbook"})
    book.set_custom_property("Checked", value=True)
    BY_XLSXWRITER[name](book)
    book.close()


def huge(path: Path, rows: int = 2_500) -> None:
    """Let XlsxWriter write row by row, inline strings and all: a sheet of many blocks."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    book.set_properties({"created": _WHEN})
    sheet = book.add_worksheet("Records")
    for number in range(rows):
        sheet.write_row(number, 0, [f"P{number:06}", number, f"some text {number} " * 30, number % 7 == 0])
    book.close()


def by_openpyxl(path: Path) -> None:
    """Let openpyxl write whatever it can."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = _WHEN
    sheet = book.active
    assert sheet is not None
    sheet.title = "Records"
    sheet.append(["Record ID", "Price", "Text"])
    for number in range(1, 9):
        sheet.append([f"P{number:03}", number * 1.5])
    sheet["B2"].comment = Comment("A note", "Ada")
    sheet["D2"] = "=SUM(B2:B9)"
    sheet["D3"] = datetime(2021, 3, 4, tzinfo=UTC).replace(tzinfo=None)
    sheet.merge_cells("E2:F3")
    sheet.add_table(Table(displayName="Products", ref="A1:C9"))
    validation = DataValidation(type="list", formula1='"a,b"')
    validation.add("C2:C9")
    sheet.add_data_validation(validation)
    sheet.conditional_formatting.add("B2:B9", Rule(type="duplicateValues"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=9), titles_from_data=True)
    sheet.add_chart(chart, "H2")  # type: ignore[call-arg]  # the active sheet may be a chart
    sheet.row_dimensions.group(5, 7, hidden=True)
    sheet.freeze_panes = "A2"
    other = BarChart()
    other.add_data(Reference(sheet, min_col=2, min_row=1, max_row=9))
    book.create_chartsheet("Chart").add_chart(other)
    book.create_sheet("Other").append(["other"])
    book.save(path)
