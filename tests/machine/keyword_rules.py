"""What people do about keywords in the machine: an Action, Keywords first, words of their own, a run broken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.machine.interruptions import KEYWORD_SEAMS, Interruption, ask_to_stop, crash, end_at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.machine.floor import Floor
    from tests.machine.people import Book

BOOKS = st.integers(0, 1)
RECORD = st.sampled_from(["00001", "00002"])
SEAM = st.integers(1, 25)
ENDINGS: tuple[Callable[[], None], ...] = (crash, crash, ask_to_stop, end_at_once)


class _Machine(Protocol):
    """What these rules need of the machine that they are part of."""

    floor: Floor

    def book(self, number: int) -> Book: ...

    def has(self, book: Book, record: str) -> bool: ...


class KeywordRules:
    """The rules; a machine has them by being one of these."""

    @rule(number=BOOKS, record=RECORD, first=st.booleans())
    def look_for_keywords(self: _Machine, number: int, record: str, first: bool) -> None:
        """Have keywords looked for: of one record by its Action, or of all before their texts are made."""
        _wish(self, number, record, first=first)
        self.floor.run(self.book(number))

    @rule(number=BOOKS, record=RECORD, first=st.booleans(), at=SEAM, how=st.sampled_from(ENDINGS))
    def look_for_keywords_broken_off(
        self: _Machine, number: int, record: str, first: bool, at: int, how: Callable[[], None]
    ) -> None:
        """Let the run end somewhere in between, and go on with the same words."""
        _wish(self, number, record, first=first)
        interruption = Interruption(at, how, KEYWORD_SEAMS)
        self.floor.run(self.book(number), interruption=interruption)
        if interruption.happened:
            self.floor.reached[f"keywords interrupted by {how.__name__}"] += 1
            self.floor.run(self.book(number))

    @rule(number=BOOKS, record=RECORD)
    def type_keywords(self: _Machine, number: int, record: str) -> None:
        """Type keywords of one's own: they stay, whatever is found."""
        book = self.book(number)
        if self.has(book, record):
            book.put({(record, "Keywords"): f"own words {self.floor.number()}"})
            book.inputs[record] = self.floor.number()


def _wish(machine: _Machine, number: int, record: str, *, first: bool) -> None:
    book = machine.book(number)
    if first:
        book.set("Keywords first", "yes")
        machine.floor.keywords_first = True
    elif machine.has(book, record):
        machine.floor.give(book, record, "Keywords")
