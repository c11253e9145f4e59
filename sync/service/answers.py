"""What an answer that is not 200 means, as an error of ours. Pure.

A 4xx (and a redirect, which is never followed) is a definite no; a 5xx says nothing about what was done, and counts
as no answer.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sync.errors import NotFound, NotSignedIn, Rejected, ServiceError, Unreachable
from sync.service.loose import complaint

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.service.endpoint import Endpoint
    from sync.service.message import Answer


def problem(answer: Answer, endpoint: Endpoint, hide: Callable[[str], str]) -> ServiceError:
    """Make the error for an answer; `hide` takes secrets out of the service's own words."""
    status = answer.status
    said = complaint(answer.body, hide)
    shown = f"{endpoint.name} was answered with {status}{_phrase(status)}{': ' + said if said else ''}"
    if answer.refuses_token:
        return NotSignedIn(f"The service no longer takes the token ({shown}).", "Run `wtsync login`.")
    if status == 404:
        return NotFound(status, f"The service knows no such thing ({shown}).")
    if 300 <= status < 400:
        return Rejected(
            status,
            f"The service wanted to redirect the call, which is not followed ({shown}).",
            "Check WTSYNC_API_URL.",
        )
    if 400 <= status < 500:
        return Rejected(status, f"The service refused ({shown}).", _hint(status), retry_after=answer.retry_after)
    return Unreachable(f"The service is in trouble ({shown}).", "Try again later.")


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _hint(status: int) -> str:
    return {
        402: "Look at the balance with `wtsync status`, and top up the account.",
        403: "Look at what the account's plan includes.",
        429: "The service asks for fewer calls: wait, then try again.",
    }.get(status, "")
