"""The fault laboratory: a shop, its workbook, its journal and the service, in one process and under a virtual clock.

A `Lab` is the `World` of the run's own tests with three differences: the service is met through a port that can fail at
every call (see `port` and `wire`), every step is a seam at which the process may end, and after every step the promises
are checked against the service's ledger (see `promises`).
"""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.journal import Journal
from sync.projection import deliver
from sync.records import to_workbook
from sync.records.locate import locate
from sync.run.reconcile import give_up, recover
from sync.simulator.wire import Refusal
from sync.tables import SettingRow, Tables
from tests.faults.network import Network
from tests.faults.port import Port
from tests.faults.promises import FIELDS, Promises
from tests.faults.steps import Seams, Stepped
from tests.faults.wire import wire_port
from tests.run.seams import Crash
from tests.run.world import BEGIN, STORE, World, as_it_is, quick_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.model import Reference, Workbook
    from sync.records.locate import Places
    from sync.run.ports import Session
    from tests.run.world import Outcome

HEADINGS = ("Action", "Record ID", "Name", "Page title", "Page description")
_LISTS: list[Reference] = []
TELL: list[Callable[[str], None]] = []
"""Who wants to hear what happens, for a replay."""


class SkewedClock:
    """This machine's clock, which may be wrong; waiting is the same on both."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab

    def now(self) -> float:
        return self.lab.clock.time + self.lab.skew

    def sleep(self, seconds: float) -> None:
        self.lab.wait(seconds)


class Lab(World):
    """One trial. `lag`: seconds for which the service does not show a new text. `skew`: our clock less the service's.

    `http`: meet the service through the real client and application instead of the quick port.
    """

    def __init__(
        self,
        folder: Path,
        *,
        headings: Sequence[str] = HEADINGS,
        network: Network | None = None,
        lag: float = 0.0,
        http: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(folder, headings=headings, **more)
        self.network = network or Network()
        self.lag = lag
        self.skew = 0.0
        self.http = http
        self.seams = Seams()
        self.first_seams: list[str] = []
        """The seams of the first command of a schedule, and of the second."""
        self.second_seams: list[str] = []
        self.promises = Promises(self)
        self.resent: Counter[tuple[str, str, str]] = Counter()
        """What the user had sent once more, or wished to have made anew: each may be charged once more."""
        self.wrap_transport: Callable[[Any], Any] = as_it_is
        self.hosts: set[str] = set()
        """Where the real client has sent anything."""
        self.named: set[int] = set()
        """Batches that the user named to be sent again: each text of them may be charged once more."""
        self.twins: set[str] = set()
        """Requests that a gateway made by delivering an order twice."""
        self.seen: Counter[str] = Counter()
        """What has happened that does not happen every time."""
        self.said: list[str] = []
        """What the commands have said."""
        self.pushed = False
        """Whether somebody wished for a text of the workbook to take the place of any on the service."""
        self.own: dict[tuple[str, str], str] = {}
        """What somebody wrote into a cell and wants to keep, by record id and text type."""
        self.written: set[str] = set()
        """All that somebody ever wrote."""

    # ------------------------------------------------------------------ what the world is made of

    def tables(self) -> Tables:
        return _tables(self.headings, self.settings, tuple(map(tuple, self.rows)))

    def book(self, reference: Reference) -> Workbook:
        return _book(self.tables(), reference)

    def lists(self) -> Reference:
        """Give the account's lists, fetched once by the real client: every simulator has the same."""
        if not _LISTS:
            with super().service() as client:
                _LISTS.append(client.reference())
        return _LISTS[0]

    @contextmanager
    def service(self) -> Iterator[Any]:
        """Meet the service as a new process does."""
        self.lists()
        if self.http:
            with wire_port(self) as port:
                yield Stepped(port, self)
        else:
            yield Stepped(Port(self), self)

    def open_journal(self, service: Any = None) -> Any:  # noqa: ARG002 - every service here is this simulator
        if self.promises.connection is None:
            shutil.copyfile(_empty_journal(), self.path)
            self.promises.watch(self.path)
        return Journal(self.path, f"simulator {self.simulator.instance}", simulated=True)

    def _session(self, client: Any, journal: Any, book: Workbook, reference: Reference) -> Session:
        journal.batches.forget_asks(float("inf"))
        stepped: Any = Stepped(journal, self)
        session = super()._session(client, stepped, book, reference)
        return replace(session, clock=SkewedClock(self))

    def _write(self, journal: Any) -> None:
        """Bring the table up to what the journal knows, by the real projection: all of it in one moment, or nothing."""
        projection = deliver(_places(self.tables()), journal.texts.deliveries())
        if projection.edits:
            self.seams.seam("before the workbook")
            for (row, column), value in projection.edits.items():
                self.rows[row - 2][column - 1] = "" if value is None else str(value)
            self.look("workbook")
            self.seams.seam("after the workbook")
        if projection.settled:
            Stepped(journal.texts, self).settle(projection.settled)
        self.promises.ended(journal)

    # ------------------------------------------------------------------ a person at the workbook

    def empty_cells(self) -> list[tuple[str, str]]:
        headings = [heading for heading in self.headings if heading in FIELDS]
        return [(row[1], heading) for row in self.rows for heading in headings if not self.cell(row[1], heading)]

    def cell_of(self, record_id: str, field: str) -> str | None:
        """Give what stands in the cell of a text; None where the row is gone."""
        heading = next(heading for heading, name in FIELDS.items() if name == field)
        return next((row[self.headings.index(heading)] for row in self.rows if row[1] == record_id), None)

    def write(self, record_id: str, heading: str, words: str) -> None:
        """Let somebody write own words."""
        self.put(record_id, heading, words)
        self.written.add(words)
        if self.cell(record_id, "Action") in {"", "Skip"}:  # a wish that stands says: replace it
            self.own[record_id, FIELDS[heading]] = words

    def wish(self, record_id: str, action: str) -> None:
        """Let somebody wish for something in the Action column; a text that is to be made may be charged."""
        self.put(record_id, "Action", action)
        self.pushed |= action == "Push"
        for heading, field in FIELDS.items():
            if heading in self.headings:
                if action != "Skip":
                    self.own.pop((record_id, field), None)
                if action in {"Generate", "Regenerate"}:
                    self.resent[record_id, "en", field] += 1

    # ------------------------------------------------------------------ time

    def wait(self, seconds: float) -> None:
        """Let time pass, and see whether the service did something that breaks a promise."""
        self.clock.sleep(seconds)
        self.look("wait")

    # ------------------------------------------------------------------ the service

    def order(self, body: Any, *, twin: bool = False) -> Any:
        """Let an order take effect."""
        if twin:
            self.promises.twin(body)
            self.twins |= set(list(self.simulator.requests)[-1:])
        answer = self.simulator.generate(body)
        if twin:
            self.twins |= set(list(self.simulator.requests)[-1:])
        return answer

    def lands_later(self, body: Any, seconds: float) -> None:
        """Let an order take effect some seconds after the client has given up, five minutes from now."""
        self.clock.time += 300.0
        self.clock.at.append((self.clock.time + seconds, lambda: self._land(body)))

    def _land(self, body: Any) -> None:
        try:
            self.simulator.generate(body)
        except Refusal:
            return
        self.seen["landed late"] += 1

    def posting(self, body: Any) -> None:
        """Take note of an order on its way."""
        self.calls.append(("post /text/generate", self.clock.time))
        self.promises.posting(body)

    # ------------------------------------------------------------------ acting

    def say(self, line: str) -> None:
        """Tell whoever wants to hear it."""
        for tell in TELL:
            tell(f"{self.clock.time - BEGIN:12.2f}  {line}")

    def look(self, step: str) -> None:
        """Check every promise."""
        if TELL and step != "wait":
            self.say(step)
        self.promises.check(step)

    def act(self, crash_at: int = 0, **options: Any) -> Outcome | None:
        """Run the command, to its end or to a crash (None), and check what must hold then."""
        self.say(f"---- command, crash at {crash_at}, {options}, rows {self.rows}")
        self.seams = Seams(crash_at)
        self.stopping = False
        self.named.update(options.get("resend", ()))
        self.promises.begins()
        try:
            outcome = self.run(**options)
            for event in outcome.events if TELL else ():
                self.say(f"     {event.kind}: {event.message}")
            self.said += [repr(outcome.error), *(event.message for event in outcome.events)]
            self.say(f"     ended: {outcome.error!r}, plan {outcome.plan and dict(outcome.plan.counts)}")
            self.seen.update(f"event {event.kind}" for event in outcome.events)
            return outcome  # noqa: TRY300 - a crash is the exception here
        except Crash:
            self.seen["crashed"] += 1
            self.look("crash")
            return None

    def recover_only(self) -> None:
        """Begin as every command does, and leave again."""
        self.seams = Seams()
        with self.service() as client, self.open_journal(client) as journal:
            session = self._session(client, journal, self.book(_LISTS[0]), _LISTS[0])
            for _ in recover(session):
                pass

    def unknown(self) -> list[int]:
        """List the batches that nobody can say about."""
        self.look("who is unknown")
        return self.promises.unknown()

    def resend(self, **options: Any) -> bool:
        """Send what nobody can say about once more, on the user's word. False: there is nothing."""
        numbers = self.unknown()
        if numbers:
            self.act(resend=numbers, **options)
        return bool(numbers)

    def take_for_lost(self) -> None:
        """Let what nobody can say about be, on the user's word."""
        self.seams = Seams()
        with self.service() as client, self.open_journal() as journal:
            session = self._session(client, journal, self.book(_LISTS[0]), _LISTS[0])
            for batch in journal.batches.unknown():
                give_up(session, batch.id, resend=False)
        self.look("taken for lost")

    def ask_to_cancel(self) -> None:
        """Ask the command that is at work, from another window, to cancel."""
        with self.open_journal() as journal:
            journal.batches.ask_to_cancel("")


