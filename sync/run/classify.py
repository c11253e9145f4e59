"""Decides what an attempt to send a batch means. Pure.

Only two answers allow sending again without asking: that provably nothing left (NOT_SENT), and a definite no of the
service (REFUSED). Whatever cannot be proved is UNKNOWN, because the service may have taken it, and takes money for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.attempt import Sent

if TYPE_CHECKING:
    from sync.attempt import Attempt
    from sync.model import RemoteText


class Verdict(StrEnum):
    """What an attempt means."""

    NOT_SENT = "not sent"
    """Nothing of it left: it may be sent again at once."""
    REFUSED = "refused"
    """The service looked at it and said no: the batch has to change."""
    SIGN_IN = "sign in"
    """The token was not taken: sign in, then it may be sent again."""
    NO_CREDITS = "no credits"
    """The account cannot pay for it: it may be sent when there are credits."""
    WAIT = "wait"
    """The service is too busy to look at it: it may be sent later."""
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict with what goes with it. `retry_after` in seconds, None when the service named no time."""

    verdict: Verdict
    reason: str = ""
    request_id: str = ""
    texts: tuple[RemoteText, ...] = ()
    retry_after: float | None = None
    complete: bool = False
    """Nothing more will come: what is not among the texts has failed."""


_REFUSED = {400, 403, 404, 405, 413, 414, 415, 422}
"""No such answer comes from a service that has taken the order; 404 and 405 do not even come from the right address."""


def classify(attempt: Attempt, *, named: bool = True) -> Outcome:
    """Decide what an attempt means. `named`: whether what was taken is given a name, as texts are.

    A keyword optimization is not, its answer is not documented: there, any readable answer that tells of no error is
    a yes.
    """
    if attempt.status is None:
        if attempt.sent is Sent.NOT_LEFT:
            return Outcome(Verdict.NOT_SENT, attempt.exception or "no connection")
        return Outcome(Verdict.UNKNOWN, attempt.exception or "no answer came")
    if attempt.status == 200 or (200 < attempt.status < 300):
        return _success(attempt) if named else _taken(attempt)
    return _failure(attempt, attempt.status)


def _success(attempt: Attempt) -> Outcome:
    if attempt.request_id or attempt.texts or attempt.complete:
        return Outcome(Verdict.ACCEPTED, "", attempt.request_id, attempt.texts, complete=attempt.complete)
    return Outcome(Verdict.UNKNOWN, attempt.exception or "the answer names no request and holds no text")


def _taken(attempt: Attempt) -> Outcome:
    body = attempt.body
    if body is None or attempt.exception:
        return Outcome(Verdict.UNKNOWN, attempt.exception or "the answer is empty")
    told = body.get("error") if isinstance(body, dict) else None
    return Outcome(Verdict.UNKNOWN, f"the answer tells of an error: {told}") if told else Outcome(Verdict.ACCEPTED)


def _failure(attempt: Attempt, status: int) -> Outcome:
    words = attempt.error or f"status {status}"
    if status == 401:
        return Outcome(Verdict.SIGN_IN, words)
    if status == 402 or (status in {400, 403} and "credit" in attempt.error.casefold()):
        return Outcome(Verdict.NO_CREDITS, words)
    if status == 429:
        return Outcome(Verdict.WAIT, words, retry_after=attempt.retry_after)
    if status in _REFUSED:
        return Outcome(Verdict.REFUSED, words)
    if 300 <= status < 400:
        return Outcome(Verdict.REFUSED, f"the service sends us elsewhere (status {status}), which is never followed")
    # 408, 409, every 5xx and whatever is unheard of: the service may have acted before it gave up.
    return Outcome(Verdict.UNKNOWN, words)
