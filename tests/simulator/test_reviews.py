"""Editors' requests for change, suggestions and templates in the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.world import BEGIN, World, order

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-09-21T10:00:00Z"
FIELD = {"field": "page title", "textId": "t", "text": "Oak", "created": AT, "updated": AT}
REVIEW = {
    "type": "Product", "storeId": "shop", "language": "en", "recordId": "A", "created": AT, "updated": AT,
    "fields": [FIELD],
}  # fmt: skip


def ask(world: World, identity: str = "A", **more: Any) -> str:
    asked = {"storeId": "shop", "recordId": identity, "field": "page title", "comment": "Too short", **more}
    answer: str = world.post("/_simulator/review", asked)["id"]
    return answer


def reviews(world: World, identity: str = "A", **more: Any) -> Any:
    return world.get("/text/Review", type="Product", recordId=identity, **more)["reviews"]


def rows(world: World, **query: Any) -> Any:
    return world.get("/text/Review/Status", type="Product", **query)["records"]


@pytest.mark.parametrize(("wish", "code"), [("rewrite", 1), ("correction", 2), ("both", 3)])
def test_an_editor_asks_for_a_change_of_a_kind(wish: str, code: int) -> None:
    world = World()
    ask(world, wish=wish, editor="eve@example.com", fields=["page title", "excerpt"])
    (found,) = reviews(world)
    assert (found["createdByUserName"], found["createdByName"], found["comment"]) == (
        "eve@example.com",
        "Eve",
        "Too short",
    )
    assert [(one["field"], one["status"]) for one in found["fields"]] == [("page title", code), ("excerpt", code)]
    assert len(rows(world, status={1: "EditForRewrite", 2: "EditForCorrection"}.get(code, ""))) == 2


def test_a_review_stands_beside_its_text() -> None:
    world = World()
    world.post("/text/generate", order("A", queue=False, language="en-US"))
    ask(world, language="en-US", comment="one")
    ask(world, language="en", comment="two")
    query = {"type": "Product", "recordId": "A", "language": "en-US"}
    (place,) = world.get("/text/Generate", **query)["records"][0]["stores"]
    assert [one["comment"] for one in place["reviews"]] == ["one"]
    (place,) = world.get("/text/Generate", matchIsoTwoLetterLanguageCode="true", **query)["records"][0]["stores"]
    assert [one["comment"] for one in place["reviews"]] == ["one", "two"]


def test_what_the_plugin_sends_settles_a_review() -> None:
    world = World()
    identity = ask(world, fields=["page title", "excerpt"])
    settled = {"id": identity, "type": "Product", "recordId": "A", "url": "https://x", "fields": []}
    for name in ("page title", "excerpt"):
        world.post("/text/Review", {**settled, "fields": [{"field": name, "status": -1}]})
    assert reviews(world) == []
    assert [one["status"] for one in reviews(world, all="true")[0]["fields"]] == [-1, -1]
    assert rows(world) == []


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"id": "unknown"}, 404),
        ({"type": "Shop"}, 400),
        ({"recordId": ""}, 400),
        ({"created": None}, 400),
        ({"updated": "soon"}, 400),
        ({"fields": []}, 400),
        ({"fields": [{"field": "page title"}]}, 400),
        ({"fields": [{**FIELD, "field": "alt text"}]}, 400),
        ({"fields": [{**FIELD, "status": 7}]}, 400),
    ],
)
def test_a_request_that_is_wrong_is_refused(wrong: dict[str, Any], status: int) -> None:
    world = World()
    assert world.call("POST", "/text/Review", json={**REVIEW, **wrong}).status_code == status
    assert reviews(world, all="true") == []


def test_the_list_of_what_is_asked_is_filtered_and_cut_into_pages() -> None:
    world = World()
    for number in range(5):
        world.time = BEGIN + number
        ask(world, f"R{number}", wish="both" if number % 2 else "rewrite", editor=f"e{number}@x")
    assert [one["recordId"] for one in rows(world, status="editforrewriteandcorrection")] == ["R1", "R3"]
    assert [one["recordId"] for one in rows(world, userName="E2@x")] == ["R2"]
    assert [one["recordId"] for one in rows(world, startDate="2025-06-15T15:06:43Z")] == ["R3", "R4"]
    first = world.get("/text/Review/Status", type="Product", pageSize=2)
    second = world.get("/text/Review/Status", type="Product", pageSize=2, continuationToken=first["continuationToken"])
    assert [one["recordId"] for one in (*first["records"], *second["records"])] == ["R0", "R1", "R2", "R3"]
    assert world.call("GET", "/text/Review/Status", params={"type": "Product", "status": "Done"}).status_code == 400
    world.post("/text/Review", {**REVIEW, "archived": True})
    assert len(rows(world)) == 5


def test_suggestions_stay_the_same_until_others_are_asked_for() -> None:
    world = World()
    query: dict[str, Any] = {"storeId": "shop", "type": "Product", "recordId": "A", "Text[0]": "Oak stool, small"}
    first = world.get("/text/Suggestion/Audience", **query)
    assert world.get("/text/Suggestion/Audience", **query) == first
    afresh = world.get("/text/Suggestion/Audience", clearAllText="true", **query)
    assert afresh["values"] != first["values"]
    assert world.get("/text/Suggestion/Audience", **query) == afresh
    assert world.ledger() == []


def test_keywords_are_suggested_for_each_text_and_short_enough() -> None:
    world = World()
    query = {"storeId": "shop", "recordId": "A", "Text[0]": "Oak stool", "Text[1]": "x" * 40}
    first, second = world.get("/text/Suggestion/Keywords", **query)["texts"]
    assert first["text"] == "Oak stool"
    assert all(len(one) <= 35 and "oak stool" in one for one in first["values"])
    assert second["values"] == []


def test_templates_can_be_chosen_by_store() -> None:
    world = World()

    def chosen(store: str) -> list[str]:
        found = world.get("/text/TemplateSettings", type="Product", storeId=store)["templates"]
        return [one["id"] for one in found if one["default"] and one["field"] == "excerpt"]

    world.post("/text/TemplateSettings", {"storeId": "shop", "id": "product-excerpt-short"})
    assert (chosen("shop"), chosen("other")) == (["product-excerpt-short"], ["product-excerpt-standard"])


def test_all_of_it_survives_the_process_whether_it_was_stopped_or_killed(tmp_path: Path) -> None:
    def shown(world: World) -> list[Any]:
        asked = {"storeId": "shop", "recordId": "A", "Text[0]": "Oak stool"}
        return [
            reviews(world, all="true"),
            world.get("/text/Suggestion/Audience", **asked),
            world.get("/text/Suggestion/Keywords", **asked),
            world.get("/text/TemplateSettings"),
            world.get("/web/account/all"),
        ]

    path = tmp_path / "state.json"
    first = World(state_file=path)
    identity = ask(first)
    first.post("/text/Review", {**REVIEW, "id": identity, "fields": [{"field": "excerpt", "status": 2}]})
    first.get("/text/Suggestion/Audience", storeId="shop", recordId="A", clearAllText="true")
    first.post("/text/Suggestion/Audience", {"storeId": "shop", "recordId": "A", "text": ["x"], "selected": "Parents"})
    first.post("/text/Suggestion/Keywords", {"storeId": "shop", "recordId": "A", "text": "x", "selected": ["a", "b"]})
    first.post("/text/TemplateSettings", {"id": "product-excerpt-short"})
    first.post("/text/Credit/setFreePremiumCreditsToFalse")
    before = shown(first)
    assert before[1]["selected"] == ["Parents"]
    killed = World(state_file=path)
    assert shown(killed) == before
    killed.simulator.close()
    assert shown(World(state_file=path)) == before


def test_faults_meet_these_calls_by_name() -> None:
    world = World()
    ask(world)
    world.faults("503:on=reviews;429:on=suggestions;lost:on=review")
    assert world.call("GET", "/text/Review", params={"type": "Product", "recordId": "A"}).status_code == 503
    assert world.call("GET", "/text/Suggestion/Audience", params={"recordId": "A"}).status_code == 429
    with pytest.raises(Exception, match="dropped the connection"):
        world.call("POST", "/text/Review", json=REVIEW)
    world.faults("")
    assert len(reviews(world)) == 2, "it took effect before the connection was lost"
