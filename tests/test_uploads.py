"""Which images are uploaded before an order, and which the service still has."""

from __future__ import annotations

import pytest

from sync.model import Kind, Picture, Uploaded
from sync.uploads import MARGIN, digest_of, is_there, needed
from tests.nouns import change

URL = Picture("shop", "a", url="https://shop.example.com/a.jpg")
NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    ("known", "there"),
    [
        (None, False),
        (Uploaded("old"), False),
        (Uploaded("new"), True),
        (Uploaded("new", NOW + MARGIN + 1), True),
        (Uploaded("new", NOW + MARGIN), False),
        (Uploaded("new", NOW - 1), False),
    ],
)
def test_an_image_is_there_while_it_has_neither_changed_nor_expired(known: Uploaded | None, there: bool) -> None:
    assert is_there(known, "new", NOW) is there


def test_a_file_is_known_by_what_is_in_it_and_never_taken_for_an_address() -> None:
    file = Picture("shop", "a", file="a.jpg")
    assert digest_of(file, b"one") != digest_of(file, b"two")
    assert digest_of(file, URL.url.encode()) != digest_of(URL, b"")
    assert digest_of(file, b"one") == digest_of(Picture("shop", "b", file="b.jpg"), b"one")


def test_only_what_is_to_be_made_needs_its_image() -> None:
    image = change("a", text_type="alt text")
    image = image._replace(key=image.key._replace(record=image.key.record._replace(type="Image")))
    assert needed([image], {}, {("shop", "a"): URL}) == {("shop", "a"): URL}
    assert needed([image._replace(kind=Kind.PULL)], {}, {("shop", "a"): URL}) == {}
