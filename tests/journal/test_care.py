"""The journal file itself: damage, copies, moves, and disks without room."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sync.cli.emergency import check_room, receipts
from sync.errors import Refused, WorkbookError
from sync.journal import Journal, follow_move, journal_path, look_after, make_copy
from sync.model import Base, Origin, RecordKey, TextKey

if TYPE_CHECKING:
    from pathlib import Path

KEY = TextKey(RecordKey("shop", "Product", "A1", "en"), "page title")
BASE = Base("Oak stool", "t1", "d", Origin.GENERATED)


def written(path: Path) -> None:
    with Journal(path, "service") as journal:
        journal.texts.agree([(KEY, BASE)])


def test_j06_a_sound_journal_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    assert look_after(path) == ""
    written(path)
    assert look_after(path) == ""
    assert [one.name for one in tmp_path.iterdir() if "damaged" in one.name] == []


@pytest.mark.parametrize("damage", [b"this is no database at all" * 400, None])
def test_j06_a_damaged_journal_is_kept_aside_and_its_copy_takes_over(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "j.sqlite3"
    written(path)
    make_copy(path)
    content = path.read_bytes()
    path.write_bytes(damage or content[:4096] + bytes(len(content) - 4096))
    said = look_after(path)
    assert "copy takes its place" in said
    with Journal(path, "service") as journal:
        assert journal.texts.bases() == {KEY: BASE}
    assert [one for one in tmp_path.iterdir() if "damaged" in one.name]


def test_j06_without_a_copy_it_begins_anew_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    path.write_bytes(b"x" * 5000)
    assert "begins anew" in look_after(path)
    with Journal(path, "service") as journal:
        assert journal.texts.bases() == {}


@pytest.mark.parametrize("left", [None, b""], ids=["deleted", "emptied"])
def test_j05_a_journal_that_is_gone_is_replaced_by_its_copy(tmp_path: Path, left: bytes | None) -> None:
    path = tmp_path / "j.sqlite3"
    written(path)
    make_copy(path)
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    assert "gone; its copy takes its place" in look_after(path)
    with Journal(path, "service") as journal:
        assert journal.texts.bases() == {KEY: BASE}


def test_j05_a_journal_that_was_begun_anew_by_a_command_that_only_looked_is_replaced_too(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    written(path)
    make_copy(path)
    path.unlink()
    Journal(path, "service").close()
    assert "its copy takes its place" in look_after(path)
    with Journal(path, "service") as journal:
        assert journal.texts.bases() == {KEY: BASE}


def test_j05_the_log_of_a_journal_that_is_gone_is_not_taken_for_its_copys(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    written(path)
    make_copy(path)
    with Journal(path, "service") as journal:
        journal.texts.agree([(KEY, replace(BASE, value="Newer"))])
        log = path.with_name("j.sqlite3-wal").read_bytes()
    assert log
    path.unlink()
    path.with_name("j.sqlite3-wal").write_bytes(log)
    look_after(path)
    with Journal(path, "service") as journal:
        assert journal.texts.bases() == {KEY: BASE}
    assert [one.read_bytes() for one in tmp_path.glob("*damaged*-wal")] == [log]


@pytest.mark.parametrize("damaged", [b"", b"x" * 5000])
def test_j06_a_copy_that_is_damaged_too_helps_nobody(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "j.sqlite3"
    written(path)
    make_copy(path)
    path.with_suffix(".copy.sqlite3").write_bytes(b"y" * 5000)
    path.write_bytes(damaged)
    assert "begins anew" in look_after(path) or not damaged
    with Journal(path, "service") as journal:
        assert journal.is_blank()


def test_a_copy_is_for_our_eyes_only_and_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    written(path)
    make_copy(path)
    make_copy(path)
    (copy,) = tmp_path.glob("*.copy.sqlite3")
    assert copy.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("*.new"))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WTSYNC_STATE_DIR", str(tmp_path / "state"))
    return tmp_path


def known(workbook_id: str, workbook: Path) -> None:
    with Journal(journal_path(workbook_id), "service") as journal:
        journal.belongs_to(workbook)
        journal.texts.agree([(KEY, BASE)])


def test_a_renamed_workbook_takes_its_journal_along(state: Path) -> None:
    known("path-old", state / "old.xlsx")
    make_copy(journal_path("path-old"))
    assert follow_move("path-new", lambda: {"A1"}) == state / "old.xlsx"
    assert not list(journal_path("path-old").parent.glob("path-old*")), "nothing is left for the next old.xlsx"
    with Journal(journal_path("path-new"), "service") as journal:
        assert journal.texts.bases() == {KEY: BASE}
    assert not journal_path("path-old").exists()


@pytest.mark.parametrize(
    ("workbook_id", "there", "records"),
    [("path-new", True, {"A1"}), ("path-new", False, {"B1", "B2"}), ("0123", False, {"A1"})],
    ids=["the old one is still there", "other records", "it has an id of its own"],
)
def test_a_workbook_that_is_another_one_does_not_take_a_journal(
    state: Path, workbook_id: str, there: bool, records: set[str]
) -> None:
    if there:
        (state / "old.xlsx").touch()
    known("path-old", state / "old.xlsx")
    assert follow_move(workbook_id, lambda: records) is None
    assert journal_path("path-old").exists()


def test_j01_nothing_is_sent_when_the_workbook_may_not_be_written(tmp_path: Path) -> None:
    book = tmp_path / "shop.xlsx"
    book.write_bytes(b"x")
    check_room(book, tmp_path / "j.sqlite3")
    book.chmod(0o444)
    with pytest.raises(WorkbookError, match="read-only"):
        check_room(book, tmp_path / "j.sqlite3")


def test_j01_nothing_is_sent_when_the_disk_could_not_hold_what_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "shop.xlsx"
    book.write_bytes(b"x")
    usage: Any = type("usage", (), {"free": 1_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(Refused, match="too little room"):
        check_room(book, tmp_path / "j.sqlite3")


def test_j02_what_the_journal_could_not_take_is_written_down_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_down = receipts(tmp_path / "shop.xlsx")
    take_down({"what": "texts", "request": "r-1"})
    take_down({"what": "more"})
    (receipt,) = tmp_path.glob("wtsync-receipt-*.jsonl")
    assert [json.loads(line)["what"] for line in receipt.read_text().splitlines()] == ["texts", "more"]
    assert "Request r-1" in capsys.readouterr().err
    assert receipt.stat().st_mode & 0o077 == 0
