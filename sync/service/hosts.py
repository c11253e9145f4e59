"""Which hosts may be talked to, and which may be shown the token. Pure: no name is looked up.

The API address is the user's word. The region is the service's word, so it is checked: a token goes to the API
host itself, to the vendor's own hosts, or, when the API is on this machine, to this machine.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from sync.errors import NotSignedIn, UsageError

DEFAULT_API = "https://api.writetext.ai"
_VENDOR = ".writetext.ai"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine, without asking the network."""
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, the usual port left out: `https://api.writetext.ai`."""
    parts = urlsplit(url)
    scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    shown = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}.get(scheme)
    return f"{scheme}://{shown}" if port in {None, usual} else f"{scheme}://{shown}:{port}"


def check_api(url: str) -> str:
    """Return the origin of the API address, or raise UsageError: https, or http to this machine, and no path."""
    hint = "WTSYNC_API_URL has to look like https://api.writetext.ai; http:// is for this machine only."
    text = url.strip()
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in {"https", "http"}:
        raise UsageError("The address of the service has to begin with https://.", hint)
    if not _HOST.fullmatch(rest.rstrip("/").lower()):
        raise UsageError("The address of the service has to be a host, with a port at most.", hint)
    try:
        found = origin(text)
    except ValueError:
        raise UsageError("The address of the service names no usable port.", hint) from None
    if found.startswith("http://") and not is_loopback(urlsplit(found).hostname or ""):
        raise UsageError("The address of the service would send the key unencrypted over the network.", hint)
    return found


def check_region(region: str, api: str) -> str:
    """Return the origin of the region that the service named at sign-in; `api` is the API's own origin.

    Raises NotSignedIn for a host that is neither the API's nor the vendor's. An empty region is the API host.
    """
    text = region.strip().rstrip("/").lower()
    if not text:
        return api
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = api.partition("://")[0], text
    trouble = NotSignedIn(
        "The service named a region that is not one of its own hosts, so nothing was sent there.",
        "Check WTSYNC_API_URL; if it is right, tell the vendor.",
    )
    if scheme not in {"https", "http"} or not _HOST.fullmatch(rest):
        raise trouble
    try:
        found = origin(f"{scheme}://{rest}")
    except ValueError:
        raise trouble from None
    if found == api:
        return found
    host = urlsplit(found).hostname or ""
    ours = host.endswith(_VENDOR) and found.startswith("https://")
    here = is_loopback(host) and is_loopback(urlsplit(api).hostname or "")
    if not (ours or here):
        raise trouble
    return found
