"""With the workbook open elsewhere the results are offered in a file of their own, which goes when they are in."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from sync.cli.wiring import as_cell
from sync.journal import Journal, journal_path, last_service
from sync.model import RecordKey
from sync.workbook.template_results import ResultRow, make_results
from tests.cli.shop import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop

LOCKS = {
    "Excel": ("~$shop.xlsx", b"\x04Anna" + b" " * 50),
    "LibreOffice": (".~lock.shop.xlsx#", b",anna,pc,23.11.2026 10:00,file:///home/anna;"),
}


def lock(shop: Shop, program: str = "LibreOffice") -> Path:
    name, content = LOCKS[program]
    path = shop.folder / name
    path.write_bytes(content)
    return path


def texts(path: Path) -> dict[tuple[str, str], str]:
    sheet: Any = load_workbook(path)["Results"]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return {
        (row[0], text_type): row[header.index(heading)]
        for row in rows
        for heading, text_type in TEXTS.items()
        if heading in header and row[header.index(heading)]
    }


@pytest.mark.parametrize("program", LOCKS)
def test_w09_w10_open_elsewhere_the_results_are_offered_and_apply_brings_them_home(
    opened: Callable[..., Shop], program: str
) -> None:
    shop = opened(records=3)
    held = lock(shop, program)
    before = shop.file.read_bytes()
    done = shop.here("run", "shop.xlsx", "--yes", code=3)
    assert f"is open in {program}" in done.stderr
    assert (
        "Not in the workbook: 6 texts (6: the workbook is open elsewhere). They are in shop.results.xlsx" in done.stderr
    )
    assert shop.file.read_bytes() == before
    offered = shop.folder / "shop.results.xlsx"
    found = texts(offered)
    assert sorted(found) == shop.everything() == shop.charged()
    status = shop.here("status", "shop.xlsx").stdout
    assert "6 texts in the journal, not yet in the workbook" in status
    assert f"What waits can be read meanwhile in {offered}" in status
    data = json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]
    assert (data["waiting"], data["results"]) == (6, [str(offered)])
    busy = shop.here("apply", "shop.xlsx", code=4)
    assert f"is open in {program}" in busy.stderr
    assert texts(offered) == found
    held.unlink()
    applied = shop.here("apply", "shop.xlsx")
    assert "shop.results.xlsx has done its work and was removed." in applied.stdout
    assert shop.cells() == found
    assert not offered.exists()
    assert "results.xlsx" not in shop.here("status", "shop.xlsx").stdout


def test_a_run_that_finds_the_workbook_free_again_clears_the_results_too(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    held = lock(shop)
    shop.here("run", "shop.xlsx", "--yes", code=3)
    held.unlink()
    assert "has done its work and was removed" in shop.here("run", "shop.xlsx", "--yes").stdout
    assert sorted(shop.cells()) == shop.everything()
    assert [one.name for one in shop.folder.glob("*.xlsx")] == ["shop.xlsx"]


def test_results_that_somebody_has_saved_are_neither_removed_nor_written_over(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    held = lock(shop)
    shop.here("run", "shop.xlsx", "--yes", code=3)
    offered = shop.folder / "shop.results.xlsx"
    book = load_workbook(offered)
    book["Results"]["A9"] = "a remark of hers"
    book.save(offered)
    hers = offered.read_bytes()
    again = shop.here("apply", "shop.xlsx", code=4)
    second = shop.folder / "shop.results-2.xlsx"
    assert "They are in shop.results-2.xlsx" in again.stderr
    assert "shop.results.xlsx was saved by somebody since wtsync made it, so it stays" in again.stderr
    assert offered.read_bytes() == hers
    assert sorted(texts(second)) == shop.everything()
    held.unlink()
    shop.here("apply", "shop.xlsx")
    assert offered.read_bytes() == hers
    assert not second.exists()


def test_results_that_are_open_themselves_stay_until_the_next_write(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    held = lock(shop)
    shop.here("run", "shop.xlsx", "--yes", code=3)
    held.unlink()
    reading = shop.folder / ".~lock.shop.results.xlsx#"
    reading.write_bytes(LOCKS["LibreOffice"][1])
    done = shop.here("apply", "shop.xlsx")
    assert "shop.results.xlsx has done its work, but is open in LibreOffice by anna" in done.stdout
    assert (shop.folder / "shop.results.xlsx").exists()
    reading.unlink()
    shop.here("apply", "shop.xlsx")
    assert not (shop.folder / "shop.results.xlsx").exists()


def test_the_results_cannot_be_run_by_mistake(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    lock(shop)
    shop.here("run", "shop.xlsx", "--yes", code=3)
    for command in ("run", "plan", "apply"):
        assert "no sheet called Records" in shop.here(command, "shop.results.xlsx", code=4).stderr
    assert shop.charged() == shop.everything()


def test_w11_a_lock_that_a_crash_left_behind_is_a_warning_and_no_more(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    os.utime(lock(shop, "Excel"), (time.time() - 25 * 3600,) * 2)
    done = shop.here("run", "shop.xlsx", "--yes")
    assert "~$shop.xlsx says that the workbook is open in Excel by Anna: taken for a leftover." in done.stdout
    assert sorted(shop.cells()) == shop.everything()


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_w20_through_a_link_the_file_it_leads_to_is_written_and_keeps_its_mode(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    real = shop.folder / "real"
    real.mkdir()
    moved = shop.file.rename(real / "shop.xlsx")
    moved.chmod(0o660)
    shop.file.symlink_to(moved)
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.file.is_symlink()
    assert moved.stat().st_mode & 0o777 == 0o660
    assert sorted(shop.cells()) == shop.everything()


HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "#N/A",
    "_x0041_",
    "a\x07b",
    "a\ud800b",
    "x" * 40_000,
]


def test_w02_w03_w04_w05_w06_w07_texts_in_the_results_are_texts_whatever_they_look_like(tmp_path: Path) -> None:
    rows = [
        ResultRow(
            RecordKey("shop", "Product", f"=A{n}", "en"), {"excerpt": value}, "Done", "=why", "2026-11-23 10:00", 1.5
        )
        for n, value in enumerate(HOSTILE)
    ]
    path = tmp_path / "a.results.xlsx"
    make_results(path, rows, about=("=1+1", "two"))
    sheet: Any = load_workbook(path)["Results"]
    for row, value in zip(sheet.iter_rows(2), HOSTILE, strict=True):
        for cell in row[:-1]:
            assert cell.data_type == "s", cell.value
        excerpt = row[1]
        assert excerpt.quotePrefix is (value[:1] in "=+-@\t")
        assert row[-1].value == 1.5
    read = [row[1].value for row in sheet.iter_rows(2)]
    assert read[:4] == HOSTILE[:4]
    assert read[7:9] == ["ab", "ab"]
    assert read[9].endswith("… [cut]")
    first = path.read_bytes()
    make_results(path, rows, about=("=1+1", "two"))
    assert path.read_bytes() == first


def test_results_of_several_stores_and_languages_say_which_is_which(tmp_path: Path) -> None:
    keys = [RecordKey("shop", "Product", "A", language) for language in ("de", "en")]
    path = tmp_path / "a.results.xlsx"
    make_results(path, [ResultRow(key, {"excerpt": key.language}, "Done", "", "", None) for key in keys], about=("x",))
    rows = list(load_workbook(path)["Results"].values)
    assert rows[0][:3] == ("Record ID", "Language", "Excerpt")
    assert [row[:3] for row in rows[1:]] == [("A", "de", "de"), ("A", "en", "en")]


def test_w04_a_text_that_a_cell_cannot_hold_is_told_and_the_journal_has_all_of_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    held = lock(shop)
    shop.here("run", "shop.xlsx", "--yes", code=3)
    held.unlink()
    with Journal(journal_path("w-cli", shop.env), *service(shop), simulated=True) as journal:
        made = journal.texts.deliveries()[0]
        with journal.transaction():
            journal.texts.deliver([replace(made, value=as_cell("word " * 10_000))])
    done = shop.here("apply", "shop.xlsx")
    assert (
        f"{made.key.text_type.capitalize()} of 00001 is longer than a cell can hold, and was cut there" in done.stdout
    )
    assert shop.cells()["00001", made.key.text_type].endswith("… [cut]")


def service(shop: Shop) -> tuple[str]:
    found = last_service(journal_path("w-cli", shop.env))
    assert found is not None
    return (found[0],)
