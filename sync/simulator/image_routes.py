"""The addresses of images."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.simulator import gallery, imaging
from sync.simulator.calls import Answer, Call, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping


def _one(call: Call) -> Answer:
    call.simulator.look()
    return Answer(gallery.one_image(call.simulator.gallery, call.query))


def _several(call: Call) -> Answer:
    call.simulator.look()
    return Answer(gallery.images(call.simulator.gallery, call.query))


def _upload(call: Call) -> Answer:
    return Answer(imaging.upload(call.simulator, call.json()))


def _alt_text(call: Call) -> Answer:
    imaging.edit_alt_text(call.simulator, call.json())
    return Answer({})


def _alt_texts(call: Call) -> Answer:
    imaging.edit_alt_texts(call.simulator, call.json())
    return Answer({})


def _describe(call: Call) -> Answer:
    return Answer(imaging.describe(call.simulator, call.json()))


IMAGE_ROUTES: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        ("GET", "/text/Image"): Operation("image", _one),
        ("POST", "/text/Image"): Operation("upload", _upload),
        ("GET", "/text/Image/List"): Operation("images", _several),
        ("POST", "/text/Image/altText"): Operation("alt-text", _alt_text),
        ("POST", "/text/Image/altText/batch"): Operation("alt-texts", _alt_texts),
        ("POST", "/text/Image/GenerateAltText"): Operation("describe", _describe),
    }
)
