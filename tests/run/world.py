"""A whole run in one process: a simulator in its real application, a real journal, a clock that only waiting turns.

`World.run` does what the command does, in the same order: recover, plan, send, follow, write. The workbook is a table
of cells in memory, read, located and written by the real code. A crash is an exception that nothing catches; the next
`run` is then the next process: new client, new journal connection, same service, same journal file.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.batch import RunInfo
from sync.diff import diff
from sync.errors import UsageError, WtsyncError
from sync.journal import Journal
from sync.keywording import concerned, informed, waiting_for, with_keywords
from sync.model import Base, Kind, Origin, RemoteText
from sync.plan import make
from sync.projection import deliver
from sync.records import input_digests, to_workbook
from sync.records.locate import locate
from sync.run.cancel import cancel
from sync.run.drive import Driver, Options
from sync.run.ports import Session
from sync.run.reconcile import give_up, recover
from sync.run.remote import remote_state
from sync.service import Service
from sync.simulator import DEFAULT_KEY, Simulator, create_app, read_faults
from sync.tables import SettingRow, Tables
from tests.asgi import AsgiTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.model import Memory, Plan, Reference, Workbook
    from sync.run.events import Event

BEGIN = 1_790_000_000.0
HEADINGS = ("Action", "Record ID", "Name", "Page title", "Excerpt")
IMAGE_HEADINGS = ("Action", "Image ID", "Record ID", "URL or file", "Alt text")
STORE = "shop"
_LISTS: list[Reference] = []
"""The account's lists, fetched once: every simulator has the same, and nine calls a run are not what is tested here."""


@dataclass
class Clock:
    """A clock that stands still until somebody waits; `at` are things to do when a moment comes."""

    time: float = BEGIN
    at: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.time

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += max(0.0, seconds)
        due = [one for one in self.at if one[0] <= self.time]
        self.at = [one for one in self.at if one[0] > self.time]
        for _, act in due:
            act()


