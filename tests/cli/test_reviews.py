"""Editors' requests for change come into the workbook, are settled and made from it, and choose what is worked on."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from sync.cli.reviews import Came
from sync.model import Cell, RecordKey, Wish
from sync.reviewing import Asking
from tests.cli.shop import PATIENCE, make_workbook, save_as_excel, still, visit, wait_for
from tests.cli.test_images import URL, fill
from tests.cli.test_push import address, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def editor_asks(shop: Shop, record: str, field: str = "page title", **more: str) -> str:
    """Let an editor ask for a change on the service's own screen."""
    body = {"storeId": "shop", "language": "en", "recordId": record, "field": field, **more}
    with visit(shop.url) as client:
        answer = client.post("/_simulator/review", json=body)
    answer.raise_for_status()
    return str(answer.json()["id"])


def rows(shop: Shop) -> list[dict[str, Any]]:
    head, *others = shop.grid("Reviews")
    return [dict(zip(map(str, head), row, strict=True)) for row in others if any(row)]


def write(shop: Shop, row: int, **cells: str) -> None:
    book = load_workbook(shop.file)
    sheet = book["Reviews"]
    places = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    for heading, value in cells.items():
        sheet.cell(row, places[heading.replace("_", " ")], value)
    save_as_excel(book, shop.file)


def told(shop: Shop, *words: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shop.here("reviews", "shop.xlsx", "--json", *words, code=code).stdout)
    return found


