"""wtsync from Python: check a workbook, plan, run, and write into the cells of any workbook.

The account is the one that the commands would use: WTSYNC_API_URL and WTSYNC_API_KEY, the keyring, the key file.
Errors are those of `sync.errors`, each with a message and a hint. docs/library.md has an example of each.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.cli.judging import spending_of
from sync.cli.preparing import prepared
from sync.cli.wiring import ask, checked, open_journal
from sync.errors import UsageError, WtsyncError
from sync.plan import guards
from sync.records import to_workbook
from sync.selection import Selection
from sync.workbook.package.address import parse_area
from sync.workbook.read import read
from sync.workbook.save import save

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from sync.model import CellValue, Plan, Problem, Workbook
    from sync.plan import Guard
    from sync.workbook.save import SaveReport

__all__ = ["Planned", "RunEnded", "check", "plan", "run", "write"]

WELL = frozenset({0, 3})
"""Exit codes of a run that went through to its end: every text made, or all but some."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run would do, and what stands against it."""

    plan: Plan
    problems: tuple[Problem, ...]
    """Cells to put right, in the order of the workbook; those that are no warnings keep a run from starting."""
    guards: tuple[Guard, ...]
    """Why a run would refuse to carry the plan out, and the flag that passes each."""


class RunEnded(WtsyncError):
    """A run did not go through to its end; `code` is its exit code, as the README lists them."""

    def __init__(self, code: int) -> None:
        super().__init__(f"The run ended with exit code {code}.", "What it said is on stderr. Run again to go on.")
        self.code = code


def check(path: str | PathLike[str]) -> Workbook:
    """Read a workbook's records and settings, and check every cell, as far as that needs no account.

    What is wrong with cells is data: `Workbook.problems`. Raises NotAWorkbook and WorkbookError.
    """
    return to_workbook(read(Path(path)), None)


def plan(path: str | PathLike[str], *, selection: Selection | None = None, full: bool = False) -> Planned:
    """Compare a workbook with what the service holds, and price what a run would do; nothing is sent or written.

    `selection` is the part of the workbook that is meant, `full` has every text on the service looked at again.
    Raises WorkbookError, ServiceError, JournalError, and UsageError where `selection` names what is not there.
    """
    file = Path(path)
    with checked(file, fresh=full, sure=False) as first, open_journal(first.tables, first.service) as journal:
        known = ask(first, journal, full=full)
        seen, made = prepared(file, first, journal, known, selection or Selection())
        stops = guards(made, known.memory.bases, seen.workbook.policies, spending_of(seen))
        return Planned(made, seen.workbook.problems, stops)


def run(path: str | PathLike[str], *options: str) -> Iterator[dict[str, Any]]:
    """Carry out a plan without asking, and give what happens, event by event, as `wtsync run --json` tells it.

    Spends credits. It is a process of its own, so that nothing that befalls yours can hurt it, and it is told to stop
    in good order when the iterator is closed. `options` are words of the command: "--pilot", "12". Raises RunEnded
    at the end of a run that was refused or broken off; what it said to people is on stderr.
    """
    command = [sys.executable, "-P", "-m", "sync", "run", str(path), "--yes", "--json", *options]
    with subprocess.Popen(  # noqa: S603 - it is ourselves
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            for line in process.stdout or ():
                yield json.loads(line)
        except BaseException:
            process.terminate()
            raise
        finally:
            code = process.wait()
    if code not in WELL:
        raise RunEnded(code)


def write(
    path: str | PathLike[str],
    cells: Mapping[str, Mapping[str, CellValue]],
    *,
    backup_folder: str | PathLike[str] | None = None,
) -> SaveReport:
    """Write values into cells of any workbook, by sheet and address: `{"Prices": {"B7": 12.5, "C7": "new"}}`.

    Everything else in the file stays as it is, byte for byte; the new file is compared with the old one before it
    takes its place. A text stays a text, whatever it looks like; None empties a cell. With `backup_folder` the old
    file is kept there. Raises UsageError for what is no address, WorkbookBusy while the workbook is open elsewhere,
    and WorkbookError where a cell must not be written to (a formula, a heading of a table); then nothing is written.
    """
    edits = {sheet: {_place(where): value for where, value in values.items()} for sheet, values in cells.items()}
    return save(Path(path), edits, backup_dir=None if backup_folder is None else Path(backup_folder))


def _place(where: str) -> tuple[int, int]:
    area = parse_area(where)
    if area is None or area[:2] != area[2:]:
        raise UsageError(f"{where!r} is no address of a cell.", "Name one cell, as in B7.")
    return area.first_row, area.first_column
