"""What must hold whatever happens, checked from outside: the service's ledger against the journal and the workbook."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.run.world import World

Text = tuple[str, str, str]
"""Record id, language, text type."""


def charges(world: World) -> Counter[Text]:
    """Count how often each text was paid for."""
    world.simulator.look()
    return Counter((one.record_id, one.language, one.field) for one in world.simulator.account.ledger)


def _rows(world: World, query: str) -> list[tuple[str, ...]]:
    if not world.path.exists():
        return []
    with closing(sqlite3.connect(world.path)) as connection:
        return connection.execute(query).fetchall()


def unresolved(world: World) -> set[Text]:
    """Texts that the journal declares: nobody can say, or still being made."""
    return {
        (record, language, field)
        for record, language, field in _rows(world, "SELECT record_id, language, text_type FROM item WHERE held = 1")
    }


def violations(world: World, *, regenerated: Iterable[Text] = (), resent: Iterable[Text] = ()) -> list[str]:
    """List every broken promise, at any moment. Texts that the user had made or sent once more may cost once more."""
    allowed = Counter(dict.fromkeys(charges(world), 1)) + Counter(regenerated) + Counter(resent)
    broken = [
        f"{key} was paid for {count} times, {allowed[key]} allowed"
        for key, count in charges(world).items()
        if count > allowed[key]
    ]
    spent = sum(one.credits for one in world.simulator.account.ledger)
    if spent > world.approved + _foreign_spent(world):
        broken.append(f"{spent} credits were spent, {world.approved} approved")
    kept = {text_id for (text_id,) in _rows(world, "SELECT text_id FROM text")}
    declared = unresolved(world)
    broken += [
        f"{one.record_id} {one.field} was paid for and is neither in the journal nor declared"
        for one in world.simulator.account.ledger
        if one.text_id not in kept
        and (one.record_id, one.language, one.field) not in declared
        and not _foreign(world, one.request_id)
    ]
    broken += _wrongly_done(world)
    return broken + _wrongly_adopted(world)


def _foreign(world: World, request_id: str) -> bool:
    return request_id in world.foreign


def _foreign_spent(world: World) -> int:
    return sum(one.credits for one in world.simulator.account.ledger if _foreign(world, one.request_id))


def _wrongly_done(world: World) -> list[str]:
    """One text cannot be the answer to two orders: then an older one was taken for new."""
    used = Counter(_rows(world, "SELECT text_id FROM item WHERE state = 'done' AND text_id != ''"))
    return [f"text {text_id} is the answer to {count} orders" for (text_id,), count in used.items() if count > 1]


def _wrongly_adopted(world: World) -> list[str]:
    """Find batches of ours that call a request their own which has other records than theirs."""
    ours: dict[tuple[str, str], set[str]] = {}
    for batch, request_id, record in _rows(
        world,
        "SELECT batch.id, request_id, record_id FROM batch JOIN item ON item.batch_id = batch.id"
        " WHERE request_id != '' AND NOT found AND item.state != 'not sent'",
    ):
        ours.setdefault((batch, request_id), set()).add(record)
    return [
        f"batch {batch} took request {request_id} for its own, which has other records"
        for (batch, request_id), records in ours.items()
        if (request := world.simulator.requests.get(request_id)) is not None
        and {record.id for record in request.order.records} != records
    ]


def unfinished(world: World) -> list[str]:
    """List what is left undone after everything has gone well again: nothing, but for what is declared unknown."""
    declared = unresolved(world)
    names = {"Page title": "page title", "Excerpt": "excerpt"}
    return [
        f"{record} {heading} is empty and nobody says why"
        for record, heading in world.empty_cells()
        if (record, "en", names[heading]) not in declared
    ]
