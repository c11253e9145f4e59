"""What the laboratory has found, told plainly; the seeds that found it are in `seeds.txt`."""

from __future__ import annotations

from typing import Any

from sync.errors import Rejected
from sync.simulator import read_faults
from tests.faults.lab import laboratory
from tests.faults.network import Network
from tests.faults.stories import ONE
from tests.run.world import Wrapped


def test_w17_s25_a_text_that_somebody_else_ordered_does_not_take_the_place_of_a_persons_words() -> None:
    with laboratory(records=3, headings=ONE, seconds_per_record=5.0) as lab:
        lab.write("A2", "Page title", "My own words")
        lab.foreign_order("A1", "A2", "A3", fields=("page title",))
        lab.act()
        assert lab.cell("A2", "Page title") == "My own words"
        assert lab.cell("A1", "Page title")
        lab.wish("A2", "Regenerate")
        lab.foreign_order("A2", fields=("page title",))
        lab.act()
        assert lab.cell("A2", "Page title") != "My own words", "now it was wished for"


def test_s16_i13_a_read_that_was_told_to_wait_waits_as_long_as_it_was_told() -> None:
    with laboratory(records=3, headings=ONE, seconds_per_record=5.0) as lab:
        lab.network = Network({("list", 3): "busy after 7"})
        outcome = lab.act()
        assert outcome is not None
        assert "silent" in outcome.kinds()
        assert lab.empty_cells() == []


def test_s16_p13_a_cancellation_that_the_service_is_too_busy_for_is_asked_for_again_when_it_said() -> None:
    asked: list[float] = []
    with laboratory(records=6, headings=ONE, seconds_per_record=500.0, capacity=1) as lab:

        class Busy(Wrapped):
            def cancel(self, request_id: str) -> Any:
                asked.append(lab.clock.time)
                if len(asked) == 1:
                    raise Rejected(429, "The service refused.", retry_after=30.0)
                return self.inner.cancel(request_id)

        lab.act(first=2, size=2, detach=True)
        lab.wrap_service = Busy
        lab.act(cancelling=True)
        assert asked[1] - asked[0] >= 30.0, "none of the others is asked before"
        assert len(lab.empty_cells()) == 5, "all that was not being made was stopped"


def test_p09_a_wish_that_brought_an_empty_text_is_not_ordered_again_by_itself() -> None:
    with laboratory(records=2, headings=ONE) as lab:
        lab.act()
        lab.wish("A1", "Regenerate")
        lab.simulator.faults.set(read_faults("empty"))
        for _ in range(3):
            lab.act()
        assert lab.promises.paid["A1", "en", "page title"] == 2, "the first text, and one for the wish"


def test_s22_of_an_order_that_was_delivered_twice_both_texts_are_told_even_when_both_were_made_at_once() -> None:
    with laboratory(records=3, headings=ONE, seconds_per_record=0.0) as lab:
        lab.network = Network({("generate", 0): "twice"})
        for _ in range(2):
            lab.act(first=3)
        assert sum(lab.promises.paid.values()) == 6
        assert not lab.promises.unkept, "each text that was paid for is in the journal, or told as charged twice"


def test_s18_an_order_that_stays_in_doubt_is_told_even_if_the_look_after_it_got_no_answer_and_only_once() -> None:
    with laboratory(records=3, headings=ONE) as lab:
        lab.network = Network({("generate", 0): "500", ("list", 2): "silent"})
        outcome = lab.act(first=1, size=2)
        assert outcome is not None
        assert outcome.kinds().count("unknown") == 1
    with laboratory(records=3, headings=ONE) as lab:
        lab.network = Network({("generate", 0): "500"})
        outcome = lab.act(first=1, size=2)
        assert outcome is not None
        assert outcome.kinds().count("unknown") == 1
