"""What an account has spent this month and may still be charged, over all journals of this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.batch import BatchState, ItemState
from sync.journal import Journal, Lease, elsewhere, month_begin, spending
from sync.model import Price, RemoteText, Spending
from tests.journal.making import batch, begin, planned
from tests.nouns import text_key

if TYPE_CHECKING:
    from pathlib import Path

LATER = 4_000_000_000.0


def send(journal: Journal, number: int) -> None:
    journal.batches.move(number, BatchState.INTENT)
    journal.batches.move(number, BatchState.ACCEPTED, request_id="r1")


def arrive(journal: Journal, number: int, *records: str) -> None:
    keys = [text_key(one) for one in records]
    journal.collect(
        number,
        [RemoteText(key, "t1", "words") for key in keys],
        (),
        [(key, ItemState.DONE, "t1", "") for key in keys],
        dict.fromkeys(keys, 1.5),
    )


def test_what_another_process_has_planned_is_reserved_for_as_long_as_it_lives(journal: Journal, path: Path) -> None:
    planned(journal, "A", "B")
    other = path.with_name("w2.sqlite3")
    assert spending(other, "service-1", LATER) == Spending()
    with Lease(path, "wtsync run"):
        assert spending(other, "service-1", LATER) == Spending(reserved=4.0)
        assert spending(path, "service-1", LATER) == Spending(), "of our own it is the plan that is being judged"
        assert spending(other, "service-2", LATER) == Spending(), "another account's"
    assert spending(other, "service-1", LATER) == Spending()


def test_what_was_sent_is_reserved_until_its_text_has_come_and_then_is_spent(journal: Journal, path: Path) -> None:
    number = planned(journal, "A", "B")
    send(journal, number)
    assert spending(path, "service-1", LATER).reserved == 4.0
    arrive(journal, number, "A")
    assert spending(path, "service-1", 0.0) == Spending(month=1.5, reserved=2.0)
    assert spending(path, "service-1", LATER).month == 0.0, "that was another month"
    other = path.with_name("w2.sqlite3")
    assert elsewhere(other, "service-1", 0.0) == 3.5
    assert elsewhere(other, "service-1", LATER) == 2.0
    assert elsewhere(path, "service-1", 0.0) == 0.0


def test_what_somebody_else_ordered_is_reserved_by_nobody(journal: Journal, path: Path) -> None:
    begin(journal)
    journal.batches.plan([batch("A", found=True, state=BatchState.ACCEPTED)])
    assert spending(path, "service-1", LATER) == Spending()


def test_a_journal_that_cannot_be_read_stops_nothing(journal: Journal, path: Path) -> None:
    send(journal, planned(journal, "A"))
    path.with_name("broken.sqlite3").write_bytes(b"no journal at all" * 100)
    assert spending(path, "service-1", LATER).reserved == Price(1.0, 2.0).max
    assert elsewhere(path, "service-1", 0.0) == 0.0


@pytest.mark.parametrize(
    ("now", "begins"),
    [(1793491199.0, 1790812800.0), (1793491200.0, 1793491200.0), (1793577600.5, 1793491200.0)],
)
def test_a_month_begins_on_its_first_day_at_midnight_utc(now: float, begins: float) -> None:
    assert month_begin(now) == begins
