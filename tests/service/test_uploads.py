"""Which images are sent: public addresses, and files of a kind and size that the service takes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from sync.errors import UsageError
from sync.model import AltText, AltTextOrder, Image, Upload
from sync.service import image_wire, uploads
from tests.service.wires import RawServer, answer, impatient

if TYPE_CHECKING:
    from sync.service import Service
    from sync.simulator import Simulator

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
FILES = {
    "image/jpeg": b"\xff\xd8\xff\xe0" + bytes(20),
    "image/png": PNG,
    "image/gif": b"GIF89a" + bytes(20),
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "image/svg+xml": b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn > by hand -->\n<svg xmlns="x"/>',
}


@pytest.mark.parametrize("kind", FILES)
def test_the_kind_of_a_file_is_told_by_what_is_in_it(kind: str) -> None:
    head, _, content = uploads.data_uri(FILES[kind]).partition(",")
    assert head == f"data:{kind};base64"
    assert base64.b64decode(content) == FILES[kind]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7", "no image of a kind"),
        (b"<html><svg></svg></html>", "no image of a kind"),
        (b"<!-- " * 4000, "no image of a kind"),
        (b"<!-- -->" * 4000, "no image of a kind"),
        (PNG + bytes(uploads.MOST_BYTES), "too big: 10.0 MB, and wtsync sends at most 10 MB"),
    ],
)
def test_a_file_that_is_no_image_or_too_big_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        uploads.data_uri(data)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://127.0.0.1:8080/a.jpg",
        "http://localhost/a.jpg",
        "http://LOCALHOST./a.jpg",
        "https://shop.localhost/a.jpg",
        "http://10.1.2.3/a.jpg",
        "http://172.16.0.1/a.jpg",
        "http://192.168.1.1/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/a.jpg",
        "http://0.0.0.0/a.jpg",
        "http://224.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://[::ffff:10.0.0.1]/a.jpg",
        "http://[fe80::1%25eth0]/a.jpg",
        "http://[fd00::1]/a.jpg",
        "http://[2002:7f00:1::]/a.jpg",
        "http://127.1/a.jpg",
        "http://2130706433/a.jpg",
        "http://0x7f.0.0.1/a.jpg",
        "http://0177.0.0.1/a.jpg",
        "http://intranet/a.jpg",
        "http://nas.local/a.jpg",
        "http://db.internal/a.jpg",
        "ftp://shop.example.com/a.jpg",
        "file:///etc/passwd",
        "//shop.example.com/a.jpg",
        "shop.example.com/a.jpg",
        "https://ann:secret@shop.example.com/a.jpg",
        "https://shop.example.com/a b.jpg",
        "https://shop.example.com\\@10.0.0.1/a.jpg",
        "https://shop.example.com:99999/a.jpg",
        "https://[shop/a.jpg",
        "https:///a.jpg",
        "https://shop.example.com/" + "a" * 2000,
    ],
)
def test_an_address_that_is_not_public_is_refused_before_anything_is_sent(service: Service, url: str) -> None:
    with pytest.raises(UsageError, match="address of the image"):
        service.images.upload(Upload("shop", "A", url))
    assert service.requests == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example.com/a.jpg",
        " HTTPS://Shop.Example.com:8443/a.jpg?size=2&x=%20#y ",
        "http://8.8.8.8/a.jpg",
        "https://[2606:4700::1111]/a.jpg",
        "https://bücher.example/ä.jpg",
    ],
)
def test_a_public_address_is_sent_as_it_is(url: str) -> None:
    assert uploads.check_address(url, local=False) == url.strip()


def test_an_image_on_this_machine_goes_to_a_service_on_this_machine_only() -> None:
    assert uploads.check_address("http://127.0.0.1:8000/a.jpg", local=True)
    with pytest.raises(UsageError, match="inside a network"):
        uploads.check_address("http://192.168.1.1/a.jpg", local=True)
    with RawServer([answer(200, {"imageId": "A", "url": "http://127.0.0.1/a.jpg"})]) as server:
        with impatient(server.url) as service:
            assert service.images.upload(Upload("shop", "A", "http://127.0.0.1/a.jpg")).url == "http://127.0.0.1/a.jpg"
        assert len(server.work) == 1


@pytest.mark.parametrize("upload", [Upload("s", "A"), Upload("s", "A", "https://shop.example.com/a.jpg", PNG)])
def test_an_image_comes_by_its_address_or_by_its_file(service: Service, upload: Upload) -> None:
    with pytest.raises(UsageError, match="exactly one"):
        service.images.upload(upload)


def test_the_bytes_of_an_image_are_not_shown() -> None:
    assert "PNG" not in repr(Upload("s", "A", data=PNG))


def test_alt_texts_are_ordered_once_whatever_comes_back() -> None:
    order = AltTextOrder("shop", "en", (("A", ""),))
    for status in (401, 429, 500, 503):
        with RawServer([answer(status, {"error": "no"})]) as server:
            with impatient(server.url) as service:
                attempt = service.images.generate_alt_texts(order)
            assert (attempt.status, attempt.images, len(server.work)) == (status, (), 1)


def test_a_404_for_many_images_is_taken_apart_and_not_for_ever(service: Service, simulator: Simulator) -> None:
    assert service.images.read("shop", [f"I{number}" for number in range(1000)]) == ()
    assert service.requests < 1000 / 50 + 40


@pytest.mark.parametrize(
    "value",
    [
        {"texts": [{"imageId": "A", "id": "t", "value": "Words"}]},
        {"value": {"Texts": [{"ImageID": "A", "TextId": "t", "Value": "Words"}]}},
        {"texts": [{"imageId": "a ", "textId": "t", "outputs": ["Words", "Others"]}]},
        {"texts": {"imageId": "A", "id": "t", "altText": "ignored", "outputs": "Words"}},
        [{"imageId": "A", "altText": {"id": "t", "value": "Words"}}],
        {"texts": [None, "A", {"imageId": "nobody", "value": "x"}, {"imageId": "A", "id": "t", "value": "Words"}]},
    ],
)
def test_alt_texts_are_read_from_several_shapes(value: object) -> None:
    order = AltTextOrder("shop", "en", (("A", ""), ("B", "")))
    found = image_wire.alt_texts(value, order)
    assert [one.image_id for one in found] == ["A"]
    assert found[0].alt is not None
    assert found[0].alt.value in {"Words", "ignored"}


@pytest.mark.parametrize("value", [None, [], {}, "page", 3, {"texts": None}, {"texts": [{"imageId": "A"}]}])
def test_an_answer_without_alt_texts_gives_none(value: object) -> None:
    assert image_wire.alt_texts(value, AltTextOrder("shop", "en", (("A", ""), ("B", "")))) == ()


def test_an_image_is_read_from_little() -> None:
    assert image_wire.image({"URL": "https://x"}, "shop", "A") == Image("shop", "A", "https://x")
    bare = image_wire.image({"imageId": "A", "altText": "Bare words"}, "shop", "A")
    assert bare.alt == AltText("", "Bare words")
    assert bare.usable(1e12), "an image that says nothing of an end has none"
