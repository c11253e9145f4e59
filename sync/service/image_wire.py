"""From the service's JSON to images, and back. Pure, and as forgiving as `wire`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.model import AltText, Image
from sync.service.body import described, given
from sync.service.loose import find, flag, items, moment, opened, spelled_as, text, thing, things
from sync.service.wire import listing, needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.model import AltTextOrder, AltTextUpdate, Upload
    from sync.service.body import Json

_NOBODY = "::1"
"""The page of uploads calls `ipAddress` required and shows this one: an address that tells nothing of anybody."""


def image(value: object, store: str, image_id: str) -> Image:
    """Read one image; `store` and `image_id` are what was asked for, should the answer not repeat them."""
    found = _image(needed(opened(value), "an image"), store, image_id)
    return found if found is not None else Image(store, image_id)


def images(value: object, store: str, asked: Sequence[str]) -> tuple[Image, ...]:
    """Read a list of images, ids in the asker's spelling; entries without an id are left out."""
    if value is None:
        return ()
    data = opened(value)
    entries = find(thing(data), "images") if isinstance(data, dict) else None
    found = (_image(entry, store, "") for entry in things(listing(data, "images") if entries is None else entries))
    return tuple(_spelled(one, asked) for one in found if one is not None)


def alt_texts(value: object, order: AltTextOrder) -> tuple[Image, ...]:
    """Read the answer to an order of alt texts: `texts[]` of `{imageId, ...}`; what is missing has failed.

    Only `imageId` was seen. Assumed: `id` or `textId`, and the words in `value`, or first in `outputs`.
    """
    data = opened(value)
    entries = items(data) if isinstance(data, list) else items(find(thing(data), "texts", "images", "imageAltTexts"))
    asked = [identity for identity, _ in order.images]
    found = []
    for entry in things(entries):
        one = _image({"altText": entry, **entry}, order.store, asked[0] if len(asked) == 1 else "")
        if one is not None and one.alt is not None and (one := _spelled(one, asked)).image_id in asked:
            found.append(one)
    return tuple({one.image_id: one for one in found}.values())


def _spelled(one: Image, asked: Sequence[str]) -> Image:
    near = spelled_as(one.image_id, asked)
    return one if near is None or near == one.image_id else replace(one, image_id=near)


def _image(data: dict[str, object], store: str, image_id: str) -> Image | None:
    identity = text(find(data, "imageId")) or image_id or text(find(data, "id"))
    if not identity:
        return None
    return Image(
        store=text(find(data, "storeId", "store")) or store,
        image_id=identity,
        url=text(find(data, "url", "imageUrl")),
        expires=moment(find(data, "imageDataExpires", "expires")),
        alt=_alt(find(data, "altText", "altTexts")),
    )


def _alt(value: object) -> AltText | None:
    """Read an alt text, which may be bare words; None when there is none, or none with words."""
    data = thing(value)
    words = [find(data, "value", "text"), *items(find(data, "outputs"))[:1]] if data else [value]
    shown = [one for one in words if isinstance(one, (str, int, float)) and not isinstance(one, bool)]
    if not shown:
        return None
    value_shown = next((said for one in shown if (said := text(one))), "")
    latest = thing(find(data, "history"))
    return AltText(
        text_id=text(find(data, "id", "textId")),
        value=value_shown,
        reviewed=flag(find(latest, "reviewed") if latest else find(data, "reviewed")),
        published=flag(find(latest, "publish") if latest else find(data, "publish")),
    )


def upload_body(upload: Upload, url: str, data: str) -> Json:
    """Return the body of an upload: by `url`, or by `data`, a data URI."""
    given_by: Json = {"url": url} if url else {"imageData": data}
    overwrite: Json = {"overwrite": True} if upload.overwrite else {}
    return {"storeId": upload.store, "imageId": upload.image_id, **given_by, "ipAddress": _NOBODY, **overwrite}


def update_body(store: str, language: str, update: AltTextUpdate) -> Json:
    """Return the body that stores one alt text: by itself, or as an entry of several."""
    marks = {"publish": update.publish, "reviewed": update.reviewed}
    return {
        "storeId": store,
        "language": language,
        "imageId": update.image_id,
        "textId": update.text_id,
        "value": update.value,
        **{name: mark for name, mark in marks.items() if mark is not None},
    }


def order_body(order: AltTextOrder) -> Json:
    """Return the body that has alt texts written."""
    return {
        "storeId": order.store,
        "language": order.language,
        **given(productName=order.product_name, keywords=list(order.keywords)),
        "images": described(order.images),
    }
