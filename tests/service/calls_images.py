"""Stories of the calls about images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.errors import NotFound, Rejected
from sync.model import AltTextOrder, AltTextUpdate, Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.service import Service

STORE, LANGUAGE = "shop.example.com", "en-GB"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
MONTH = 31 * 86_400.0


def described(service: Service, *ids: str) -> dict[str, str]:
    """Upload images and have them described; return the ids of their alt texts."""
    for one in ids:
        service.images.upload(Upload(STORE, one, f"https://{STORE}/{one}.jpg"))
    order = AltTextOrder(STORE, LANGUAGE, tuple((one, "") for one in ids), "Oak step stool", ("oak stool",))
    found = service.images.generate_alt_texts(order).images
    assert all(one.alt is not None and one.alt.value for one in found)
    return {one.image_id: one.alt.text_id for one in found if one.alt is not None}


def image(service: Service, turn: Callable[[float], None]) -> None:
    with pytest.raises(NotFound):
        service.images.get(STORE, "IMG 1/ä")
    service.images.upload(Upload(STORE, "IMG 1/ä", f"https://{STORE}/1.jpg"))
    found = service.images.get(STORE, "IMG 1/ä", language=LANGUAGE)
    assert (found.image_id, found.store, found.url, found.alt) == ("IMG 1/ä", STORE, f"https://{STORE}/1.jpg", None)
    assert found.expires is not None
    assert found.expires > 1_790_000_000
    assert found.usable(1_790_000_000)
    turn(MONTH)
    assert not service.images.get(STORE, "IMG 1/ä").usable(1_790_000_000 + MONTH)


def images(service: Service, _: Callable[[float], None]) -> None:
    assert service.images.read(STORE, ["A", "B"]) == ()
    texts = described(service, "B", "A")
    found = service.images.read(STORE, ["A", "nothing", "B", "A"], language=LANGUAGE)
    assert [one.image_id for one in found] == ["A", "B"]
    assert [one.alt.text_id for one in found if one.alt is not None] == [texts["A"], texts["B"]]
    assert [one.alt for one in service.images.read(STORE, ["A"], language="fr")] == [None]


def upload_image(service: Service, turn: Callable[[float], None]) -> None:
    first = service.images.upload(Upload(STORE, "A", data=PNG))
    assert first.url.startswith("https://")
    with pytest.raises(Rejected):
        service.images.upload(Upload(STORE, "A", data=PNG))
    again = service.images.upload(Upload(STORE, "A", f"https://{STORE}/a.jpg", overwrite=True))
    assert again.url == f"https://{STORE}/a.jpg"
    turn(MONTH)
    service.images.upload(Upload(STORE, "A", data=PNG))


def alt_text(service: Service, _: Callable[[float], None]) -> None:
    texts = described(service, "A")
    service.images.update_alt_text(STORE, LANGUAGE, AltTextUpdate("A", texts["A"], "Größer — by hand", reviewed=True))
    alt = service.images.get(STORE, "A", language=LANGUAGE).alt
    assert alt is not None
    assert (alt.text_id, alt.value, alt.reviewed, alt.published) == (texts["A"], "Größer — by hand", True, False)
    with pytest.raises(NotFound):
        service.images.update_alt_text(STORE, LANGUAGE, AltTextUpdate("A", "t-0", "x"))


def alt_texts(service: Service, _: Callable[[float], None]) -> None:
    texts = described(service, "A", "B")
    updates = [AltTextUpdate(one, texts[one], f"Words of {one}", True, True) for one in ("A", "B")]
    service.images.update_alt_texts(STORE, LANGUAGE, updates)
    found = service.images.read(STORE, ["A", "B"], language=LANGUAGE)
    assert [one.alt and (one.alt.value, one.alt.published) for one in found] == [
        ("Words of A", True),
        ("Words of B", True),
    ]
    with pytest.raises(NotFound):
        service.images.update_alt_texts(STORE, LANGUAGE, [updates[0], AltTextUpdate("C", "t-0", "x")])


def generate_alt_texts(service: Service, _: Callable[[float], None]) -> None:
    service.images.upload(Upload(STORE, "A", data=PNG))
    order = AltTextOrder(STORE, LANGUAGE, (("A", "An old one"), ("B", "")), "Oak step stool")
    told: list[str] = []
    attempt = service.images.generate_alt_texts(order, before_send=lambda: told.append("intent"))
    assert told == ["intent"]
    assert (attempt.status, attempt.accepted, attempt.simulated) == (200, True, True)
    (described_one,) = attempt.images
    assert (described_one.image_id, described_one.store) == ("A", STORE)
    assert described_one.alt is not None
    assert "Oak step stool" in described_one.alt.value
    assert service.balance().available == 9_999
    too_many = AltTextOrder(STORE, LANGUAGE, tuple((f"I{number}", "") for number in range(21)))
    refused = service.images.generate_alt_texts(too_many)
    assert (refused.status, refused.images, bool(refused.error)) == (400, (), True)


IMAGE_STORIES = {
    "image": image,
    "images": images,
    "upload-image": upload_image,
    "alt-text": alt_text,
    "alt-texts": alt_texts,
    "generate-alt-texts": generate_alt_texts,
}
