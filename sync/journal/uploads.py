"""Which images were uploaded to one service, so that they are not uploaded again. May be lost at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import Uploaded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.journal.database import Database

_AT = "service = ? AND store = ? AND image_id = ?"


class Uploads:
    """The journal's memory of uploads. Every change is one transaction."""

    def __init__(self, database: Database, service: str) -> None:
        self._db = database
        self._service = service

    def known(self, store: str, image_id: str) -> Uploaded | None:
        """Give what was last uploaded under an id; None where nothing was."""
        rows = self._db.rows(f"SELECT digest, expires_at FROM upload WHERE {_AT}", (self._service, store, image_id))
        return Uploaded(rows[0]["digest"], rows[0]["expires_at"]) if rows else None

    def remember(self, store: str, image_id: str, uploaded: Uploaded) -> None:
        """Remember an upload; it takes the place of the one before."""
        with self._db.transaction():
            self._db.run(
                "INSERT OR REPLACE INTO upload (service, store, image_id, digest, expires_at) VALUES (?, ?, ?, ?, ?)",
                (self._service, store, image_id, uploaded.digest, uploaded.expires),
            )

    def forget(self, images: Iterable[tuple[str, str]]) -> None:
        """Forget uploads, by store and id: the images will be uploaded again."""
        with self._db.transaction():
            self._db.many(f"DELETE FROM upload WHERE {_AT}", ((self._service, *one) for one in images))
