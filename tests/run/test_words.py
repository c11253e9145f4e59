"""What a run says: the word for programs, the sentence for people, and the figures, of everything that may happen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sync.batch import BatchState, ItemState
from sync.errors import NotFound, Rejected, Unreachable
from sync.run.events import Event
from sync.run.reconcile import give_up
from tests.run.seams import Crash, Seams
from tests.run.sessions import session
from tests.run.test_given_up import HEADINGS, lands_late
from tests.run.world import STORE, Outcome, World, Wrapped, as_it_is

if TYPE_CHECKING:
    from collections.abc import Callable


def said(outcome: Outcome) -> list[Event]:
    return [event for event in outcome.events if event.kind != "progress"]


def ids(world: World) -> list[str]:
    return list(world.simulator.requests)


# --------------------------------------------------------------------------------------- sending


def test_an_order_that_went_out_is_for_the_progress_bar(world: Callable[..., World]) -> None:
    shop = world(records=3)
    outcome = shop.run()
    figures = {"batch": 1, "records": 3, "texts": 6, "max": 9.0, "request": ids(shop)[0]}
    assert said(outcome) == [Event("sent", "Sent batch 1: 3 records, 9 credits.", figures, quiet=True)]
    looks = [event for event in outcome.events if event.kind == "progress"]
    assert looks[0] == Event(
        "progress", "3 records being made, 0 waiting.", {"running": 3, "queued": 0, "arrived": 0}, quiet=True
    )
    assert sum(int(str(event.detail["arrived"])) for event in looks) == 6


def test_progress_counts_what_is_made_and_what_waits_over_all_orders(world: Callable[..., World]) -> None:
    shop = world(records=9, capacity=3)
    outcome = shop.run(first=3, size=3)
    first = next(event for event in outcome.events if event.kind == "progress")
    assert (first.detail["running"], first.detail["queued"]) == (3, 6)


def test_a_refused_order_is_told_with_the_services_reason(world: Callable[..., World]) -> None:
    shop = world(records=3, faults="403:on=generate,count=1")
    figures = {"batch": 1, "records": 3, "texts": 6, "max": 9.0, "reason": "Simulated fault: 403"}
    assert said(shop.run()) == [
        Event("refused", "The service refused batch 1 (3 records): Simulated fault: 403", figures)
    ]


def test_s12_when_the_service_wants_credits_the_run_says_that_sending_has_stopped(world: Callable[..., World]) -> None:
    shop = world(records=6, faults="402:on=generate")
    outcome = shop.run(first=3, size=3)
    words = "Sending has stopped: Simulated fault: 402. What was sent is still collected."
    assert said(outcome) == [Event("stopped", words, {"batch": 1, "records": 3, "texts": 6, "max": 9.0})]
    assert outcome.driver is not None
    assert (outcome.driver.sender.stopped, outcome.driver.sender.short) == ("Simulated fault: 402", True)
    with shop.open_journal() as journal:
        assert [batch.reason for batch in journal.batches.batches()] == ["Simulated fault: 402"] * 2


def test_s12_when_the_balance_is_too_low_for_the_next_order_both_sums_are_told(world: Callable[..., World]) -> None:
    shop = world(records=3, credits=8)
    outcome = shop.run()
    why = "the account has 8 credits left, and the next batch costs 9 or more"
    assert said(outcome) == [Event("stopped", f"Sending has stopped: {why}. What was sent is still collected.")]
    assert outcome.driver is not None
    assert (outcome.driver.sender.stopped, outcome.driver.sender.short) == (why, True)
    assert shop.posts() == 0
    with shop.open_journal() as journal:
        assert [batch.reason for batch in journal.batches.batches()] == [why]


def test_s30_when_the_balance_falls_too_fast_what_is_gone_and_what_was_approved_are_told(
    world: Callable[..., World],
) -> None:
    shop = world(records=9, capacity=1)
    shop.clock.at.append((shop.clock.time + 1, lambda: shop.simulator.set_credits(9000)))
    outcome = shop.run(first=2, size=2, window=1)
    (told,) = [event for event in outcome.events if event.kind == "stopped"]
    assert told.message == (
        "Sending has stopped: the account has 1,003 credits less than before; approved: 27"
        " (somebody else may be spending too). What was sent is still collected."
    )


def test_an_order_that_others_overtook_is_told_with_the_first_of_its_records(world: Callable[..., World]) -> None:
    shop = world(records=9, headings=HEADINGS, seconds_per_record=30.0)
    names = [f"A{n}" for n in range(1, 8)]

    class Quicker(Wrapped):
        """Between the plan and the order, somebody else orders seven of the nine."""

        def balance(self) -> Any:
            if not shop.foreign:
                shop.foreign_order(*names, fields=["page title"])
            return self.inner.balance()

    shop.wrap_service = Quicker
    outcome = shop.run(first=9)
    (told,) = [event for event in outcome.events if event.kind == "overtaken"]
    assert told == Event(
        "overtaken",
        "7 records were not sent (A1, A2, A3, A4, A5): somebody else has ordered them, or changed their"
        " texts, since the plan was made. Run again to fetch or follow them.",
        {"batch": 1, "records": names},
    )
    with shop.open_journal() as journal:
        (batch, *_) = journal.batches.batches()
    reasons = {item.key.record.record_id: item.reason for item in batch.items}
    assert reasons == {
        **dict.fromkeys(
            names, "somebody else has ordered it or changed its text meanwhile; run again to fetch or follow it"
        ),
        "A8": "",
        "A9": "",
    }
    assert {item.text_id for item in batch.items if item.key.record.record_id in names} == {""}
    (sent,) = [event for event in outcome.events if event.kind == "sent"]
    assert (sent.detail["records"], sent.detail["texts"], sent.detail["max"]) == (2, 2, 2.0), "the two that are left"


def test_s16_how_long_a_busy_service_is_given_is_said_before_the_wait(world: Callable[..., World]) -> None:
    shop = world(records=2, faults="429:on=generate,retry_after=90,count=1")
    told: list[tuple[Event, float]] = []
    shop.session["tell"] = lambda event: told.append((event, shop.clock.time))
    start = shop.clock.time
    shop.run()
    words = "The service asks for patience: Simulated fault: 429. Waiting 90 s."
    assert told == [(Event("waiting", words), start)]


def test_s16_no_wait_is_longer_than_an_hour(world: Callable[..., World]) -> None:
    shop = world(records=2, faults="429:on=generate,retry_after=86400,count=1")
    told: list[Event] = []
    shop.session["tell"] = told.append
    start = shop.clock.time
    shop.run()
    assert "Waiting 3600 s" in told[0].message
    assert 3600 <= shop.clock.time - start < 3700


# -------------------------------------------------------------------------------- nobody can say

AT_RISK = (
    "Nobody can say whether the service has batch 1 (3 records, up to 9 credits): Simulated fault: 500. It is not sent"
    " again unless you say so: `wtsync run FILE --resend 1`, at the risk of paying for it twice."
    " `--accept-lost 1` lets it be."
)


def test_an_order_nobody_can_say_about_is_told_with_what_is_at_stake_and_what_to_do(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, faults="500:on=generate,count=1")
    figures = {"batch": 1, "records": 3, "max": 9.0, "reason": "Simulated fault: 500"}
    assert said(shop.run()) == [Event("unknown", AT_RISK, figures)], "and once only"
    assert said(shop.run()) == [Event("unknown", AT_RISK, figures)], "and by each run until it is settled"


def test_an_order_that_had_arrived_is_told_by_its_request(world: Callable[..., World]) -> None:
    shop = world(records=3, faults="lost:on=generate,count=1")
    outcome = shop.run()
    (request_id,) = ids(shop)
    words = f"Batch 1 had reached the service: it is request {request_id}."
    assert said(outcome) == [Event("found", words, {"batch": 1, "request": request_id})]


def test_an_order_that_had_arrived_and_was_made_is_told_by_its_texts(world: Callable[..., World]) -> None:
    shop = world(records=3, seconds_per_record=0.0, faults="lost:on=generate,count=1")
    words = "Batch 1 had reached the service, which has 6 of 6 texts."
    assert said(shop.run()) == [Event("found", words, {"batch": 1, "texts": 6})]


def test_texts_that_turn_up_after_their_order_was_ended_are_counted(world: Callable[..., World]) -> None:
    shop = world(records=3)

    class Withholding(Wrapped):
        def texts(self, *args: Any, **options: Any) -> Any:
            return [one for one in self.inner.texts(*args, **options) if one.key.record.record_id != "A2"]

    shop.wrap_service = Withholding
    shop.run()
    shop.wrap_service = as_it_is
    assert said(shop.run()) == [Event("found", "Turned up after all: 2 texts of batch 1.")]


def test_what_a_process_left_half_sent_keeps_why_in_the_journal(world: Callable[..., World]) -> None:
    shop = world(records=2)
    shop.wrap_service = shop.wrap_journal = Seams(name="after intend").wrap
    with pytest.raises(Crash):
        shop.run()
    shop.wrap_service = shop.wrap_journal = as_it_is
    (told,) = [event for event in shop.run().events if event.kind == "unknown"]
    assert told.detail["reason"] == "wtsync was stopped while sending it"
    with shop.open_journal() as journal:
        (batch,) = journal.batches.batches()
    assert batch.reason == "wtsync was stopped while sending it"


def test_what_a_process_left_planned_was_not_sent_and_is_let_go_with_its_reason(world: Callable[..., World]) -> None:
    shop = world(records=2)
    shop.wrap_service = shop.wrap_journal = Seams(name="before pull").wrap
    with pytest.raises(Crash):
        shop.run()
    shop.wrap_service = shop.wrap_journal = as_it_is
    outcome = shop.run()
    assert said(outcome)[0].kind == "sent", "it is sent now, and no word is lost about it"
    with shop.open_journal() as journal:
        planned, sent = journal.batches.batches()
    assert (planned.state, sent.state) == (BatchState.REJECTED, BatchState.COLLECTED)
    assert {planned.reason, *(item.reason for item in planned.items)} == {"wtsync was stopped before it was sent"}
    assert {item.state for item in planned.items} == {ItemState.NOT_SENT}


@pytest.mark.parametrize(
    ("resend", "reason"),
    [(True, "given up by the user, to be sent again"), (False, "taken for lost by the user")],
)
def test_what_was_given_up_keeps_why_in_the_journal(world: Callable[..., World], resend: bool, reason: str) -> None:
    shop = world(records=3, faults="500:on=generate,count=1")
    shop.run()
    with session(shop) as given:
        assert give_up(given, 1, resend=resend)
        (batch,) = given.journal.batches.batches()
    assert {(item.text_id, item.reason) for item in batch.items} == {("", reason)}


def test_what_an_ended_order_left_in_doubt_and_is_given_up_keeps_why_too(world: Callable[..., World]) -> None:
    shop = world(records=1, headings=HEADINGS)

    class Withholding(Wrapped):
        def texts(self, *_: Any, **__: Any) -> Any:
            return []

    shop.wrap_service = Withholding
    shop.run()
    with session(shop) as given:
        assert give_up(given, 1)
        assert not give_up(given, 1), "once is enough"
        (batch,) = given.journal.batches.batches()
    assert [(item.state, item.text_id, item.reason) for item in batch.items] == [
        (ItemState.RESENT, "", "given up by the user, to be sent again")
    ]


def test_there_is_nothing_to_give_up_in_a_batch_that_is_settled_or_does_not_exist(world: Callable[..., World]) -> None:
    shop = world(records=3)
    shop.run()
    with session(shop) as given:
        assert give_up(given, 1) is False
        assert give_up(given, 17) is False


def _taken_for_lost(shop: World) -> None:
    shop.faults("500:on=generate,count=1")
    shop.run()
    with session(shop) as given:
        assert give_up(given, 1, resend=False)


def test_r9_what_was_taken_for_lost_and_is_being_made_is_told_by_its_request(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS, seconds_per_record=30.0)
    _taken_for_lost(shop)
    request_id = lands_late(shop, "A1", "A2", "A3")
    told = said(shop.run())
    assert told[0] == Event("found", f"Batch 1, taken for lost, is being made: it is request {request_id}.")


def test_r9_texts_of_an_order_taken_for_lost_that_turn_up_are_counted(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS)
    _taken_for_lost(shop)
    lands_late(shop, "A1", "A2", "A3")
    shop.clock.sleep(60)
    assert said(shop.run())[0] == Event("found", "Turned up after all: 3 texts of batch 1, which was taken for lost.")


def test_r9_what_was_charged_twice_is_told_with_the_way_to_a_claim(world: Callable[..., World]) -> None:
    shop = world(records=3, headings=HEADINGS, faults="500:on=generate,count=1")
    shop.run()
    shop.run(resend=[1])
    lands_late(shop, "A1", "A2", "A3")
    shop.clock.sleep(60)
    assert said(shop.run())[0] == Event(
        "duplicate",
        "Batch 1 had reached the service after all: 3 texts of it, sent again since, were charged twice."
        " `wtsync status --json` lists both ids of each, for a claim.",
        {"batch": 1, "texts": 3},
    )


def test_s22_an_order_made_twice_is_told_with_both_requests(world: Callable[..., World]) -> None:
    shop = world(records=5, headings=HEADINGS, capacity=1, seconds_per_record=20.0, faults="twice:count=1")
    outcome = shop.run()
    twin, ours = ids(shop)
    (told,) = [event for event in outcome.events if event.kind == "duplicate"]
    assert told == Event(
        "duplicate",
        f"The service has batch 1 twice, as request {ours} and as {twin}; the second is being cancelled. What it has"
        " cost already is listed by wtsync status, for a claim.",
        {"batch": 1, "request": ours, "twin": twin},
    )


@pytest.mark.parametrize("error", [NotFound(404, "gone"), Rejected(409, "too late"), Unreachable("silence")])
def test_s22_a_twin_that_cannot_be_stopped_is_told_all_the_same_and_ends_nothing(
    world: Callable[..., World], error: Exception
) -> None:
    class Refusing(Wrapped):
        def cancel(self, request_id: str) -> None:
            asked.append(request_id)
            raise error

    asked: list[str] = []
    shop = world(records=5, headings=HEADINGS, capacity=1, seconds_per_record=20.0, faults="twice:count=1")
    shop.wrap_service = Refusing
    outcome = shop.run()
    assert outcome.error is None
    assert asked == ids(shop)[:1]
    assert "duplicate" in outcome.kinds()
    assert shop.empty_cells() == []


# ------------------------------------------------------------------------------------- following


def test_when_to_look_goes_by_the_services_clock(world: Callable[..., World]) -> None:
    looks = []
    for ahead in (0.0, 7200.0, -7200.0):

        class Elsewhere(Wrapped):
            server_time_offset = ahead

            def active_requests(self, ahead: float = ahead) -> Any:
                return tuple(
                    replace(one, estimated_end=(one.estimated_end or 0.0) + ahead)
                    for one in self.inner.active_requests()
                )

        shop = world(records=2, headings=HEADINGS, capacity=1, seconds_per_record=600.0)
        shop.path.unlink(missing_ok=True)
        shop.wrap_service = Elsewhere
        looks.append(sum(event.kind == "progress" for event in shop.run().events))
    assert looks[0] == looks[1] == looks[2]


def test_a_silent_service_is_told_aloud_once_and_then_for_programs_only(world: Callable[..., World]) -> None:
    shop = world(records=4, seconds_per_record=2.0)
    shop.clock.at.append((shop.clock.time + 1, lambda: shop.faults("503:method=GET,count=60")))
    told = [event for event in shop.run().events if event.kind == "silent"]
    assert told[0].message.startswith("The service does not answer; asking again. (The service is in trouble ")
    assert [event.quiet for event in told] == [False, *[True] * (len(told) - 1)]
    assert len(told) > 2


def test_i13_a_service_too_busy_to_be_read_is_given_the_time_it_asks_for(world: Callable[..., World]) -> None:
    shop = world(records=2, seconds_per_record=2.0)
    refused: list[float] = []

    class Busy(Wrapped):
        def active_requests(self) -> Any:
            if shop.posts() and not refused:
                refused.append(shop.clock.time)
                raise Rejected(429, "Too busy.", retry_after=1000.0)
            return self.inner.active_requests()

    shop.wrap_service = Busy
    outcome = shop.run()
    assert outcome.error is None
    looked = [at for _, at in shop.calls if at > refused[0]]
    assert looked[0] == refused[0] + 1000.0


def test_each_silence_is_told_aloud(world: Callable[..., World]) -> None:
    shop = world(records=4, capacity=1, seconds_per_record=60.0)
    for second in (1, 120):
        shop.clock.at.append((shop.clock.time + second, lambda: shop.faults("503:method=GET,count=20")))
    told = [event for event in shop.run().events if event.kind == "silent"]
    assert sum(not event.quiet for event in told) == 2


def test_p05_a_standstill_is_told_with_what_to_do(world: Callable[..., World]) -> None:
    shop = world(records=1, seconds_per_record=30 * 86_400.0)
    assert said(shop.run())[-1] == Event("standstill", "Nothing has moved for a day; run again later to look again.")


def test_s24_a_request_of_somebody_else_that_is_followed_is_told_with_its_records(world: Callable[..., World]) -> None:
    shop = world(records=3)
    request_id = shop.foreign_order("A1", "A2", "A3")
    words = f"Following request {request_id}, started elsewhere for 3 records."
    assert said(shop.run()) == [Event("follow", words, {"request": request_id})]


def test_words_that_a_person_changes_on_the_service_between_plan_and_order_are_not_replaced(
    world: Callable[..., World],
) -> None:
    shop = world(records=3)
    shop.run()
    shop.put("A2", "Action", "Regenerate")
    orders = shop.posts()

    class Meanwhile(Wrapped):
        """After the plan was made, a person changes the words in place: their id stays the same."""

        def balance(self) -> Any:
            given = {"storeId": STORE, "recordId": "A2", "field": "page title", "value": "Anna's words"}
            shop.simulator.edit(given)
            return self.inner.balance()

    shop.wrap_service = Meanwhile
    outcome = shop.run()
    assert "overtaken" in outcome.kinds()
    assert shop.posts() == orders


def test_what_was_overtaken_is_read_at_the_next_look_although_the_service_never_told_of_it(
    world: Callable[..., World],
) -> None:
    """Else each run would plan it by what is remembered, show its price, and not send it."""
    shop = world(records=100)
    shop.run()
    shop.clock.sleep(7200)
    shop.run()
    shop.clock.sleep(7200)
    for key, texts in shop.simulator.shelf.texts.items():
        if key.record_id in {"A99", "A100"}:
            texts[-1].value = "Words that no list tells of"
    for record_id in ("A99", "A100"):
        shop.put(record_id, "Action", "Regenerate")
    assert "overtaken" in shop.run().kinds()
    orders = shop.posts()
    shop.clock.sleep(7200)
    outcome = shop.run()
    assert "overtaken" not in outcome.kinds()
    assert outcome.plan is not None
    assert (shop.posts() > orders) == bool(outcome.plan.counts.get("generate"))
