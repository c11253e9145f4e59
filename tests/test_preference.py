"""Conflicts settled for one side: just these, as the Actions Push and Pull would, and nothing by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.diff import diff
from sync.model import (
    Action,
    Base,
    Change,
    Delivery,
    Kind,
    Memory,
    Origin,
    Policies,
    PriceList,
    Record,
    RemoteState,
    Side,
    TextKey,
    Wanted,
)
from sync.plan import make, overwritten
from sync.preference import preferred
from tests.nouns import TITLE, base, record, remote_text, text_key
from tests.test_diff import TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

PRICES = PriceList({TITLE: 1.0, "excerpt": 1.0}, {}, 300)
BOTH_MOVED = {text_key(): base("agreed")}
THEIRS = RemoteState({text_key(): remote_text("theirs")})


def settled(
    row: Record,
    side: Side | None,
    memory: Memory,
    remote: RemoteState = THEIRS,
    policies: Policies | None = None,
) -> tuple[Sequence[Change], Sequence[Change]]:
    """Give the changes without and with the preference."""
    given = policies or Policies()
    digests = dict.fromkeys((TITLE, "excerpt"), "d1")
    plain = diff([row], remote, memory, given, PRICES, lambda _: digests)
    return plain, preferred(plain, [row], remote, memory, given, PRICES, lambda _: side)


@pytest.mark.parametrize(
    ("side", "kind", "action"), [(Side.WORKBOOK, Kind.PUSH, Action.PUSH), (Side.SERVICE, Kind.PULL, Action.PULL)]
)
def test_a_conflict_is_decided_as_by_the_action_but_for_its_reason(side: Side, kind: Kind, action: Action) -> None:
    memory = Memory(bases=BOTH_MOVED)
    (plain,), (found,) = settled(record(texts={TITLE: "mine"}), side, memory)
    (wished,), _ = settled(record(texts={TITLE: "mine"}, action=action), None, memory)
    assert (plain.kind, found.kind) == (Kind.CONFLICT, kind)
    assert side.value in found.reason
    assert make([found], None).digest == make([wished], None).digest != make([plain], None).digest
    assert (found.was, found.now, found.text_id) == (wished.was, wished.now, "t1")
    assert overwritten([found], memory.bases) == (found,), "the guard counts it"


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(("cell", "theirs", "agreed", "action", "policies", "kind"), TABLE)
def test_in_the_whole_truth_table_nothing_but_conflicts_is_touched(
    cell: str, theirs: str | None, agreed: str | Base | None, action: Action, policies: Policies, kind: Kind, side: Side
) -> None:
    remote = RemoteState({} if theirs is None else {text_key(): remote_text(theirs)})
    known = {} if agreed is None else {text_key(): agreed if isinstance(agreed, Base) else base(agreed)}
    row = record(action=action, texts={TITLE: cell})
    (plain,), (found,) = settled(row, side, Memory(bases=known), remote, policies)
    if kind is Kind.CONFLICT:
        assert found.kind is {Side.WORKBOOK: Kind.PUSH, Side.SERVICE: Kind.PULL}[side]
    else:
        assert found == plain


def test_the_other_texts_of_a_row_keep_their_own_decision_and_their_order() -> None:
    row = record(texts={TITLE: "mine"}, wanted=(Wanted("excerpt"), Wanted(TITLE)), action=Action.GENERATE)
    plain, found = settled(row, Side.SERVICE, Memory(bases=BOTH_MOVED))
    assert found[0] == plain[0]
    assert [one.kind for one in found] == [Kind.GENERATE, Kind.PULL]


def test_each_text_may_have_a_side_of_its_own() -> None:
    rows = [record(one, texts={TITLE: "mine"}) for one in ("A1", "A2", "A3")]
    remote = RemoteState({text_key(one): remote_text("theirs", record_id=one) for one in ("A1", "A2", "A3")})
    sides: dict[TextKey, Side] = {text_key("A1"): Side.WORKBOOK, text_key("A3"): Side.SERVICE}
    plain = diff(rows, remote, Memory(), Policies(), PRICES, lambda _: {TITLE: "d1"})
    found = preferred(plain, rows, remote, Memory(), Policies(), PRICES, sides.get)
    assert [one.kind for one in found] == [Kind.PUSH, Kind.CONFLICT, Kind.PULL]


def test_a_text_that_waits_in_the_journal_is_not_settled_by_it() -> None:
    item = Delivery(text_key(), "t9", "ordered words", "", "d1", Origin.GENERATED, "run1")
    (plain,), (found,) = settled(record(texts={TITLE: "mine"}), Side.SERVICE, Memory(waiting={text_key(): item}))
    assert found == plain
    assert found.kind is Kind.CONFLICT


def test_an_edit_that_may_be_an_accident_is_not_sent_on_a_general_word_but_can_be_taken_back() -> None:
    memory = Memory(bases={text_key(): base("theirs")}, earlier=lambda _: {"an older text"})
    row = record(texts={TITLE: "an older text"})
    (plain,), (sent,) = settled(row, Side.WORKBOOK, memory)
    assert plain.kind is Kind.CONFLICT
    assert sent == plain
    _, (fetched,) = settled(row, Side.SERVICE, memory)
    assert (fetched.kind, fetched.now) == (Kind.PULL, "theirs")


def test_words_of_a_person_that_the_service_replaced_count_for_the_guard_when_they_are_given_up() -> None:
    bases = {text_key(): base("mine", origin=Origin.PUSHED)}
    (plain,), (found,) = settled(record(texts={TITLE: "mine"}), Side.SERVICE, Memory(bases=bases))
    assert (plain.kind, found.kind) == (Kind.CONFLICT, Kind.PULL)
    assert overwritten([found], bases) == (found,)
