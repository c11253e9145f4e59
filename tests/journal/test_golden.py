"""Journals that released versions have written: each opens with this one, which knows all that stands in it (G15)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sync.batch import BatchState, ItemState, Tally
from sync.journal import Journal, last_service
from sync.journal.database import Database
from sync.journal.schema import MIGRATIONS, VERSION
from sync.model import Address, Base, Idea, Look, Lost, Origin, RemoteText, Uploaded
from tests.journal.golden.make_v5 import RESULT
from tests.journal.golden.make_v6 import LOST, RECORD, SUGGESTED
from tests.journal.golden.make_v7 import CHOSEN
from tests.nouns import TITLE, text_key

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = {int(file.stem[1:]): file for file in Path(__file__).parent.joinpath("golden").glob("v*.sql")}
"""What a wtsync of each layout has written, as SQL; the scripts beside them tell how. All of them tell one story."""
SERVICE, SIMULATED = "api.golden.example", "simulator golden"
HARD = "=1+1; \"zwei\" 'drei' -- \N{PILE OF POO}\nline two, e\N{COMBINING ACUTE ACCENT}"
EXCERPT = "excerpt"


def restored(layout: int, path: Path) -> Path:
    """Make the file that a wtsync of that layout has left behind."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(GOLDEN[layout].read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def schema(path: Path) -> list[tuple[str, str, str]]:
    """List the tables and indexes of a file, with the statements that made them."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return sorted(found.fetchall())


def layout(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_g15_every_layout_has_a_journal_that_was_written_with_it() -> None:
    assert set(GOLDEN) == set(MIGRATIONS) == set(range(1, VERSION + 1))


@pytest.mark.parametrize("version", MIGRATIONS)
def test_g15_a_released_step_is_as_it_was_when_it_was_released(version: int, tmp_path: Path) -> None:
    steps = {one: MIGRATIONS[one] for one in range(1, version + 1)}
    Database(tmp_path / "new.sqlite3", steps).close()
    assert schema(tmp_path / "new.sqlite3") == schema(restored(version, tmp_path / "old.sqlite3"))


@pytest.fixture(params=sorted(GOLDEN))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return restored(request.param, tmp_path / "golden.sqlite3")


@pytest.fixture
def journal(old: Path) -> Iterator[Journal]:
    with Journal(old, SERVICE) as opened:
        yield opened


def test_g15_an_old_journal_is_brought_to_todays_layout_whole(old: Path, tmp_path: Path) -> None:
    before = layout(old)
    Journal(old, SERVICE).close()
    assert layout(old) == VERSION
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    Database(tmp_path / "new.sqlite3").close()
    assert schema(old) == schema(tmp_path / "new.sqlite3"), "it is the same as one that begins today"
    assert bool(list(tmp_path.glob("golden.before-*.sqlite3"))) == (before < VERSION)


def test_the_golden_journal_knows_every_state_that_there_is(journal: Journal) -> None:
    batches = journal.batches.batches()
    assert {batch.state for batch in batches} == set(BatchState)
    assert {item.state for batch in batches for item in batch.items} == set(ItemState)
    rows = journal._database.rows("SELECT DISTINCT state FROM delivery")
    assert {row["state"] for row in rows} == {"waiting", "written", "kept", "replaced"}


def test_the_runs_are_known_with_how_they_ended(journal: Journal, old: Path) -> None:
    runs = [(run.id, run.state, run.started_at, run.ended_at, run.balance_after) for run in journal.batches.runs()]
    assert runs == [
        ("run-done", "done", 1760000000.0, 1760000060.0, 95.0),
        ("run-odd", "out of credits", 1760010000.0, 1760010060.0, 60.0),
        ("run-killed", "running", 1760020000.0, None, None),
    ]
    assert last_service(old) == (SERVICE, False)
    assert not journal.is_blank()


def test_what_is_open_and_what_nobody_can_say_is_known(journal: Journal) -> None:
    assert [(batch.id, batch.state, batch.request_id, batch.found) for batch in journal.batches.open()] == [
        (12, BatchState.ACCEPTED, "req-accepted", False),
        (13, BatchState.RUNNING, "req-running", False),
        (14, BatchState.CANCELLING, "req-cancelling", False),
        (15, BatchState.ACCEPTED, "req-of-others", True),
    ]
    unknown = journal.batches.unknown()
    assert [(batch.id, batch.state) for batch in unknown] == [
        (8, BatchState.GONE),
        (16, BatchState.UNKNOWN),
        (17, BatchState.INTENT),
    ]
    assert unknown[1].reason == "no answer came within 90 s"
    assert unknown[1].known_requests == {"req-of-others", "req-older"}
    assert unknown[1].sent_at == 1760000016.0
    (item,) = unknown[1].items
    assert (item.was, item.input_digest, item.baseline, item.price.max) == ("Was there", "digest-00025", "old-00025", 2)


def test_what_may_still_be_charged_is_held_and_cannot_be_ordered_again(journal: Journal) -> None:
    making, unknown = journal.batches.held()
    assert making == {
        text_key("00020"): "12",
        text_key("00020", EXCERPT): "12",
        text_key("00022"): "13",
        text_key("00023"): "14",
        text_key("00024"): "15",
        text_key("00027"): "18",
    }
    assert unknown == {text_key("00015"): "8", text_key("00025"): "16", text_key("00026"): "17"}
    with pytest.raises(sqlite3.IntegrityError), closing(sqlite3.connect(journal.path)) as connection:
        connection.execute("UPDATE item SET held = 1 WHERE record_id = '00001' AND service = ?", (SERVICE,))


def test_what_was_agreed_is_known_to_the_letter(journal: Journal) -> None:
    assert journal.texts.bases() == {
        text_key("00001"): Base("Oak stool", "t-1", "digest-00001", Origin.GENERATED),
        text_key("00001", EXCERPT): Base(HARD, "t-2", "digest-00001", Origin.GENERATED),
        text_key("00005"): Base("Adopted", "t-7", "", Origin.ADOPTED),
        text_key("00006", language="de"): Base("Eichenhocker", "t-8", "digest", Origin.PULLED),
    }
    assert journal.texts.elsewhere() == {text_key("00001"): "Simulated title"}


def test_who_agreed_on_a_text_is_known_since_layout_2(journal: Journal, tmp_path: Path) -> None:
    copies = [layout(copy) for copy in tmp_path.glob("golden.before-*.sqlite3")]
    runs = {
        key.record.record_id: (base.run_id, base.at)
        for key, base in journal.texts.bases().items()
        if key.text_type == TITLE
    }
    assert runs["00001"] == ("" if copies == [1] else "run-done", 1760000002.0)
    assert runs["00005"] == ("", 1760000004.0), "what both sides had already was made by no run of ours"


def test_what_the_service_held_is_known_since_layout_3(journal: Journal, tmp_path: Path) -> None:
    before = [layout(copy) for copy in tmp_path.glob("golden.before-*.sqlite3")]
    look = journal.looks.known("account-1", Address("Product", "shop", "en"))
    if before and before[0] < 3:
        assert look is None, "an older wtsync remembered no look: the next one is full"
    else:
        assert look == Look(
            ("excerpt", "page title"), 1760000070.0, 1760000030.5, 20,
            {"00001": (RemoteText(text_key("00001"), "t-6", HARD),), "00002": ()},
        )  # fmt: skip
    assert journal.looks.known("account-2", Address("Product", "shop", "en")) is None
    assert text_key("00018").record in journal.looks.in_doubt()


def test_which_images_were_uploaded_is_known_since_layout_4(journal: Journal, tmp_path: Path) -> None:
    before = [layout(copy) for copy in tmp_path.glob("golden.before-*.sqlite3")]
    known = [journal.uploads.known("shop", image_id) for image_id in ("front", "side", "never")]
    if before and before[0] < 4:
        assert known == [None, None, None], "an older wtsync uploaded none: they are uploaded when they are needed"
    else:
        assert known == [Uploaded("digest-front", 1762592000.0), Uploaded("digest-side"), None]


def test_what_keyword_optimizations_found_is_known_since_layout_5(old: Path, tmp_path: Path) -> None:
    with Journal(old, SIMULATED, simulated=True) as journal:
        runs, waiting = journal.optimizations.runs(), list(journal.texts.deliveries())
    if any(layout(copy) < 5 for copy in tmp_path.glob("golden.before-*.sqlite3")):
        assert runs == {}, "an older wtsync knew of no keywords"
        return
    (run,) = runs.values()
    assert run.now == RESULT
    assert (run.state, run.price, run.credits, run.asked) == (
        BatchState.COLLECTED, 6.0, 6.0, {"country": "DK", "clusters": 4}
    )  # fmt: skip
    assert [(one.key.text_type, one.value) for one in waiting if one.key.record == RESULT.key] == [("keywords", HARD)]


def test_a_search_of_an_old_journal_counts_as_paid_for_under_whatever_rows_it_took_up(old: Path) -> None:
    """Journals of layout 5 kept the ids of approved rows without the moment at which a run took them up."""
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (f"approved:{SIMULATED}", '["row-1", "row-2"]'))
    with Journal(old, SIMULATED, simulated=True) as journal:
        begun, searched = journal.approvals.begun(), journal.memory().searched
        assert begun == {"row-1": 0, "row-2": 0}
        assert searched.keys() <= {RESULT.key}
        assert all(one.listed and one.batch > begun["row-1"] for one in searched.values())
        journal.approvals.begin({"row-2", "row-3"})
        now = journal.approvals.begun()
    assert now["row-2"] == 0, "going on with a row makes it no younger"
    assert now["row-3"] > 0


def test_moments_that_layout_7_kept_of_approved_rows_are_told_by_what_was_ordered_since(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        sent = [(int(id_), at) for id_, at in connection.execute("SELECT id, sent_at FROM batch ORDER BY id")]
        batch, at = max((one for one in sent if one[1]), key=lambda one: one[0])
        moments = {"before": at - 1.0, "with": at, "after": max(at for _, at in sent) + 1.0}
        connection.execute("INSERT INTO meta VALUES (?, ?)", (f"approved:{SIMULATED}", json.dumps(moments)))
    with Journal(old, SIMULATED, simulated=True) as journal:
        begun = journal.approvals.begun()
        assert begun["before"] <= begun["with"] < batch <= begun["after"] == sent[-1][0]
        journal.approvals.begin(moments)
        assert journal.approvals.begun() == begun


def test_what_was_suggested_is_known_since_layout_6(journal: Journal, tmp_path: Path) -> None:
    known = journal.suggestions.all()
    if any(layout(copy) < 6 for copy in tmp_path.glob("golden.before-*.sqlite3")):
        assert known == [], "an older wtsync asked for no suggestions"
        return
    assert known == SUGGESTED
    asked = journal.suggestions.asked()
    assert asked == {(RECORD, Idea.AUDIENCE): True, (RECORD, Idea.SEMANTIC): True, (LOST, Idea.AUDIENCE): False}


def test_what_the_service_has_to_be_told_is_known_since_layout_7(journal: Journal, tmp_path: Path) -> None:
    older = any(layout(copy) for copy in tmp_path.glob("golden.before-*.sqlite3"))
    assert journal.suggestions.untold() == ({} if older else CHOSEN)


def test_what_has_to_reach_the_workbook_still_has_to(journal: Journal) -> None:
    assert [(one.key, one.text_id, one.value, one.origin) for one in journal.texts.deliveries()] == [
        (text_key("00001"), "t-6", "Oak stool, pulled", Origin.PULLED),
        (text_key("00013"), "t-13", "Made before it was cancelled", Origin.GENERATED),
        (text_key("00017"), "t-17", "Made twice", Origin.GENERATED),
        (text_key("00021"), "t-21", "Made, not yet written", Origin.GENERATED),
    ]
    all_of_them = {one.text_id for one in journal.texts.deliveries(again=True)}
    assert all_of_them == {"t-2", "t-3", "t-6", "t-13", "t-17", "t-21"}


def test_the_sums_of_its_runs_are_what_they_were(journal: Journal) -> None:
    assert journal.tally({"run-done"}) == Tally(total=5, done=3, failed=1, empty=1, credits=4.0)
    assert journal.tally({"run-odd"}) == Tally(
        total=9, done=2, cancelled=2, unknown=1, not_sent=3, credits=2.0, stopped_min=5.0, stopped_max=10.0,
        unknown_max=2.0,
    )  # fmt: skip
    assert journal.tally({"run-killed"}) == Tally(total=9, done=1, unknown=2, open=6, credits=1.0, unknown_max=4.0)


def test_the_latest_word_about_every_text_is_known(journal: Journal) -> None:
    outcomes = journal.outcomes()
    assert len(outcomes) == 23
    said = {
        key.record.record_id: (one.item, one.reason, one.delivery, one.at, one.credits)
        for key, one in outcomes.items()
        if key.text_type == TITLE
    }
    assert said["00001"] == (ItemState.DONE, "", "waiting", 1760000006.0, 2.0)
    assert said["00002"] == (ItemState.DONE, "", "kept", 1760000004.0, 1.0)
    assert said["00003"][:3] == (ItemState.FAILED, "the service could not make it", "")
    assert said["00011"][:3] == (ItemState.NOT_SENT, "the account has 1 credits left", "")
    assert said["00018"][0] is ItemState.LOST
    assert said["00025"][:2] == (ItemState.UNKNOWN, "no answer came within 90 s")
    assert said["00026"][0] is ItemState.UNKNOWN


def test_what_was_given_up_and_what_was_charged_twice_is_known(journal: Journal) -> None:
    assert [batch.id for batch in journal.doubts.given_up()] == [9, 10]
    assert journal.doubts.lost() == {text_key("00018"): Lost("10")}
    (duplicate,) = journal.doubts.duplicates()
    assert (duplicate.key, duplicate.batch, duplicate.found, duplicate.kept) == (
        text_key("00017"), 9, "t-17-first", "t-17",
    )  # fmt: skip
    assert journal.doubts.seen(text_key("00001")) == {"t-1", "t-5"}


def test_what_was_asked_and_not_done_is_known(journal: Journal) -> None:
    assert list(journal.batches.asked_to_cancel()) == [(2, "")]
    assert journal.batches.last_event() in {1760000058.0, 1760000062.0}


def test_an_old_journal_can_be_worked_on(journal: Journal) -> None:
    journal.batches.move(16, BatchState.ACCEPTED, request_id="req-late")
    journal.end(12, BatchState.COLLECTED, [(text_key("00020"), ItemState.DONE, "t-20", "")])
    assert [batch.id for batch in journal.batches.open()] == [13, 14, 15, 16]
    journal.texts.settle([(one, "written") for one in journal.texts.deliveries()])
    assert journal.texts.deliveries() == []
    assert journal.texts.bases()[text_key("00021")].value == "Made, not yet written"


def test_what_was_tried_on_the_simulator_stays_apart(old: Path) -> None:
    with Journal(old, SIMULATED, simulated=True) as journal:
        assert [run.id for run in journal.batches.runs()] == ["run-simulated"]
        assert journal.texts.bases()[text_key("00001")].simulated
        assert journal.batches.held() == ({}, {})
