"""`wtsync demo`: the whole story on a sample workbook, against the simulator, in half a minute.

It goes through the very commands that a user types, with an environment of its own: the simulated service, and a
journal in the demo's folder. Nothing that a user has is read or changed.
"""

from __future__ import annotations

import os
import shlex
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import clean, typed
from sync.errors import UsageError, WtsyncError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from sync.tables import Tables

__all__ = ["command"]

STORY = "first-generation"
WORKBOOK, STATE, JOURNAL, NOTES = "workbook.xlsx", "service.json", "journal", "how-to-go-on.txt"
PORT = 8765
"""Of the simulator, when somebody goes on by hand."""
EXAMPLE = "004208"
"""The record whose texts are shown."""
_WIDTH = 78
_INTERRUPTED = 130


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("wtsync-demo"))
@click.option("--again", is_flag=True, help="When FOLDER is taken, use a new one beside it.")
@click.option("--seconds-per-record", default=1.0, show_default=True, type=click.FloatRange(min=0, max=60), metavar="S",
              help="How long the simulated service takes for a product.")  # fmt: skip
@click.pass_context
def command(ctx: click.Context, folder: Path, again: bool, seconds_per_record: float) -> None:
    """Run the whole story on a sample workbook, in half a minute.

    Needs no account, no network and no credits: the service is simulated on this computer. Everything happens in
    FOLDER, wtsync-demo unless you name another, and stays there for you to look at.
    """
    demo = _set_up(_free(folder) if again else folder)
    _tell("wtsync demo: an invented shop and a simulated service, both on this computer.", bold=True)
    _tell("No account, no network, and credits that are not money.")
    try:
        code = _story(demo, seconds_per_record)
    except (click.Abort, KeyboardInterrupt):
        code = _INTERRUPTED
    if code:
        _tell("\nThe demo ended early. What was made so far is kept, and can be gone on with.")
    _tell("")
    _tell("To go on by hand", bold=True)
    _tell(demo.how_to_go_on(demo.folder))
    _tell(f"\nThe same lines are in {demo.folder / NOTES}.")
    if not code:
        _tell(f"With products of your own: {_command('init', 'shop.xlsx')}")
    ctx.exit(code)


# ------------------------------------------------------------------------------- the folder


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's folder, as the user named it, and the key of its simulated service."""

    folder: Path
    key: str

    @property
    def workbook(self) -> Path:
        """The workbook of the story."""
        return self.folder / WORKBOOK

    def environment(self, url: str) -> Mapping[str, str]:
        """Say where the service is, and where the journal is kept."""
        journal = self.folder.resolve() / JOURNAL
        return {"WTSYNC_API_URL": url, "WTSYNC_API_KEY": self.key, "WTSYNC_STATE_DIR": str(journal)}

    def how_to_go_on(self, folder: Path) -> str:
        """Give the commands to type, with the folder written in this way."""
        settings = self.environment(f"http://127.0.0.1:{PORT}")
        simulate = _command("simulate", "--port", str(PORT), "--state", str(folder / STATE))
        lines = [
            "  The simulated service has stopped, and kept what it had. Start it again:",
            f"      {simulate}",
            "  In a second terminal, say where it is, and ask what there is to do:",
            *(f"      {_exported(name, value)}" for name, value in settings.items()),
            f"      {_command('plan', str(folder / WORKBOOK))}",
            "  Before you ask, change something in Excel, then save and close the workbook:",
            "    - empty a text: a run brings it back, for nothing",
            "    - write over a text: it stays as you wrote it, and a run sends it to the service",
            "    - choose Regenerate in the column Action: the row's texts are made anew",
            "    - add a product below the last row: its texts are made",
        ]
        return "\n".join(lines)


def _set_up(folder: Path) -> Demo:
    """Make the folder, which must be new or empty, and put the story's files into it."""
    from sync.simulator import DEFAULT_KEY

    if folder.is_dir() and any(folder.iterdir()):
        named = [] if folder == Path("wtsync-demo") else [str(folder)]
        notes = f"How to go on with it: {folder / NOTES}. " if (folder / NOTES).exists() else ""
        raise UsageError(
            f"There is something in {folder} already, and the demo overwrites nothing.",
            f"{notes}To begin anew in a folder beside it: {_command('demo', *named, '--again')}",
        )
    source = _story_files()
    demo = Demo(folder, DEFAULT_KEY)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (WORKBOOK, STATE):
            (folder / name).write_bytes(source.joinpath(name).read_bytes())
        text = "The demo of wtsync, and how to go on with it\n\n" + demo.how_to_go_on(folder.resolve())
        (folder / NOTES).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"The demo cannot use the folder {folder}: {error.strerror or error}.", "Name another: wtsync demo FOLDER"
        ) from error
    return demo


def _free(folder: Path) -> Path:
    """Find a folder that is not there yet: the one named, or that name with a number."""
    number, found = 1, folder
    while found.exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found


