"""Keyword calls: sent once where they cost, not at all where they would delete blindly, and read whatever comes."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sync.attempt import Sent
from sync.errors import NotFound, Unreachable, UsageError
from sync.model import OptimizationOrder, OptimizationState, RecordKey
from sync.service import Service
from sync.service.endpoint import Source
from sync.service.endpoints import ENDPOINTS
from sync.service.keyword_wire import optimizations, result, start_body, two_letters
from sync.simulator import DEFAULT_KEY, Simulator, create_app, running
from tests.asgi import AsgiTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = RecordKey("shop", "Product", "A-1", "en-US")
BLIND = {name for name, one in ENDPOINTS.items() if one.risky}


@pytest.fixture
def opened() -> Iterator[Callable[..., tuple[Simulator, Service]]]:
    simulators: list[AsgiTransport] = []

    def open_(**more: Any) -> tuple[Simulator, Service]:
        simulator = Simulator(capacity=50, seconds_per_record=0.0, faults=more.pop("faults", None))
        transport = AsgiTransport(create_app(simulator))
        simulators.append(transport)
        service = Service("http://127.0.0.1", DEFAULT_KEY, transport=transport, sleep=lambda _: None, **more)
        return simulator, service

    yield open_
    for one in simulators:
        one.close()


def test_there_are_calls_that_would_delete_or_replace_blindly() -> None:
    assert {one.name for one in ENDPOINTS.values() if one.method == "DELETE" and one.source is Source.ASSUMED} < BLIND
    assert {
        "delete-keywords", "delete-ranking-keywords", "delete-pipeline", "update-keyword-data", "update-pipelines",
    } == BLIND  # fmt: skip


def test_nothing_is_deleted_or_replaced_through_an_address_that_nobody_has_seen(
    opened: Callable[..., tuple[Simulator, Service]],
) -> None:
    _, service = opened()
    service.keywords.start(OptimizationOrder(KEY, "Oak stool", seed_keywords=("oak stool",)))
    found = service.keywords.result(KEY)
    assert found is not None
    before = service.requests
    keywords, line = service.keywords, found.pipelines[0].pipeline_id
    calls: tuple[Callable[[], None], ...] = (
        partial(keywords.delete, KEY),
        partial(keywords.delete_ranking, KEY),
        partial(keywords.delete_pipeline, KEY, line),
        partial(keywords.choose, KEY, ["stool"]),
        partial(keywords.update_pipelines, KEY, [(line, ["stool"])]),
    )
    for blind in calls:
        with pytest.raises(UsageError, match="nobody has seen this address") as refused:
            blind()
        assert "WTSYNC_ASSUMED_DELETES=yes" in (refused.value.hint or "")
    assert len(calls) == len(BLIND)
    assert service.requests == before
    assert service.keywords.result(KEY) == found
    _, sure = opened(assumed_deletes=True)
    sure.keywords.start(OptimizationOrder(KEY))
    sure.keywords.delete(KEY)
    assert sure.keywords.result(KEY) is None


@pytest.mark.parametrize(
    ("fault", "charged", "sent"),
    [
        ("reset:on=keywords-start", 0, Sent.LEFT),
        ("lost:on=keywords-start", 1, Sent.LEFT),
        ("cut:on=keywords-start", 1, Sent.LEFT),
        ("503:on=keywords-start", 0, Sent.LEFT),
        ("500:on=keywords-start,effect=yes", 1, Sent.LEFT),
        ("garbage:on=keywords-start", 1, Sent.LEFT),
    ],
)
def test_a_start_goes_out_once_whatever_becomes_of_it(
    opened: Callable[..., tuple[Simulator, Service]], fault: str, charged: int, sent: Sent
) -> None:
    simulator, service = opened(faults=fault)
    attempt = service.keywords.start(OptimizationOrder(KEY, "Oak stool"))
    assert attempt.sent is sent
    assert not attempt.accepted or attempt.exception
    assert len(simulator.account.ledger) == charged
    struck = simulator.faults.shown()
    assert [one["struck"] for one in struck] == [1]


def test_what_is_called_before_sending_may_stop_it(opened: Callable[..., tuple[Simulator, Service]]) -> None:
    simulator, service = opened()

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.keywords.start(OptimizationOrder(KEY), before_send=stop)
    assert simulator.account.ledger == []


def test_an_order_says_only_what_it_was_told() -> None:
    assert start_body(OptimizationOrder(KEY)) == {
        "storeId": "shop", "type": "Product", "recordId": "A-1", "languageCode": "en",
    }  # fmt: skip
    whole = OptimizationOrder(
        KEY, "Stool", "https://shop/a", "GB", ("oak",), ("commercial",), 3, ("Bench",), ("i-1",), flag_for_rewrite=True
    )
    body = start_body(whole)
    assert body["triggers"] == [{"action": "FlagForRewrite"}]
    assert (body["clusters"], body["countryCode"], body["imageId"]) == (3, "GB", ["i-1"])
    assert [two_letters(one) for one in ("en", "en-US", "pt_BR", "DE-at")] == ["en", "en", "pt", "de"]


def test_ids_are_asked_for_in_as_many_calls_as_addresses_allow(
    opened: Callable[..., tuple[Simulator, Service]],
) -> None:
    _, service = opened()
    keys = [KEY._replace(record_id=f"{'long-id-' * 10}{number}") for number in range(60)]
    for key in keys[::2]:
        service.keywords.start(OptimizationOrder(key))
    before = service.requests
    pages = service.keywords.optimizations("Product", "shop", "en-US", [key.record_id for key in keys])
    assert {one.key for page in pages for one in page} == set(keys[::2])
    assert 1 < service.requests - before < 10


def test_a_list_that_leads_in_circles_is_no_list() -> None:
    page = {"records": [{"recordId": "A-1", "status": "Completed"}], "continuationToken": "again"}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("accesstoken"):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 60, "region": "127.0.0.1"})
        return httpx.Response(200, json=page)

    service = Service("http://127.0.0.1", "key", transport=httpx.MockTransport(answer), sleep=lambda _: None)
    with pytest.raises(Unreachable):
        list(service.keywords.optimizations("Product", "shop", "en"))


@pytest.mark.parametrize(
    "value",
    [
        {"records": [{"recordId": "a-1", "status": "completed", "updatedAt": "2026-01-02T03:04:05Z"}]},
        {"Records": [{"RecordID": "A-1", "Status": "COMPLETED"}], "ContinuationToken": None},
        {"optimizations": {"recordId": "A-1", "status": "Completed", "new": {"a": []}}, "continuationToken": ""},
        [{"record": {"id": "A-1", "name": "Oak stool"}, "status": "Completed"}],
        {"value": {"items": [{"id": "A-1", "state": "Completed"}]}},
        [{"recordId": "A-1", "storeId": "SHOP", "type": "product", "languageCode": "en", "status": "Com pleted"}],
    ],
)
def test_a_list_is_read_in_whatever_dress_it_comes(value: object) -> None:
    rows, token = optimizations(value, "Product", "shop", "en-US", ["A-1"])
    assert [(one.key, one.state) for one in rows] == [(KEY, OptimizationState.COMPLETED)]
    assert token == ""


@pytest.mark.parametrize("value", [[], {"records": []}, {"value": {"items": [], "continuationToken": None}}])
def test_a_list_of_nothing_is_empty(value: object) -> None:
    assert optimizations(value, "Product", "shop", "en", []) == ((), "")


@pytest.mark.parametrize(
    "value",
    [
        None, {}, "x", 3, {"records": None}, {"records": "x"}, {"records": [[]]}, {"new": []}, [None],
        [{"recordId": "A-1", "status": "Completed"}, "x"], [{"status": "Completed"}], [{"id": "o-7", "status": "x"}],
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(value: object) -> None:
    """What is overlooked counts as never started: it would be started again, and paid for again."""
    with pytest.raises(Unreachable):
        optimizations(value, "Product", "shop", "en", ["A-1"])


@pytest.mark.parametrize("other", [{"storeId": "other"}, {"type": "Category"}, {"languageCode": "de"}])
def test_entries_of_another_store_type_or_language_are_left_out(other: dict[str, str]) -> None:
    row = {"recordId": "A-1", "status": "Completed", **other}
    assert optimizations([row], "Product", "shop", "en", ["A-1"]) == ((), "")


def test_a_list_that_is_not_there_is_not_taken_for_an_empty_one(
    opened: Callable[..., tuple[Simulator, Service]],
) -> None:
    _, service = opened(faults="404:on=keywords-list")
    with pytest.raises(NotFound):
        list(service.keywords.optimizations("Product", "shop", "en", ["A-1"]))


@pytest.mark.parametrize(
    ("fault", "sent", "charged"),
    [
        ("lost:on=keywords-start", Sent.LEFT, 1),
        ("cut:on=keywords-start", Sent.LEFT, 1),
        ("reset:on=keywords-start", Sent.LEFT, 0),
    ],
)
def test_a_start_over_a_real_connection_never_counts_as_not_having_left(fault: str, sent: Sent, charged: int) -> None:
    """In process nothing listens to what leaves; over a connection the trace of the PUT does."""
    simulator = Simulator(seconds_per_record=0.0, faults=fault)
    with running(simulator) as url, Service(url, DEFAULT_KEY, sleep=lambda _: None) as service:
        attempt = service.keywords.start(OptimizationOrder(KEY, "Oak stool"))
        pages = service.keywords.optimizations("Product", "shop", "en-US", ["A-1"])
        listed = [one.key for page in pages for one in page]
    assert attempt.sent is sent
    assert listed == [KEY] * charged
    assert [(one.record_id, one.credits) for one in simulator.account.ledger] == [("A-1", 6)] * charged


def test_a_state_nobody_knows_is_kept_as_it_came_and_counts_as_under_way() -> None:
    ((one,), _) = optimizations({"records": [{"recordId": "A-1", "status": "Thinking"}]}, "Product", "shop", "en", [])
    assert (one.state, one.raw_state) == (OptimizationState.OTHER, "Thinking")


def test_a_result_is_read_from_the_older_names_too_and_says_nothing_that_was_not_said() -> None:
    value = {
        "status": "Completed",
        "keywords": [{"keyword": "oak stool", "rank_group": 14, "search_volume": 880, "competition": "MEDIUM"}],
        "ranked": {"date": "2025-02-03T09:10:00", "keywords": [{"keyword": "stool", "intent": "commercial"}]},
        "competitor_keywords": {"keywords": ["bench"]},
        "saved_keywords": ["milking stool", "", None],
        "pipelines": [
            {"id": 7, "name": "Cluster 1", "level": "VeryHigh", "currentKeyword": {"keyword": "oak stool"},
             "isLocked": "true", "keywords": ["oak stool", {"text": "tall stool", "searchVolume": "90"}],
             "triggers": {"action": "Rewrite", "value": 10}},
            None,
        ],
        "brandNew": {"x": 1},
    }  # fmt: skip
    found = result(value, KEY, json.dumps(value))
    words = {one.keyword: one for one in found.keywords}
    assert set(words) == {"oak stool", "stool", "bench", "milking stool", "tall stool"}
    oak = words["oak stool"]
    assert (oak.rank, oak.volume, oak.difficulty, oak.pipeline_id, oak.intent) == (14, 880, "MEDIUM", "7", "")
    assert (words["stool"].group, words["stool"].as_of, words["stool"].volume) == (
        "ranking", "2025-02-03T09:10:00", None,
    )  # fmt: skip
    assert (words["bench"].group, words["milking stool"].group, words["tall stool"].volume) == (
        "competitor", "manual", 90,
    )  # fmt: skip
    (line,) = found.pipelines
    assert (line.level, line.keyword, line.locked, line.deleted) == ("VeryHigh", "oak stool", True, None)
    assert [(one.action, one.value) for one in line.triggers] == [("Rewrite", "10")]
    assert "brandNew" in found.raw


@pytest.mark.parametrize("value", [None, [], {}, "x", 3, {"keywords": 5, "pipelines": "p"}, {"status": ["Completed"]}])
def test_a_result_of_nothing_holds_nothing(value: object) -> None:
    found = result(value, KEY, "")
    assert (found.keywords if value != {"keywords": 5, "pipelines": "p"} else (), found.pipelines) == ((), ())
    assert found.state is OptimizationState.OTHER
