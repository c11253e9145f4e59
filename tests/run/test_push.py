"""Sending back: edits, and the marks "reviewed" and "published", to the simulator over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.model import Kind
from sync.simulator.shelf import REVIEWED, TRANSFERRED
from tests.run.seams import Crash, Seams
from tests.run.world import Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.run.world import Outcome, World

HEADINGS = ("Action", "Record ID", "Name", "Page title", "Excerpt")


def on_service(shop: World, record: str, field: str = "page title") -> str:
    (newest,) = [
        texts[-1] for key, texts in shop.simulator.shelf.texts.items() if (key.record_id, key.field) == (record, field)
    ]
    return newest.value


def marks(shop: World, record: str) -> set[str]:
    return {
        one.action
        for key, texts in shop.simulator.shelf.texts.items()
        if key.record_id == record
        for text in texts
        for one in text.actions
    }


def kinds(outcome: Outcome) -> dict[str, int]:
    assert outcome.plan is not None
    return dict(outcome.plan.counts)


def edited_there(shop: World, record: str, words: str) -> None:
    """Let somebody change a text on the service's own screen."""
    text = next(
        texts[-1]
        for key, texts in shop.simulator.shelf.texts.items()
        if (key.record_id, key.field) == (record, "page title")
    )
    shop.simulator.update(
        {
            "type": "Product", "storeId": text.key.store_id, "language": "en", "recordId": record,
            "fields": [{"field": "page title", "textId": text.id, "value": words}],
        }
    )  # fmt: skip


@pytest.fixture
def shop(world: Callable[..., World]) -> World:
    made = world(records=3, headings=HEADINGS)
    made.run()
    return made


def test_an_edit_is_sent_back_once_and_then_both_sides_agree(shop: World) -> None:
    shop.put("A2", "Page title", "Oak stool, by hand")
    posts = shop.posts()
    assert kinds(shop.run()) == {"push": 1, "unchanged": 5}
    assert on_service(shop, "A2") == "Oak stool, by hand"
    assert kinds(shop.run()) == {"unchanged": 6}
    assert shop.posts() == posts, "nothing was ordered"
    updates = [call for call, _ in shop.calls if call.lower() == "post /text/generate/text"]
    assert len(updates) == 1


def test_with_the_setting_keep_an_edit_stays_here(world: Callable[..., World]) -> None:
    shop = world(records=2, headings=HEADINGS, settings=[("Edited cell", "keep")])
    shop.run()
    made = on_service(shop, "A1")
    shop.put("A1", "Page title", "Mine")
    assert kinds(shop.run()) == {"edited": 1, "unchanged": 3}
    assert on_service(shop, "A1") == made
    shop.put("A1", "Action", "Push")
    shop.run()
    assert on_service(shop, "A1") == "Mine"
    assert shop.cell("A1", "Action") == ""


def test_publish_sends_the_edit_marks_all_texts_of_the_row_and_is_done_once(shop: World) -> None:
    shop.put("A1", "Page title", "Ready for the shop")
    shop.put("A1", "Action", "Publish")
    assert kinds(shop.run()) == {"publish": 2, "unchanged": 4}
    assert on_service(shop, "A1") == "Ready for the shop"
    assert {REVIEWED, TRANSFERRED} <= marks(shop, "A1")
    assert shop.cell("A1", "Action") == ""
    assert kinds(shop.run()) == {"unchanged": 6}


def test_review_marks_and_leaves_the_text_and_what_is_known_of_its_making(shop: World) -> None:
    made = on_service(shop, "A3")
    with shop.open_journal() as journal:
        before = journal.texts.bases()
    shop.put("A3", "Action", "Review")
    shop.run()
    assert REVIEWED in marks(shop, "A3")
    assert TRANSFERRED not in marks(shop, "A3")
    assert on_service(shop, "A3") == made
    with shop.open_journal() as journal:
        assert journal.texts.bases() == before


def test_a_text_that_changed_on_the_service_too_is_a_conflict_until_push_or_pull_decides(shop: World) -> None:
    edited_there(shop, "A1", "Theirs")
    shop.put("A1", "Page title", "Ours")
    assert kinds(shop.run())["conflict"] == 1
    shop.put("A1", "Action", "Publish")
    shop.run()
    assert (on_service(shop, "A1"), TRANSFERRED in marks(shop, "A1")) == ("Theirs", True), "the excerpt was marked"
    shop.put("A1", "Action", "Push")
    shop.run()
    assert on_service(shop, "A1") == "Ours"
    assert shop.cell("A1", "Page title") == "Ours"
    assert kinds(shop.run()) == {"unchanged": 6}


