"""The billable call: one order, sent at most once, and everything seen on the way."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sync.attempt import Attempt, Sent
from sync.errors import NotSignedIn, Rejected, ServiceError, Unreachable
from sync.service import loose, results, wire
from sync.service.body import encode, generate_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.attempt import GenerateRequest
    from sync.service.message import Delivery
    from sync.service.session import Session


def generate(session: Session, request: GenerateRequest, before_send: Callable[[], None] | None) -> Attempt:
    """Send an order once; see `Service.generate`."""
    content = encode(generate_body(request))
    digest = hashlib.sha256(content).hexdigest()
    try:
        token = session.sign_in.token()
    except NotSignedIn:
        raise
    except ServiceError as error:
        wait = error.retry_after if isinstance(error, Rejected) else None
        return Attempt(Sent.NOT_LEFT, exception=f"sign-in: {error.message}", retry_after=wait, body_sha256=digest)
    delivery = session.submit("generate", content, token, before_send)
    return read_delivery(delivery, request, digest=digest, hide=session.sign_in.hide, simulated=session.line.simulated)


def read_delivery(
    delivery: Delivery, request: GenerateRequest, *, digest: str, hide: Callable[[str], str], simulated: bool
) -> Attempt:
    """Say what is known of a delivery. Judges nothing: a cut or unreadable 200 is told as it is."""
    answer, trouble = delivery.answer, delivery.trouble
    if answer is None:
        return Attempt(delivery.sent, exception=trouble, body_sha256=digest, simulated=simulated)
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
        request_id=wire.order_id(body) if good else "",
        texts=results.inline_texts(body, request) if good else (),
        error="" if good or trouble else loose.complaint(answer.body, hide),
        retry_after=answer.retry_after,
        date=answer.date,
        exception=trouble,
        body_sha256=digest,
        simulated=simulated,
    )
