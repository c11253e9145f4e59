"""The line of records waiting to be written, and the few being worked on.

First come, first served across all requests; at most `capacity` records at once. Everything that will happen
follows from what was submitted and when: there is no thread, the line is brought up to date by `advance`, and
it does not matter how often that is called.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.simulator.orders import Order, Record
    from sync.simulator.wire import Json

ACTIVE = frozenset({"Pending", "Running", "Cancelling"})


@dataclass(slots=True)
class Item:
    """One record of one request. `duration` in seconds, `start` in seconds since the epoch (None: waits)."""

    request: Request
    record: Record
    place: int
    duration: float
    start: float | None = None
    fails: bool = False
    empty: bool = False

    @property
    def most_credits(self) -> int:
        """The most credits this record can take."""
        return self.record.most_credits


@dataclass(slots=True)
class Request:
    """A queued request and where each of its records stands (record id to item, in order)."""

    id: str
    order: Order
    body: Json
    submitted: float
    status: str = "Pending"
    started: float | None = None
    ended: float | None = None
    times_out: bool = False
    queued: dict[str, Item] = field(default_factory=dict)
    running: dict[str, Item] = field(default_factory=dict)
    completed: dict[str, Item] = field(default_factory=dict)
    failed: dict[str, Item] = field(default_factory=dict)
    dropped: dict[str, Item] = field(default_factory=dict)

    @property
    def items(self) -> list[Item]:
        """All records in the order they came."""
        return list({**self.queued, **self.running, **self.completed, **self.dropped}.values())


class Line:
    """The queue itself. `finish(item, time)` is called once for each record done, in order of time."""

    def __init__(self, capacity: int, finish: Callable[[Item, float], None]) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self.capacity = capacity
        self.reserved = 0  # the most credits that unfinished records can still take
        self._finish = finish
        self._waiting: deque[Item] = deque()
        self._running: list[tuple[float, int, Item]] = []
        self._count = 0
        self._ends: dict[str, float] = {}
        self._free: list[float] | None = None

    def submit(self, request: Request, items: list[Item], now: float) -> None:
        """Put records at the end of the line."""
        for item in items:
            request.queued[item.record.id] = item
            self._waiting.append(item)
            self.reserved += item.most_credits
        self._predict(items, now)
        self._fill(now)

    def resume(self, running: list[Item], waiting: list[Item]) -> None:
        """Take up what was in work, and in line, when the state was saved; both in order."""
        for item in running:
            self._push(item)
        self._waiting.extend(waiting)
        self.reserved += sum(item.most_credits for item in (*running, *waiting))

    def standing(self) -> tuple[list[Item], list[Item]]:
        """Return what is in work and what is in line, both in order."""
        return [item for _, _, item in sorted(self._running, key=lambda entry: entry[:2])], list(self._waiting)

    def resize(self, capacity: int, now: float) -> None:
        """Change how many records are worked on at once; what runs already goes on."""
        self.capacity = capacity
        self._free = None
        self._fill(now)

    def drop(self, request: Request) -> list[Item]:
        """Take all waiting records of a request out of the line."""
        taken = list(request.queued.values())
        if taken:
            self._waiting = deque(item for item in self._waiting if item.request is not request)
            request.queued.clear()
            self.reserved -= sum(item.most_credits for item in taken)
            self._free = None
        return taken

    def advance(self, now: float) -> None:
        """Let everything happen that has happened by `now`, each record at its own moment."""
        while self._running and self._running[0][0] <= now:
            moment, _, item = heapq.heappop(self._running)
            request = item.request
            request.running.pop(item.record.id)
            request.completed[item.record.id] = item
            self.reserved -= item.most_credits
            self._finish(item, moment)
            self._settle(request, moment)
            self._fill(moment)

    def cancel(self, request: Request, now: float) -> None:
        """Drop what waits; what runs is finished."""
        for item in self.drop(request):
            request.dropped[item.record.id] = item
        request.status = "Cancelling"
        self._settle(request, now)
        self._fill(now)

    def estimated_end(self, request: Request, now: float) -> float:
        """Return when the last unfinished record of a request will be done, as things stand."""
        if self._free is None:
            self._predict([], now)
        return max(self._ends.get(request.id, now), now)

    def _push(self, item: Item) -> None:
        self._count += 1
        heapq.heappush(self._running, ((item.start or 0.0) + item.duration, self._count, item))

    def _fill(self, now: float) -> None:
        while self._waiting and len(self._running) < self.capacity:
            item = self._waiting.popleft()
            request = item.request
            if request.times_out and len(request.completed) >= len(request.order.records) // 2:
                self._waiting.appendleft(item)
                self._time_out(request, now)
                continue
            request.running[item.record.id] = request.queued.pop(item.record.id)
            item.start = now
            if request.started is None:
                request.started = now
                request.status = "Running"
            self._push(item)

    def _time_out(self, request: Request, now: float) -> None:
        """Give a request up: what waits is marked failed, what runs is finished all the same (assumed)."""
        for item in self.drop(request):
            request.completed[item.record.id] = item
            request.failed[item.record.id] = item
        request.status = "TimedOut"
        request.ended = now

    def _settle(self, request: Request, now: float) -> None:
        if request.queued or request.running or request.status == "TimedOut":
            return
        request.status = "Cancelled" if request.status == "Cancelling" else "Completed"
        request.ended = now

    def _predict(self, added: list[Item], now: float) -> None:
        if self._free is None:
            self._ends.clear()
            busy = sorted(moment for moment, _, _ in self._running)[-self.capacity :]
            self._free = [now] * (self.capacity - len(busy)) + busy
            for moment, _, item in self._running:
                self._ends[item.request.id] = max(self._ends.get(item.request.id, 0.0), moment)
            added = list(self._waiting)
        for item in added:
            end = max(heapq.heappop(self._free), now) + item.duration
            heapq.heappush(self._free, end)
            self._ends[item.request.id] = max(self._ends.get(item.request.id, 0.0), end)
