"""Looks at the service that cost what changed: they find what a full look finds, or become one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.batch import Baseline, Batch, BatchState, Item, RunInfo
from sync.errors import NotFound, Unreachable
from sync.journal import Journal
from sync.model import PRODUCT, Address, Look, Price, RemoteText
from sync.run.looks import SLICE, Habits
from tests.run.looking import LANGUAGE, ONLY, STORE, TYPES, Catalogue, held, record, text_key
from tests.run.world import Wrapped, quick_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

DAY = 86_400.0


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path, 60)
    assert opened.look().full
    opened.clock.time += 3600
    yield opened
    opened.close()


# ------------------------------------------------------------------------------- what is found


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "make", "push", "order", "wait", "look", "new", "gone"]),
        st.integers(0, 7),
        st.sampled_from(TYPES),
    ),
    max_size=25,
)


def step(shop: Catalogue, what: str, record_id: str, text_type: str, number: int) -> None:
    there = shop.truth()
    if what == "edit" and text_key(record_id, text_type) in there:
        shop.edit(record_id, f"Words {number}", text_type)
    elif what == "push" and text_key(record_id) in there:
        shop.push(record_id, f"Sent back {number}")
    elif what == "make":
        shop.make(record_id, text_type)
    elif what == "order":
        body = {"type": PRODUCT, "storeId": STORE, "language": LANGUAGE, "queue": True}
        fields = [{"field": text_type}]
        shop.simulator.generate({**body, "Texts": [{"recordId": record_id, "name": "Stool", "fields": fields}]})
    elif what == "wait":
        shop.clock.time += (1.0, 30.0, 900.0, DAY)[number % 4]
    elif what == "new" and len(shop.records) < 12:
        shop.records.append(record(f"new-{number}"))
    elif what == "gone" and len(shop.records) > 3:
        shop.records.pop(0)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from([0, 2]), st.booleans())
def test_after_any_doings_a_look_finds_what_a_full_look_finds(
    steps: list[tuple[str, int, str]], checked: int, written: bool
) -> None:
    with quick_folder() as folder:
        shop = Catalogue(folder, 8, written=written)
        try:
            for number, (what, place, text_type) in enumerate(steps):
                if what == "look":
                    assert held(shop.look(habits=Habits(checked=checked))) == shop.truth()
                else:
                    step(shop, what, shop.ids[place], text_type, number)
            assert held(shop.look(habits=Habits(checked=checked))) == shop.truth()
            assert held(shop.look(full=True)) == shop.truth()
        finally:
            shop.close()


def test_what_did_not_change_is_not_read(catalogue: Catalogue) -> None:
    state = catalogue.look()
    assert not state.full
    assert held(state) == catalogue.truth()
    assert catalogue.requests == 2, "the requests that are under way, and what was done"
    catalogue.edit("000007", "Anna's words")
    state = catalogue.look()
    assert (state.full, catalogue.requests) == (False, 3)
    assert state.texts[text_key("000007")].value == "Anna's words"


@pytest.mark.parametrize(("late", "found"), [(590.0, True), (None, False)])
def test_what_is_told_late_is_found_within_the_overlap(catalogue: Catalogue, late: float | None, found: bool) -> None:
    """The second case is the breach: without the overlap, what was told late is never found."""
    habits = ONLY if late else replace(ONLY, overlap=0.0)
    catalogue.faults("lag:on=status,seconds=590")
    catalogue.edit("000007", "Told late")
    catalogue.clock.time += 5
    assert catalogue.look(habits=habits).texts[text_key("000007")].value != "Told late"
    catalogue.clock.time += 586
    catalogue.faults("")
    assert (held(catalogue.look(habits=habits)) == catalogue.truth()) == found


def test_a_new_record_and_one_that_left_and_came_back_are_read(catalogue: Catalogue) -> None:
    away = catalogue.records.pop()
    catalogue.make("new")
    catalogue.records.append(record("new"))
    assert held(catalogue.look()) == catalogue.truth()
    catalogue.edit(away.key.record_id, "While it was away")
    catalogue.clock.time += 3600
    catalogue.look()
    catalogue.records.append(away)
    state = catalogue.look()
    assert not state.full
    assert held(state) == catalogue.truth()


# -------------------------------------------------------------------------- what makes a look full


@pytest.mark.parametrize(
    "spec",
    [
        "404:on=status", "400:on=status", "403:on=status", "500:on=status", "garbage:on=status",
    ],
)  # fmt: skip
def test_where_the_service_does_not_say_what_was_done_every_text_is_read(catalogue: Catalogue, spec: str) -> None:
    catalogue.edit("000007", "Untold")
    catalogue.faults(f"{spec},count=99")
    state = catalogue.look()
    assert state.full
    assert held(state) == catalogue.truth()


def test_a_404_that_is_taken_for_nothing_is_a_breach_that_loses_words(catalogue: Catalogue) -> None:
    class Lenient(Wrapped):
        def status_pages(self, *args: Any, **words: Any) -> Iterator[tuple[Any, ...]]:
            try:
                yield from self.inner.status_pages(*args, **words)
            except NotFound:
                return

    catalogue.edit("000007", "Untold")
    catalogue.faults("404:on=status,count=99")
    lenient: Any = Lenient(catalogue.client)
    assert held(catalogue.look(client=lenient)) != catalogue.truth()


def test_a_first_look_is_full_until_the_service_has_shown_that_it_tells(tmp_path: Path) -> None:
    shop = Catalogue(tmp_path, 6)
    shop.faults("404:on=status,count=99")
    assert [shop.look().full, shop.look().full] == [True, True]
    shop.faults("")
    assert [shop.look().full, shop.look().full] == [True, False]
    shop.close()


def test_where_there_are_no_texts_yet_silence_proves_nothing(tmp_path: Path) -> None:
    shop = Catalogue(tmp_path, 6, written=False)
    assert [shop.look().full, shop.look().full] == [True, True]
    shop.close()


def test_a_look_at_nothing_is_built_upon_once_a_first_text_shows_that_the_service_tells(tmp_path: Path) -> None:
    shop = Catalogue(tmp_path, 600, written=False)
    assert shop.look(client=shop.connect()).full
    shop.make(shop.ids[7])
    state = shop.look(client=shop.connect())
    assert (state.full, held(state)) == (False, shop.truth())
    assert shop.requests == 6, "sign-in, what is under way, whether it tells in two, what was done, and the record"
    shop.close()


def test_a_look_at_nothing_is_not_built_upon_where_the_service_does_not_tell(tmp_path: Path) -> None:
    shop = Catalogue(tmp_path, 6, written=False)
    shop.look()
    shop.faults("404:on=status,count=99")
    shop.make(shop.ids[3])
    state = shop.look()
    assert (state.full, held(state)) == (True, shop.truth())
    shop.close()


def test_whether_the_service_tells_is_asked_once_a_look(tmp_path: Path) -> None:
    shop = Catalogue(tmp_path, 6, written=False)
    shop.look()
    shop.make(shop.ids[3])
    shop.faults("404:on=status,after=2,count=1")  # it has shown that it tells, and then does not say what was done
    state = shop.look()
    assert (state.full, held(state)) == (True, shop.truth())
    assert shop.requests == 5, "what is under way, whether it tells in two, what was done, and the records"
    assert not shop.look().full
    shop.close()


# ------------------------------------------------------------------------- a look that is cut short


class CutShort(Wrapped):
    """A service that answers so many reads of texts, and then is not there any more."""

    def __init__(self, inner: Any, reads: int) -> None:
        super().__init__(inner)
        self.reads = reads

    def texts(self, *args: Any, **words: Any) -> list[Any]:
        self.reads -= 1
        if self.reads < 0:
            raise Unreachable("The service does not answer.", "Try again.")
        return list(self.inner.texts(*args, **words))


@pytest.fixture
def slices(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path, SLICE * 3, types=TYPES[:1])
    yield opened
    opened.close()


def test_a_first_look_that_is_cut_short_is_gone_on_with(slices: Catalogue) -> None:
    cut: Any = CutShort(slices.client, reads=1)
    with pytest.raises(Unreachable):
        slices.look(client=cut)
    slices.edit(slices.ids[5], "Since then")
    slices.clock.time += 3600
    again: Any = CutShort(slices.client, reads=2)
    with pytest.raises(Unreachable):
        slices.look(client=again, full=True)
    slices.edit(slices.ids[SLICE + 5], "And since then")
    state = slices.look()
    assert (state.full, held(state)) == (False, slices.truth())
    assert slices.requests <= 2 + SLICE // 50 + 2, "what is under way, what was done, the last slice, what was changed"


def test_what_was_done_before_a_later_look_was_cut_short_is_told_to_the_next_one(slices: Catalogue) -> None:
    """The later look reads new records in slices: what it remembers of them does not move the time of the last look."""
    latecomers = slices.records[10:]
    del slices.records[10:]
    assert slices.look().full
    slices.records += latecomers
    slices.clock.time += 3600
    slices.edit(slices.ids[3], "Told to the look that is cut short")
    slices.clock.time += 3600
    cut: Any = CutShort(slices.client, reads=2)
    with pytest.raises(Unreachable):
        slices.look(client=cut)
    slices.clock.time += 3600
    state = slices.look()
    assert (state.full, held(state)) == (False, slices.truth())
    assert slices.requests <= 3 + SLICE // 50 + 1, "a third of the catalogue was left to read"


ADDRESS = Address(PRODUCT, STORE, LANGUAGE)


def told(at: float, *record_ids: str, value: str = "") -> Look:
    """Make a part of a whole look that began at a moment: each record has a text, or none."""
    texts = {one: (RemoteText(text_key(one), f"t-{one}", value),) if value else () for one in record_ids}
    return Look(TYPES, at, at, 0, texts)


@pytest.mark.parametrize(
    ("between", "name"),
    [(told(2.0, "a", "b"), "another account"), (told(2.0, "a", "b"), "anna"), (None, "")],
    ids=["another account's look", "another look of hers", "the first part was not written"],
)
def test_a_part_of_a_look_goes_only_beside_the_other_parts_of_it(
    tmp_path: Path, between: Look | None, name: str
) -> None:
    """Else what was remembered before, or by somebody else, would be taken to be as new as the part is."""
    with Journal(tmp_path / "journal.sqlite3", "host") as journal:
        journal.looks.remember("anna", ADDRESS, told(1.0, "a", "b", value="Old words"))
        if between is not None:
            journal.looks.remember("anna", ADDRESS, told(3.0, "a", "b", value="New words"), None)
            journal.looks.remember(name, ADDRESS, between, None)
        before = [journal.looks.known(one, ADDRESS) for one in ("anna", "another account")]
        journal.looks.remember("anna", ADDRESS, told(3.0, "c", value="New words"), ())
        assert [journal.looks.known(one, ADDRESS) for one in ("anna", "another account")] == before


def wish(shop: Catalogue) -> None:
    shop.look(full=True)
    assert shop.look(full=True).full


def other_account(shop: Catalogue) -> None:
    class Other(Wrapped):
        account = "another"

    other: Any = Other(shop.client)
    assert shop.look(client=other).full
    assert shop.look().full, "and what the other one remembered is not ours"


def other_types(shop: Catalogue) -> None:
    shop.records = [record(one, (*TYPES, "product description")) for one in shop.ids]
    assert shop.look().full


def after_a_week(shop: Catalogue) -> None:
    for day in range(1, 7):
        shop.clock.time += DAY
        assert not shop.look().full, f"day {day}"
    shop.clock.time += DAY
    assert shop.look().full
    assert not shop.look().full


def clock_set_back(shop: Catalogue) -> None:
    class Earlier(Wrapped):
        @property
        def server_time(self) -> float:
            return float(self.inner.server_time) - 7200.0

    earlier: Any = Earlier(shop.client)
    assert shop.look(client=earlier).full
    assert not shop.look(client=earlier).full, "it is a look like any other"


def no_clock(shop: Catalogue) -> None:
    class Timeless(Wrapped):
        server_time = None

    timeless: Any = Timeless(shop.client)
    assert shop.look(client=timeless).full
    assert shop.look(client=timeless).full


def no_dates(shop: Catalogue) -> None:
    class Dateless(Wrapped):
        def status_pages(self, *args: Any, **words: Any) -> Iterator[tuple[Any, ...]]:
            for page in self.inner.status_pages(*args, **words):
                yield tuple(replace(row, date=None) for row in page)

    dateless: Any = Dateless(shop.client)
    shop.edit("000001", "Dated")
    assert shop.look(client=dateless).full
    assert shop.look(client=dateless).full


def told_and_not_there(shop: Catalogue) -> None:
    class Empty(Wrapped):
        def texts(self, *args: Any, **words: Any) -> list[Any]:
            return [] if len(args[3]) < 10 else list(self.inner.texts(*args, **words))

    empty: Any = Empty(shop.client)
    shop.edit("000001", "Told")
    state = shop.look(client=empty)
    assert state.full
    assert held(state) == shop.truth()


def too_much_done(shop: Catalogue) -> None:
    for number in range(700):
        shop.make(f"foreign-{number}")
    assert shop.look().full


@pytest.mark.parametrize(
    "happens",
    [
        wish, other_account, other_types, after_a_week, clock_set_back, no_clock, no_dates, told_and_not_there,
        too_much_done,
    ],
)  # fmt: skip
def test_a_look_is_full_where_nothing_can_be_built_upon(
    catalogue: Catalogue, happens: Callable[[Catalogue], None]
) -> None:
    assert not catalogue.look().full
    happens(catalogue)
    assert held(catalogue.look()) == catalogue.truth()


def test_what_the_service_never_tells_is_found_by_looking_at_some_in_turn(catalogue: Catalogue) -> None:
    catalogue.edit("000045", "Never told", told=False)
    looks = [catalogue.look(habits=Habits(checked=20)).full for _ in range(3)]
    assert looks == [False, False, True], "the third twenty"
    assert held(catalogue.look()) == catalogue.truth()


# ------------------------------------------------------------------------- what is not remembered


def test_what_is_under_way_is_read_at_every_look(catalogue: Catalogue) -> None:
    batches = catalogue.journal.batches
    batches.begin_run(RunInfo("run1", 1.0, catalogue.client.identity, simulated=True, approved=9.0), "")
    item = Item(text_key("000003"), "", "", Price(1.0, 1.0))
    (number,) = batches.plan([Batch(0, "run1", BatchState.PLANNED, STORE, PRODUCT, LANGUAGE, (item,))])
    catalogue.edit("000003", "Untold", told=False)
    assert catalogue.look().texts[text_key("000003")].value != "Untold", "what is only planned is not under way"
    batches.intend(number, Baseline(), "")
    for _ in range(2):
        state = catalogue.look()
        assert (state.full, state.texts[text_key("000003")].value) == (False, "Untold")
    batches.move(number, BatchState.REJECTED, reason="refused")
    catalogue.edit("000003", "Untold again", told=False)
    assert catalogue.look().texts[text_key("000003")].value == "Untold again"
    catalogue.edit("000003", "Untold for good", told=False)
    assert catalogue.look().texts[text_key("000003")].value == "Untold again", "from then on it is remembered"


def test_a_record_that_another_request_names_is_read_at_every_look(catalogue: Catalogue) -> None:
    body = {"type": PRODUCT, "storeId": STORE, "language": LANGUAGE, "queue": True}
    catalogue.simulator.seconds_per_record = 100.0
    texts = [{"recordId": one, "name": "Stool", "fields": [{"field": TYPES[0]}]} for one in ("000003", "000004")]
    catalogue.simulator.generate({**body, "Texts": texts})
    catalogue.look()
    catalogue.edit("000003", "Untold", told=False)
    state = catalogue.look()
    assert state.active.keys() >= {text_key("000003").record}
    assert (state.full, state.texts[text_key("000003")].value) == (False, "Untold")


def test_before_words_are_sent_back_their_record_is_forgotten(catalogue: Catalogue) -> None:
    catalogue.edit("000003", "Untold", told=False)
    catalogue.journal.looks.look_again([text_key("000003").record])
    assert catalogue.look().texts[text_key("000003")].value == "Untold"


def test_a_journal_that_remembers_a_look_knows_nothing_yet(catalogue: Catalogue) -> None:
    assert catalogue.journal.is_blank()
    assert catalogue.journal.looks.known(catalogue.client.account, Address(PRODUCT, STORE, LANGUAGE)) is not None
    assert catalogue.journal.doubts.seen(text_key("000003")) == set()
    with Journal(catalogue.journal.path, "another service") as other:
        assert other.looks.known(catalogue.client.account, Address(PRODUCT, STORE, LANGUAGE)) is None


# ------------------------------------------------------------------------------------- what it costs


@pytest.mark.parametrize("count", [1_000, 3_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_a_look_costs_what_changed_and_not_the_catalogue(tmp_path: Path, count: int) -> None:
    shop = Catalogue(tmp_path, count, types=TYPES[:1])
    usual = Habits()
    assert shop.look(habits=usual, client=shop.connect()).full
    assert shop.requests >= count // 50
    shop.clock.time += 3600
    assert not shop.look(habits=usual, client=shop.connect()).full
    nothing = shop.requests
    assert nothing == 6, "sign-in, what is under way, what was done, and twenty looked at besides in three"
    for one in shop.ids[::20][:50]:
        shop.edit(one, f"Words on {one}")
    state = shop.look(habits=usual, client=shop.connect())
    assert (state.full, held(state) == shop.truth()) == (False, True)
    assert shop.requests - nothing <= 20
    shop.close()
