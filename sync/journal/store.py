"""The journal as the rest of wtsync meets it: one object, bound to a workbook and a service."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sync.batch import BatchState, ItemState
from sync.errors import JournalError
from sync.journal.approvals import Approvals
from sync.journal.batches import Batches
from sync.journal.copies import KNOWING, copy_path
from sync.journal.database import Database
from sync.journal.doubts import Doubts
from sync.journal.files import Files
from sync.journal.lease import holder
from sync.journal.looks import Looks
from sync.journal.optimizations import Optimizations
from sync.journal.outcomes import each_outcome, tally
from sync.journal.place import backup_folder, journal_path, settle
from sync.journal.suggestions import Suggestions
from sync.journal.texts import Texts
from sync.journal.uploads import Uploads
from sync.model import BROUGHT, Memory, Origin, RecordKey

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from types import TracebackType

    from sync.batch import Outcome, Tally
    from sync.model import Delivery, KeywordResult, RemoteText, TextKey


def follow_move(workbook_id: str, records: Callable[[], Collection[str]]) -> Path | None:
    """Let the journal of a workbook without an id of its own come along when the workbook was moved or renamed.

    Such a workbook is known by its path. If there is no journal for this path, but one for a path at which there is no
    workbook any more, which nobody works on, and which knows at least half of these records, it is taken over. Gives
    the old path, or None. `records` is asked for the record ids only when there is a choice to be made.
    """
    journal = journal_path(workbook_id)
    if not workbook_id.startswith(BY_PATH) or journal.exists() or not journal.parent.exists():
        return None
    for other in sorted(journal.parent.glob(f"{BY_PATH}*.sqlite3")):
        if len(other.suffixes) > 1 or holder(other) is not None:
            continue
        try:
            old, known = _belongs_to(other)
        except JournalError:
            continue
        if not old or Path(old).exists():
            continue
        wanted = set(records())
        if wanted and 2 * len(known & wanted) >= len(wanted):
            _move(other, journal)
            return Path(old)
    return None


def _move(old: Path, new: Path) -> None:
    """Give a journal another name, with its copy: left behind, that would be taken for another workbook's.

    The copies of the workbook come along, or nobody would find them any more.
    """
    backups, theirs = backup_folder(old), backup_folder(new)
    if backups.exists() and not theirs.exists():
        backups.replace(theirs)
    copy = copy_path(old)
    if copy.exists():
        copy.replace(copy_path(new))
    for suffix in ("-wal", "-shm", ""):
        part = old.with_name(old.name + suffix)
        if part.exists():
            part.replace(new.with_name(new.name + suffix))
    settle(new.parent)


def _belongs_to(journal: Path) -> tuple[str, set[str]]:
    """Read which workbook a journal is of, and the records that it knows."""
    database = Database(journal, looking=True)
    try:
        paths = database.rows("SELECT value FROM meta WHERE key = 'workbook'")
        ids = database.rows("SELECT DISTINCT record_id FROM item UNION SELECT record_id FROM base")
    finally:
        database.close()
    return (paths[0]["value"] if paths else "", {row["record_id"] for row in ids})


def records_of(journal: Path) -> set[str]:
    """Give the ids of the records that a journal knows; none where there is no journal."""
    return _belongs_to(journal)[1] if journal.exists() else set()


def known_as(workbook: Path) -> str:
    """Give the id of the workbook that was last worked on at this path; empty when none is known.

    For a file that cannot be asked itself, because it is gone or damaged.
    """
    folder = journal_path("").parent
    found = [other for other in folder.glob("*.sqlite3") if len(other.suffixes) == 1] if folder.exists() else []
    for other in sorted(found, key=lambda one: one.stat().st_mtime, reverse=True):
        with suppress(JournalError):
            if Path(_belongs_to(other)[0]) == workbook.resolve():
                return other.stem
    return ""


def last_service(path: Path) -> tuple[str, bool] | None:
    """Name the service of the newest run in a journal, and whether it is simulated; None where there is none."""
    if not path.exists():
        return None
    database = Database(path)
    try:
        rows = database.rows("SELECT service, simulated FROM run ORDER BY started_at DESC, rowid DESC LIMIT 1")
    finally:
        database.close()
    return (rows[0]["service"], bool(rows[0]["simulated"])) if rows else None


BY_PATH = "path-"
"""How the id of a workbook begins that has none of its own."""


_WAITING = BROUGHT | {Origin.KEYWORDS, Origin.NOTHING, Origin.UNDONE}
"""The origins of what has to come into a cell, or to leave it as it is: its plan waits for that."""


class Journal:
    """What is known of one workbook at one service. Close it, or use it in a `with`.

    `service` is the identity of the service. `batches` is the sending side, `texts` the receiving side, `doubts` what
    was given up, `files` what was saved, `looks` what the service held, `optimizations` the keywords that were found,
    `approvals` which approved rows were begun, `uploads` which images the service was given, `suggestions` what it has
    suggested.
    """

    def __init__(self, path: Path, service: str, *, simulated: bool = False) -> None:
        self._database = Database(path)
        self.service = service
        self.simulated = simulated
        self.path = path
        self.batches = Batches(self._database, service)
        self.doubts = Doubts(self._database, service, self.batches)
        self.texts = Texts(self._database, service, simulated=simulated)
        self.files = Files(self._database)
        self.looks = Looks(self._database, service)
        self.optimizations = Optimizations(self._database, service)
        self.approvals = Approvals(self._database, service)
        self.uploads = Uploads(self._database, service)
        self.suggestions = Suggestions(self._database, service)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def is_blank(self) -> bool:
        """Tell whether it knows nothing of the workbook, at whichever service: it is new, or the old one is gone."""
        return not any(self._database.rows(f"SELECT 1 FROM {table} LIMIT 1") for table in KNOWING)

    def begin_forgotten(self) -> None:
        """Remember that the workbook had been worked on before this journal began."""
        with self._database.transaction():
            self._database.run("INSERT OR IGNORE INTO meta VALUES ('forgotten', ?)", (str(time.time()),))

    def belongs_to(self, workbook: Path) -> None:
        """Remember where the workbook is."""
        with self._database.transaction():
            self._database.run("INSERT OR REPLACE INTO meta VALUES ('workbook', ?)", (str(workbook.resolve()),))

    def choose(self, words: str, records: Iterable[RecordKey]) -> None:
        """Remember which records a run with a limit chose; empty `words` forget it."""
        keys = [[key.store, key.type, key.record_id, key.language] for key in sorted(records)]
        with self._database.transaction():
            self._database.run("DELETE FROM meta WHERE key = 'chosen'")
            if words:
                value = json.dumps([self.service, words, keys])
                self._database.run("INSERT INTO meta VALUES ('chosen', ?)", (value,))

    def chosen(self, words: str) -> frozenset[RecordKey] | None:
        """Give the records that the last run chose, if it had these words and has not come to its end.

        It has not where it was interrupted, or where something of it is still being made. None otherwise.
        """
        rows = self._database.rows("SELECT value FROM meta WHERE key = 'chosen'")
        runs = self.batches.runs()
        if not rows or not runs:
            return None
        service, then, keys = json.loads(rows[0]["value"])
        records = frozenset(RecordKey(*key) for key in keys)
        held = {key.record for part in self.batches.held() for key in part}
        open_still = runs[-1].state != "done" or held & records
        return records if (service, then) == (self.service, words) and open_still else None

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several changes all or nothing."""
        with self._database.transaction():
            yield

    def collect(
        self,
        batch_id: int,
        texts: Iterable[RemoteText],
        deliveries: Iterable[Delivery],
        outcomes: Iterable[tuple[TextKey, ItemState, str, str]],
        charged: Mapping[TextKey, float] | None = None,
    ) -> None:
        """Take in what arrived for a batch: keep the texts, send them on their way, settle the items.

        `charged` is what they cost by the price list. One transaction.
        """
        with self._database.transaction():
            self.texts.see(texts, batch_id)
            self.texts.deliver(deliveries)
            self.batches.settle(batch_id, outcomes)
            self.batches.charge(batch_id, charged or {})

    def optimized(
        self,
        batch_id: int,
        result: KeywordResult,
        delivery: Delivery,
        charged: float,
        *,
        ended: bool = False,
    ) -> None:
        """Take in what a keyword optimization has found, and end it, if it has not `ended` before. One transaction."""
        key = delivery.key
        with self._database.transaction():
            self.optimizations.see(result, batch_id)
            self.texts.deliver([delivery])
            self.batches.settle(batch_id, [(key, ItemState.DONE, delivery.text_id, "")])
            self.batches.charge(batch_id, {key: charged})
            if not ended:
                self.batches.step(batch_id, BatchState.COLLECTED)

    def pull(self, texts: Iterable[RemoteText], deliveries: Iterable[Delivery]) -> None:
        """Take in texts that the service had already. One transaction."""
        with self._database.transaction():
            self.texts.see(texts, None)
            self.texts.deliver(deliveries)

    def push(self, texts: Iterable[RemoteText], deliveries: Iterable[Delivery]) -> None:
        """Take in what the service has from us now: both sides agree on it, whatever becomes of the cell.

        One transaction.
        """
        deliveries = list(deliveries)
        with self._database.transaction():
            self.texts.see(texts, None)
            self.texts.deliver(deliveries)
            self.texts.sent_back(deliveries)

    def end(self, batch_id: int, state: BatchState, outcomes: Iterable[tuple[TextKey, ItemState, str, str]]) -> None:
        """Settle what is left of a batch and end it. One transaction."""
        with self._database.transaction():
            self.batches.settle(batch_id, outcomes)
            self.batches.step(batch_id, state)

    def reopen(self, batch_id: int, request_id: str, keys: Iterable[TextKey]) -> None:
        """Follow a batch again that was taken for lost: the service has it. One transaction."""
        with self._database.transaction():
            self.batches.settle(batch_id, [(key, ItemState.OPEN, "", "") for key in keys])
            self.batches.step(batch_id, BatchState.ACCEPTED)
            self.batches.name(batch_id, request_id)

    def outcomes(self) -> dict[TextKey, Outcome]:
        """Give the latest word about every text."""
        return dict(self.each_outcome())

    def each_outcome(self) -> Iterator[tuple[TextKey, Outcome]]:
        """Give the same one by one, record by record; to be read to the end before anything is changed."""
        return each_outcome(self._database, self.service)

    def tally(self, run_ids: Collection[str]) -> Tally:
        """Count how the texts of some runs stand."""
        return tally(self._database, self.service, run_ids)

    def memory(self) -> Memory:
        """Give what a plan has to know."""
        making, unknown = self.batches.held()
        return Memory(
            bases=self.texts.bases(),
            waiting={item.key: item for item in self.texts.deliveries() if item.origin in _WAITING},
            open=making,
            elsewhere=self.texts.elsewhere(),
            undone=self.texts.undone(),
            archived=self.texts.archived(),
            earlier=self.texts.earlier,
            lost=self.doubts.lost(),
            unknown=unknown,
            searched=self.optimizations.searched(),
            forgotten=bool(self._database.rows("SELECT 1 FROM meta WHERE key = 'forgotten'")),
        )
