"""A shop with a workbook, and the command run on it against a simulated service that listens on a port.

`wtsync` runs the command as a process of its own. `here` runs the same in this process, which is twice as quick: for
what has nothing to do with processes and signals.
"""

from __future__ import annotations

import io
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from openpyxl import load_workbook

from sync.journal import Journal, journal_path, last_service
from sync.simulator import DEFAULT_KEY, Simulator, running
from sync.workbook.layout import RECORDS, Role
from sync.workbook.read import read
from sync.workbook.template import Column, ProductTable, make
from tests.here import run_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openpyxl import Workbook

ROOT = Path(__file__).parents[2]
TEXTS = {"Page title": "page title", "Excerpt": "excerpt"}
PATIENCE = 60.0


def visit(url: str) -> httpx.Client:
    """Go to a service on this machine past the command; reads no certificates, which takes 40 ms each time."""
    return httpx.Client(base_url=url, trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def wait_for(happened: Callable[[], object]) -> None:
    """Look, and look again, until it has happened. Raises AssertionError after half a minute."""
    until = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.03)


@contextmanager
def still(process: subprocess.Popen[str]) -> Iterator[None]:
    """Let a command stand still meanwhile: it must not write between a person's opening of the workbook and her saving.

    Where there are no such signals, the service has to be slow enough.
    """
    if sys.platform == "win32":
        yield
        return
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def make_workbook(path: Path, records: int, *, workbook_id: str = "w-cli", **settings: str) -> Path:
    """Make a workbook as `init` does, with so many products and two texts wanted of each."""
    path.write_bytes(_workbook(records, workbook_id, tuple(sorted(settings.items()))))
    return path


def save_as_excel(book: Workbook, file: Path) -> None:
    """Save a workbook as Excel does: beside the old file, and then in its place, so that nobody reads half of it."""
    beside = file.with_name(f"~{file.name}")
    book.save(beside)
    beside.replace(file)


@cache
def _workbook(records: int, workbook_id: str, settings: tuple[tuple[str, str], ...]) -> bytes:
    """Make it once for all stories that begin alike: openpyxl takes a tenth of a second."""
    columns = (
        Column("Record ID", Role.IDENTITY, field="record_id"),
        Column("Name", Role.INPUT, field="name"),
        Column("Colour", Role.ATTRIBUTE),
    )
    rows = tuple((f"{n:05}", f"Oak stool {n}", "red") for n in range(1, records + 1))
    given = {"Store": "shop", "Texts wanted": ", ".join(TEXTS), **dict(settings)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.xlsx"
        make(path, workbook_id=workbook_id, rows=ProductTable("", "", columns, rows), settings=given)
        return path.read_bytes()


@dataclass
class Shop:
    """One workbook, one service, one folder of state."""

    folder: Path
    url: str
    records: int = 6
    settings: dict[str, str] = field(default_factory=dict)
    key: str = DEFAULT_KEY

    def __post_init__(self) -> None:
        self.file = self.folder / "shop.xlsx"
        if not self.file.exists():
            make_workbook(self.file, self.records, **self.settings)

    @property
    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
        given = {
            "WTSYNC_API_URL": self.url,
            "WTSYNC_API_KEY": self.key,
            "WTSYNC_STATE_DIR": str(self.folder / "state"),
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "PYTHONWARNINGS": "error::ResourceWarning",
        }
        return {**kept, **given}

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sync", *words],
            env={**self.env, "PYTHONPATH": str(ROOT), **env},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wtsync(self, *words: str, code: int | None = 0, **env: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end; it never shows a traceback."""
        with self.start(*words, **env) as process:
            try:
                out, err = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return _checked(subprocess.CompletedProcess(words, process.returncode, out, err), code)

    def here(self, *words: str, code: int | None = 0, **env: str) -> subprocess.CompletedProcess[str]:
        """Run the command in this process, with its environment, its folder and its output for the time of it."""
        out, err = io.StringIO(), io.StringIO()
        left = run_here(words, self.folder, {**self.env, **env}, out, err)
        return _checked(subprocess.CompletedProcess(words, left, out.getvalue(), err.getvalue()), code)

    # ------------------------------------------------------------------ what is so

    def grid(self, sheet: str = RECORDS) -> list[list[Any]]:
        """Read the cells of one sheet, and nothing of the others: to load the whole workbook takes twice as long."""
        book = load_workbook(self.file, read_only=True)
        try:
            rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
            return [row + [None] * (len(rows[0]) - len(row)) for row in rows]
        finally:
            book.close()

    def cells(self) -> dict[tuple[str, str], str]:
        """Give every filled text cell by record id and text type."""
        header, *rows = self.grid()
        return {
            (str(row[header.index("Record ID")]), text_type): row[header.index(heading)]
            for row in rows
            for heading, text_type in TEXTS.items()
            if row[header.index("Record ID")] and row[header.index(heading)]
        }

    def column(self, heading: str) -> list[Any]:
        header, *rows = self.grid()
        return [row[header.index(heading)] for row in rows if row[header.index("Record ID")]]

    def edit(self, **cells: str | None) -> None:
        """Do as a person does in Excel: `C2="words"` on Records."""
        book = load_workbook(self.file)
        for address, value in cells.items():
            book[RECORDS][address] = value
        save_as_excel(book, self.file)

    def ledger(self) -> list[dict[str, Any]]:
        with visit(self.url) as client:
            charges: list[dict[str, Any]] = client.get("/_simulator/ledger").json()
        return charges

    def answered(self) -> int:
        """Count the open orders that were answered: killed between two of them, nobody is in doubt about any."""
        path = journal_path(read(self.file).workbook_id, {"WTSYNC_STATE_DIR": str(self.folder / "state")})
        service = last_service(path)
        if service is None:
            return 0
        with Journal(path, service[0], simulated=service[1]) as journal:
            return journal.batches.open_count()

    def faults(self, spec: str) -> None:
        with visit(self.url) as client:
            client.post("/_simulator/faults", json=spec).raise_for_status()

    def state(self) -> dict[str, Any]:
        with visit(self.url) as client:
            found: dict[str, Any] = client.get("/_simulator/state").json()
        return found

    def charged(self) -> list[tuple[str, str]]:
        return sorted((one["recordId"], one["field"]) for one in self.ledger())

    def everything(self) -> list[tuple[str, str]]:
        return sorted((f"{n:05}", text) for n in range(1, self.records + 1) for text in TEXTS.values())


def _checked(done: subprocess.CompletedProcess[str], code: int | None) -> subprocess.CompletedProcess[str]:
    """Make sure of the exit code, and that nobody gets to see a traceback."""
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    assert "this should not have happened" not in done.stderr, done.stderr
    if code is not None:
        assert done.returncode == code, f"{done.args} left with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done


@contextmanager
def shop(folder: Path, *, records: int = 6, settings: dict[str, str] | None = None, **service: Any) -> Iterator[Shop]:
    """Open a shop with a service of its own in this process, on a port of its own."""
    folder.mkdir(exist_ok=True)
    simulator = Simulator(**{"seed": 3, "capacity": 20, "seconds_per_record": 0.02, **service})
    with running(simulator) as url:
        yield Shop(folder, url, records, settings or {})
