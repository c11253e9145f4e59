"""What people do in a story: in Excel, which openpyxl carries out, and on the service's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

EVERY_ROW = "every row"


@dataclass
class CellEdit:
    """What a person writes into a cell; without a sheet, into one of Records or, where it says so, of Settings."""

    where: str
    column: str
    write: str
    sheet: str = ""


@dataclass
class TextEdit:
    """A text that a person types over on the service's own pages."""

    record_id: str
    text: str
    write: str


@dataclass
class Wish:
    """A change for which an editor asks on the service's own pages."""

    record_id: str
    text: str
    asks_for: str
    says: str


Deed = CellEdit | TextEdit | Wish
TABLES: dict[tuple[str, ...], type[Deed]] = {
    ("Where", "Column", "Write"): CellEdit,
    ("Sheet", "Where", "Column", "Write"): CellEdit,
    ("On the website", "Text", "Write"): TextEdit,
    ("On the website", "Text", "Asks for", "Says"): Wish,
}
"""The headings of a table in a session, and what its rows are."""


def deed(headings: tuple[str, ...], cells: Sequence[str]) -> Deed:
    """Make what a row of a table says."""
    if headings[0] == "Sheet":
        sheet, where, column, write = cells
        return CellEdit(where, column, write, sheet)
    return TABLES[headings](*cells)


def edit(path: Path, edits: Sequence[CellEdit]) -> None:
    """Write into cells as a person would, through another program than ours."""
    book = load_workbook(path)
    for one in edits:
        if one.where == "Settings":
            book["Settings"].cell(_row(book["Settings"], one.column), 2).value = one.write or None
            continue
        sheet = book[one.sheet or "Records"]
        columns = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
        for row in _rows(sheet, columns, one.where):
            sheet.cell(row, columns[one.column]).value = one.write or None
    book.save(path)
    book.close()


def _row(settings: Worksheet, name: str) -> int:
    return next(row for row in range(1, settings.max_row + 1) if settings.cell(row, 1).value == name)


def _rows(sheet: Worksheet, columns: dict[str, int], where: str) -> list[int]:
    """Find the rows that a table means; one at least."""
    if where.startswith("row "):
        return [int(where.removeprefix("row "))]
    record_id, *more = where.split("; ")
    found = [
        row
        for row in range(2, sheet.max_row + 1)
        if (there := sheet.cell(row, columns["Record ID"]).value)
        and (where == EVERY_ROW or there == record_id)
        and set(more) <= {str(cell.value) for cell in sheet[row]}
    ]
    assert found, f"{sheet.title} has no row {where}"
    return found


class Website:
    """The service's own pages, for the shop of a workbook."""

    def __init__(self, url: str, key: str, workbook: Path) -> None:
        self._url, self._key = url, key
        book = load_workbook(workbook, read_only=True)
        settings = {str(row[0]): str(row[1]) for row in book["Settings"].iter_rows(max_col=2, values_only=True)}
        book.close()
        self._place = {"type": "Product", "storeId": settings["Store"], "language": settings["Language"]}

    def carry_out(self, done: TextEdit | Wish) -> None:
        """Do what somebody does there."""
        with httpx.Client(base_url=self._url, trust_env=False) as http:
            place = {**self._place, "recordId": done.record_id}
            if isinstance(done, Wish):
                told = {"field": done.text, "wish": done.asks_for, "comment": done.says, "editor": "ines@example.com"}
                http.post("/_simulator/review", json=place | told).raise_for_status()
                return
            token = http.get("/web/apitoken/accesstoken", headers={"WriteTextAI-Token": self._key}).json()
            http.headers["Authorization"] = f"Bearer {token['access_token']}"
            found = http.get("/text/Generate", params=place).json()["records"][0]
            text_id = next(held["texts"][0]["id"] for held in found["stores"] if held["field"] == done.text)
            typed = {"field": done.text, "textId": text_id, "value": done.write}
            http.post("/text/Generate/text", json=place | {"fields": [typed]}).raise_for_status()
