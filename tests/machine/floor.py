"""The shop floor: workbooks, people, the service, and the command run among them, with a look at everything after it.

The command is the real one, in this process: its arguments, its files, its journals, HTTP over a port. What people
typed is told by the words themselves: none come twice, and nothing that the service makes begins like them.
"""

from __future__ import annotations

import itertools
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.model import KEYWORDS
from tests.cli.shop import TEXTS, Shop, make_workbook
from tests.machine.interruptions import Crash, Interruption
from tests.machine.people import Book, Editor, Key, Pen, Row, is_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from tests.machine.breaches import Breach

RECORDS = 2
OURS = {*TEXTS, "Action", "Status", "Message", "Updated", "Credits"}
"""The columns that a run may write to."""
WELL = frozenset({0, 3})
"""How a run ends when everything goes well: done, or done but for some texts."""
REPLACING = frozenset({"Regenerate", "Rewrite", "Pull"})
"""Actions that give up what stands in the cell."""
REFUSED = 5
"""How a run ends whose signed plan has moved: nothing of it was done."""
ORDERING = frozenset({"Generate", "Regenerate", "Rewrite"})
"""Actions that are paid for, and give up what stands on the service."""
MARKING = frozenset({"Review", "Publish"})
UNDONE = ("its text was undone", "its record was archived")
"""How a plan says that an empty cell waits for an Action."""
ROUNDS = 6
"""Rounds of resolving conflicts, at most, until nothing is left to do."""
QUIET = frozenset({"unchanged", "protected", "stale"})
"""What a plan may still say when all is settled: nothing of it is work or a conflict."""


class BrokenPromise(AssertionError):
    """What must never happen has happened."""


@dataclass
class Before:
    """Everything as it was before a command; people who do something meanwhile write it in here too."""

    rows: dict[str, Row]
    there: dict[Key, str]
    typed: dict[Key, str] = field(default_factory=dict)
    pushed: set[Key] = field(default_factory=set)
    """Texts whose row says Push."""
    marked: set[Key] = field(default_factory=set)


