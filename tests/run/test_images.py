"""Alt texts in a run: uploaded first, ordered once a product, never paid for twice, and settled by evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sync.batch import BatchState
from sync.errors import UsageError
from sync.model import Price, Uploaded
from tests.run.world import STORE, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.run.world import World

FOUR = (("front", "A1"), ("side", "A1"), ("back", "A1"), ("other", "A2"))
ACTION, SOURCE, ALT = 0, 3, 4
LIFE = 30 * 86_400.0


def shop(world: Callable[..., World], **more: Any) -> World:
    return world(records=2, headings=("Action", "Record ID", "Name"), images=FOUR, **more)


def alts(made: World) -> dict[str, str]:
    return {row[1]: row[ALT] for row in made.images}


def posts(made: World, path: str) -> int:
    return sum(call.casefold() == f"post /text/image{path}" for call, _ in made.calls)


def spent(made: World) -> float:
    return sum(one.credits for one in made.simulator.account.ledger)


def edit(made: World, image: str, value: str) -> None:
    """Let an editor change an alt text on the service."""
    alt = made.simulator.gallery.find(STORE, image).alt("en")
    assert alt is not None
    alt.value = value


def test_each_product_is_one_request_and_an_image_is_uploaded_before_it(world: Callable[..., World]) -> None:
    made = shop(world)
    outcome = made.run()
    assert outcome.plan is not None
    assert (outcome.plan.estimate.min, outcome.plan.estimate.max, outcome.plan.records) == (2, 2, 2)
    assert (posts(made, ""), posts(made, "/generatealttext")) == (4, 2)
    assert all(alts(made).values())
    assert spent(made) == 2
    assert made.run().plan.counts == {"unchanged": 4}  # type: ignore[union-attr]
    with made.open_journal() as journal:
        assert journal.tally({"run1"}).credits == pytest.approx(2)


def test_an_unchanged_image_is_not_uploaded_again_and_a_changed_one_is(world: Callable[..., World]) -> None:
    made = shop(world)
    made.run()
    for row in made.images:
        row[ACTION] = "Regenerate"
    made.images[0][SOURCE] = "https://shop.example.com/new.jpg"
    made.run()
    assert posts(made, "") == 5
    assert made.simulator.gallery.find(STORE, "front").url == "https://shop.example.com/new.jpg"
    assert [row[ACTION] for row in made.images] == [""] * 4


def test_an_image_that_has_expired_is_uploaded_again(world: Callable[..., World]) -> None:
    made = shop(world)
    made.run()
    made.clock.sleep(LIFE + 1)
    made.images[3][ACTION] = "Regenerate"
    made.run()
    assert posts(made, "") == 5
    assert made.images[3][ACTION] == ""


def test_an_image_that_fails_is_told_and_its_upload_is_not_believed_in_any_more(world: Callable[..., World]) -> None:
    made = shop(world)
    made.faults("fail:count=1")
    outcome = made.run()
    assert alts(made)["front"] == ""
    assert all(alts(made)[one] for one in ("side", "back", "other"))
    with made.open_journal() as journal:
        assert journal.tally({"run1"}).failed == 1
        assert [batch.state for batch in journal.batches.batches()] == [BatchState.COLLECTED] * 2
    assert outcome.error is None
    made.run()
    assert alts(made)["front"]
    assert posts(made, "") == 5


def test_a_lost_answer_is_settled_by_the_alt_texts_there_are_and_nothing_is_ordered_again(
    world: Callable[..., World],
) -> None:
    made = shop(world)
    made.faults("lost:on=describe,count=1")
    outcome = made.run()
    assert posts(made, "/generatealttext") == 2
    assert "found" in outcome.kinds()
    assert all(alts(made).values())
    assert spent(made) == 2
    assert made.run().plan.counts == {"unchanged": 4}  # type: ignore[union-attr]


def test_an_order_that_left_no_trace_stays_unknown_until_the_user_says_so(world: Callable[..., World]) -> None:
    made = shop(world)
    made.faults("reset:on=describe,count=1")
    made.run()
    assert alts(made)["front"] == ""
    assert made.run().plan.counts == {"unknown": 3, "unchanged": 1}  # type: ignore[union-attr]
    assert posts(made, "/generatealttext") == 2
    made.run(resend=[1])
    assert all(alts(made).values())
    assert spent(made) == 2


class _Killed(BaseException):
    """The process is gone."""


def test_a_process_killed_at_any_step_pays_for_no_alt_text_twice(world: Callable[..., World]) -> None:
    class Service(Wrapped):
        left = 0

        def __getattr__(self, name: str) -> Any:
            found = getattr(self.inner, name)
            if name != "generate":
                return found

            def generate(*given: Any, **more: Any) -> Any:
                found(*given, **more)
                raise _Killed

            return generate

    made = shop(world)
    made.wrap_service = Service
    for _ in range(2):
        with pytest.raises(_Killed):
            made.run()
    made.wrap_service = lambda inner: inner
    made.run()
    assert all(alts(made).values())
    assert posts(made, "/generatealttext") == 2
    assert spent(made) == 2


def test_an_answer_without_ids_is_not_believed_the_list_tells(world: Callable[..., World]) -> None:
    class Images(Wrapped):
        def generate_alt_texts(self, *given: Any, **more: Any) -> Any:
            attempt = self.inner.generate_alt_texts(*given, **more)
            entries = [{"imageId": one["imageId"]} for one in attempt.body["texts"]]
            return replace(attempt, body={"texts": entries}, images=())

    class Service(Wrapped):
        pass

    def wrapped(client: Any) -> Any:
        client.images = Images(client.images)
        return client

    made = shop(world)
    made.wrap_service = wrapped
    made.run()
    assert all(alts(made).values())
    assert spent(made) == 2


def test_an_edit_goes_back_a_change_there_is_fetched_and_both_are_a_conflict(world: Callable[..., World]) -> None:
    made = shop(world)
    made.run()
    made.images[0][ALT] = "Mine"
    edit(made, "side", "Theirs")
    made.images[2][ALT], made.images[2][ACTION] = "Mine too", ""
    edit(made, "back", "Theirs too")
    outcome = made.run()
    assert outcome.plan is not None
    assert outcome.plan.counts == {"conflict": 1, "pull": 1, "push": 1, "unchanged": 1}
    assert made.simulator.gallery.find(STORE, "front").alt("en").value == "Mine"  # type: ignore[union-attr]
    assert alts(made)["side"] == "Theirs"
    assert alts(made)["back"] == "Mine too"
    made.images[2][ACTION] = "Push"
    made.run()
    assert made.simulator.gallery.find(STORE, "back").alt("en").value == "Mine too"  # type: ignore[union-attr]
    assert spent(made) == 2


def test_publish_and_review_mark_the_alt_text(world: Callable[..., World]) -> None:
    made = shop(world)
    made.run()
    made.images[0][ACTION], made.images[1][ACTION] = "Publish", "Review"
    made.run()
    latest = [made.simulator.gallery.find(STORE, one).alt("en").actions[-1] for one in ("front", "side")]  # type: ignore[union-attr]
    assert [(one["publish"], one["reviewed"]) for one in latest] == [(True, True), (False, True)]
    assert [row[ACTION] for row in made.images[:2]] == ["", ""]


def test_an_image_that_cannot_be_uploaded_holds_back_only_what_relies_on_it(world: Callable[..., World]) -> None:
    made = world(records=2, headings=("Action", "Record ID", "Name", "Images", "Page title"), images=FOUR)
    made.put("A1", "Images", "front")
    made.images[0][SOURCE] = "pics/front.jpg"

    def gone(_: Any) -> bytes:
        raise UsageError("There is no file pics/front.jpg beside the workbook.")

    made.session["picture_data"] = gone
    outcome = made.run()
    assert made.cell("A1", "Page title") == ""
    assert made.cell("A2", "Page title")
    assert {one for one, text in alts(made).items() if not text} == {"front"}
    assert "not sent" in outcome.kinds()
    with made.open_journal() as journal:
        reasons = {one.reason for one in journal.outcomes().values() if one.reason}
    assert reasons == {"image front could not be uploaded: There is no file pics/front.jpg beside the workbook."}


def test_images_of_a_product_go_along_with_its_order(world: Callable[..., World]) -> None:
    made = world(records=2, headings=("Action", "Record ID", "Name", "Images", "Page title"), images=FOUR[:2])
    made.put("A1", "Images", "side, front")
    made.put("A2", "Images", "https://shop.example.com/two.jpg")
    made.run()
    ordered = {one.id: one.images for request in made.simulator.requests.values() for one in request.order.records}
    assert list(ordered["A1"]) == ["side", "front"]
    (implicit,) = ordered["A2"]
    assert made.simulator.gallery.find(STORE, implicit).url == "https://shop.example.com/two.jpg"
    assert made.cell("A1", "Page title")


def test_more_images_than_one_request_takes_are_several_requests(world: Callable[..., World]) -> None:
    made = world(records=1, headings=("Action", "Record ID", "Name"), images=[(f"i{n}", "A1") for n in range(23)])
    outcome = made.run()
    assert outcome.plan is not None
    assert outcome.plan.estimate == Price(2, 2)
    assert posts(made, "/generatealttext") == 2
    assert spent(made) == 2
    assert all(alts(made).values())


# ------------------------------------------------------------------------------------------ breaches


def paid(made: World, image: str) -> int:
    """Count how often an alt text was paid for, by the service's own ledger."""
    return sum(image in (one.images or ()) for one in made.simulator.account.ledger)


