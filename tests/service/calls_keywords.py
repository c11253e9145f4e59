"""Stories of the calls about keywords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.errors import NotFound
from sync.model import KeywordResult, OptimizationOrder, OptimizationState, RecordKey, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.service import Service

STOOL = RecordKey("shop.example.com", "Product", "SKU 1/ä", "en-GB")
BENCH = STOOL._replace(record_id="SKU-2")
HOUR = 3_600.0


def ordered(key: RecordKey = STOOL) -> OptimizationOrder:
    return OptimizationOrder(
        key,
        name="Oak step stool",
        url="https://shop.example.com/oak-step-stool",
        country="GB",
        seed_keywords=("oak stool", "step stool"),
        clusters=2,
    )


def done(service: Service, turn: Callable[[float], None], key: RecordKey = STOOL) -> KeywordResult:
    """Have an optimization made; return what it found."""
    assert service.keywords.start(ordered(key)).accepted
    turn(HOUR)
    found = service.keywords.result(key)
    assert found is not None
    return found


def start_keywords(service: Service, turn: Callable[[float], None]) -> None:
    before = service.balance().available
    attempt = service.keywords.start(ordered())
    assert attempt.accepted
    assert attempt.body_sha256 == service.keywords.body_sha256(ordered())
    assert before - service.balance().available == 6
    turn(HOUR)
    found = service.keywords.result(STOOL)
    assert found is not None
    assert found.state is OptimizationState.COMPLETED


def keyword_optimizations(service: Service, turn: Callable[[float], None]) -> None:
    assert list(service.keywords.optimizations("Product", STOOL.store, "en-GB")) == []
    service.keywords.start(ordered())
    (page,) = service.keywords.optimizations("Product", STOOL.store, "en-GB", [STOOL.record_id, "not there"])
    (one,) = page
    assert (one.key, one.raw_state) == (STOOL, "InProgress")
    service.keywords.start(ordered(BENCH))
    turn(HOUR)
    pages = service.keywords.optimizations("Product", STOOL.store, "en", states=["Completed", "Failed"])
    found = {one.key.record_id: one for page in pages for one in page}
    assert set(found) == {STOOL.record_id, BENCH.record_id}
    assert all(one.state is OptimizationState.COMPLETED for one in found.values())
    assert all((one.changed_at or 0) > 1_790_000_000 for one in found.values())


def keyword_result(service: Service, turn: Callable[[float], None]) -> None:
    assert service.keywords.result(STOOL) is None
    found = done(service, turn)
    assert found.key == STOOL
    assert [len(found.pipelines), {one.locked for one in found.pipelines}] == [2, {False}]
    words = {one.keyword: one for one in found.keywords}
    assert {"oak stool", "buy oak stool", "best step stool"} <= set(words)
    assert {one.keyword for one in found.pipelines} <= set(words)
    assert all(words[one.keyword].pipeline_id == one.pipeline_id for one in found.pipelines)
    assert {one.state for one in found.keywords} == {"ForGeneration"}
    assert any(one.volume for one in found.keywords)
    assert any(one.volume is None for one in found.keywords), "what nobody knows is not made up"
    assert '"pipelines"' in found.raw


def delete_keywords(service: Service, turn: Callable[[float], None]) -> None:
    done(service, turn)
    service.keywords.delete(STOOL)
    assert service.keywords.result(STOOL) is None
    with pytest.raises(NotFound):
        service.keywords.delete(STOOL)


def update_keyword_data(service: Service, turn: Callable[[float], None]) -> None:
    done(service, turn)
    service.keywords.choose(STOOL, ["oak stool reviews"])
    with pytest.raises(NotFound):
        service.keywords.choose(BENCH, ["bench"])


def optimize_for_text(service: Service, _: Callable[[float], None]) -> None:
    found = service.keywords.optimize_text(STOOL, "A sturdy stool made of solid white oak.")
    assert "sturdy stool" in found


def delete_ranking_keywords(service: Service, turn: Callable[[float], None]) -> None:
    done(service, turn)
    service.keywords.delete_ranking(STOOL)
    with pytest.raises(NotFound):
        service.keywords.delete_ranking(BENCH)


def update_pipelines(service: Service, turn: Callable[[float], None]) -> None:
    first, second = done(service, turn).pipelines
    service.keywords.update_pipelines(STOOL, [(first.pipeline_id, ["milking stool", "oak stool"])])
    found = service.keywords.result(STOOL)
    assert found is not None
    lines = {one.pipeline_id: one.keyword for one in found.pipelines}
    assert lines[first.pipeline_id] in {"milking stool", "oak stool"}
    assert second.pipeline_id in lines


def keyword_states(service: Service, turn: Callable[[float], None]) -> None:
    done(service, turn)
    (page,) = service.keywords.states("Product", STOOL.store, "en-GB", states=["ForGeneration"])
    assert {one.record_id for one in page} == {STOOL.record_id}
    assert {one.state for one in page} == {"ForGeneration"}
    assert all(one.keyword and one.pipeline_id for one in page)
    assert list(service.keywords.states("Product", STOOL.store, "en-GB", states=["Published"])) == []


def create_pipeline(service: Service, turn: Callable[[float], None]) -> None:
    done(service, turn)
    line = service.keywords.create_pipeline(STOOL, "For the kitchen", ["kitchen stool"])
    assert line is not None
    assert (line.title, line.keyword) == ("For the kitchen", "kitchen stool")
    found = service.keywords.result(STOOL)
    assert found is not None
    assert line.pipeline_id in {one.pipeline_id for one in found.pipelines}


def delete_pipeline(service: Service, turn: Callable[[float], None]) -> None:
    first, _ = done(service, turn).pipelines
    service.keywords.delete_pipeline(STOOL, first.pipeline_id)
    found = service.keywords.result(STOOL)
    assert found is not None
    assert [one.deleted for one in found.pipelines] == [True, False]
    with pytest.raises(NotFound):
        service.keywords.delete_pipeline(STOOL, "not there")


def restore_pipeline(service: Service, turn: Callable[[float], None]) -> None:
    first, _ = done(service, turn).pipelines
    service.keywords.delete_pipeline(STOOL, first.pipeline_id)
    service.keywords.restore_pipeline(STOOL, first.pipeline_id)
    found = service.keywords.result(STOOL)
    assert found is not None
    assert [one.deleted for one in found.pipelines] == [False, False]


def add_triggers(service: Service, turn: Callable[[float], None]) -> None:
    done(service, turn)
    service.keywords.add_triggers(STOOL, [Trigger("Rank", "30", text_types=("page title",))])
    found = service.keywords.result(STOOL)
    assert found is not None
    wanted = Trigger("Rank", "30", "FlagForRewrite", ("page title",))
    assert [one.triggers for one in found.pipelines] == [(wanted,), (wanted,)]


def add_pipeline_triggers(service: Service, turn: Callable[[float], None]) -> None:
    first, _ = done(service, turn).pipelines
    service.keywords.add_triggers(STOOL, [Trigger("Days", "90")], pipeline_id=first.pipeline_id)
    found = service.keywords.result(STOOL)
    assert found is not None
    assert [len(one.triggers) for one in found.pipelines] == [1, 0]


def lock_pipeline(service: Service, turn: Callable[[float], None]) -> None:
    first, _ = done(service, turn).pipelines
    service.keywords.lock(STOOL, first.pipeline_id)
    found = service.keywords.result(STOOL)
    assert found is not None
    assert [one.locked for one in found.pipelines] == [True, False]
    assert found.pipelines[0].keyword == first.keyword


def unlock_pipeline(service: Service, turn: Callable[[float], None]) -> None:
    first, _ = done(service, turn).pipelines
    service.keywords.lock(STOOL, first.pipeline_id)
    service.keywords.unlock(STOOL, first.pipeline_id)
    found = service.keywords.result(STOOL)
    assert found is not None
    assert [one.locked for one in found.pipelines] == [False, False]


def keyword_snapshot(service: Service, turn: Callable[[float], None]) -> None:
    before = done(service, turn).pipelines
    name = service.keywords.save_snapshot(STOOL)
    assert name
    taken = service.keywords.snapshot(STOOL, name)
    assert [one.keyword for one in taken] == [one.keyword for one in before]
    with pytest.raises(NotFound):
        service.keywords.snapshot(STOOL, "not-there")


def save_snapshot(service: Service, turn: Callable[[float], None]) -> None:
    first, _ = done(service, turn).pipelines
    name = service.keywords.save_snapshot(STOOL)
    service.keywords.update_pipelines(STOOL, [(first.pipeline_id, ["milking stool"])])
    service.keywords.restore_pipeline(STOOL, first.pipeline_id, snapshot_id=name)
    found = service.keywords.result(STOOL)
    assert found is not None
    assert found.pipelines[0].keyword == first.keyword
    assert found.pipelines[0].snapshot_id == name
    assert service.keywords.save_snapshot(STOOL, name) == name


def add_manual_keywords(service: Service, _: Callable[[float], None]) -> None:
    service.keywords.set_manual(STOOL, ["Milking stool", "barn stool"])
    found = service.keywords.result(STOOL)
    assert found is not None
    assert found.state is OptimizationState.MANUAL
    assert {(one.keyword, one.group) for one in found.keywords} == {
        ("milking stool", "manual"),
        ("barn stool", "manual"),
    }


def manual_keywords(service: Service, _: Callable[[float], None]) -> None:
    assert service.keywords.manual(STOOL) == ()
    service.keywords.set_manual(STOOL, ["Milking stool"])
    assert service.keywords.manual(STOOL) == ("milking stool",)


KEYWORD_STORIES = {
    story.__name__.replace("_", "-"): story
    for story in (
        start_keywords, keyword_optimizations, keyword_result, delete_keywords, update_keyword_data, optimize_for_text,
        delete_ranking_keywords, update_pipelines, keyword_states, create_pipeline, delete_pipeline, restore_pipeline,
        add_triggers, add_pipeline_triggers, lock_pipeline, unlock_pipeline, keyword_snapshot, save_snapshot,
        add_manual_keywords, manual_keywords,
    )
}  # fmt: skip
