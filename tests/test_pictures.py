"""Reading image files: those beside the workbook, and nothing else of the computer."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from sync.errors import UsageError
from sync.pictures import read_picture

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")


def test_a_file_beside_the_workbook_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "pics").mkdir()
    (tmp_path / "pics" / "a.png").write_bytes(b"0123456789")
    assert read_picture(tmp_path, "pics/a.png", 10) == b"0123456789"


def test_of_a_huge_file_no_more_is_read_than_shows_that_it_is_too_big(tmp_path: Path) -> None:
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(10**12)
    assert len(read_picture(tmp_path, "huge.png", 1000)) == 1001


@pytest.mark.parametrize("name", ["gone.png", "pics/gone.png", "a\0b.png"])
def test_a_file_that_is_not_there_is_told_with_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as told:
        read_picture(tmp_path, name, 10)
    assert name in told.value.message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "pics").mkdir()
    with pytest.raises(UsageError):
        read_picture(tmp_path, "pics", 10)


@POSIX
@pytest.mark.parametrize("name", ["link.png", "links/a.png"])
def test_links_are_not_followed_wherever_they_lead(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.png").write_bytes(b"secret")
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "link.png").symlink_to(outside / "a.png")
    (shop / "links").symlink_to(outside)
    with pytest.raises(UsageError, match="link"):
        read_picture(shop, name, 10)


@POSIX
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UsageError, match="is no file"):
        read_picture(tmp_path, "pipe.png", 10)