class _Again(Wrapped):
    """Orders again where no answer came."""

    def generate(self, request: Any, *, before_send: Any = None) -> Any:
        attempt = self.inner.generate(request, before_send=before_send)
        return attempt if attempt.status else self.inner.generate(request)


class _Believing(Wrapped):
    """Takes an answer that could not be read for a whole one, in which everything failed."""

    def generate(self, request: Any, *, before_send: Any = None) -> Any:
        attempt = self.inner.generate(request, before_send=before_send)
        return attempt if attempt.status else replace(attempt, status=200, complete=True)


class _EachAlone(Wrapped):
    """Orders each image by itself."""

    def generate(self, request: Any, *, before_send: Any = None) -> Any:
        parts = [replace(request, records=(one,)) for one in request.records]
        attempts = [self.inner.generate(parts[0], before_send=before_send), *map(self.inner.generate, parts[1:])]
        return replace(attempts[0], texts=tuple(text for one in attempts for text in one.texts))


@pytest.mark.parametrize(("wrap", "times"), [(Wrapped, 2), (_Again, 3), (_Believing, 3)])
def test_a_breach_of_the_rule_about_lost_answers_is_noticed(
    world: Callable[..., World], wrap: type[Wrapped], times: int
) -> None:
    made = shop(world)
    made.run()
    made.images[0][ACTION] = "Regenerate"
    made.faults("lost:on=describe,count=1")
    made.wrap_service = wrap
    made.run()
    made.wrap_service = Wrapped
    made.run()
    assert made.images[0][ACTION] == ""
    assert paid(made, "front") == times, "once as it was new, and once on the wish"


