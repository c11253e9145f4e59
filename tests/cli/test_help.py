"""Help and completion: of every command, and without loading what they do not need."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys

import pytest

from sync.cli import COMMANDS
from tests.cli.shop import ROOT

HEAVY = ("polars", "httpx", "openpyxl", "fastexcel", "starlette", "uvicorn", "sqlite3", "tqdm", "asyncio")

OURS = 15
"""Modules of ours that the completion of an option may load: the command, and what its options are made of."""

_LOADED = """
import sys
sys.argv = ["wtsync", *sys.argv[1:]]
from sync.cli import main
try:
    main()
except SystemExit as end:
    print("LOADED", *sorted(sys.modules))
    sys.exit(end.code)
"""


def asked(*words: str) -> tuple[int, str, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *words], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert done.stderr == ""
    said, _, loaded = done.stdout.rpartition("LOADED")
    return done.returncode, said, set(loaded.split())


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_there_without_the_heavy_libraries(command: str) -> None:
    code, said, loaded = asked(*filter(None, [command]), "--help")
    assert code == 0
    assert said.startswith(f"Usage: wtsync {command or '[OPTIONS]'}")
    assert "--help" in said
    assert loaded & set(HEAVY) == set()
    assert "click" in loaded, "the test looks at the right process"


def completed(words: str) -> tuple[list[str], list[str]]:
    """Give what Tab offers after the words, and the modules of ours that it took."""
    asking = {"_WTSYNC_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", _LOADED],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
        env={**os.environ, **asking},
    )
    said, _, loaded = done.stdout.rpartition("LOADED")
    assert (done.stderr, done.returncode) == ("", 0)
    assert set(loaded.split()) & set(HEAVY) == set()
    return [line.removeprefix("plain,") for line in said.split()], loaded.split()


@pytest.mark.parametrize("command", COMMANDS)
def test_options_are_completed_without_the_nouns(command: str) -> None:
    """The nouns are what takes longest of all that is ours, and a shell waits for it at every Tab."""
    offered, loaded = completed(f"wtsync {command} --h")
    assert offered == ["--help"]
    assert "sync.cli" in loaded
    assert "sync.model" not in loaded
    assert sum(name.partition(".")[0] == "sync" for name in loaded) <= OURS


def test_a_command_is_completed_without_any_but_those_that_fit() -> None:
    offered, loaded = completed("wtsync lo")
    assert offered == ["login", "logout"]
    assert {name for name in loaded if name.startswith("sync.cli.")} == {"sync.cli.console", "sync.cli.login"}


def test_all_commands_are_completed_without_the_nouns() -> None:
    offered, loaded = completed("wtsync ")
    assert offered == list(COMMANDS)
    assert "sync.model" not in loaded


def test_the_overview_is_made_of_four_modules_of_ours() -> None:
    _, _, loaded = asked("--help")
    assert {name for name in loaded if name.startswith("sync")} == {
        "sync",
        "sync.cli",
        "sync.cli.console",
        "sync.errors",
    }


def test_the_overview_names_every_command() -> None:
    _, said, _ = asked("--help")
    for name, (_, _, words) in COMMANDS.items():
        assert f"  {name} " in said
        assert words.split(";")[0][:30] in said


def test_the_version_is_told() -> None:
    from sync import __version__  # noqa: PLC0415 - beside its only use

    assert asked("--version")[1].strip() == f"wtsync, version {__version__}"


_COMMAND = re.compile(rf"wtsync ({'|'.join(COMMANDS)}) (\S+ --(out|plan) )?$")
"""What comes before the name of a file in a command that is shown."""


def unquoted(source: str) -> list[str]:
    """Find what is put into a command that is shown without being written as it has to be typed."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            before = ""
            for one in node.values:
                if isinstance(one, ast.FormattedValue):
                    quoted = ast.unparse(one.value).startswith("typed(") or ast.unparse(one.value) == "session.file"
                    if _COMMAND.search(before) and not quoted:
                        found.append(ast.unparse(one.value))
                before += str(one.value) if isinstance(one, ast.Constant) else "x"
    return found


@pytest.mark.parametrize("part", ["cli", "run"])
def test_the_workbook_in_a_command_that_is_shown_is_written_as_it_has_to_be_typed(part: str) -> None:
    assert unquoted('f"To go on: wtsync run {file} --yes"') == ["file"], "this would be told"
    wrong = {
        path.name: found
        for path in (ROOT / "sync" / part).glob("*.py")
        if (found := unquoted(path.read_text(encoding="utf-8")))
    }
    assert wrong == {}
