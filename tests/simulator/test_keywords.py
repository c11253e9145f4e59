"""Keyword optimizations in the simulator: in line, charged, moving by the day, and kept in the state file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.world import World

if TYPE_CHECKING:
    from pathlib import Path

OPTIMIZATION = "/text/Keywords/Optimization"
DAY = 86_400.0


def place(record: str = "R") -> dict[str, str]:
    return {"storeId": "shop", "type": "Product", "languageCode": "en", "recordId": record}


def start(world: World, record: str = "R", **more: Any) -> Any:
    body = {**place(record), "name": "Oak stool", "seedKeywords": ["oak stool"], **more}
    return world.call("PUT", OPTIMIZATION, json=body)


def status(world: World, record: str = "R") -> str:
    rows = world.get(f"{OPTIMIZATION}/List", storeId="shop", recordIds=record)["records"]
    return str(rows[0]["status"])


def result(world: World, record: str = "R") -> Any:
    return world.get(OPTIMIZATION, **place(record))


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Image"},
        {"recordId": ""},
        {"clusters": 0},
        {"clusters": "many"},
        {"countryCode": "GBR"},
        {"seedKeywords": {"oak": 1}},
        {"triggers": [{"action": "Delete"}]},
        {"triggers": "FlagForRewrite"},
    ],
)
def test_a_start_that_is_wrong_is_refused_and_costs_nothing(wrong: dict[str, Any]) -> None:
    world = World()
    assert start(world, **wrong).status_code == 400
    assert world.ledger() == []


def test_optimizations_wait_in_line_are_worked_on_and_done() -> None:
    world = World(capacity=1, seconds_per_record=10.0)
    for record in ("A", "B"):
        assert start(world, record).status_code == 200
    assert [status(world, one) for one in ("A", "B")] == ["InProgress", "Pending"]
    assert result(world, "A")["keywords"] == []
    world.time += 40
    assert [status(world, one) for one in ("A", "B")] == ["Completed", "InProgress"]
    world.time += 40
    assert status(world, "B") == "Completed"
    assert len(result(world, "B")["pipelines"]) == 2


def test_every_start_is_charged_also_one_of_what_is_under_way() -> None:
    world = World(seconds_per_record=100.0)
    for _ in range(3):
        start(world)
    charges = [(one["recordId"], one["field"], one["credits"]) for one in world.ledger()]
    assert charges == [("R", "keywords", 6)] * 3
    assert len(world.get(f"{OPTIMIZATION}/List", storeId="shop")["records"]) == 1


def test_without_credits_nothing_is_started() -> None:
    world = World(credits=5)
    assert start(world).status_code == 402
    assert world.get(f"{OPTIMIZATION}/List", storeId="shop")["records"] == []


def test_one_that_fails_says_so_and_is_charged() -> None:
    world = World()
    world.faults("fail:count=1")
    start(world)
    world.time += 60
    (row,) = world.get(f"{OPTIMIZATION}/List", storeId="shop", status="Failed")["records"]
    assert row["error"]
    assert len(world.ledger()) == 1


def test_faults_meet_a_start_before_and_after_it_counts() -> None:
    world = World()
    world.faults("503:on=keywords-start,effect=yes,count=1")
    assert start(world).status_code == 503
    assert len(world.ledger()) == 1
    world.faults("refuse:on=keywords-start")
    assert start(world).status_code == 503
    assert len(world.ledger()) == 1
    world.faults("lag:on=keywords-list,seconds=60")
    assert world.get(f"{OPTIMIZATION}/List", storeId="shop")["records"] == []


def test_ranks_move_by_the_day_and_stay_within_it() -> None:
    world = World()
    start(world)
    world.time += 60
    first = {one["keyword"]: one.get("rank") for line in result(world)["pipelines"] for one in line["keywords"]}
    world.time += 3_600
    assert first == {one["keyword"]: one.get("rank") for line in result(world)["pipelines"] for one in line["keywords"]}
    world.time += 20 * DAY
    world.sign_in()
    later = {one["keyword"]: one.get("rank") for line in result(world)["pipelines"] for one in line["keywords"]}
    assert later != first
    assert all(rank is None or 1 <= rank <= 100 for rank in later.values())


def test_a_keyword_goes_from_waiting_to_generated_to_published_with_the_text_that_holds_it() -> None:
    world = World()
    start(world)
    world.time += 60
    assert {one["state"] for line in result(world)["pipelines"] for one in line["keywords"]} == {"ForGeneration"}
    world.order("R", fields=("product description",))
    world.time += 60
    text = world.get("/text/Generate", type="Product", recordId="R")["records"][0]["stores"][0]["texts"][0]
    edit = {"field": "product description", "textId": text["id"], "value": "<p>An <b>OAK  stool</b> to sit on.</p>"}
    body = {"type": "Product", "storeId": "shop", "language": "en", "recordId": "R", "fields": [edit]}
    world.post("/text/Generate/text", body)

    def state() -> str:
        every = [one for line in result(world)["pipelines"] for one in line["keywords"]]
        return str(next(one["state"] for one in every if one["keyword"] == "oak stool"))

    assert state() == "Generated"
    edit["publish"] = True
    world.post("/text/Generate/text", body)
    assert state() == "Published"


def test_a_locked_pipeline_stays_where_it_is_when_ranks_move_and_an_open_one_goes_on() -> None:
    world = World()
    start(world)
    world.time += 60
    first, second = result(world)["pipelines"]
    world.call("POST", f"{OPTIMIZATION}/Pipelines/{first['pipelineId']}/Lock", params=place(), json={})
    words = [one["keyword"] for line in (first, second) for one in line["keywords"][:3]]
    world.post("/_simulator/keywords", {**place(), "ranks": dict.fromkeys(words, 1)})
    after = result(world)["pipelines"]
    assert after[0]["keyword"] == first["keyword"]
    assert after[1]["keyword"] != second["keyword"]


def test_a_trigger_flags_when_its_condition_is_met() -> None:
    world = World()
    start(world, triggers=[{"action": "FlagForRewrite", "option": "Days", "value": "30"}])
    world.time += 60
    assert {one["flaggedForRewrite"] for one in result(world)["pipelines"]} == {False}
    world.time += 31 * DAY
    world.sign_in()
    assert {one["flaggedForRewrite"] for one in result(world)["pipelines"]} == {True}


def test_a_story_can_begin_with_an_optimization_in_any_state_and_pays_nothing() -> None:
    world = World()
    for number, word in enumerate(("Pending", "InProgress", "Completed", "Failed", "Manual")):
        world.post("/_simulator/keywords", {**place(f"R{number}"), "status": word, "seedKeywords": ["oak stool"]})
        assert status(world, f"R{number}") == word
    assert world.ledger() == []


def test_long_lists_come_in_pages() -> None:
    world = World()
    for number in range(5):
        world.post("/_simulator/keywords", {**place(f"R{number}"), "status": "Completed"})
    seen, token = [], ""
    while True:
        page = world.get(f"{OPTIMIZATION}/List", storeId="shop", pageSize=2, continuationToken=token)
        seen += [one["recordId"] for one in page["records"]]
        token = page["continuationToken"]
        if not token:
            break
    assert seen == [f"R{number}" for number in range(5)]


def test_all_of_it_survives_the_process_whether_it_was_stopped_or_killed(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    first = World(state_file=path)
    start(first)
    first.time += 60
    line = result(first)["pipelines"][0]["pipelineId"]
    for method, where, body in (
        ("POST", f"{OPTIMIZATION}/Pipelines/{line}/Lock", {}),
        ("PUT", f"{OPTIMIZATION}/Snapshots", {"id": "s1"}),
        ("POST", "/text/Keywords/Manual", {"keywords": ["barn stool"]}),
        ("POST", f"{OPTIMIZATION}/Pipelines/Triggers", {"triggers": [{"action": "FlagForRewrite"}]}),
    ):
        assert first.call(method, where, params=place(), json=body).status_code == 200
    shown = result(first)
    killed = World(time=first.time, state_file=path)
    assert result(killed) == shown
    killed.simulator.close()
    stopped = World(time=first.time, state_file=path)
    assert result(stopped) == shown
    assert stopped.get(f"{OPTIMIZATION}/Snapshots/s1", **place())["pipelines"]
    assert stopped.ledger() == first.ledger()
