"""What an account has spent this month and may still be charged, over all journals of this computer."""

from __future__ import annotations

import os
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sync.batch import BatchState, ItemState
from sync.journal import Elsewhere, Journal, Lease, month_begin, records_of, spending
from sync.journal.copies import layout_of
from sync.journal.database import Database
from sync.journal.schema import MIGRATIONS
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
    assert Elsewhere(other, "service-1").cost(0.0) == 3.5
    assert Elsewhere(other, "service-1").cost(LATER) == 2.0
    assert Elsewhere(path, "service-1").cost(0.0) == 0.0


def test_what_somebody_else_ordered_is_reserved_by_nobody(journal: Journal, path: Path) -> None:
    begin(journal)
    journal.batches.plan([batch("A", found=True, state=BatchState.ACCEPTED)])
    assert spending(path, "service-1", LATER) == Spending()


def test_a_journal_that_cannot_be_read_stops_nothing(journal: Journal, path: Path) -> None:
    send(journal, planned(journal, "A"))
    path.with_name("broken.sqlite3").write_bytes(b"no journal at all" * 100)
    assert spending(path, "service-1", LATER).reserved == Price(1.0, 2.0).max
    assert Elsewhere(path, "service-1").cost(0.0) == 0.0


def test_another_journal_is_read_again_when_its_files_have_changed_and_only_then(journal: Journal, path: Path) -> None:
    others = Elsewhere(path.with_name("w2.sqlite3"), "service-1")
    number = planned(journal, "A", "B")
    send(journal, number)
    assert others.cost(0.0) == 4.0
    arrive(journal, number, "A")
    assert others.cost(0.0) == 3.5, "what has just changed is not taken for settled"
    journal.close()
    old = time.time() - 60
    for file in path.parent.glob("w1.sqlite3*"):
        os.utime(file, (old, old))
    assert others.cost(0.0) == 3.5
    path.write_bytes(path.read_bytes()[:100] + b"no journal".ljust(path.stat().st_size - 100))
    os.utime(path, (old, old))
    assert others.cost(0.0) == 3.5, "it is as it was, so nobody opens it"
    assert others.cost(LATER) == 0.0, "another question is another sum"
    os.utime(path)
    assert others.cost(0.0) == 0.0, "it cannot be read any more"


def test_a_journal_of_an_older_layout_is_read_as_it_is_and_left_so(path: Path, tmp_path: Path) -> None:
    with closing(Database(path, {1: MIGRATIONS[1]})) as old, old.transaction():
        old.run("INSERT INTO run VALUES ('run1', 1, NULL, 'running', 'service-1', 1, 9, '', NULL, NULL)")
        old.run(
            "INSERT INTO batch VALUES (1, 'run1', 'service-1', 'accepted', 's', 'Product', 'en', 0, 'r', '', '[]',"
            " NULL, NULL, 0, '', 2)"
        )
        old.run(
            "INSERT INTO item VALUES (1, 'service-1', 's', 'Product', 'A', 'en', 'excerpt', '', '', 2, 3, '', 'open',"
            " '', '', 1, 0)"
        )
        old.run("INSERT INTO meta VALUES ('workbook', ?)", (str(tmp_path / "gone.xlsx"),))
    other = path.with_name("w2.sqlite3")
    assert Elsewhere(other, "service-1").cost(0.0) == 3.0
    assert spending(other, "service-1", LATER).reserved == 3.0
    assert records_of(path) == {"A"}
    assert layout_of(path) == 1
    assert not list(path.parent.glob("*.before-*"))


@pytest.mark.parametrize(
    ("now", "begins"),
    [(1793491199.0, 1790812800.0), (1793491200.0, 1793491200.0), (1793577600.5, 1793491200.0)],
)
def test_a_month_begins_on_its_first_day_at_midnight_utc(now: float, begins: float) -> None:
    assert month_begin(now) == begins
