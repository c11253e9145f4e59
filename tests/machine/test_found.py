"""What the machine has found, told plainly."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.machine.interruptions import Interruption, crash
from tests.machine.rules import Machine

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE, TITLE = "00001", "page title"


@contextmanager
def filled() -> Iterator[Machine]:
    """Begin with a workbook whose texts have been made, and settle everything at the end."""
    machine = Machine()
    try:
        machine.begin(first=True, second=False, resolving=0)
        yield machine
    finally:
        machine.teardown()


def _sent_back_without_a_note(machine: Machine) -> None:
    """Let the process end when the service has her words, and the journal does not know it yet."""
    machine.type_words(0, ONE, TITLE)
    machine.break_off(0, Interruption(1, crash, frozenset({"push"})))
    assert machine.floor.reached["interrupted by crash"], "there was something to send back"
    machine.run(0)
    assert machine.floor.reached["kind adopt"]


def test_words_whose_sending_back_was_never_noted_are_not_replaced_by_what_the_service_has_since() -> None:
    with filled() as machine:
        _sent_back_without_a_note(machine)
        machine.an_editor_types(ONE, TITLE, "")
        machine.run(0)
        assert any(one.startswith("conflict: your words were replaced") for one in machine.floor.reached)


def test_words_whose_sending_back_was_never_noted_are_known_when_an_older_copy_has_them_again() -> None:
    with filled() as machine:
        _sent_back_without_a_note(machine)
        machine.type_and_run(0, ONE, TITLE)
        machine.put_an_older_copy_back(0, 1)
        machine.run(0)
        assert any(one.startswith("conflict: it stood here before") for one in machine.floor.reached)


def test_cells_that_an_undo_has_emptied_wait_for_an_action_and_then_both_sides_agree() -> None:
    with filled() as machine:
        machine.undo(0)
        machine.change_the_product(0, ONE, "green")
        machine.run_while_she_types(0, 1, ONE, "excerpt")
    assert machine.floor.reached["fetched again after an undo"]


def test_words_beside_a_generate_are_not_given_up_for_what_somebody_else_has_ordered() -> None:
    with filled() as machine:
        machine.type_words(0, ONE, "excerpt")
        machine.run(1)
        machine.run_with_an_action(1, ONE, "Regenerate")  # another text there, so that hers are in conflict
        machine.run(0)
        machine.choose_an_action(0, ONE, "Generate")
        machine.an_editor_generates(ONE, TITLE)
        machine.run_detached(0)
        machine.run(0)


def test_a_signed_plan_to_follow_what_has_ended_meanwhile_is_refused_and_nothing_is_done() -> None:
    with filled() as machine:
        machine.an_editor_generates(ONE, "excerpt")
        machine.floor.carry_out_signed(machine.book(0), machine.clock.hold, machine.clock.go_on)
        assert machine.floor.reached["a signed plan that moved by itself"]


def test_texts_that_were_undone_are_not_ordered_again_because_their_record_was_archived() -> None:
    with filled() as machine:
        machine.undo(0)
        machine.choose_a_policy(0, ("Emptied cell", "regenerate"))
        machine.run_with_an_action(0, ONE, "Archive")
        assert machine.floor.reached["kind archive"]
        machine.run(0)


def test_two_orders_of_an_editor_for_one_record_are_both_cancelled() -> None:
    with filled() as machine:
        for text in ("excerpt", TITLE):
            machine.an_editor_generates(ONE, text)
        machine.cancel(1)
        assert not machine.floor.editor.busy()
