"""Help: of every command, in words, and without loading what it does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sync.cli import COMMANDS
from tests.cli.shop import ROOT

HEAVY = ("polars", "httpx", "openpyxl", "fastexcel", "starlette", "uvicorn", "sqlite3", "tqdm", "asyncio")

_LOADED = """
import sys
sys.argv = ["wtsync", *sys.argv[1:]]
from sync.cli import main
try:
    main()
except SystemExit as end:
    print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
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


def test_the_overview_names_every_command() -> None:
    _, said, _ = asked("--help")
    for name, (_, _, words) in COMMANDS.items():
        assert f"  {name} " in said
        assert words.split(";")[0][:30] in said


def test_the_version_is_told() -> None:
    from sync import __version__  # noqa: PLC0415 - beside its only use

    assert asked("--version")[1].strip() == f"wtsync, version {__version__}"
