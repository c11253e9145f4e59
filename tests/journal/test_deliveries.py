"""Deliveries are read when somebody looks at them; what they say is the same at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.model import Delivery, Origin
from tests.nouns import text_key

if TYPE_CHECKING:
    from sync.journal import Journal

MANY = 1234


@pytest.fixture
def made() -> list[Delivery]:
    origins = (Origin.GENERATED, Origin.KEYWORDS, Origin.PULLED)
    return [
        Delivery(text_key(f"A{n}", f"type {n % 2}"), f"t{n}", f"words {n}", "old", f"d{n}", origins[n % 3], "run1", 1.5)
        for n in range(MANY)
    ]


@pytest.fixture(autouse=True)
def waiting(journal: Journal, made: list[Delivery]) -> None:
    journal.pull([], made)


def test_they_come_in_the_order_in_which_they_were_made(journal: Journal, made: list[Delivery]) -> None:
    found = journal.texts.deliveries()
    assert len(found) == MANY
    assert found == made
    assert [*found] == [*found], "as often as one likes"
    assert (found[0], found[-1], found[600:603]) == (made[0], made[-1], tuple(made[600:603]))
    assert [*found.addresses()] == [one.key for one in made]


def test_some_of_their_texts_come_in_the_order_in_which_they_are_asked_for(
    journal: Journal, made: list[Delivery]
) -> None:
    numbers = [*range(MANY - 1, -1, -2), 3, 3]
    assert journal.texts.deliveries().values(numbers) == [made[number].value for number in numbers]
    assert journal.texts.deliveries().values([]) == []


def test_what_was_made_and_what_came_from_elsewhere_is_told_apart(journal: Journal, made: list[Delivery]) -> None:
    found = journal.texts.deliveries()
    ordered = [(one.key, one.input_digest) for one in made if one.origin is Origin.GENERATED]
    assert [*found.ordered()] == ordered
    assert [*found.of_origin(Origin.KEYWORDS)] == [one for one in made if one.origin is Origin.KEYWORDS]
    assert [*found.of_origin(Origin.PUSHED)] == []


def test_those_at_hand_stay_the_same_while_they_are_settled_and_others_follow(
    journal: Journal, made: list[Delivery]
) -> None:
    found = journal.texts.deliveries()
    seen: list[Delivery] = []
    for item in found:
        if len(seen) % 400 == 0:
            journal.texts.settle([(item, "written")])
            journal.pull([], [Delivery(item.key, f"new {item.text_id}", "newer", "", "", Origin.PULLED, "run2")])
        seen.append(item)
    assert seen == made
    assert len(journal.texts.deliveries()) == MANY, "the newer ones wait in their place"
    assert len(found) == MANY


def test_settled_by_themselves_they_are_all_settled(journal: Journal) -> None:
    found = journal.texts.deliveries()
    journal.texts.settle([(item, "kept" if item.text_id == "t7" else "written") for item in found])
    assert journal.texts.deliveries() == []
    bases = journal.texts.bases()
    assert {key.record.record_id for key in bases} == {
        one.key.record.record_id for one in found if one.origin is not Origin.KEYWORDS and one.text_id != "t7"
    }
