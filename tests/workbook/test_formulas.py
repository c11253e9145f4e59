"""Properties that are worked out from what wtsync writes: sent along, each text would change its own product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sync.records import to_workbook
from sync.workbook.read import read

if TYPE_CHECKING:
    from pathlib import Path


def made(path: Path, *formulas: str, rows: int = 3) -> Path:
    """Write records with a text in D, and columns of formulas from E on; {} stands for the row."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Records")
    sheet.write_row(0, 0, ["Record ID", "Name", "Width", "Page title", *(f"F{n}" for n in range(len(formulas)))])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [f"A{row}", "Oak", 40 + row, "A title"])
        for column, formula in enumerate(formulas, 4):
            sheet.write_formula(row, column, formula.format(row + 1), None, 7)
    book.close()
    return path


def sent(path: Path) -> tuple[set[str], list[str]]:
    book = to_workbook(read(path), None)
    return {attribute.name for attribute in book.records[0].inputs.attributes}, [one.kind for one in book.problems]


@pytest.mark.parametrize(
    "formula",
    ["=LEN(D{})", "=LEN($D{})", "=IF(C{0}>3,LEN(D{0}),0)", "=LEN(TRIM(D{}))", "=SUM(D:D)"],
)
def test_a_column_that_reads_our_text_is_not_sent_and_that_is_told(tmp_path: Path, formula: str) -> None:
    assert sent(made(tmp_path / "a.xlsx", formula)) == ({"Width"}, ["worked-out-of-texts"])


@pytest.mark.parametrize("formula", ["=C{}*2", '=IF(C{}>40,"D2","no")', "=LOG10(C{})", "=Other!D{}", "=ROUND(C{},2)"])
def test_a_column_that_is_worked_out_from_the_product_is_a_property_like_any_other(
    tmp_path: Path, formula: str
) -> None:
    assert sent(made(tmp_path / "a.xlsx", formula)) == ({"Width", "F0"}, [])


def test_what_is_worked_out_in_several_steps_is_not_sent_either(tmp_path: Path) -> None:
    assert sent(made(tmp_path / "a.xlsx", "=LEN(D{})", "=E{}*2", "=C{}+1")) == (
        {"Width", "F2"},
        ["worked-out-of-texts", "worked-out-of-texts"],
    )


def test_a_text_column_of_formulas_is_none_of_the_properties(tmp_path: Path) -> None:
    assert sent(made(tmp_path / "a.xlsx", rows=1)) == ({"Width"}, [])
