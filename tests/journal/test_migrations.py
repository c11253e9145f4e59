"""From one layout to the next: a copy first, all of a step or nothing of it, whenever the process dies (J07, G15)."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from sync.errors import JournalError
from sync.journal import Journal
from sync.journal.database import Database
from sync.journal.schema import MIGRATIONS, VERSION
from tests.faults.storage import Disk, available
from tests.journal.making import planned

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[2]
SECOND = (
    "CREATE TABLE label (key TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT",
    "ALTER TABLE batch ADD COLUMN priority INTEGER NOT NULL DEFAULT 0",
    "UPDATE batch SET priority = id",
    "INSERT INTO label SELECT state, 'a batch' FROM batch",
    "DROP INDEX batch_state",
    "CREATE INDEX batch_state ON batch (state, priority)",
)
THIRD = ("ALTER TABLE label ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'", "UPDATE label SET colour = 'green'")
NEXT, LAST = VERSION + 1, VERSION + 2
LATER = {**MIGRATIONS, NEXT: SECOND, LAST: THIRD}
"""Layouts that do not exist (yet), to practise on. They begin with a journal of today's layout."""


def content(path: Path) -> list[str]:
    """Give all that stands in a file, with its layout."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [f"layout {found}", *connection.iterdump()]


@pytest.fixture
def old(path: Path) -> Path:
    with Journal(path, "service-1") as journal:
        planned(journal, "A1", "A2")
    return path


def copies(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*.before-*.sqlite3"))


def test_j07_each_step_is_carried_out_and_what_was_there_stays(old: Path) -> None:
    Database(old, LATER).close()
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (LAST,)
        assert connection.execute("SELECT state, priority FROM batch").fetchall() == [("planned", 1)]
        assert connection.execute("SELECT * FROM label").fetchall() == [("planned", "a batch", "green")]
        assert connection.execute("SELECT record_id FROM item ORDER BY rowid").fetchall() == [("A1",), ("A2",)]


def test_j07_the_journal_as_it_was_is_kept_beside_it(old: Path) -> None:
    before = content(old)
    Database(old, LATER).close()
    assert copies(old) == [f"w1.before-{LAST}.sqlite3"]
    kept = old.with_name(f"w1.before-{LAST}.sqlite3")
    assert content(kept) == before
    if os.name != "nt":
        assert kept.stat().st_mode & 0o077 == 0
    assert not list(old.parent.glob("*.new*"))
    Database(old, LATER).close()
    assert content(kept) == before, "and stays, however often the journal is opened"


def test_a_new_journal_leaves_no_copy_of_nothing(path: Path) -> None:
    Database(path, LATER).close()
    assert copies(path) == []


def test_j07_what_other_processes_have_written_and_not_yet_moved_into_the_file_is_in_the_copy(old: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("UPDATE batch SET reason = 'only in the log so far'")
        Database(old, LATER).close()
    assert any("only in the log so far" in line for line in content(old.with_name(f"w1.before-{LAST}.sqlite3")))
    assert any("only in the log so far" in line for line in content(old))


@pytest.mark.parametrize("at", range(len(SECOND) + len(THIRD)))
def test_j07_a_statement_that_fails_leaves_the_layout_before_it_whole(old: Path, at: int) -> None:
    before = content(old)
    wrong = "UPDATE no_such_table SET x = 1"
    second = tuple(wrong if at == n else statement for n, statement in enumerate(SECOND))
    third = tuple(wrong if at == n else statement for n, statement in enumerate(THIRD, len(SECOND)))
    with pytest.raises(JournalError, match="no_such_table") as caught:
        Database(old, {**MIGRATIONS, NEXT: second, LAST: third})
    assert str(old) in caught.value.message
    left = content(old)
    assert left == before if at < len(SECOND) else left[0] == f"layout {NEXT}"
    Database(old, LATER).close()
    assert content(old)[0] == f"layout {LAST}"


_KILLED = """
import os, signal, sys
from pathlib import Path
from sync.journal.database import Database
from tests.journal.test_migrations import LATER

left = int(sys.argv[2])

def dying(statements):
    global left
    for statement in (*statements, None):
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        if statement is not None:
            yield statement

