"""The page of calls: up to date, no row open, and each test that it names is there."""

from __future__ import annotations

from sync.service.endpoints import ENDPOINTS
from tests.service.coverage import PAGE, answering, modules, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "make coverage-page"


def test_no_row_is_open() -> None:
    assert [name for name, found in modules().items() if not found] == [], "no module makes this call"
    assert set(answering()) == set(ENDPOINTS), "each call has the one test that is marked with it"
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(ENDPOINTS)
    assert [row for row in rows if any(not cell.strip() for cell in row.strip("|").split("|"))] == []


def test_a_call_that_nobody_makes_would_be_an_open_row() -> None:
    assert modules()["texts"] == ("sync.service.texts",)
    assert "sync.service.reference" in modules()["tones"]
