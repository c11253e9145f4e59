"""Why what is outstanding waits, and until when, as far as the service says. Looks only; every call here is free."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.counts import counted
from sync.errors import NotFound, ServiceError
from sync.model import RequestState

if TYPE_CHECKING:
    from sync.batch import Batch
    from sync.model import RequestDetails
    from sync.service import Service

LOOKS = 10
"""How many requests that are not in the list of active ones are looked at by their id; there may be hundreds."""


@dataclass(slots=True)
class Watch:
    """What the service says of its requests now."""

    service: Service
    active: tuple[RequestDetails, ...]
    _left: int = field(default=LOOKS, init=False)

    def end(self, request: RequestDetails) -> float | None:
        """Give when the service expects a request to end, in seconds since 1970 by our own clock; None: it says not."""
        if request.finished or request.estimated_end is None:
            return None
        return request.estimated_end - (self.service.server_time_offset or 0.0)

    def figures(self, batch: Batch) -> dict[str, Any]:
        """Give how far the request of an open batch is, when it is expected to end, and why it is not over yet."""
        request, why = self._request(batch)
        return {
            "running": 0 if request is None else len(request.running),
            "queued": 0 if request is None else len(request.queued),
            "estimatedEnd": None if request is None else self.end(request),
            "why": why if request is None else self._why(request),
        }

    def _request(self, batch: Batch) -> tuple[RequestDetails | None, str]:
        """Find a batch's request; where there is none to be had, say why. Keyword optimizations have none."""
        if batch.for_keywords:
            return None, "its keywords are being looked for"
        for request in self.active:
            if request.request_id == batch.request_id:
                return request, ""
        if not batch.request_id:
            return None, "the service gave it no id, so that only its texts will tell"
        if not self._left:
            return None, "it is not among the requests that are being worked on; the next run looks at it"
        self._left -= 1
        try:
            return self.service.request(batch.request_id), ""
        except NotFound:
            return None, "the service no longer knows the request; the next run looks for its texts"
        except ServiceError as error:
            return None, f"the service does not say: {error.message}"

    def _why(self, request: RequestDetails) -> str:
        if request.finished:
            return "it is finished there, and the next run collects it"
        if request.state is RequestState.TIMED_OUT:
            return "the service ran out of time; the next run collects what was made"
        made = f"{counted(len(request.running), 'record')} being made"
        if request.state is RequestState.CANCELLING:
            return f"it is being cancelled: {made} and finished first"
        if request.running:
            return f"{made}, {len(request.queued)} waiting their turn" if request.queued else made
        others = sum(len(other.running) for other in self.active if other.request_id != request.request_id)
        if others:
            return f"it waits its turn: the service is at work on {counted(others, 'record')} of other requests"
        return "the service has not begun with it"


def when(moment: float) -> str:
    """Tell a moment to come, in seconds since 1970, as people do."""
    seconds = round(moment - time.time())
    if seconds <= 0:
        return "any moment now"
    if seconds < 120:
        return f"in about {seconds} s"
    clock = time.strftime("%H:%M" if seconds < 12 * 3600 else "%Y-%m-%d %H:%M", time.localtime(moment))
    return f"in about {seconds // 60} min, at {clock}" if seconds < 7200 else f"at {clock}"