Database(Path(sys.argv[1]), {layout: dying(steps) for layout, steps in LATER.items()})
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("at", range(len(SECOND) + 1 + len(THIRD) + 1))
def test_j07_killed_before_any_statement_the_journal_opens_again(old: Path, at: int) -> None:
    """Killed before each statement of each step, and after its last one, before it is committed."""
    before = content(old)
    done = subprocess.run([sys.executable, "-c", _KILLED, str(old), str(at)], cwd=_ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    kept = old.with_name(f"w1.before-{LAST}.sqlite3")
    assert content(kept) == before
    left = content(old)
    assert left == before if at <= len(SECOND) else left[0] == f"layout {NEXT}"
    Database(old, LATER).close()
    assert content(old)[0] == f"layout {LAST}"
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT state, priority FROM batch").fetchall() == [("planned", 1)]


@pytest.mark.soak
@pytest.mark.skipif(not available(), reason="the laboratory's disk is one of POSIX")
@pytest.mark.parametrize("error", [apsw.FullError, apsw.IOError])
def test_j07_whichever_write_of_it_fails_the_journal_is_of_one_layout_whole(
    tmp_path: Path, error: type[Exception]
) -> None:
    failed = 0
    for number in range(1, 500):
        path = tmp_path / f"{error.__name__}-{number}" / "w1.sqlite3"
        with Journal(path, "service-1") as journal:
            planned(journal, "A1", "A2")
        before = content(path)
        disk = Disk(number, error)
        with disk.in_use():
            try:
                Database(path, LATER).close()
            except JournalError as stopped:
                assert str(path) in stopped.message  # noqa: PT017 - that it may fail, and how, is the point
        left = content(path)
        assert left == before or left[0] in {f"layout {NEXT}", f"layout {LAST}"}
        assert all(content(path.with_name(name)) == before for name in copies(path)), "a copy is whole or not there"
        assert left == before or copies(path), "nothing is changed before there is a copy"
        Database(path, LATER).close()
        assert content(path)[0] == f"layout {LAST}"
        if not disk.struck:
            break
        failed += 1
    assert failed > 10


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="modes are POSIX, and do not bind root")
def test_j07_without_a_copy_nothing_is_changed_in_a_folder_that_cannot_be_written(old: Path) -> None:
    before = content(old)
    old.parent.chmod(0o500)
    try:
        with pytest.raises(JournalError):
            Database(old, LATER)
    finally:
        old.parent.chmod(0o700)
    assert content(old) == before


def test_j07_where_the_copy_cannot_be_put_nothing_is_changed(old: Path) -> None:
    before = content(old)
    old.with_name(f"w1.before-{LAST}.sqlite3").mkdir()
    with pytest.raises(JournalError, match="could not be copied before") as caught:
        Database(old, LATER)
    assert "room" in caught.value.hint
    assert content(old) == before
    assert not list(old.parent.glob("*.new*"))


class Slow(dict[int, tuple[str, ...]]):
    """Steps that are looked up so slowly that another process brings the journal to its newest layout meanwhile."""

    def __init__(self, path: Path) -> None:
        super().__init__(LATER)
        self.path = path
        self.overtaken = False

    def __iter__(self) -> Iterator[int]:
        if not self.overtaken:
            self.overtaken = True
            Database(self.path, LATER).close()
        return super().__iter__()


def test_j07_overtaken_by_another_process_it_changes_nothing_again_and_leaves_its_copy(old: Path) -> None:
    before = content(old)
    steps = Slow(old)
    Database(old, steps).close()
    assert steps.overtaken
    assert content(old)[0] == f"layout {LAST}"
    assert content(old.with_name(f"w1.before-{LAST}.sqlite3")) == before


def test_overtaken_by_another_process_that_begins_the_same_journal_it_takes_that_one(path: Path) -> None:
    Database(path, Slow(path)).close()
    assert content(path)[0] == f"layout {LAST}"


_OPENER = """
import sys
from pathlib import Path
from sync.journal.database import Database
from tests.journal.test_migrations import LATER
sys.stdin.read()
Database(Path(sys.argv[1]), LATER).close()
"""


@pytest.mark.parametrize("there", [False, True], ids=["none yet", "an old one"])
def test_j07_processes_that_open_a_journal_at_the_same_moment_bring_it_there_once(path: Path, there: bool) -> None:
    before: list[str] = []
    if there:
        with Journal(path, "service-1") as journal:
            planned(journal, "A1", "A2")
        before = content(path)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENER, str(path)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=_ROOT
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    said = []
    for process in processes:
        assert process.stderr is not None
        said.append(process.stderr.read().decode())
        process.stderr.close()
        process.wait()
    assert said == [""] * 4
    assert content(path)[0] == f"layout {LAST}"
    if there:
        assert content(path.with_name(f"w1.before-{LAST}.sqlite3")) == before


def test_j07_whoever_comes_between_two_layouts_leaves_the_copy_of_the_older_one(old: Path) -> None:
    before = content(old)
    copy = old.with_name(f"w1.before-{LAST}.sqlite3")
    shutil.copy(old, copy)  # by the process that has come as far as layout 2
    Database(old, {layout: steps for layout, steps in LATER.items() if layout < LAST}).close()
    Database(old, LATER).close()
    assert content(old)[0] == f"layout {LAST}"
    assert content(copy) == before
