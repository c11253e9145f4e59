"""Sending: what is sent again by itself, what never is, and what is settled by evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.attempt import Attempt, Sent
from sync.batch import BatchState
from sync.errors import JournalError, NotSignedIn
from sync.service.body import generate_body
from tests.run.checks import charges, unfinished, unresolved, violations
from tests.run.seams import Crash, Seams
from tests.run.world import Outcome, World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.batch import Tally


def states(world: World) -> list[BatchState]:
    with world.open_journal() as journal:
        return [batch.state for batch in journal.batches.batches()]


def tally(world: World) -> Tally:
    with world.open_journal() as journal:
        return journal.tally({run.id for run in journal.batches.runs()})


def test_a_run_fills_every_cell_and_the_ledger_equals_the_journal(world: Callable[..., World]) -> None:
    shop = world(records=9)
    shop.run(first=2, size=3)
    assert shop.empty_cells() == []
    assert violations(shop) == []
    ledger = {one.text_id: one.credits for one in shop.simulator.account.ledger}
    with shop.open_journal() as journal:
        texts = {item.text_id: item.credits for item in journal.texts.deliveries(again=True)}
    assert texts == ledger, "the same texts, at the same price"
    assert set(charges(shop).values()) == {1}
    assert len(ledger) == 18


def test_the_first_order_is_small_and_a_lone_last_record_joins_the_order_before_it(world: Callable[..., World]) -> None:
    shop = world(records=12)
    shop.run(first=3, size=4)
    sizes = [len(request.order.records) for request in shop.simulator.requests.values()]
    assert sizes == [3, 4, 5]


def test_no_more_orders_are_open_at_a_time_than_the_window_allows(world: Callable[..., World]) -> None:
    shop = world(records=12, capacity=1)
    most: list[int] = []

    class Watching(Wrapped):
        def generate(self, *args: Any, **options: Any) -> Any:
            result = self.inner.generate(*args, **options)
            most.append(len(shop.simulator.open_requests()))
            return result

    shop.wrap_service = Watching
    shop.run(first=2, size=2, window=3)
    assert max(most) == 3
    assert shop.empty_cells() == []


def test_a_second_run_finds_nothing_to_do_and_sends_nothing(world: Callable[..., World]) -> None:
    shop = world()
    shop.run()
    before = shop.posts()
    outcome = shop.run()
    assert outcome.plan is not None
    assert dict(outcome.plan.counts) == {"unchanged": 12}
    assert shop.posts() == before


# ------------------------------------------------------------------- sent again by itself


class Unplugged(Wrapped):
    """A client whose first orders find no connection."""

    left = 2

    def generate(self, request: Any, *, before_send: Callable[[], None]) -> Any:
        if self.left:
            type(self).left -= 1
            before_send()
            return Attempt(Sent.NOT_LEFT, exception="ConnectError: no connection came about")
        return self.inner.generate(request, before_send=before_send)


def test_s05_what_provably_did_not_leave_is_sent_again_and_charged_once(world: Callable[..., World]) -> None:
    shop = world(records=3)
    Unplugged.left = 2
    shop.wrap_service = Unplugged
    shop.run()
    assert Unplugged.left == 0
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_s05_a_service_that_stays_out_of_reach_is_given_up_with_nothing_held(world: Callable[..., World]) -> None:
    shop = world(records=3)
    Unplugged.left = 1000
    shop.wrap_service = Unplugged
    outcome = shop.run()
    assert shop.posts() == 0
    assert "stopped" in outcome.kinds()
    assert 1000 - Unplugged.left < 10, "it does not hammer"
    assert unresolved(shop) == set()
    Unplugged.left = 0
    shop.run()
    assert shop.empty_cells() == []


@pytest.mark.parametrize("spec", ["401:on=generate,count=1", "429:on=generate,count=1;401:on=generate,count=1,after=1"])
def test_s11_a_refused_token_is_renewed_and_the_order_sent_once_more(world: Callable[..., World], spec: str) -> None:
    shop = world(records=3, faults=spec)
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_s11_a_token_that_is_never_taken_for_orders_stops_the_sending_after_one_renewal(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, faults="401:on=generate")
    outcome = shop.run()
    assert "stopped" in outcome.kinds()
    assert shop.posts() == 2
    assert states(shop) == [BatchState.BLOCKED]
    assert unresolved(shop) == set()


def test_s11_a_token_that_ends_in_the_night_is_renewed(world: Callable[..., World]) -> None:
    shop = world(records=4, capacity=1, seconds_per_record=5.5 * 3600.0)
    shop.run(first=2, size=2, window=1)
    assert sum("accesstoken" in call for call, _ in shop.calls) == 2, "once more, before it ends"
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_s11_a_key_that_is_no_longer_taken_ends_the_run_and_the_next_one_goes_on(world: Callable[..., World]) -> None:
    shop = world(records=6, capacity=1, seconds_per_record=600.0)
    shop.clock.at.append((shop.clock.time + 900, lambda: setattr(shop.simulator, "api_key", "another")))
    outcome = shop.run(first=2, size=2, window=1)
    assert isinstance(outcome.error, NotSignedIn)
    shop.simulator.api_key = "sim-0000-local"
    shop.run(first=2, size=2)
    assert shop.empty_cells() == []
    assert violations(shop) == []


@pytest.mark.parametrize(("given", "least", "most"), [("retry_after=90", 90, 110), ("count=1", 0.5, 10)])
def test_s16_s17_a_busy_service_is_given_the_time_it_asks_for(
    world: Callable[..., World], given: str, least: float, most: float
) -> None:
    options = "count=1" if given == "count=1" else f"{given},count=1"
    shop = world(records=2, seconds_per_record=0.1, faults=f"429:on=generate,{options}")
    shop.run()
    first, second = [time for call, time in shop.calls if call.lower() == "post /text/generate"]
    assert least <= second - first <= most
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_s17_a_service_that_stays_too_busy_stops_the_sending_and_nothing_is_held(world: Callable[..., World]) -> None:
    shop = world(records=3, faults="429:on=generate")
    outcome = shop.run()
    assert "stopped" in outcome.kinds()
    assert shop.posts() <= 6
    assert unresolved(shop) == set()
    assert tally(shop).not_sent == 6


# -------------------------------------------------------------------------- definite no


@pytest.mark.parametrize("status", [403, 404, 405, 413, 422])
def test_s10_s13_s14_a_definite_no_is_not_tried_again(world: Callable[..., World], status: int) -> None:
    shop = world(records=2)

    class Refusing(Wrapped):
        sent = 0

        def generate(self, _request: Any, *, before_send: Callable[[], None]) -> Any:
            before_send()
            type(self).sent += 1
            return Attempt(Sent.LEFT, status=status, error="the name is too long")

    shop.wrap_service = Refusing
    outcome = shop.run()
    assert Refusing.sent == 1
    assert states(shop) == [BatchState.REJECTED]
    assert [event.message for event in outcome.events if event.kind == "refused"] == [
        "The service refused batch 1 (2 records): the name is too long"
    ]
    assert tally(shop).not_sent == 4


def test_s10_a_record_that_the_service_refuses_does_not_keep_the_other_orders_back(world: Callable[..., World]) -> None:
    shop = world(records=6, premium=False, headings=("Action", "Record ID", "Name", "Page title", "Excerpt"))
    shop.simulator.account.premium = True
    spec = "403:on=generate,count=1"
    shop.faults(spec)
    shop.run(first=2, size=2)
    assert {record for record, _ in shop.empty_cells()} == {"A1", "A2"}
    assert violations(shop) == []
    shop.run()
    assert shop.empty_cells() == []


def test_s12_no_credits_blocks_the_rest_and_what_was_sent_is_collected(world: Callable[..., World]) -> None:
    shop = world(records=6, faults="402:on=generate,after=1")
    outcome = shop.run(first=2, size=2)
    assert outcome.driver is not None
    assert outcome.driver.sender.short
    assert shop.posts() == 2, "it stops at the first refusal"
    assert {record for record, _ in shop.empty_cells()} == {"A3", "A4", "A5", "A6"}
    assert states(shop) == [BatchState.COLLECTED, BatchState.BLOCKED, BatchState.BLOCKED]
    shop.faults("")
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_s12_nothing_is_sent_that_the_balance_cannot_cover(world: Callable[..., World]) -> None:
    shop = world(records=6, credits=7)
    outcome = shop.run(first=2, size=2)
    assert outcome.driver is not None
    assert outcome.driver.sender.short
    assert sum(one.credits for one in shop.simulator.account.ledger) <= 7
    assert shop.simulator.account.available >= 0
    assert violations(shop) == []


def test_s30_sending_stops_when_the_balance_falls_faster_than_approved(world: Callable[..., World]) -> None:
    shop = world(records=9, capacity=1)
    shop.clock.at.append((shop.clock.time + 1, lambda: shop.simulator.set_credits(9000)))
    outcome = shop.run(first=2, size=2, window=1)
    assert outcome.driver is not None
    assert outcome.driver.sender.short
    assert "somebody else may be spending" in outcome.driver.sender.stopped
    assert shop.posts() < 4
    assert violations(shop) == []


def test_a_run_that_goes_on_after_a_crash_does_not_take_the_earlier_orders_for_overspending(
    world: Callable[..., World],
) -> None:
    shop = world(records=14, capacity=1)
    seams = Seams(at=14)
    shop.wrap_service = shop.wrap_journal = seams.wrap
    with pytest.raises(Crash):
        shop.run(first=4, size=4, window=2)
    assert shop.posts() == 2
    shop.wrap_service = shop.wrap_journal = lambda inner: inner
    outcome = shop.run(first=2, size=2, window=2)
    assert outcome.driver is not None
    assert outcome.driver.sender.stopped == ""
    assert shop.empty_cells() == []


# --------------------------------------------------------------------- nobody can say


WITH_EFFECT = {
    "S07-lost": "lost",
    "S08-cut": "cut",
    "S08-garbage": "garbage",
    "S18-500": "500:effect=yes",
    "S18-502": "502:effect=yes",
    "S18-504": "504:effect=yes",
    "S19-503": "503:effect=yes,retry_after=5",
    "S19-408": "408:effect=yes",
    "S15-409": "409:effect=yes",
}


def spec_of(kind: str, *more: str) -> str:
    name, _, options = kind.partition(":")
    return f"{name}:" + ",".join(filter(None, (options, "on=generate", "count=1", *more)))


def adopted(outcome: Outcome) -> bool:
    return "found" in outcome.kinds() and "unknown" not in outcome.kinds()


@pytest.mark.parametrize("name", WITH_EFFECT)
@pytest.mark.parametrize("after", [0, 1])
def test_s07_s08_s15_s18_s19_a_lost_answer_is_adopted_from_the_active_list_and_charged_once(
    world: Callable[..., World], name: str, after: int
) -> None:
    shop = world(records=5, faults=spec_of(WITH_EFFECT[name], f"after={after}"))
    outcome = shop.run(first=2, size=3)
    assert adopted(outcome)
    assert shop.posts() == 2
    assert shop.empty_cells() == []
    assert violations(shop) == []


@pytest.mark.parametrize("kind", ["lost", "500:effect=yes", "garbage"])
def test_s07_a_lost_answer_whose_texts_are_there_already_is_adopted_by_its_texts(
    world: Callable[..., World], kind: str
) -> None:
    shop = world(records=3, seconds_per_record=0.0, faults=spec_of(kind))
    outcome = shop.run()
    assert adopted(outcome)
    assert states(shop) == [BatchState.COLLECTED]
    assert shop.empty_cells() == []
    assert violations(shop) == []


WITHOUT_EFFECT = {
    "S18-500": "500",
    "S18-502": "502",
    "S18-504": "504",
    "S19-503": "503:retry_after=1",
    "S19-408": "408",
    "S15-409": "409",
    "S07-reset": "reset",
}


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_s07_s15_s18_s19_without_evidence_it_stays_unknown_and_is_never_sent_again_by_itself(
    world: Callable[..., World], name: str
) -> None:
    shop = world(records=5, faults=spec_of(WITHOUT_EFFECT[name]))
    outcome = shop.run(first=2, size=3)
    assert "unknown" in outcome.kinds()
    assert {record for record, _ in shop.empty_cells()} == {"A1", "A2"}, "the others are not kept back"
    for _ in range(3):
        shop.clock.time += 86_400
        again = shop.run()
        assert again.plan is not None
        assert again.plan.counts["unknown"] == 4
    assert shop.posts() == 2
    assert violations(shop) == []
    shop.run(resend=[1])
    assert shop.posts() == 3
    assert shop.empty_cells() == []
    assert violations(shop) == [], "it had not reached the service, so nothing is paid twice"


def test_an_unknown_batch_counts_as_unknown_with_its_price(world: Callable[..., World]) -> None:
    shop = world(records=5, faults="500:on=generate,count=1")
    shop.run(first=2, size=3)
    counted = tally(shop)
    assert (counted.unknown, counted.open, counted.done) == (4, 0, 6)
    assert counted.unknown_max == 6.0, "two page titles of one credit, two excerpts of two"


def test_s21_an_order_that_lands_late_is_found_before_the_run_ends(world: Callable[..., World]) -> None:
    shop = world(records=4)
    late: list[Any] = []

    class Late(Wrapped):
        """The order is on its way for ten seconds after the client has given up."""

        def generate(self, request: Any, *, before_send: Callable[[], None]) -> Any:
            if late:
                return self.inner.generate(request, before_send=before_send)
            before_send()
            late.append(generate_body(request))
            shop.clock.at.append((shop.clock.time + 0.5, lambda: late.append(shop.simulator.generate(late[0]))))
            return Attempt(Sent.LEFT, exception="ReadTimeout: no answer came in time")

    shop.wrap_service = Late
    shop.run(first=2, size=2)
    assert len(late) == 2, "it has landed"
    assert violations(shop) == []
    assert shop.empty_cells() == []


def test_s02_a_crash_between_intent_and_first_byte_is_unknown_not_sent_again(world: Callable[..., World]) -> None:
    shop = world(records=2)
    shop.wrap_service = shop.wrap_journal = Seams(name="after intend").wrap
    with pytest.raises(Crash, match="after intend"):
        shop.run()
    assert shop.posts() == 0
    assert states(shop) == [BatchState.INTENT]
    shop.wrap_service = shop.wrap_journal = lambda inner: inner
    shop.run()
    assert shop.posts() == 0
    assert states(shop) == [BatchState.UNKNOWN]


def test_j01_when_the_intent_cannot_be_made_to_stay_nothing_is_sent(world: Callable[..., World]) -> None:
    shop = world(records=2)

    class Full(Wrapped):
        """A journal whose disk is full from the moment of the intent on."""

        def intend(self, *args: Any) -> None:
            database = self.inner._db
            pages = database.rows("PRAGMA page_count")[0][0]
            database.rows(f"PRAGMA max_page_count = {pages}")
            with database.transaction():  # fill what room there is in the pages that exist
                database.run("CREATE TABLE filler (x TEXT)")
            self.inner.intend(*args)

    class Wrapping(Wrapped):
        @property
        def batches(self) -> Any:
            return Full(self.inner.batches)

    shop.wrap_journal = Wrapping
    outcome = shop.run(writes=False)
    assert isinstance(outcome.error, JournalError)
    assert shop.posts() == 0
    assert not shop.simulator.requests
    shop.wrap_journal = lambda inner: inner
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_the_users_stop_ends_the_sending_and_the_next_run_goes_on(world: Callable[..., World]) -> None:
    shop = world(records=9, capacity=1)
    shop.clock.at.append((shop.clock.time + 2, lambda: setattr(shop, "stopping", True)))
    shop.run(first=2, size=2, window=2)
    assert 0 < len(shop.empty_cells()) < 18
    open_then = len(shop.simulator.open_requests())
    assert open_then > 0, "the service goes on with what it has"
    assert violations(shop) == []
    shop.stopping = False
    shop.run()
    assert unfinished(shop) == []
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_detached_everything_is_sent_and_the_next_run_collects_it(world: Callable[..., World]) -> None:
    shop = world(records=9)
    shop.run(first=2, size=2, detach=True)
    assert len(shop.simulator.open_requests()) == 4
    assert len(shop.empty_cells()) == 18
    posts = shop.posts()
    shop.run()
    assert shop.posts() == posts
    assert shop.empty_cells() == []
    assert violations(shop) == []