def test_what_changes_on_the_service_between_plan_and_push_is_left_alone(shop: World) -> None:
    class Quicker(Wrapped):
        """Somebody else is quicker: after the plan's look, before ours."""

        def balance(self) -> Any:
            if on_service(shop, "A1") != "Theirs":
                edited_there(shop, "A1", "Theirs")
            return self.inner.balance()

    shop.put("A1", "Page title", "Ours")
    shop.wrap_service = Quicker
    outcome = shop.run()
    assert "not pushed" in outcome.kinds()
    assert outcome.driver is not None
    assert outcome.driver.pusher.failed == 1
    assert on_service(shop, "A1") == "Theirs"
    assert shop.cell("A1", "Page title") == "Ours"


@pytest.mark.parametrize("fault", ["500:on=update,count=2", "429:on=update,count=3", "lost:on=update,count=1"])
def test_a_push_is_tried_again_where_the_answer_is_missing_for_twice_does_no_harm(shop: World, fault: str) -> None:
    shop.put("A1", "Page title", "Ours")
    shop.faults(fault)
    outcome = shop.run()
    assert outcome.error is None
    assert on_service(shop, "A1") == "Ours"
    assert kinds(shop.run()) == {"unchanged": 6}


def test_what_cannot_be_sent_back_stops_nothing_that_is_paid_for_and_is_tried_again(shop: World) -> None:
    shop.put("A1", "Page title", "Ours")
    shop.put("A2", "Action", "Regenerate")
    before = shop.cell("A2", "Page title")
    shop.faults("refuse:on=update")
    outcome = shop.run()
    assert outcome.error is None
    assert outcome.driver is not None
    assert outcome.driver.pusher.failed == 1
    assert "not pushed" in outcome.kinds()
    assert shop.cell("A2", "Page title") != before, "what was ordered is made, fetched and written"
    shop.faults("")
    shop.run()
    assert on_service(shop, "A1") == "Ours"


@pytest.mark.parametrize("seam", ["before update_texts", "after update_texts", "before push"])
def test_a_crash_around_a_push_loses_nothing_and_the_row_comes_to_rest(shop: World, seam: str) -> None:
    shop.put("A1", "Page title", "Ours")
    shop.put("A1", "Action", "Publish")
    seams = Seams(name=seam)
    shop.wrap_service = shop.wrap_journal = seams.wrap
    with pytest.raises(Crash):
        shop.run()
    seams.name = ""
    for _ in range(2):
        outcome = shop.run()
    assert kinds(outcome) == {"unchanged": 6}
    assert on_service(shop, "A1") == "Ours"
    assert {REVIEWED, TRANSFERRED} <= marks(shop, "A1")


def test_a_cell_that_is_changed_again_while_its_text_is_sent_back_is_simply_the_next_edit(shop: World) -> None:
    shop.put("A1", "Page title", "First")
    shop.run(writes=False)
    shop.put("A1", "Page title", "Second")
    outcome = shop.run()
    assert outcome.plan is not None
    assert [change.kind for change in outcome.plan.changes] == [Kind.PUSH]
    assert on_service(shop, "A1") == "Second"


def test_an_older_copy_of_the_workbook_does_not_send_back_what_was_replaced_since(shop: World) -> None:
    old = shop.cell("A1", "Page title")
    shop.put("A1", "Page title", "My own words")
    shop.run()
    shop.put("A1", "Page title", old)  # the copy from before is put in the workbook's place
    outcome = shop.run()
    assert kinds(outcome)["conflict"] == 1
    assert on_service(shop, "A1") == "My own words"
    assert outcome.plan is not None
    assert "an older copy" in outcome.plan.notes[0].reason
    shop.put("A1", "Action", "Push")
    shop.run()
    assert on_service(shop, "A1") == old, "now somebody has decided"


def test_a_column_that_was_sorted_by_itself_is_not_sent_to_other_products(shop: World) -> None:
    titles = [shop.cell(record, "Page title") for record in ("A1", "A2", "A3")]
    for record, title in zip(("A1", "A2", "A3"), titles[1:] + titles[:1], strict=True):
        shop.put(record, "Page title", title)
    outcome = shop.run()
    assert kinds(outcome)["conflict"] == 3
    assert outcome.plan is not None
    assert "it is the text of record A2" in outcome.plan.notes[0].reason
    assert [on_service(shop, record) for record in ("A1", "A2", "A3")] == titles


def test_nothing_on_purpose_is_neither_made_nor_sent_back(shop: World) -> None:
    made = on_service(shop, "A1")
    shop.put("A1", "Page title", "(None)")
    assert kinds(shop.run()) == {"left": 1, "unchanged": 5}
    assert on_service(shop, "A1") == made
    assert shop.cell("A1", "Page title") == "(None)"
