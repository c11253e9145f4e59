"""The billable call: one order, sent at most once, and everything seen on the way."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.attempt import Attempt, Sent
from sync.errors import NotSignedIn, Rejected, ServiceError, Unreachable
from sync.service import loose, results, wire
from sync.service.body import encode, generate_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.attempt import GenerateRequest
    from sync.service.body import Json
    from sync.service.message import Delivery
    from sync.service.session import Session


def generate(session: Session, request: GenerateRequest, before_send: Callable[[], None] | None) -> Attempt:
    """Send an order once; see `Service.generate`."""
    attempt = submit(session, "generate", generate_body(request), before_send)
    if not attempt.accepted:
        return attempt
    texts = results.inline_texts(attempt.body, request)
    return replace(
        attempt,
        request_id=wire.order_id(attempt.body),
        texts=texts,
    )


def submit(session: Session, name: str, body: Json, before_send: Callable[[], None] | None) -> Attempt:
    """Send the body of a billable call once and tell what happened; what it was answered is left to be read.

    Raises NotSignedIn, before `before_send`, without a token; everything else is told in the Attempt.
    """
    content = encode(body)
    digest = hashlib.sha256(content).hexdigest()
    try:
        token = session.sign_in.token()
    except NotSignedIn:
        raise
    except ServiceError as error:
        wait = error.retry_after if isinstance(error, Rejected) else None
        return Attempt(Sent.NOT_LEFT, exception=f"sign-in: {error.message}", retry_after=wait, body_sha256=digest)
    delivery = session.submit(name, content, token, before_send)
    attempt = read_delivery(delivery, hide=session.sign_in.hide)
    return replace(attempt, body_sha256=digest, simulated=session.line.simulated)


def read_delivery(delivery: Delivery, *, hide: Callable[[str], str]) -> Attempt:
    """Say what is known of a delivery. Judges nothing: a cut or unreadable 200 is told as it is."""
    answer, trouble = delivery.answer, delivery.trouble
    if answer is None:
        return Attempt(delivery.sent, exception=trouble)
    body: object | None = None
    good = 200 <= answer.status < 300
    content = answer.body if good else hide(answer.body.decode("utf-8", "replace")).encode()
    if not trouble:
        try:
            body = loose.parse(content, "an answer to an order")
        except Unreachable:
            trouble = "unreadable answer: it is not JSON"
    return Attempt(
        sent=delivery.sent,
        status=401 if answer.refuses_token else answer.status,
        body=body,
        error="" if good or trouble else loose.complaint(answer.body, hide),
        retry_after=answer.retry_after,
        date=answer.date,
        exception=trouble,
    )
