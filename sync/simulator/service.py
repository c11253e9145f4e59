"""The service itself, without any HTTP: sign-in, orders, the queue, texts, charges.

`Simulator` is synchronous and has no thread of its own. Each call first brings the queue up to date with the
clock; what a caller sees depends only on the seed, on the calls made and on the clock.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import time as system_time
from itertools import chain
from typing import TYPE_CHECKING, Any

from sync.simulator import account as accounts
from sync.simulator import imaging, memory, optimizing, reviews, staging, suggesting, views
from sync.simulator.account import Account
from sync.simulator.edits import latest, make_edits, read_edits
from sync.simulator.faults import Faults, read_faults
from sync.simulator.gallery import Gallery
from sync.simulator.keyword_board import Board
from sync.simulator.orders import Order, read_order
from sync.simulator.shelf import EDITED, Shelf
from sync.simulator.state import StateFile
from sync.simulator.wire import Fields, Json, Refusal
from sync.simulator.work import ACTIVE, Item, Line, Request
from sync.simulator.writing import write

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

DEFAULT_KEY = "sim-0000-local"
DAY = 86_400.0
_OFTEN, _SELDOM = 0.02, 0.35
"""Seconds between looks that it asks for at least and at most."""

_CHANGES = {**imaging.CHANGES, **optimizing.CHANGES, **reviews.CHANGES, **staging.CHANGES, **suggesting.CHANGES}


class Simulator:
    """A local stand-in for the service.

    `seed` decides every text, id and drawn fault; `capacity` records are worked on at once, each for
    `seconds_per_record` seconds give or take 30 %. `clock` returns seconds since the epoch and may be turned by
    hand. Finished bulk requests can be read for `retention` seconds. `faults` is what `read_faults` reads.
    `suggestion_price` is what a question for suggestions costs, but for the kinds in `free_suggestions` (`audience`,
    `keywords`): whether the real service takes anything is not known.
    `days_later` lets so many days pass before it begins: its clock is ahead by them from then on, also when the state
    is opened again.
    With `state_file` everything survives the process; an existing file wins over `credits` and `premium`. `pace` says
    how often it may be looked at, in seconds between looks.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        capacity: int = 4,
        seconds_per_record: float = 1.0,
        api_key: str = DEFAULT_KEY,
        credits: int = 10_000,  # noqa: A002 - the word of the service
        premium: bool = True,
        clock: Callable[[], float] = system_time.time,
        state_file: str | os.PathLike[str] | None = None,
        faults: object = None,
        retention: float = DAY,
        user: str = "simulator@example.com",
        days_later: float = 0.0,
        pace: float | None = None,
        suggestion_price: int = 0,
        free_suggestions: Iterable[str] = (),
    ) -> None:
        if not (math.isfinite(seconds_per_record) and seconds_per_record >= 0):
            raise ValueError("seconds_per_record must be a number of seconds, zero or more")
        if not (math.isfinite(days_later) and days_later >= 0):
            raise ValueError("days_later must be a number of days, zero or more")
        self.seed = seed
        self.seconds_per_record = seconds_per_record
        self.api_key = api_key
        self.retention = retention
        self.user = user
        self.account = Account(credits, premium)
        self.shelf = Shelf()
        self.gallery = Gallery()
        self.desk = reviews.Desk()
        self.ideas = suggesting.Ideas(price=suggestion_price, free=frozenset(free_suggestions))
        self.keywords = Board(seed)
        self.requests: dict[str, Request] = {}
        self.line = Line(capacity, self._finish)
        self.faults = Faults(seed, read_faults(faults))
        self._clock = clock
        self._pace = pace
        self._latest = 0.0
        self.ahead = 0.0
        """Seconds by which its clock is ahead of `clock`, for days that were let pass; kept with the state."""
        self.counter = 0
        self.instance = secrets.token_hex(6)
        """Tells one simulated service from another that was begun afresh; kept with the state."""
        self._file = StateFile(state_file) if state_file is not None else None
        if self._file is not None:
            self._open(self._file, capacity, days_later * DAY)
        else:
            self.ahead = days_later * DAY

    # Time

    def now(self) -> float:
        """Return the time of the simulator in seconds since the epoch; it never goes back."""
        self._latest = max(self._latest, self._clock() + self.ahead)
        return self._latest

    @property
    def pace(self) -> float | None:
        """How often it may be looked at, in seconds between looks; None while its clock is turned by hand.

        It has no other customers, and where a record takes it hundredths of a second nobody needs to wait for more.
        """
        if self._pace is None and self._clock is system_time.time:
            return min(max(self.seconds_per_record / 2, _OFTEN), _SELDOM)
        return self._pace

    def look(self) -> float:
        """Bring everything up to date and return the time."""
        now = self.now()
        self.line.advance(now)
        return now

    # Account

    def sign_in(self, key: str, host: str) -> Json:
        """Change an API key for an access token; `host` is given back as the region."""
        if key != self.api_key:
            raise Refusal(401, "The API key is missing or not valid")
        return {
            "access_token": accounts.issue_token(self.api_key, self.now()),
            "token_type": "Bearer",
            "expires_in": accounts.TOKEN_SECONDS,
            "region": host,
            "platform": "Custom",
        }

    def check_token(self, token: str) -> None:
        """Raise Refusal (401) unless a bearer token is good now."""
        accounts.check_token(self.api_key, token, self.now())

    def reserved(self) -> int:
        """Return the most credits that outstanding work can still take."""
        return self.line.reserved

    def check_available(self, needed: float) -> None:
        """Raise Refusal (400, assumed) unless so many credits could be spent now."""
        self.look()
        if not math.isfinite(needed) or needed < 0:
            raise Refusal(400, "creditsToConsume must be a number, zero or more")
        try:
            self.account.check(needed, self.reserved())
        except Refusal as refusal:
            raise Refusal(400, refusal.message) from None

    def set_credits(self, available: int) -> None:
        """Set the balance."""
        self.look()
        self.change({"do": "credits", "available": int(available)})

    # Work

    def generate(self, body: object) -> Json:
        """Take an order: `{"requestId"}` when it is queued, `{"texts"}` when it is done at once.

        Nothing hinders a record from being ordered, and charged, twice (assumed: no duplicate protection is known).
        """
        self.look()
        order = read_order(body, premium=self.account.premium)
        for record in order.records:
            self.gallery.check(order.store_id, chain(record.images, record.alt_texts), self._latest)
        self.account.check(order.most_credits, self.reserved())
        ids = [record.id for record in order.records]
        fail = [one.id for one in order.records if self.faults.work("fail") or "[fail]" in one.name.lower()]
        answer: Json = self.change(
            {
                "do": "generate",
                "body": body,
                "fail": fail,
                "empty": [identity for identity in ids if self.faults.work("empty")],
                "timesOut": order.queue and self.faults.work("timeout"),
            }
        )
        return answer

    def find_request(self, identity: str) -> Request:
        """Return a request that can still be read, or raise Refusal (404)."""
        now = self.look()
        request = self.requests.get(identity)
        if request is None or self.is_gone(request, now):
            raise Refusal(404, f"There is no request {identity}")
        return request

    def open_requests(self) -> list[Request]:
        """Return the requests that are pending, running or (assumed) cancelling, oldest first."""
        self.look()
        return [request for request in self.requests.values() if request.status in ACTIVE]

    def cancel(self, identity: str) -> None:
        """Stop a request: what waits is dropped, what runs is finished and charged. No effect on a finished one."""
        if self.find_request(identity).status in {"Pending", "Running"}:
            self.change({"do": "cancel", "id": identity})

    def retry(self, identity: str) -> None:
        """Put the records that a TimedOut request left undone back into the line; no effect otherwise (assumed)."""
        if self.find_request(identity).status == "TimedOut":
            self.change({"do": "retry", "id": identity})

    # Texts

    def update(self, body: object) -> None:
        """Store an edit, or mark texts reviewed or published; all fields of the call or none."""
        self.look()
        if not isinstance(body, dict):
            raise Refusal(400, "The body must be a JSON object")
        read_edits(self.shelf, Fields(body))
        self.change({"do": "update", "body": body})

    def edit(self, body: Json) -> None:
        """Let a person change a text on the service's own screen: `value`, and who she is (`editor`)."""
        self.look()
        given = Fields(body)
        text = latest(self.shelf, given)
        editor = given.text("editor", "editor@example.com")
        self.change({"do": "edit", "id": text.id, "value": given.text("value"), "editor": editor})

    def archive(self, kind: str, record_ids: list[str]) -> None:
        """Take records out of the active lists; nothing is done when one of them is unknown (assumed)."""
        self.look()
        for identity in record_ids:
            if (kind, identity) not in self.shelf.by_record:
                raise Refusal(404, f"There is no {kind} record {identity!r}")
        self.change({"do": "archive", "type": kind, "ids": record_ids})

    # Ends

    def summary(self) -> Json:
        """Return counts for tests."""
        now = self.look()
        return views.summary(self, now)

    def close(self) -> None:
        """Write the state file, if there is one."""
        if self._file is not None:
            self.look()
            self._file.rewrite(memory.document(self, self._latest))

    # Changes: each is written down, then made; made again when a state file is read

    def change(self, change: Json) -> Any:
        """Write down something that was asked for and is right, then do it; return what it gives."""
        change["time"] = self._latest
        if self._file is not None:
            self._file.append(change)
        return self._make(change)

    def _make(self, change: Json) -> Any:
        now = float(change["time"])
        match change["do"]:
            case "generate":
                return self._take(read_order(change["body"], premium=True), change, now)
            case "cancel":
                return self.line.cancel(self.requests[change["id"]], now)
            case "retry":
                return self._put_back(self.requests[change["id"]], now)
            case "credits":
                self.account.available = change["available"]
            case "update":
                make_edits(self.shelf, read_edits(self.shelf, Fields(change["body"])), now, self.user)
            case "edit":
                text = self.shelf.by_id[change["id"]]
                text.value = change["value"]
                self.shelf.act(text, EDITED, now, change["editor"], publish=False, reviewed=False)
            case "archive":
                self.shelf.archived.update((change["type"], identity) for identity in change["ids"])
            case "decline":
                self.account.offered = False
            case other if other in _CHANGES:
                return _CHANGES[other](self, change, now)
            case other:
                raise ValueError(f"the state file holds an unknown change {other!r}")
        return None

    def _take(self, order: Order, change: Json, now: float) -> Json:
        request = Request(self.identity("request"), order, change["body"], now)
        request.times_out = bool(change["timesOut"])
        items = [
            Item(
                request,
                record,
                place,
                self._duration(request.id, record.id),
                fails=record.id in change["fail"],
                empty=record.id in change["empty"],
            )
            for place, record in enumerate(order.records)
        ]
        if order.queue:
            self.requests[request.id] = request
            self.line.submit(request, items, now)
            return {"requestId": request.id}
        texts = write(self, items[0], now)
        return {"requestId": None, "texts": views.inline_texts(items[0].record, texts)}

    def _put_back(self, request: Request, now: float) -> None:
        undone = [item for item in request.failed.values() if item.start is None]
        for item in undone:
            del request.failed[item.record.id], request.completed[item.record.id]
        request.times_out, request.ended = False, None
        request.status = "Running" if request.started is not None else "Pending"
        self.line.submit(request, undone, now)

    def _finish(self, item: Item, now: float) -> None:
        if item.fails:
            item.request.failed[item.record.id] = item
        write(self, item, now)

    # Small things

    def identity(self, kind: str) -> str:
        """Make a new id for a request or a text; the format is assumed, and no order can be read from it."""
        self.counter += 1
        mark = hashlib.blake2b(f"{self.seed}/{kind}/{self.counter}".encode(), digest_size=16).hexdigest()
        return (
            f"t-{mark[:12]}" if kind == "text" else f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:]}"
        )

    def _duration(self, request_id: str, record_id: str) -> float:
        mark = hashlib.blake2b(f"{self.seed}/{request_id}/{record_id!r}".encode(), digest_size=4)
        return self.seconds_per_record * (0.7 + 0.6 * int.from_bytes(mark.digest()) / 2**32)

    def is_gone(self, request: Request, now: float) -> bool:
        """Tell whether a request can no longer be read: a single one when finished, a bulk one some time later."""
        if request.ended is None or (request.status == "TimedOut" and request.running):
            return False
        if len(request.order.records) == 1 and request.status != "TimedOut":
            return True
        return now - request.ended > self.retention

    def _open(self, file: StateFile, capacity: int, later: float) -> None:
        """Read the state file, make its changes under the settings it was written with, then use ours.

        Whatever was under way goes on in the `later` seconds that pass.
        """
        document, changes = file.load()
        seed, seconds = self.seed, self.seconds_per_record
        try:
            memory.restore(self, document, self._clock())
            for change in changes:
                self._latest = float(change["time"])
                self.line.advance(self._latest)
                self._make(change)
        except (KeyError, TypeError, AttributeError, Refusal) as error:
            raise ValueError(f"{file.path} cannot be used as a state file: {error}") from error
        self.ahead += later
        now = self.look()
        self.seed, self.seconds_per_record = seed, seconds
        self.line.resize(capacity, now)
        file.rewrite(memory.document(self, now))
