"""Which images may be uploaded, and how a file becomes a data URI. Pure: no name is looked up, nothing is fetched.

The service fetches an image by its address, so that an address inside somebody's network is either useless to it or
a hole in that network. Such an address is refused before anything is sent; only when the service itself is on this
machine may an image be, too. A public name that leads to a private address cannot be told without asking the network.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from urllib.parse import urlsplit

from sync.errors import UsageError
from sync.service.hosts import is_loopback

MOST_BYTES = 10 * 2**20
"""Bytes of one file. The limit is ours: the service names none."""
LONGEST_URL = 2_000
"""Characters of an address. The limit is ours as well."""

_KINDS = "JPEG, PNG, GIF, WebP or SVG"
_INSIDE = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa", ".invalid")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?")
_SVG = re.compile(rb"<svg[\s>/]")
_PROLOGUE = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!DOCTYPE", b">"))
"""What may stand before the first element of an SVG, each with its end."""


def media_type(data: bytes) -> str:
    """Tell the kind of an image by its first bytes: one of the service's types, or empty."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if _is_svg(data[:8192]) else ""


def _is_svg(data: bytes) -> bool:
    rest = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    while start_end := next((pair for pair in _PROLOGUE if rest.startswith(pair[0])), None):
        _, found, rest = rest.partition(start_end[1])
        if not found:
            return False
        rest = rest.lstrip()
    return _SVG.match(rest) is not None


def data_uri(data: bytes) -> str:
    """Return a file as a data URI. Raises UsageError for one that is empty, too big, or no image of a known kind."""
    if not data:
        raise UsageError("The image file is empty.", f"Save it again as {_KINDS}.")
    if len(data) > MOST_BYTES:
        size = f"{len(data) / 2**20:.1f} MB"
        raise UsageError(
            f"The image file is too big: {size}, and wtsync sends at most {MOST_BYTES // 2**20} MB.",
            "Save a smaller copy of it, or give its public address.",
        )
    kind = media_type(data)
    if not kind:
        raise UsageError("The file is no image of a kind that the service takes.", f"Save it as {_KINDS}.")
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def is_local(api_url: str) -> bool:
    """Tell whether the service is on this machine, so that an image may be, too."""
    return is_loopback(urlsplit(api_url).hostname or "")


def check_address(url: str, *, local: bool) -> str:
    """Return the address of an image, stripped. Raises UsageError for one that the service could or should not fetch.

    `local`: the service is on this machine, so that an image may be, too.
    """
    text = url.strip()
    hint = "Give an address that anybody can open, as https://shop.example.com/oak-stool.jpg, or a file."
    try:
        parts = urlsplit(text)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise UsageError("The address of the image cannot be read.", hint) from None
    if parts.scheme.lower() not in {"http", "https"} or not host or re.search(r"[\s\x00-\x1f\x7f\\]", text):
        raise UsageError("The address of the image has to begin with https:// or http:// and hold no blanks.", hint)
    if len(text) > LONGEST_URL:
        raise UsageError(f"The address of the image is longer than {LONGEST_URL} characters.", hint)
    if parts.username is not None or parts.password is not None:
        raise UsageError("The address of the image holds a user name or a password, which would be passed on.", hint)
    if _is_inside(host) and not (local and is_loopback(host)):
        raise UsageError(f"The address of the image ({host}) is inside a network: the service cannot open it.", hint)
    return text


def _is_inside(host: str) -> bool:
    """Tell whether a host is, by its name or address, one that the public network does not have."""
    try:
        address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        # Other spellings of an address (`127.1`, `0x7f000001`) are read as one by some: nobody needs them.
        return "." not in host or host.lower().endswith(_INSIDE) or _NUMERIC.fullmatch(host.lower()) is not None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        address = inner or address
    return not address.is_global or address.is_multicast