@contextmanager
def laboratory(**settings: Any) -> Iterator[Lab]:
    """Make a laboratory in a folder of its own, in memory where there is one."""
    with quick_folder() as folder:
        lab = Lab(folder, **settings)
        try:
            yield lab
        finally:
            lab.promises.close()


@lru_cache(maxsize=1)
def _empty_journal() -> Path:
    """Make a journal that nothing was written to; copying it is quicker than making one."""
    with quick_folder() as folder:
        Journal(folder / "empty.sqlite3", "nobody", simulated=True).close()
        content = (folder / "empty.sqlite3").read_bytes()
    keep = _kept_folder() / "empty.sqlite3"
    keep.write_bytes(content)
    return keep


@lru_cache(maxsize=1)
def _kept_folder() -> Path:
    import atexit  # noqa: PLC0415 - for this one folder
    import tempfile  # noqa: PLC0415 - the same

    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache(maxsize=4096)
def _tables(
    headings: tuple[str, ...], settings: tuple[tuple[str, str], ...], rows: tuple[tuple[str, ...], ...]
) -> Tables:
    """Make the tables of a workbook; the same cells give the same tables, which are read once."""
    return Tables(
        sheet="Records",
        header_row=1,
        headings=tuple(enumerate(headings, 1)),
        rows=range(2, 2 + len(rows)),
        columns={column: [row[column - 1] for row in rows] for column in range(1, len(headings) + 1)},
        workbook_id="w1",
        sha256="0" * 64,
        settings=tuple(SettingRow(row, *pair) for row, pair in enumerate(settings, 2)),
    )


_BOOKS: dict[int, tuple[Tables, Workbook]] = {}
_PLACES: dict[int, tuple[Tables, Places]] = {}


def _book(tables: Tables, reference: Reference) -> Workbook:
    known = _BOOKS.get(id(tables))
    if known is None or known[0] is not tables:
        if len(_BOOKS) > 8192:
            _BOOKS.clear()
        known = _BOOKS[id(tables)] = (tables, to_workbook(tables, reference))
    return known[1]


def _places(tables: Tables) -> Places:
    known = _PLACES.get(id(tables))
    if known is None or known[0] is not tables:
        if len(_PLACES) > 8192:
            _PLACES.clear()
        known = _PLACES[id(tables)] = (tables, locate(tables))
    return known[1]


__all__ = ["FIELDS", "HEADINGS", "STORE", "Lab", "as_it_is", "laboratory"]
