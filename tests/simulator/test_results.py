from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.world import BEGIN, Json, World, order

FIELDS = ("page title", "excerpt")


@pytest.fixture
def world() -> World:
    """Two records in two languages, two texts each, written at BEGIN + about 1 to 3."""
    made = World(capacity=2)
    made.order("A", "B", fields=FIELDS)
    made.order("A", "B", fields=FIELDS, language="de")
    made.time += 10
    return made


def stores(world: World, **query: Any) -> list[Json]:
    answer = world.get("/text/Generate", type="Product", **query)
    return [store for record in answer["records"] for store in record["stores"]]


def text_of(world: World, record: str = "A", field: str = "page title") -> Json:
    text: Json = stores(world, recordId=record, language="en", field=field)[0]["texts"][0]
    return text


def update(world: World, text_id: str, value: str, **more: Any) -> Any:
    field = {"field": "page title", "textId": text_id, "value": value, **more}
    body = {"type": "Product", "storeId": "shop", "language": "en", "recordId": "A", "fields": [field]}
    return world.call("POST", "/text/Generate/text", json=body)


def test_texts_come_by_record_store_language_and_text_type(world: World) -> None:
    answer = world.get("/text/Generate", type="product", recordID="B,A,Z")
    assert answer["type"] == "Product"
    assert [record["recordId"] for record in answer["records"]] == ["B", "A"]
    found = [(one["storeId"], one["language"], one["field"]) for one in answer["records"][0]["stores"]]
    assert sorted(found) == sorted(("shop", code, field) for code in ("en", "de") for field in FIELDS)
    text = answer["records"][0]["stores"][0]["texts"][0]
    assert set(text) == {"id", "value", "outputs"}
    assert text["value"] == text["outputs"][0]
    assert len(stores(world, recordId="A,B", language="DE")) == 4
    assert len(stores(world, recordId="A", language="de", field="excerpt,page title")) == 2
    assert len(stores(world, recordId="A", language="de", field="excerpt", storeID="shop")) == 1


@pytest.mark.parametrize(
    "query", [{"recordId": "Z"}, {"recordId": "A", "language": "fr"}, {"recordId": "A", "storeId": "x"}]
)
def test_no_texts_at_all_is_not_found(world: World, query: dict[str, str]) -> None:
    assert world.call("GET", "/text/Generate", params={"type": "Product", **query}).status_code == 404


@pytest.mark.parametrize("query", [{}, {"type": "Product"}, {"type": "Shop", "recordId": "A"}, {"recordId": "A"}])
def test_texts_need_a_type_and_a_record(world: World, query: dict[str, str]) -> None:
    assert world.call("GET", "/text/Generate", params=query).status_code == 400


def test_earlier_generations_are_given_on_request_latest_first(world: World) -> None:
    before = text_of(world)
    world.order("A", fields=FIELDS)
    world.time += 10
    after = text_of(world)
    assert after["id"] != before["id"]
    assert after["value"] != before["value"]
    both = stores(world, recordId="A", language="en", field="page title", historyCount=5)[0]["texts"]
    assert [text["id"] for text in both] == [after["id"], before["id"]]


def test_an_edit_is_kept_with_its_history(world: World) -> None:
    text = text_of(world)
    assert update(world, text["id"], "My own words").status_code == 200
    assert update(world, text["id"], "My own words", publish=True, reviewed=True).status_code == 200
    shown = stores(world, recordId="A", language="en", field="page title", includeUpdateHistory=True)[0]["texts"][0]
    assert shown["value"] == "My own words"
    assert shown["outputs"] == text["outputs"]
    assert (shown["history"][0]["publish"], shown["history"][0]["reviewed"]) == (True, True)
    assert (shown["history"][-1]["publish"], shown["history"][-1]["value"]) == (False, text["value"])


def test_an_edit_of_something_unknown_is_not_found_and_changes_nothing(world: World) -> None:
    other = text_of(world, "B")["id"]
    for text_id in ("t-nothing", other):
        assert update(world, text_id, "x").status_code == 404
    assert text_of(world, "B")["value"] != "x"
    assert world.call("POST", "/text/Generate/text", json={"type": "Product"}).status_code == 400
    assert world.call("POST", "/text/Generate/text", json=[]).status_code == 400
    assert update(world, text_of(world)["id"], None).status_code == 400  # type: ignore[arg-type]


def rows(world: World, path: str, name: str, **query: Any) -> list[Json]:
    """All pages together; no page may be larger than asked."""
    found: list[Json] = []
    token = None
    while True:
        page = world.get(path, type="Product", **query, **({"continuationToken": token} if token else {}))
        assert len(page[name]) <= query.get("pageSize", 100)
        found += page[name]
        token = page["continuationToken"]
        if token is None:
            return found


def test_status_has_a_row_for_each_record_and_text_type(world: World) -> None:
    found = rows(world, "/text/Generate/Status", "records", language="en")
    assert sorted((row["recordId"], row["field"]) for row in found) == sorted((r, f) for r in "AB" for f in FIELDS)
    assert {row["status"] for row in found} == {"Generated"}
    assert rows(world, "/text/Generate/Status", "records", pageSize=3) == rows(
        world, "/text/Generate/Status", "records"
    )