def _story_files() -> Traversable:
    """Find the sample: in the installed package, or beside it in a checkout."""
    from importlib.resources import files

    package = files("sync")
    for samples in (package / "_data" / "samples", Path(str(package)).parent / "samples"):
        story = samples / STORY
        if (story / WORKBOOK).is_file():
            return story
    raise WtsyncError("The sample workbook is missing from this installation.", "Install wtsync once more.")


# -------------------------------------------------------------------------------- the story

_PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "A workbook",
        (
            "{file} is a workbook as `wtsync init` makes it, filled in: forty products, furniture, coffee and outdoor "
            "gear. Its five text columns are empty."
        ),
        (),
    ),
    (
        "The plan",
        "Every cell is checked, the service is asked what it has, and the rest is priced. Nothing is sent.",
        ("plan",),
    ),
    (
        "The run",
        (
            "Now the texts are ordered, followed and put into the workbook. A run asks before it spends anything; "
            "--yes answers beforehand."
        ),
        ("run", "--yes"),
    ),
    (
        "The same again",
        "A run can be started as often as you like, also after a crash. What is there is not paid for twice.",
        ("run", "--yes"),
    ),
)
"""The title of each part, what to know before it, and the command to carry out."""


def _story(demo: Demo, seconds_per_record: float) -> int:
    """Go through the story. Gives the exit code of the first command that did not end well, or 0."""
    from sync.simulator import Simulator, running

    file = str(demo.workbook)
    simulator = Simulator(api_key=demo.key, seconds_per_record=seconds_per_record, state_file=demo.folder / STATE)
    with running(simulator) as url, _environment(demo.environment(url)):
        for number, (title, words, typed) in enumerate(_PARTS, start=1):
            _part(number, title, words.format(file=file))
            code = _typed(typed[0], file, *typed[1:]) if typed else 0
            if code:
                return code
    _part(len(_PARTS) + 1, "The texts")
    _show(demo.workbook)
    return 0


def _typed(*words: str) -> int:
    """Carry out a command as if it had been typed, and give its exit code."""
    from sync.cli import wtsync

    _tell("")
    _tell(f"$ {_command(*words)}", fg="cyan")
    code = wtsync.main(list(words), prog_name="wtsync", standalone_mode=False)
    return code if isinstance(code, int) else 0


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for a while."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _show(workbook: Path) -> None:
    """Show one product with its texts, and say where the others are."""
    from sync.model import column_letters
    from sync.workbook.layout import Role, heading_for
    from sync.workbook.read import read

    tables = read(workbook)
    known = [(column, heading) for column, name in tables.headings if (heading := heading_for(name))]
    by_field = {heading.field: column for column, heading in known}
    at = list(tables.columns[by_field["record_id"]]).index(EXAMPLE)
    for field in ("name", "page title", "page description", "excerpt"):
        _labelled(field.capitalize(), tables.columns[by_field[field]][at])
    texts, results = (
        [column_letters(column) for column, heading in known if heading.role is role]
        for role in (Role.TEXT, Role.RESULT)
    )
    _tell("")
    _paragraph(
        f"This was row {tables.rows[at]}, without its long description. Open {workbook} and look at the sheet "
        f"{tables.sheet}: columns {texts[0]} to {texts[-1]} hold the texts, and {results[0]} to {results[-1]} "
        f"{_say_how(tables, by_field['status'])}."
    )


def _say_how(tables: Tables, column: int) -> str:
    """Say what the result columns say, if it is the same for all."""
    states = set(tables.columns[column])
    return f"say how each row went: {', '.join(sorted(states))}" if len(states) == 1 else "say how each row went"


# ---------------------------------------------------------------------------------- talking


def _tell(text: str, *, bold: bool | None = None, fg: str | None = None) -> None:
    """Tell the user something, in colour where the terminal and the user allow it."""
    plain = not (bold or fg) or bool(os.environ.get("NO_COLOR"))
    click.echo(clean(text) if plain else click.style(clean(text), bold=bold, fg=fg), err=True)


def _part(number: int, title: str, words: str = "") -> None:
    _tell("")
    _tell(f"{number}. {title}", bold=True)
    if words:
        _paragraph(words)


def _paragraph(words: str) -> None:
    _tell(textwrap.fill(words, _WIDTH, initial_indent="   ", subsequent_indent="   ", break_long_words=False,
                        break_on_hyphens=False))  # fmt: skip


def _labelled(label: str, text: str) -> None:
    first = f"   {label:<18}"
    _tell(textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first)))


def _command(*words: str) -> str:
    """Write a command as one types it here."""
    return " ".join(["wtsync", *map(typed, words)])


def _exported(name: str, value: str) -> str:
    return f'$env:{name} = "{value}"' if os.name == "nt" else f"export {name}={shlex.quote(value)}"
