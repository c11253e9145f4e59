"""Cutting long lists into pages: where a page begins, how long it is, and the token of the next."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from sync.simulator.wire import Refusal

if TYPE_CHECKING:
    from sync.simulator.wire import Fields, Json

DEFAULT_PAGE = 100
LONGEST_PAGE = 1000  # assumed


def page_size(query: Fields, *, least: int = 1) -> int:
    """Return how many rows a page is to have; one that is asked for outside the limits gets the nearest."""
    return min(max(query.whole("pageSize") or DEFAULT_PAGE, least), LONGEST_PAGE)


def page_token(place: int) -> str:
    """Return the token of the page that begins at a place."""
    return base64.urlsafe_b64encode(f"page/{place}".encode()).decode()


def page_start(query: Fields) -> int:
    """Return the place at which the page asked for begins, or raise Refusal (400)."""
    token = query.text("continuationToken")
    if not token:
        return 0
    try:
        mark, _, place = base64.urlsafe_b64decode(token).decode().partition("/")
        if mark == "page":
            return max(0, int(place))
    except (binascii.Error, ValueError):
        pass
    raise Refusal(400, "continuationToken is not one of ours")


def cut(rows: list[Json], query: Fields, name: str) -> Json:
    """Show one page of rows under a name, with the token of the next."""
    start, size = page_start(query), page_size(query)
    more = page_token(start + size) if start + size < len(rows) else None
    return {"continuationToken": more, name: rows[start : start + size]}