def test_status_filters(world: World) -> None:
    path = "/text/Generate/Status"
    world.time = BEGIN + 100
    update(world, text_of(world)["id"], "Mine", reviewed=True, publish=True)
    assert len(rows(world, path, "records", status="Transferred")) == 1
    assert rows(world, path, "records", status=["Edited", "Reviewed"])[0]["status"] == "Reviewed"
    assert len(rows(world, path, "records", status="Generated")) == 8
    assert len(rows(world, path, "records", startDate="2025-06-15T15:07:30Z")) == 1
    assert len(rows(world, path, "records", endDate="2025-06-15T15:07:30Z")) == 8
    assert rows(world, path, "records", endDate="2025-06-15T15:06:40Z") == []
    assert len(rows(world, path, "records", fields=["excerpt"], userName="simulator@example.com")) == 4
    assert rows(world, path, "records", userName="nobody") == []
    for bad in ({"status": "Lost"}, {"startDate": "soon"}, {"continuationToken": "x"}, {"fields": "slogan"}):
        assert world.call("GET", path, params={"type": "Product", **bad}).status_code == 400


def test_history_lists_every_action_latest_first_a_page_at_a_time() -> None:
    world = World(capacity=50, seconds_per_record=0.1)
    world.order(*(f"{place:03}" for place in range(130)), fields=FIELDS)
    world.time += 5
    path = "/text/Generate/History"
    found = rows(world, path, "histories", storeId="shop", pageSize=100)
    assert len(found) == 260
    assert len({row["textId"] for row in found}) == 260
    stamps = [row["timestamp"] for row in found]
    assert stamps == sorted(stamps, reverse=True)
    assert set(found[0]) >= {"timestamp", "textType", "value", "textId", "action", "recordId", "editor"}
    assert len(world.get(path, type="Product", storeId="shop", pageSize=10)["histories"]) == 100
    assert len(rows(world, path, "histories", storeId="shop", recordId="001,002")) == 4
    assert world.call("GET", path, params={"type": "Product"}).status_code == 400
    assert world.call("GET", path, params={"type": "Product", "storeId": "other"}).status_code == 404


def test_history_pages_do_not_shift_when_something_happens_meanwhile() -> None:
    world = World(capacity=200)
    world.order(*(f"{place:03}" for place in range(120)))
    world.time += 5
    path, query = "/text/Generate/History", {"type": "Product", "storeId": "shop"}
    first = world.get(path, **query)
    world.order("new")
    world.time += 5
    second = world.get(path, **query, continuationToken=first["continuationToken"])
    assert len({row["textId"] for row in first["histories"] + second["histories"]}) == 120
    assert second["continuationToken"] is None


@pytest.mark.parametrize("way", ["query", "body"])
def test_archived_records_leave_the_lists_and_can_still_be_read(world: World, way: str) -> None:
    given = {"type": "Product", "recordID": "A,Z"}
    options: dict[str, Any] = {"params": given} if way == "query" else {"json": given}
    assert world.call("POST", "/text/Generate/archive", **options).status_code == 404
    given["recordID"] = "A"
    assert world.call("POST", "/text/Generate/archive", **options).status_code == 200
    assert {row["recordId"] for row in rows(world, "/text/Generate/Status", "records")} == {"B"}
    assert stores(world, recordId="A")
    del given["recordID"]
    assert world.call("POST", "/text/Generate/archive", **options).status_code == 400


def test_every_text_is_charged_once_and_the_balance_agrees(world: World) -> None:
    ledger = world.ledger()
    ids = {text["id"] for store in stores(world, recordId="A,B") for text in store["texts"]}
    assert {charge["textId"] for charge in ledger} == ids
    assert len(ledger) == 8
    assert set(ledger[0]) >= {"recordId", "language", "field", "credits", "requestId", "textId", "time"}
    assert {charge["field"]: charge["credits"] for charge in ledger} == {"page title": 1, "excerpt": 2}
    balance = world.get("/text/Credit")
    assert balance["availableCredits"] == 10_000 - sum(charge["credits"] for charge in ledger)
    assert balance["totalCredits"] == 10_000
    world.post("/text/generate", order("C", queue=False))
    assert world.ledger()[-1]["requestId"] == ""


def test_a_person_may_change_a_text_on_the_services_own_screen(world: World) -> None:
    before = text_of(world)
    world.post("/_simulator/edit", {"storeId": "shop", "recordId": "A", "field": "page title", "value": "Mine"})
    after = text_of(world)
    assert (after["id"], after["value"]) == (before["id"], "Mine")
    (row,) = rows(world, "/text/Generate/Status", "records", status="Edited")
    assert (row["recordId"], row["userName"]) == ("A", "editor@example.com")
    unknown = {"storeId": "shop", "recordId": "Z", "field": "page title", "value": "Mine"}
    assert world.call("POST", "/_simulator/edit", json=unknown).status_code == 404