def test_a_breach_of_the_price_of_a_request_is_noticed(world: Callable[..., World]) -> None:
    for wrap in (Wrapped, _EachAlone):
        made = shop(world)
        made.path = made.folder / f"{wrap.__name__}.sqlite3"
        made.wrap_service = wrap
        made.run()
        assert (spent(made) <= made.approved) == (wrap is Wrapped)


class _Forgetful(Wrapped):
    """Remembers no upload."""

    def known(self, *_: str) -> None:
        return None


class _Trusting(Wrapped):
    """Takes what was uploaded once to be there for ever."""

    def known(self, *place: str) -> Uploaded | None:
        found = self.inner.known(*place)
        return None if found is None else Uploaded(found.digest)


class _Journal(Wrapped):
    """A journal with other memories of uploads."""

    def __init__(self, inner: Any, uploads: type[Wrapped]) -> None:
        super().__init__(inner)
        self.uploads = uploads(inner.uploads)


@pytest.mark.parametrize(("uploads", "sound"), [(Wrapped, True), (_Forgetful, False), (_Trusting, False)])
def test_a_breach_of_the_memory_of_uploads_is_noticed(
    world: Callable[..., World], uploads: type[Wrapped], sound: bool
) -> None:
    made = shop(world)
    made.wrap_journal = lambda inner: _Journal(inner, uploads)
    made.run()
    made.images[0][ACTION] = "Regenerate"
    made.run()
    unchanged = posts(made, "") == 4
    made.clock.sleep(LIFE + 1)
    made.images[0][ACTION] = "Regenerate"
    made.run()
    assert (unchanged and made.images[0][ACTION] == "") == sound
