"""What others do to the workbook while suggestions are asked about and written, and processes that are killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from sync.workbook.layout import RECORDS
from tests.cli.shop import PATIENCE, ROOT, save_as_excel, still, wait_for
from tests.cli.test_push import address, signed_in
from tests.cli.test_suggest import asked, decide, of_kind, rows, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

KILLED = """\
import os, signal, sys
from sync.cli import main

replaced = []

def look(event, given):
    if event == "os.rename" and str(given[1]).endswith("shop.xlsx"):
        replaced.append(event)
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    elif replaced and event == "open":
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(look)
when = sys.argv.pop(1)
main()
"""


def words_of(shop: Shop, record: str = "00001") -> list[str]:
    return of_kind(shop, "Semantic keyword", "Semantic keywords", record)


def fill(shop: Shop, text: str | None, record: str = "00001", heading: str = "Semantic keywords") -> None:
    """Type into the cell of a record, wherever its row is by now."""
    row = 2 + shop.column("Record ID").index(record)
    shop.edit(**{address(shop, heading, row): text})


def cell(shop: Shop, record: str = "00001", heading: str = "Semantic keywords") -> str | None:
    return dict(zip(shop.column("Record ID"), shop.column(heading), strict=True))[record]  # type: ignore[no-any-return]


def with_a_column(shop: Shop, text: str) -> list[str]:
    """Have suggestions for one record, which has a related word already; gives the words that are suggested for it."""
    told(shop, "--yes", "--pay", "--limit", "1")
    column = get_column_letter(1 + max(place for place, heading in enumerate(shop.grid()[0], 1) if heading))
    shop.edit(**{f"{column}1": "Semantic keywords", f"{column}2": text or None})
    return words_of(shop)


def while_it_asks(shop: Shop, happens: Callable[[], object], code: int = 0) -> dict[str, Any]:
    """Let something happen after the yes and before the write: while the service is slow to answer a question."""
    before = asked(shop)
    shop.faults("late:on=suggestions,seconds=0.8")
    words = ("--only", "keywords,decisions", "--limit", "1")
    with shop.start("suggest", "shop.xlsx", "--yes", "--pay", "--json", *words) as process:
        wait_for(lambda: asked(shop) > before)
        with still(process):
            happens()
        out, err = process.communicate(timeout=PATIENCE)
    shop.faults("")
    assert process.returncode == code, err
    said: dict[str, Any] = json.loads(out or "{}")
    return said


def chosen(shop: Shop, record: str = "00001") -> list[str] | None:
    """Ask the service which of its keywords it was told."""
    with signed_in(shop) as client:
        name = f"Oak stool {int(record)}"
        query = {"storeId": "shop", "recordId": record, "type": "Product", "Text[0]": name}
        return client.get("/text/Suggestion/Keywords", params=query).json().get("selected")  # type: ignore[no-any-return]


@pytest.mark.parametrize(("word", "was", "now"), [
    ("replace", "seat", "my own words"),
    ("replace", None, "my own words"),
    ("accept", None, "my own words"),
    ("accept", "seat", None),
])  # fmt: skip
def test_a_cell_that_has_changed_since_the_yes_is_left_and_it_is_said(
    opened: Callable[..., Shop], word: str, was: str | None, now: str | None
) -> None:
    shop = opened(records=2, suggestion_price=1)
    one, *_ = with_a_column(shop, was or "")
    decide(shop, word, one)
    done = while_it_asks(shop, lambda: fill(shop, now), code=3)
    assert cell(shop) == now
    assert (done["carriedOut"], done["left"]) == (0, 1)
    where = f"Records!{address(shop, 'Semantic keywords')}"
    assert f"{one}, for 00001: The cell {where} has changed since you agreed" in done["said"][0]
    assert "Look at it, then run the same command again." in done["said"][0]
    (row,) = (each for each in rows(shop) if each["Decision"])
    assert (row["Suggestion"], row["Decision"], row["State"]) == (one, word, None)
    held = f"'{was}'" if was else "nothing"
    assert f"It held {held}." in row["Message"]
    assert not chosen(shop), "what was not chosen is not told"
    again = told(shop, "--yes")
    assert (again["carriedOut"], again["left"]) == (1, 0), "she has looked, and said yes to what stands there now"
    assert cell(shop) == (one if word == "replace" or not now else f"{now}, {one}")
    assert rows(shop)[-1]["Message"] is None


def test_consent_follows_the_record_where_rows_are_sorted_and_inserted_meanwhile(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, suggestion_price=1)
    first, *_ = with_a_column(shop, "seat")
    decide(shop, "replace", first)

    def shuffle() -> None:
        book = load_workbook(shop.file)
        for name in (RECORDS, "Suggestions"):
            sheet = book[name]
            table: list[list[Any]] = [[each.value for each in row] for row in sheet.iter_rows(min_row=2)]
            for place, row in enumerate([[None for _ in table[0]], *reversed(table)], 2):
                for column, value in enumerate(row, 1):
                    sheet.cell(place, column).value = value
        save_as_excel(book, shop.file)

    done = while_it_asks(shop, shuffle)
    assert (done["carriedOut"], done["left"]) == (1, 0)
    assert (cell(shop), cell(shop, "00002"), cell(shop, "00003")) == (first, None, None)


def test_a_decision_that_is_changed_meanwhile_is_not_carried_out_and_it_is_said(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, suggestion_price=1)
    one, *_ = with_a_column(shop, "seat")
    decide(shop, "accept", one)
    done = while_it_asks(shop, lambda: decide(shop, "replace", one), code=3)
    assert cell(shop) == "seat"
    assert f"{one}, for 00001: The decision is no longer on Suggestions as you agreed to it" in done["said"][0]
    assert [each["Decision"] for each in rows(shop) if each["Suggestion"] == one] == ["replace"]


def test_what_somebody_has_typed_in_meanwhile_needs_nothing_any_more(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, suggestion_price=1)
    one, *_ = with_a_column(shop, "seat")
    decide(shop, "accept", one)
    done = while_it_asks(shop, lambda: fill(shop, f"{one}, seat"))
    assert done["left"] == 0
    assert cell(shop) == f"{one}, seat"
    assert [each["State"] for each in rows(shop) if each["Suggestion"] == one] == ["accepted"]


def test_what_a_row_above_would_have_put_there_is_not_put_there_without_a_yes(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    one, *_ = with_a_column(shop, "seat")
    decide(shop, "replace", one)
    book = load_workbook(shop.file)
    sheet = book["Suggestions"]
    last = sheet.max_row
    for column in range(1, sheet.max_column + 1):
        sheet.cell(last + 1, column, next(row for row in sheet.iter_rows(2) if row[4].value)[column - 1].value)
    sheet.cell(last + 1, 5, "accept")
    save_as_excel(book, shop.file)
    refused = shop.here("suggest", "shop.xlsx", code=5)
    assert "needs nothing" in refused.stdout
    assert cell(shop) == "seat"


def hers(shop: Shop) -> None:
    """Let a colleague run it: with the same file, and a journal of her own."""
    shop.here("suggest", "shop.xlsx", "--yes", WTSYNC_STATE_DIR=str(shop.folder / "hers"))


def states(shop: Shop) -> dict[str, str | None]:
    return {each["Suggestion"]: each["State"] for each in rows(shop)}


def test_what_a_colleague_has_decided_stays_decided_though_one_knew_it_as_open(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, two, three, *_ = words_of(shop)
    hers(shop)
    decide(shop, "dismiss", one)
    decide(shop, "accept", two)
    told(shop, "--yes")
    decide(shop, "dismiss", three)
    hers(shop)
    assert states(shop) == {**dict.fromkeys(states(shop)), one: "dismissed", two: "accepted", three: "dismissed"}
    assert "1 accepted, 2 dismissed" in shop.here("suggest", "shop.xlsx", "--yes").stdout
    assert states(shop)[three] == "dismissed"


def test_two_journals_do_not_turn_the_rows_round_and_round(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, _, three, *_ = words_of(shop)
    decide(shop, "dismiss", three)
    told(shop, "--yes")
    decide(shop, "accept", one)
    hers(shop)
    told(shop, "--yes")
    content = shop.file.read_bytes()
    hers(shop)
    told(shop, "--yes")
    assert shop.file.read_bytes() == content


def test_who_empties_a_state_has_it_to_be_decided_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, *_ = words_of(shop)
    decide(shop, "dismiss", one)
    told(shop, "--yes")
    book = load_workbook(shop.file)
    for row in book["Suggestions"].iter_rows(min_row=2):
        if row[3].value == one:
            row[5].value = None
    save_as_excel(book, shop.file)
    assert [each["state"] for each in told(shop, "--yes")["suggestions"] if each["suggestion"] == one] == [""]


def test_a_sheet_that_must_not_be_written_anew_still_says_what_was_decided(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, two, *_ = words_of(shop)
    decide(shop, "dismiss", one)
    book = load_workbook(shop.file)
    sheet = book["Suggestions"]
    sheet.cell(1, 20, "=1+1")
    next(row for row in sheet.iter_rows(min_row=2) if row[3].value == one)[8].value = "=A1"
    save_as_excel(book, shop.file)
    assert any("were not written there" in line for line in told(shop, "--yes")["said"])
    assert states(shop) == {**dict.fromkeys(states(shop)), one: "dismissed"}
    decide(shop, "accept", two)
    told(shop, "--yes")
    assert (states(shop)[one], states(shop)[two]) == ("dismissed", "accepted")


def test_a_state_that_a_formula_works_out_takes_no_decision_back(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, *_ = words_of(shop)
    decide(shop, "accept", one)
    book = load_workbook(shop.file)
    row = next(row for row in book["Suggestions"].iter_rows(min_row=2) if row[3].value == one)
    row[5].value = '=IF(1=1,"","")'
    save_as_excel(book, shop.file)
    for _ in range(2):
        seen = told(shop, "--yes", "--only", "decisions")["suggestions"]
        assert [each["state"] for each in seen if each["suggestion"] == one] == ["accepted"]
    (message,) = (each["Message"] for each in rows(shop) if each["Suggestion"] == one)
    assert message == "It is accepted; State cannot say so, as its cell must not be written."


def test_decisions_on_a_sheet_that_has_lost_a_heading_are_not_passed_over(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    book = load_workbook(shop.file)
    book["Suggestions"]["F1"] = "My state"
    save_as_excel(book, shop.file)
    told(shop, "--yes")
    book["Suggestions"]["E2"] = "accept"
    save_as_excel(book, shop.file)
    ended = shop.here("suggest", "shop.xlsx", "--yes", code=3)
    assert "The sheet Suggestions has no column State; give the heading that name again." in ended.stderr
    assert "not one that wtsync made" not in ended.stdout + ended.stderr
    book["Suggestions"]["F1"] = "State"
    save_as_excel(book, shop.file)
    assert told(shop, "--yes")["carriedOut"] == 1


def test_a_404_is_nothing_now_and_is_asked_again_the_next_time(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.faults("404:on=suggestions,count=3")
    first = told(shop, "--yes")
    assert (first["asked"], first["nothing"]) == (1, 3)
    shop.faults("404:on=suggestions,count=1")
    said = shop.here("suggest", "shop.xlsx", "--yes").stdout
    assert "To ask for: the audiences of 2 records and the semantic keywords of 1 record, 3 questions." in said
    assert "For 1 question the service has nothing now (404); it is asked again next time." in said
    assert told(shop, "--yes")["asked"] == 1
    assert told(shop, "--yes")["asked"] == 0


def test_a_404_that_costs_is_seen_as_well(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, suggestion_price=2)
    shop.faults("404:on=suggestions,count=1,effect=yes")
    stopped = shop.here("suggest", "shop.xlsx", "--yes", code=5).stderr
    assert "The first question cost 2 credits; 5 more may cost 10." in stopped


def test_the_list_says_what_the_service_will_be_told(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    told(shop, "--yes")
    one, two, *_ = words_of(shop)
    decide(shop, "dismiss", one)
    assert "To tell the service" not in shop.here("suggest", "shop.xlsx", code=5).stdout
    decide(shop, "accept", two)
    decide(shop, "accept", words_of(shop, "00002")[0], record="00002")
    shown = shop.here("suggest", "shop.xlsx", code=5).stdout
    assert "To tell the service once it is written: which were chosen as the semantic keywords of 2 records." in shown
    assert not chosen(shop)


def test_what_could_not_be_written_is_not_told(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, suggestion_price=1)
    one, *_ = with_a_column(shop, "seat")
    decide(shop, "accept", one)
    lock = shop.folder / "~$shop.xlsx"
    while_it_asks(shop, lambda: lock.write_bytes(b"\x03Ann"), code=4)
    assert not chosen(shop)
    lock.unlink()
    told(shop, "--yes")
    assert chosen(shop) == [one]


def test_what_the_service_has_not_heard_it_is_told_the_next_time_once(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, *_ = words_of(shop)
    decide(shop, "accept", one)
    shop.faults("500:on=choose")
    assert "The next wtsync suggest tries again." in told(shop, "--yes")["said"][0]
    shop.faults("")
    assert not chosen(shop)
    refused = shop.here("suggest", "shop.xlsx", code=5).stdout
    assert "which were chosen as the semantic keywords of 1 record" in refused
    told(shop, "--yes", "--only", "keywords")
    assert not chosen(shop), "that was not asked for"
    told(shop, "--yes")
    assert chosen(shop) == [one]
    shop.faults("500:on=choose")
    assert told(shop, "--yes")["said"] == [], "it was told, and is not told again"


def test_a_choice_that_the_service_refuses_is_not_told_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, *_ = words_of(shop)
    decide(shop, "accept", one)
    shop.faults("400:on=choose")
    (said,) = told(shop, "--yes")["said"]
    assert "tries again" not in said
    assert told(shop, "--yes")["said"] == []


@pytest.mark.parametrize(("when", "written"), [("before", False), ("after", True)])
def test_killed_at_the_write_nothing_is_told_before_it_and_nothing_forgotten_after_it(
    opened: Callable[..., Shop], when: str, written: bool
) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, other, *_ = words_of(shop)
    decide(shop, "accept", one)
    decide(shop, "dismiss", other)
    command = [sys.executable, "-c", KILLED, when, "suggest", "shop.xlsx", "--yes"]
    env = {**shop.env, "PYTHONPATH": str(ROOT)}
    killed = subprocess.run(command, env=env, cwd=shop.folder, capture_output=True, timeout=PATIENCE, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not chosen(shop), "it was killed before it could be told"
    decided = ("accepted", "dismissed") if written else (None, None)
    assert (states(shop)[one], states(shop)[other]) == decided
    if not written:
        decide(shop, "", one)
    told(shop, "--yes")
    assert states(shop)[other] == "dismissed"
    assert states(shop)[one] == ("accepted" if written else None), "the journal goes by the sheet"
    assert (chosen(shop) or []) == ([one] if written else [])


def test_killed_while_it_tells_it_is_told_by_the_next(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    one, *_ = words_of(shop)
    decide(shop, "accept", one)
    shop.faults("slow:on=choose,seconds=30")
    with shop.start("suggest", "shop.xlsx", "--yes") as process:
        wait_for(lambda: states(shop)[one] == "accepted")
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    shop.faults("")
    assert cell(shop) == one
    told(shop, "--yes")
    assert chosen(shop) == [one]
