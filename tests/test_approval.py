"""Approved rows: what may be carried out, what has moved and why, whatever was done to the sheet's order."""

from __future__ import annotations

from typing import Any

import pytest

from sync.approval import SheetRow, judge, narrowed, offered, row_id, sheet_rows
from sync.model import KEYWORDS, Change, Kind, Price, TextKey
from sync.plan import SEARCHED, make
from sync.workbook.layout import PLAN_HEADINGS
from tests.nouns import change, record_key, text_key

SERVICE = "s"
MIXED = (
    change("A", input_digest="d1", price=Price(1.0, 3.0)),
    change("A", text_type="excerpt", input_digest="d1", rewrite=True, was="old\r\nwords "),
    change("B", Kind.PULL, was="mine", now="theirs", text_id="t1"),
    change("C", Kind.PUSH, was="there", now="here", text_id="t2"),
    change("D", Kind.DELIVER, now="made"),
    change("E", Kind.FOLLOW),
)


def sheet(*changes: Change, service: str = SERVICE, **written: str) -> list[SheetRow]:
    """Give the rows of a plan as they are read again, all approved; `written` is what somebody wrote into them."""
    rows = []
    for number, values in enumerate(sheet_rows(make(changes, None), service, {record_key("A"): "Stool"}), 2):
        cells = dict(zip(PLAN_HEADINGS, values, strict=True))
        read = {name: f"{value:g}" if isinstance(value, float) else value or "" for name, value in cells.items()}
        rows.append(
            SheetRow(number, {**read, "Approved": "yes", **{k.replace("_", " "): v for k, v in written.items()}})
        )
    return rows


def refused(now: list[Change], rows: list[SheetRow], begun: frozenset[str] = frozenset()) -> list[str]:
    return [line.partition(": ")[2] for line in judge(make(now, None), SERVICE, rows, begun).refused]


def test_rows_that_did_not_move_may_be_carried_out_in_any_order_and_number() -> None:
    plan = make(MIXED, None)
    rows = sheet(*MIXED)
    found = judge(plan, SERVICE, [rows[2], rows[0]], ())
    assert found.refused == ()
    assert found.doing == {MIXED[0].key, MIXED[2].key}
    part = narrowed(plan, found.doing)
    assert [one.kind for one in part.changes] == [Kind.GENERATE, Kind.PULL, Kind.DELIVER, Kind.FOLLOW]
    assert part.estimate == Price(1.0, 3.0)
    assert part.records == 1


def test_a_record_whose_archiving_was_not_approved_still_goes_with_another_of_the_same_id() -> None:
    english = change("A", Kind.ARCHIVE)
    german = english._replace(key=text_key("A", language="de"))
    french = english._replace(key=text_key("A", language="fr"), kind=Kind.UNCHANGED)
    part = narrowed(make([english, german, french, change("B")], None), {english.key})
    assert set(part.taken_along) == {german.key.record, french.key.record}


def test_what_is_paid_for_already_is_not_offered_and_a_text_to_be_made_has_nothing_it_would_be() -> None:
    assert offered(make(MIXED, None)) == list(MIXED[:4])
    rows = sheet(*MIXED)
    assert [row.cells["Would be"] for row in rows] == ["", "", "theirs", "here"]
    assert [row.cells["What"] for row in rows] == ["generate", "rewrite", "pull", "push"]
    assert rows[0].cells["Name"] == "Stool"
    assert (rows[0].cells["Credits from"], rows[0].cells["Credits to"]) == ("1", "3")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({"kind": Kind.PULL, "now": "x", "price": Price()}, "generate was planned, and now it would be pull"),
        ({"rewrite": True}, "generate was planned, and now it would be rewrite"),
        ({"input_digest": "d2"}, "its product or its settings have changed"),
        ({"was": "somebody wrote here"}, "the text that stands there has changed"),
        ({"price": Price(1.0, 4.0)}, "its price has changed"),
        ({"text_id": "t9"}, "the service has another text now"),
    ],
)
def test_a_row_that_moved_is_named_with_the_reason(now: dict[str, Any], words: str) -> None:
    kind = now.pop("kind", Kind.GENERATE)
    then = change("A", input_digest="d1")
    assert refused([change("A", kind, **{"input_digest": "d1", **now})], sheet(then)) == [words]


def keywords(**fields: Any) -> Change:
    return change("A", Kind.KEYWORDS, text_type=KEYWORDS, input_digest="d1", price=Price(6.0, 6.0), **fields)


@pytest.mark.parametrize("now", [{"text_id": "Completed 9.0"}, {"reference": "Failed 9.0"}, {"reference": "batch 7"}])
def test_a_yes_to_a_search_for_keywords_is_none_to_the_next_one(now: dict[str, Any]) -> None:
    assert refused([keywords(**now)], sheet(keywords())) == [SEARCHED]


