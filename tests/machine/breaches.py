"""Deliberate breaches: what a tool that breaks one rule does, done to its files just before a run or just after it.

Nothing of ours is put in another's place: a tool that takes a conflict for a pull does what the real one does with a
Pull in that row, and a tool that forgets to empty an Action leaves the file as if somebody had put it in again. The
people of the machine know nothing of it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.cli.shop import TEXTS
from tests.machine.people import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.machine.floor import Floor
    from tests.machine.people import Book


def _nothing(_floor: Floor, _book: Book) -> None:
    return


def _nothing_signed(_floor: Floor, _book: Book, _name: str) -> None:
    return


@dataclass(frozen=True)
class Breach:
    """A rule and the promise that stands on it, and how it is broken: before a run, or after it."""

    rule: str
    promise: str
    """How the complaint begins."""
    before: Callable[[Floor, Book], None] = _nothing
    after: Callable[[Floor, Book], None] = _nothing
    signed: Callable[[Floor, Book, str], None] = _nothing_signed
    """Before a signed plan is carried out; the name is that of its file."""


def _choose(book: Book, records: Iterable[str], action: str) -> None:
    book.put(dict.fromkeys(((record, "Action") for record in sorted(set(records))), action))


def _regenerate_what_was_typed(_: Floor, book: Book) -> None:
    _choose(book, (record for record, _ in book.typed), "Regenerate")


def _conflicts(floor: Floor, book: Book) -> set[str]:
    return {record for record, _ in floor.conflicts(book)}


def _pull_conflicts(floor: Floor, book: Book) -> None:
    _choose(book, _conflicts(floor, book), "Pull")


def _push_conflicts(floor: Floor, book: Book) -> None:
    _choose(book, _conflicts(floor, book), "Push")


def _leave_the_action(floor: Floor, book: Book) -> None:
    for record, row in floor.before.rows.items():
        if row["Action"]:
            _choose(book, [record], row["Action"])


def _order_what_is_empty(floor: Floor, book: Book) -> None:
    if book is floor.books[1]:
        _choose(book, (record for (record, _), value in book.cells().items() if not value), "Generate")


def _forget_what_was_typed(_: Floor, book: Book) -> None:
    """Leave the base as it was before a person's words were agreed on."""
    path = book.home / "journals" / f"{book.workbook_id}.sqlite3"
    with closing(sqlite3.connect(path)) as journal, journal:
        journal.execute("UPDATE base SET value = 'as it was' WHERE value LIKE ?", (f"{WORDS}%",))


def _write_beside(_: Floor, book: Book) -> None:
    book.put(dict.fromkeys(((record, "Colour") for record in book.rows()), "pale"))


def _write_by_number(_: Floor, book: Book) -> None:
    """Write each text into the row above its own."""
    rows = list(book.rows().items())
    for heading in TEXTS:
        values = [row[heading] for _, row in rows]
        book.put({(record, heading): values[at - 1] for at, (record, _) in enumerate(rows)})


def _mark_again(_: Floor, book: Book) -> None:
    _choose(book, book.rows(), "Review")


def _sign_again(floor: Floor, book: Book, name: str) -> None:
    """Take whatever the plan is now for what was signed."""
    floor.shop.here("plan", book.file.name, "--out", name, WTSYNC_STATE_DIR=str(book.home))


def _find_over_her_words(_: Floor, book: Book) -> None:
    book.put({(record, "Keywords"): "found" for record, row in book.rows().items() if row["Keywords"]})


BREACHES = {
    "edit-taken-for-stale": Breach("an edited cell is never made anew", "words here", _regenerate_what_was_typed),
    "conflict-is-pull": Breach("a conflict takes nothing from the service", "words here", _pull_conflicts),
    "conflict-is-push": Breach("a conflict sends nothing", "words there", _push_conflicts),
    "action-left-standing": Breach("an Action is done once", "money", after=_leave_the_action),
    "second-workbook-orders-too": Breach("what the service has is not ordered", "money", _order_what_is_empty),
    "base-not-updated": Breach("what was sent back is agreed on", "agree", after=_forget_what_was_typed),
    "another-column": Breach("only our columns are written", "columns", after=_write_beside),
    "row-numbers": Breach("a text is on its own record", "words here", after=_write_by_number),
    "signed-plan-not-compared": Breach("a signed plan that has moved is refused", "signed", signed=_sign_again),
    "keywords-written-over": Breach("keywords come into empty cells", "keywords", after=_find_over_her_words),
    "keywords-looked-for-at-every-run": Breach("keywords are paid for once", "money", after=_leave_the_action),
    "sent-at-every-run": Breach("what is settled is not sent again", "quiet", _mark_again),
}
