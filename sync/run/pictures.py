"""Uploads the images that an order needs, before it goes out: what the service cannot see it cannot describe.

It costs nothing, and doing it twice changes nothing more, so that it is tried again where an answer is missing. What
was uploaded is remembered, so that a picture that has neither changed nor expired is not sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.batch import ItemState
from sync.errors import NotFound, Rejected, UsageError
from sync.model import IMAGE, Upload, Uploaded
from sync.run.classify import Verdict
from sync.run.pace import BUSY
from sync.run.patience import patiently
from sync.uploads import digest_of, is_there, looked_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model import Picture
    from sync.run.classify import Outcome
    from sync.run.order import AnyOrder
    from sync.run.ports import Session


@dataclass(slots=True)
class Uploader:
    """Sees to it that images are on the service. `sent` counts those that were uploaded."""

    session: Session
    sent: int = 0
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    """Images that cannot be uploaded, and why; not tried again in this run."""

    def ready(self, order: AnyOrder) -> Mapping[str, str]:
        """Upload what an order needs; give the ids of records that cannot be made, and why.

        Raises Unreachable where the service is silent, Rejected where it is too busy.
        """
        unready: dict[str, str] = {}
        for record in dict.fromkeys(item.key.record for item in order.batch.items):
            for place in looked_at(record, self.session.records):
                picture = self.session.pictures.get(place)
                if picture is None or self.session.stopping():
                    continue  # without a picture it is taken to be on the service, whose answer will tell
                why = self._upload(place, picture)
                if why:
                    unready[record.record_id] = f"image {place[1]} could not be uploaded: {why}"
        return unready

    def _upload(self, place: tuple[str, str], picture: Picture) -> str:
        if place in self.refused:
            return self.refused[place]
        session = self.session
        try:
            data = session.picture_data(picture) if picture.file else b""
            digest = digest_of(picture, data)
            if is_there(session.journal.uploads.known(*place), digest, self._now()):
                return ""
            upload = Upload(*place, url=picture.url, data=data, overwrite=True)
            session.beat()
            image = patiently(session, lambda: session.service.images.upload(upload))
        except (UsageError, NotFound, Rejected) as error:
            if isinstance(error, Rejected) and error.status in BUSY:
                raise
            self.refused[place] = error.message
            return error.message
        session.journal.uploads.remember(*place, Uploaded(digest, image.expires))
        self.sent += 1
        return ""

    def heed(self, number: int, order: AnyOrder, outcome: Outcome) -> None:
        """Forget the uploads of images that the service could not use: the next run sends them again."""
        if outcome.verdict is Verdict.REFUSED:
            records = {item.key.record for item in order.batch.items}
        elif outcome.verdict is Verdict.ACCEPTED and order.batch.type == IMAGE:
            batch = self.session.journal.batches.batch(number)
            items = batch.items if batch is not None else ()
            records = {item.key.record for item in items if item.state is ItemState.FAILED}
        else:
            return
        places = [place for record in sorted(records) for place in looked_at(record, self.session.records)]
        if places:
            self.session.journal.uploads.forget(places)

    def _now(self) -> float:
        return self.session.clock.now() + (self.session.service.server_time_offset or 0.0)