def test_rows_and_plans_that_an_earlier_version_wrote_are_known_again() -> None:
    title = change("A", input_digest="d1")
    known = (title, title._replace(reference="imitated"), keywords(), keywords(text_id="Completed 9.0"))
    assert [row_id(one, SERVICE) for one in known] == [
        "799b7ea39408b6ed-903020-db5bda-d588c6b333",
        "799b7ea39408b6ed-903020-db5bda-d588c6b333",
        "cce48965de8185a8-903020-db5bda-66399467f7",
        "c45b9d4d6dae944f-903020-db5bda-66399467f7",
    ]
    assert [make([one], None).digest[:16] for one in known] == [
        "5f3cb479b79fec67", "5ac26bea96c2fa10", "9bab44c99a8754da", "85aa012657e24095"
    ]  # fmt: skip


def test_a_row_of_which_nothing_is_left_to_do_says_why_where_that_is_known() -> None:
    rows = sheet(change("A"))
    assert refused([], rows) == ["there is nothing to do any more (generate was planned)"]
    kept = change("A", Kind.PROTECTED, reason="somebody wrote it")
    assert refused([kept], rows) == ["there is nothing to do any more (generate was planned): somebody wrote it"]


@pytest.mark.parametrize("heading", ["Now", "Would be", "What", "Record ID", "Text", "Credits to", "Language"])
def test_what_somebody_has_written_into_a_row_is_no_approval(heading: str) -> None:
    then = change("B", Kind.PULL, was="mine", now="theirs", text_id="t1")
    told = refused([then], sheet(then, **{heading.replace(" ", "_"): "9"}))
    assert [line.partition(";")[0] for line in told] == ["somebody has written into this row"]


@pytest.mark.parametrize("own", ["", "nonsense", "a-b-c"])
def test_a_row_without_its_id_is_unknown(own: str) -> None:
    told = refused([change("A")], sheet(change("A"), Plan_id=own))
    assert told == ["wtsync did not write this row, or its Plan id is gone"]


def test_a_plan_for_another_service_is_not_approved_for_this_one() -> None:
    assert refused([change("A")], sheet(change("A"), service="other")) == ["it was made for another service"]


@pytest.mark.parametrize(
    ("word", "done", "doing"),
    [("yes", "", 1), ("Y", "", 1), ("no", "", 0), ("", "", 0), ("yes", "2026-01-01 10:00", 0)],
)
def test_only_a_yes_that_is_not_done_yet_counts(word: str, done: str, doing: int) -> None:
    found = judge(make([change("A")], None), SERVICE, sheet(change("A"), Approved=word, Done=done), ())
    assert len(found.doing) == doing
    assert found.refused == ()


def test_any_other_word_is_named_and_so_are_a_yes_and_a_no_for_the_same_row() -> None:
    assert refused([change("A")], sheet(change("A"), Approved="maybe")) == [
        "it says 'maybe', which is neither yes nor no"
    ]
    both = [*sheet(change("A")), *sheet(change("A"), Approved="no")]
    assert refused([change("A")], both) == ["it stands there twice, once with yes and once with no"]


def test_what_a_run_has_begun_has_not_moved_when_it_is_done_or_under_way() -> None:
    rows = sheet(change("A"), change("B"), change("C"))
    begun = frozenset(row.id for row in rows)
    now = [change("A", Kind.DELIVER, now="made"), change("C")]
    found = judge(make(now, None), SERVICE, rows, begun)
    assert found.refused == ()
    assert found.doing == {text_key("C")}
    assert set(found.rows) == begun
    assert len(refused(now, rows)) == 2


def test_begun_or_not_a_row_whose_product_has_changed_is_refused() -> None:
    rows = sheet(change("A", input_digest="d1"))
    assert refused([change("A", input_digest="d2")], rows, frozenset(row.id for row in rows))


def test_a_record_is_archived_as_a_whole_or_not_at_all() -> None:
    parts = [change("A", Kind.ARCHIVE), change("A", Kind.ARCHIVE, text_type="excerpt")]
    rows = sheet(*parts)
    assert judge(make(parts, None), SERVICE, rows, ()).refused == ()
    assert "as a whole" in judge(make(parts, None), SERVICE, rows[:1], ()).refused[0]


def test_what_was_approved_stays_approved_where_nothing_moved() -> None:
    before = {row_id(MIXED[0], SERVICE), "gone"}
    rows = sheet_rows(make(MIXED, None), SERVICE, {}, before)
    assert [row[0] for row in rows] == ["yes", None, None, None]


def test_the_key_of_a_row_is_that_of_its_text() -> None:
    key = TextKey(record_key("A", language="de", store="x", type="Category"), "excerpt")
    rows = sheet(Change(key, 2, Kind.GENERATE, "because"))
    assert rows[0].key == key
