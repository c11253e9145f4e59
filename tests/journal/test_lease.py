"""The lease: one process at a time, and the system lets go of it when a process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sync.errors import JournalBusy
from sync.journal import Lease, holder

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOLDER = """
import sys
from pathlib import Path
from sync.journal import Lease
with Lease(Path(sys.argv[1]), "wtsync run shop.xlsx"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        yield process
        process.kill()


def test_s23_a_second_process_is_kept_off_and_told_who_has_it(path: Path) -> None:
    with another_process(path) as process:
        with pytest.raises(JournalBusy) as caught, Lease(path, "wtsync run shop.xlsx"):
            pass
        assert f"process {process.pid}" in caught.value.message
        assert "wtsync run shop.xlsx" in caught.value.message
        assert caught.value.exit_code == 7
        known = holder(path)
        assert known is not None
        assert known.pid == process.pid


def test_s23_sigkill_frees_the_lease_at_once(path: Path) -> None:
    with another_process(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert holder(path) is None, "the note that it left behind is nobody's"
        with Lease(path, "wtsync run shop.xlsx"):
            known = holder(path)
            assert known is not None
            assert known.pid == os.getpid()


def test_a_lease_that_ended_leaves_no_note(path: Path) -> None:
    with Lease(path, "one"):
        pass
    assert holder(path) is None
    assert not list(path.parent.glob("*.holder.json"))
    with Lease(path, "two"):
        pass


def test_an_error_inside_lets_go_of_the_lease(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Lease(path, "one"):
        _ = 1 // 0
    with Lease(path, "two"):
        pass


def test_a_sign_of_life_moves_on(path: Path) -> None:
    with Lease(path, "one") as lease:
        first = holder(path)
        lease.beat()
        second = holder(path)
    assert first is not None
    assert second is not None
    assert second.beat >= first.beat
    assert second.since == first.since


def test_a_note_that_cannot_be_read_still_keeps_the_second_process_off(path: Path) -> None:
    with another_process(path):
        path.with_suffix(".holder.json").write_text("{half a no")
        with pytest.raises(JournalBusy, match="Another wtsync"), Lease(path, "two"):
            pass


def test_nobody_holds_a_journal_that_was_never_opened(path: Path) -> None:
    assert holder(path) is None
    assert not path.with_suffix(".lock").exists(), "asking leaves nothing behind"
