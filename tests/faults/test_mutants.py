"""Deliberate breaches of the protocol: each must be caught by the check that finds nothing wrong with the real code.

A breach wraps the service or the journal so that one rule is broken, and comes with the schedule that makes the rule
matter. If a breach goes unnoticed, the check, not the breach, is at fault. The breaches of writing a workbook are in
`test_mutants_of_workbook`, that of a journal without fsync is in `test_storage`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sync.attempt import Attempt, Sent
from sync.batch import Baseline, BatchState, ItemState
from sync.errors import JournalError, NotFound
from sync.model import Memory, RequestDetails, RequestState
from tests.faults.lab import Lab, laboratory
from tests.faults.network import Network
from tests.faults.promises import BrokenPromise
from tests.faults.stories import ONE
from tests.run.checks import unfinished, violations
from tests.run.seams import Crash
from tests.run.world import World, Wrapped, as_it_is, quick_folder

if TYPE_CHECKING:
    from collections.abc import Callable

Wrap = type[Wrapped] | None


@dataclass(frozen=True)
class Breach:
    """A rule, how it is broken, and what has to happen for that to show."""

    rule: str
    schedule: Callable[[World], list[str]]
    service: Callable[[World], Wrap] = lambda _: None
    journal: Callable[[World], Wrap] = lambda _: None


class _Journal(Wrapped):
    """A journal whose sending side is wrapped too."""

    side: type[Wrapped] = Wrapped

    @property
    def batches(self) -> Any:
        return self.side(self.inner.batches)


def _journal(side: type[Wrapped]) -> Callable[[World], Wrap]:
    return lambda _: type("Broken", (_Journal,), {"side": side})


# ---------------------------------------------------------------------------- schedules


def _wrapped(world: World, outer: Callable[[Any], Any]) -> None:
    """Put something between the run and the service that holds with and without the breach."""
    inner = world.wrap_service
    world.wrap_service = lambda client: inner(outer(client))


def once(world: World) -> list[str]:
    """Run, then run again when everything goes well."""
    world.run(first=2, size=2)
    return _afterwards(world)


def _afterwards(world: World, **allowed: Any) -> list[str]:
    world.faults("")
    for _ in range(2):
        world.run(first=2, size=2)
    world.clock.time += 3600
    return violations(world, **allowed) + unfinished(world)


def one_run(world: World) -> list[str]:
    """Look right after it: the service may forget what it made before another run could fetch it."""
    world.run(first=2, size=2)
    return violations(world)


def with_faults(spec: str) -> Callable[[World], list[str]]:
    def schedule(world: World) -> list[str]:
        world.faults(spec)
        return once(world)

    return schedule


def crash_once_it_is_sent(world: World) -> list[str]:
    """End the process the moment the service has the order."""
    real = world.wrap_service

    class Ending(Wrapped):
        def generate(self, request: Any, *, before_send: Any = None) -> Any:
            self.inner.generate(request, before_send=before_send)
            raise Crash

    world.wrap_service = lambda client: real(Ending(client))
    with pytest.raises(Crash):
        world.run(first=2, size=2)
    world.wrap_service = real
    world.faults("truncate:count=9")  # and the list of requests does not show it for a while
    world.run(first=2, size=2)
    return _afterwards(world)


def full_disk_then_crash(world: World) -> list[str]:
    """Let the intent fail; should the order go out all the same, end the process before anything else."""
    real, journal = world.wrap_service, world.wrap_journal

    class Full(Wrapped):
        def intend(self, *_: Any) -> None:
            raise JournalError("The journal cannot be used: the disk is full.")

    class Ending(Wrapped):
        def generate(self, request: Any, *, before_send: Any = None) -> Any:
            self.inner.generate(request, before_send=before_send)
            raise Crash

    world.wrap_service = lambda client: real(Ending(client))
    world.wrap_journal = lambda inner: journal(type("FullJournal", (_Journal,), {"side": Full})(inner))
    try:
        world.run(first=2, size=2)
    except Crash:
        world.faults("truncate:count=9")
    world.wrap_service, world.wrap_journal = real, journal
    world.run(first=2, size=2)
    return _afterwards(world)


def out_of_sight(world: World) -> list[str]:
    """Show for a while neither the list of requests nor the single one, and work slowly."""
    world.simulator.seconds_per_record = 300.0
    world.faults("truncate;vanish")
    world.run(first=2, size=2)
    world.run(first=2, size=2)
    world.clock.time += 3600
    return _afterwards(world)


def lost_and_out_of_sight(world: World) -> list[str]:
    world.simulator.seconds_per_record = 300.0
    world.faults("lost:on=generate,count=1;truncate;vanish")
    world.run(first=6)
    world.run(first=6)
    return _afterwards(world)


def somebody_else_at_work(*record_ids: str) -> Callable[[World], list[str]]:
    """Our order does not arrive, and at that moment somebody else starts one for other records, or for some of ours."""

    def schedule(world: World) -> list[str]:
        class Meanwhile(Wrapped):
            def generate(self, *args: Any, **options: Any) -> Any:
                if not world.foreign:
                    world.foreign_order(*record_ids, fields=("page description",))
                return self.inner.generate(*args, **options)

        world.simulator.seconds_per_record = 30.0
        _wrapped(world, Meanwhile)
        world.faults("500:on=generate,count=1")
        world.run(first=4, size=4)
        return violations(world)

    return schedule


def regenerate_without_effect(world: World) -> list[str]:
    """Order new texts for records that have some, and let the order not arrive."""
    world.run(first=2, size=2)
    for row in world.rows:
        row[0] = "Regenerate"
    world.faults("500:on=generate,count=1")
    world.run(first=4, size=4)
    return violations(world, regenerated=[(row[1], "en", name) for row in world.rows for name in TEXTS])


TEXTS = ("page title", "excerpt")


def cancel_half_way(world: World) -> list[str]:
    world.simulator.seconds_per_record = 10.0
    world.simulator.line.capacity = 1
    world.run(first=4, size=4, detach=True)
    world.clock.time += 12
    world.run(cancelling=True)
    world.clock.time += 3600
    return violations(world)


# ----------------------------------------------------------------------------- breaches


def intent_after_the_order(_: World) -> Wrap:
    class Late(Wrapped):
        def generate(self, request: Any, *, before_send: Any = None) -> Any:
            result = self.inner.generate(request)
            before_send()
            return result

    return Late


class IntentThatMayFail(Wrapped):
    def intend(self, *args: Any) -> None:
        try:
            self.inner.intend(*args)
        except JournalError:
            return


def judged(change: Callable[[Attempt], Attempt]) -> Callable[[World], Wrap]:
    """Take an attempt for another than it is, as a wrong classifier would."""

    class Judge(Wrapped):
        def generate(self, request: Any, *, before_send: Any) -> Any:
            return change(self.inner.generate(request, before_send=before_send))

    return lambda _: Judge


def _not_sent(attempt: Attempt) -> Attempt:
    return Attempt(Sent.NOT_LEFT, exception=attempt.exception or "trouble")


def server_errors_are_not_sent(attempt: Attempt) -> Attempt:
    return _not_sent(attempt) if (attempt.status or 0) >= 500 else attempt


def silence_is_not_sent(attempt: Attempt) -> Attempt:
    return _not_sent(attempt) if attempt.status is None else attempt


def success_without_id_is_failure(attempt: Attempt) -> Attempt:
    return _not_sent(attempt) if attempt.status == 200 and not attempt.request_id else attempt


def requests(seen: Callable[[Any, str], RequestDetails]) -> Callable[[World], Wrap]:
    class Seeing(Wrapped):
        def request(self, request_id: str) -> RequestDetails:
            return seen(self.inner, request_id)

    return lambda _: Seeing


def _over(request_id: str) -> RequestDetails:
    nothing: frozenset[str] = frozenset()
    state = RequestState.CANCELLED
    return RequestDetails(request_id, state, "Cancelled", "Product", "", "", nothing, nothing, nothing, nothing)


def not_found_is_lost(service: Any, request_id: str) -> RequestDetails:
    try:
        found: RequestDetails = service.request(request_id)
    except NotFound:
        return _over(request_id)
    return found


def absent_is_lost(service: Any, request_id: str) -> RequestDetails:
    listed = {one.request_id: one for one in service.active_requests()}
    return listed.get(request_id) or _over(request_id)


class UnknownIsFailed(Wrapped):
    """What nobody can say about is let go, to be tried again."""

    def move(self, number: int, to: BatchState, **options: Any) -> None:
        self.inner.move(number, BatchState.REJECTED if to is BatchState.UNKNOWN else to, **options)


class Forgetful(Wrapped):
    """A journal that does not tell the plan what is under way, and whose index does not stand in the way."""

    def memory(self) -> Memory:
        known: Memory = self.inner.memory()
        database = self.inner._database
        with database.transaction():
            database.run("DROP INDEX IF EXISTS item_held")
        return replace(known, open={}, unknown={})


class TextsNotKept(Wrapped):
    """What arrives is only counted."""

    def collect(self, batch_id: int, _texts: Any, _deliveries: Any, *outcomes: Any) -> None:
        self.inner.collect(batch_id, (), (), *outcomes)


class BaselineForgotten(Wrapped):
    """What was there before the order is not written down."""

    def intend(self, number: int, baseline: Baseline, sha: str) -> None:
        self.inner.intend(number, replace(baseline, texts=dict.fromkeys(baseline.texts, "")), sha)


def any_new_request_is_ours(world: World) -> Wrap:
    """Whatever is active and was not, is taken to have the records of the latest order."""

    class Greedy(Wrapped):
        def active_requests(self) -> Any:
            with world.open_journal() as journal:
                ours = journal.batches.batches({BatchState.UNKNOWN})
            return tuple(
                replace(one, running=ours[-1].records, queued=frozenset(), completed=frozenset()) if ours else one
                for one in self.inner.active_requests()
            )

    return Greedy


def a_request_with_some_of_our_records_is_ours(world: World) -> Wrap:
    class Subset(Wrapped):
        def active_requests(self) -> Any:
            with world.open_journal() as journal:
                ours = journal.batches.batches({BatchState.UNKNOWN})
            return tuple(
                replace(one, queued=one.queued | ours[-1].records) if ours and one.records < ours[-1].records else one
                for one in self.inner.active_requests()
            )

    return Subset


def asked_to_stop_is_stopped(_: World) -> Wrap:
    """Take a request that was asked to stop to have stopped at that moment."""
    asked: set[str] = set()

    class Hasty(Wrapped):
        def cancel(self, request_id: str) -> None:
            self.inner.cancel(request_id)
            asked.add(request_id)

        def active_requests(self) -> Any:
            return tuple(_over(one.request_id) if one.request_id in asked else one for one in self._all())

        def _all(self) -> Any:
            return self.inner.active_requests()

    return Hasty


class MissingIsNotSent(Wrapped):
    """A text that a vanished request has not brought is let go as not sent."""

    def end(self, number: int, state: BatchState, outcomes: Any) -> None:
        lost = [(key, ItemState.NOT_SENT if to is ItemState.UNKNOWN else to, *rest) for key, to, *rest in outcomes]
        self.inner.end(number, state, lost)


BREACHES = {
    "journal-after-POST": Breach(
        "the intent is on disk before the first byte leaves", crash_once_it_is_sent, service=intent_after_the_order
    ),
    "failed-intent-ignored": Breach(
        "without an intent on disk nothing is sent", full_disk_then_crash, journal=_journal(IntentThatMayFail)
    ),
    "retry-on-5xx": Breach(
        "a 5xx may have taken effect", with_faults("500:on=generate,count=1,effect=yes"),
        service=judged(server_errors_are_not_sent),
    ),
    "retry-on-503-with-Retry-After": Breach(
        "so may a 503", with_faults("503:on=generate,count=1,effect=yes,retry_after=1"),
        service=judged(server_errors_are_not_sent),
    ),
    "retry-on-timeout": Breach(
        "silence may have taken effect", with_faults("lost:on=generate,count=1"), service=judged(silence_is_not_sent)
    ),
    "2xx-without-id-is-failure": Breach(
        "a 200 that cannot be read has taken effect", with_faults("garbage:on=generate,count=1"),
        service=judged(success_without_id_is_failure),
    ),
    "404-is-lost": Breach("a request that is not found proves nothing", out_of_sight,
                          service=requests(not_found_is_lost)),
    "absent-is-lost": Breach("a request that is not listed proves nothing", out_of_sight,
                             service=requests(absent_is_lost)),
    "missing-is-not-sent": Breach("a text that is not there yet proves nothing", out_of_sight,
                                  journal=lambda _: MissingIsNotSent),
    "unknown-is-failed": Breach("nothing billable is sent again on a hunch", lost_and_out_of_sight,
                                journal=_journal(UnknownIsFailed)),
    "overlapping-intents": Breach("a text is in one open batch at most", lost_and_out_of_sight,
                                  journal=lambda _: Forgetful),
    "texts-not-kept": Breach("a text is kept the moment it is seen", one_run, journal=lambda _: TextsNotKept),
    "baseline-forgotten": Breach("only a text newer than the order answers it", regenerate_without_effect,
                                 journal=_journal(BaselineForgotten)),
    "adopt-any-new-request": Breach("a request is adopted only with exactly our records",
                                    somebody_else_at_work("A5", "A6"), service=any_new_request_is_ours),
    "adopt-subset": Breach("all of our records, not some", somebody_else_at_work("A1", "A2"),
                           service=a_request_with_some_of_our_records_is_ours),
    "cancel-is-cancelled": Breach("only what the service says is stopped has stopped", cancel_half_way,
                                  service=asked_to_stop_is_stopped),
}  # fmt: skip


# ------------------------------------------------------------- breaches seen in the laboratory


def impatient(lab: Lab) -> None:
    """Take what nobody can say about for lost after a settling time that is shorter than an order may be under way."""

    class Side(Wrapped):
        def __init__(self, journal: Any) -> None:
            super().__init__(journal.batches)
            self.journal = journal

        def unknown(self) -> Any:
            for batch in self.inner.batches({BatchState.UNKNOWN}):
                outcomes = [(item.key, ItemState.RESENT, "", "settled") for item in batch.open_items]
                self.journal.end(batch.id, BatchState.LOST, outcomes)
            return self.inner.unknown()

    class Impatient(Wrapped):
        @property
        def batches(self) -> Any:
            return Side(self.inner)

    lab.wrap_journal = Impatient


def by_our_own_clock(lab: Lab) -> None:
    """Take a text for new if it was made after the order went out, by the clock of this machine."""

    class Watch(Wrapped):
        sent = float("inf")

        def generate(self, request: Any, *, before_send: Any) -> Any:
            self.sent = lab.clock.time + lab.skew
            return self.inner.generate(request, before_send=before_send)

        def texts(self, *args: Any, **options: Any) -> Any:
            found = self.inner.texts(*args, **options)
            return [one for one in found if lab.simulator.shelf.by_id[one.text_id].time > self.sent]

    lab.wrap_service = Watch


def stamina(lab: Lab) -> None:
    """Wrap the order into a retry, as one does with a call that costs nothing."""

    class Stamina(Wrapped):
        def generate(self, request: Any, *, before_send: Any) -> Attempt:
            attempt: Attempt = self.inner.generate(request, before_send=before_send)
            for _ in range(2):
                if attempt.status is not None and attempt.status < 500:
                    break
                attempt = self.inner.generate(request, before_send=None)
            return attempt

    lab.wrap_service = Stamina


def redirects(lab: Lab) -> None:
    """Follow a redirect with the order and the token, to wherever it points."""

    class Following(httpx.BaseTransport):
        def __init__(self, inner: httpx.BaseTransport) -> None:
            self.inner = inner

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = self.inner.handle_request(request)
            if answer.status_code != 307:
                return answer
            answer.read()
            headers = {**request.headers, "host": httpx.URL(answer.headers["Location"]).host}
            again = httpx.Request(request.method, answer.headers["Location"], headers=headers, content=request.content)
            return self.inner.handle_request(again)

    lab.wrap_transport = Following


def late_then_again(lab: Lab) -> None:
    """Let the first order be under way for longer than the client waits, and run again at once."""
    lab.network = Network({("generate", 0): "late 40"})
    for _ in range(2):
        lab.act(first=1, size=2)
    for _ in range(2):  # it lands, and is made
        lab.wait(1000.0)


def anew_with_a_slow_clock(lab: Lab) -> None:
    """Order new texts on a machine whose clock is an hour late, and let the order not arrive."""
    lab.act()
    for row in lab.rows:
        lab.wish(row[1], "Regenerate")
    lab.skew = -3600.0
    lab.network = Network({("generate", 0): "500"})
    lab.act()


def unanswered(lab: Lab) -> None:
    lab.network = Network({("generate", 0): "lost"})
    lab.act(first=1, size=2)
    lab.wait(1000.0)


def redirected(lab: Lab) -> None:
    lab.network = Network({("generate", 0): "307"})
    lab.act()
    if len(lab.hosts) > 1:
        raise BrokenPromise(f"S14: the order was sent to {lab.hosts}")


IN_THE_LABORATORY: dict[str, tuple[str, Callable[[Lab], None], Callable[[Lab], None]]] = {
    "settle-under-late": ("an order may land later than anybody waits", impatient, late_then_again),
    "local-clock-baseline": ("what is new is told by ids, never by our clock", by_our_own_clock,
                             anew_with_a_slow_clock),
    "stamina-around-POST": ("an order is sent once", stamina, unanswered),
    "follow-redirect": ("a billable POST follows no redirect", redirects, redirected),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_THE_LABORATORY)
def test_g5_each_breach_in_the_laboratory_is_caught_where_the_real_code_passes(name: str) -> None:
    rule, breach, schedule = IN_THE_LABORATORY[name]
    http = name == "follow-redirect"
    with laboratory(records=3, headings=ONE, seconds_per_record=0.4, http=http) as lab:
        schedule(lab)
    with laboratory(records=3, headings=ONE, seconds_per_record=0.4, http=http) as lab:
        breach(lab)
        try:
            schedule(lab)
        except BrokenPromise:
            return
    pytest.fail(f"unnoticed: {rule}")


# -------------------------------------------------------------------------------------- all


def _play(breach: Breach, *, broken: bool) -> list[str]:
    with quick_folder() as folder:
        world = World(folder, records=6)
        if broken:
            world.wrap_service = breach.service(world) or as_it_is
            world.wrap_journal = breach.journal(world) or as_it_is
        return breach.schedule(world)


@pytest.mark.parametrize("name", BREACHES)
def test_g5_each_breach_of_the_protocol_is_caught_where_the_real_code_passes(name: str) -> None:
    breach = BREACHES[name]
    assert _play(breach, broken=False) == [], "the real code keeps every promise under this schedule"
    assert _play(breach, broken=True), f"unnoticed: {breach.rule}"
