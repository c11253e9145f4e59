from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sync.workbook.layout import heading_for
from sync.workbook.read import read
from tests.samples.session import PATIENCE, WTSYNC, Command, Player

FAST = ("--seconds-per-record", "0.03")


@pytest.fixture
def player(tmp_path: Path) -> Player:
    return Player(tmp_path)


def demo(player: Player, *words: str) -> tuple[str, int]:
    said = player.run(Command(["wtsync", "demo", *words], 0))
    return "\n".join(said.lines), said.code


def statuses(workbook: Path) -> list[str]:
    tables = read(workbook)
    column = next(
        column for column, name in tables.headings if (found := heading_for(name)) and found.field == "status"
    )
    return list(tables.columns[column])


def test_it_goes_through_the_whole_story_and_what_it_says_to_type_next_works(player: Player, tmp_path: Path) -> None:
    said, code = demo(player, *FAST)
    assert code == 0, said
    for part in ("200 texts for 40 records", "280 credits", "200 texts written", "Nothing to do: 200 texts", "Excerpt"):
        assert part in said
    folder = tmp_path / "wtsync-demo"
    assert statuses(folder / "workbook.xlsx") == ["Done"] * 40
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wtsync-demo"], "the user's own folders are left alone"

    notes = (folder / "how-to-go-on.txt").read_text(encoding="utf-8")
    typed = [line.strip() for line in notes.splitlines() if line.startswith("      ")]
    assert [line.split()[:2] for line in (typed[0], typed[-1])] == [["wtsync", "simulate"], ["wtsync", "plan"]]
    simulate = ["wtsync", "simulate", "--port", "8765", "--state", str(folder / "service.json")]
    with player:
        player.run(Command(simulate, 0))
        for name, value in (
            ("WTSYNC_API_URL", "http://127.0.0.1:8765"),
            ("WTSYNC_API_KEY", "sim-0000-local"),
            ("WTSYNC_STATE_DIR", str(folder.resolve() / "journal")),
        ):
            assert any(name in line and value in line for line in typed)
            player.run(Command(["export", f"{name}={value}"], 0))
        plan = player.run(Command(["wtsync", "plan", str(folder / "workbook.xlsx")], 0))
    assert "  keep      200 texts that agree with the service" in plan.lines


def test_it_overwrites_nothing_and_begins_again_elsewhere(player: Player, tmp_path: Path) -> None:
    theirs = tmp_path / "mine" / "workbook.xlsx"
    theirs.parent.mkdir()
    theirs.write_bytes(b"my own work")
    said, code = demo(player, "mine", *FAST)
    assert code == 2
    assert "overwrites nothing" in said
    assert "wtsync demo mine --again" in said
    said, code = demo(player, "mine", "--again", *FAST)
    assert code == 0
    assert f"wtsync run {Path('mine-2', 'workbook.xlsx')} --yes" in said
    assert theirs.read_bytes() == b"my own work"
    assert [path.name for path in theirs.parent.iterdir()] == ["workbook.xlsx"]


def test_a_folder_that_cannot_be_made_is_said_in_words(player: Player, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    said, code = demo(player, str(Path("file", "demo")))
    assert code == 2
    assert "wtsync: hint: Name another: wtsync demo FOLDER" in said


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be sent Ctrl-C there without ending its parent")
def test_ctrl_c_ends_it_kindly(player: Player, tmp_path: Path) -> None:
    with subprocess.Popen(
        [*WTSYNC, "demo", "--seconds-per-record", "20"],
        cwd=tmp_path,
        env=player.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "texts are here" in line:
                process.send_signal(signal.SIGINT)
                break
        said = process.stdout.read()
        assert process.wait(PATIENCE) == 130, said
    assert "The demo ended early" in said
    assert "wtsync simulate --port 8765" in said
    assert "Traceback" not in said


def test_the_environment_is_as_it_was_afterwards(tmp_path: Path) -> None:
    script = (
        "import os, sys; os.environ['WTSYNC_API_URL'] = 'https://mine.example'\n"
        "ours = lambda: {name: os.environ[name] for name in os.environ if name.startswith('WTSYNC_')}\n"
        "before = ours()\n"
        "from sync.cli import wtsync\n"
        "wtsync.main(['demo', *sys.argv[1:]], standalone_mode=False)\n"
        "sys.exit(ours() != before)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(tmp_path / "demo"), *FAST],
        env=Player(tmp_path).environment, capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
