"""The service as a run's port sees it, without HTTP: the simulator's core, and trouble on the way there and back.

What the real client makes of trouble (its repeated reads and their pauses, the facts of an Attempt) is made here in
the same way; `test_agreement` holds both against each other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sync.attempt import Attempt, Sent
from sync.errors import NotFound, NotSignedIn, Rejected, Unreachable
from sync.model import Balance, RecordKey, RemoteText, RequestDetails, RequestState, TextKey
from sync.service.body import body_sha256, generate_body, update_body
from sync.simulator.wire import Refusal
from tests.faults.network import status_of, wait_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.attempt import GenerateRequest
    from sync.model import Reference, TextUpdate
    from sync.simulator.work import Request
    from tests.faults.lab import Lab

READ_PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""How the real client waits between its six tries of a read, with a die that always shows the middle."""
GIVEN_UP = 300.0
"""Seconds after which the real client gives up waiting for the answer to an order."""
_STATES = {state.value: state for state in RequestState}
_SAID = "Simulated fault"


class Port:
    """Fits `sync.run.ports.Service`.

    It never says what time it is, so that every look reads all texts: the laboratory is about orders. What looks may
    build upon is tried in `tests/run/test_incremental.py`.
    """

    server_time: float | None = None
    account = "laboratory"

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.simulator = lab.simulator
        self.server_time_offset: float | None = None
        self.quickest: float | None = None
        self.refused = ""
        """How the latest order was refused, if the same may be sent again."""

    @property
    def identity(self) -> str:
        return f"simulator {self.simulator.instance}"

    def sign_in(self) -> None:
        self._heard()

    def reference(self) -> Reference:
        return self.lab.lists()

    # ------------------------------------------------------------------ orders

    def body_sha256(self, request: GenerateRequest) -> str:
        return body_sha256(request)

    def generate(self, request: GenerateRequest, *, before_send: Callable[[], None] | None = None) -> Attempt:
        trouble = self.lab.network.strike("generate")
        self.lab.say(f"order {[record.record_id for record in request.records]}: {trouble or 'well'}")
        if not trouble and self.refused:
            self.lab.seen[f"{self.refused} and sent again"] += 1
        self.refused = trouble if trouble in {"401", "429", "429 after 7"} else ""
        if before_send is not None:
            before_send()
        body = generate_body(request)
        self.lab.posting(body)
        sent = {"refused": Sent.NOT_LEFT, "partial": Sent.PARTIAL}.get(trouble)
        if sent is not None or trouble == "reset":
            return Attempt(sent or Sent.LEFT, exception=f"{trouble}: the connection broke off")
        if trouble.startswith("late"):
            self.lab.lands_later(body, wait_of(trouble) or 0.0)
            return Attempt(Sent.LEFT, exception="ReadTimeout: no answer came in time")
        status = status_of(trouble)
        self._heard()
        if status is not None and not trouble.endswith("+"):
            if status == 429:
                self.lab.promises.told_to_wait("order", wait_of(trouble))
            return Attempt(Sent.LEFT, status, error=_SAID, retry_after=wait_of(trouble))
        if trouble == "inline" and len(request.records) == 1:
            body["queue"] = False
        try:
            answer = self.lab.order(body)
            if trouble == "twice":
                answer = self.lab.order(body, twin=True)
        except Refusal as refusal:
            return Attempt(Sent.LEFT, refusal.status, error=refusal.message)
        return self._answered(request, trouble, status, answer)

    def _answered(self, request: GenerateRequest, trouble: str, status: int | None, answer: Any) -> Attempt:
        """Say what the client knows of an order that took effect."""
        if trouble == "lost":
            return Attempt(Sent.LEFT, exception="ReadError: the connection broke off")
        if status is not None:
            return Attempt(Sent.LEFT, status, error=_SAID)
        if trouble in {"cut", "garbage"}:
            return Attempt(Sent.LEFT, 200, exception=f"{trouble}: unreadable answer")
        return Attempt(Sent.LEFT, 200, request_id=answer.get("requestId") or "", texts=tuple(_inline(request, answer)))

    # ------------------------------------------------------------------- reads

    def _struck(self, call: str) -> str:
        """Let a read be struck; gives what only changes its answer."""
        self.lab.promises.calling("read")
        trouble = self.lab.network.strike(call)
        if trouble:
            self.lab.say(f"{call}: {trouble}")
        if trouble not in {"silent", "busy", "busy after 7"}:
            self._heard()
        if trouble == "silent":
            for pause in READ_PAUSES:
                self.lab.clock.sleep(pause)
            raise Unreachable("The service did not answer.")
        if trouble.startswith("busy"):
            wait = wait_of(trouble)
            for pause in READ_PAUSES:
                self.lab.clock.sleep(pause if wait is None else wait)
            self._heard()
            self.lab.promises.told_to_wait("read", wait)
            raise Rejected(429, "The service refused.", retry_after=wait)
        if trouble == "signed out":
            raise NotSignedIn("The service no longer takes the token.")
        if trouble == "forbidden":
            raise Rejected(403, "The service refused.")
        return trouble

    def _heard(self) -> None:
        """Note the service's clock as the client does: its answers hold whole seconds."""
        self.server_time_offset = math.floor(self.simulator.now()) - self.lab.clock.time

    def active_requests(self) -> tuple[RequestDetails, ...]:
        trouble = self._struck("list")
        found = self.simulator.open_requests()
        if trouble == "none":
            found = []
        if trouble == "short":
            found = found[(len(found) + 1) // 2 :]
        return tuple(map(self._details, found))

    def request(self, request_id: str) -> RequestDetails:
        if self._struck("request") == "vanished":
            raise NotFound(404, "The service knows no such thing.")
        try:
            return self._details(self.simulator.find_request(request_id))
        except Refusal:
            raise NotFound(404, "The service knows no such thing.") from None

    def _details(self, one: Request) -> RequestDetails:
        now = self.simulator.now()
        end = one.ended if one.ended is not None else self.simulator.line.estimated_end(one, now)
        return RequestDetails(
            request_id=one.id,
            state=_STATES.get(one.status, RequestState.OTHER),
            raw_state=one.status,
            type=one.order.type,
            store=one.order.store_id,
            language=one.order.language,
            queued=frozenset(one.queued),
            running=frozenset(one.running),
            completed=frozenset(one.completed),
            failed=frozenset(one.failed),
            total=len(one.order.records),
            estimated_end=math.floor(end * 1000 + 1e-4) / 1000,  # the service writes milliseconds
            user=self.simulator.user,
        )

    def texts(
        self,
        type_: str,
        store: str,
        language: str,
        record_ids: Sequence[str],
        text_types: Sequence[str],
        *,
        history: int = 1,
    ) -> list[RemoteText]:
        self._struck("texts")
        now = self.simulator.look()
        found = []
        for one in record_ids:
            record = RecordKey(store, type_, one, language)
            for key in self.simulator.shelf.by_record.get((type_, one), ()):
                if (key.store_id, key.language) != (store, language) or key.field not in text_types:
                    continue
                shown = [text for text in self.simulator.shelf.texts[key] if text.time <= now - self.lab.lag]
                found += [
                    RemoteText(TextKey(record, key.field), text.id, text.value or text.outputs[0])
                    for text in shown[: -history - 1 : -1]
                ]
        return found

    def balance(self) -> Balance:
        self._struck("balance")
        self.simulator.look()
        shown = self.simulator.account.shown()
        return Balance(float(shown["availableCredits"]), float(shown["totalCredits"]), premium=True)

    def update_texts(self, record: RecordKey, updates: Sequence[TextUpdate]) -> None:
        trouble = self.lab.network.strike("update")
        self.lab.say(f"update of {record.record_id}: {trouble or 'well'}")
        if trouble == "silent":
            raise Unreachable("The service did not answer.")
        self._heard() if trouble != "deaf" else None
        if trouble == "vanished":
            raise NotFound(404, "The service knows no such thing.")
        if trouble in {"409", "429"}:
            raise Rejected(int(trouble), "The service refused.")
        self.lab.promises.updating(updates)
        try:
            self.simulator.update(update_body(record, updates))
        except Refusal as refusal:
            raise Rejected(refusal.status, refusal.message) from None
        if trouble == "deaf":
            raise Unreachable("The service did not answer.")

    def cancel(self, request_id: str) -> None:
        trouble = self.lab.network.strike("cancel")
        if trouble == "silent":
            raise Unreachable("The service did not answer.")
        self._heard() if trouble != "deaf" else None
        if trouble == "vanished":
            raise NotFound(404, "The service knows no such thing.")
        if trouble == "409":
            raise Rejected(409, "The service refused.")
        try:
            self.simulator.cancel(request_id)
        except Refusal:
            if trouble != "deaf":
                raise NotFound(404, "The service knows no such thing.") from None
        if trouble == "deaf":
            raise Unreachable("The service did not answer.")


def _inline(request: GenerateRequest, answer: Any) -> list[RemoteText]:
    """Read texts that came with the answer to an order."""
    return [
        RemoteText(
            TextKey(RecordKey(request.store, request.type, one["recordId"], request.language), one["field"]),
            one["id"],
            one["outputs"][0],
        )
        for one in answer.get("texts") or ()
        if one["outputs"]
    ]
