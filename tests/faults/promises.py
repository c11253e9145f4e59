"""What must hold whatever happens, looked at after every step: the service's ledger against journal and workbook.

The invariants I1 to I13 of the design, as far as they can be broken in one process. The journal is read as SQL, and
the allowed steps of a batch are written down here once more, so that a mistake in the product does not hide itself.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sync.batch import Tally
    from sync.journal import Journal
    from sync.model import TextUpdate
    from tests.faults.lab import Lab

FIELDS = {"Page title": "page title", "Page description": "page description"}
"""Text types by the headings of the laboratory's workbook: short texts, because writing long ones takes the simulator
longer than all the rest takes."""
Text = tuple[str, str, str]
"""Record id, language, text type."""

EDGES = {
    "": {"planned", "accepted"},
    "planned": {"intent", "rejected", "blocked", "cancelled"},
    "intent": {"accepted", "collected", "planned", "rejected", "blocked", "unknown"},
    "unknown": {"accepted", "collected", "lost"},
    "lost": {"accepted"},
    "accepted": {"running", "cancelling", "collected", "cancelled", "gone"},
    "running": {"cancelling", "collected", "cancelled", "gone"},
    "cancelling": {"collected", "cancelled", "gone"},
}
_TOKEN = re.compile(rb"sim\.[0-9]+\.[0-9a-f]{40}")
GIVEN_UP = {"sent again", "taken for lost"}
"""States of a text that the user let go; whatever turns up of it has to be told."""


class BrokenPromise(AssertionError):
    """A promise does not hold."""


class Promises:
    """Everything that is remembered between two looks."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.connection: Any = None
        self.changes = -1
        self.looked = 0
        self.paid: Counter[Text] = Counter()
        """What our own orders were charged."""
        self.spent = 0
        self.unkept: dict[str, tuple[Text, str]] = {}
        """Texts that were paid for and are not in the journal yet, with their request."""
        self.twice: Counter[Text] = Counter()
        """What a gateway delivered twice: a second charge that is not our doing."""
        self.given_up: set[Text] = set()
        self.told: set[Text] = set()
        """Texts that are written down as charged twice."""
        self.states: dict[int, str] = {}
        self.items: dict[tuple[int, str, str], str] = {}
        """States of texts, by batch, record id and text type."""
        self.held: set[Text] = set()
        self.rows: list[Any] = []
        self.not_before: dict[str, float] = {}
        self.reads = 0
        self.since = 0.0
        self.looks = 0
        self.summed = (-1, -1)

    def watch(self, path: Path) -> None:
        """Look at a journal as another process would: what is committed shows, and nothing else."""
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.changes = -1

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()

    # ------------------------------------------------------------------ after every step

    def check(self, step: str) -> None:
        """Look at everything that may have changed since the last look."""
        if self.connection is None:
            return
        self.looks += 1
        simulator = self.lab.simulator
        simulator.look()
        ledger = simulator.account.ledger
        news = len(ledger) > self.looked
        if news:
            self._charged(ledger)
        elif step == "wait":
            return  # while we wait, only the service does something
        changes = self.connection.execute("PRAGMA data_version").fetchone()[0]
        if changes != self.changes:
            self.changes = changes
            self._read(step)
        elif not news:
            return
        self._nothing_lost(step)

    def _charged(self, ledger: Any) -> None:
        """I1 and I9."""
        lab = self.lab
        for one in ledger[self.looked :]:
            if one.request_id in lab.foreign:
                continue
            key = (one.record_id, one.language, one.field)
            lab.say(f"charged: {key} {one.text_id} of {one.request_id}")
            self.paid[key] += 1
            self.spent += one.credits
            self.unkept[one.text_id] = (key, one.request_id)
            if not lab.simulator.shelf.by_id[one.text_id].outputs[0].strip():
                lab.seen["empty text"] += 1
            if self.paid[key] > 1 + lab.resent[key] + self.twice[key]:
                raise BrokenPromise(f"I1: {key} was paid for {self.paid[key]} times")
        self.looked = len(ledger)
        if self.spent > lab.approved + self.gift():
            raise BrokenPromise(f"I9: {self.spent} credits were spent, {lab.approved} approved")

    def gift(self) -> float:
        """Add up what second deliveries may have cost: nobody approved that, and nobody could help it."""
        twins = self.lab.twins
        return sum(one.credits for one in self.lab.simulator.account.ledger if one.request_id in twins) if twins else 0

    def _read(self, step: str) -> None:
        rows = self.rows = self.connection.execute(
            "SELECT b.id, b.state, b.request_id, b.found, i.record_id, i.language, i.text_type, i.state, i.text_id,"
            " i.held, i.credits FROM batch b JOIN item i ON i.batch_id = b.id"
        ).fetchall()
        self._note(rows)
        self.held = {(row[4], row[5], row[6]) for row in rows if row[9]}
        self.given_up = {(row[4], row[5], row[6]) for row in rows if row[7] in GIVEN_UP}
        states = {row[0]: row[1] for row in rows}
        if states != self.states:
            self._stepped(states, {row[0]: row[2] for row in rows}, step)
        if self.unkept:
            kept = {row[0] for row in self.connection.execute("SELECT text_id FROM text")}
            told = self.connection.execute("SELECT found, record_id, language, text_type FROM duplicate").fetchall()
            kept |= {row[0] for row in told}
            self.told = {(row[1], row[2], row[3]) for row in told}
            self.unkept = {
                text_id: (key, request)
                for text_id, (key, request) in self.unkept.items()
                if text_id not in kept and request not in kept
            }

    def _stepped(self, states: dict[int, str], requests: dict[int, str], step: str) -> None:
        """I7: only allowed steps, one at a time."""
        for number, state in states.items():
            before = self.states.get(number, "")
            if state != before:
                self.lab.say(f"batch {number}: {before or 'new'} -> {state} {requests[number]}")
                if state not in EDGES.get(before, ()):
                    raise BrokenPromise(f"I7: batch {number} went from {before!r} to {state!r} at {step}")
                self._note_step(before, state, requests[number])
        self.states = states

    def _note_step(self, before: str, state: str, request_id: str) -> None:
        seen = self.lab.seen
        seen[f"-> {state}"] += 1
        if before == "unknown" and state == "accepted":
            seen["adopted from the list" if request_id else "seen by its texts"] += 1
        if before == "lost":
            seen["taken for lost and found"] += 1

    def _note(self, rows: Any) -> None:
        """Note what the user let go, and what became of texts that nobody could say about."""
        lab = self.lab
        for row in rows:
            place, state = (row[0], row[4], row[6]), row[7]
            before = self.items.get(place, "")
            if state == before:
                continue
            self.items[place] = state
            self.lab.say(f"batch {row[0]}: {row[4]} {row[6]} is {state} {row[8]}")
            if state == "sent again" and row[0] in lab.named:
                lab.resent[row[4], row[5], row[6]] += 1
                lab.seen["given up and sent again"] += 1
            elif state == "taken for lost":
                lab.seen["taken for lost"] += 1
            elif before == "unknown" and state == "done":
                lab.seen["late text"] += 1
            elif row[3] and state == "done":
                lab.seen["found request followed"] += 1

    def _nothing_lost(self, step: str, *, at_the_end: bool = False) -> None:
        """I2: what was paid for is in the journal, or its key is declared: being made, unknown, or given up."""
        for text_id, (key, request) in self.unkept.items():
            declared = key in self.held or key in self.told or (key in self.given_up and not at_the_end)
            if (
                declared
                or (request in self.lab.twins and not at_the_end)  # S22: nobody can tell until both are made
                or self._overtaken(text_id, at_the_end=at_the_end)
            ):
                continue
            raise BrokenPromise(
                f"I2: {key} ({text_id}, request {request}) was paid for, is not in the journal and not declared: {step}"
            )

    def _overtaken(self, text_id: str, *, at_the_end: bool) -> bool:
        """Tell whether somebody else had the same text made, which hides ours or was taken for it: nobody can tell.

        In the end at least the newest is kept.
        """
        shelf, foreign = self.lab.simulator.shelf, self.lab.foreign
        text = shelf.by_id[text_id]
        texts = shelf.texts[text.key]
        hidden = texts[-1] is not text or not text.outputs[0].strip()  # of an empty one the plan tells
        return any(one.request_id in foreign for one in texts) and (not at_the_end or hidden)

    # ------------------------------------------------------------------ on the way out

    def twin(self, body: Any) -> None:
        for record in body["Texts"]:
            for wanted in record["fields"]:
                self.twice[record["recordId"], body["language"], wanted["field"]] += 1

    def posting(self, body: Any) -> None:
        """I5: the intent is on disk, is just this order, and no other open batch holds any of its texts."""
        keys = {
            (record["recordId"], body["language"], wanted["field"])
            for record in body["Texts"]
            for wanted in record["fields"]
        }
        self._read("post")
        sending: dict[int, set[Text]] = {}
        for row in self.rows:
            if row[1] == "intent" and row[9]:
                sending.setdefault(row[0], set()).add((row[4], row[5], row[6]))
        if list(sending.values()) != [keys]:
            raise BrokenPromise(f"I5: an order for {sorted(keys)} goes out while the intents are {sending}")
        (number,) = sending
        for row in self.rows:
            if row[9] and row[0] != number and (row[4], row[5], row[6]) in keys:
                raise BrokenPromise(f"I5: {row[4]} {row[6]} is ordered while batch {row[0]} ({row[1]}) is open")
        self.calling("order")

    def updating(self, updates: Sequence[TextUpdate]) -> None:
        """No text on the service is replaced that this side has not seen: its person's words are not ours to lose."""
        known = {row[0] for row in self.connection.execute("SELECT text_id FROM text UNION SELECT text_id FROM base")}
        for one in updates:
            there = self.lab.simulator.shelf.by_id[one.text_id]
            if there.value != one.value and one.text_id not in known and not self.lab.pushed:
                raise BrokenPromise(f"{one.text_id} was replaced on the service and had never been seen here")
            self.lab.seen["sent back"] += 1
        self.calling("read")

    def told_to_wait(self, kind: str, seconds: float | None) -> None:
        """Remember how long the service asked us to wait."""
        self.not_before[kind] = self.lab.clock.time + (seconds or 0.0)

    def calling(self, kind: str) -> None:
        """I13: no call comes before the time that Retry-After named, and reads keep their pace."""
        now = self.lab.clock.time
        if now < self.not_before.get(kind, 0.0) - 1e-6:
            raise BrokenPromise(f"I13: {kind} comes {self.not_before[kind] - now:.2f} s before the time in Retry-After")
        if kind == "read":
            self.reads += 1
            allowed = 40 + 12 * len(self.lab.calls) + 6 * (now - self.since) / 0.35
            if self.reads > allowed:
                raise BrokenPromise(f"I13: {self.reads} reads in {now - self.since:.1f} s")

    # ------------------------------------------------------------------ at the beginning and end of a command

    def begins(self) -> None:
        """Forget what a process does not know of the one before it."""
        self.not_before.clear()
        self.reads, self.since = 0, self.lab.clock.time

    def ended(self, journal: Journal) -> None:
        """I4, I6 and I11: what can be said when a command has come to its end, well or not."""
        self.check("end")
        self._no_request_forgotten()
        self._right_rows()
        if self.summed == (self.changes, self.looked):
            return  # nothing has changed since the last command
        self.summed = (self.changes, self.looked)
        tally = journal.tally({run.id for run in journal.batches.runs()})
        self._unknown_told(tally)
        self._sums(tally)
        for number, state in self.states.items():
            if state == "cancelled" and {"done", "cancelled"} <= {row[7] for row in self.rows if row[0] == number}:
                self.lab.seen["cancelled half-way"] += 1
        if any(one.status == "TimedOut" for one in self.lab.simulator.requests.values()):
            self.lab.seen["timed out"] += 1

    def _no_request_forgotten(self) -> None:
        """I6: whatever is being made for us is held, or was given up by the user.

        Excused: an order of ours that landed late, after somebody else's for just the same records was taken for it.
        """
        lab = self.lab
        mistaken = {(row[4], row[5], row[6]) for row in self.rows if row[2] in lab.foreign and not row[3]}
        for request in lab.simulator.open_requests():
            if request.id in lab.foreign or request.id in lab.twins:
                continue
            for item in (*request.queued.values(), *request.running.values()):
                for wanted in item.record.wanted:
                    key = (item.record.id, request.order.language, wanted.field)
                    if key not in self.held | self.given_up | mistaken:
                        raise BrokenPromise(f"I6: {key} is being made in {request.id} and nobody says so")

    def _unknown_told(self, tally: Tally) -> None:
        """I6: the summary counts every text that nobody can say about."""
        latest: dict[Text, tuple[int, bool]] = {}
        for row in self.rows:
            unsure = row[7] == "unknown" or (row[7] == "open" and row[1] in {"intent", "unknown"})
            key = (row[4], row[5], row[6])
            latest[key] = max(latest.get(key, (0, False)), (row[0], unsure))
        unknown = sum(unsure for _, unsure in latest.values())
        if unknown != tally.unknown:
            raise BrokenPromise(f"I6: nobody can say about {unknown} texts, and the summary says {tally.unknown}")

    def _sums(self, tally: Tally) -> None:
        """I11: the summary says what the ledger says."""
        shelf, foreign = self.lab.simulator.shelf, self.lab.foreign
        cost = {one.text_id: one.credits for one in self.lab.simulator.account.ledger}
        said = 0.0
        for row in self.rows:
            if row[7] in {"done", "empty"} and not row[3]:
                said += row[10]
                if row[10] != cost.get(row[8], -1):
                    raise BrokenPromise(
                        f"I11: {row[4]} {row[6]} is said to have cost {row[10]}, not {cost.get(row[8])}"
                    )
        if abs(tally.credits - said) > 1e-6:
            raise BrokenPromise(f"I11: the summary says {tally.credits} credits, the texts say {said}")
        used = Counter(row[8] for row in self.rows if row[7] == "done" and row[8] and not row[3])
        twice = [text_id for text_id, count in used.items() if count > 1]
        if twice:
            raise BrokenPromise(f"I11: texts {twice} are the answers to more than one order")
        for row in self.rows:
            if row[7] in {"cancelled", "not sent", "failed"}:
                made = [one for one in shelf.by_id.values() if one.request_id == row[2] and row[2]]
                if (
                    any(
                        (one.key.record_id, one.key.field) == (row[4], row[6]) and one.request_id not in foreign
                        for one in made
                    )
                    and not row[3]
                ):
                    raise BrokenPromise(f"I11: {row[4]} {row[6]} of batch {row[0]} is {row[7]}, and was charged")

    def _right_rows(self) -> None:
        """I4: a cell holds what a person put there, or a text of its own record and type."""
        lab = self.lab
        for row in lab.rows:
            for column, heading in enumerate(lab.headings):
                field = FIELDS.get(heading)
                if field is None or not row[column]:
                    continue
                if row[column] in lab.written:
                    continue
                values = {
                    value
                    for key in lab.simulator.shelf.by_record.get(("Product", row[1]), ())
                    if key.field == field
                    for text in lab.simulator.shelf.texts[key]
                    for value in (text.value, *text.outputs)
                }
                if row[column] not in values:
                    raise BrokenPromise(f"I4: {row[1]} {heading} holds what is neither its own text nor a person's")
        for (record, field), words in lab.own.items():
            if lab.cell_of(record, field) not in {words, None}:
                raise BrokenPromise(f"I4: the words somebody wrote for {record} {field} are gone")

    def unknown(self) -> list[int]:
        """List the batches with texts that nobody can say about."""
        found = {row[0] for row in self.rows if row[1] in {"intent", "unknown"} or row[7] == "unknown"}
        return sorted(found)

    def content(self) -> list[Any]:
        """Give all that the journal holds about batches, texts and deliveries, without the times."""
        found: list[Any] = []
        for query in (
            "SELECT id, run_id, state, found, request_id, known_requests, reason FROM batch ORDER BY id",
            "SELECT batch_id, record_id, text_type, was, baseline, state, text_id, reason, held, credits FROM item",
            "SELECT record_id, language, text_type, text_id, value, batch_id FROM text ORDER BY rowid",
            "SELECT record_id, language, text_type, text_id, state, credits FROM delivery ORDER BY id",
            "SELECT record_id, text_type, batch_id, found, kept FROM duplicate ORDER BY rowid",
        ):
            found += self.connection.execute(query).fetchall()
        return found

    def no_secret(self, said: str) -> None:
        """I10: neither the key nor a token is in any file of ours, nor in anything that was said."""
        key = self.lab.simulator.api_key
        places = {file.name: file.read_bytes() for file in self.lab.folder.iterdir()} | {"what was said": said.encode()}
        for name, content in places.items():
            if key.encode() in content or _TOKEN.search(content):
                raise BrokenPromise(f"I10: a secret is in {name}")

    def settled(self) -> None:
        """I2, when all that could turn up has turned up: what was given up is now in the journal, or told."""
        self._nothing_lost("at the end", at_the_end=True)
