from __future__ import annotations

import random
from datetime import datetime

import pytest

from tests.simulator.world import BEGIN, Json, World, order

LISTS = ("queuedIds", "runningIds", "completedIds")


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_a_request_tells_all_about_itself() -> None:
    world = World(capacity=2)
    identity = world.order("A", "B", "C")
    seen = world.bulk(identity)
    assert set(seen) == {
        "id", "userName", "name", "recordType", "storeId", "language", "status", "startTime", "endTime",
        "estimatedEndTime", "queuedIds", "runningIds", "completedIds", "failedIds", "completed", "total",
    }  # fmt: skip
    assert (seen["id"], seen["recordType"], seen["storeId"], seen["language"]) == (identity, "Product", "shop", "en")
    assert (seen["status"], seen["total"], seen["completed"]) == ("Running", 3, 0)
    assert (seen["runningIds"], seen["queuedIds"]) == (["A", "B"], ["C"])
    assert seen["endTime"] is None
    estimated = moment(seen["estimatedEndTime"])
    world.time += 60
    seen = world.bulk(identity)
    assert (seen["status"], seen["completed"]) == ("Completed", 3)
    assert moment(seen["endTime"]) == pytest.approx(estimated, abs=0.002)
    assert BEGIN + 1 < estimated < BEGIN + 3


def test_requests_wait_for_their_turn() -> None:
    world = World(capacity=1)
    first, second = world.order("A", "B"), world.order("C", "D")
    assert world.bulk(second)["status"] == "Pending"
    assert [one["id"] for one in world.get("/text/Generate/Bulk")] == [first, second]
    world.time += 2.7
    assert [one["id"] for one in world.get("/text/Generate/Bulk")] == [second]


@pytest.mark.parametrize("seed", range(6))
def test_no_more_than_the_capacity_runs_and_everything_ends(seed: int) -> None:
    draws = random.Random(seed)
    capacity = draws.randint(1, 5)
    world = World(capacity=capacity, seed=seed)
    ids: list[str] = []
    for step in range(12):
        ids.append(world.order(*(f"{step}-{place}" for place in range(draws.randint(2, 9)))))
        world.time += draws.random() * 3
        seen = [world.bulk(identity) for identity in ids]
        running = sum(len(one["runningIds"]) for one in seen)
        waiting = sum(len(one["queuedIds"]) for one in seen)
        assert running <= capacity
        assert running == capacity or not waiting
        for one in seen:
            assert sorted(record for name in LISTS for record in one[name]) == sorted(
                set().union(*(one[n] for n in LISTS))
            )
            assert sum(len(one[name]) for name in LISTS) == one["total"]
            assert one["completed"] == len(one["completedIds"])
    world.time += 200
    assert all(world.bulk(identity)["status"] == "Completed" for identity in ids)
    assert world.get("/text/Generate/Bulk") == []
    assert world.get("/_simulator/state")["reservedCredits"] == 0


def test_it_does_not_matter_how_often_one_looks() -> None:
    def story(looks: int) -> list[Json]:
        world = World(capacity=3, seed=7)
        for step in range(3):
            world.order(*(f"{step}-{place}" for place in range(8)))
            for _ in range(looks):
                world.time += 2.0 / looks
                world.get("/text/Generate/Bulk")
        world.time = BEGIN + 100
        return world.ledger()

    assert story(1) == story(10)


def test_the_work_takes_as_long_as_asked_on_average() -> None:
    world = World(capacity=10, seconds_per_record=2.0)
    identity = world.order(*map(str, range(400)))
    assert moment(world.bulk(identity)["estimatedEndTime"]) - BEGIN == pytest.approx(80, rel=0.06)


def test_no_time_at_all_is_done_at_the_next_look() -> None:
    world = World(seconds_per_record=0)
    assert world.bulk(world.order("A", "B", "C", "D", "E", "F"))["status"] == "Completed"


def test_a_finished_single_request_is_gone_and_a_bulk_one_stays_for_a_day() -> None:
    world = World()
    single, bulk = world.order("A"), world.order("B", "C")
    assert world.bulk(single)["status"] == "Running"
    world.time += 10
    assert world.call("GET", f"/text/Generate/Bulk/{single}").status_code == 404
    assert world.call("POST", f"/text/Generate/Bulk/{single}/cancel").status_code == 404
    world.time += 86_000
    assert world.bulk(bulk)["status"] == "Completed"
    world.time += 500
    world.sign_in()
    assert world.call("GET", f"/text/Generate/Bulk/{bulk}").status_code == 404


