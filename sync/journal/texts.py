"""Texts, deliveries and bases in the journal: what was seen, what has to reach the workbook, what is agreed."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import islice
from sys import intern
from typing import TYPE_CHECKING

from sync.journal.addresses import ADDRESS, Addresses
from sync.journal.batches import text_key
from sync.journal.deliveries import DELIVERY, Deliveries, delivery_of
from sync.model import BROUGHT, Base, Delivery, Origin, same

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator

    from sync.journal.database import Database
    from sync.model import RecordKey, RemoteText, TextKey

WAITING, WRITTEN, KEPT, REPLACED, UNDONE = "waiting", "written", "kept", "replaced", "undone"
"""Of a delivery: not in the workbook yet; in it; the cell was changed by a person and stays; a newer one took over; it
was in it, and the user had the former text put back."""

_ORIGINS = {origin.value: origin for origin in Origin}

_TOGETHER = 1000
"""Records whose texts are looked at together: they come close to each other."""

_NEWEST = (
    f"NOT EXISTS (SELECT 1 FROM delivery AS newer WHERE newer.service = delivery.service"
    f" AND (newer.{ADDRESS.replace(', ', ', newer.')}) = (delivery.{ADDRESS.replace(', ', ', delivery.')})"
    " AND newer.id > delivery.id AND newer.state != ?)"
)
"""Of a delivery: none has followed that still counts. It takes one value: REPLACED."""
_IS_KEY = "service = ? AND store = ? AND type = ? AND record_id = ? AND language = ? AND text_type = ?"


class Texts:
    """The receiving side of the journal, for one service."""

    def __init__(self, database: Database, service: str, *, simulated: bool) -> None:
        self._db = database
        self._service = service
        self._simulated = simulated

    def _key(self, key: TextKey) -> tuple[str, ...]:
        record = key.record
        return (self._service, record.store, record.type, record.record_id, record.language, key.text_type)

    def see(self, texts: Iterable[RemoteText], batch_id: int | None) -> None:
        """Keep texts the moment they arrive, before anything else happens to them. Part of the caller's transaction."""
        now = time.time()
        self._db.many(
            "INSERT OR IGNORE INTO text (service, store, type, record_id, language, text_type, text_id, value,"
            " batch_id, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ([*self._key(text.key), text.text_id, text.value, batch_id, now] for text in texts),
        )

    def deliver(self, deliveries: Iterable[Delivery]) -> None:
        """Put texts on their way into the workbook; newer ones take the place of older ones still waiting.

        Part of the caller's transaction.
        """
        now = time.time()
        for item in deliveries:
            key = self._key(item.key)
            self._db.run(
                f"UPDATE delivery SET state = ?, settled_at = ? WHERE {_IS_KEY} AND state = ?",
                (REPLACED, now, *key, WAITING),
            )
            self._db.run(
                "INSERT INTO delivery (service, store, type, record_id, language, text_type, text_id, value, was,"
                " input_digest, origin, run_id, credits, state, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *key,
                    item.text_id,
                    item.value,
                    item.was,
                    item.input_digest,
                    item.origin,
                    item.run_id,
                    item.credits,
                    WAITING,
                    now,
                ),
            )

    def deliveries(self, *, again: bool = False) -> Deliveries:
        """Give what has to be written; with `again`, the newest delivery of every text, written or not."""
        query, state = "SELECT id FROM delivery WHERE service = ? AND state = ?", WAITING
        if again:
            query = f"SELECT max(id) FROM delivery WHERE service = ? AND state != ? GROUP BY {ADDRESS}"
            state = REPLACED
        return Deliveries(self._db, (row for (row,) in self._db.each(query, (self._service, state))))

    def keywords(self) -> dict[RecordKey, Delivery]:
        """Give the keywords that were found last for each record, whether they have reached the workbook or not."""
        rows = self._db.rows(
            "SELECT * FROM delivery WHERE service = ? AND origin = ? AND state != ? ORDER BY id",
            (self._service, Origin.KEYWORDS, REPLACED),
        )
        return {item.key.record: item for item in map(delivery, rows)}

    def written(self) -> Iterator[tuple[Delivery, float]]:
        """Give the newest text of each kind that was made or fetched and reached the workbook, and when it was made.

        Seconds since 1970.
        """
        text = Addresses().text
        for *row, made in self._db.each(
            f"SELECT {DELIVERY}, made_at FROM delivery"
            f" WHERE service = ? AND state = ? AND origin IN (?, ?) AND {_NEWEST} ORDER BY id",
            (self._service, WRITTEN, Origin.GENERATED, Origin.PULLED, REPLACED),
        ):
            yield delivery_of(text, row), made

    def written_by_run(self) -> dict[str, list[Delivery]]:
        """List the texts that runs made, fetched or put back, that reached the workbook and that none has followed."""
        return self._by_run(WRITTEN)

    def undone_by_run(self) -> dict[str, list[Delivery]]:
        """List those of them that the user has had taken out of the workbook again, where none has followed since."""
        return self._by_run(UNDONE)

    def _by_run(self, state: str) -> dict[str, list[Delivery]]:
        rows = self._db.rows(
            f"SELECT * FROM delivery WHERE service = ? AND state = ? AND origin IN (?, ?, ?) AND {_NEWEST} ORDER BY id",
            (self._service, state, Origin.GENERATED, Origin.PULLED, Origin.UNDONE, REPLACED),
        )
        found: dict[str, list[Delivery]] = {}
        for row in rows:
            found.setdefault(row["run_id"], []).append(delivery(row))
        return found

    def seen_before(self, items: Iterable[Delivery]) -> dict[TextKey, str]:
        """Give the newest text that the service had before each of some, where one was seen."""
        found = {}
        for item in items:
            rows = self._db.rows(
                f"SELECT value FROM text WHERE {_IS_KEY} AND text_id != ? AND seen_at <= (SELECT min(seen_at) FROM text"
                f" WHERE {_IS_KEY} AND text_id = ?) ORDER BY seen_at DESC LIMIT 1",
                (*self._key(item.key), item.text_id, *self._key(item.key), item.text_id),
            )
            if rows:
                found[item.key] = rows[0]["value"]
        return found

    def undo(self, items: Iterable[Delivery]) -> None:
        """Remember that the user had the former texts put back. One transaction."""
        with self._db.transaction():
            for item in items:
                self._db.run(
                    f"UPDATE delivery SET state = ? WHERE {_IS_KEY} AND text_id = ? AND state = ?",
                    (UNDONE, *self._key(item.key), item.text_id, WRITTEN),
                )

    def undone(self) -> dict[TextKey, str]:
        """Give the texts whose newest delivery was undone, each with the value that is not wanted back by itself."""
        rows = self._db.rows(
            f"SELECT * FROM delivery WHERE service = ? AND state = ? AND {_NEWEST}", (self._service, UNDONE, REPLACED)
        )
        return {text_key(row): row["value"] for row in rows}

    def archived(self) -> frozenset[TextKey]:
        """Give the texts whose record was archived, where no other delivery has followed."""
        rows = self._db.rows(
            f"SELECT {ADDRESS} FROM delivery WHERE service = ? AND origin = ? AND state != ? AND {_NEWEST}",
            (self._service, Origin.ARCHIVED, REPLACED, REPLACED),
        )
        return frozenset(map(text_key, rows))

    def wait_again(self, items: Iterable[Delivery]) -> None:
        """Put texts that are no longer in the workbook on their way into it once more. One transaction."""
        with self._db.transaction():
            for item in items:
                key = self._key(item.key)
                self._db.run(
                    "UPDATE delivery SET state = ?, settled_at = NULL WHERE state = ? AND text_id = ? AND id ="
                    f" (SELECT max(id) FROM delivery WHERE {_IS_KEY} AND state != ?)",
                    (WAITING, WRITTEN, item.text_id, *key, REPLACED),
                )

    def arrived(
        self, outcomes: Iterable[tuple[Delivery, str]], *, again: bool = False
    ) -> Iterable[tuple[TextKey, Base]]:
        """Give what is agreed on when deliveries are settled like this: all that was brought and is written.

        The same each time it is gone through. With `again`, for what may have been written before: it was agreed on
        then, so that writing it once more gives the same workbook.
        """
        now = time.time()
        if not again:
            return _Arrived(lambda: self._arrived(outcomes, now))
        made = dict(self._arrived(outcomes, now))
        for key, there in self.each_base():
            if key in made and replace(there, at=now) == made[key]:
                made[key] = there
        return made.items()

    def _arrived(self, outcomes: Iterable[tuple[Delivery, str]], now: float) -> Iterator[tuple[TextKey, Base]]:
        for item, state in outcomes:
            if state == WRITTEN and item.origin in BROUGHT:
                yield item.key, self.base_of(item, now)

    def settle(
        self,
        outcomes: Collection[tuple[Delivery, str]],
        arrived: Iterable[tuple[TextKey, Base]] | None = None,
        *,
        again: bool = False,
    ) -> None:
        """Say what became of deliveries (`written` or `kept`); what was brought and written becomes the agreed base.

        `arrived` are these bases, where they are at hand; `again` is what `arrived` takes. One transaction.
        """
        now = time.time()
        if arrived is None and again:
            arrived = self.arrived(outcomes, again=True)
        coming = iter(outcomes)
        with self._db.transaction():
            while some := list(islice(coming, _TOGETHER)):  # each is read once, and not all are held
                self._db.many(
                    f"UPDATE delivery SET state = ?, settled_at = ? WHERE {_IS_KEY} AND text_id = ? AND state = ?",
                    ((state, now, *self._key(item.key), item.text_id, WAITING) for item, state in some),
                )
                if arrived is None:
                    self._agree(self._arrived(some, now))
            if arrived is not None:
                self._agree(arrived)

    def base_of(self, item: Delivery, at: float, origin: Origin | None = None) -> Base:
        """Make of a delivery what both sides agree on once it is written; `origin` where that is another."""
        return Base(
            item.value,
            item.text_id,
            item.input_digest,
            origin or item.origin,
            simulated=self._simulated,
            run_id=item.run_id,
            at=at,
        )

    def sent_back(self, deliveries: Iterable[Delivery]) -> None:
        """Agree on what the service has from us now. Where only a mark was set, what was agreed stays as it is.

        Part of the caller's transaction.
        """
        for item in deliveries:
            known = self._db.rows(f"SELECT value FROM base WHERE {_IS_KEY}", self._key(item.key))
            if item.origin is Origin.ARCHIVED or (known and same(known[0]["value"], item.value)):
                continue
            self._agree([(item.key, self.base_of(item, time.time(), Origin.PUSHED))])

    def agree(self, bases: Iterable[tuple[TextKey, Base]]) -> None:
        """Remember texts on which workbook and service agree already: now, or when they say. One transaction."""
        with self._db.transaction():
            self._agree(bases)

    def _agree(self, bases: Iterable[tuple[TextKey, Base]]) -> None:
        self._db.many(
            "INSERT OR REPLACE INTO base (service, store, type, record_id, language, text_type, value, text_id,"
            " input_digest, origin, simulated, agreed_at, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *self._key(key),
                    base.value,
                    base.text_id,
                    base.input_digest,
                    base.origin,
                    base.simulated,
                    base.at or time.time(),
                    base.run_id,
                )
                for key, base in bases
            ),
        )

    def bases(self) -> dict[TextKey, Base]:
        """Give every agreed text."""
        return dict(self.each_base())

    def each_base(self) -> Iterator[tuple[TextKey, Base]]:
        """Give them one by one, in the order of their addresses; to be read to the end before anything is changed."""
        text = Addresses(most=_TOGETHER).text
        for *place, value, text_id, digest, origin, simulated, run_id, at in self._db.each(
            f"SELECT {ADDRESS}, value, text_id, input_digest, origin, simulated, run_id, agreed_at FROM base"
            f" WHERE service = ? ORDER BY {ADDRESS}",
            (self._service,),
        ):
            yield (
                text(*place),
                Base(value, text_id, digest, _ORIGINS[origin], simulated=bool(simulated), run_id=intern(run_id), at=at),
            )

    def generated(self) -> dict[TextKey, str]:
        """Give the digests of the inputs with which agreed texts were made; without the texts, which take more."""
        text = Addresses().text
        rows = self._db.each(
            f"SELECT {ADDRESS}, input_digest FROM base WHERE service = ? AND origin = ?",
            (self._service, Origin.GENERATED),
        )
        return {text(*place): digest for *place, digest in rows}

    def earlier(self, key: TextKey) -> set[str]:
        """Give all that ever stood in a cell or on the service under a key, as far as it was seen."""
        values = self._key(key)
        rows = self._db.rows(
            f"SELECT value FROM delivery WHERE {_IS_KEY} UNION SELECT was FROM delivery WHERE {_IS_KEY}"
            f" UNION SELECT value FROM text WHERE {_IS_KEY}",
            (*values, *values, *values),
        )
        return {row[0] for row in rows}

    def elsewhere(self) -> dict[TextKey, str]:
        """Give the texts that another, simulated service wrote into this workbook."""
        return {
            text_key(row): row["value"]
            for row in self._db.rows(
                "SELECT * FROM base WHERE service != ? AND simulated = 1 ORDER BY agreed_at", (self._service,)
            )
        }

    def delivered_since(self, moment: float) -> set[TextKey]:
        """Give the texts that were fetched, made or sent back since a moment, in seconds since 1970."""
        rows = self._db.rows(
            f"SELECT DISTINCT {ADDRESS} FROM delivery WHERE service = ? AND made_at >= ?",
            (self._service, moment),
        )
        return {text_key(row) for row in rows}

    def save_begins(self, path: str, old_sha256: str, new_sha256: str) -> int:
        """Remember that the workbook is about to be replaced, with both hashes. Gives the entry's number."""
        with self._db.transaction():
            return self._db.insert(
                "INSERT INTO save (at, path, old_sha256, new_sha256, state) VALUES (?, ?, ?, ?, 'begun')",
                (time.time(), path, old_sha256, new_sha256),
            )

    def save_ended(self, number: int) -> None:
        """Remember that the workbook was replaced."""
        with self._db.transaction():
            self._db.run("UPDATE save SET state = 'done' WHERE id = ?", (number,))


class _Arrived:
    """Bases, made anew each time somebody goes through them."""

    def __init__(self, made: Callable[[], Iterator[tuple[TextKey, Base]]]) -> None:
        self._made = made

    def __iter__(self) -> Iterator[tuple[TextKey, Base]]:
        return self._made()


def delivery(row: sqlite3.Row) -> Delivery:
    """Read a row of the table."""
    return Delivery(
        key=text_key(row),
        text_id=row["text_id"],
        value=row["value"],
        was=row["was"],
        input_digest=row["input_digest"],
        origin=Origin(row["origin"]),
        run_id=row["run_id"],
        credits=row["credits"],
    )
