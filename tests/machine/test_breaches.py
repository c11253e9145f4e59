"""Each deliberate breach must be caught by the machine that finds nothing wrong with the real tool, and by its name.

A breach comes with a story that makes its rule matter: a few of the machine's own steps. The real tool passes each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.machine.breaches import BREACHES
from tests.machine.floor import BrokenPromise
from tests.machine.interruptions import crash
from tests.machine.play import play
from tests.machine.rules import Machine, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

ONE, TITLE = "00001", "page title"
PUSHES = 255
"""Every conflict is resolved by a Push."""


def _an_edit(machine: Machine) -> None:
    machine.type_and_run(0, ONE, TITLE)


def _a_conflict(machine: Machine) -> None:
    machine.both_type(0, ONE, TITLE)
    machine.run_one_record(0, ONE)


def _an_order(machine: Machine) -> None:
    machine.run_with_an_action(0, ONE, "Regenerate")
    machine.run_one_record(0, ONE)


def _two_workbooks(machine: Machine) -> None:
    machine.run_and_run(1)


def _a_signed_plan(machine: Machine) -> None:
    machine.run_a_signed_plan(0, ONE, TITLE, "here")


def _own_keywords(machine: Machine) -> None:
    machine.type_keywords(0, ONE)
    machine.look_for_keywords(0, ONE, first=False)


def _keywords_broken_off(machine: Machine) -> None:
    for at in (8, 14):
        machine.look_for_keywords_broken_off(0, ONE, first=False, at=at, how=crash)


def _nothing_at_all(_: Machine) -> None:
    return


STORIES = {
    "edit-taken-for-stale": _an_edit,
    "conflict-is-pull": _a_conflict,
    "conflict-is-push": _a_conflict,
    "action-left-standing": _an_order,
    "second-workbook-orders-too": _two_workbooks,
    "base-not-updated": _an_edit,
    "another-column": _nothing_at_all,
    "row-numbers": _an_edit,
    "signed-plan-not-compared": _a_signed_plan,
    "keywords-written-over": _own_keywords,
    "keywords-looked-for-at-every-run": _keywords_broken_off,
    "sent-at-every-run": _nothing_at_all,
}


def tell(story: Callable[[Machine], None], kind: type[Machine]) -> None:
    """Let the steps of a story happen, and settle everything at its end."""
    machine = kind()
    try:
        machine.begin(first=True, second=False, resolving=PUSHES)
        story(machine)
    finally:
        machine.teardown()


def broken(name: str) -> type[Machine]:
    return kind_of("Broken", BREACHES[name])


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_caught_by_the_promise_that_it_breaks(name: str) -> None:
    with pytest.raises(BrokenPromise) as caught:
        tell(STORIES[name], broken(name))
    assert str(caught.value).startswith(BREACHES[name].promise), f"unnoticed: {BREACHES[name].rule}"


@pytest.mark.parametrize("story", list(dict.fromkeys(STORIES.values())))
def test_the_real_tool_passes_each_story(story: Callable[[Machine], None]) -> None:
    tell(story, Machine)


@pytest.mark.long
@pytest.mark.parametrize("name", BREACHES)
def test_the_machine_finds_a_breach_by_itself(name: str) -> None:
    with pytest.raises(BrokenPromise):
        play(broken(name), 1, examples=200, steps=16)