@pytest.mark.parametrize("call", ["GET ", "POST /cancel", "POST /retry"])
def test_an_unknown_request_is_not_found(call: str) -> None:
    method, _, rest = call.partition(" ")
    answer = World().call(method, f"/text/Generate/Bulk/nobody{rest}")
    assert answer.status_code == 404
    assert answer.json()["error"]


def test_cancelling_drops_what_waits_and_finishes_and_charges_what_runs() -> None:
    world = World(capacity=2)
    identity = world.order("A", "B", "C", "D")
    world.post(f"/text/Generate/Bulk/{identity}/cancel")
    seen = world.bulk(identity)
    assert (seen["status"], seen["queuedIds"], seen["runningIds"]) == ("Cancelling", [], ["A", "B"])
    assert [one["id"] for one in world.get("/text/Generate/Bulk")] == [identity]
    world.time += 5
    seen = world.bulk(identity)
    assert (seen["status"], seen["completed"], seen["total"]) == ("Cancelled", 2, 4)
    assert {charge["recordId"] for charge in world.ledger()} == {"A", "B"}
    world.post(f"/text/Generate/Bulk/{identity}/cancel")
    assert world.bulk(identity)["status"] == "Cancelled"


def test_cancelling_a_waiting_request_ends_it_at_once_and_lets_others_go_on() -> None:
    world = World(capacity=1)
    first, second, third = world.order("A", "B"), world.order("C", "D"), world.order("E", "F")
    before = moment(world.bulk(third)["estimatedEndTime"])
    world.post(f"/text/Generate/Bulk/{second}/cancel")
    assert world.bulk(second)["status"] == "Cancelled"
    assert moment(world.bulk(third)["estimatedEndTime"]) < before
    world.time += 20
    assert world.bulk(first)["status"] == world.bulk(third)["status"] == "Completed"
    assert len(world.ledger()) == 4


def test_cancelling_a_finished_request_changes_nothing() -> None:
    world = World()
    identity = world.order("A", "B")
    world.time += 5
    before = world.bulk(identity)
    world.post(f"/text/Generate/Bulk/{identity}/cancel")
    world.post(f"/text/Generate/Bulk/{identity}/retry")
    assert world.bulk(identity) == before


def test_a_request_may_time_out_half_way_and_be_tried_again() -> None:
    world = World(capacity=2, faults="timeout:count=1")
    identity = world.order("A", "B", "C", "D", "E", "F")
    world.time += 20
    seen = world.bulk(identity)
    assert seen["status"] == "TimedOut"
    assert seen["completed"] == 6
    undone = set(seen["failedIds"])
    assert {charge["recordId"] for charge in world.ledger()} == set("ABCDEF") - undone
    assert len(undone) in {2, 3}
    assert world.get("/text/Generate/Bulk") == []
    world.post(f"/text/Generate/Bulk/{identity}/retry")
    assert world.bulk(identity)["status"] == "Running"
    assert set(world.bulk(identity)["runningIds"]) <= undone
    world.time += 20
    seen = world.bulk(identity)
    assert (seen["status"], seen["failedIds"], seen["completed"]) == ("Completed", [], 6)
    assert sorted(charge["recordId"] for charge in world.ledger()) == list("ABCDEF")


def test_a_failed_record_has_no_text_and_costs_nothing() -> None:
    world = World()
    body = order("A", "B")
    body["Texts"][1]["name"] = "Stool [fail]"
    identity = world.post("/text/generate", body)["requestId"]
    world.time += 5
    seen = world.bulk(identity)
    assert (seen["status"], sorted(seen["completedIds"]), seen["failedIds"]) == ("Completed", ["A", "B"], ["B"])
    assert [charge["recordId"] for charge in world.ledger()] == ["A"]
    assert world.call("GET", "/text/Generate", params={"type": "Product", "recordId": "B"}).status_code == 404
    body = order("C", queue=False)
    body["Texts"][0]["name"] = "Stool [FAIL]"
    assert world.post("/text/generate", body)["texts"][0]["outputs"] is None


def test_ten_thousand_records_do_not_make_looking_slow() -> None:
    world = World(credits=10**6, capacity=8)
    for batch in range(20):
        world.order(*(f"{batch}-{place}" for place in range(500)))
    world.get("/text/Generate/Bulk")
    start = datetime.now().astimezone()
    listing = world.get("/text/Generate/Bulk")
    spent = (datetime.now().astimezone() - start).total_seconds()
    assert sum(one["total"] for one in listing) == 10_000
    assert spent < 0.5  # about 0.01 s on an idle machine
