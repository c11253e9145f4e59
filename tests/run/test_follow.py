"""Following: what an ended, vanished, timed-out or foreign request means, and how often we look."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sync.batch import BatchState, ItemState
from sync.errors import Unreachable
from sync.model import RequestState
from tests.run.checks import charges, unresolved, violations
from tests.run.test_submit import states, tally
from tests.run.world import World, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable


def items(world: World) -> dict[tuple[str, str], ItemState]:
    with world.open_journal() as journal:
        return {
            (item.key.record.record_id, item.key.text_type): item.state
            for batch in journal.batches.batches()
            for item in batch.items
        }


# ----------------------------------------------------------------- ends of every kind


def test_p01_a_request_that_vanished_is_judged_by_its_texts(world: Callable[..., World]) -> None:
    shop = world(records=3, faults="vanish")
    shop.run()
    assert shop.empty_cells() == []
    assert states(shop) == [BatchState.COLLECTED]
    assert violations(shop) == []


def test_p01_p02_vanished_and_absent_while_it_is_made_is_unknown_and_settled_when_its_texts_turn_up(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, seconds_per_record=300.0, faults="vanish;truncate")
    shop.run()
    assert states(shop) == [BatchState.GONE]
    assert len(unresolved(shop)) == 6
    assert tally(shop).unknown == 6
    shop.run()
    assert shop.posts() == 1, "not to be seen is not lost"
    shop.clock.time += 600
    shop.faults("")
    shop.run()
    assert shop.posts() == 1
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_p01_what_vanished_for_good_is_sent_again_only_on_the_users_word(world: Callable[..., World]) -> None:
    shop = world(records=3, seconds_per_record=300.0)
    shop.clock.at.append((shop.clock.time + 1, lambda: _forget(shop)))
    shop.run()
    for _ in range(2):
        shop.clock.time += 86_400
        shop.run()
    assert shop.posts() == 1
    shop.run(resend=[1])
    assert shop.posts() == 2
    assert shop.empty_cells() == []
    assert violations(shop) == []


def _forget(world: World) -> None:
    """Let the service lose a request with all its work."""
    for request in list(world.simulator.requests.values()):
        world.simulator.line.drop(request)
        for moment in list(world.simulator.line._running):
            world.simulator.line._running.remove(moment)
        del world.simulator.requests[request.id]


def test_p02_a_truncated_list_of_requests_is_no_proof_of_anything(world: Callable[..., World]) -> None:
    shop = world(records=9, faults="truncate:p=0.7")
    shop.run(first=2, size=2)
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_p03_a_timed_out_request_is_followed_until_what_it_was_making_is_there(world: Callable[..., World]) -> None:
    shop = world(records=12, capacity=4, seconds_per_record=30.0, faults="timeout:count=1")
    shop.run(first=12)
    made = {record for (record, _), state in items(shop).items() if state is ItemState.DONE}
    failed = {record for (record, _), state in items(shop).items() if state is ItemState.FAILED}
    assert {one.record_id for one in shop.simulator.account.ledger} == made
    assert made
    assert failed
    assert made | failed == {f"A{n}" for n in range(1, 13)}
    assert violations(shop) == []
    shop.run(first=12)
    assert shop.empty_cells() == []
    assert violations(shop) == [], "what was being made when it timed out is not made again"


def test_p03_a_status_nobody_has_heard_of_is_followed_like_any_other(world: Callable[..., World]) -> None:
    class Odd(Wrapped):
        def active_requests(self) -> Any:
            return tuple(_odd(one) for one in self.inner.active_requests())

        def request(self, request_id: str) -> Any:
            return _odd(self.inner.request(request_id))

    def _odd(one: Any) -> Any:
        return replace(one, state=RequestState.OTHER, raw_state="Simmering")

    shop = world(records=3)
    shop.wrap_service = Odd
    shop.run()
    assert shop.empty_cells() == []
    assert states(shop) == [BatchState.COLLECTED]


def test_p04_failed_records_are_named_and_tried_again_by_the_next_run_only(world: Callable[..., World]) -> None:
    shop = world(records=8, faults="fail:count=3")
    shop.run()
    assert tally(shop).failed == 6
    assert len(shop.empty_cells()) == 6
    assert set(charges(shop).values()) == {1}
    orders = shop.posts()
    shop.faults("")
    shop.run()
    assert shop.posts() == orders + 1
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_p05_a_request_that_never_ends_is_left_after_a_day_and_still_known(world: Callable[..., World]) -> None:
    shop = world(records=3, seconds_per_record=30 * 86_400.0)
    outcome = shop.run()
    assert "standstill" in outcome.kinds()
    assert shop.clock.time - 1_790_000_000.0 < 2 * 86_400
    assert states(shop) == [BatchState.RUNNING]
    orders = shop.posts()
    shop.run()
    assert shop.posts() == orders


def test_p07_of_two_new_texts_for_a_record_the_newest_is_taken(world: Callable[..., World]) -> None:
    shop = world(records=3, faults="twice:count=1")
    shop.run()
    newest = {key.record_id: found[-1].value for key, found in shop.simulator.shelf.texts.items()
              if key.field == "page title"}  # fmt: skip
    assert {f"A{n}": shop.cell(f"A{n}", "Page title") for n in (1, 2, 3)} == newest


def test_p08_a_text_from_before_the_order_is_not_taken_for_its_answer(world: Callable[..., World]) -> None:
    shop = world(records=3)
    shop.run()
    first = shop.cell("A1", "Page title")
    for n in (1, 2, 3):
        shop.put(f"A{n}", "Action", "Regenerate")
    shop.faults("500:on=generate,count=1")
    shop.run()
    assert tally(shop).unknown == 6
    assert states(shop)[-1] is BatchState.UNKNOWN, "the older texts prove nothing"
    shop.run(resend=[2])
    assert shop.cell("A1", "Page title") != first
    regenerated = [(f"A{n}", "en", field) for n in (1, 2, 3) for field in ("page title", "excerpt")]
    assert violations(shop, regenerated=regenerated) == []


def test_p09_an_empty_text_fails_and_leaves_the_cell_as_it_was(world: Callable[..., World]) -> None:
    shop = world(records=3)
    shop.put("A1", "Page title", "My own words")
    shop.put("A1", "Action", "Regenerate")
    shop.faults("empty:count=1")
    shop.run()
    assert shop.cell("A1", "Page title") == "My own words"
    assert items(shop)["A1", "page title"] is ItemState.EMPTY
    assert items(shop)["A2", "page title"] is ItemState.DONE
    with shop.open_journal() as journal:
        reasons = {key.text_type: one.reason for key, one in journal.outcomes().items() if key.record.record_id == "A1"}
    assert "empty text" in reasons["page title"]


class Withholding(Wrapped):
    """A service that counts a record as done and shows no text of it."""

    record_id = "A2"

    def texts(self, *args: Any, **options: Any) -> Any:
        return [one for one in self.inner.texts(*args, **options) if one.key.record.record_id != self.record_id]


def test_a_record_said_to_be_done_without_a_text_is_unknown_and_settled_when_the_text_shows(
    world: Callable[..., World],
) -> None:
    shop = world(records=3)
    shop.wrap_service = Withholding
    shop.run()
    assert tally(shop).unknown == 2
    assert violations(shop) == []
    shop.wrap_service = lambda inner: inner
    shop.run()
    assert shop.posts() == 1
    assert shop.empty_cells() == []
    assert unresolved(shop) == set()
    assert violations(shop) == []


def test_a_record_said_to_be_done_without_a_text_can_be_sent_again_on_the_users_word(
    world: Callable[..., World],
) -> None:
    shop = world(records=3)
    shop.wrap_service = Withholding
    shop.run()
    shop.run(resend=[1])
    assert shop.posts() == 2
    assert violations(shop, resent=[("A2", "en", "page title"), ("A2", "en", "excerpt")]) == []


# --------------------------------------------------------------------- other people's requests


def test_s24_s25_somebody_elses_request_for_our_records_is_followed_and_not_sent_again(
    world: Callable[..., World],
) -> None:
    shop = world(records=5)
    shop.foreign_order("A1", "A2", "A3")
    outcome = shop.run()
    assert "follow" in outcome.kinds()
    assert shop.empty_cells() == []
    assert violations(shop) == []
    sent = [set(one) for one in _sent(shop)]
    assert sent == [{"A4", "A5"}]
    with shop.open_journal() as journal:
        assert journal.tally({"run1"}).credits == sum(
            one.credits for one in shop.simulator.account.ledger if one.record_id in {"A4", "A5"}
        ), "what others ordered is not our cost"


def _sent(world: World) -> list[list[str]]:
    return [
        [record.id for record in one.order.records]
        for one in world.simulator.requests.values()
        if one.id not in world.foreign
    ]


def test_s25_a_foreign_request_that_makes_other_texts_does_not_hold_ours_for_ever(world: Callable[..., World]) -> None:
    shop = world(records=2)
    shop.foreign_order("A1", "A2", fields=("page title",))
    shop.run()
    assert unresolved(shop) == set(), "a text that nobody ordered is not unknown"
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_s25_a_foreign_request_with_other_records_is_not_taken_for_our_lost_one(world: Callable[..., World]) -> None:
    shop = world(records=4, seconds_per_record=20.0)

    class Meanwhile(Wrapped):
        def generate(self, *args: Any, **options: Any) -> Any:
            if not shop.foreign:
                shop.foreign_order("A1", "A2", "A3", fields=("page description",))
            return self.inner.generate(*args, **options)

    shop.faults("500:on=generate,count=1")
    shop.wrap_service = Meanwhile
    shop.run(first=4)
    assert states(shop) == [BatchState.UNKNOWN]
    assert violations(shop) == []


def test_s25_a_foreign_request_for_just_our_records_in_another_language_is_not_taken_for_our_lost_one(
    world: Callable[..., World],
) -> None:
    shop = world(records=4, seconds_per_record=20.0, faults="500:on=generate,count=1")

    class Meanwhile(Wrapped):
        def generate(self, *args: Any, **options: Any) -> Any:
            shop.foreign_order("A1", "A2", "A3", "A4", language="de")
            return self.inner.generate(*args, **options)

    shop.wrap_service = Meanwhile
    shop.run(first=4)
    assert shop.foreign
    assert states(shop) == [BatchState.UNKNOWN]
    assert len(unresolved(shop)) == 8


def test_s24_what_somebody_else_ordered_after_the_plan_is_not_sent_but_followed_by_the_next_run(
    world: Callable[..., World],
) -> None:
    shop = world(records=4, seconds_per_record=20.0)

    class Before(Wrapped):
        def active_requests(self) -> Any:
            with shop.open_journal() as journal:
                planned = bool(journal.batches.batches({BatchState.PLANNED}))
            if planned and not shop.foreign:
                shop.foreign_order("A1", "A2", "A3", "A4")
            return self.inner.active_requests()

    shop.wrap_service = Before
    outcome = shop.run(first=4)
    assert outcome.kinds(), "it says so"
    assert shop.posts() == 0
    shop.run()
    assert shop.posts() == 0
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_a_foreign_request_that_ends_while_we_look_is_not_ordered_again(world: Callable[..., World]) -> None:
    shop = world(records=3)

    class Slow(Wrapped):
        """Between two looks at the service its work goes on."""

        def texts(self, *args: Any, **options: Any) -> Any:
            found = self.inner.texts(*args, **options)
            shop.clock.time += 30
            return found

        def active_requests(self) -> Any:
            found = self.inner.active_requests()
            shop.clock.time += 30
            return found

    shop.foreign_order("A1", "A2", "A3")
    shop.wrap_service = Slow
    shop.run()
    shop.wrap_service = lambda inner: inner
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_j05_with_the_journal_gone_what_is_being_made_is_followed_and_what_exists_is_fetched(
    world: Callable[..., World],
) -> None:
    shop = world(records=6, capacity=1, seconds_per_record=5.0)
    shop.run(first=6, detach=True)
    shop.clock.time += 12
    for file in shop.folder.iterdir():
        file.unlink()
    shop.foreign = set(shop.simulator.requests)
    shop.run()
    assert shop.posts() == 1
    assert shop.empty_cells() == []
    assert set(charges(shop).values()) == {1}


# ------------------------------------------------------------------------------ pace


def test_i13_when_nothing_moves_the_service_is_asked_no_more_than_a_few_times_a_minute(
    world: Callable[..., World],
) -> None:
    shop = world(records=3, seconds_per_record=10 * 3600.0)
    start = shop.clock.time
    shop.run()
    hours = Counter(int((time - start) // 3600) for _, time in shop.calls)
    assert len(hours) > 6
    assert hours[0] < 120, "it is quick at first"
    del hours[0]
    assert max(hours.values()) <= 62, "docs/network.md names this number"
    assert shop.empty_cells() == []


def test_what_is_quick_is_seen_quickly(world: Callable[..., World]) -> None:
    shop = world(records=4, seconds_per_record=2.0)
    start = shop.clock.time
    shop.run()
    done = max(one.time for one in shop.simulator.account.ledger)
    assert shop.clock.time - done < 2.0, "the end is seen soon after it comes"
    assert shop.clock.time - start < 6.0


def test_a_long_run_takes_hardly_longer_than_the_service_needs(world: Callable[..., World]) -> None:
    shop = world(records=60, capacity=4, seconds_per_record=20.0)
    start = shop.clock.time
    shop.run(size=10)
    needed = max(one.time for one in shop.simulator.account.ledger) - start
    assert shop.clock.time - start <= needed * 1.05 + 2
    assert shop.empty_cells() == []


def test_a_service_that_is_silent_for_minutes_is_asked_again_patiently(world: Callable[..., World]) -> None:
    shop = world(records=4, seconds_per_record=2.0)
    shop.clock.at.append((shop.clock.time + 1, lambda: shop.faults("503:method=GET,count=60")))
    outcome = shop.run()
    assert "silent" in outcome.kinds()
    assert outcome.error is None
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_a_service_that_is_silent_for_an_hour_ends_the_run_and_the_next_one_goes_on(
    world: Callable[..., World],
) -> None:
    shop = world(records=4, seconds_per_record=2.0)
    start = shop.clock.time
    shop.clock.at.append((start + 1, lambda: shop.faults("reset:method=GET")))
    outcome = shop.run()
    assert isinstance(outcome.error, Unreachable)
    assert 3600 < shop.clock.time - start < 3 * 3600
    assert len(shop.calls) < 700, "it does not hammer"
    shop.faults("")
    shop.run()
    assert shop.posts() == 1
    assert shop.empty_cells() == []
    assert violations(shop) == []


def test_i13_a_service_too_busy_to_be_read_is_asked_again_later_and_the_run_goes_on(
    world: Callable[..., World],
) -> None:
    shop = world(records=4, seconds_per_record=2.0)
    shop.clock.at.append((shop.clock.time + 1, lambda: shop.faults("429:method=GET,count=20,retry_after=30")))
    outcome = shop.run()
    assert outcome.error is None
    assert shop.empty_cells() == []
    assert violations(shop) == []


@pytest.mark.parametrize("late", [0.0, 100.0])
def test_p11_texts_are_journalled_while_the_request_goes_on_not_at_its_end(
    world: Callable[..., World], late: float
) -> None:
    shop = world(records=6, capacity=1, seconds_per_record=10.0)
    shop.clock.at.append((shop.clock.time + 35, lambda: setattr(shop, "stopping", True)))
    shop.run(first=6)
    with shop.open_journal() as journal:
        kept = len(journal.texts.deliveries(again=True))
    assert 4 <= kept < 12
    shop.clock.time += late
    shop.stopping = False
    shop.run()
    assert shop.empty_cells() == []
    assert violations(shop) == []
