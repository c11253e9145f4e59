"""Putting back what a run replaced in the workbook; nothing does it again by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.cli.test_push import address, edit_there, texts
from tests.cli.test_share import colleague

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def test_undo_empties_the_cells_that_were_empty_and_nothing_fills_them_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    paid = shop.ledger()
    assert "4 texts in the workbook" in shop.here("undo", "shop.xlsx").stdout
    shop.here("undo", "shop.xlsx", "last", code=5)
    assert sorted(shop.cells()) == shop.everything(), "nobody said yes"
    shop.edit(**{address(shop, "Page title"): "Her words"})
    said = shop.here("undo", "shop.xlsx", "last", "--yes").stdout
    assert "3 texts put back" in said
    assert shop.cells() == {("00001", "page title"): "Her words"}
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.cells() == {("00001", "page title"): "Her words"}
    assert shop.ledger() == paid
    shop.here("apply", "shop.xlsx")
    assert len(shop.cells()) == 4, "apply writes them again"


def test_undo_puts_the_former_text_back_and_it_is_neither_sent_nor_made_anew(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    before = shop.cells()
    shop.edit(**{address(shop, "Action"): "Regenerate"})
    shop.here("run", "shop.xlsx", "--yes")
    paid, there = shop.ledger(), texts(shop)["00001"]["value"]
    assert shop.cells() != before
    shop.here("undo", "shop.xlsx", "last", "--yes")
    assert shop.cells() == before
    assert "an undo put it back here, and not on the service; choose Push" in shop.here("plan", "shop.xlsx").stdout
    for computer in (dict[str, Any](), colleague(shop)):
        shop.here("run", "shop.xlsx", "--yes", **computer)
    assert (shop.cells(), texts(shop)["00001"]["value"], shop.ledger()) == (before, there, paid)


def regenerated(shop: Shop) -> str:
    """Have the first record's texts made anew; give the former page title."""
    shop.here("run", "shop.xlsx", "--yes")
    former: str = texts(shop)["00001"]["value"]
    shop.edit(**{address(shop, "Action"): "Regenerate"})
    shop.here("run", "shop.xlsx", "--yes")
    assert texts(shop)["00001"]["value"] != former
    return former


def test_undo_says_undone_in_the_rows_that_it_put_back(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    regenerated(shop)
    shop.here("undo", "shop.xlsx", "last", "--yes")
    assert shop.column("Status") == ["Undone", "Done"]
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.column("Status") == ["Conflict", "Done"], "the service has the run's"


def test_undo_with_push_puts_both_sides_back_and_can_be_undone_itself(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    former = regenerated(shop)
    made, cells, paid = texts(shop)["00001"]["value"], shop.cells(), shop.ledger()
    shop.here("undo", "shop.xlsx", "last", "--push", code=5)
    assert texts(shop)["00001"]["value"] == made, "nobody said yes"
    said = shop.here("undo", "shop.xlsx", "last", "--push", "--yes").stdout
    assert "2 texts put back, 2 of them on the service too." in said
    assert texts(shop)["00001"]["value"] == former == shop.cells()["00001", "page title"]
    assert shop.column("Status") == ["Undone", "Done"]
    for computer in (dict[str, Any](), colleague(shop)):
        assert "Nothing to do" in shop.here("plan", "shop.xlsx", **computer).stdout
    shop.here("undo", "shop.xlsx", "last", "--push", "--yes")
    assert (texts(shop)["00001"]["value"], shop.cells(), shop.ledger()) == (made, cells, paid)
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--yes").stdout


def test_what_was_undone_in_the_workbook_alone_is_put_back_on_the_service_by_a_later_push(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2)
    former = regenerated(shop)
    shop.here("undo", "shop.xlsx", "last", "--yes")
    made, paid = texts(shop)["00001"]["value"], shop.ledger()
    shop.edit(**{address(shop, "Excerpt"): "Her words"})
    assert made != former
    shop.here("undo", "shop.xlsx", "last", "--push", code=5)
    said = shop.here("undo", "shop.xlsx", "last", "--push", "--yes").stdout
    assert "00001, page title: back to" in said
    assert "1 text put back, 1 of them on the service too." in said
    assert texts(shop)["00001"]["value"] == former == shop.cells()["00001", "page title"]
    assert shop.cells()["00001", "excerpt"] == "Her words"
    plan = json.loads(shop.here("plan", "shop.xlsx", "--json", **colleague(shop)).stdout)
    assert {one["field"] for one in plan["changes"] + plan["notes"]} == {"excerpt"}, "the title is settled"
    assert shop.ledger() == paid
    shop.here("undo", "shop.xlsx", "last", "--push", "--yes")
    assert texts(shop)["00001"]["value"] == made == shop.cells()["00001", "page title"]


def test_a_text_that_changed_on_the_service_since_is_left_there_and_named(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    former = regenerated(shop)
    edit_there(shop, "00001", "Changed there since")
    said = shop.here("undo", "shop.xlsx", "last", "--push", "--yes").stdout
    assert "00001, page title: stays on the service: it has changed on the service since" in said
    assert "2 texts put back, 1 of them on the service too." in said
    assert texts(shop)["00001"]["value"] == "Changed there since"
    shop.here("run", "shop.xlsx", "--yes")
    assert texts(shop)["00001"]["value"] == "Changed there since"
    assert shop.cells()["00001", "page title"] == former, "it is a conflict"


def test_what_the_service_never_had_before_cannot_be_taken_from_it(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    there = texts(shop)
    data = json.loads(shop.here("undo", "shop.xlsx", "last", "--push", "--yes", "--json").stdout)
    assert [one["reason"] for one in data["texts"]] == [
        "the service never had one before, and none can be taken from it"
    ] * 2
    assert (data["putBack"], data["putBackOnService"]) == (2, 0)
    assert texts(shop) == there
    assert shop.cells() == {}


def test_where_the_journal_does_not_know_what_the_service_had_the_service_tells(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, settings={"Emptied cell": "regenerate"})
    shop.here("run", "shop.xlsx", "--yes")
    former, theirs = texts(shop)["00001"]["value"], colleague(shop)
    shop.edit(**{address(shop, "Page title"): None})
    shop.here("run", "shop.xlsx", "--yes", **theirs)
    assert texts(shop)["00001"]["value"] != former
    shop.here("undo", "shop.xlsx", "last", "--push", "--yes", **theirs)
    assert texts(shop)["00001"]["value"] == former == shop.cells()["00001", "page title"]
    assert "Nothing to do" in shop.here("plan", "shop.xlsx", **theirs).stdout


def test_undo_lists_the_runs_as_data(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    assert json.loads(shop.here("undo", "shop.xlsx", "--json").stdout) == {"runs": []}
    shop.here("run", "shop.xlsx", "--yes")
    assert [one["texts"] for one in json.loads(shop.here("undo", "shop.xlsx", "--json").stdout)["runs"]] == [4]


def test_a_former_text_that_waits_while_the_workbook_is_open_goes_into_it_with_the_next_run(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=1)
    former = regenerated(shop)
    lock = shop.folder / "~$shop.xlsx"
    lock.write_bytes(b"\x04Anna" + b" " * 50)
    shop.here("undo", "shop.xlsx", "last", "--push", "--yes", code=None)
    assert texts(shop)["00001"]["value"] == former != shop.cells()["00001", "page title"]
    lock.unlink()
    paid = shop.ledger()
    shop.here("run", "shop.xlsx", "--yes")
    assert texts(shop)["00001"]["value"] == former == shop.cells()["00001", "page title"]
    assert shop.ledger() == paid
