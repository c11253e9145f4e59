"""What keyword optimizations have found, in the journal: each answer whole, the moment it came.

What they cost, and how far they are, stands where that of texts does: an optimization is a batch with one item.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from sync.batch import BatchState, ItemState
from sync.model import KEYWORDS, Keyword, KeywordResult, OptimizationState, Pipeline, RecordKey, Searched, Trigger

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from sync.journal.database import Database

_FREE = (ItemState.NOT_SENT, ItemState.CANCELLED, ItemState.RESENT)
"""How the order of a search ends that stands in nobody's way: it was not sent, or is to be sent again."""
_STATES = {state.value: state for state in OptimizationState}


class KeywordRun(NamedTuple):
    """What the journal knows of the keywords of one record. Times in seconds since 1970."""

    key: RecordKey
    state: BatchState | None = None
    """How far its last order is; None where nothing was ever ordered."""
    started_at: float = 0.0
    ended_at: float | None = None
    reason: str = ""
    """Why it was not sent, failed, or nobody can say."""
    price: float = 0.0
    credits: float = 0.0
    asked: Mapping[str, Any] = {}
    """What was sent."""
    now: KeywordResult | None = None
    before: KeywordResult | None = None
    """The newest result before it that had other keywords, or in which one ranked otherwise."""
    seen_at: float | None = None
    """When `now` was read."""


class Optimizations:
    """The results of keyword optimizations, for one service."""

    def __init__(self, database: Database, service: str) -> None:
        self._db = database
        self._service = service

    def see(self, result: KeywordResult, batch_id: int | None, at: float | None = None) -> None:
        """Keep a result, with the answer as it came `at` a time, or now. Part of the caller's transaction."""
        key = result.key
        found = {"keywords": list(map(asdict, result.keywords)), "pipelines": list(map(asdict, result.pipelines))}
        self._db.run(
            "INSERT INTO optimization (service, store, type, record_id, language, batch_id, state, changed_at, note,"
            " found, raw, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(self._service, *key, batch_id, result.raw_state, result.changed_at, result.note),
                *(json.dumps(found, ensure_ascii=False), result.raw, time.time() if at is None else at),
            ),
        )

    def keep(self, results: Iterable[KeywordResult], at: float | None = None) -> None:
        """Keep results that came `at` a time, after an order of ours, or without one. One transaction."""
        with self._db.transaction():
            for result in results:
                self.see(result, None, at)

    def runs(self) -> dict[RecordKey, KeywordRun]:
        """Give what is known of every record whose keywords were ever ordered, or read."""
        found = self._results()
        for row in self._db.rows(
            "SELECT item.*, batch.state AS batch_state, batch.sent_at, batch.changed_at, batch.asked,"
            " coalesce(nullif(item.reason, ''), batch.reason) AS why, max(item.batch_id)"
            " FROM item JOIN batch ON batch.id = item.batch_id WHERE item.service = ? AND text_type = ?"
            " GROUP BY item.store, item.type, record_id, item.language",
            (self._service, KEYWORDS),
        ):
            key, state = _key(row), BatchState(row["batch_state"])
            known = found.get(key, KeywordRun(key))
            found[key] = known._replace(
                state=state,
                started_at=row["sent_at"],
                ended_at=row["changed_at"] if not row["held"] else None,
                reason=row["why"],
                price=row["price_max"],
                credits=row["credits"],
                asked=json.loads(row["asked"] or "{}"),
            )
        return found

    def searched(self) -> dict[RecordKey, Searched]:
        """Give the last order of each record's keywords that may have been charged."""
        # What says what was asked is an order of keywords; one that somebody else gave says nothing.
        return {
            _key(row): Searched(row["last"], row["state"] in {ItemState.DONE, ItemState.FAILED})
            for row in self._db.rows(
                "SELECT item.*, max(batch.id) AS last FROM batch JOIN item ON item.batch_id = batch.id"
                " WHERE batch.service = ? AND batch.asked != '' AND item.state NOT IN (?, ?, ?)"
                " GROUP BY item.store, item.type, item.record_id, item.language",
                (self._service, *_FREE),
            )
        }

    def _results(self) -> dict[RecordKey, KeywordRun]:
        """Read the newest result of each record, and the newest before it that had other keywords or ranks."""
        found: dict[RecordKey, KeywordRun] = {}
        for row in self._db.rows("SELECT * FROM optimization WHERE service = ? ORDER BY id DESC", (self._service,)):
            key = _key(row)
            known = found.get(key)
            if known is None:
                found[key] = KeywordRun(key, now=_result(row), seen_at=row["at"])
            elif known.before is None and known.now is not None:
                before = _result(row)
                if _ranks(before) != _ranks(known.now):
                    found[key] = known._replace(before=before)
        return found


def _ranks(result: KeywordResult) -> dict[str, int | None]:
    return {one.keyword: one.rank for one in result.keywords}


def _key(row: sqlite3.Row) -> RecordKey:
    return RecordKey(row["store"], row["type"], row["record_id"], row["language"])


def _result(row: sqlite3.Row) -> KeywordResult:
    found = json.loads(row["found"])
    return KeywordResult(
        key=_key(row),
        state=_STATES.get(row["state"], OptimizationState.OTHER),
        raw_state=row["state"],
        keywords=tuple(Keyword(**_known(Keyword, one)) for one in found["keywords"]),
        pipelines=tuple(map(_pipeline, found["pipelines"])),
        changed_at=row["changed_at"],
        note=row["note"],
        raw=row["raw"],
    )


def _pipeline(data: Mapping[str, Any]) -> Pipeline:
    triggers = tuple(
        Trigger(**{**_known(Trigger, one), "text_types": tuple(one["text_types"])}) for one in data["triggers"]
    )
    return Pipeline(**{**_known(Pipeline, data), "triggers": triggers})


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what another version of wtsync has written and this one does not know."""
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in data.items() if name in names}
