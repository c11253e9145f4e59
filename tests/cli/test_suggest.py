"""Suggested audiences and semantic keywords come into the workbook, once, and go where somebody accepts them."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from tests.cli.shop import PATIENCE, save_as_excel, still, visit
from tests.cli.test_push import address, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

NEW = 5
"""Suggestions that the simulator gives to a question."""


def rows(shop: Shop) -> list[dict[str, Any]]:
    head, *others = shop.grid("Suggestions")
    return [dict(zip(map(str, head), row, strict=True)) for row in others if any(row)]


def decide(shop: Shop, word: str, *suggestions: str, record: str = "00001") -> None:
    """Choose a word under Decision, for some suggestions of a record."""
    book = load_workbook(shop.file)
    sheet = book["Suggestions"]
    places = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    for row in range(2, sheet.max_row + 1):
        named = str(sheet.cell(row, places["Record ID"]).value), sheet.cell(row, places["Suggestion"]).value
        if named in [(record, one) for one in suggestions]:
            sheet.cell(row, places["Decision"], word)
    save_as_excel(book, shop.file)


def told(shop: Shop, *words: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shop.here("suggest", "shop.xlsx", "--json", *words, code=code).stdout)
    return found


def asked(shop: Shop) -> int:
    """Count the questions that the service has taken money for."""
    return sum("suggestion" in one["field"] for one in shop.ledger())


def of_kind(shop: Shop, kind: str, goes: str, record: str = "00001") -> list[str]:
    return [
        str(one["Suggestion"])
        for one in rows(shop)
        if (one["Kind"], one["Goes into"], one["Record ID"]) == (kind, goes, record)
    ]


def with_free_audiences(shop: Shop) -> tuple[str, list[str]]:
    """Find a record for which several audiences are suggested that the service does not list."""
    found = {
        record: of_kind(shop, "Audience", "Custom audience", record)
        for record in {one["Record ID"] for one in rows(shop)}
    }
    return max(found.items(), key=lambda one: (len(one[1]), one[0]))


def test_nothing_is_asked_for_without_a_yes(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, suggestion_price=1)
    refused = shop.here("suggest", "shop.xlsx", code=5)
    assert (
        "To ask for: the audiences of 2 records and the semantic keywords of 2 records, 4 questions." in refused.stdout
    )
    assert "not published" in refused.stdout
    assert "looked at after the first\n  answer of each kind and after every 25" in refused.stdout
    assert asked(shop) == 0
    assert "Suggestions" not in load_workbook(shop.file).sheetnames


def test_suggestions_stand_on_a_sheet_and_are_asked_for_once(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    first = told(shop, "--yes", "--limit", "1")
    assert (first["asked"], len(first["suggestions"])) == (2, 2 * NEW)
    assert {one["Record ID"] for one in rows(shop)} == {"00001"}
    second = told(shop, "--yes")
    assert second["asked"] == 4
    assert [(one["Record ID"], one["Kind"]) for one in rows(shop)] == [
        (record, kind)
        for record in ("00001", "00002", "00003")
        for kind in ("Audience", "Semantic keyword")
        for _ in range(NEW)
    ]
    assert {one["Decision"] for one in rows(shop)} == {None}
    third = told(shop, "--yes")
    assert (third["asked"], third["certificate"]) == (0, None), "nothing is new, so nothing is asked for or written"


def test_what_is_accepted_goes_into_its_cell_and_into_the_next_order(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    told(shop, "--yes")
    words = of_kind(shop, "Semantic keyword", "Semantic keywords")
    listed = of_kind(shop, "Audience", "Audiences")
    decide(shop, "accept", words[0], listed[0])
    decide(shop, "Accept", words[1], listed[1])
    decide(shop, "dismiss", words[2])
    refused = shop.here("suggest", "shop.xlsx", code=5).stdout
    assert f"{words[0]}: into Semantic keywords of 00001 (a new column)" in refused
    assert "Semantic keywords" not in shop.grid()[0], "nobody has said yes"
    assert told(shop, "--yes")["carriedOut"] == 5
    assert shop.column("Semantic keywords") == [f"{words[0]}, {words[1]}", None]
    assert shop.column("Audiences") == [f"{listed[0]}, {listed[1]}", None]
    states = {(one["Record ID"], one["Suggestion"]): (one["State"], one["Decision"]) for one in rows(shop)}
    assert states["00001", words[0]] == states["00001", listed[0]] == ("accepted", None)
    assert states["00001", words[2]] == ("dismissed", None)
    assert rows(shop)[0]["State"] is None, "what is to be decided comes first"
    assert f"{words[0]}, {words[1]}" in shop.here("plan", "shop.xlsx", "--explain", "00001").stdout
    shop.here("run", "shop.xlsx", "--yes")
    assert "changed since" not in shop.here("plan", "shop.xlsx").stdout
    decide(shop, "accept", words[3])
    told(shop, "--yes")
    assert shop.column("Semantic keywords")[0] == f"{words[0]}, {words[1]}, {words[3]}"
    assert "changed since" in shop.here("plan", "shop.xlsx").stdout, "it takes effect at the next plan"


def test_a_filled_cell_is_added_to_or_replaced_only_on_ones_word(opened: Callable[..., Shop]) -> None:
    shop = opened(records=12, settings={"Custom audience": "joiners"})
    told(shop, "--yes")
    record, (free, other, *_) = with_free_audiences(shop)
    row = int(record) + 1
    decide(shop, "accept", free, record=record)
    usual = shop.here("suggest", "shop.xlsx", "--yes").stdout
    assert "instead of 'joiners' on Settings" in usual
    shop.edit(**{address(shop, "Custom audience", row): "my own words"})
    decide(shop, "accept", other, record=record)
    kept = shop.here("suggest", "shop.xlsx", "--yes", code=3).stdout
    assert "Choose replace to have it replaced." in kept
    assert shop.column("Custom audience")[row - 2] == "my own words"
    (one,) = (one for one in rows(shop) if (one["Record ID"], one["Suggestion"]) == (record, other))
    assert one["Decision"] == "accept"
    assert "'my own words'" in one["Message"]
    decide(shop, "replace", other, record=record)
    shop.here("suggest", "shop.xlsx", "--yes")
    assert shop.column("Custom audience")[row - 2] == other
    states = {one["Suggestion"]: one["State"] for one in rows(shop) if one["Record ID"] == record}
    assert (states[free], states[other]) == ("accepted, no longer in its cell", "accepted")


def test_what_cannot_be_carried_out_stays_and_says_why(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    told(shop, "--yes")
    book = load_workbook(shop.file)
    sheet, last = book["Suggestions"], book["Suggestions"].max_row
    for place, typed in enumerate(
        [
            ("00001", "Semantic keyword", "two, three", "accept"),
            ("00001", "Semantic keyword", "x" * 60, "accept"),
            ("00009", "Audience", "Joiners", "accept"),
            ("00001", "Colour", "red", "accept"),
            ("00001", "audience", "=1+1", "accept"),
            ("00002", "Semantic keyword", "bench", "acept"),
        ],
        last + 1,
    ):
        for column, value in zip((1, 3, 4, 5), typed, strict=True):
            sheet.cell(place, column, value).data_type = "s"
    save_as_excel(book, shop.file)
    result = told(shop, "--yes", code=3)
    assert (result["carriedOut"], result["problems"]) == (1, 5)
    messages = {str(one["Suggestion"]): str(one["Message"]) for one in rows(shop) if one["Decision"]}
    assert "one keyword a row" in messages["two, three"]
    assert "60 characters" in messages["x" * 60]
    assert "no such record" in messages["Joiners"]
    assert "no kind of suggestion" in messages["red"]
    assert "Did you mean accept?" in messages["bench"]
    assert shop.column("Custom audience")[0] == "=1+1", "words stay words"
    assert len([one for one in rows(shop) if one["Suggestion"] == "=1+1"]) == 1, "a typed row is one suggestion"


def test_a_question_that_is_lost_is_not_asked_again_by_itself(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, suggestion_price=1)
    shop.faults("lost:on=suggestions,count=1")
    lost = told(shop, "--yes", "--pay", code=3)
    assert (lost["asked"], lost["unanswered"]) == (3, 1)
    assert asked(shop) == 4
    again = shop.here("suggest", "shop.xlsx", "--yes").stdout
    assert "1 question went out before, and no answer came" in again
    assert asked(shop) == 4
    assert told(shop, "--yes", "--again")["asked"] == 1
    assert asked(shop) == 5


def test_a_question_that_was_refused_counts_as_not_asked(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.faults("400:on=suggestions,count=1;429:on=suggestions,count=1,after=1,retry_after=0.01")
    first = told(shop, "--yes", code=3)
    assert (first["asked"], first["refused"]) == (3, 1)
    assert told(shop, "--yes")["asked"] == 1


def test_a_service_that_is_down_stops_it_and_what_was_answered_is_kept(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    shop.faults("500:on=suggestions,after=2")
    shop.here("suggest", "shop.xlsx", "--yes", code=6)
    assert len(rows(shop)) == 2 * NEW
    shop.faults("")
    assert told(shop, "--yes", "--again")["asked"] == 6


def test_once_it_shows_that_a_question_costs_somebody_has_to_agree(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, suggestion_price=2)
    stopped = shop.here("suggest", "shop.xlsx", "--yes", code=5).stderr
    assert "The first question cost 2 credits; 5 more may cost 10." in stopped
    assert "--pay" in stopped
    assert asked(shop) == 1
    assert len(rows(shop)) == NEW, "what was paid for is there"
    assert told(shop, "--yes", "--pay")["asked"] == 5


def test_one_kind_of_question_that_costs_nothing_says_nothing_of_the_other(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, suggestion_price=2, free_suggestions=["audience"])
    stopped = shop.here("suggest", "shop.xlsx", "--yes", code=5).stderr
    assert "2 questions cost 2 credits; 4 more may cost 4." in stopped
    assert asked(shop) == 1, "the one that cost something"


def test_a_balance_that_cannot_be_read_is_no_sign_that_nothing_costs(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, faults="404:on=credit")
    stopped = shop.here("suggest", "shop.xlsx", "--yes", code=5).stderr
    assert "The balance cannot be read" in stopped
    assert "--pay" in stopped
    assert told(shop, "--yes", "--pay")["asked"] == 5


def test_the_budget_and_the_most_records_hold_here_too(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, suggestion_price=2, settings={"Budget": "5", "Most records": "2"})
    assert "--limit 2" in shop.here("suggest", "shop.xlsx", "--yes", code=5).stderr
    dear = shop.here("suggest", "shop.xlsx", "--yes", "--pay", "--limit", "2", code=5).stderr
    assert "The Budget on Settings is 5." in dear
    assert asked(shop) == 1


def test_a_kill_between_questions_loses_and_repeats_nothing(opened: Callable[..., Shop]) -> None:
    shop = opened(records=6, suggestion_price=1)
    shop.faults("late:on=suggestions,seconds=0.2")
    with shop.start("suggest", "shop.xlsx", "--yes", "--pay") as process:
        limit = time.monotonic() + PATIENCE
        while asked(shop) < 4 and time.monotonic() < limit:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    shop.faults("")
    paid = asked(shop)
    before = shop.here("suggest", "shop.xlsx", "--yes", "--pay")
    lost = "1 question went out before" in before.stdout
    assert asked(shop) == 12, "each question was asked once"
    assert len(rows(shop)) == (12 - lost) * NEW
    assert paid >= 4


def test_a_colleague_with_the_file_alone_is_asked_for_nothing_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    word, other, *_ = of_kind(shop, "Semantic keyword", "Semantic keywords")
    decide(shop, "dismiss", other)
    told(shop, "--yes")
    decide(shop, "accept", word)
    done = shop.here("suggest", "shop.xlsx", "--yes", "--json", WTSYNC_STATE_DIR=str(shop.folder / "hers"))
    assert (json.loads(done.stdout)["asked"], json.loads(done.stdout)["carriedOut"]) == (0, 1)
    assert shop.column("Semantic keywords") == [word]
    states = {one["Suggestion"]: one["State"] for one in rows(shop)}
    assert (states[word], states[other]) == ("accepted", "dismissed")


def test_only_what_is_named_is_done(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    told(shop, "--yes", "--only", "keywords", "--record", "00002")
    assert {(one["Record ID"], one["Kind"]) for one in rows(shop)} == {("00002", "Semantic keyword")}
    word, *_ = of_kind(shop, "Semantic keyword", "Semantic keywords", "00002")
    decide(shop, "accept", word, record="00002")
    told(shop, "--yes", "--only", "audiences", "--record", "00002")
    assert "Semantic keywords" not in shop.grid()[0]
    assert told(shop, "--yes", "--only", "decisions")["carriedOut"] == 1
    assert shop.column("Semantic keywords") == [None, word]
    strange = shop.here("suggest", "shop.xlsx", "--only", "colours", code=2).stderr
    assert "audiences, keywords, decisions" in strange
    assert "There is no record 7" in shop.here("suggest", "shop.xlsx", "--record", "7", code=2).stderr


def test_the_service_is_told_what_was_chosen(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    word, other, *_ = of_kind(shop, "Semantic keyword", "Semantic keywords")
    decide(shop, "accept", word)
    told(shop, "--yes")
    decide(shop, "accept", other)
    shop.faults("500:on=choose")
    failed = told(shop, "--yes")
    assert "was not told what was chosen for 00001" in failed["said"][0]
    assert shop.column("Semantic keywords") == [f"{word}, {other}"], "the cell is what counts"
    shop.faults("")
    with signed_in(shop) as client:
        query = {"storeId": "shop", "recordId": "00001", "type": "Product", "Text[0]": "Oak stool 1"}
        assert client.get("/text/Suggestion/Keywords", params=query).json()["selected"] == [word]


def test_a_workbook_that_is_open_elsewhere_is_left_alone_and_nothing_is_asked(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, suggestion_price=1)
    lock = shop.folder / "~$shop.xlsx"
    lock.write_bytes(b"\x03Ann")
    busy = shop.here("suggest", "shop.xlsx", "--yes", code=4).stderr
    assert "Nothing was asked for" in busy
    assert asked(shop) == 0
    lock.unlink()
    told(shop, "--yes", "--pay")


def test_formulas_on_the_sheet_and_sheets_of_ones_own_stay(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    book = load_workbook(shop.file)
    book.create_sheet("Suggestions")["A1"] = "Ask Bo about these"
    save_as_excel(book, shop.file)
    said = told(shop, "--yes")["said"]
    assert any("were not written there" in one for one in said)
    assert load_workbook(shop.file)["Suggestions"]["A1"].value == "Ask Bo about these"
    book = load_workbook(shop.file)
    del book["Suggestions"]
    save_as_excel(book, shop.file)
    assert told(shop, "--yes")["asked"] == 0
    assert len(rows(shop)) == 2 * NEW, "they were kept in the journal"


def test_there_is_no_taking_one_column_into_a_table_of_somebody_elses(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    told(shop, "--yes")
    book = load_workbook(shop.file)
    place = len(shop.grid()[0]) + 2
    book["Records"].cell(1, place, "Colours on offer")
    book["Records"].cell(2, place, "red")
    save_as_excel(book, shop.file)
    word, *_ = of_kind(shop, "Semantic keyword", "Semantic keywords")
    decide(shop, "accept", word)
    refused = shop.here("suggest", "shop.xlsx", "--yes", code=3).stdout
    assert "Records has no column Semantic keywords" in refused
    assert "Semantic keywords" not in shop.grid()[0]
    with visit(shop.url) as client:
        assert client.get("/_simulator/ledger").json() == []


def test_what_is_changed_in_the_workbook_while_it_asks_stays_and_is_not_carried_out_unseen(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=3, suggestion_price=1)
    told(shop, "--yes", "--pay", "--limit", "1")
    word, other, *_ = of_kind(shop, "Semantic keyword", "Semantic keywords")
    decide(shop, "accept", word)
    shop.faults("late:on=suggestions,seconds=0.4")
    before = asked(shop)
    with shop.start("suggest", "shop.xlsx", "--yes", "--pay") as process:
        limit = time.monotonic() + PATIENCE
        while asked(shop) == before and time.monotonic() < limit:
            time.sleep(0.02)
        with still(process):
            decide(shop, "accept", other)
            shop.edit(**{address(shop, "Name", 4): "Renamed meanwhile"})
        process.communicate(timeout=PATIENCE)
    assert shop.column("Semantic keywords")[0] == word, "nobody has seen the other decision yet"
    assert shop.column("Name")[2] == "Renamed meanwhile"
    assert [one["Suggestion"] for one in rows(shop) if one["Decision"]] == [other]
    assert len(rows(shop)) == 3 * 2 * NEW
