"""Who holds a lease, and what is told about it: at once, by name, and never about somebody who is gone."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from sync.errors import JournalBusy, JournalError
from sync.journal import Lease, account_lock, holder
from sync.journal.lease import Holder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COMMAND = "wtsync run shop.xlsx"


def leave(path: Path, note: Holder) -> None:
    path.with_suffix(".holder.json").write_text(json.dumps(asdict(note)))


def refusal(path: Path) -> JournalBusy:
    with pytest.raises(JournalBusy) as caught, Lease(path, "another"):
        pass
    return caught.value


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock itself, as somebody does who has left no note yet."""
    path.parent.mkdir(exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        yield


@contextmanager
def after(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    timer = threading.Timer(seconds, act)
    timer.start()
    yield
    timer.join()


@pytest.fixture
def nobody() -> int:
    """Give the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


# -------------------------------------------------------------------------------------- the note


def test_a_holder_is_known_by_its_process_its_machine_its_command_and_its_times(path: Path) -> None:
    before = time.time()
    lease = Lease(path, COMMAND)
    assert lease.since == 0.0, "not taken yet"
    with lease:
        known = holder(path)
        assert known is not None
        assert (known.pid, known.host, known.command) == (os.getpid(), platform.node(), COMMAND)
        assert before <= lease.since == known.since <= known.beat <= time.time()


def test_s23_the_refused_is_told_who_has_it_since_when_and_its_last_sign_of_life(path: Path) -> None:
    with Lease(path, COMMAND):
        since = time.mktime((2026, 3, 4, 21, 7, 30, 0, 0, -1))
        leave(path, Holder(os.getpid(), "till-2", COMMAND, since, time.time() - 42))
        error = refusal(path)
    assert error.message == (
        f"Another wtsync is working on this workbook: `{COMMAND}`, process {os.getpid()} on till-2, since 21:07, last"
        " sign of life 42 s ago."
    )
    assert error.hint == "Wait for it to end, stop it with Ctrl-C, or use `wtsync cancel` to have it stop early."


def test_a_sign_of_life_from_a_clock_that_is_ahead_was_just_now(path: Path) -> None:
    with Lease(path, COMMAND):
        leave(path, Holder(os.getpid(), platform.node(), COMMAND, 1.0, time.time() + 500))
        assert "last sign of life 0 s ago" in refusal(path).message


def test_a_holder_that_cannot_be_named_is_told_as_another_wtsync(path: Path) -> None:
    with locked(path):
        error = refusal(path)
    assert error.message == "Another wtsync is working on this workbook."
    assert error.hint == "Wait for it to end, or stop it."


def test_a_sign_of_life_that_cannot_be_left_stops_no_work(path: Path) -> None:
    note = path.with_suffix(".holder.json")
    note.mkdir(parents=True)  # nothing can take its place
    with Lease(path, COMMAND) as lease:
        lease.beat()
    assert sorted(one.name for one in path.parent.iterdir()) in (
        [note.name],
        sorted([note.name, path.with_suffix(".lock").name]),
    ), "and nothing half-written stays"


def test_a_note_that_is_gone_already_keeps_nobody_from_ending(path: Path) -> None:
    with Lease(path, COMMAND):
        path.with_suffix(".holder.json").unlink()
    assert holder(path) is None


# -------------------------------------------------------------------------- those who are gone


def test_s23_the_note_of_a_process_that_is_gone_is_not_the_new_holders(path: Path, nobody: int) -> None:
    with locked(path):
        leave(path, Holder(nobody, platform.node(), "wtsync run old.xlsx", 1.0, 1.0))
        assert holder(path) is None
        assert "old.xlsx" not in refusal(path).message


def test_a_holder_on_another_machine_is_believed(path: Path, nobody: int) -> None:
    with locked(path):
        note = Holder(nobody, "another machine", COMMAND, 1.0, 1.0)
        leave(path, note)
        assert holder(path) == note
        assert "on another machine" in refusal(path).message


# ---------------------------------------------------------------------------------- how quickly


def test_whoever_is_kept_off_is_told_at_once(path: Path) -> None:
    with Lease(path, COMMAND):
        start = time.monotonic()
        refusal(path)
        assert holder(path) is not None
        assert time.monotonic() - start < 0.7


def test_who_only_looked_for_a_moment_keeps_nobody_off(path: Path) -> None:
    path.parent.mkdir()
    lock = FileLock(path.with_suffix(".lock"), thread_local=False)
    lock.acquire()
    with after(0.3, lock.release), Lease(path, COMMAND) as lease:
        assert lease.since > 0


def test_a_holder_that_has_only_just_begun_is_waited_for_by_name(path: Path) -> None:
    note = Holder(os.getpid(), platform.node(), COMMAND, 1.0, 1.0)
    with locked(path):
        start = time.monotonic()
        with after(0.2, lambda: leave(path, note)):
            assert holder(path) == note
        assert 0.1 < time.monotonic() - start < 0.7
        path.with_suffix(".holder.json").unlink()
        with after(0.2, lambda: leave(path, note)):
            assert COMMAND in refusal(path).message


# ------------------------------------------------------------------------- what the system refuses


def test_a_lease_whose_lock_cannot_be_opened_is_an_error_in_words(path: Path) -> None:
    path.with_suffix(".lock").mkdir(parents=True)
    with pytest.raises(JournalError) as caught, Lease(path, COMMAND):
        pass
    assert str(path.with_suffix(".holder.json")) in caught.value.message
    assert "directory" in caught.value.message.lower()


def test_a_lease_in_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    path = tmp_path / "file" / "w1.sqlite3"
    with pytest.raises(JournalError) as caught:
        Lease(path, COMMAND)
    assert str(path) in caught.value.message
    assert "file" in str(caught.value.__cause__)
    assert str(caught.value.__cause__) in caught.value.message


# ------------------------------------------------------------------------------ one account at a time


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WTSYNC_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_s26_two_wtsyncs_of_one_account_do_not_send_at_the_same_time(state: Path) -> None:
    with account_lock("service-1", patience=0.1)():
        start = time.monotonic()
        with pytest.raises(JournalBusy, match="for the same account"), account_lock("service-1", patience=0.1)():
            pass
        assert time.monotonic() - start < 2
        with account_lock("service-2", patience=0.1)():
            pass
    with account_lock("service-1", patience=0.1)():
        pass
    assert len(list((state / "accounts").iterdir())) <= 2


def test_s26_the_account_is_free_again_after_an_error(state: Path) -> None:
    lock = account_lock("service-1", patience=0.1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), lock():
            _ = 1 // 0
    assert not any("service-1" in one.name for one in state.rglob("*")), "an account is nobody else's business"


def test_s26_a_place_that_cannot_be_locked_is_an_error_in_words(state: Path) -> None:
    state.parent.mkdir(exist_ok=True)
    state.write_text("a file where a folder should be")
    with pytest.raises(JournalError, match="accounts cannot be used"), account_lock("service-1")():
        pass


def test_s26_whoever_is_asked_to_stop_while_waiting_for_the_account_does_not_send(state: Path) -> None:
    asked: list[bool] = []

    def stopping() -> bool:
        asked.append(len(asked) > 2)
        return asked[-1]

    with account_lock("service-1")() as first:
        start = time.monotonic()
        with account_lock("service-1", patience=60.0, stopping=stopping)() as second:
            assert (first, second) == (True, False)
        assert time.monotonic() - start < 1.0
        with pytest.raises(JournalBusy), account_lock("service-1", patience=0.0)():
            pass
    assert len(asked) == 4
    assert state.exists()


def test_s26_whoever_waits_for_the_account_gets_it_when_it_is_free(state: Path) -> None:
    (state / "accounts").mkdir(parents=True)
    waiting = account_lock("service-1", patience=30.0)
    with account_lock("service-1")():
        holding = next(iter((state / "accounts").glob("*.lock")))
    lock = FileLock(holding, thread_local=False)
    lock.acquire()
    with after(0.2, lock.release), waiting() as taken:
        assert taken


def test_s26_an_account_that_stays_taken_is_told_with_what_to_do(state: Path) -> None:
    with account_lock("service-1")(), pytest.raises(JournalBusy) as caught, account_lock("service-1", patience=0.05)():
        pass
    assert caught.value.message == "Another wtsync has been sending for the same account for minutes."
    assert caught.value.hint == "See what it is doing, or stop it."
    assert state.exists()
