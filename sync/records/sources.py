"""Where an image is to be had, as a cell says it: a public address, or a file beside the workbook. Pure."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from sync.model import Picture
from sync.records import values
from sync.records.problems import Flaw

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_SEPARATORS = re.compile(r"[;\r\n]|,(?=\s)|,(?=https?://)")
_COMMA = re.compile(r"[,;\r\n]")


def is_address(text: str) -> bool:
    """Tell whether a text is a web address."""
    return text[:8].casefold().startswith(("http://", "https://"))


def named_images(cell: str) -> Sequence[str]:
    """Split the cell Images of a product: ids and addresses, each once, in their order.

    An address may hold commas; one ends it only where a space, or another address, comes next.
    """
    if values.is_nothing(cell):
        return ()
    parts = (_SEPARATORS if "://" in cell else _COMMA).split(cell)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def picture_of(store: str, image_id: str, text: str, where: str = "") -> Picture | Flaw:
    """Read where an image is to be had. Without an id it is called after its address, so that it is known again."""
    if flaw := values.foreign(text):
        return flaw
    if is_address(text):
        url = values.web_address(text)
        if isinstance(url, Flaw):
            return url
        return Picture(store, image_id or f"url-{sha256(url.encode()).hexdigest()[:16]}", url=url, where=where)
    if _SCHEME.match(text) and not _DRIVE.match(text):
        return Flaw("bad-image-address", text, "This is no address that an image can be fetched from.",
                    "Type an address that begins with https://, or the name of a file beside this one.")  # fmt: skip
    path = text.replace("\\", "/")
    if _DRIVE.match(text) or path.startswith(("/", "~")) or ".." in path.split("/"):
        return Flaw("file-elsewhere", text, "Files have to lie beside this workbook, or in a folder beside it.",
                    "Move the image there, and type its name from there: images/stool.jpg.")  # fmt: skip
    return Picture(store, image_id, file=path, where=where)
