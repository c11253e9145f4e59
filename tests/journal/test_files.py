"""What the journal knows of files: saves, results that were left, what was told once, texts that are gone again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.journal import Journal, journal_path, known_as
from sync.journal.texts import KEPT, WRITTEN
from sync.model import Delivery, Origin
from tests.nouns import text_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    monkeypatch.setenv("WTSYNC_STATE_DIR", str(tmp_path / "state"))
    with Journal(journal_path("w-1"), "service") as opened:
        yield opened


def delivery(record: str, text_id: str, origin: Origin = Origin.GENERATED) -> Delivery:
    return Delivery(text_key(record), text_id, f"words {text_id}", "", "d", origin, "run1")


def test_the_last_save_is_the_last_that_came_to_its_end(journal: Journal) -> None:
    assert journal.files.last_save() == ""
    journal.texts.save_ended(journal.texts.save_begins("a.xlsx", "old", "new"))
    journal.texts.save_begins("a.xlsx", "new", "newer")
    assert journal.files.last_save() == "new"
    assert journal.files.was_before("old")
    assert not journal.files.was_before("new"), "the second save was never done"
    assert set(journal.files.replaced()) == {"old", "new"}


def test_results_are_remembered_until_they_are_forgotten(journal: Journal) -> None:
    journal.files.left_results("/a/shop.results.xlsx", "one")
    journal.files.left_results("/a/shop.results.xlsx", "two")
    assert journal.files.results() == {"/a/shop.results.xlsx": "two"}
    journal.files.forget_results("/a/shop.results.xlsx")
    assert journal.files.results() == {}


def test_what_is_told_once_is_told_once(journal: Journal) -> None:
    assert [journal.files.tell_once(what) for what in ("copy", "copy", "other")] == [True, False, True]
    assert journal.files.results() == {}


def test_a_text_that_is_gone_from_the_workbook_waits_again_and_only_the_newest_of_it(journal: Journal) -> None:
    first, second, kept = delivery("A", "t1"), delivery("A", "t2"), delivery("B", "t3")
    for item, state in ((first, WRITTEN), (second, WRITTEN), (kept, KEPT)):
        with journal.transaction():
            journal.texts.deliver([item])
        journal.texts.settle([(item, state)])
    assert [item for item, _ in journal.texts.written()] == [second]
    journal.texts.wait_again([first, kept])
    assert journal.texts.deliveries() == []
    journal.texts.wait_again([second])
    assert journal.texts.deliveries() == [second]
    assert list(journal.texts.written()) == []


def test_texts_that_were_not_made_or_fetched_are_none_that_a_workbook_can_lose(journal: Journal) -> None:
    for number, origin in enumerate(Origin):
        item = delivery(f"A{number}", f"t{number}", origin)
        with journal.transaction():
            journal.texts.deliver([item])
        journal.texts.settle([(item, WRITTEN)])
    assert {item.origin for item, _ in journal.texts.written()} == {Origin.GENERATED, Origin.PULLED}


def test_a_workbook_that_cannot_be_asked_is_known_by_where_it_was(journal: Journal, tmp_path: Path) -> None:
    book = tmp_path / "shop.xlsx"
    assert known_as(book) == ""
    journal.belongs_to(book)
    assert known_as(book) == "w-1"
    assert known_as(tmp_path / "other.xlsx") == ""
