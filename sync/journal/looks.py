"""What the service held when it was last looked at, for one service: a memory that may be lost at any time.

It says nothing of what was paid, agreed or delivered, and no other part of the journal asks it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sync.batch import GIVEN_UP, BatchState
from sync.journal.addresses import ADDRESS
from sync.journal.batches import drop_holdings, text_key
from sync.journal.texts import WAITING
from sync.model import Look, RecordKey, RemoteText, TextKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.journal.database import Database
    from sync.model import Address

_AT = "service = ? AND type = ? AND store = ? AND language = ?"


class Looks:
    """The journal's memory of the service's texts. Every change is one transaction."""

    def __init__(self, database: Database, service: str) -> None:
        self._db = database
        self._service = service

    def known(self, account: str, address: Address) -> Look | None:
        """Give the latest look under an address with what it left; None where there is none for that account."""
        group = (self._service, *address)
        looks = self._db.rows(f"SELECT * FROM look WHERE {_AT} AND account = ?", (*group, account))
        if not looks:
            return None
        rows = self._db.rows(f"SELECT record_id, texts FROM holding WHERE {_AT}", group)
        holdings = {row["record_id"]: _texts(address, row["record_id"], row["texts"]) for row in rows}
        (look,) = looks
        return Look(tuple(json.loads(look["text_types"])), look["at"], look["full_at"], look["turn"], holdings)

    def remember(self, account: str, address: Address, look: Look, gone: Iterable[str] | None = None) -> None:
        """Remember a look with what it read. `gone` are the records to be forgotten; None: all that it did not read."""
        group = (self._service, *address)
        with self._db.transaction():
            if gone is None:
                self._db.run(f"DELETE FROM holding WHERE {_AT}", group)
            elif not self._db.rows(
                f"SELECT 1 FROM look WHERE {_AT} AND account = ? AND text_types = ? AND full_at = ?",
                (*group, account, json.dumps(look.text_types), look.full_at),
            ):
                return  # what it goes on with is not there, or is another's by now
            else:
                self._db.many(f"DELETE FROM holding WHERE {_AT} AND record_id = ?", ((*group, one) for one in gone))
            self._db.run(
                "INSERT OR REPLACE INTO look (service, type, store, language, account, text_types, at, full_at, turn)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*group, account, json.dumps(look.text_types), look.at, look.full_at, look.turn),
            )
            self._db.many(
                "INSERT OR REPLACE INTO holding (service, type, store, language, record_id, texts)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                ((*group, record_id, _data(texts)) for record_id, texts in look.holdings.items()),
            )

    def forget(self, address: Address) -> None:
        """Forget all that is remembered under an address: the next look reads everything."""
        group = (self._service, *address)
        with self._db.transaction():
            self._db.run(f"DELETE FROM look WHERE {_AT}", group)
            self._db.run(f"DELETE FROM holding WHERE {_AT}", group)

    def look_again(self, records: Iterable[RecordKey]) -> None:
        """Forget some records: the next look reads them, whatever the service says of them."""
        with self._db.transaction():
            drop_holdings(self._db, self._service, records)

    def in_doubt(self) -> set[RecordKey]:
        """Name the records that are to be read at every look: something of theirs is under way, or was given up.

        What is only planned has not left this computer, so nothing can have come of it.
        """
        rows = self._db.rows(
            f"SELECT {ADDRESS} FROM item WHERE service = ? AND (state IN (?, ?)"
            " OR held = 1 AND batch_id NOT IN (SELECT id FROM batch WHERE state = ?))"
            f" UNION SELECT {ADDRESS} FROM delivery WHERE service = ? AND state = ?",
            (self._service, *GIVEN_UP, BatchState.PLANNED, self._service, WAITING),
        )
        return {text_key(row).record for row in rows}


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # json.dumps makes one for each record


def _data(texts: Iterable[RemoteText]) -> str:
    return _encode([[one.key.text_type, one.text_id, one.value] for one in texts])


def _texts(address: Address, record_id: str, data: str) -> tuple[RemoteText, ...]:
    record = RecordKey(address.store, address.type, record_id, address.language)
    return tuple(
        RemoteText(TextKey(record, text_type), identity, value) for text_type, identity, value in json.loads(data)
    )
