"""What a run does for a wish where the journal was lost: a text that is there may be the one that was wished for."""

from __future__ import annotations

import pytest

from sync.diff import diff
from sync.model import Action, Base, Kind, Memory, Policies, PriceList, RemoteState
from tests.nouns import TITLE, base, record, remote_text, text_key

PRICES = PriceList({TITLE: 1.0}, {}, 300)
HERE, THERE = "a workbook's words", "a service's words"
GENERATE, REGENERATE = Action.GENERATE, Action.REGENERATE


def decided(
    cell: str, remote: str | None, action: Action, *, forgotten: bool = True, agreed: Base | None = None
) -> tuple[Kind, str]:
    theirs = {} if remote is None else {text_key(): remote_text(remote)}
    memory = Memory(bases={} if agreed is None else {text_key(): agreed}, forgotten=forgotten)
    row = record(action=action, texts={TITLE: cell})
    (change,) = diff([row], RemoteState(theirs), memory, Policies(), PRICES, lambda _: {TITLE: "d1"})
    assert (change.price.max > 0) == (change.kind is Kind.GENERATE)
    return change.kind, change.now


@pytest.mark.parametrize(("cell", "action"), [("", GENERATE), ("", REGENERATE), (HERE, REGENERATE)])
def test_j05_a_wish_fetches_what_is_there_and_not_here(cell: str, action: Action) -> None:
    assert decided(cell, THERE, action) == (Kind.PULL, THERE)
    assert decided(cell, THERE, action, forgotten=False)[0] is Kind.GENERATE, "with a journal it is a wish as any other"


@pytest.mark.parametrize(
    ("cell", "remote", "agreed"),
    [
        (HERE, None, None),
        (HERE, HERE, None),
        (f"{HERE}\r\n", HERE, None),
        (HERE, "", None),
        (HERE, THERE, base(THERE)),
        (HERE, THERE, base(HERE)),
    ],
    ids=[
        "nothing there",
        "the same here",
        "the same but for its end",
        "empty there",
        "edited since this journal knows it",
        "changed there since",
    ],
)
def test_j05_where_nothing_else_can_have_come_of_it_a_wish_is_a_wish(
    cell: str, remote: str | None, agreed: Base | None
) -> None:
    assert decided(cell, remote, REGENERATE, agreed=agreed)[0] is Kind.GENERATE


def test_j05_generate_asks_nothing_of_a_filled_cell_and_does_not_fetch_over_it() -> None:
    assert decided(HERE, THERE, GENERATE) == decided(HERE, THERE, GENERATE, forgotten=False)
    assert decided(HERE, THERE, GENERATE)[0] is Kind.CONFLICT


def test_j05_without_a_wish_nothing_is_different() -> None:
    for cell, remote in (("", THERE), (HERE, THERE), (HERE, None), ("", None), (HERE, HERE)):
        for action in (Action.DECIDE, Action.PULL, Action.SKIP):
            assert decided(cell, remote, action) == decided(cell, remote, action, forgotten=False)
