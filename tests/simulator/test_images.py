"""Images in the simulator: uploaded, described for credits, expired, and kept in the state file."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.world import World, order

if TYPE_CHECKING:
    from pathlib import Path

MONTH = 30 * 86_400.0
PNG = "data:image/png;base64,iVBORw0KGgo="


def upload(world: World, identity: str, **more: Any) -> Any:
    body = {"storeId": "shop", "imageId": identity, "url": f"https://x.example.com/{identity}.jpg", "ipAddress": "::1"}
    return world.call("POST", "/text/Image", json={**body, **more})


def describe(world: World, *ids: str, **more: Any) -> Any:
    body = {"storeId": "shop", "language": "en", "productName": "Oak stool", "images": [{"imageId": i} for i in ids]}
    return world.call("POST", "/text/Image/GenerateAltText", json={**body, **more})


def alt_of(world: World, identity: str) -> Any:
    return world.get("/text/Image", storeId="shop", imageId=identity, language="en")["altText"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"imageId": ""},
        {"storeId": None},
        {"ipAddress": ""},
        {"url": ""},
        {"url": "ftp://x.example.com/a.jpg"},
        {"imageData": "data:text/html;base64,PGI+"},
        {"imageData": "data:image/png;base64,***"},
        {"imageData": "data:image/png;base64,"},
        {"imageData": "iVBORw0KGgo="},
    ],
)
def test_an_upload_that_is_wrong_is_refused_and_leaves_nothing(wrong: dict[str, Any]) -> None:
    world = World()
    assert upload(world, "A", **wrong).status_code == 400
    assert world.get("/text/Image/List", storeId="shop") == {"images": []}


def test_an_id_that_is_taken_is_free_again_when_the_image_has_expired() -> None:
    world = World()
    assert upload(world, "A").status_code == 200
    assert upload(world, "A").status_code == 400
    assert upload(world, "A", url="", imageData=PNG, overwrite=True).status_code == 200
    world.time += MONTH
    world.sign_in()
    assert upload(world, "A").status_code == 200


def test_alt_texts_are_charged_a_request_and_an_image_that_is_not_there_is_missing() -> None:
    world = World()
    for identity in ("A", "B"):
        upload(world, identity)
    answer = describe(world, "A", "nothing", "B").json()
    assert [one["imageId"] for one in answer["texts"]] == ["A", "B"]
    (charge,) = world.ledger()
    assert (charge["field"], charge["credits"], charge["imageIds"]) == ("alt text", 1, ["A", "B"])
    assert alt_of(world, "A")["value"] == answer["texts"][0]["outputs"][0]


def test_an_alt_text_that_is_made_anew_is_another_one() -> None:
    world = World()
    upload(world, "A")
    made = [describe(world, "A").json()["texts"][0]["outputs"][0] for _ in range(20)]
    assert all(later != earlier for earlier, later in pairwise(made))


def test_an_expired_image_is_shown_and_no_longer_looked_at() -> None:
    world = World()
    upload(world, "A")
    describe(world, "A")
    world.time += MONTH
    world.sign_in()
    assert describe(world, "A").json() == {"texts": []}
    assert len(world.ledger()) == 1, "what was not made is not charged"
    assert alt_of(world, "A")["value"]
    body = order("R")
    body["Texts"][0]["images"] = ["A"]
    assert world.call("POST", "/text/generate", json=body).status_code == 400


def test_more_images_than_a_request_takes_and_too_few_credits_are_refused() -> None:
    world = World()
    assert describe(world, *(f"I{number}" for number in range(21))).status_code == 400
    upload(world, "A")
    world.post("/_simulator/credits", {"available": 0})
    assert describe(world, "A").status_code == 402
    assert world.ledger() == []


def test_faults_meet_alt_texts_before_and_after_they_are_made() -> None:
    world = World()
    for identity in ("A", "B"):
        upload(world, identity)
    world.faults("fail:after=1,count=1")
    assert [one["imageId"] for one in describe(world, "A", "B").json()["texts"]] == ["A"]
    world.faults("empty:count=1")
    assert describe(world, "A").json()["texts"][0]["outputs"] == [""]
    world.faults("503:on=describe,effect=yes")
    assert describe(world, "A").status_code == 503
    assert len(world.ledger()) == 3, "it was made all the same"


def test_an_order_looks_at_images_and_describes_them() -> None:
    world = World(seconds_per_record=1.0)
    for number in range(22):
        upload(world, f"I{number}")
    body = order("R")
    body["Texts"][0] |= {
        "images": ["I0"],
        "imageAltTexts": [{"imageId": f"I{number}", "currentValue": ""} for number in range(22)],
    }
    answer = world.post("/text/generate", body)
    assert world.get("/_simulator/state")["reservedCredits"] == 3
    world.time += 10
    charges = world.ledger()
    assert [(one["field"], one["credits"], one["recordId"]) for one in charges] == [
        ("page title", 1, "R"),
        ("alt text", 2, "R"),
    ]
    assert charges[1]["requestId"] == answer["requestId"]
    assert world.get("/_simulator/state")["reservedCredits"] == 0
    assert "Oak stool" in alt_of(world, "I21")["value"]


def test_several_edits_are_made_or_none() -> None:
    world = World()
    for identity in ("A", "B"):
        upload(world, identity)
    ids = {one["imageId"]: one["id"] for one in describe(world, "A", "B").json()["texts"]}
    edits = [{"storeId": "shop", "language": "en", "imageId": i, "textId": ids[i], "value": f"Of {i}"} for i in ids]
    before = alt_of(world, "A")["value"]
    bad = {**edits[1], "textId": "t-0"}
    assert world.call("POST", "/text/Image/altText/batch", json={"images": [edits[0], bad]}).status_code == 404
    assert alt_of(world, "A")["value"] == before
    world.post("/text/Image/altText/batch", {"images": edits})
    assert [alt_of(world, one)["value"] for one in ("A", "B")] == ["Of A", "Of B"]
    marked = {**{name: value for name, value in edits[0].items() if name != "value"}, "publish": True}
    world.post("/text/Image/altText", marked)
    shown = world.get("/text/Image", storeId="shop", imageId="A", includeUpdateHistory="true")["altText"]
    assert (shown["value"], shown["history"][0]["publish"]) == ("Of A", True)


def test_images_survive_the_process_whether_it_was_stopped_or_killed(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    first = World(state_file=path)
    upload(first, "A")
    describe(first, "A")
    shown = first.get("/text/Image/List", storeId="shop", includeUpdateHistory="true")
    killed = World(state_file=path)
    assert killed.get("/text/Image/List", storeId="shop", includeUpdateHistory="true") == shown
    killed.simulator.close()
    stopped = World(state_file=path)
    assert stopped.get("/text/Image/List", storeId="shop", includeUpdateHistory="true") == shown
    assert stopped.ledger() == first.ledger()
