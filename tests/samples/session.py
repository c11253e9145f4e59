"""Runs a `session.md`: every command in it, and compares what it says with what is written.

The rules:

- Only fences that begin with ```console are run, from top to bottom, in a copy of the story's folder. In them a line
  that begins with `$ ` is a command; the lines up to the next one are what it says, standard output and standard error
  together, as on a terminal.
- A last line `(exit N)` is the exit code; without it, it is 0.
- `[..]` stands for any text within one line. Everything else is compared to the letter, except spaces at the ends of
  lines and empty lines at the end.
- `$ export NAME=VALUE` sets a variable of the environment for the commands after it.
- `$ wtsync simulate ...` is started and left running until the session ends, or until it is started once more; what it
  says at first is compared. It takes a free port instead of the one that is written, and that port stands for the
  written one from then on.
- A table with the headings Where, Column and Write is what a person does in Excel meanwhile: `Where` is a record id,
  `every row` or Settings, `Column` a heading or a setting; an empty `Write` empties the cell. openpyxl carries it out.
  With a heading Sheet before them it is done on another sheet than Records; there `Where` may name what else the row
  has, as in `004101; step stool`, or its number, as in `row 2`.
- A table with the headings On the website, Text and Write is what a person does on the service's own pages: a record
  id, a text type, and the words that she types over what is there. With Asks for and Says instead of Write, an editor
  asks there for a change: rewrite, correction or both, and her comment.

After a change of wording, `python -m tests.samples.session FOLDER ...` writes what the commands say now into the
`session.md` of each folder. Lines that agree already stay, with their `[..]`; read the difference before you keep it.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.here import run_here
from tests.samples.office import TABLES, CellEdit, Deed, Website, deed, edit

if TYPE_CHECKING:
    from collections.abc import Iterator

WTSYNC = (sys.executable, "-m", "sync")
WORKBOOK = "workbook.xlsx"
PATIENCE = 60.0
"""Seconds after which a command is taken to hang."""

_VARYING = (
    (re.compile(r"(Last run )[0-9a-f]{8}(: \w+, started ).+( ago)"), r"\1[..]\2[..]\3"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "[..]"),
    (re.compile(r"^((?:Keywords of )?)\S+( of .+ are here, 0 failed, )\S+( credits\. )\S+ records?( .+, )\S+"
                r"( waiting\.)$"),
     r"\1[..]\2[..]\3[..]\4[..]\5"),
)  # fmt: skip


@dataclass
class Command:
    """A command as it is written, and what it should say; `start` and `end` are the lines of its output."""

    words: list[str]
    start: int
    expected: list[str] = field(default_factory=list)
    code: int = 0
    part: str = ""
    """The heading under which it stands."""

    @property
    def end(self) -> int:
        return self.start + len(self.expected) + bool(self.code)


@dataclass
class Said:
    """What a command said and how it ended."""

    lines: list[str]
    code: int


def steps(text: str) -> Iterator[Command | Deed]:
    """Read a session, in order."""
    inside, headings, part = False, tuple[str, ...](), ""
    command: Command | None = None
    for number, line in enumerate(text.splitlines()):
        if line.startswith("```"):
            if command:
                yield _complete(command)
            inside, command = line == "```console", None
        elif inside and line.startswith("$ "):
            if command:
                yield _complete(command)
            command = Command(shlex.split(line[2:]), number + 1, part=part)
        elif inside and command:
            command.expected.append(line)
        elif line.startswith("## "):
            part = line.removeprefix("## ")
        cells = _cells(line)
        if cells in TABLES:
            headings = cells
        elif not cells:
            headings = ()
        elif headings and not set(line) <= set("|- "):
            yield deed(headings, cells)


def _cells(line: str) -> tuple[str, ...]:
    """Give the cells of a line of a table; none where it is no such line."""
    return tuple(cell.strip() for cell in line[1:-1].split("|")) if line.startswith("|") and line.endswith("|") else ()


def _complete(command: Command) -> Command:
    last = re.fullmatch(r"\(exit (\d+)\)", command.expected[-1]) if command.expected else None
    if last:
        command.expected.pop()
        command.code = int(last[1])
    return command


def alike(expected: list[str], actual: list[str]) -> bool:
    """Compare by the rules at the top."""
    pattern = "\n".join(line.rstrip() for line in expected).rstrip("\n")
    wanted = "[^\n]*".join(map(re.escape, pattern.split("[..]")))
    return re.fullmatch(wanted, "\n".join(line.rstrip() for line in actual).rstrip("\n")) is not None


class Player:
    """Carries out the steps of one session in its folder. A context manager: it ends the simulator.

    With `here`, every command but the simulator runs in this process, which takes half the work.
    """

    def __init__(self, folder: Path, *, here: bool = False) -> None:
        self.folder = folder
        self._here = here
        self.url = ""
        """Where the simulated service is."""
        self._simulator: subprocess.Popen[str] | None = None
        self._port = ("", "")
        home = str(folder / "home")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WTSYNC_")}
        self.environment = kept | {
            "HOME": home, "USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home, "XDG_CONFIG_HOME": home,
            "WTSYNC_STATE_DIR": str(folder / "state"), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        """End the simulated service, as Ctrl-C does."""
        if self._simulator is not None and self._simulator.stdout is not None:
            self._simulator.terminate()
            self._simulator.wait(PATIENCE)
            self._simulator.stdout.close()
            self._simulator = None

    def run(self, command: Command) -> Said:
        """Run a command and give what it said."""
        match command.words:
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.environment[name] = value.replace(*self._port) if self.url else value
                return Said([], 0)
            case ["wtsync", "simulate", *words]:
                return self._simulate(words)
            case ["wtsync", *words] if self._here:
                said = io.StringIO()
                code = run_here(words, self.folder, self.environment, said, said)
                return Said(said.getvalue().splitlines(), code)
            case ["wtsync", *words]:
                done = subprocess.run(
                    [*WTSYNC, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=PATIENCE, check=False,
                )  # fmt: skip
                return Said(done.stdout.splitlines(), done.returncode)
        raise ValueError(f"a session has only wtsync and export, not {command.words}")

    def _simulate(self, words: list[str]) -> Said:
        self._end()
        at = words.index("--port") + 1
        written, words[at] = words[at], self._port[1].removeprefix(":") or "0"
        self._simulator = subprocess.Popen(
            [*WTSYNC, "simulate", *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        assert self._simulator.stdout is not None
        lines = [self._simulator.stdout.readline().rstrip("\n") for _ in range(3)]
        self.url = lines[0].partition("=")[2]
        self._port = (f":{written}", f":{self.url.rpartition(':')[2]}")
        return Said([line.replace(self._port[1], self._port[0]) for line in lines], 0)


def play(player: Player, text: str) -> Iterator[tuple[Command, Said]]:
    """Carry out all steps; give each command with what it said."""
    edits: list[CellEdit] = []
    for step in steps(text):
        if isinstance(step, CellEdit):
            edits.append(step)
        elif isinstance(step, Command):
            if edits:
                edit(player.folder / WORKBOOK, edits)
                edits = []
            yield step, player.run(step)
        else:
            Website(player.url, player.environment["WTSYNC_API_KEY"], player.folder / WORKBOOK).carry_out(step)


def _as_written(said: Said) -> list[str]:
    lines = list(said.lines)
    for pattern, general in _VARYING:
        lines = [pattern.sub(general, line).rstrip() for line in lines]
    return [*lines, f"(exit {said.code})"] if said.code else lines


def rewrite(story: Path) -> None:
    """Write what the commands say now into a story's `session.md`."""
    path = story / "session.md"
    text = path.read_text(encoding="utf-8")
    lines, moved = text.splitlines(), 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / story.name
        shutil.copytree(story, folder)
        with Player(folder) as player:
            for command, said in play(player, text):
                if command.code != said.code or not alike(command.expected, said.lines):
                    new = _as_written(said)
                    lines[command.start + moved : command.end + moved] = new
                    moved += len(new) - (command.end - command.start)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        rewrite(Path(name))
