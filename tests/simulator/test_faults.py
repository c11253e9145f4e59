from __future__ import annotations

import httpx
import pytest

from sync.simulator import KINDS, Fault, read_faults
from sync.simulator.faults import STATUSES
from tests.simulator.world import BEGIN, World, order


def requests_made(world: World) -> int:
    count: int = world.get("/_simulator/state")["requests"]
    return count


@pytest.mark.parametrize("kind", ["refuse", "reset", *STATUSES])
def test_some_faults_strike_before_anything_took_effect(kind: str) -> None:
    world = World()
    world.faults({"spec": f"{kind}:on=generate,retry_after=7"})
    if kind == "reset":
        with pytest.raises(httpx.ReadError):
            world.order("A", "B")
    else:
        answer = world.call("POST", "/text/generate", json=order("A", "B"))
        assert answer.status_code == (503 if kind == "refuse" else int(kind))
        assert answer.json()["error"]
        assert answer.headers["Retry-After"] == "7"
    assert requests_made(world) == 0


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_may_also_come_after_the_effect(status: str) -> None:
    world = World(faults=f"{status}:on=generate,effect=yes")
    assert world.call("POST", "/text/generate", json=order("A", "B")).status_code == int(status)
    assert requests_made(world) == 1


def test_an_answer_may_get_lost_after_the_effect() -> None:
    world = World(faults="lost:on=generate,count=1")
    with pytest.raises(httpx.ReadError):
        world.order("A", "B")
    assert requests_made(world) == 1
    assert world.order("C", "D")


def test_an_answer_may_break_off() -> None:
    world = World(faults="cut:on=generate")
    with pytest.raises(httpx.RemoteProtocolError):
        world.order("A", "B")
    assert requests_made(world) == 1


