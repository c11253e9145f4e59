"""Sending back, as a merchandiser does it: she writes over a cell, chooses an Action, and runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from tests.cli.shop import visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from tests.cli.shop import Shop


ADDRESS = {"type": "Product", "storeId": "shop", "language": "en"}


def address(shop: Shop, heading: str, row: int = 2) -> str:
    return f"{get_column_letter(shop.grid()[0].index(heading) + 1)}{row}"


@contextmanager
def signed_in(shop: Shop) -> Iterator[httpx.Client]:
    """Go to the service as somebody with the shop's key."""
    with visit(shop.url) as client:
        answer = client.get("/web/apitoken/accesstoken", headers={"WriteTextAI-Token": shop.key}).json()
        client.headers["Authorization"] = f"Bearer {answer['access_token']}"
        yield client


def texts(shop: Shop) -> dict[str, dict[str, Any]]:
    """Give the page titles that the service holds, by record."""
    records = ",".join(f"{n:05}" for n in range(1, shop.records + 1))
    asked = {**ADDRESS, "field": "page title", "recordId": records, "includeUpdateHistory": "true"}
    with signed_in(shop) as client:
        answer = client.get("/text/Generate", params=asked).json()
    return {one["recordId"]: one["stores"][0]["texts"][0] for one in answer["records"]}


def edit_there(shop: Shop, record: str, words: str) -> None:
    edited = {"field": "page title", "textId": texts(shop)[record]["id"], "value": words}
    with signed_in(shop) as client:
        client.post("/text/Generate/text", json={**ADDRESS, "recordId": record, "fields": [edited]}).raise_for_status()


def test_an_edit_is_shown_in_the_plan_costs_nothing_and_reaches_the_service(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    paid = shop.ledger()
    shop.edit(**{address(shop, "Page title"): "Ours, by hand"})
    plan = shop.here("plan", "shop.xlsx").stdout
    assert "send back 1 text changed here" in " ".join(plan.split())
    said = shop.here("run", "shop.xlsx", "--yes").stdout
    assert "1 text sent back or marked on the service." in said
    assert texts(shop)["00001"]["value"] == "Ours, by hand"
    assert shop.column("Status") == ["Sent back", "Done", "Done"]
    assert shop.ledger() == paid
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--yes").stdout


def test_publish_in_the_action_column_marks_the_row_and_empties_the_action(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Action"): "Publish"})
    shop.here("run", "shop.xlsx", "--yes")
    history = texts(shop)["00001"]["history"]
    assert any(one["publish"] and one["reviewed"] for one in history)
    assert shop.column("Status") == ["Published", "Done"]
    assert shop.column("Action") == [None, None]
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--yes").stdout


def test_archiving_needs_its_flag_and_is_done_once(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Action", 3): "Archive"})
    refused = shop.here("run", "shop.xlsx", "--yes", code=5)
    assert "--archive" in refused.stderr + refused.stdout
    shop.here("run", "shop.xlsx", "--yes", "--archive")
    assert shop.column("Status") == ["Done", "Archived"]
    assert shop.column("Action") == [None, None]


def test_nothing_is_paid_for_a_record_that_was_archived_until_somebody_says_so(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, settings={"Emptied cell": "regenerate"})
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Action", 3): "Archive", address(shop, "Page title", 3): None})
    shop.here("run", "shop.xlsx", "--yes", "--archive")
    assert shop.column("Status") == ["Done", "Archived"]
    paid = shop.ledger()
    nothing = shop.here("run", "shop.xlsx", "--yes")
    assert "Nothing to do" in nothing.stdout
    assert "its record was archived" in shop.here("plan", "shop.xlsx").stdout
    assert shop.ledger() == paid
    shop.edit(**{address(shop, "Action", 3): "Generate"})
    shop.here("run", "shop.xlsx", "--yes")
    assert len(shop.ledger()) == len(paid) + 1


def test_pushing_over_many_texts_that_changed_on_the_service_needs_its_flag(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    edit_there(shop, "00001", "Theirs")
    shop.edit(**{address(shop, "Page title"): "Ours", address(shop, "Action"): "Push"})
    refused = shop.here("run", "shop.xlsx", "--yes", code=5)
    assert "--overwrite" in refused.stderr + refused.stdout
    assert texts(shop)["00001"]["value"] == "Theirs"
    shop.here("run", "shop.xlsx", "--yes", "--overwrite")
    assert texts(shop)["00001"]["value"] == "Ours"


def test_a_text_that_no_cell_can_hold_is_not_cut_on_the_service_by_sending_the_cell_back(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    long = "word " * 8000
    edit_there(shop, "00001", long)
    shop.here("run", "shop.xlsx", "--yes")
    assert "cut" in shop.cells()["00001", "page title"][-10:]
    shop.edit(**{address(shop, "Page title"): "short and ours"})
    said = shop.here("run", "shop.xlsx", "--yes", code=3)
    assert "would cut it" in said.stderr + said.stdout
    assert texts(shop)["00001"]["value"] == long


def test_a_push_of_what_is_the_same_on_both_sides_is_over_at_once(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Action"): "Push"})
    before = texts(shop)["00001"]["value"]
    shop.here("run", "shop.xlsx", "--yes")
    assert texts(shop)["00001"]["value"] == before
    assert shop.column("Action") == [None], "the wish is carried out: both sides agree already"
