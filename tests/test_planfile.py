"""A signed plan: what moved since is named, row by row; what is no plan is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sync.model import KEYWORDS, Change, Kind, Price, TextKey
from sync.plan import SEARCHED, make
from sync.planfile import NotAPlan, check, following, lines, moved, written
from tests.nouns import TITLE, record_key


def change(record_id: str, **fields: Any) -> Change:
    made = Change(
        TextKey(record_key(record_id), TITLE), 2, Kind.GENERATE, "because", was="", input_digest="d1", price=Price(1, 2)
    )
    return made._replace(**fields)


def signed(*changes: Change) -> Any:
    data = written(make(changes, None), workbook_id="w1", workbook="shop.xlsx", service="s", selection={"limit": 3})
    return check(json.loads(json.dumps(data)))


def test_a_plan_that_is_read_back_has_not_moved() -> None:
    changes = [change("A1"), change("A2", kind=Kind.PULL, now="text", text_id="t1")]
    assert moved(make(changes, None), signed(*changes)) == []


def test_row_numbers_and_reasons_may_change_for_rows_are_sorted() -> None:
    assert moved(make([change("A1", row=99, reason="other")], None), signed(change("A1"))) == []


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({"kind": Kind.PULL, "now": "x"}, "generate was planned, and now it would be pull"),
        ({"input_digest": "d2"}, "its product or its settings have changed"),
        ({"was": "somebody wrote here"}, "the text that stands there has changed"),
        ({"price": Price(1, 3)}, "its price has changed"),
        ({"text_id": "t2"}, "the service has another text now"),
    ],
)
def test_what_moved_is_named_with_its_row_and_the_reason(now: dict[str, Any], words: str) -> None:
    assert moved(make([change("A1", **now)], None), signed(change("A1"))) == [f"A1 page title: {words}"]


@pytest.mark.parametrize("now", [{"text_id": "Completed 9.0"}, {"reference": "Failed 9.0"}, {"reference": "batch 7"}])
def test_a_signature_to_a_search_for_keywords_is_none_to_the_next_one(now: dict[str, Any]) -> None:
    then = change("A1", kind=Kind.KEYWORDS)._replace(key=TextKey(record_key("A1"), KEYWORDS))
    assert moved(make([then._replace(**now)], None), signed(then)) == [f"A1 keywords: {SEARCHED}"]
    assert make([then._replace(**now)], None).digest != make([then], None).digest


@pytest.mark.parametrize(
    ("now", "words"), [({"now": "newer"}, "its cell has changed"), ({"was": "x"}, "the service has another text now")]
)
def test_of_what_is_sent_back_the_cell_and_the_service_are_told_apart(now: dict[str, Any], words: str) -> None:
    push = change("A1", kind=Kind.PUSH, was="theirs", now="hers", text_id="t1")
    assert moved(make([push._replace(**now)], None), signed(push)) == [f"A1 page title: {words}"]


def test_what_is_gone_and_what_is_new_has_moved_too() -> None:
    found = moved(make([change("A2")], None), signed(change("A1")))
    assert found == [
        "A1 page title: there is nothing to do any more (generate was planned)",
        "A2 page title: it was not in the plan (generate)",
    ]


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"format": "wtsync plan 2"}, {"format": "wtsync plan 1"},
     {**signed(change("A1")), "changes": [{"recordId": "A1"}]}, {**signed(change("A1")), "changes": ["A1"]},
     {**signed(change("A1")), "digest": 3}],
)  # fmt: skip
def test_what_is_no_plan_is_refused(data: object) -> None:
    with pytest.raises(NotAPlan):
        check(data)


def test_a_long_list_of_moved_rows_is_cut_with_its_count() -> None:
    shown = lines([f"row {n}" for n in range(25)]).splitlines()
    assert len(shown) == 11
    assert shown[-1].strip() == "and 15 more"


def test_keywords_that_a_begun_plan_has_found_have_not_moved_its_texts_and_other_inputs_have() -> None:
    search = change("A1", kind=Kind.KEYWORDS)._replace(key=TextKey(record_key("A1"), KEYWORDS))
    paper, text = signed(search, change("A1")), change("A1", input_digest="with keywords")
    plan = make([text], None)
    assert moved(plan, paper, begun=True, former={text.key: "d1"}) == []
    for former in ({}, {text.key: "other"}):
        assert moved(plan, paper, begun=True, former=former) == [
            "A1 page title: its product or its settings have changed"
        ]


def test_texts_that_only_follow_from_keywords_of_the_plan_are_told_apart() -> None:
    search = change("A1", kind=Kind.KEYWORDS)._replace(key=TextKey(record_key("A1"), KEYWORDS))
    paper, plan = signed(search, change("A2")), make([change("A1"), change("A2"), change("A3")], None)
    assert following(plan, paper) == {change("A1").key}