def test_an_answer_may_be_a_page_for_people() -> None:
    world = World(faults="garbage:on=generate")
    answer = world.call("POST", "/text/generate", json=order("A", "B"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert requests_made(world) == 1


def test_slow_waits_before_the_effect_and_late_after_it() -> None:
    world = World(faults="slow:on=generate,seconds=30")
    start = world.time
    identity = world.order("A", "B")
    assert world.simulator.requests[identity].submitted == start + 30
    world.faults("late:on=generate,seconds=40")
    start = world.time
    identity = world.order("A", "B")
    assert world.simulator.requests[identity].submitted == start
    assert world.slept == [30, 40]


def test_a_request_may_take_effect_twice() -> None:
    world = World(faults="twice:count=1")
    identity = world.order("A", "B")
    assert requests_made(world) == 2
    assert list(world.simulator.requests)[-1] == identity
    world.time += 9
    assert len(world.ledger()) == 4


def test_the_list_may_leave_requests_out_and_a_request_may_vanish() -> None:
    world = World(capacity=1)
    ids = [world.order("A", "B"), world.order("C", "D"), world.order("E", "F")]
    world.faults({"spec": "truncate:count=1;vanish:count=1"})
    assert len(world.get("/text/Generate/Bulk")) == 1
    assert len(world.get("/text/Generate/Bulk")) == 3
    assert world.call("GET", f"/text/Generate/Bulk/{ids[0]}").status_code == 404
    assert world.bulk(ids[0])["status"] == "Running"


def test_records_may_fail_or_stay_empty() -> None:
    world = World(faults="fail:p=0.4;empty:after=3,count=1", capacity=50)
    identity = world.order(*map(str, range(50)))
    world.time += 5
    failed = world.bulk(identity)["failedIds"]
    assert 8 < len(failed) < 32
    ledger = world.ledger()
    assert len(ledger) == 50 - len(failed)
    assert not {charge["recordId"] for charge in ledger} & set(failed)
    values = [text.value for texts in world.simulator.shelf.texts.values() for text in texts]
    assert values.count("") == (0 if "3" in failed else 1)


def test_what_strikes_depends_on_the_seed_alone() -> None:
    def story(seed: int) -> list[int]:
        world = World(seed=seed, faults="429:p=0.5,on=credit")
        return [world.call("GET", "/text/Credit").status_code for _ in range(40)]

    assert story(1) == story(1)
    assert story(1) != story(2)
    assert 8 < story(1).count(429) < 32


def test_faults_can_be_narrowed_by_path_method_and_number() -> None:
    world = World(faults=[{"kind": "500", "on": "/text/GENERATE/", "method": "get", "after": 1, "count": 2}])
    codes = [world.call("GET", "/text/generate/Rules").status_code for _ in range(4)]
    assert codes == [200, 500, 500, 200]
    assert world.get("/_simulator/faults")["faults"][0]["struck"] == 2
    assert world.call("GET", "/text/Credit").status_code == 200


def test_faults_are_set_and_cleared_while_running() -> None:
    world = World()
    world.faults([{"kind": "500"}])
    assert world.call("GET", "/text/Credit").status_code == 500
    shown = world.get("/_simulator/faults")
    world.faults({"faults": []})
    assert world.call("GET", "/text/Credit").status_code == 200
    world.faults(shown)
    assert world.call("GET", "/text/Credit").status_code == 500
    answer = world.call("POST", "/_simulator/faults", json={"spec": "explode"})
    assert answer.status_code == 400
    assert "explode" in answer.json()["error"]


def test_a_sign_in_may_fail_too() -> None:
    world = World(faults="401:on=signin")
    assert world.bare("GET", "/web/apitoken/accesstoken").status_code == 401


def test_a_specification_is_read_from_text() -> None:
    assert read_faults(" lost:p=0.05,on=generate; 429 : p=0.1, retry_after=2 ;fail:p=0.02;; ") == (
        Fault("lost", p=0.05, on="generate"),
        Fault("429", p=0.1, retry_after=2.0),
        Fault("fail", p=0.02),
    )
    assert [read_faults(kind)[0].kind for kind in KINDS] == list(KINDS)
    assert read_faults("twice")[0].on == "generate"
    assert read_faults(None) == read_faults("") == read_faults([]) == ()


@pytest.mark.parametrize(
    ("spec", "said"),
    [("boom", "known are refuse"), ("lost:p=2", "p above 0"), ("lost:p=0", "p above 0"), ("lost:p=x", "not a number"),
     ("lost:x=1", "unknown option 'x'"), ("lost:p", "without a value"), ("lost:on=moon", "unknown operation 'moon'"),
     ("slow:seconds=-1", "below zero"), ("lost:method=PATCH", "PUT and DELETE"), ("lost:count=1.5", "not a number"),
     (5, "no list"), ([1], "kind"), ({"x": 1}, "no list"), ("reset;418", "'418'")],
)  # fmt: skip
def test_a_bad_specification_names_the_part(spec: object, said: str) -> None:
    with pytest.raises(ValueError, match="fault") as caught:
        read_faults(spec)
    assert said in str(caught.value)


@pytest.mark.parametrize(("on", "path", "name"), [("status", "Status", "records"), ("history", "History", "histories")])
def test_what_was_done_may_be_told_of_late(on: str, path: str, name: str) -> None:
    world = World()
    world.order("A", "B")
    world.time += 10
    query = {"type": "Product", "storeId": "shop", "startDate": "2025-06-15T15:07:00Z"}
    world.faults(f"lag:on={on},seconds=5")
    world.time = BEGIN + 100
    world.post("/_simulator/edit", {"storeId": "shop", "recordId": "A", "field": "page title", "value": "Mine"})
    for seconds, told in ((4, False), (1, True)):
        world.time += seconds
        answer = world.call("GET", f"/text/Generate/{path}", params=query)
        found = [row["recordId"] for row in answer.json().get(name, [])]
        assert found == (["A"] if told else []), f"with {seconds} seconds more"
