"""Runs a `session.md`: every command in it as a process of its own, and compares what it says with what is written.

The rules:

- Only fences that begin with ```console are run, from top to bottom, in a copy of the story's folder. In them a line
  that begins with `$ ` is a command; the lines up to the next one are what it says, standard output and standard error
  together, as on a terminal.
- A last line `(exit N)` is the exit code; without it, it is 0.
- `[..]` stands for any text within one line. Everything else is compared to the letter, except spaces at the ends of
  lines and empty lines at the end.
- `$ export NAME=VALUE` sets a variable of the environment for the commands after it.
- `$ wtsync simulate ...` is started and left running until the session ends; what it says at first is compared. It
  takes a free port instead of the one that is written, and that port stands for the written one from then on.
- A table with the headings Where, Column and Write is what a person does in Excel meanwhile: `Where` is a record id or
  Settings, `Column` a heading or a setting; an empty `Write` empties the cell. openpyxl carries it out.
- A table with the headings On the website, Text and Write is what a person does on the service's own pages: a record
  id, a text type, and the words that she types over what is there.

After a change of wording, `python -m tests.samples.session FOLDER ...` writes what the commands say now into the
`session.md` of each folder. Lines that agree already stay, with their `[..]`; read the difference before you keep it.
"""

from __future__ import annotations

import json
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

import httpx
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

WTSYNC = (sys.executable, "-m", "sync")
WORKBOOK = "workbook.xlsx"
PATIENCE = 60.0
"""Seconds after which a command is taken to hang."""

_CELLS = re.compile(r"^\| *(Where *\| *Column|On the website *\| *Text) *\| *Write *\|$")
_VARYING = (
    (re.compile(r"(Last run )[0-9a-f]{8}(: \w+, started ).+( ago)"), r"\1[..]\2[..]\3"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "[..]"),
    (re.compile(r"^\S+ (of \S+ texts are here, 0 failed, )\S+( credits\. )\S+( \w+ being made, )\S+( waiting\.)$"),
     r"[..] \1[..]\2[..]\3[..]\4"),
)  # fmt: skip


@dataclass
class Command:
    """A command as it is written, and what it should say; `start` and `end` are the lines of its output."""

    words: list[str]
    start: int
    expected: list[str] = field(default_factory=list)
    code: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.expected) + bool(self.code)


@dataclass
class CellEdit:
    """What a person writes into a cell."""

    where: str
    column: str
    write: str
    website: bool = False
    """It is done on the service's own pages."""


@dataclass
class Said:
    """What a command said and how it ended."""

    lines: list[str]
    code: int


def steps(text: str) -> Iterator[Command | CellEdit]:
    """Read a session, in order."""
    inside, table, website = False, False, False
    command: Command | None = None
    for number, line in enumerate(text.splitlines()):
        if line.startswith("```"):
            if command:
                yield _complete(command)
            inside, command = line == "```console", None
        elif inside and line.startswith("$ "):
            if command:
                yield _complete(command)
            command = Command(shlex.split(line[2:]), number + 1)
        elif inside and command:
            command.expected.append(line)
        table = bool(_CELLS.match(line)) or (table and line.startswith("|"))
        website = "On the website" in line if _CELLS.match(line) else website
        if table and not _CELLS.match(line) and not set(line) <= set("|- "):
            where, column, write = (cell.strip() for cell in line.strip("|").split("|"))
            yield CellEdit(where, column, write, website)


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
    """Carries out the steps of one session in its folder. A context manager: it ends the simulator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
        if self._simulator is not None and self._simulator.stdout is not None:
            self._simulator.terminate()
            self._simulator.wait(PATIENCE)
            self._simulator.stdout.close()

    def run(self, command: Command) -> Said:
        """Run a command and give what it said."""
        match command.words:
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.environment[name] = value.replace(*self._port) if self.url else value
                return Said([], 0)
            case ["wtsync", "simulate", *words]:
                return self._simulate(words)
            case ["wtsync", *words]:
                done = subprocess.run(
                    [*WTSYNC, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=PATIENCE, check=False,
                )  # fmt: skip
                return Said(done.stdout.splitlines(), done.returncode)
        raise ValueError(f"a session has only wtsync and export, not {command.words}")

    def _simulate(self, words: list[str]) -> Said:
        at = words.index("--port") + 1
        written, words[at] = words[at], "0"
        self._simulator = subprocess.Popen(
            [*WTSYNC, "simulate", *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        assert self._simulator.stdout is not None
        lines = [self._simulator.stdout.readline().rstrip("\n") for _ in range(3)]
        self.url = lines[0].partition("=")[2]
        self._port = (f":{written}", f":{self.url.rpartition(':')[2]}")
        return Said([line.replace(self._port[1], self._port[0]) for line in lines], 0)

    def edit_there(self, edit: CellEdit) -> None:
        """Type over a text on the service's own pages."""
        kept = json.loads((self.folder / "service.json").read_text(encoding="utf-8"))["texts"]
        one = next(one for one in kept if (one["recordId"], one["field"]) == (edit.where, edit.column))
        address = {"type": "Product", "storeId": one["storeId"], "language": one["language"]}
        with httpx.Client(base_url=self.url, trust_env=False) as http:
            key = {"WriteTextAI-Token": self.environment["WTSYNC_API_KEY"]}
            token = http.get("/web/apitoken/accesstoken", headers=key).json()["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            found = http.get("/text/Generate", params=address | {"recordId": edit.where}).json()["records"][0]
            text_id = next(held["texts"][0]["id"] for held in found["stores"] if held["field"] == edit.column)
            typed = {"field": edit.column, "textId": text_id, "value": edit.write}
            body = address | {"recordId": edit.where, "fields": [typed]}
            http.post("/text/Generate/text", json=body).raise_for_status()

    def edit(self, cells: list[CellEdit]) -> None:
        """Write into cells as a person would, through another program than ours."""
        path = self.folder / WORKBOOK
        book = load_workbook(path)
        records, settings = book["Records"], book["Settings"]
        columns = {str(cell.value): number for number, cell in enumerate(records[1], start=1)}
        for cell in cells:
            if cell.where == "Settings":
                settings.cell(_row(settings, 1, cell.column), 2).value = cell.write or None
            else:
                row = _row(records, columns["Record ID"], cell.where)
                records.cell(row, columns[cell.column]).value = cell.write or None
        book.save(path)
        book.close()


def _row(sheet: Worksheet, column: int, value: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == value)


def play(player: Player, text: str) -> Iterator[tuple[Command, Said]]:
    """Carry out all steps; give each command with what it said."""
    edits: list[CellEdit] = []
    for step in steps(text):
        if isinstance(step, CellEdit) and step.website:
            player.edit_there(step)
            continue
        if isinstance(step, CellEdit):
            edits.append(step)
            continue
        if edits:
            player.edit(edits)
            edits = []
        yield step, player.run(step)


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
