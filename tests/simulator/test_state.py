from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sync.simulator import Simulator
from sync.simulator.service import DAY
from tests.simulator.world import BEGIN, Json, World, order

if TYPE_CHECKING:
    from pathlib import Path


def snapshot(world: World) -> object:
    """Gather all that a caller can see."""
    requests = [in_any_order(one) for one in world.get("/text/Generate/Bulk")]
    texts = {str(key): [(text.id, text.value) for text in many] for key, many in world.simulator.shelf.texts.items()}
    actions = [action for action, _ in world.simulator.shelf.actions]
    status = world.get("/text/Generate/Status", type="Product", pageSize=1000)
    return texts, actions, world.ledger(), world.get("/text/Credit"), requests, status


def in_any_order(request: Json) -> Json:
    """Sort the lists of ids: they are sets, and their order may be another after a restart."""
    return {name: sorted(value) if isinstance(value, list) else value for name, value in request.items()}


def story(world: World) -> list[str]:
    """Do some of everything, and leave work in the line and in hand."""
    first = world.order("A", "B", "C", fields=("page title", "excerpt"))
    second = world.order("D", "E")
    world.time += 0.5
    world.post("/text/generate", order("F", queue=False))
    third = world.order("G", "H", "I")
    world.post(f"/text/Generate/Bulk/{second}/cancel")
    world.time += 1.5
    text = world.get("/text/Generate", type="Product", recordId="F")["records"][0]["stores"][0]["texts"][0]
    field = {"field": "page title", "textId": text["id"], "value": "Mine \u2028", "reviewed": True}
    body = {"type": "Product", "storeId": "shop", "language": "en", "recordId": "F", "fields": [field]}
    world.post("/text/Generate/text", body)
    world.post("/text/Generate/archive", {"type": "Product", "recordId": "A"})
    world.post("/_simulator/credits", {"available": 500})
    return [first, second, third]


@pytest.mark.parametrize("stop", ["clean", "killed", "torn"])
@pytest.mark.parametrize("later", [0.0, 1.0, 100.0])
def test_a_restart_loses_nothing(tmp_path: Path, stop: str, later: float) -> None:
    file = tmp_path / "state.json"
    faults = "timeout:after=2,count=1;fail:after=1,count=1"
    world = World(state_file=file, capacity=2, faults=faults)
    ids = story(world)
    if stop == "clean":
        world.simulator.close()
    if stop == "torn":
        with file.open("ab") as torn:
            torn.write(b'{"do":"generate","bo')
    world.time += later
    again = World(time=world.time, state_file=file, capacity=2)
    again.token = world.token
    assert snapshot(again) == snapshot(world)
    for identity in ids:
        mine, theirs = (one.call("GET", f"/text/Generate/Bulk/{identity}") for one in (world, again))
        assert mine.status_code == theirs.status_code
        assert in_any_order(mine.json()) == in_any_order(theirs.json())
    world.time = again.time = world.time + 100
    assert world.order("Z", "Y") == again.order("Z", "Y")
    assert snapshot(again) == snapshot(world)


def test_days_that_were_let_pass_are_kept_and_what_was_under_way_is_done_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    world = World(state_file=file, capacity=1)
    identity = world.order("A", "B", "C", "D")
    world.simulator.close()
    later = World(time=world.time, state_file=file, days_later=31)
    assert later.simulator.now() == world.time + 31 * DAY
    assert later.call("GET", f"/text/Generate/Bulk/{identity}").status_code == 404, "long since done and forgotten"
    assert later.get("/text/Generate", type="Product", recordId="A,D")["records"]
    later.simulator.close()
    again = World(time=world.time + 60, state_file=file)
    assert again.simulator.now() == world.time + 60 + 31 * DAY, "nobody goes back"
    more = World(time=world.time + 60, state_file=file, days_later=1)
    assert more.simulator.now() == world.time + 60 + 32 * DAY


@pytest.mark.parametrize("days", [-1, float("inf"), float("nan")])
def test_only_days_that_can_pass_are_let_pass(days: float) -> None:
    with pytest.raises(ValueError, match="days_later"):
        Simulator(days_later=days)


