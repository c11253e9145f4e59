"""A session as a command has it, for a single call of the run's machinery."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sync.batch import RunInfo
from tests.run.world import _LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.run.ports import Session
    from tests.run.world import World


@contextmanager
def session(world: World) -> Iterator[Session]:
    """Give what a command works with, for a single call."""
    with world.service() as client:
        client.sign_in()
        if not _LISTS:
            _LISTS.append(client.reference())
        with world.open_journal(client) as journal:
            yield world._session(client, journal, world.book(_LISTS[0]), _LISTS[0])


@contextmanager
def cancelling(world: World) -> Iterator[Session]:
    """Give a session with a run of its own, as the command that cancels has."""
    world.runs += 1
    with session(world) as given:
        run = RunInfo(given.run_id, 1.0, "service", simulated=True, approved=0.0)
        given.journal.batches.begin_run(run, "")
        yield given
