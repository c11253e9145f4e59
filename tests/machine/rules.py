"""The state machine: what people do and what goes wrong, in any order that Hypothesis thinks of."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from sync.simulator import Simulator, running
from tests.cli.shop import TEXTS
from tests.machine.floor import RECORDS, Floor, furnish
from tests.machine.interruptions import Interruption, ask_to_stop, crash, end_at_once
from tests.machine.keyword_rules import KeywordRules
from tests.machine.people import WORDS
from tests.run.world import quick_folder

if TYPE_CHECKING:
    from tests.machine.breaches import Breach
    from tests.machine.people import Book, Key, Row, Version

BOOKS = st.integers(0, 1)
RECORD = st.integers(1, RECORDS).map(lambda number: f"{number:05}")
TEXT = st.sampled_from(sorted(TEXTS.values()))
ACTIONS = st.sampled_from(
    ["Generate", "Regenerate", "Rewrite", "Push", "Pull", "Review", "Publish", "Archive", "Skip", "", "Regenerate"]
)
POLICIES = st.sampled_from(
    [
        ("Edited cell", "push"),
        ("Edited cell", "keep"),
        ("Emptied cell", "restore"),
        ("Emptied cell", "regenerate"),
        ("Emptied cell", "leave"),
        ("Changed inputs", "note"),
        ("Changed inputs", "regenerate"),
    ]
)
FAULTS = st.sampled_from(
    [
        "lost:on=generate,count=1",
        "reset:on=generate,count=1",
        "cut:on=generate,count=1",
        "500:on=generate,count=1,effect=yes",
        "lost:on=update,count=1",
        "reset:on=update,count=1",
        "truncate;vanish",
        "401:on=update,count=1",
    ]
)
SEAM = st.integers(1, 45)
HELD = 90
"""How often the clock is read until it goes on: a command reads it about four times for each call."""
AGES = 1000
"""Seconds in which anything is finished."""
FILES: list[Path] = []
"""Where the two workbooks lie that every machine begins with."""


class Ticking:
    """A clock that goes on by a second whenever it is read: what is finished when depends on the calls alone."""

    def __init__(self) -> None:
        self.time = time.time()
        self.held = 0

    def hold(self) -> None:
        """Stand still for a while, so that whoever comes next finds what was ordered still being made."""
        self.held = HELD

    def go_on(self) -> None:
        """Let all that was ordered be finished."""
        self.held = 0
        self.time += AGES

    def __call__(self) -> float:
        self.held -= 1
        self.time += self.held < 0
        return self.time


class Machine(KeywordRules, RuleBasedStateMachine):
    """Two workbooks, two people, an editor on the service, and everything that may come between."""

    breach: ClassVar[Breach | None] = None
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = self.stack.enter_context(quick_folder())
        if not FILES:
            FILES.append(Path(tempfile.mkdtemp()))
        furnish(self.folder, FILES[0])
        self.clock = Ticking()
        simulator = Simulator(seed=7, capacity=20, seconds_per_record=1.0, clock=self.clock, pace=0.01)
        url = self.stack.enter_context(running(simulator))
        self.floor = Floor(self.folder, url, self.breach)
        self.stack.callback(self.floor.close)
        self.resolving = 0

    def book(self, number: int) -> Book:
        return self.floor.books[number]

    def has(self, book: Book, record: str) -> bool:
        return record in book.rows()

    # ------------------------------------------------------------------ beginnings

    @initialize(first=st.sampled_from([True, True, False]), second=st.booleans(), resolving=st.integers(0, 255))
    def begin(self, first: bool, second: bool, resolving: int) -> None:
        self.resolving = resolving
        for number, filled in enumerate((first, second)):
            if filled:
                self.floor.run(self.book(number))

    # ------------------------------------------------------------------ in the workbook

    @rule(number=BOOKS, record=RECORD, text=TEXT)
    def type_words(self, number: int, record: str, text: str) -> None:
        if self.has(self.book(number), record):
            self.book(number).type((record, text), self.floor.pen.here())

    @rule(number=BOOKS, record=RECORD, text=TEXT)
    def empty_a_cell(self, number: int, record: str, text: str) -> None:
        book = self.book(number)
        if self.has(book, record):
            book.type((record, text), "")
            book.emptied[record, text] = self.floor.number()

    @rule(number=BOOKS, record=RECORD, action=ACTIONS)
    def choose_an_action(self, number: int, record: str, action: str) -> None:
        if self.has(self.book(number), record):
            self.floor.give(self.book(number), record, action)

    @rule(number=BOOKS, record=RECORD, colour=st.sampled_from(["red", "green", "blue"]))
    def change_the_product(self, number: int, record: str, colour: str) -> None:
        book = self.book(number)
        if self.has(book, record):
            book.put({(record, "Colour"): colour})
            book.inputs[record] = self.floor.number()

    @rule(number=BOOKS, policy=POLICIES)
    def choose_a_policy(self, number: int, policy: tuple[str, str]) -> None:
        self.book(number).set(*policy)

    @rule(number=BOOKS, record=RECORD, whether=st.booleans())
    def arrange_the_rows(self, number: int, record: str, whether: bool) -> None:
        """Sort them, or take one out, or put it in again."""
        book = self.book(number)
        if whether:
            book.arrange(lambda rows: rows[::-1])
        elif self.has(book, record):
            book.arrange(lambda rows: [row for row in rows if row["Record ID"] != record])
            for text in TEXTS.values():
                book.forget((record, text))
        else:
            new: Row = {"Record ID": record, "Name": f"Oak stool {record}", "Colour": "red"}
            book.arrange(lambda rows: [new, *rows])

    @rule(number=BOOKS, back=st.integers(0, 2))
    def put_an_older_copy_back(self, number: int, back: int) -> None:
        """Save an older copy over the file; a copy is kept after every run."""
        versions = self.book(number).versions
        if versions:
            self._put_back(self.book(number), versions[-1 - back % len(versions)])

    def put_back_the_first(self, number: int) -> None:
        self._put_back(self.book(number), self.book(number).versions[0])

    def _put_back(self, book: Book, version: Version) -> None:
        book.put_back(version)
        for record, row in book.rows().items():
            book.inputs[record] = self.floor.number()  # the product may be as it was, which is a change too
            if row["Action"] == "Keywords":
                book.orders[record] = self.floor.number()  # what they cost again is asked about each time
        self.floor.reached["an older copy put back"] += 1

    @rule(number=BOOKS)
    def hand_over(self, number: int) -> None:
        """Give the file to a colleague, who has a computer of her own, or get it back."""
        book = self.book(number)
        book.home = self.folder / ("berta" if book.home.name == "anna" else "anna")
        for record, row in book.rows().items():
            if row["Action"]:
                book.orders[record] = self.floor.number()  # the colleague sees it and runs: it is her wish now
        self.floor.reached["handed over"] += 1

    # ------------------------------------------------------------------ on the service

    @rule(record=RECORD, text=TEXT, mark=st.sampled_from(["", "", "reviewed", "publish"]))
    def an_editor_types(self, record: str, text: str, mark: str) -> None:
        self._edit_there((record, text), **({mark: True} if mark else {}))

    def _edit_there(self, key: Key, **marks: bool) -> str:
        found = self.floor.editor.texts([key[0]]).get(key)
        if found is None:
            return ""
        words = self.floor.pen.there()
        self.floor.editor.change(key, found[0], words, **marks)
        self.floor.reached["changed on the service"] += 1
        return words

    @rule(number=BOOKS, record=RECORD, text=TEXT)
    def both_type(self, number: int, record: str, text: str) -> None:
        """Change a text here and there, between two runs."""
        self.type_words(number, record, text)
        self._edit_there((record, text))

    @rule(record=RECORD, text=TEXT)
    def an_editor_generates(self, record: str, text: str) -> None:
        self.clock.hold()
        self.floor.foreign.add(self.floor.editor.generate((record, text)))
        self.floor.made_there.add((record, text))
        self.floor.reached["made on the service"] += 1

    # ------------------------------------------------------------------ the command

    @rule(number=BOOKS, record=RECORD, action=ACTIONS)
    def run_with_an_action(self, number: int, record: str, action: str) -> None:
        self.choose_an_action(number, record, action)
        self.floor.run(self.book(number))

    @rule(number=BOOKS, record=RECORD, text=TEXT)
    def type_and_run(self, number: int, record: str, text: str) -> None:
        self.type_words(number, record, text)
        self.floor.run(self.book(number))

    @rule(number=BOOKS)
    def run(self, number: int) -> None:
        self.floor.run(self.book(number))

    @rule(number=BOOKS)
    def run_and_run(self, number: int) -> None:
        self.floor.run(self.book(number))
        self.floor.run(self.book(1 - number))

    @rule(number=BOOKS)
    def run_detached(self, number: int) -> None:
        self.clock.hold()
        self.floor.run(self.book(number), "--detach")

    @rule(number=BOOKS, record=RECORD)
    def run_one_record(self, number: int, record: str) -> None:
        if self.has(self.book(number), record):
            self.floor.run(self.book(number), "--record", record)

    @rule(number=BOOKS, only=st.sampled_from(["push", "pull", "generate", "push,pull"]))
    def run_one_kind(self, number: int, only: str) -> None:
        self.floor.run(self.book(number), "--only", only)

    @rule(number=BOOKS, faults=FAULTS)
    def run_with_faults(self, number: int, faults: str) -> None:
        self.floor.editor.faults(faults)
        self.floor.run(self.book(number))
        self.floor.editor.faults("")
        self.floor.reached[f"fault {faults.partition(',')[0]}"] += 1

    @rule(number=BOOKS)
    def run_with_a_full_look(self, number: int) -> None:
        self.floor.run(self.book(number), "--full")

    @rule(number=BOOKS, record=RECORD, text=TEXT)
    def plan_twice(self, number: int, record: str, text: str) -> None:
        """Look, let somebody type there, and look again, which only has to ask for that."""
        self.clock.hold()
        self.floor.plan(self.book(number))
        self._edit_there((record, text))
        self.floor.both_looks(self.book(number))

    @rule(number=BOOKS, record=RECORD, text=TEXT, what=st.sampled_from(["nothing", "here", "there"]))
    def run_a_signed_plan(self, number: int, record: str, text: str, what: str) -> None:
        def act() -> None:
            if what == "here":
                self.type_words(number, record, text)
            elif what == "there":
                self._edit_there((record, text))

        self.type_words(number, record, text)
        self.clock.hold()
        self.floor.carry_out_signed(self.book(number), act)

    @rule(number=BOOKS)
    def cancel(self, number: int) -> None:
        self.floor.command(self.book(number), "cancel")

    @rule(number=BOOKS, side=st.sampled_from(["workbook", "service"]))
    def run_with_a_preference(self, number: int, side: str) -> None:
        """Settle every conflict for one side, on the command line; nothing else is given up by that."""
        book = self.book(number)
        divided = self.floor.conflicts(book)
        if side == "service":
            book.given_up.update(divided)
        self.floor.run(book, "--prefer", side, pushing=divided if side == "workbook" else set())
        self.floor.reached[f"preferred the {side}"] += bool(divided)

    @rule(number=BOOKS)
    def undo(self, number: int) -> None:
        """Put back what the last run replaced; what was let go to it is hers again."""
        book = self.book(number)
        self.floor.command(book, "undo", "last", "--yes")
        for key, now in book.cells().items():
            if now != self.floor.cell(key):
                self.floor.reached["undone"] += 1
                book.forget(key)
                if now.startswith(WORDS):
                    book.typed[key] = now
                    book.released.discard(now)

    @rule(number=BOOKS, at=SEAM, how=st.sampled_from([crash, crash, ask_to_stop, end_at_once]))
    def run_broken_off(self, number: int, at: int, how: object) -> None:
        assert callable(how)
        self.break_off(number, Interruption(at, how))

    def break_off(self, number: int, interruption: Interruption) -> None:
        self.floor.run(self.book(number), interruption=interruption)
        if interruption.happened:
            self.floor.reached[f"interrupted by {interruption.act.__name__}"] += 1

    @rule(number=BOOKS, at=SEAM, record=RECORD, text=TEXT)
    def run_while_she_types(self, number: int, at: int, record: str, text: str) -> None:
        book = self.book(number)
        if not self.has(book, record):
            return

        def act() -> None:
            words = self.floor.pen.here()
            book.type((record, text), words)
            self.floor.before.rows[record][self.floor.heading(text)] = words
            self.floor.reached["typed while it ran"] += 1

        self.floor.run(book, interruption=Interruption(at, act))

    @rule(number=BOOKS, record=RECORD, text=TEXT)
    def run_while_an_editor_types(self, number: int, record: str, text: str) -> None:
        """Change a text between the plan and what is sent."""

        def act() -> None:
            words = self._edit_there((record, text))
            if words:
                self.floor.before.there[record, text] = words
                self.floor.reached["changed there while it ran"] += 1

        self.floor.run(self.book(number), interruption=Interruption(1, act, frozenset({"begin_run"})))

    # ------------------------------------------------------------------ the end

    def decide(self) -> str:
        self.resolving = self.resolving >> 1 | (self.resolving & 1) << 7
        return "Push" if self.resolving & 1 else "Pull"

    def teardown(self) -> None:
        try:
            if not self.floor.broken:
                self.floor.settle(self.decide)
                self.floor.agreed()
        finally:
            self.reached.update(self.floor.reached)
            self.reached["examples"] += 1
            self.reached["commands"] += self.floor.commands
            self.stack.close()


def kind_of(name: str, breach: Breach | None = None) -> type[Machine]:
    """Make a machine of its own kind, which counts for itself; `breach` breaks a rule in it."""
    made: type[Machine] = type(name, (Machine,), {"breach": breach, "reached": Counter()})
    return made