def test_new_settings_hold_from_the_restart_on(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    world = World(state_file=file, capacity=1)
    identity = world.order("A", "B", "C", "D")
    world.time += 1.4
    done = len(world.bulk(identity)["completedIds"])
    again = World(time=world.time, state_file=file, capacity=3, seconds_per_record=9)
    seen = again.bulk(identity)
    assert len(seen["completedIds"]) == done
    assert len(seen["runningIds"]) == 3
    assert again.simulator.seed == 0


def test_a_state_may_be_written_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "begin.json"
    text = {
        "type": "Product", "storeId": "shop", "recordId": "A", "language": "en", "field": "page title",
        "value": "Old title", "time": "2025-01-02T03:04:05Z", "reviewed": True,
    }  # fmt: skip
    file.write_text(
        json.dumps(
            {"credits": 25, "premium": False, "texts": [text, {"recordId": "B", "field": "excerpt", "value": "x"}]},
            indent=2,
        )
    )
    world = World(state_file=file)
    assert world.get("/text/Credit")["availableCredits"] == 25
    assert world.get("/text/Credit")["isPremium"] is False
    found = world.get("/text/Generate", type="Product", recordId="A")["records"][0]["stores"][0]["texts"]
    assert [one["value"] for one in found] == ["Old title"]
    rows = world.get("/text/Generate/Status", type="Product", status="Reviewed")["records"]
    assert [(row["recordId"], row["date"]) for row in rows] == [("A", "2025-01-02T03:04:05.000Z")]
    assert world.ledger() == []
    world.order("A", storeId="shop")
    world.time = BEGIN + 10
    found = world.get("/text/Generate", type="Product", recordId="A", historyCount=9)["records"][0]["stores"][0][
        "texts"
    ]
    assert [one["value"] for one in found][1:] == ["Old title"]


@pytest.mark.parametrize(
    "content",
    ["[]", "{", "nonsense", '{"texts": [{"recordId": "A", "field": "slogan", "value": "x"}]}',
     '{"texts": [{"field": "excerpt"}]}', '{}\n{"do": "dance", "time": 1}\n',
     '{}\n{"do": "cancel", "time": 1, "id": "x"}\n'],
)  # fmt: skip
def test_a_file_that_is_no_state_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(ValueError, match="state file"):
        Simulator(state_file=file)
    assert file.read_text() == content


def test_a_file_that_is_missing_or_empty_is_a_fresh_start(tmp_path: Path) -> None:
    file = tmp_path / "deeper" / "state.json"
    World(state_file=file, credits=7)
    assert json.loads(file.read_text())["credits"] == 7
    file.write_text(" \n")
    assert World(state_file=file).get("/text/Credit")["availableCredits"] == 10_000


def test_keywords_can_be_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    found = {
        "recordId": "1", "language": "en-GB", "name": "Oak stool", "seedKeywords": ["oak stool"],
        "time": "2024-01-05T09:00:00Z", "ranks": {"Buy oak stool": 4}, "manual": ["Barn  stool"],
    }  # fmt: skip
    typed = {"recordId": "2", "manual": ["milking stool"]}
    failed = {"recordId": "3", "status": "Failed"}
    path.write_text(json.dumps({"keywords": [found, typed, failed]}))
    for _ in range(2):
        world = World(state_file=path)
        shown = world.get("/text/Keywords/Optimization/List", type="Product")["records"]
        assert [(one["recordId"], one["status"]) for one in shown] == [
            ("1", "Completed"), ("2", "Manual"), ("3", "Failed")
        ]  # fmt: skip
        assert shown[0]["updatedAt"].startswith("2024-01-05T09")
        lines = world.get("/text/Keywords/Optimization", type="Product", recordId="1")["pipelines"]
        words = {one["keyword"]: one for line in lines for one in line["keywords"]}
        assert words["barn stool"]["group"] == "manual"
        assert words["buy oak stool"]["rank"] == 4
        assert world.ledger() == [], "what a story begins with was not charged"
        world.simulator.close()


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({}, "recordId is required"),
        ({"recordId": "1", "status": "Done"}, "status must be one of"),
        ({"recordId": "1", "ranks": {"oak stool": "first"}}, "ranks must be"),
        ({"recordId": "1", "time": "yesterday"}, "time is not a date-time"),
        (7, "keywords 1"),
    ],
)
def test_keywords_by_hand_that_cannot_be_read_are_named(tmp_path: Path, entry: object, why: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"keywords": [entry]}))
    with pytest.raises(ValueError, match=r"keywords 1 of the state file cannot be read") as refused:
        World(state_file=path)
    assert why in str(refused.value)


def test_images_and_requests_for_change_can_be_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    image = {"imageId": "A", "altText": "Oak stool", "language": "en-GB"}
    review = {"recordId": "1", "field": "page title", "wish": "both", "comment": "Too short"}
    path.write_text(json.dumps({"images": [image], "reviews": [review]}))
    for _ in range(2):
        world = World(state_file=path)
        (shown,) = world.get("/text/Image/List", language="en-GB")["images"]
        assert (shown["imageId"], shown["altText"]["value"]) == ("A", "Oak stool")
        assert shown["imageDataExpires"] > "2025-07"
        (asked,) = world.get("/text/Review", type="Product", recordId="1")["reviews"]
        assert (asked["comment"], asked["fields"][0]["status"]) == ("Too short", 3)
        world.simulator.close()
