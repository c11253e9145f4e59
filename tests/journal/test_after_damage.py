"""What is said and kept when a journal was damaged or gone, and what stops nobody."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sync.errors import JournalError
from sync.journal import Journal, look_after, make_copy
from sync.journal.care import is_sound
from sync.journal.copies import copy_path
from tests.nouns import base, text_key

if TYPE_CHECKING:
    from pathlib import Path

DAMAGED = b"no database at all" * 500


def written(path: Path, value: str = "words") -> None:
    with Journal(path, "service") as journal:
        journal.texts.agree([(text_key(), base(value))])


def value_in(path: Path) -> str:
    with Journal(path, "service") as journal:
        return journal.texts.bases()[text_key()].value


def aside(path: Path) -> Path:
    (found,) = [one for one in path.parent.iterdir() if re.fullmatch(r"w1\.damaged-\d{8}-\d{6}\.sqlite3", one.name)]
    return found


def test_j06_a_damaged_journal_lies_beside_by_its_moment_and_all_is_said(path: Path) -> None:
    written(path)
    make_copy(path)
    path.write_bytes(DAMAGED)
    said = look_after(path)
    kept = aside(path)
    assert said == f"The journal was damaged; its copy takes its place. The damaged file is kept as {kept}."
    assert kept.read_bytes() == DAMAGED
    assert value_in(path) == "words"


@pytest.mark.parametrize("copy", [None, DAMAGED, b"", "blank"])
def test_j06_without_a_sound_copy_that_is_said_too(path: Path, copy: bytes | str | None) -> None:
    path.parent.mkdir()
    path.write_bytes(DAMAGED)
    if copy == "blank":
        Journal(copy_path(path), "service").close()
    elif isinstance(copy, bytes):
        copy_path(path).write_bytes(copy)
    assert look_after(path) == (
        "The journal was damaged; there is no sound copy of it, so it begins anew."
        f" The damaged file is kept as {aside(path)}."
    )
    assert not path.exists()


@pytest.mark.parametrize("left", ["nothing", "empty", "one byte", "blank"])
def test_j05_a_journal_that_is_gone_is_said_to_be_gone_whatever_lies_in_its_place(path: Path, left: str) -> None:
    written(path)
    make_copy(path)
    for one in path.parent.glob("w1.sqlite3*"):
        one.unlink()
    if left == "blank":
        Journal(path, "service").close()
    elif left != "nothing":
        path.write_bytes(b"x" if left == "one byte" else b"")
    assert look_after(path) == "The journal was gone; its copy takes its place."
    assert value_in(path) == "words"


def test_a_journal_that_is_sound_is_not_replaced_by_its_copy(path: Path) -> None:
    written(path, "older")
    make_copy(path)
    written(path, "newer")
    assert look_after(path) == ""
    assert value_in(path) == "newer"


def test_a_journal_that_cannot_be_looked_at_is_an_error_in_words_and_not_called_damaged(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(JournalError) as caught:
        is_sound(path)
    assert str(path) in caught.value.message
    assert str(caught.value.__cause__) in caught.value.message


def test_j06_a_copy_that_cannot_be_put_in_place_is_an_error_in_words(path: Path) -> None:
    written(path)
    make_copy(path)
    path.unlink()
    path.with_suffix(f".{os.getpid()}.new").mkdir()  # where it would be put together
    with closing(sqlite3.connect(copy_path(path))) as connection:
        assert connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    with pytest.raises(JournalError) as caught:
        look_after(path)
    assert str(path) in caught.value.message
    assert str(caught.value.__cause__) in caught.value.message
    assert copy_path(path).exists()


def test_a_copy_that_cannot_be_made_stops_nobody(path: Path) -> None:
    written(path)
    copy_path(path).mkdir()  # nothing can take its place
    make_copy(path)
    path.write_bytes(DAMAGED)  # nothing to read
    make_copy(path)
    assert [one.name for one in path.parent.iterdir() if one.name.endswith(".new")] == []


ROOM = "Check that the disk has room and the folder can be written; WTSYNC_STATE_DIR names another place."


def test_a_question_the_journal_cannot_answer_is_an_error_in_words(path: Path) -> None:
    with Journal(path, "service") as journal, pytest.raises(JournalError) as caught:
        journal._database.rows("SELECT * FROM nowhere")
    assert caught.value.message == f"The journal {path} cannot be used: no such table: nowhere."
    assert caught.value.hint == ROOM


def test_a_journal_with_damaged_pages_is_said_to_be_damaged_and_what_helps(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(DAMAGED)
    with pytest.raises(JournalError) as caught:
        Journal(path, "service")
    assert caught.value.message == f"The journal {path} is damaged: file is not a database."
    assert caught.value.hint.startswith("`wtsync run` on its workbook puts it aside and goes on with")
    assert caught.value.hint.endswith("and what the service has.")