def test_what_editors_ask_for_stands_on_a_sheet_with_who_when_what_and_the_text(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    title = shop.cells()["00002", "page title"]
    editor_asks(shop, "00002", wish="correction", comment="It is ash, not oak.", editor="ann@example.com")
    editor_asks(shop, "00003", field="excerpt", comment="=too long")
    shown = shop.here("reviews", "shop.xlsx").stdout
    assert "2 changes asked for, in 2 records." in shown
    assert "00002  page title: correction (Ann): It is ash, not oak." in shown
    ash, long = sorted(rows(shop), key=lambda row: str(row["Record ID"]))
    assert [ash[name] for name in ("Record ID", "Text", "Asked for", "Comment", "Text now", "By", "State")] == [
        "00002", "Page title", "correction", "It is ash, not oak.", title, "Ann", "open",
    ]  # fmt: skip
    assert ash["When"] is not None
    assert (long["Comment"], long["Asked for"]) == ("=too long", "rewrite")
    again = shop.here("reviews", "shop.xlsx").stdout
    assert "Workbook:" not in again, "nothing changed, so nothing is written"


def test_a_request_that_is_done_is_settled_on_the_service_and_leaves_the_sheet(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    editor_asks(shop, "00002")
    shop.here("reviews", "shop.xlsx")
    row = 2 + [one["Record ID"] for one in rows(shop)].index("00001")
    write(shop, row, Decision="done")
    refused = shop.here("reviews", "shop.xlsx", code=5)
    assert "Nothing was carried out" in refused.stderr
    assert [one["Decision"] for one in rows(shop) if one["Record ID"] == "00001"] == ["done"]
    shop.here("reviews", "shop.xlsx", "--yes")
    assert [one["Record ID"] for one in rows(shop)] == ["00002"]
    (left,) = (one for one in told(shop)["reviews"] if one["open"])
    assert left["recordId"] == "00002"
    assert {one["State"] for one in rows(shop)} == {"open"}
    shop.here("reviews", "shop.xlsx", "--all")
    assert {(one["Record ID"], one["State"]) for one in rows(shop)} == {("00001", "done"), ("00002", "open")}


def test_a_request_is_made_from_a_row_of_ones_own_once(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    wish = {"Record_ID": "00002", "Text": "Excerpt", "Asked_for": "rewrite", "Comment": "Say what it costs."}
    write(shop, 3, **wish, Decision="ask")
    result = told(shop, "--yes")
    assert (result["carriedOut"], result["failed"], result["problems"]) == (1, 0, 0)
    (made,) = (one for one in rows(shop) if one["Record ID"] == "00002")
    assert (made["Text"], made["Comment"], made["Decision"]) == ("Excerpt", "Say what it costs.", None)
    assert made["Review id"]
    write(shop, 4, **wish, Decision="ask")
    told(shop, "--yes")
    assert len([one for one in rows(shop) if one["Record ID"] == "00002"]) == 1, "it is there already"


def test_rows_that_cannot_be_carried_out_stay_and_say_why(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes", "--record", "00001")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    write(shop, 2, Decision="doen")
    write(shop, 3, Record_ID="00001", Text="Page titel", Asked_for="rewrite", Comment="x", Decision="ask")
    write(shop, 4, Record_ID="1", Text="Excerpt", Asked_for="nothing", Decision="ask")
    write(shop, 5, Record_ID="00002", Text="Excerpt", Asked_for="rewrite", Comment="Why not?", Decision="ask")
    result = told(shop, "--yes", code=3)
    assert (result["carriedOut"], result["failed"], result["problems"]) == (0, 1, 5)
    said = {str(one["Comment"]): one["Message"] for one in rows(shop)}
    messages = " ".join(str(one["Message"]) for one in rows(shop))
    assert "Did you mean done?" in messages
    assert "Did you mean page title?" in said["x"]
    both = said["None"]
    assert "Fill in the Comment" in both, "all that is wrong with a row is said in it"
    assert "Give the Record ID as it stands on Records" in both
    assert "has no excerpt of this record yet" in said["Why not?"]
    assert [one["Decision"] for one in rows(shop)] == ["doen", "ask", "ask", "ask"]


def test_a_column_of_ones_own_stays_with_its_row(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    for record in ("00001", "00002"):
        editor_asks(shop, record)
    shop.here("reviews", "shop.xlsx")
    book = load_workbook(shop.file)
    book["Reviews"].cell(1, 16, "Who sees to it")
    for row in (2, 3):
        book["Reviews"].cell(row, 16, f"Bo, of {book['Reviews'].cell(row, 1).value}")
    save_as_excel(book, shop.file)
    editor_asks(shop, "00003")
    shop.here("reviews", "shop.xlsx")
    theirs = {one["Record ID"]: one["Who sees to it"] for one in rows(shop)}
    assert theirs == {"00001": "Bo, of 00001", "00002": "Bo, of 00002", "00003": None}


def test_a_plan_can_be_for_what_editors_ask_for_alone(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00002", wish="rewrite")
    editor_asks(shop, "00003", wish="correction")
    for row in (2, 3, 4):
        shop.edit(**{address(shop, "Action", row): "Regenerate"})

    def records(wish: str) -> set[str]:
        plan = json.loads(shop.here("plan", "shop.xlsx", "--json", "--review", wish).stdout)
        return {one["recordId"] for one in plan["changes"]}

    assert (records("rewrite"), records("correction"), records("any")) == ({"00002"}, {"00003"}, {"00002", "00003"})
    before = len(shop.ledger())
    shop.here("run", "shop.xlsx", "--yes", "--overwrite", "--review", "rewrite")
    assert {one["recordId"] for one in shop.ledger()[before:]} == {"00002"}


def test_images_are_no_hindrance_nobody_can_ask_for_a_change_of_one(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, settings={"Texts wanted": "Page title, Excerpt, Alt text"})
    fill(shop, ("front", "00001", URL))
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001", comment="It is ash, not oak.")
    assert [one["comment"] for one in told(shop)["reviews"]] == ["It is ash, not oak."]
    assert [one["comment"] for one in told(shop, "--all")["reviews"]] == ["It is ash, not oak."]
    plan = json.loads(shop.here("plan", "shop.xlsx", "--review", "any", "--json").stdout)
    assert plan["counts"] == {"unchanged": 2}


def test_without_requests_there_is_no_sheet_and_a_users_own_one_is_left_alone(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    assert "Nobody asks for a change." in shop.here("reviews", "shop.xlsx").stdout
    book = load_workbook(shop.file)
    assert "Reviews" not in book.sheetnames
    book.create_sheet("Reviews")["A1"] = "mine"
    save_as_excel(book, shop.file)
    editor_asks(shop, "00001")
    assert "were not written there" in shop.here("reviews", "shop.xlsx").stdout
    assert load_workbook(shop.file)["Reviews"]["A1"].value == "mine"


def while_it_is_told(shop: Shop, happens: Callable[[], object], code: int = 0) -> str:
    """Let something happen after the yes and before the write: while the service is slow to take a request."""
    before = asked_for(shop)
    shop.faults("late:on=review,seconds=3,count=1")
    with shop.start("reviews", "shop.xlsx", "--yes") as process:
        wait_for(lambda: asked_for(shop) > before)
        with still(process):
            happens()
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, err
    return out + err


def asked_for(shop: Shop) -> int:
    """Count the requests that the service has, whoever made them."""
    asking = {"type": "Product", "storeId": "shop", "language": "en", "all": "true"}
    with signed_in(shop) as client:
        answers = [
            client.get("/text/Review", params={**asking, "recordId": f"{record:05}"}).json()
            for record in range(1, shop.records + 1)
        ]
    return sum(len(answer["reviews"] if isinstance(answer, dict) else answer) for answer in answers)


def test_rows_that_are_sorted_while_a_request_is_made_keep_what_is_theirs(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    write(shop, 3, Record_ID="00002", Text="Excerpt", Asked_for="rewrite", Comment="Say what it costs.", Decision="ask")
    write(shop, 4, Record_ID="00003", Comment="To be talked over with Bo")

    def sort() -> None:
        book = load_workbook(shop.file)
        sheet = book["Reviews"]
        for one, other in zip(sheet[3], sheet[4], strict=True):
            one.value, other.value = other.value, one.value
        save_as_excel(book, shop.file)

    while_it_is_told(shop, sort)
    found = {str(row["Record ID"]): row for row in rows(shop)}
    assert found["00003"]["Comment"] == "To be talked over with Bo"
    assert found["00002"]["Review id"]
    assert len(rows(shop)) == 3


def test_another_workbook_in_the_place_of_this_one_is_left_alone(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    write(shop, 3, Record_ID="00002", Text="Excerpt", Asked_for="rewrite", Comment="Why?", Decision="ask")
    aside = shop.folder / "aside.xlsx"

    def swap() -> None:
        shop.file.rename(aside)
        make_workbook(shop.file, 2, workbook_id="w-other")

    said = while_it_is_told(shop, swap, code=4)
    assert "shop.xlsx is another workbook than the one that this began with." in said
    assert "Reviews" not in load_workbook(shop.file).sheetnames
    aside.replace(shop.file)
    told(shop, "--yes")
    assert [str(one["Review id"] or "") != "" for one in rows(shop)] == [True, True]
    assert asked_for(shop) == 2, "it is not made a second time"


def test_two_rows_that_ask_for_the_same_make_one_request(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    wish = {"Record_ID": "00002", "Text": "Excerpt", "Asked_for": "rewrite", "Comment": "Why?", "Decision": "ask"}
    write(shop, 3, **wish)
    write(shop, 4, **wish)
    told(shop, "--yes")
    assert (asked_for(shop), len(rows(shop))) == (2, 2)


def with_notes(shop: Shop, *notes: str | None, **wish: str) -> None:
    """Write the same wish into one row for each note, which stands in a column of one's own."""
    book = load_workbook(shop.file)
    book["Reviews"].cell(1, 16, "My notes")
    for row, note in enumerate(notes, 3):
        book["Reviews"].cell(row, 16, note)
    save_as_excel(book, shop.file)
    for row, _ in enumerate(notes, 3):
        write(shop, row, **wish, Decision="ask")


WISH = {"Record_ID": "00002", "Text": "Excerpt", "Asked_for": "rewrite", "Comment": "Why?"}


def test_what_stands_beside_a_wish_stays_when_it_becomes_a_request(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    with_notes(shop, "phone Anna first", "second note of mine", None, **WISH)
    assert told(shop, "--yes")["carriedOut"] == 3
    theirs = [one for one in rows(shop) if one["Record ID"] == "00002"]
    assert sorted(one["My notes"] for one in theirs) == ["phone Anna first", "second note of mine"]
    assert len({one["Review id"] for one in theirs} - {None}) == 1
    assert {one["Decision"] for one in theirs} == {None}
    assert asked_for(shop) == 2, "it is made once"
    assert "Workbook:" not in shop.here("reviews", "shop.xlsx").stdout, "and that is how it stays"


def test_who_stops_it_is_told_what_was_done_and_how_to_go_on(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    write(shop, 3, **WISH, Decision="ask")
    write(shop, 4, **{**WISH, "Comment": "And why not?"}, Decision="ask")
    before = asked_for(shop)
    shop.faults("late:on=review,seconds=2,count=1")
    with shop.start("reviews", "shop.xlsx", "--yes", "--json") as process:
        wait_for(lambda: asked_for(shop) > before)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert json.loads(out)["carriedOut"] == 1
    assert "stopped; 1 of 2 decisions carried out. To go on: wtsync reviews shop.xlsx" in err
    standing = {one["Comment"]: (bool(one["Review id"]), one["Decision"]) for one in rows(shop)}
    assert (standing["Why?"], standing["And why not?"]) == ((True, None), (False, "ask"))
    assert told(shop, "--yes")["carriedOut"] == 1
    assert asked_for(shop) == before + 2


def test_a_request_that_the_service_does_not_list_yet_does_not_take_its_row_away() -> None:
    one = Asking(Cell("Reviews", 3, 10), RecordKey("shop", "Product", "00002", "en"), "excerpt", Wish.REWRITE, "Why?")
    named, nameless = ("named",), ("nameless",)
    came = Came(done={named, nameless}, wishes={named: (one, "r-7")})
    (listed,) = came.found(())
    assert (listed.review_id, listed.key, listed.comment, listed.open) == ("r-7", one.key, "Why?", True)
    assert came.found((listed,)) == (listed,), "it is listed once"
    came.wishes = {nameless: (one, "")}
    assert came.found((listed,)) == (listed,)
    assert came.ids == {named: "r-7", nameless: "r-7"}, "it is found by what it asks for"
    assert came.found(()) == ()
    assert (came.done, "does not list it yet" in came.said[nameless]) == ({named}, True)


def test_decisions_on_a_sheet_that_has_lost_a_heading_are_told(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    editor_asks(shop, "00001")
    shop.here("reviews", "shop.xlsx")
    write(shop, 2, Decision="done", Message="")
    book = load_workbook(shop.file)
    head = next(cell for cell in book["Reviews"][1] if cell.value == "Message")
    head.value = "Remarks"
    save_as_excel(book, shop.file)
    said = shop.here("reviews", "shop.xlsx", "--yes", code=3).stderr
    assert "The sheet Reviews has no column Message; give the heading that name again." in said
