"""The calls about images: looking, uploading, and their alt texts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sync.errors import NotFound, UsageError
from sync.service import generation, image_wire, loose, uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.attempt import Attempt
    from sync.model import AltTextOrder, AltTextUpdate, Image, Upload
    from sync.service.body import Json
    from sync.service.session import Session

_MOST = 50
_DOUBTS = 16
"""How many calls may be spent on finding out what a 404 for several ids means."""


class Images:
    """Reached as `service.images`. `local`: the service is on this machine, so that an image's address may be, too."""

    def __init__(self, session: Session, *, local: bool) -> None:
        self._session = session
        self._local = local
        self._doubts = _DOUBTS

    def get(self, store: str, image_id: str, *, language: str = "") -> Image:
        """Return one image, with its alt text in `language`. Raises NotFound."""
        query = [*_place(store, language), ("imageId", image_id), ("includeUpdateHistory", "true")]
        return image_wire.image(self._session.get_json("image", "an image", query=query), store, image_id)

    def read(self, store: str, image_ids: Sequence[str], *, language: str = "") -> tuple[Image, ...]:
        """Return images in the order of the ids, with their alt texts; what the service has not is left out."""
        waiting = list(dict.fromkeys(one for one in image_ids if one))
        found: dict[str, Image] = {}
        for ids in self._session.parts("images", waiting, partial(_list_query, store, language), _MOST):
            found |= {one.image_id: one for one in self._read(store, language, ids)}
        return tuple(found[one] for one in waiting if one in found)

    def upload(self, image: Upload) -> Image:
        """Upload an image by its address, or by what is in its file; free of charge, as far as is known.

        Raises UsageError, before anything is sent, for an address that is not public, and for a file that is empty,
        bigger than 10 MB (a limit of ours) or of a kind that the service does not take; Rejected when it refuses.
        """
        if bool(image.url.strip()) == bool(image.data):
            raise UsageError("An image is uploaded by its address or by its file: exactly one of the two.")
        url = uploads.check_address(image.url, local=self._local) if image.url.strip() else ""
        data = "" if url else uploads.data_uri(image.data)
        answer = self._session.write("upload-image", body=image_wire.upload_body(image, url, data))
        return image_wire.image(loose.parse(answer.body, "an image"), image.store, image.image_id)

    def update_alt_text(self, store: str, language: str, update: AltTextUpdate) -> None:
        """Store an edited alt text, or mark it. Raises NotFound for an unknown image or text id."""
        self._session.write("alt-text", body=image_wire.update_body(store, language, update))

    def update_alt_texts(self, store: str, language: str, updates: Sequence[AltTextUpdate]) -> None:
        """Store several at once. Raises NotFound when one of them is unknown; the others may be stored or not."""
        if updates:
            body: Json = {"images": [image_wire.update_body(store, language, one) for one in updates]}
            self._session.write("alt-texts", body=body)

    def generate_alt_texts(self, order: AltTextOrder, *, before_send: Callable[[], None] | None = None) -> Attempt:
        """Have alt texts written, once, and tell what happened. This costs credits; see `Service.generate`.

        The alt texts are the Attempt's `images`; one that was asked for and is not there has failed. At most
        `Rules.max_alt_texts` images go into one order.
        """
        attempt = generation.submit(self._session, "generate-alt-texts", image_wire.order_body(order), before_send)
        return replace(attempt, images=image_wire.alt_texts(attempt.body, order)) if attempt.accepted else attempt

    def _read(self, store: str, language: str, ids: list[str]) -> tuple[Image, ...]:
        """Ask for some images. A 404 may hide those that are there behind one that is not: then in halves, a while."""
        try:
            value = self._session.get_json("images", "images", query=_list_query(store, language, ids))
        except NotFound:
            if len(ids) == 1 or not self._doubts:
                return ()
            self._doubts = max(0, self._doubts - 2)
            middle = len(ids) // 2
            return self._read(store, language, ids[:middle]) + self._read(store, language, ids[middle:])
        found = tuple(one for one in image_wire.images(value, store, ids) if one.image_id in ids)
        if found and len(found) < len(ids):
            self._doubts = 0
        return found


def _place(store: str, language: str) -> list[tuple[str, str]]:
    return [("storeId", store), ("language", language)]


def _list_query(store: str, language: str, ids: Sequence[str]) -> list[tuple[str, str]]:
    asked = [(f"images[{place}]", one) for place, one in enumerate(ids)]
    return [*_place(store, language), ("includeUpdateHistory", "true"), *asked]
