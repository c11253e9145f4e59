"""Records that are made out of their columns whenever somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.model import Record, RecordKey
from sync.records import ByKey, Records, only
from sync.records.sequence import KEPT, TOGETHER
from tests.nouns import record

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = TOGETHER * KEPT + 10


class Maker:
    """Makes records, and counts them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, positions: Sequence[int]) -> list[Record]:
        self.made += len(positions)
        return [record(f"A{at}", row=at + 2) for at in positions]


@pytest.fixture
def maker() -> Maker:
    return Maker()


def test_they_are_those_of_the_rows_and_then_the_others(maker: Maker) -> None:
    records = Records(range(600), maker, (record("image"),))
    expected = [*(record(f"A{at}", row=at + 2) for at in range(600)), record("image")]
    assert len(records) == 601
    assert list(records) == expected
    assert records == expected
    assert records == tuple(expected)
    assert records != expected[1:]
    assert records != [*expected[:-1], record("other")]
    assert [records[at] for at in (0, 255, 256, 599, 600, -1, -602 + 1)] == [
        expected[at] for at in (0, 255, 256, 599, 600, 600, 0)
    ]
    assert records[590:] == tuple(expected[590:])
    assert list(reversed(records)) == expected[::-1]
    for beyond in (601, -602):
        with pytest.raises(IndexError):
            records[beyond]


def test_nothing_is_made_before_it_is_asked_for_and_a_small_workbook_is_made_once(maker: Maker) -> None:
    records = Records(range(600), maker)
    assert (len(records), maker.made) == (600, 0)
    assert list(records) == list(records)
    assert maker.made == 600


def test_of_a_large_one_no_more_is_kept_than_a_part(maker: Maker) -> None:
    records = Records(range(MANY), maker)
    for _ in records:
        pass
    before = maker.made
    assert records[MANY - 1].row == MANY + 1
    assert maker.made == before, "the latest are still there"
    assert [one.row for one in map(records.__getitem__, range(TOGETHER))] == [*range(2, TOGETHER + 2)]
    assert maker.made == before + 1 + TOGETHER, "the first are made again: one, and when the next is wanted, the piece"


def test_who_jumps_to_and_fro_has_no_more_made_than_what_is_asked_for(maker: Maker) -> None:
    records = Records(range(MANY), maker)
    far = [at % 2 * TOGETHER * 30 + TOGETHER * 10 + at for at in range(40)]
    assert [records[at].row for at in far for _ in range(3)] == [at + 2 for at in far for _ in range(3)]
    assert maker.made == len(far)


def test_some_of_them_are_picked_without_being_kept(maker: Maker) -> None:
    records = Records(range(600), maker, (record("image"), record("other")))
    odd = only(records, lambda one: one.row % 2 == 1 or one.key.record_id == "image")
    assert isinstance(odd, Records)
    assert [one.key.record_id for one in odd] == [*(f"A{at}" for at in range(1, 600, 2)), "image"]
    again = only(odd, lambda one: one.row > 590)
    assert [one.row for one in again] == [591, 593, 595, 597, 599, 601]
    assert only((record("A1"), record("A2")), lambda one: one.key.record_id == "A2") == (record("A2"),)


def test_they_are_found_by_their_address(maker: Maker) -> None:
    by_key = ByKey(Records(range(600), maker, (record("image"),)))
    assert len(by_key) == 601
    assert by_key[record("A300").key] == record("A300", row=302)
    assert by_key[record("image").key] == record("image")
    assert record("A600").key not in by_key
    assert by_key.get(RecordKey("", "", "", "")) is None
    assert list(by_key)[::600] == [record("A0").key, record("image").key]
    assert len(list(by_key.values())) == 601
