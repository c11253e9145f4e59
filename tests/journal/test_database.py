"""The file under the journal: what a commit means, who may read it, and what is refused."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sync.batch import Baseline, BatchState
from sync.errors import JournalError
from sync.journal import Journal, journal_path, last_service
from sync.journal.database import Database
from sync.journal.schema import VERSION
from tests.journal.making import begin, planned

_ROOT = Path(__file__).parents[2]


def pragma(journal: Journal, name: str) -> object:
    return journal._database.rows(f"PRAGMA {name}")[0][0]


def test_j03_the_settings_that_make_a_commit_real_are_in_force(journal: Journal) -> None:
    assert pragma(journal, "journal_mode") == "wal"
    assert pragma(journal, "synchronous") == 2
    assert pragma(journal, "foreign_keys") == 1
    assert pragma(journal, "user_version") == VERSION
    assert pragma(journal, "fullfsync") == 1
    assert pragma(journal, "checkpoint_fullfsync") == 1


def test_j03_a_file_that_cannot_make_a_commit_stay_is_refused() -> None:
    with pytest.raises(JournalError, match="cannot promise to keep") as caught:
        Database(Path(":memory:"))  # SQLite in memory knows no WAL
    assert "WTSYNC_STATE_DIR" in caught.value.hint


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_table_is_strict(journal: Journal) -> None:
    tables = journal._database.rows("PRAGMA table_list")
    ours = {row["name"]: row["strict"] for row in tables if not row["name"].startswith("sqlite_")}
    assert len(ours) >= 9
    assert set(ours.values()) == {1}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_x12_the_file_and_its_folder_are_for_their_owner_alone(journal: Journal, path: Path) -> None:
    planned(journal)
    for file in path.parent.glob("w1.sqlite3*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_j08_a_newer_layout_is_refused_and_left_as_it_is(path: Path) -> None:
    Journal(path, "s").close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="newer wtsync") as caught:
        Journal(path, "s")
    assert "upgrade" in caught.value.hint
    assert path.read_bytes() == before


def test_j06_a_file_that_is_no_database_is_an_error_in_words(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    with pytest.raises(JournalError, match="is damaged") as caught:
        Journal(path, "s")
    assert "wtsync run" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((JournalError, OSError)):
        Journal(tmp_path / "file" / "journal.sqlite3", "s")


def test_j01_an_intent_that_does_not_fit_on_the_disk_leaves_nothing_of_itself(journal: Journal) -> None:
    number = planned(journal)
    pages = pragma(journal, "page_count")
    journal._database.rows(f"PRAGMA max_page_count = {pages}")
    baseline = Baseline(requests=frozenset(f"request-{n}" for n in range(5000)))
    with pytest.raises(JournalError, match="full"):
        journal.batches.intend(number, baseline, "sha")
    found = journal.batches.batch(number)
    assert found is not None
    assert found.state is BatchState.PLANNED
    assert found.known_requests == frozenset()


def test_j01_a_file_that_has_become_read_only_refuses_the_intent(journal: Journal) -> None:
    number = planned(journal)
    journal._database.rows("PRAGMA query_only = 1")
    with pytest.raises(JournalError):
        journal.batches.intend(number, Baseline(), "sha")


def test_a_transaction_that_fails_half_way_leaves_nothing(journal: Journal) -> None:
    begin(journal)

    def half_way() -> None:
        with journal.transaction():
            journal._database.run("UPDATE run SET state = 'odd'")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        half_way()
    assert journal.batches.runs()[0].state == "running"
    begin(journal, "run2")
    assert len(journal.batches.runs()) == 2, "and the next one works"


_WRITER = """
import os, sys
from pathlib import Path
from sync.batch import Baseline
from sync.journal import Journal
from tests.journal.making import planned
journal = Journal(Path(sys.argv[1]), "service-1")
number = planned(journal, "A1", "A2")
journal.batches.intend(number, Baseline(requests=frozenset({"r0"})), "sha")
transaction = journal.transaction()
transaction.__enter__()
journal._database.run("UPDATE batch SET state = 'rejected'")
print("ready", flush=True)
sys.stdin.read()
"""


def test_s29_after_sigkill_what_was_committed_is_there_and_what_was_not_is_not(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    with Journal(path, "service-1") as journal:
        (found,) = journal.batches.batches()
        assert found.state is BatchState.INTENT
        assert found.known_requests == {"r0"}
        assert len(found.items) == 2


def test_j04_journals_lie_in_the_users_state_folder_one_for_each_workbook(tmp_path: Path) -> None:
    named = {"WTSYNC_STATE_DIR": str(tmp_path / "state")}
    assert journal_path("w1", named) == tmp_path / "state" / "journals" / "w1.sqlite3"
    assert journal_path("w1", named) != journal_path("w2", named)
    assert journal_path("w1", {}).is_absolute()


def test_two_services_in_one_file_do_not_see_each_other(path: Path) -> None:
    with Journal(path, "service-1") as one:
        number = planned(one)
    with Journal(path, "service-2") as other:
        assert other.batches.batches() == []
        assert other.batches.batch(number) is None
        assert other.memory().open == {}
        assert other.batches.runs() == []


def test_the_service_of_the_newest_run_is_remembered(path: Path) -> None:
    assert last_service(path) is None
    with Journal(path, "service-1") as journal:
        assert last_service(path) is None
        begin(journal)
    assert last_service(path) == ("service-1", True)


def test_x06_no_key_and_no_token_gets_into_the_journal_of_a_run(tmp_path: Path) -> None:
    from tests.run.world import World  # noqa: PLC0415 - the whole machinery, for this test alone

    world = World(tmp_path, records=3, api_key="canary-key-9f2c")
    tokens: list[str] = []
    real = world.simulator.sign_in

    def sign_in(key: str, host: str) -> dict[str, object]:
        found: dict[str, object] = real("canary-key-9f2c" if key == "sim-0000-local" else key, host)
        tokens.append(str(found["access_token"]))
        return found

    world.simulator.sign_in = sign_in  # type: ignore[method-assign]  # to learn the token it gives
    world.run()
    assert tokens
    content = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"Oak stool" in content or b"A1" in content
    for secret in ("canary-key-9f2c", "sim-0000-local", *tokens):
        assert secret.encode() not in content
