"""What was spent, in words and in cells: by month, real and simulated apart, and nothing a spreadsheet works out."""

from __future__ import annotations

import pytest

from sync.batch import Charge
from sync.report.ledger_text import by_month, charge_cells, ledger_text
from tests.nouns import text_key

OCTOBER, NOVEMBER = 1793404800.0, 1793491200.0  # 2026-10-31 and 2026-11-01, 00:00 UTC


def charge(record: str, at: float, credits_: float, *, simulated: bool = False) -> Charge:
    return Charge(text_key(record), "s", "r1", at, credits_, simulated=simulated)


CHARGES = (charge("A", OCTOBER, 1.0), charge("A", NOVEMBER, 2.0), charge("B", NOVEMBER, 4.0, simulated=True))


def test_months_are_summed_up_and_what_was_simulated_stands_apart() -> None:
    assert by_month(CHARGES) == [
        {"month": "2026-10", "simulated": False, "texts": 1, "credits": 1.0},
        {"month": "2026-11", "simulated": False, "texts": 1, "credits": 2.0},
        {"month": "2026-11", "simulated": True, "texts": 1, "credits": 4.0},
    ]
    told = ledger_text("shop.xlsx", CHARGES)
    assert "shop.xlsx: 3 credits for 2 texts of 1 record\n" in told
    assert "shop.xlsx: 4 credits for 1 text of 1 record (simulated: no real credits)" in told
    assert "2026-11   2 credits for 1 text" in told


@pytest.mark.parametrize("record", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_cell_is_a_formula_to_a_spreadsheet(record: str) -> None:
    assert f"'{record}" in charge_cells(charge(record, NOVEMBER, 1.0))


def test_an_ordinary_id_stays_as_it_is() -> None:
    cells = charge_cells(charge("00-1", NOVEMBER, 1.5))
    assert "00-1" in cells
    assert cells[-1] == "1.5"