class Floor:
    """Two workbooks with the same products, a service, an editor there, and the command."""

    def __init__(self, folder: Path, url: str, breach: Breach | None = None) -> None:
        self.folder = folder
        self.shop = Shop(folder, url)  # finds shop.xlsx there
        self.editor = Editor(url)
        self.pen = Pen()
        self.breach = breach
        anna = folder / "anna"
        self.books = [Book(folder / "shop.xlsx", anna, "w-cli"), Book(folder / "second.xlsx", anna, "w-second")]
        self.allowed: Counter[Key] = Counter()
        """How many charges people have asked for, over the one that each text may cost anyway."""
        self.granted: set[object] = set()
        self.foreign: set[str] = set()
        self.keywords_first = False
        """Somebody has had keywords looked for before texts: each record's may cost once without an Action."""
        self.made_there: set[Key] = set()
        """Texts that the editor has ordered on the service."""
        self.before = Before({}, {})
        self.reached: Counter[str] = Counter()
        self.unsure: dict[str, set[tuple[int, Key]]] = {}
        """By file: batches that nobody can say about, with their texts, as the last plan told."""
        self.commands = 0
        self.left_with = 0
        """The exit code of the last command."""
        self.broken = False
        """A promise was broken, so that there is nothing to settle any more."""
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """Give a number that no order had before."""
        return next(self._numbers)

    def heading(self, text_type: str) -> str:
        """Name the column of a text type."""
        return _HEADINGS[text_type]

    def close(self) -> None:
        self.editor.close()

    # ------------------------------------------------------------------ what is so

    @property
    def ids(self) -> list[str]:
        return [f"{number:05}" for number in range(1, RECORDS + 1)]

    def there(self) -> dict[Key, str]:
        return {key: value for key, (_, value) in self.editor.texts(self.ids).items()}

    def charges(self) -> Counter[Key]:
        return Counter(
            (one["recordId"], one["field"]) for one in self.editor.ledger() if one["requestId"] not in self.foreign
        )

    def bases(self, book: Book) -> dict[Key, str]:
        """Read what the journal says that both sides agreed on."""
        path = book.home / "journals" / f"{book.workbook_id}.sqlite3"
        with closing(sqlite3.connect(path)) as journal:
            return {(one, two): value for one, two, value in journal.execute(_BASES)}

    # ------------------------------------------------------------------ the command

    def run(
        self, book: Book, *words: str, interruption: Interruption | None = None, pushing: Collection[Key] = ()
    ) -> list[dict[str, Any]]:
        """Run the command on a workbook, and see that it kept every promise. Gives what it said.

        `pushing` are texts that may be sent over what the service has, without an Action.
        """
        options = ("--yes", "--json", "--overwrite", "--archive", "--keywords-again", *words)
        return self.command(book, "run", *options, watch=interruption, pushing=pushing)

    def command(
        self,
        book: Book,
        verb: str,
        *words: str,
        watch: Interruption | None = None,
        pushing: Collection[Key] = (),
    ) -> list[dict[str, Any]]:
        self.commands += 1
        self.broken = True  # until the end of the look
        self.before = Before(book.rows(), self.there(), dict(book.typed), set(pushing))
        if verb == "run":
            self._grant(book)
        if self.breach is not None:
            self.breach.before(self, book)
        said: list[dict[str, Any]] = []
        ended = "crash"
        try:
            ended, said = self._start(book, (verb, book.file.name, *words), watch)
        except Crash:
            self.reached["crashed"] += 1
        if self.breach is not None and verb == "run":
            self.breach.after(self, book)
        self._look(book, said)
        if ended == "well" and "--detach" not in words:
            self._over(book)
        book.keep()
        self.broken = False
        return said

    def _start(
        self, book: Book, words: tuple[str, ...], watch: Interruption | None
    ) -> tuple[str, list[dict[str, Any]]]:
        home = {"WTSYNC_STATE_DIR": str(book.home)}
        if watch is None:
            done = self.shop.here(*words, code=None, **home)
        else:
            with watch.watching():
                done = self.shop.here(*words, code=None, **home)
        stopped = watch is not None and watch.happened and done.returncode == 130
        nothing = words[0] == "undo" and done.returncode == 2  # no run has texts in it
        refused = "--plan" in words and done.returncode == REFUSED  # whoever has it signed sees to it
        self.left_with = done.returncode
        if done.returncode not in WELL and not (stopped or nothing or refused):
            self.reached[f"exit {done.returncode}"] += 1
            if done.returncode != 6:
                raise BrokenPromise(f"{words} left with {done.returncode}: {done.stdout}{done.stderr}")
        said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return ("well" if done.returncode in WELL else "stopped"), said

    def _grant(self, book: Book) -> None:
        """Take note of what the Actions and policies of a workbook allow."""
        for record, row in self.before.rows.items():
            action = str(row["Action"] or "")
            keys = [(record, text_type) for text_type in TEXTS.values()]
            if action == "Generate":
                keys = [key for key in keys if not self.cell(key)]
            if action in REPLACING:
                book.given_up.update(keys)
            if action in ORDERING:
                book.wished.update(keys)
                self._allow(("action", book.orders.get(record)), keys)
            if action == "Keywords":
                self._allow(("action", book.orders.get(record)), [(record, KEYWORDS)])
            if action == "Push":
                self.before.pushed.update(keys)
            if action in MARKING:
                self.before.marked.update(keys)
            if book.settings.get("Changed inputs") == "regenerate":
                self._allow(("input", book.inputs.get(record, 0)), keys)
                # Keywords that were found come into the cell, and are a change of the product.
                self._allow((f"{book.file.name} {record}", self.charges()[record, KEYWORDS]), keys)
            if book.settings.get("Emptied cell") == "regenerate":
                empty = [key for key in keys if key in book.emptied and not self.cell(key)]
                book.wished.update(empty)
                for key in empty:
                    self._allow(("emptied", book.emptied[key]), [key])

    def _allow(self, order: tuple[str, int | None], keys: list[Key]) -> None:
        """Allow one more charge for each text, once for each order that a person gave."""
        if order[1] and order not in self.granted:
            self.granted.add(order)
            self.allowed.update(keys)

    def cell(self, key: Key) -> str:
        """Give a cell as it was before the command."""
        return str(self.before.rows[key[0]][_HEADINGS[key[1]]] or "")

    def _over(self, book: Book) -> None:
        """Let what was allowed end with the command that did it."""
        standing = {record for record, row in book.rows().items() if row["Action"]}
        open_ = {key for _, key in self.unsure.get(book.file.name, ())}
        for allowance in (book.given_up, book.wished):
            allowance -= {key for key in allowance if key[0] not in standing and key not in open_}

    # ------------------------------------------------------------------ promises

    def _look(self, book: Book, said: list[dict[str, Any]]) -> None:
        self._note(book, said)
        rows = book.rows()
        broken = [*self._columns(rows), *self._words_here(book, rows), *self._words_there(book), *self._money()]
        if broken:
            raise BrokenPromise("\n".join(broken))

    def _columns(self, rows: dict[str, Row]) -> Iterator[str]:
        if list(rows) != list(self.before.rows):
            yield f"rows: {list(self.before.rows)} became {list(rows)}"
        for record, row in rows.items():
            for heading, value in row.items():
                was = self.before.rows.get(record, {}).get(heading)
                if heading == KEYWORDS.capitalize():
                    if was and value != was:
                        yield f"keywords: the cell of {record} said {was!r} and says {value!r}"
                elif heading not in OURS and value != was:
                    yield f"columns: {heading} of {record} was {was!r} and is {value!r}"

    def _words_here(self, book: Book, rows: dict[str, Row]) -> Iterator[str]:
        for record, row in rows.items():
            for text_type, heading in _HEADINGS.items():
                key, now = (record, text_type), row[heading] or ""
                was = self.cell(key)
                book.shown.setdefault(key, set()).add(now)
                if now == was or book.typed.get(key) != was:
                    continue
                if key not in book.given_up:
                    yield f"words here: {key} of {book.file.name} said {was!r} and says {now!r}; nobody asked for it"
                book.released.add(book.typed.pop(key))

    def _words_there(self, book: Book) -> Iterator[str]:
        there = self.there()
        for key, was in self.before.there.items():
            now = there.get(key, "")
            if now == was or not is_typed(was) or key in book.wished or key in self.before.pushed:
                continue
            if key in self.made_there and not is_typed(now):
                continue  # what the editor had ordered there has come
            edit = now in {book.typed.get(key), self.before.typed.get(key)} and was in book.shown.get(key, ())
            if edit and (key in self.before.marked or book.settings.get("Edited cell") != "keep"):
                continue
            yield f"words there: {key} said {was!r} on the service and says {now!r}, by {book.file.name}"

    def _money(self) -> Iterator[str]:
        for key, count in self.charges().items():
            allowed = self.allowed[key] + (key[1] != KEYWORDS or self.keywords_first)
            if count > allowed:
                yield f"money: {key} was paid for {count} times, {allowed} allowed"

    def _note(self, book: Book, said: list[dict[str, Any]]) -> None:
        """Count what was reached."""
        for event in said:
            self.reached[f"event {event.get('event')}"] += 1
            if event.get("event") == "plan":
                self.unsure[book.file.name] = {
                    (int(one["reason"].rpartition("batch ")[2].rstrip(")")), (one["recordId"], one["field"]))
                    for one in event["notes"]
                    if one["kind"] == "unknown"
                }
                self.reached.update(f"{one['kind']}: {one['reason']}" for one in event["changes"] + event["notes"])
                self.reached.update(f"kind {kind}" for kind in event["counts"])

    # ------------------------------------------------------------------ the end

    def settle(self, decide: Callable[[], str]) -> None:
        """Resolve everything as a person would, and run until nothing is left to do."""
        self.editor.faults("")
        for book in self.books:
            for setting, value in {"Edited cell": "push", "Emptied cell": "restore", "Changed inputs": "note"}.items():
                if book.settings.get(setting, value) != value:
                    book.set(setting, value)
        for turn in range(ROUNDS):
            if not [book for book in self.books if self._settled(book, decide if not turn else lambda: "Pull")]:
                return
        raise BrokenPromise(f"quiet: after {ROUNDS} rounds there is still something to do")

    def _settled(self, book: Book, decide: Callable[[], str]) -> bool:
        """Run once, and give an Action to every row with a conflict; tells whether there was anything."""
        said = self.run(book)
        again: list[str] = []
        for batch, key in sorted(self.unsure.get(book.file.name, ())):
            self.allowed[key] += 1
            again += [] if str(batch) in again else ["--resend", str(batch)]
        if again:
            said = self.run(book, *again)
            self.reached["sent again"] += 1
        shown = next(one for one in said if one["event"] == "plan")
        plan = self.plan(book) if shown["changes"] else shown
        standing = {record for record, row in book.rows().items() if row["Action"]}
        book.put({(record, "Action"): None for record in standing})
        divided = {one["recordId"] for one in plan["notes"] if one["kind"] == "conflict"}
        for record in sorted(divided):
            action = decide()
            self.give(book, record, action)
            self.reached[f"conflict resolved by {action}"] += 1
        for record in sorted({one["recordId"] for one in plan["notes"] if one["reason"].startswith(UNDONE)} - divided):
            self.give(book, record, "Pull")
            self.reached["fetched again after an undo"] += 1
        return bool(standing or again or shown["changes"] or not set(plan["counts"]) <= QUIET)

    def plan(self, book: Book) -> dict[str, Any]:
        done = self.shop.here("plan", book.file.name, "--json", WTSYNC_STATE_DIR=str(book.home))
        data: dict[str, Any] = json.loads(done.stdout)
        return data

    def both_looks(self, book: Book) -> None:
        """See that a plan believes of the service what a full look finds; a copy of the journal makes that one."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(book.home, copy)
        short = self.plan(book)
        done = self.shop.here("plan", book.file.name, "--json", "--full", WTSYNC_STATE_DIR=str(copy))
        whole = json.loads(done.stdout)
        self.reached[f"look {short['look']}"] += 1
        if whole["look"] != "full" or any(short[part] != whole[part] for part in ("changes", "notes", "counts")):
            raise BrokenPromise(f"look: {book.file.name} is planned as {short}, and after a full look as {whole}")

    def carry_out_signed(self, book: Book, act: Callable[[], None], at_last: Callable[[], None] = lambda: None) -> None:
        """Have a plan signed, let something happen, and carry it out: of one that is another now, nothing is done.

        `at_last` comes after the look whether it is another one.
        """
        name = f"{book.file.stem}.plan.json"
        self.shop.here("plan", book.file.name, "--out", name, WTSYNC_STATE_DIR=str(book.home))
        signed = json.loads((self.folder / name).read_text(encoding="utf-8"))["digest"]
        act()
        moved = self.plan(book)["digest"] != signed
        before = self._of_ours(book)
        if self.breach is not None:
            self.breach.signed(self, book, name)
        at_last()
        if moved:
            words = ("run", book.file.name, "--plan", name, "--yes")
            self.left_with = self.shop.here(*words, code=None, WTSYNC_STATE_DIR=str(book.home)).returncode
        else:
            self.run(book, "--plan", name)
            self.reached["a signed plan carried out"] += self.left_with in WELL
            if self.left_with == REFUSED:
                moved = self.plan(book)["digest"] != signed  # what an editor had ordered came after the second look
                self.reached["a signed plan that moved by itself"] += 1
        if self.left_with == REFUSED and not moved:
            raise BrokenPromise("signed: the plan is what it was, and is refused")
        self.reached["a signed plan refused"] += self.left_with == REFUSED
        if moved and before != self._of_ours(book):
            raise BrokenPromise(f"signed: the plan has moved, and is carried out (exit {self.left_with})")

    def _of_ours(self, book: Book) -> tuple[dict[Key, str], dict[Key, str], Counter[Key]]:
        """Give what a command may change: cells, texts on the service that no editor has ordered, charges."""
        there = {key: value for key, value in self.there().items() if key not in self.made_there}
        return book.cells(), there, self.charges()

    def conflicts(self, book: Book) -> set[Key]:
        """Give the texts in conflict, as a plan shows them."""
        notes = self.plan(book)["notes"]
        return {(one["recordId"], one["field"]) for one in notes if one["kind"] == "conflict"}

    def give(self, book: Book, record: str, action: str) -> None:
        """Choose an Action for a row."""
        book.put({(record, "Action"): action or None})
        book.orders[record] = self.number()

    def agreed(self) -> None:
        """See that both sides and the base are the same, and that nothing more is sent or written."""
        there, broken = self.there(), []
        for book in self.books:
            bases = self.bases(book)
            for key, cell in book.cells().items():
                if key not in there and cell == book.typed.get(key):
                    continue  # a person's text that the service never had
                if not cell == there.get(key) == bases.get(key):
                    broken.append(
                        f"agree: {key} of {book.file.name}: here {cell!r}, there {there.get(key)!r},"
                        f" agreed {bases.get(key)!r}"
                    )
        if broken:
            raise BrokenPromise("\n".join(broken))
        for book in self.books:
            self.both_looks(book)
        files, paid = [book.file.read_bytes() for book in self.books], self.charges()
        self.editor.faults("reset:method=POST")
        for book in self.books:
            self.run(book)
        if self.editor.struck() or self.charges() != paid:
            raise BrokenPromise("quiet: a further run has sent something")
        if files != [book.file.read_bytes() for book in self.books]:
            raise BrokenPromise("quiet: a further run has written something")


_HEADINGS = {text_type: heading for heading, text_type in TEXTS.items()}
_BASES = "SELECT record_id, text_type, value FROM base"


def furnish(folder: Path, templates: Path) -> None:
    """Put two new workbooks with the same products into a folder; they are made once, and then copied."""
    for name, workbook_id in (("shop", "w-cli"), ("second", "w-second")):
        made = templates / f"{name}.xlsx"
        if not made.exists():
            make_workbook(made, RECORDS, workbook_id=workbook_id)
        shutil.copy(made, folder / made.name)
