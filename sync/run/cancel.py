"""Asks the service to stop what is outstanding.

Cancelled is only what the service, looked at later, says is cancelled: records that it is working on are finished,
charged and collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.batch import BatchState
from sync.errors import NotFound, Rejected
from sync.run.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.run.ports import Session


def cancel(session: Session, run_id: str = "") -> Iterator[Event]:
    """Ask for every open batch that we sent to be stopped, or for those of one run. Following them is the caller's."""
    for batch in session.journal.batches.open():
        if batch.found or (run_id and batch.run_id != run_id):
            continue
        if not batch.request_id:
            yield Event(
                "cancel",
                f"Batch {batch.id} cannot be stopped: the service never told its request id. Its texts are collected.",
                {"batch": batch.id},
            )
            continue
        try:
            session.service.cancel(batch.request_id)
        except NotFound:
            yield Event(
                "cancel", f"The service no longer knows request {batch.request_id}.", {"batch": batch.id}, quiet=True
            )
        except Rejected as error:
            yield Event("cancel", f"Batch {batch.id} cannot be stopped, and is followed: {error.message}")
            continue
        if batch.state is not BatchState.CANCELLING:
            session.journal.batches.move(batch.id, BatchState.CANCELLING)
        yield Event(
            "cancel",
            f"Asked the service to stop batch {batch.id} ({len(batch.records)} records).",
            {"batch": batch.id, "request": batch.request_id},
        )