class Wrapped:
    """Something of ours, passed on as it is; what a test changes, it defines over it."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def as_it_is(inner: Any) -> Any:
    return inner


@dataclass
class Outcome:
    """What one `run` came to."""

    events: list[Event] = field(default_factory=list)
    plan: Plan | None = None
    driver: Driver | None = None
    error: BaseException | None = None

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]


class World:
    """A shop, its workbook, its journal and the service."""

    def __init__(
        self,
        folder: Path,
        *,
        records: int = 6,
        headings: Sequence[str] = HEADINGS,
        settings: Sequence[tuple[str, str]] = (),
        images: Sequence[tuple[str, str]] = (),
        **service: Any,
    ) -> None:
        self.clock = Clock()
        self.folder = folder
        self.path = folder / "journal.sqlite3"
        self.simulator = Simulator(clock=self.clock, **{"seed": 1, "capacity": 4, "seconds_per_record": 1.0, **service})
        self.calls: list[tuple[str, float]] = []
        self.runs = 0
        self.approved = 0.0
        self.foreign: set[str] = set()
        self.stopping = False
        self.headings = tuple(headings)
        self.settings = (("Store", STORE), *settings)
        self.rows = [
            ["", f"A{n}", f"Oak stool {n}", *[""] * (len(headings) - 3)][: len(headings)] for n in range(1, records + 1)
        ]
        self.images = [["", one, shows, f"https://shop.example.com/{one}.jpg", ""] for one, shows in images]
        """The rows of the sheet Images, below `IMAGE_HEADINGS`; made from image ids and the records that they show."""
        self.wrap_service: Callable[[Any], Any] = as_it_is
        self.wrap_journal: Callable[[Any], Any] = as_it_is
        self.session: dict[str, Any] = {}
        """What else a session is made of, by field: `tell`, `beat`, `spread` ..."""

    # ------------------------------------------------------------------ the workbook

    def tables(self) -> Tables:
        return Tables(
            sheet="Records",
            header_row=1,
            headings=tuple(enumerate(self.headings, 1)),
            rows=range(2, 2 + len(self.rows)),
            columns={c: [row[c - 1] for row in self.rows] for c in range(1, len(self.headings) + 1)},
            workbook_id="w1",
            sha256="0" * 64,
            settings=tuple(SettingRow(row, *pair) for row, pair in enumerate(self.settings, 2)),
            images=self._image_tables() if self.images else None,
        )

    def _image_tables(self) -> Tables:
        columns = {c: [row[c - 1] for row in self.images] for c in range(1, len(IMAGE_HEADINGS) + 1)}
        headings = tuple(enumerate(IMAGE_HEADINGS, 1))
        return Tables("Images", 1, headings, range(2, 2 + len(self.images)), columns, "w1", "0" * 64)

    def book(self, reference: Reference) -> Workbook:
        return to_workbook(self.tables(), reference)

    def cell(self, record_id: str, heading: str) -> str:
        row = next(row for row in self.rows if row[1] == record_id)
        return row[self.headings.index(heading)]

    def put(self, record_id: str, heading: str, value: str) -> None:
        row = next(row for row in self.rows if row[1] == record_id)
        row[self.headings.index(heading)] = value

    def empty_cells(self) -> list[tuple[str, str]]:
        texts = [heading for heading in self.headings if heading in {"Page title", "Excerpt"}]
        return [(row[1], heading) for row in self.rows for heading in texts if not self.cell(row[1], heading)]

    # ------------------------------------------------------------------ parts

    @contextmanager
    def service(self) -> Iterator[Service]:
        """Make a client of its own, as a new process has one; every call of it is noted with its time."""
        with AsgiTransport(self._noted(create_app(self.simulator, sleep=self._late))) as transport:
            client = Service(
                "https://api.writetext.ai",
                DEFAULT_KEY,
                transport=transport,
                sleep=self.clock.sleep,
                clock=self.clock,
                monotonic=self.clock,
            )
            with client:
                yield client

    async def _late(self, seconds: float) -> None:
        self.clock.time += seconds

    def _noted(self, app: Any) -> Any:
        async def noted(scope: Any, receive: Any, send: Any) -> None:
            self.calls.append((f"{scope['method']} {scope['path']}", self.clock.time))
            await app(scope, receive, send)

        return noted

    def open_journal(self, service: Service | None = None) -> Journal:
        identity = service.identity if service is not None else f"simulator {self.simulator.instance}"
        return Journal(self.path, identity, simulated=True)

    def faults(self, spec: str) -> None:
        self.simulator.faults.set(read_faults(spec))

    def posts(self) -> int:
        """Count the orders that reached the service's door."""
        return sum(call.lower() == "post /text/generate" for call, _ in self.calls)

    def foreign_order(
        self, *record_ids: str, fields: Sequence[str] = ("page title", "excerpt"), language: str = "en"
    ) -> str:
        """Let somebody else of the same account order texts for records."""
        body = {
            "type": "Product",
            "storeId": STORE,
            "language": language,
            "queue": True,
            "Texts": [
                {"recordId": one, "name": f"Oak stool {one}", "fields": [{"field": name} for name in fields]}
                for one in record_ids
            ],
        }
        request_id = str(self.simulator.generate(body)["requestId"])
        self.foreign.add(request_id)
        return request_id

    # ------------------------------------------------------------------ the command

    def run(
        self,
        *,
        resend: Sequence[int] = (),
        cancelling: bool = False,
        detach: bool = False,
        size: int = 50,
        first: int = 5,
        window: int | None = None,
        writes: bool = True,
    ) -> Outcome:
        """Run as the command does. Errors of ours end it as they would end the command; a crash passes through.

        `window` is how many orders may be open, however many the service works on at a time.
        """
        self.runs += 1
        outcome = Outcome()
        with self.service() as client:
            client.sign_in()
            if not _LISTS:
                _LISTS.append(client.reference())
            reference = _LISTS[0]
            book = self.book(reference)
            assert not [one for one in book.problems if not one.warning], book.problems
            with self.open_journal(client) as journal:
                session = self._session(client, journal, book, reference)
                options: dict[str, Any] = {"size": size, "first": first, "detach": detach}
                options |= {} if window is None else {"window": window, "widest": window}
                try:
                    self._work(session, book, reference, outcome, resend, cancelling=cancelling, options=options)
                except WtsyncError as error:
                    outcome.error = error
                if writes:
                    self._write(journal)
        return outcome

    def _session(self, client: Service, journal: Journal, book: Workbook, reference: Reference) -> Session:
        return Session(
            service=self.wrap_service(client),
            journal=self.wrap_journal(journal),
            clock=self.clock,
            run_id=f"run{self.runs}",
            records={record.key: record for record in book.records},
            prices=reference.prices,
            pictures=book.pictures,
            digests=input_digests,
            stopping=lambda: self.stopping,
            **self.session,
        )

    def _work(
        self,
        session: Session,
        book: Workbook,
        reference: Reference,
        outcome: Outcome,
        resend: Sequence[int],
        *,
        cancelling: bool,
        options: dict[str, Any],
    ) -> None:
        journal: Any = session.journal
        service: Any = session.service
        outcome.events += recover(session)
        if cancelling:
            driver = Driver(session, Options(), because="cancelled")
            outcome.driver = driver
            for events in (cancel(session), driver.follow()):
                outcome.events += events
            return
        for number in resend:
            if not give_up(session, number):
                raise UsageError(f"There is nothing to send again in batch {number}.")
        memory: Memory = journal.memory()
        asked = concerned(book.records, book.policies)
        remote = remote_state(service, book.records, str, journal.looks, keywords_of=asked)
        records = [informed(record, waiting_for(record, memory)) for record in book.records]
        changes = diff(records, remote, memory, book.policies, reference.prices, input_digests)
        changes = with_keywords(changes, records, remote, memory, book.policies, reference.prices)
        plan = outcome.plan = make(changes, service.balance())
        self.approved += plan.estimate.max
        journal.texts.agree(
            (change.key, Base(change.was, change.text_id, "", Origin.ADOPTED, simulated=True))
            for change in plan.adopted
            if change.key not in memory.waiting
        )
        theirs = [RemoteText(one.key, one.text_id, one.now) for one in plan.notes if one.kind is Kind.CONFLICT]
        if theirs:
            journal.pull(theirs, [])
        if not plan.changes:
            return
        balance = plan.balance.available if plan.balance else None
        journal.batches.begin_run(
            RunInfo(session.run_id, self.clock.now(), service.identity, simulated=True, approved=plan.estimate.max),
            plan.digest,
        )
        driver = outcome.driver = Driver(session, Options(approved=plan.estimate.max, balance=balance, **options))
        for event in driver.carry_out(plan):
            outcome.events.append(event)
        journal.batches.end_run(session.run_id, "done", None)

    def _write(self, journal: Journal) -> None:
        """Bring the table up to what the journal knows, by the real projection."""
        places, deliveries = locate(self.tables()), journal.texts.deliveries()
        for part in places.sheets():
            rows = self.rows if part is places else self.images
            projection = deliver(part, [item for item in deliveries if places.of(item.key.record) is part])
            for (row, column), value in projection.edits.items():
                rows[row - 2][column - 1] = "" if value is None else str(value)
            journal.texts.settle(projection.settled)


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Make a folder in memory where there is one: hundreds of journals need no disk, and their crashes no power cut."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    folder = Path(tempfile.mkdtemp(dir=shared if shared.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
