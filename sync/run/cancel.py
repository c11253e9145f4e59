"""Asks the service to stop what is outstanding.

Cancelled is only what the service, looked at later, says is cancelled: records that it is working on are finished,
charged and collected. The service can stop a whole request only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.batch import BatchState
from sync.counts import counted
from sync.errors import NotFound, Rejected, Unreachable
from sync.run.events import Event
from sync.run.pace import BUSY, backoff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.batch import Batch
    from sync.run.ports import Session


@dataclass(frozen=True, slots=True)
class Scope:
    """What to cancel: all of it, the batches of one run, or those that hold some records."""

    run_id: str = ""
    records: frozenset[str] = frozenset()

    def holds(self, batch: Batch) -> bool:
        """Tell whether a batch is meant."""
        return (not self.run_id or batch.run_id == self.run_id) and (
            not self.records or bool(self.records & {item.key.record.record_id for item in batch.open_items})
        )


ALL = Scope()
TRIES = 5
"""How often the service is asked again to stop what it did not hear of."""


def meant(session: Session, scope: Scope) -> list[Batch]:
    """List the open batches that a cancellation would stop."""
    return [batch for batch in session.journal.batches.open() if scope.holds(batch)]


def cancel(session: Session, scope: Scope = ALL) -> Iterator[Event]:
    """Ask for open batches to be stopped. Following them to their end is the caller's."""
    waiting = meant(session, scope)
    keywords = [batch for batch in waiting if batch.for_keywords]
    if keywords:
        yield Event(
            "cancel",
            f"The keywords of {counted(len(keywords), 'record')} are being looked for, which cannot be stopped: the"
            " service has no call for it. They are followed to their end.",
            {"batches": [batch.id for batch in keywords]},
        )
        waiting = [batch for batch in waiting if not batch.for_keywords]
    for attempt in range(1, TRIES + 1):
        unheard, pause = [], backoff(attempt, session.spread())
        for place, batch in enumerate(waiting):
            try:
                yield _cancel(session, batch)
            except Unreachable:
                unheard.append(batch)
            except Rejected as error:  # too busy to hear of any of them
                unheard += waiting[place:]
                pause = max(pause, error.retry_after or 0.0)
                break
        waiting = unheard
        if not waiting or session.stopping():
            break
        session.clock.sleep(pause)
    for batch in waiting:
        # Whether the wish arrived shows when the request is followed; if it did not, cancelling again does no harm.
        yield Event("cancel", f"The service did not answer when asked to stop batch {batch.id}; cancel again later.")


def _cancel(session: Session, batch: Batch) -> Event:
    """Ask for one batch to be stopped. Raises Unreachable when no answer comes, Rejected from a service too busy."""
    figures = {"batch": batch.id, "request": batch.request_id}
    if not batch.request_id:
        return Event(
            "cancel",
            f"Batch {batch.id} cannot be stopped: the service never told its request id. Its texts are collected.",
            figures,
        )
    try:
        strangers = session.service.request(batch.request_id).records - batch.records if batch.found else frozenset()
        if strangers:
            return Event(
                "cancel",
                f"Request {batch.request_id} was started elsewhere and also holds {counted(len(strangers), 'record')}"
                " from outside this workbook; it is followed, not stopped.",
                figures,
            )
        session.service.cancel(batch.request_id)
    except NotFound:
        return Event("cancel", f"The service no longer knows request {batch.request_id}.", figures, quiet=True)
    except Rejected as error:
        if error.status in BUSY:
            raise
        return Event("cancel", f"Batch {batch.id} cannot be stopped, and is followed: {error.message}", figures)
    if batch.state is not BatchState.CANCELLING:
        session.journal.batches.move(batch.id, BatchState.CANCELLING)
    return Event(
        "cancel", f"Asked the service to stop batch {batch.id} ({counted(len(batch.records), 'record')}).", figures
    )
