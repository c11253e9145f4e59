"""One long story through every state that the machine must know, made of the machine's own steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.machine.interruptions import Interruption, ask_to_stop, crash, end_at_once
from tests.machine.rules import kind_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from tests.machine.rules import Machine

A, B = "00001", "00002"
TITLE, EXCERPT = "page title", "excerpt"
FIRST, SECOND = 0, 1


def tour() -> Counter[str]:
    """Go everywhere, in parts with an end each; gives what was reached."""
    kind = kind_of("Tour")
    for part, resolving in ((_comparisons, 0), (_actions, 255), (_trouble, 85), (_keywords, 0)):
        machine = kind()
        try:
            machine.begin(first=False, second=False, resolving=resolving)
            part(machine)
        finally:
            machine.teardown()
    return kind.reached


def _comparisons(m: Machine) -> None:
    """Go through the truth table."""
    m.type_words(FIRST, A, TITLE)
    m.type_words(SECOND, B, TITLE)
    m.run_detached(FIRST)  # makes three texts; the fourth is a person's
    m.run(SECOND)  # follows that order; B's title is a conflict afterwards
    m.run_and_run(FIRST)
    m.both_type(FIRST, B, EXCERPT)
    m.run(FIRST)  # a conflict
    m.choose_an_action(FIRST, B, "Pull")
    m.type_words(FIRST, A, EXCERPT)
    m.run(FIRST)  # pulls, and pushes
    m.an_editor_types(A, EXCERPT, "")
    m.run(FIRST)  # her words were replaced there
    m.run_with_a_preference(FIRST, "service")
    m.both_type(FIRST, A, EXCERPT)
    m.run_with_a_preference(FIRST, "workbook")
    m.choose_a_policy(FIRST, ("Edited cell", "keep"))
    m.type_and_run(FIRST, B, TITLE)
    for policy in ("restore", "regenerate", "leave"):
        m.choose_a_policy(SECOND, ("Emptied cell", policy))
        m.empty_a_cell(SECOND, A, EXCERPT)
        m.run(SECOND)


def _actions(m: Machine) -> None:
    """Give every Action, and let products change."""
    m.run_and_run(FIRST)
    m.change_the_product(FIRST, A, "blue")
    m.run(FIRST)  # stale
    m.choose_a_policy(FIRST, ("Changed inputs", "regenerate"))
    m.an_editor_types(B, TITLE, "reviewed")
    m.run(FIRST)  # made anew, and fetched
    for action in ("Regenerate", "Rewrite", "Review", "Publish", "Skip", "Archive"):
        m.run_with_an_action(FIRST, B, action)
    m.empty_a_cell(FIRST, A, TITLE)
    m.run_with_an_action(FIRST, A, "Generate")
    m.type_words(FIRST, A, TITLE)
    m.run_with_an_action(FIRST, A, "Push")
    m.both_type(SECOND, A, TITLE)
    m.run_with_an_action(SECOND, A, "Pull")
    m.undo(SECOND)  # her words are hers again
    m.run(SECOND)
    m.both_type(SECOND, B, TITLE)


def _trouble(m: Machine) -> None:
    """Interrupt, lose, crash, put back and hand over."""
    m.book(FIRST).keep()
    m.run_with_faults(FIRST, "lost:on=generate,count=1")
    _at(m, "save", crash, B, "Regenerate")
    m.type_words(FIRST, B, TITLE)
    m.run(FIRST)  # the one cell is filled, the other was typed into
    m.choose_an_action(FIRST, B, "Pull")
    m.run(FIRST)
    m.type_words(FIRST, A, TITLE)
    _at(m, "push", crash)  # sent back, and not noted
    m.run(FIRST)
    m.type_words(FIRST, A, TITLE)
    m.run_with_faults(FIRST, "lost:on=update,count=1")
    m.put_an_older_copy_back(FIRST, 1)  # with the words before these, which were sent back too
    m.run(FIRST)
    _at(m, "move", ask_to_stop, A, "Regenerate")
    _at(m, "move", end_at_once, B, "Regenerate")
    m.run_detached(FIRST)
    m.run_while_she_types(FIRST, 3, A, TITLE)
    m.an_editor_generates(B, TITLE)
    m.run_while_an_editor_types(FIRST, B, EXCERPT)
    m.choose_an_action(FIRST, B, "Regenerate")
    m.run_with_faults(FIRST, "reset:on=generate,count=1")
    m.run(FIRST)
    m.put_back_the_first(FIRST)
    m.run(FIRST)
    m.undo(FIRST)
    m.plan_twice(FIRST, A, TITLE)
    for what in ("nothing", "here", "there"):
        m.run_a_signed_plan(FIRST, A, EXCERPT, what)
    m.run_with_a_full_look(FIRST)
    m.hand_over(FIRST)
    m.type_and_run(FIRST, A, EXCERPT)
    m.hand_over(FIRST)


def _keywords(m: Machine) -> None:
    """Have keywords looked for, by Settings and by an Action, with an end in between."""
    m.type_keywords(SECOND, B)
    m.look_for_keywords_broken_off(FIRST, A, first=True, at=9, how=crash)
    m.look_for_keywords_broken_off(SECOND, A, first=False, at=9, how=ask_to_stop)
    m.look_for_keywords(SECOND, B, first=False)


def _at(m: Machine, seam: str, how: Callable[[], None], record: str = "", action: str = "") -> None:
    """Run, and let it be broken off at a named seam."""
    if action:
        m.choose_an_action(FIRST, record, action)
    m.break_off(FIRST, Interruption(1, how, frozenset({seam})))
