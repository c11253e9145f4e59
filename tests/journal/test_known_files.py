"""What the journal knows of files and of texts sent back, and how a workbook finds its journal."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.journal import Journal, follow_move, journal_path
from sync.journal.place import state_dir
from sync.journal.store import known_as, last_service
from sync.model import Base, Delivery, Origin
from tests.journal.making import begin
from tests.nouns import base, remote_text, text_key

if TYPE_CHECKING:
    from pathlib import Path

    from sync.journal.files import Files


@pytest.fixture
def files(journal: Journal) -> Files:
    return journal.files


def saved(journal: Journal, old: str, new: str, *, ended: bool = True) -> None:
    number = journal.texts.save_begins("/shop.xlsx", old, new)
    if ended:
        journal.texts.save_ended(number)


# -------------------------------------------------------------------------------------- the workbook


def test_the_workbook_is_known_as_it_was_last_written(journal: Journal, files: Files) -> None:
    assert files.last_save() == ""
    saved(journal, "h0", "h1")
    saved(journal, "h1", "h2")
    saved(journal, "h2", "h3", ended=False)
    assert files.last_save() == "h2", "what was begun and not ended was not written"


def test_a_workbook_from_before_a_write_is_known_from_one_of_after_the_newest(journal: Journal, files: Files) -> None:
    saved(journal, "h0", "h1")
    saved(journal, "h1", "h0")
    saved(journal, "h5", "h6", ended=False)
    assert [files.was_before(one) for one in ("h0", "h1", "h5", "h9")] == [False, True, False, False]


def test_each_content_that_was_replaced_is_told_with_the_run_that_was_newest_then(
    journal: Journal, files: Files
) -> None:
    for number, (old, at) in enumerate((("h0", 5.0), ("h1", 15.0), ("h1", 25.0)), 1):
        saved(journal, old, "new")
        with journal.transaction():
            journal._database.run("UPDATE save SET at = ? WHERE id = ?", (at, number))
    for run_id, at in (("one", 10.0), ("two", 20.0), ("three", 30.0)):
        begin(journal, run_id)
        with journal.transaction():
            journal._database.run("UPDATE run SET started_at = ? WHERE id = ?", (at, run_id))
    assert files.replaced() == {"h0": (5.0, ""), "h1": (25.0, "two")}


def test_results_beside_the_workbook_are_known_until_they_are_forgotten(files: Files) -> None:
    files.left_results("/b.xlsx", "h1")
    files.left_results("/a.xlsx", "h2")
    files.left_results("/b.xlsx", "h3")
    files.tell_once("something else")
    assert list(files.results().items()) == [("/a.xlsx", "h2"), ("/b.xlsx", "h3")]
    files.forget_results("/b.xlsx")
    assert files.results() == {"/a.xlsx": "h2"}


def test_the_user_is_told_of_each_thing_once(files: Files) -> None:
    assert [files.tell_once(one) for one in ("a", "a", "b", "a", "b")] == [True, False, True, False, False]


# ----------------------------------------------------------------------------------- what a journal knows


def test_a_journal_is_blank_until_it_knows_of_a_run_a_text_or_an_agreement(journal: Journal, tmp_path: Path) -> None:
    journal.belongs_to(tmp_path / "shop.xlsx")
    assert journal.is_blank()
    begin(journal)
    assert not journal.is_blank()


@pytest.mark.parametrize("kind", ["text", "base"])
def test_a_journal_that_knows_a_single_text_is_not_blank(journal: Journal, kind: str) -> None:
    if kind == "text":
        journal.pull([remote_text("words")], [])
    else:
        journal.texts.agree([(text_key(), base("words"))])
    assert not journal.is_blank()


def test_that_a_workbook_was_worked_on_before_its_journal_began_is_remembered(journal: Journal) -> None:
    assert not journal.memory().forgotten
    journal.begin_forgotten()
    journal.begin_forgotten()
    assert journal.memory().forgotten
    (row,) = journal._database.rows("SELECT value FROM meta")
    assert abs(float(row["value"]) - time.time()) < 60


# ---------------------------------------------------------------------- written, sent back, wanted again


def given(record_id: str = "A1", text_id: str = "t1", origin: Origin = Origin.GENERATED) -> Delivery:
    return Delivery(text_key(record_id), text_id, f"words {text_id}", "", "d1", origin, "run1")


def delivered(journal: Journal, *items: Delivery, state: str = "written") -> None:
    for item in items:
        journal.pull([], [item])
        journal.texts.settle([(item, state)])


def test_what_reached_the_workbook_is_listed_with_the_moment_it_was_made(journal: Journal) -> None:
    old, new, pulled = given(), given(text_id="t2"), given("A2", "t3", Origin.PULLED)
    before = time.time()
    delivered(journal, old, new, pulled, given("A3", "t4", Origin.PUSHED))
    delivered(journal, given("A4", "t5"), state="kept")
    journal.pull([], [given("A5", "t6")])
    found = journal.texts.written()
    assert [item for item, _ in found] == [new, pulled]
    assert all(before <= at <= time.time() for _, at in found)


def test_what_a_newer_text_is_waiting_for_is_not_listed_as_written(journal: Journal) -> None:
    delivered(journal, given())
    journal.pull([], [given(text_id="t2")])
    assert list(journal.texts.written()) == []


def test_what_is_gone_from_the_workbook_waits_once_more(journal: Journal) -> None:
    one, other = given("A1"), given("A2")
    delivered(journal, one, other)
    delivered(journal, given("A3"), state="kept")
    journal.texts.wait_again([one, given("A3"), given("A9")])
    assert journal.texts.deliveries() == [one]
    (row,) = journal._database.rows("SELECT settled_at FROM delivery WHERE state = 'waiting'")
    assert row["settled_at"] is None
    assert [item for item, _ in journal.texts.written()] == [other]


def test_what_was_sent_back_is_what_both_sides_agree_on(journal: Journal) -> None:
    mine = given(origin=Origin.PUSHED)
    journal.push([remote_text(mine.value)], [mine])
    assert journal.texts.bases() == {text_key(): Base(mine.value, "t1", "d1", Origin.PUSHED, simulated=True)}
    assert journal.doubts.seen(text_key()) == {"t1"}
    assert journal.memory().waiting == {}, "there is nothing to write into the cell"


@pytest.mark.parametrize(("origin", "value"), [(Origin.REVIEWED, "words t1"), (Origin.ARCHIVED, "other words")])
def test_a_mark_on_the_service_leaves_what_was_agreed(journal: Journal, origin: Origin, value: str) -> None:
    agreed = Base("words t1", "t0", "d0", Origin.GENERATED)
    journal.texts.agree([(text_key(), agreed)])
    journal.push([], [replace(given(origin=origin), value=value)])
    assert journal.texts.bases() == {text_key(): agreed}


def test_a_mark_on_one_text_does_not_keep_the_next_from_being_agreed(journal: Journal) -> None:
    journal.push([], [given("A1", origin=Origin.ARCHIVED), given("A2", origin=Origin.PUSHED)])
    assert set(journal.texts.bases()) == {text_key("A2")}


# ------------------------------------------------------------------------- how a workbook finds its journal


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WTSYNC_STATE_DIR", str(tmp_path / "state"))
    return tmp_path


def known(workbook_id: str, workbook: Path | None, *record_ids: str, at: float = 0.0) -> Path:
    path = journal_path(workbook_id)
    with Journal(path, "service") as journal:
        if workbook is not None:
            journal.belongs_to(workbook)
        journal.texts.agree([(text_key(one), base("words")) for one in record_ids])
    if at:
        os.utime(path, (at, at))
    return path


def test_a_workbook_is_known_by_the_journal_that_last_belonged_to_its_path(state: Path) -> None:
    book = state / "shop.xlsx"
    assert known_as(book) == "", "there is no journal at all"
    known("other", state / "other.xlsx", at=9000.0)
    assert known_as(book) == ""
    known("old", book, at=1000.0)
    known("new", book, at=3000.0)
    known("middle", book, at=2000.0)
    known("newest.copy", book, at=8000.0)
    damaged = journal_path("damaged")
    damaged.write_bytes(b"no database" * 1000)
    assert known_as(book) == "new"


@pytest.mark.parametrize(
    ("wanted", "found"), [({"A1"}, True), ({"A1", "B1"}, True), ({"A1", "B1", "B2"}, False), (set(), False)]
)
def test_a_moved_workbook_is_known_again_by_half_of_its_records(state: Path, wanted: set[str], found: bool) -> None:
    known("path-old", state / "old.xlsx", "A1", "A2")
    assert follow_move("path-new", lambda: wanted) == (state / "old.xlsx" if found else None)


def test_of_several_journals_the_one_that_is_nobodys_and_fits_is_taken(state: Path) -> None:
    journal_path("x").parent.mkdir(parents=True)
    journal_path("path-a").write_bytes(b"no database" * 1000)
    known("path-b", None, "A1")
    (state / "there.xlsx").touch()
    known("path-c", state / "there.xlsx", "A1")
    known("path-d", state / "gone.xlsx", "B1")
    known("path-e", state / "mine.xlsx", "A1")
    assert follow_move("path-new", lambda: {"A1"}) == state / "mine.xlsx"


def test_a_workbook_that_has_a_journal_takes_no_other(state: Path) -> None:
    known("path-new", state / "new.xlsx", "A1")
    known("path-old", state / "old.xlsx", "A1")
    assert follow_move("path-new", lambda: {"A1"}) is None


def test_a_journal_takes_what_is_not_yet_in_it_along(state: Path) -> None:
    path = known("path-old", state / "old.xlsx", "A1")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).touch()
    assert follow_move("path-new", lambda: {"A1"}) is not None
    assert [one.name for one in path.parent.iterdir() if "old" in one.name and not one.name.endswith(".lock")] == []


def test_the_newest_run_names_the_service(state: Path) -> None:
    path = known("w1", None)
    for service, simulated, at in (("old", True, 10.0), ("newest", False, 30.0), ("middle", True, 20.0)):
        with Journal(path, service) as journal:
            begin(journal, service)
            with journal.transaction():
                journal._database.run(
                    "UPDATE run SET started_at = ?, service = ?, simulated = ? WHERE id = ?",
                    (at, service, simulated, service),
                )
    assert last_service(path) == ("newest", False)
    assert state.exists()


def test_journals_lie_in_a_folder_of_that_name_where_none_is_named() -> None:
    assert state_dir({}).name == "wtsync"
