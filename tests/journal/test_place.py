"""What is new in the state folder survives a power cut; what was there already costs nothing (J03)."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from sync.journal import Journal, Lease, account_lock, look_after, make_copy
from sync.journal.place import make_folder
from tests.journal.making import begin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot synchronise a folder")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """Tell which folders were synchronised since the last time it was asked, by their numbers on the disk."""
    seen: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            seen.append(found.st_ino)

    monkeypatch.setattr("os.fsync", fsync)

    def taken() -> list[int]:
        found = seen.copy()
        seen.clear()
        return found

    return taken


def number(folder: Path) -> int:
    return folder.stat().st_ino


def test_j03_every_folder_that_is_made_is_remembered_by_the_one_above_it(
    tmp_path: Path, settled: Callable[[], list[int]]
) -> None:
    make_folder(tmp_path / "state" / "wtsync" / "journals")
    above = [tmp_path, tmp_path / "state", tmp_path / "state" / "wtsync"]
    assert settled() == [number(folder) for folder in above]
    assert {folder.stat().st_mode & 0o777 for folder in [*above[1:], tmp_path / "state/wtsync/journals"]} == {0o700}
    make_folder(tmp_path / "state" / "wtsync" / "journals")
    assert settled() == []


def test_j03_a_new_journal_is_remembered_by_its_folder_and_an_old_one_costs_nothing(
    path: Path, settled: Callable[[], list[int]]
) -> None:
    Journal(path, "service").close()
    assert settled() == [number(path.parent.parent), number(path.parent)]
    Journal(path, "service").close()
    assert settled() == []


def test_j03_the_first_to_take_a_lease_or_an_account_makes_folders_that_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settled: Callable[[], list[int]]
) -> None:
    monkeypatch.setenv("WTSYNC_STATE_DIR", str(tmp_path / "state"))
    with Lease(tmp_path / "state" / "journals" / "w1.sqlite3", "one"):
        assert settled() == [number(tmp_path), number(tmp_path / "state")]
    with account_lock("service")():
        assert settled() == [number(tmp_path / "state")]
    with account_lock("service")(), Lease(tmp_path / "state" / "journals" / "w1.sqlite3", "one"):
        assert settled() == []


def test_j06_a_copy_that_takes_the_place_of_a_damaged_journal_is_remembered(
    path: Path, settled: Callable[[], list[int]]
) -> None:
    with Journal(path, "service-1") as journal:
        begin(journal)
    make_copy(path)
    path.write_bytes(b"no database" * 1000)
    settled()
    assert "takes its place" in look_after(path)
    assert set(settled()) == {number(path.parent)}


def test_a_folder_that_cannot_be_made_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"):
        make_folder(tmp_path / "file" / "journals")
