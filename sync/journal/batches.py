"""Runs, batches and items in the journal. Each step is one transaction that checks the state it leaves."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from sync.batch import OPEN, UNSURE, Baseline, Batch, BatchState, Item, ItemState, RunInfo
from sync.errors import JournalError
from sync.journal.addresses import ADDRESS
from sync.model import Price, RecordKey, TextKey

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sync.journal.database import Database

S = BatchState
STEPS: dict[BatchState, frozenset[BatchState]] = {
    S.PLANNED: frozenset({S.INTENT, S.REJECTED, S.BLOCKED, S.CANCELLED}),
    S.INTENT: frozenset({S.ACCEPTED, S.COLLECTED, S.PLANNED, S.REJECTED, S.BLOCKED, S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.ACCEPTED, S.COLLECTED, S.LOST}),
    S.ACCEPTED: frozenset({S.RUNNING, S.CANCELLING, S.COLLECTED, S.CANCELLED, S.GONE}),
    S.RUNNING: frozenset({S.CANCELLING, S.COLLECTED, S.CANCELLED, S.GONE}),
    S.CANCELLING: frozenset({S.COLLECTED, S.CANCELLED, S.GONE}),
    S.COLLECTED: frozenset(),
    S.CANCELLED: frozenset(),
    S.REJECTED: frozenset(),
    S.BLOCKED: frozenset(),
    S.GONE: frozenset({S.ACCEPTED}),
    S.LOST: frozenset({S.ACCEPTED}),
}
"""The steps a batch may take. Everything else is a bug, and refused."""


class Batches:
    """The sending side of the journal, for one service."""

    def __init__(self, database: Database, service: str) -> None:
        self._db = database
        self._service = service

    # ------------------------------------------------------------------ runs

    def begin_run(self, run: RunInfo, plan_digest: str) -> None:
        """Remember that a run starts."""
        with self._db.transaction():
            self._db.run(
                "INSERT INTO run (id, started_at, state, service, simulated, approved, plan_digest, balance_before)"
                " VALUES (?, ?, 'running', ?, ?, ?, ?, ?)",
                (run.id, run.started_at, run.service, run.simulated, run.approved, plan_digest, run.balance_before),
            )

    def end_run(self, run_id: str, state: str, balance_after: float | None) -> None:
        """Remember how a run ended, in one word."""
        with self._db.transaction():
            self._db.run(
                "UPDATE run SET state = ?, ended_at = ?, balance_after = ? WHERE id = ?",
                (state, time.time(), balance_after, run_id),
            )

    def began(self, plan_digest: str) -> int | None:
        """Give the number of the last batch from before the first run of a plan; None: no run of it has begun.

        It goes by the order in which things were written down, which no clock that is set back changes.
        """
        # Runs are never taken out, so that their rows are in the order in which they began; in a copy too.
        query = "SELECT min(rowid) AS first FROM run WHERE service = ? AND plan_digest = ?"
        first: int | None = self._db.rows(query, (self._service, plan_digest))[0]["first"]
        if first is None:
            return None
        before = "SELECT id FROM run WHERE rowid < ?"
        query = f"SELECT coalesce(max(id), 0) AS last FROM batch WHERE run_id IN ({before})"
        return int(self._db.rows(query, (first,))[0]["last"])

    def runs(self) -> list[RunInfo]:
        """List the runs, oldest first."""
        return [
            RunInfo(
                id=row["id"],
                started_at=row["started_at"],
                service=row["service"],
                simulated=bool(row["simulated"]),
                approved=row["approved"],
                state=row["state"],
                ended_at=row["ended_at"],
                balance_before=row["balance_before"],
                balance_after=row["balance_after"],
            )
            for row in self._db.rows("SELECT * FROM run WHERE service = ? ORDER BY started_at, rowid", (self._service,))
        ]

    # --------------------------------------------------------------- batches

    def plan(self, batches: Iterable[Batch]) -> list[int]:
        """Take up batches that are to be sent, or (`found`) that the service has already. Gives their numbers.

        One transaction. Raises JournalError when one of the texts is in another batch that may still be charged.
        """
        with self._db.transaction():
            return [self._plan(batch) for batch in batches]

    def _plan(self, batch: Batch) -> int:
        key = (batch.store, batch.type, batch.language)
        if batch.state is not S.PLANNED:
            drop_holdings(self._db, self._service, {item.key.record for item in batch.items})
        number = self._db.insert(
            "INSERT INTO batch (run_id, service, state, store, type, language, found, request_id, body_sha256,"
            " known_requests, sent_at, reason, changed_at, asked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '[]', 0, '', ?, ?)",
            (batch.run_id, self._service, batch.state, *key, batch.found, batch.request_id, time.time(), batch.asked),
        )
        self._db.many(
            "INSERT INTO item (batch_id, service, store, type, record_id, language, text_type, was, input_digest,"
            " price_min, price_max, baseline, state, text_id, reason, held)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', 1)",
            ([number, *self._item_values(item)] for item in batch.items),
        )
        self._event(batch.run_id, number, batch.state, {"request": batch.request_id} if batch.request_id else {})
        return number

    def drop(self, numbers: Iterable[int], to: BatchState, reason: str) -> None:
        """Let go of planned batches that will not be sent. One transaction."""
        with self._db.transaction():
            for number in numbers:
                self.step(number, to, reason=reason)
                self._let_go(number, ItemState.CANCELLED if to is S.CANCELLED else ItemState.NOT_SENT, reason)

    def _let_go(self, number: int, state: ItemState, reason: str) -> None:
        self._db.run(
            "UPDATE item SET state = ?, reason = ?, held = 0 WHERE batch_id = ? AND held = 1", (state, reason, number)
        )

    def _item_values(self, item: Item) -> list[Any]:
        key = item.key.record
        return [
            self._service,
            *(key.store, key.type, key.record_id, key.language, item.key.text_type),
            *(item.was, item.input_digest, item.price.min, item.price.max, item.baseline, item.state),
        ]

    def intend(self, number: int, baseline: Baseline, body_sha256: str) -> None:
        """Commit the intent to send a batch: the last thing before its bytes leave.

        Raises JournalError when it cannot be made to stay; then nothing may be sent.
        """
        with self._db.transaction():
            self.step(number, S.INTENT, reason="")
            rows = self._db.rows(f"SELECT {ADDRESS} FROM item WHERE batch_id = ?", (number,))
            drop_holdings(self._db, self._service, {text_key(row).record for row in rows})
            self._db.run(
                "UPDATE batch SET body_sha256 = ?, known_requests = ?, balance = ?, server_time = ?, sent_at = ?"
                " WHERE id = ?",
                (
                    body_sha256,
                    json.dumps(sorted(baseline.requests)),
                    baseline.balance,
                    baseline.server_time,
                    time.time(),
                    number,
                ),
            )
            self._db.many(
                "UPDATE item SET baseline = ? WHERE batch_id = ? AND record_id = ? AND text_type = ?",
                ((text_id, number, key.record.record_id, key.text_type) for key, text_id in baseline.texts.items()),
            )

    def inform(self, number: int, digests: Mapping[TextKey, str]) -> None:
        """Take down other inputs of texts, by their digests, than they were planned with: before they are sent.

        One transaction.
        """
        with self._db.transaction():
            self._db.many(
                "UPDATE item SET input_digest = ? WHERE batch_id = ? AND record_id = ? AND text_type = ?",
                ((digest, number, key.record.record_id, key.text_type) for key, digest in digests.items()),
            )

    def move(self, number: int, to: BatchState, *, request_id: str | None = None, reason: str = "") -> None:
        """Take one step. Where it is the end of a batch, what is open in it is let go as not sent."""
        with self._db.transaction():
            self.step(number, to, reason=reason)
            if request_id is not None:
                self.name(number, request_id)
            if to in {S.REJECTED, S.BLOCKED}:
                self._let_go(number, ItemState.NOT_SENT, reason)

    def step(self, number: int, to: BatchState, *, reason: str = "") -> None:
        """Take one step, if it is an allowed one from where the batch is. Part of the caller's transaction."""
        allowed = [state for state, nexts in STEPS.items() if to in nexts]
        marks = ", ".join("?" * len(allowed))
        touched = self._db.run(
            f"UPDATE batch SET state = ?, reason = ?, changed_at = ? WHERE id = ? AND state IN ({marks})",
            (to, reason, time.time(), number, *allowed),
        )
        if touched != 1:
            raise JournalError(f"Batch {number} cannot become '{to}' from where it is.", "Please report this.")
        run_id = self._db.rows("SELECT run_id FROM batch WHERE id = ?", (number,))[0]["run_id"]
        self._event(run_id, number, to, {"reason": reason} if reason else {})

    def name(self, number: int, request_id: str) -> None:
        """Say which request of the service a batch is. Part of the caller's transaction."""
        self._db.run("UPDATE batch SET request_id = ? WHERE id = ?", (request_id, number))

    def settle(self, number: int, outcomes: Iterable[tuple[TextKey, ItemState, str, str]]) -> None:
        """Write down what became of items: key, state, text id and reason. Part of the caller's transaction."""
        self._db.many(
            "UPDATE item SET state = ?, text_id = ?, reason = ?, held = ? WHERE batch_id = ? AND record_id = ?"
            " AND text_type = ?",
            (
                (
                    state,
                    text_id,
                    reason,
                    int(state in {ItemState.OPEN, ItemState.UNKNOWN}),
                    number,
                    key.record.record_id,
                    key.text_type,
                )
                for key, state, text_id, reason in outcomes
            ),
        )

    def charge(self, number: int, credits_by_text: Mapping[TextKey, float]) -> None:
        """Write down what texts have cost by the price list. Part of the caller's transaction."""
        self._db.many(
            "UPDATE item SET credits = ? WHERE batch_id = ? AND record_id = ? AND text_type = ?",
            ((spent, number, key.record.record_id, key.text_type) for key, spent in credits_by_text.items()),
        )

    def _event(self, run_id: str, number: int | None, kind: str, detail: dict[str, Any]) -> None:
        self._db.run(
            "INSERT INTO event (at, run_id, batch_id, kind, detail) VALUES (?, ?, ?, ?, ?)",
            (time.time(), run_id, number, kind, json.dumps(detail, ensure_ascii=False)),
        )

    # --------------------------------------------------------------- reading

    def batches(self, states: Collection[BatchState] = ()) -> list[Batch]:
        """List batches with their items, oldest first; all of them, or those in some states."""
        return [self._batch(row) for row in self._rows(states)]

    def runs_of(self, states: Collection[BatchState]) -> dict[int, str]:
        """Give the numbers of the batches in some states, each with its run, without reading their items."""
        return {row["id"]: row["run_id"] for row in self._rows(states)}

    def _rows(self, states: Collection[BatchState]) -> list[sqlite3.Row]:
        query, values = "SELECT * FROM batch WHERE service = ?", [self._service]
        if states:
            query += f" AND state IN ({', '.join('?' * len(states))})"
            values += states
        return self._db.rows(f"{query} ORDER BY id", values)

    def batch(self, number: int) -> Batch | None:
        """Read one batch by its number."""
        rows = self._db.rows("SELECT * FROM batch WHERE service = ? AND id = ?", (self._service, number))
        return self._batch(rows[0]) if rows else None

    def _batch(self, row: sqlite3.Row) -> Batch:
        items = self._db.rows("SELECT * FROM item WHERE batch_id = ? ORDER BY rowid", (row["id"],))
        return Batch(
            id=row["id"],
            run_id=row["run_id"],
            state=BatchState(row["state"]),
            store=row["store"],
            type=row["type"],
            language=row["language"],
            items=tuple(_item(item) for item in items),
            request_id=row["request_id"],
            found=bool(row["found"]),
            reason=row["reason"],
            known_requests=frozenset(json.loads(row["known_requests"])),
            sent_at=row["sent_at"],
            asked=row["asked"],
        )

    def open(self) -> list[Batch]:
        """List the batches that the service has and that may still bring texts."""
        return self.batches(OPEN)

    def open_count(self) -> int:
        """Count the batches that `open` lists, without reading them."""
        marks = ", ".join("?" * len(OPEN))
        query = f"SELECT count(*) AS n FROM batch WHERE service = ? AND state IN ({marks})"
        return int(self._db.rows(query, (self._service, *OPEN))[0]["n"])

    def unknown(self) -> list[Batch]:
        """List the batches with texts that nobody can say about: unsure ones, and ended ones that left some open."""
        # What is unknown is held, and what is held has an index: the journal's size does not count.
        numbers = self._db.rows(
            "SELECT DISTINCT batch_id FROM item WHERE service = ? AND held = 1 AND state = ?",
            (self._service, ItemState.UNKNOWN),
        )
        left = [batch for row in numbers if (batch := self.batch(row["batch_id"])) is not None]
        ended = [batch for batch in left if batch.state in {S.GONE, S.COLLECTED, S.CANCELLED}]
        return sorted([*self.batches(UNSURE), *ended], key=lambda batch: batch.id)

    def request_ids(self) -> set[str]:
        """Give the ids of all requests that a batch is known to be."""
        rows = self._db.rows("SELECT DISTINCT request_id FROM batch WHERE service = ?", (self._service,))
        return {row["request_id"] for row in rows} - {""}

    def held(self) -> tuple[dict[TextKey, str], dict[TextKey, str]]:
        """Give the texts that may still be charged, each with its batch: those being made, those nobody knows of."""
        making: dict[TextKey, str] = {}
        unknown: dict[TextKey, str] = {}
        for row in self._db.rows(
            "SELECT item.*, batch.state AS batch_state FROM item JOIN batch ON batch.id = item.batch_id"
            " WHERE item.held = 1 AND item.service = ?",
            (self._service,),
        ):
            sure = BatchState(row["batch_state"]) in OPEN | {S.PLANNED} and row["state"] == ItemState.OPEN
            (making if sure else unknown)[text_key(row)] = str(row["batch_id"])
        return making, unknown

    def last_event(self) -> float | None:
        """Tell when the journal last saw something happen, in seconds since 1970."""
        rows = self._db.rows("SELECT max(at) AS at FROM event")
        return rows[0]["at"] if rows else None

    # ------------------------------------------------------------------ asks

    def ask_to_cancel(self, run_id: str) -> int:
        """Ask whoever holds the lease to cancel a run (empty: all that is outstanding)."""
        with self._db.transaction():
            return self._db.insert(
                "INSERT INTO ask (kind, run_id, asked_at) VALUES ('cancel', ?, ?)", (run_id, time.time())
            )

    def asked_to_cancel(self) -> Sequence[tuple[int, str]]:
        """List the cancellations asked for and not yet carried out: number and run (empty: all)."""
        rows = self._db.rows("SELECT id, run_id FROM ask WHERE kind = 'cancel' AND done_at IS NULL ORDER BY id")
        return [(row["id"], row["run_id"]) for row in rows]

    def forget_asks(self, before: float) -> None:
        """Let go of what was asked of an earlier holder of the lease, who is gone: before a moment since 1970."""
        with self._db.transaction():
            self._db.run("UPDATE ask SET done_at = ? WHERE done_at IS NULL AND asked_at < ?", (time.time(), before))

    def cancel_asked(self, number: int) -> None:
        """Mark one asked-for cancellation as taken up."""
        with self._db.transaction():
            self._db.run("UPDATE ask SET done_at = ? WHERE id = ?", (time.time(), number))


def drop_holdings(database: Database, service: str, records: Iterable[RecordKey]) -> None:
    """Forget what some records had on the service: the next look reads them. Part of the caller's transaction."""
    database.many(
        "DELETE FROM holding WHERE service = ? AND type = ? AND store = ? AND language = ? AND record_id = ?",
        ((service, key.type, key.store, key.language, key.record_id) for key in records),
    )


def text_key(row: sqlite3.Row) -> TextKey:
    """Make the address of a text from a row's columns."""
    return TextKey(RecordKey(row["store"], row["type"], row["record_id"], row["language"]), row["text_type"])


def _item(row: sqlite3.Row) -> Item:
    return Item(
        key=text_key(row),
        was=row["was"],
        input_digest=row["input_digest"],
        price=Price(row["price_min"], row["price_max"]),
        baseline=row["baseline"],
        state=ItemState(row["state"]),
        text_id=row["text_id"],
        reason=row["reason"],
    )
