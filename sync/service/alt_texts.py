"""Alt texts as texts: an image stands for a record, so that a run reads, orders and updates them as it does others.

The calls are those of `sync.service.images`; what is different about them is known here and nowhere else.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.model import ALT_TEXT, IMAGE, AltTextOrder, AltTextUpdate, RecordKey, RemoteText, TextKey
from sync.service import image_wire, loose
from sync.service.body import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sync.attempt import Attempt, GenerateRequest
    from sync.model import Image, TextUpdate
    from sync.service.images import Images


def read(images: Images, store: str, language: str, image_ids: Sequence[str]) -> list[RemoteText]:
    """Return the alt texts that images have now; images without one are left out. The service tells no earlier ones."""
    return _texts(images.read(store, image_ids, language=language), store, language)


def order_of(request: GenerateRequest) -> AltTextOrder:
    """Turn an order for images of one product into what is sent."""
    first = request.records[0].inputs
    return AltTextOrder(
        request.store,
        request.language,
        tuple((record.record_id, record.fields[0][1]) for record in request.records),
        product_name=first.name,
        keywords=first.keywords,
    )


def body_sha256(request: GenerateRequest) -> str:
    """Return the SHA-256 of the bytes that an order will send."""
    return hashlib.sha256(encode(image_wire.order_body(order_of(request)))).hexdigest()


def generate(images: Images, request: GenerateRequest, before_send: Callable[[], None] | None) -> Attempt:
    """Have alt texts written, once, and tell what happened. They come inside the answer, or nobody can say.

    The attempt is `complete` where each image that the answer names has words and an id: then those that it does not
    name have failed. Where one has not, its text has to be looked for, and nothing of the answer is built upon.
    """
    order = order_of(request)
    attempt = images.generate_alt_texts(order, before_send=before_send)
    named = _named(attempt, order)
    if named is None:
        return attempt
    texts = _texts(attempt.images, order.store, order.language)
    if named - {text.key.record.record_id for text in texts}:
        return attempt
    return replace(attempt, texts=tuple(texts), complete=True)


def _named(attempt: Attempt, order: AltTextOrder) -> set[str] | None:
    """Give the images that an answer names, of those that were asked for; None where it holds no list of any."""
    if not attempt.accepted or attempt.exception:
        return None
    data = loose.opened(attempt.body)
    entries = data if isinstance(data, list) else loose.find(loose.thing(data), "texts", "images", "imageAltTexts")
    if not isinstance(entries, list):
        return None
    asked = {identity.strip().casefold(): identity for identity, _ in order.images}
    said = (loose.text(loose.find(entry, "imageId", "id")) for entry in loose.things(entries))
    return {asked[one.strip().casefold()] for one in said if one.strip().casefold() in asked}


def update(images: Images, record: RecordKey, updates: Iterable[TextUpdate]) -> None:
    """Store the alt text of one image, or mark it. Raises NotFound for an unknown image or text id."""
    told = [AltTextUpdate(record.record_id, one.text_id, one.value, one.publish, one.reviewed) for one in updates]
    images.update_alt_texts(record.store, record.language, told)


def _texts(found: Iterable[Image], store: str, language: str) -> list[RemoteText]:
    return [
        RemoteText(TextKey(RecordKey(store, IMAGE, one.image_id, language), ALT_TEXT), one.alt.text_id, one.alt.value)
        for one in found
        if one.alt is not None and one.alt.text_id
    ]
