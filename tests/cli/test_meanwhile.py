"""The user goes on working in the file while a run is under way: each text still lands on its own record, or waits."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from sync.service import Service
from sync.workbook.differences import differences
from sync.workbook.layout import RECORDS, SYNC
from tests.cli.shop import TEXTS, make_workbook, save_as_excel, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop

OURS = {*TEXTS, "Action", "Status", "Message", "Updated", "Credits"}
"""The columns a run may write to."""
NEW = "new-"
"""How the ids begin of rows that the user adds meanwhile."""

Rows = list[dict[str, Any]]


def served(shop: Shop) -> dict[tuple[str, str], str]:
    """Ask the service what it has made, by record id and text type."""
    ids = [f"{n:05}" for n in range(1, shop.records + 1)]
    with Service(shop.url, shop.key) as service:
        return {
            (text.key.record.record_id, text.key.text_type): text.value
            for text in service.texts("Product", "shop", "en", ids, list(TEXTS.values()))
        }


def rewrite(shop: Shop, change: Callable[[Rows], Rows]) -> None:
    """Do to the rows what a person does in Excel, and save."""
    book = load_workbook(shop.file)
    sheet: Any = book[RECORDS]
    header, *filled = [[cell.value for cell in row] for row in sheet.iter_rows()]
    rows = change([dict(zip(header, row, strict=True)) for row in filled if row[header.index("Record ID")]])
    for at in range(2, max(sheet.max_row, len(rows) + 1) + 1):
        for column, name in enumerate(header, 1):
            sheet.cell(at, column).value = rows[at - 2].get(str(name)) if at - 2 < len(rows) else None
    save_as_excel(book, shop.file)


def rename(shop: Shop, heading: str, name: str) -> None:
    book = load_workbook(shop.file)
    for cell in book[RECORDS][1]:
        if cell.value == heading:
            cell.value = name
    save_as_excel(book, shop.file)


def sent(shop: Shop) -> None:
    """Begin a run and leave its texts on the way."""
    shop.here("run", "shop.xlsx", "--yes", "--detach", code=None)
    assert not shop.cells(), "nothing has been written yet"


def finish(shop: Shop, *, code: int = 0) -> str:
    """Go on with the run; gives what it said. Nothing but our own columns has changed in the file."""
    before = shop.folder / "as the user left it.xlsx"
    shutil.copy(shop.file, before)
    done = shop.here("run", "shop.xlsx", "--yes", code=code)
    found = differences(before, shop.file, most=10_000)
    assert found.only_values, found
    header = shop.grid()[0]
    columns = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[header.index(name)] for name in OURS if name in header}
    assert {one.cell.rstrip("0123456789") for one in found.cells if one.sheet == RECORDS} <= columns
    assert {one.sheet for one in found.cells} <= {RECORDS, SYNC}, "besides the texts, only who made them is written"
    before.unlink()
    return done.stdout + done.stderr


def results(path: Path) -> Rows:
    """Read a file with results, as anybody would."""
    sheet: Any = load_workbook(path)["Results"]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(header, row, strict=True)) for row in rows]


def in_results(path: Path) -> dict[tuple[str, str], str]:
    return {
        (str(row["Record ID"]), text_type): row[heading]
        for row in results(path)
        for heading, text_type in TEXTS.items()
        if row.get(heading)
    }


@pytest.fixture
def slow(opened: Callable[..., Shop]) -> Shop:
    """Open a shop whose texts take a moment, so that a run can be left before any of them is there."""
    return opened(records=12, capacity=3, seconds_per_record=0.12)


# ------------------------------------------------------------------------------------ rows and cells


def test_w13_sorted_with_ten_inserted_and_ten_deleted_half_way_every_text_is_on_its_own_record(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=40, capacity=6, seconds_per_record=0.3)
    dice = random.Random(13)
    gone: set[str] = set()

    def half_way(rows: Rows) -> Rows:
        gone.update(row["Record ID"] for row in dice.sample(rows, 10))
        kept = [row for row in rows if row["Record ID"] not in gone]
        dice.shuffle(kept)
        for number in range(10):
            kept.insert(dice.randrange(len(kept)), {"Record ID": f"{NEW}{number}", "Name": f"New stool {number}"})
        return kept

    with shop.start("run", "shop.xlsx", "--yes", "--batch-size", "8") as process:
        try:
            wait_for(lambda: len({one["recordId"] for one in shop.ledger()}) >= 20)
            assert process.poll() is None, "it is under way"
            rewrite(shop, half_way)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert "Traceback" not in out + err
    assert process.returncode == 3, err
    truth = served(shop)
    assert len(truth) == 80
    assert shop.cells() == {key: text for key, text in truth.items() if key[0] not in gone}
    ids = shop.column("Record ID")
    assert len(ids) == 40
    assert set(ids) == {f"{n:05}" for n in range(1, 41)} - gone | {f"{NEW}{n}" for n in range(10)}
    assert "Not in the workbook: 20 texts (20: no row of its own). They are in shop.results.xlsx" in out
    assert in_results(shop.folder / "shop.results.xlsx") == {key: text for key, text in truth.items() if key[0] in gone}
    assert shop.charged() == shop.everything()


@pytest.mark.parametrize("seed", range(4))
def test_w13_w14_rows_and_columns_shuffled_while_it_is_under_way(slow: Shop, seed: int) -> None:
    dice = random.Random(seed)
    sent(slow)
    book = load_workbook(slow.file)
    sheet = book[RECORDS]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    order = list(range(len(header)))
    dice.shuffle(order)
    dice.shuffle(rows)
    sheet.tables.clear()
    sheet.delete_rows(1, sheet.max_row)
    for row in (header, *rows):
        sheet.append([row[at] for at in order])
    save_as_excel(book, slow.file)
    said = finish(slow)
    assert slow.cells() == served(slow)
    assert "Not in the workbook" not in said


def test_w13_a_row_whose_id_was_changed_gets_nothing_and_its_texts_are_offered(slow: Shop) -> None:
    sent(slow)

    def renamed(rows: Rows) -> Rows:
        rows[4]["Record ID"] = f"{NEW}5"
        return rows

    rewrite(slow, renamed)
    said = finish(slow, code=3)
    truth = served(slow)
    ours = {key: text for key, text in slow.cells().items() if not key[0].startswith(NEW)}
    assert ours == {key: text for key, text in truth.items() if key[0] != "00005"}
    assert not set(truth.values()) & {text for key, text in slow.cells().items() if key[0].startswith(NEW)}
    assert "Not in the workbook: 2 texts" in said

    def with_its_id(rows: Rows) -> Rows:
        rows[4] |= {"Record ID": "00005", **dict.fromkeys(TEXTS)}
        return rows

    rewrite(slow, with_its_id)
    slow.here("apply", "shop.xlsx")
    assert slow.cells() == truth


def test_w14_a_renamed_heading_leaves_its_texts_in_the_results_until_it_has_its_name_back(slow: Shop) -> None:
    sent(slow)
    rename(slow, "Excerpt", "Teaser for the newsletter")
    said = finish(slow, code=3)
    truth = served(slow)
    titles = dict(zip(slow.column("Record ID"), slow.column("Page title"), strict=True))
    assert titles == {record: text for (record, kind), text in truth.items() if kind == "page title"}
    assert not any(slow.column("Teaser for the newsletter"))
    assert "Not in the workbook: 12 texts (12: no column Excerpt)" in said
    assert in_results(slow.folder / "shop.results.xlsx") == {k: v for k, v in truth.items() if k[1] == "excerpt"}
    rename(slow, "Teaser for the newsletter", "Excerpt")
    assert "shop.results.xlsx has done its work and was removed." in slow.here("apply", "shop.xlsx").stdout
    assert slow.cells() == truth
    assert not (slow.folder / "shop.results.xlsx").exists()
    assert slow.charged() == slow.everything()


def test_w14_a_sheet_that_was_renamed_is_found_while_it_is_the_only_one(slow: Shop) -> None:
    sent(slow)
    book = load_workbook(slow.file)
    book[RECORDS].title = "Produkte"
    save_as_excel(book, slow.file)
    slow.here("run", "shop.xlsx", "--yes")
    book = load_workbook(slow.file)
    book["Produkte"].title = RECORDS
    save_as_excel(book, slow.file)
    assert slow.cells() == served(slow)


def test_w14_a_sheet_that_cannot_be_found_any_more_is_asked_for_and_the_texts_wait(opened: Callable[..., Shop]) -> None:
    shop = opened(records=30, capacity=3, seconds_per_record=0.1)

    def renamed() -> None:
        book = load_workbook(shop.file)
        book[RECORDS].title = "Produkte"
        book.create_sheet("Preise").append(["Artikel", "Preis"])
        save_as_excel(book, shop.file)

    _, err = changed_half_way(shop, renamed)
    assert "has no sheet called Records" in err
    assert "Not in the workbook: 60 texts (60: the workbook cannot be written). They are in shop.results.xlsx" in err
    assert in_results(shop.folder / "shop.results.xlsx") == served(shop)
    book = load_workbook(shop.file)
    book["Produkte"].title = RECORDS
    save_as_excel(book, shop.file)
    shop.here("apply", "shop.xlsx")
    assert shop.cells() == served(shop)


def test_w12_a_product_that_changed_meanwhile_is_marked_beside_its_text(slow: Shop) -> None:
    sent(slow)
    rewrite(slow, lambda rows: [{**row, "Colour": "green"} if row["Record ID"] == "00003" else row for row in rows])
    finish(slow)
    assert slow.cells() == served(slow)
    marked = dict(zip(slow.column("Record ID"), slow.column("Message"), strict=True))
    assert [one for one, message in marked.items() if "ordered before the product was changed" in message] == ["00003"]


def test_w17_a_text_that_the_user_wrote_meanwhile_stays_and_is_named(slow: Shop) -> None:
    sent(slow)
    rewrite(slow, lambda rows: [{**row, "Excerpt": "Mine"} if row["Record ID"] == "00003" else row for row in rows])
    said = finish(slow)
    truth = served(slow)
    assert slow.cells() == {**truth, ("00003", "excerpt"): "Mine"}
    assert "left as they are: 1 cell" in said
    assert dict(zip(slow.column("Record ID"), slow.column("Status"), strict=True))["00003"] == "Yours kept"


def test_w15_a_record_that_was_copied_into_a_second_row_has_no_place_until_one_is_gone(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=30, capacity=3, seconds_per_record=0.1)
    _, err = changed_half_way(shop, lambda: rewrite(shop, lambda rows: [*rows, dict(rows[2])]))
    truth = served(shop)
    assert shop.cells() == {key: text for key, text in truth.items() if key[0] != "00003"}, err
    assert in_results(shop.folder / "shop.results.xlsx") == {k: v for k, v in truth.items() if k[0] == "00003"}
    rewrite(shop, lambda rows: rows[:-1])
    shop.here("apply", "shop.xlsx")
    assert shop.cells() == truth


def test_w16_an_id_that_excel_has_turned_into_a_number_is_another_record_and_its_texts_wait(slow: Shop) -> None:
    sent(slow)
    rewrite(slow, lambda rows: [{**row, "Record ID": 3} if row["Record ID"] == "00003" else row for row in rows])
    done = slow.here("run", "shop.xlsx", "--yes", code=None)
    truth = served(slow)
    assert {key: text for key, text in slow.cells().items() if key in truth} == {
        key: text for key, text in truth.items() if key[0] != "00003"
    }
    assert in_results(slow.folder / "shop.results.xlsx")["00003", "excerpt"] == truth["00003", "excerpt"]
    assert "Not in the workbook: 2 texts" in done.stdout


def test_cells_that_became_formulas_or_were_merged_meanwhile_are_left_alone(slow: Shop) -> None:
    sent(slow)
    book = load_workbook(slow.file)
    sheet = book[RECORDS]
    header = [cell.value for cell in sheet[1]]
    title, excerpt = header.index("Page title") + 1, header.index("Excerpt") + 1
    rows = {sheet.cell(at, header.index("Record ID") + 1).value: at for at in range(2, 14)}
    sheet.cell(rows["00002"], title).value = '=IF(TRUE,"","")'
    sheet.tables.clear()
    sheet.merge_cells(start_row=rows["00005"], end_row=rows["00006"], start_column=excerpt, end_column=excerpt)
    save_as_excel(book, slow.file)
    said = finish_whatever(slow)
    truth = served(slow)
    out = {("00002", "page title"), ("00006", "excerpt")}
    assert {k: v for k, v in slow.cells().items() if k not in out} == {k: v for k, v in truth.items() if k not in out}
    assert in_results(slow.folder / "shop.results.xlsx") == {key: truth[key] for key in out}
    assert "1: the cell holds a formula" in said
    assert "1: the cell is part of merged cells" in said
    sheet_now = load_workbook(slow.file)[RECORDS]
    assert sheet_now.cell(rows["00002"], title).value == '=IF(TRUE,"","")'


def finish_whatever(shop: Shop) -> str:
    done = shop.here("run", "shop.xlsx", "--yes", "--skip-problems", code=None)
    return done.stdout + done.stderr


# ------------------------------------------------------------------------------------------ the file


def changed_half_way(shop: Shop, change: Callable[[], object]) -> tuple[str, str]:
    """Run as a process of its own, do something to the file in the middle, and wait for the end: it leaves with 3."""
    with shop.start("run", "shop.xlsx", "--yes", "--batch-size", "10") as process:
        try:
            wait_for(shop.ledger)
            assert process.poll() is None, "it is under way"
            change()
            out, err = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert "Traceback" not in out + err
    assert process.returncode == 3, err
    return out, err


@pytest.fixture
def long(opened: Callable[..., Shop]) -> Shop:
    return opened(records=20, capacity=3, seconds_per_record=0.1)


def test_w12_a_file_that_was_replaced_by_another_workbook_is_not_touched(long: Shop) -> None:
    kept = long.folder / "kept.xlsx"

    another = make_workbook(long.folder / "another.xlsx", 20, workbook_id="another").read_bytes()

    def replaced() -> None:
        shutil.move(long.file, kept)
        long.file.write_bytes(another)

    _, err = changed_half_way(long, replaced)
    assert "shop.xlsx is another workbook than the one that this began with" in err
    assert long.file.read_bytes() == another
    assert in_results(long.folder / "shop.results.xlsx") == served(long)
    shutil.move(kept, long.file)
    long.here("apply", "shop.xlsx")
    assert long.cells() == served(long)
    assert not (long.folder / "shop.results.xlsx").exists()


def test_a_file_that_was_replaced_by_an_older_copy_of_itself_is_filled(long: Shop) -> None:
    old = long.folder / "old.xlsx"
    shutil.copy(long.file, old)
    sent(long)
    rewrite(long, lambda rows: rows[::-1])
    shutil.copy(old, long.file)
    finish(long)
    assert long.cells() == served(long)


@pytest.mark.parametrize("how", ["renamed", "moved", "deleted"])
def test_a_file_that_is_no_longer_there_leaves_its_texts_in_the_results_and_they_find_it_later(
    long: Shop, how: str
) -> None:
    (long.folder / "elsewhere").mkdir()
    spare = long.folder / "elsewhere" / "spare.xlsx"
    shutil.copy(long.file, spare)
    target = {"renamed": long.folder / "autumn.xlsx", "moved": long.folder / "elsewhere" / "shop.xlsx"}.get(how)

    def gone() -> None:
        if target is None:
            long.file.unlink()
        else:
            shutil.move(long.file, target)

    _, err = changed_half_way(long, gone)
    assert "There is no file shop.xlsx" in err
    assert "They are in shop.results.xlsx, by record id" in err
    assert in_results(long.folder / "shop.results.xlsx") == served(long)
    there = target or spare
    done = long.here("apply", str(there.relative_to(long.folder)))
    assert "40 texts of the journal are in the workbook." in done.stdout
    long.file = there
    assert long.cells() == served(long)
    assert not (long.folder / "shop.results.xlsx").exists(), "it is found although the workbook has moved"
    assert long.charged() == long.everything()


def test_a_workbook_without_an_id_that_was_renamed_meanwhile_is_found_by_apply(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, seconds_per_record=0.05)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = RECORDS
    sheet.append(["Record ID", "Name", "Page title"])
    for number in range(8):
        sheet.append([f"A{number}", f"Oak stool {number}", None])
    book.save(shop.folder / "own.xlsx")
    (shop.folder / ".~lock.own.xlsx#").write_text(",anna,pc,,file:///x;")
    shop.here("run", "own.xlsx", "--yes", code=3)
    (shop.folder / "own.xlsx").rename(shop.folder / "renamed.xlsx")
    assert "8 texts of the journal" in shop.here("apply", "renamed.xlsx").stdout
    assert all(row[2] for row in load_workbook(shop.folder / "renamed.xlsx")[RECORDS].iter_rows(2, values_only=True))


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be taken away there")
def test_w19_with_its_whole_folder_gone_the_results_are_left_beside_the_journal(long: Shop) -> None:
    folder = long.folder / "share"
    folder.mkdir()
    shutil.move(long.file, folder / "shop.xlsx")
    with long.start("run", "share/shop.xlsx", "--yes") as process:
        try:
            wait_for(long.ledger)
            shutil.move(folder, long.folder / "unplugged")
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 3, err
    assert "Traceback" not in err
    kept = long.folder / "state" / "results" / "w-cli" / "shop.results.xlsx"
    assert str(kept) in err
    assert in_results(kept) == served(long)
    shutil.move(long.folder / "unplugged", folder)
    long.here("apply", "share/shop.xlsx")
    assert not kept.exists()
    long.file = folder / "shop.xlsx"
    assert long.cells() == served(long)


def test_the_certificate_of_every_write_is_given_whole_as_json(slow: Shop) -> None:
    before = slow.file.read_bytes()
    done = json.loads(slow.here("run", "shop.xlsx", "--yes", "--json").stdout.splitlines()[-1])
    certificate = done["certificate"]
    assert certificate["ok"] is True
    assert certificate["unplanned"] == []
    assert certificate["cellsChanged"] >= 24
    assert certificate["partsUntouched"] > 5
    assert certificate["formulasKept"] >= 0
    assert certificate["line"].startswith(f"{certificate['cellsChanged']} cells changed")
    assert slow.folder.joinpath(certificate["backup"]).read_bytes() == before
    found = differences(slow.folder / certificate["backup"], slow.file, most=0)
    told = certificate["cellsChanged"] + certificate["notesChanged"]
    assert (found.cells_differing, found.only_values) == (told, True)
    shutil.copy(slow.folder / certificate["backup"], slow.file)
    again = json.loads(slow.here("apply", "shop.xlsx", "--json").stdout)
    assert again["certificate"]["sha256After"] == certificate["sha256After"]
    assert (again["texts"], again["left"], again["results"]) == (24, 0, [])
