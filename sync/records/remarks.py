"""What reading has seen besides the records, in words: what was left out of the table, and formats not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import Cell
from sync.records.problems import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.records.columns import Columns
    from sync.records.problems import Findings
    from sync.tables import Remark, Tables

_SPOKEN = {
    "apart": Flaw(
        "another-table", "",
        "An empty column, or the border of a table, parts this from the products: {detail} is not used.",
        "If it belongs to the products, move it next to them, or write the headings beside Column names on Settings: "
        "{value} = {value}.",
        warning=True),
    "other-table": Flaw(
        "another-table", "", "Another table seems to begin here: {detail} of the sheet are not used.",
        "If these are products, remove the empty row and the headings above them.",
        warning=True),
    "headings-again": Flaw(
        "headings-again", "", "The headings stand here once more; this row is not used.", "Remove the row.",
        warning=True),
    "notes": Flaw(
        "not-a-record", "", "This looks like a remark below the products and not like one of them: {detail} not used.",
        "If it is a product, fill in its other columns, or remove the empty row above it.",
        warning=True),
    "format": Flaw(
        "unknown-format", "", "The number format of this cell ({detail}) cannot be followed, so the bare number is "
        "used, here and in the rest of the column.",
        "If it should read otherwise, type the value as a text.",
        warning=True),
}  # fmt: skip


def note_remarks(tables: Tables, columns: Columns, findings: Findings) -> None:
    """Note what reading has remarked; of columns that are not used, nothing."""
    used = set(columns.all())
    for remark in tables.remarks:
        spoken = _SPOKEN.get(remark.kind)
        if spoken is None or (remark.kind == "format" and remark.column not in used):
            continue
        findings.in_records(Cell(tables.sheet, remark.row, remark.column), spoken._replace(
            value=remark.value, what=_fill(spoken.what, remark), remedy=_fill(spoken.remedy, remark)))  # fmt: skip


def merged_headings(remarks: Iterable[Remark]) -> dict[int, Remark]:
    """Give the columns over which the heading of another one reaches."""
    return {remark.column: remark for remark in remarks if remark.kind == "merged-heading"}


def _fill(text: str, remark: Remark) -> str:
    verb = "is" if remark.detail.startswith("row ") else "are"
    detail = remark.detail if remark.kind != "notes" else f"{remark.detail} {verb}"
    if remark.kind == "other-table":
        text = text.replace("are not", f"{verb} not")
    return text.replace("{detail}", detail).replace("{value}", remark.value)
