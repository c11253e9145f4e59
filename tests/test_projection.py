"""The projection: texts find their own row at the moment of writing, and what somebody wrote meanwhile stays."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.model import ByColumn, Delivery, Origin
from sync.projection import Projection, Settled, deliver, joined, results, undone
from sync.records.locate import locate
from sync.report.rows import RowResult
from tests.nouns import TITLE, record_key, text_key
from tests.records.sheets import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADINGS = ["Action", "Record ID", "Name", "Page title", "Status", "Message", "Updated", "Credits"]
SETTINGS = {"Store": "shop"}
ACTION, NAME, TEXT, STATUS = 1, 3, 4, 5


def row(record_id: str, text: str = "", action: str = "", *result: str) -> list[str]:
    return [action, record_id, "Oak stool", text, *result]


def delivery(record_id: str, value: str | None = None, was: str = "", text_type: str = TITLE) -> Delivery:
    words = f"words for {record_id}" if value is None else value
    return Delivery(text_key(record_id, text_type), f"t-{record_id}", words, was, "d1", Origin.GENERATED, "run1")


def project(rows: list[list[str]], *items: Delivery, headings: list[str] | None = None) -> Projection:
    return deliver(locate(tables(headings or HEADINGS, *rows, settings=SETTINGS)), items)


def test_a_text_goes_into_the_row_of_its_record_and_the_column_of_its_type() -> None:
    found = project([row("A"), row("B")], delivery("B"), delivery("A"))
    assert found.edits == {(3, TEXT): "words for B", (2, TEXT): "words for A"}
    assert [state for _, state in found.settled] == [Settled.WRITTEN] * 2
    assert found.texts == 2


def test_w13_sorted_inserted_and_deleted_rows_each_text_lands_on_its_own_record() -> None:
    dice = random.Random(7)
    for _ in range(50):
        ids = [f"A{n}" for n in range(12)]
        ordered = [delivery(one) for one in ids]
        kept = [one for one in ids if dice.random() < 0.8] + [f"new{n}" for n in range(dice.randint(0, 3))]
        dice.shuffle(kept)
        rows = [row(one) for one in kept]
        found = project(rows, *ordered)
        assert {rows[at - 2][1]: text for (at, _), text in found.edits.items()} == {
            one: f"words for {one}" for one in kept if one in ids
        }
        assert {item.key.record.record_id for item in found.homeless} == set(ids) - set(kept)


def test_w14_a_moved_column_is_found_by_its_heading_and_a_missing_one_leaves_the_text_homeless() -> None:
    moved = ["Page title", "Record ID", "Name"]
    assert project([["", "A", "Oak"]], delivery("A"), headings=moved).edits == {(2, 1): "words for A"}
    gone = project([["A", "Oak"]], delivery("A"), headings=["Record ID", "Name"])
    assert gone.edits == {}
    assert [item.key for item in gone.homeless] == [text_key("A")]


@pytest.mark.parametrize(
    ("there", "was", "written"),
    [
        ("", "", True),
        ("", "old", True),
        ("old", "old", True),
        ("old\r\n", "old", True),
        ("mine", "", False),
        ("mine", "old", False),
    ],
)
def test_w17_a_cell_that_was_filled_or_changed_meanwhile_is_kept(there: str, was: str, written: bool) -> None:
    found = project([row("A", there)], delivery("A", was=was))
    assert bool(found.edits) is written
    assert [state for _, state in found.settled] == [Settled.WRITTEN if written else Settled.KEPT]


def test_a_text_that_stands_there_already_needs_no_edit_and_is_settled() -> None:
    found = project([row("A", "words for A\r\n")], delivery("A"))
    assert found.edits == {}
    assert [state for _, state in found.settled] == [Settled.WRITTEN]


@pytest.mark.parametrize(
    ("action", "emptied"),
    [("Regenerate", True), ("generate ", True), ("PULL", True), ("Skip", False), ("", False), ("Later", False)],
)
def test_an_action_that_is_carried_out_is_emptied_and_any_other_stays(action: str, emptied: bool) -> None:
    found = project([row("A", "old", action)], delivery("A", was="old"))
    assert ((2, ACTION) in found.edits) is emptied
    assert found.edits.get((2, ACTION), "untouched") == (None if emptied else "untouched")


@pytest.mark.parametrize(
    ("action", "origin", "emptied"),
    [
        ("Review", Origin.REVIEWED, True),
        ("publish", Origin.PUBLISHED, True),
        ("Review", Origin.PUSHED, False),
        ("Publish", Origin.PULLED, False),
        ("Push", Origin.PUSHED, True),
    ],
)
def test_an_action_that_asks_for_a_mark_stays_until_the_mark_is_set(action: str, origin: Origin, emptied: bool) -> None:
    found = project([row("A", "old", action)], replace(delivery("A", was="old"), origin=origin))
    assert ((2, ACTION) in found.edits) is emptied


def test_a_wish_that_was_carried_out_is_emptied_also_when_the_new_text_is_the_old_one() -> None:
    found = project([row("A", "words for A", "Regenerate")], delivery("A", was="words for A"))
    assert found.edits == {(2, ACTION): None}, "left standing it would be paid for again"


def test_w15_a_record_that_stands_in_two_rows_has_no_place() -> None:
    found = project([row("A"), row("B"), row("A")], delivery("A"), delivery("B"))
    assert found.edits == {(3, TEXT): "words for B"}
    assert [item.key.record.record_id for item in found.homeless] == ["A"]


def test_the_same_id_in_another_language_or_store_is_another_record() -> None:
    headings = ["Record ID", "Name", "Language", "Store", "Page title"]
    rows = [["A", "Oak", "de", "", ""], ["A", "Oak", "", "", ""], ["A", "Oak", "", "other", ""]]
    found = project(rows, delivery("A"), headings=headings)
    assert found.edits == {(3, 5): "words for A"}


def test_writing_twice_is_writing_once() -> None:
    rows = [row("A", "", "Generate"), row("B", "old"), row("C", "mine")]
    items = [delivery("A"), delivery("B", was="old"), delivery("C"), delivery("D")]
    first = project(rows, *items)
    for (at, column), value in first.edits.items():
        rows[at - 2][column - 1] = "" if value is None else str(value)
    second = project(rows, *items)
    assert second.edits == {}
    assert [state for _, state in second.settled] == [state for _, state in first.settled]


def test_a_row_that_has_become_wrong_meanwhile_is_still_the_place_of_its_text() -> None:
    broken = ["Nonsense", "A", "", "", "", "", "", ""]
    assert project([broken], delivery("A")).edits == {(2, TEXT): "words for A"}


# -------------------------------------------------------------------------------- results


def written(rows: list[list[str]], result: RowResult) -> ByColumn:
    return results([locate(tables(HEADINGS, *rows, settings=SETTINGS))], [(record_key("A"), result)])[0]


def test_result_columns_are_written_where_they_differ() -> None:
    result = RowResult("Done", "", "2026-05-01 12:00", 3.0)
    assert written([row("A")], result) == {(2, STATUS): "Done", (2, 7): "2026-05-01 12:00", (2, 8): 3.0}
    assert written([row("A", "", "", "Done", "", "2026-05-01 12:00", "3")], result) == {}
    assert written([row("A", "", "", "Failed", "why", "2026-05-01 12:00", "3")], result) == {
        (2, STATUS): "Done", (2, 6): None,
    }  # fmt: skip


def test_credits_that_were_not_spent_leave_an_empty_cell() -> None:
    result = RowResult("Fetched", "", "2026-05-01 12:00", None)
    assert written([row("A", "", "", "Fetched", "", "2026-05-01 12:00", "3")], result) == {(2, 8): None}


def test_results_of_a_record_that_is_no_longer_there_are_left_out() -> None:
    assert written([row("B")], RowResult("Done", "", "", None)) == {}


# --------------------------------------------------------------------------------- older copies

MADE, EARLIER = "2026-11-23 10:00", "2026-11-22 10:00"
PLAIN = ["Record ID", "Name", "Page title"]


def gone(rows: list[list[str]], *items: Delivery, headings: list[str] | None = None, sure: bool = False) -> list[str]:
    places = locate(tables(headings or HEADINGS, *rows, settings=SETTINGS))
    return [item.key.record.record_id for item in undone(places, [(item, MADE) for item in items], sure=sure)]


@pytest.mark.parametrize(
    ("there", "updated", "found"),
    [
        ("", "", True),
        ("old", EARLIER, True),
        ("", MADE, False),
        ("", "2026-11-24 09:00", False),
        ("words for A", "", False),
        ("mine", "", False),
    ],
)
def test_w10_a_text_is_gone_where_cell_and_row_are_as_they_were_before_it(
    there: str, updated: str, found: bool
) -> None:
    assert gone([row("A", there, "", "Done", "", updated)], delivery("A", was="old")) == (["A"] if found else [])


def test_w10_without_the_column_updated_all_of_several_texts_have_to_be_gone() -> None:
    items = delivery("A"), delivery("B")
    assert gone([["A", "", ""], ["B", "", ""]], *items, headings=PLAIN) == ["A", "B"]
    assert gone([["A", "", ""], ["B", "", "words for B"]], *items, headings=PLAIN) == []
    assert gone([["A", "", ""]], items[0], headings=PLAIN) == []


def test_in_a_copy_that_was_put_back_every_text_that_is_not_there_is_gone() -> None:
    rows = [row("A", "", "", "Done", "", MADE), row("B", "mine"), row("C", "words for C")]
    assert gone(rows, delivery("A"), delivery("B"), delivery("C"), delivery("D"), sure=True) == ["A"]


def test_a_text_is_looked_at_once_to_place_it_and_its_value_is_asked_for_when_it_is_written() -> None:
    asked: list[list[int]] = []

    def values(numbers: Sequence[int]) -> list[str]:
        asked.append(list(numbers))
        return [f"the words of {number}" for number in numbers]

    ids = [f"A{n}" for n in range(600)]
    places = locate(tables(HEADINGS, *map(row, ids), settings=SETTINGS))
    found = deliver(places, [delivery(one) for one in reversed(ids)], values=values)
    assert asked == []
    assert found.edits == {(n + 2, TEXT): f"the words of {599 - n}" for n in range(600)}
    assert [len(numbers) for numbers in asked] == [256, 256, 88], "some at a time, and none twice"
    assert found.edits[601, TEXT] == "the words of 0"
    assert len(asked) == 3, "what was read last is still there"
    assert (1, TEXT) not in found.edits
    with pytest.raises(KeyError):
        found.edits[602, TEXT]


def test_of_two_texts_for_one_cell_the_later_one_is_written() -> None:
    found = project([row("A")], delivery("A", "first"), delivery("A", "second"))
    assert found.edits == {(2, TEXT): "second"}
    assert len(found.edits) == 1


def test_what_is_not_mine_is_left_and_no_wish_of_it_is_over() -> None:
    places = locate(tables(HEADINGS, row("A", action="Regenerate"), row("B", action="Regenerate"), settings=SETTINGS))
    items = [delivery("A"), delivery("B"), delivery("C")]
    found = deliver(places, items, mine=lambda key: key != text_key("A"))
    assert found.edits == {(3, TEXT): "words for B", (3, ACTION): None}
    assert list(found.left) == [items[0], items[2]]
    assert list(found.homeless) == [items[2]]
    assert found.settled == [(items[1], Settled.WRITTEN)]
    other = deliver(places, items, mine=lambda key: key == text_key("A"))
    both = joined([found, other])
    assert both.settled == [(items[0], Settled.WRITTEN), (items[1], Settled.WRITTEN)]
    assert (list(both.left), both.texts, both.count(Settled.WRITTEN), both.count(Settled.KEPT)) == ([items[2]], 2, 2, 0)


@pytest.mark.parametrize("step", [1, -1], ids=["downwards", "upwards"])
def test_whichever_way_one_goes_no_text_is_read_over_and_over(step: int) -> None:
    read = 0

    def values(numbers: Sequence[int]) -> list[str]:
        nonlocal read
        read += len(numbers)
        return ["words"] * len(numbers)

    ids = [f"A{n}" for n in range(2000)]
    places = locate(tables(HEADINGS, *map(row, ids), settings=SETTINGS))
    edits = deliver(places, [delivery(one) for one in ids], values=values).edits
    assert all(edits[at, TEXT] == "words" for at in sorted((at for at, _ in edits), reverse=step < 0))
    assert read <= 2000 + 256


def test_a_text_that_was_kept_back_has_not_come_into_the_workbook() -> None:
    found = project([row("A", "mine"), row("B")], delivery("A"), delivery("B"))
    assert (found.texts, found.count(Settled.WRITTEN), found.count(Settled.KEPT)) == (1, 1, 1)
    assert [item.key for item in found.kept] == [text_key("A")]
