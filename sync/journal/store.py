"""The journal as the rest of wtsync meets it: one object, bound to a workbook and a service."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sync.journal.batches import Batches
from sync.journal.database import Database
from sync.journal.outcomes import outcomes, tally
from sync.journal.texts import Texts
from sync.model import Memory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from types import TracebackType

    from sync.batch import BatchState, ItemState, Outcome, Tally
    from sync.model import Delivery, RemoteText, TextKey


def state_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """Name the folder of all journals: WTSYNC_STATE_DIR, or the user's state directory of the system."""
    named = environment.get("WTSYNC_STATE_DIR")
    if named:
        return Path(named).expanduser()
    import platformdirs  # noqa: PLC0415 - only where it is needed

    return Path(platformdirs.user_state_dir("wtsync", appauthor=False))


def journal_path(workbook_id: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Name the journal file of a workbook."""
    return state_dir(environment) / "journals" / f"{workbook_id}.sqlite3"


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


class Journal:
    """What is known of one workbook at one service. Close it, or use it in a `with`.

    `batches` is the sending side, `texts` the receiving side.
    """

    def __init__(self, path: Path, service: str, *, simulated: bool = False) -> None:
        self._database = Database(path)
        self._service = service
        self.path = path
        self.batches = Batches(self._database, service)
        self.texts = Texts(self._database, service, simulated=simulated)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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
    ) -> None:
        """Take in what arrived for a batch: keep the texts, send them on their way, settle the items.

        One transaction.
        """
        with self._database.transaction():
            self.texts.see(texts, batch_id)
            self.texts.deliver(deliveries)
            self.batches.settle(batch_id, outcomes)

    def pull(self, texts: Iterable[RemoteText], deliveries: Iterable[Delivery]) -> None:
        """Take in texts that the service had already. One transaction."""
        with self._database.transaction():
            self.texts.see(texts, None)
            self.texts.deliver(deliveries)

    def end(self, batch_id: int, state: BatchState, outcomes: Iterable[tuple[TextKey, ItemState, str, str]]) -> None:
        """Settle what is left of a batch and end it. One transaction."""
        with self._database.transaction():
            self.batches.settle(batch_id, outcomes)
            self.batches.step(batch_id, state)

    def outcomes(self) -> dict[TextKey, Outcome]:
        """Give the latest word about every text."""
        return outcomes(self._database, self._service)

    def tally(self, run_ids: Collection[str]) -> Tally:
        """Count how the texts of some runs stand."""
        return tally(self._database, self._service, run_ids)

    def memory(self) -> Memory:
        """Give what a plan has to know."""
        making, unknown = self.batches.held()
        return Memory(
            bases=self.texts.bases(),
            waiting={item.key: item for item in self.texts.deliveries()},
            open=making,
            elsewhere=self.texts.elsewhere(),
            unknown=unknown,
        )
