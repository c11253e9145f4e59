"""Made `v1.sql`: a journal of layout 1 in every state, written by the wtsync that had layout 1.

    python -m tests.journal.golden.make_v1 > tests/journal/golden/v1.sql

It is kept to show where the file comes from. The file is never made again: what a released wtsync has written stays as
it was, and every later one has to open it. A new layout gets a script and a file of its own.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sync.batch import Baseline, Batch, BatchState, Duplicate, Item, ItemState, RunInfo
from sync.journal import Journal
from sync.journal.schema import VERSION
from sync.model import Base, Delivery, Origin, Price, RecordKey, RemoteText, TextKey

SERVICE, SIMULATED = "api.golden.example", "simulator golden"
TITLE, EXCERPT = "page title", "excerpt"
HARD = "=1+1; \"zwei\" 'drei' -- \N{PILE OF POO}\nline two, e\N{COMBINING ACUTE ACCENT}"
S, ITEM = BatchState, ItemState


def key(record_id: str, text_type: str = TITLE, language: str = "en") -> TextKey:
    return TextKey(RecordKey("shop", "Product", record_id, language), text_type)


def item(record_id: str, text_type: str = TITLE, was: str = "") -> Item:
    return Item(key(record_id, text_type), was, f"digest-{record_id}", Price(1.0, 2.0), baseline="")


def batch(run_id: str, *items: Item, state: BatchState = S.PLANNED, request_id: str = "", found: bool = False) -> Batch:
    return Batch(0, run_id, state, "shop", "Product", "en", items, request_id=request_id, found=found)


def begin(journal: Journal, run_id: str, started_at: float, *, service: str = SERVICE) -> None:
    simulated = service == SIMULATED
    journal.batches.begin_run(
        RunInfo(run_id, started_at, service, simulated=simulated, approved=40.0, balance_before=100.0), "plan-digest"
    )


def send(journal: Journal, run_id: str, *items: Item) -> int:
    """Take a batch as far as its intent."""
    (number,) = journal.batches.plan([batch(run_id, *items)])
    texts = {one.key: f"old-{one.key.record.record_id}" for one in items if one.was}
    baseline = Baseline(frozenset({"req-of-others", "req-older"}), texts=texts, balance=90.5, server_time=1760000123.25)
    journal.batches.intend(number, baseline, "ab" * 32)
    return number


def accept(journal: Journal, run_id: str, request_id: str, *items: Item) -> int:
    number = send(journal, run_id, *items)
    journal.batches.move(number, S.ACCEPTED, request_id=request_id)
    return number


def delivery(one: Item, text_id: str, value: str, run_id: str, origin: Origin = Origin.GENERATED) -> Delivery:
    return Delivery(one.key, text_id, value, one.was, one.input_digest, origin, run_id, 1.0)


def arrive(journal: Journal, number: int, run_id: str, one: Item, text_id: str, value: str) -> Delivery:
    """Let one text of a batch come."""
    sent = delivery(one, text_id, value, run_id)
    text = RemoteText(one.key, text_id, value)
    journal.collect(number, [text], [sent], [(one.key, ITEM.DONE, text_id, "")], {one.key: 1.0})
    return sent


def first_run(journal: Journal) -> None:
    """Come to an end: everything was collected, one text failed, one came empty, one cell was kept."""
    begin(journal, "run-done", 1760000000.0)
    items = [item("00001"), item("00001", EXCERPT), item("00002", was="Old title"), item("00003"), item("00004")]
    number = accept(journal, "run-done", "req-collected", *items)
    journal.batches.move(number, S.RUNNING)
    one = arrive(journal, number, "run-done", items[0], "t-1", "Oak stool")
    two = arrive(journal, number, "run-done", items[1], "t-2", HARD)
    kept = arrive(journal, number, "run-done", items[2], "t-3", "New title")
    journal.texts.settle([(one, "written"), (two, "written"), (kept, "kept")])
    failed, empty = items[3].key, items[4].key
    journal.collect(number, [RemoteText(empty, "t-4", "")], [], [(empty, ITEM.EMPTY, "t-4", "it came empty")])
    journal.end(number, S.COLLECTED, [(failed, ITEM.FAILED, "", "the service could not make it")])
    number = accept(journal, "run-done", "req-replaced", item("00001"))
    again = arrive(journal, number, "run-done", item("00001"), "t-5", "Oak stool, again")
    journal.end(number, S.COLLECTED, ())
    journal.texts.deliver([delivery(item("00001"), "t-6", "Oak stool, pulled", "run-done", Origin.PULLED)])
    journal.texts.agree([(key("00005"), Base("Adopted", "t-7", "", Origin.ADOPTED))])
    journal.texts.agree([(key("00006", language="de"), Base("Eichenhocker", "t-8", "digest", Origin.PULLED))])
    assert again.text_id == "t-5", "it is replaced by the one that was pulled, which waits"
    journal.batches.end_run("run-done", "done", 95.0)


def second_run(journal: Journal) -> None:
    """Let everything happen that ends a batch otherwise."""
    begin(journal, "run-odd", 1760010000.0)
    (number,) = journal.batches.plan([batch("run-odd", item("00010"))])
    journal.batches.move(number, S.REJECTED, reason="the service refused it: 422")
    (number,) = journal.batches.plan([batch("run-odd", item("00011"))])
    journal.batches.drop([number], S.BLOCKED, "the account has 1 credits left")
    (number,) = journal.batches.plan([batch("run-odd", item("00012"))])
    journal.batches.drop([number], S.CANCELLED, "stopped before it was sent")
    number = accept(journal, "run-odd", "req-cancelled", item("00013"), item("00014"))
    journal.batches.move(number, S.CANCELLING)
    arrive(journal, number, "run-odd", item("00013"), "t-13", "Made before it was cancelled")
    journal.end(number, S.CANCELLED, [(key("00014"), ITEM.CANCELLED, "", "stopped before it was made")])
    number = accept(journal, "run-odd", "req-gone", item("00015"), item("00016"))
    left = "the service no longer knows the request, and there is no text"
    journal.end(number, S.GONE, [(key("00015"), ITEM.UNKNOWN, "", left), (key("00016"), ITEM.NOT_SENT, "", left)])
    for record_id, state in (("00017", ITEM.RESENT), ("00018", ITEM.LOST)):
        number = send(journal, "run-odd", item(record_id))
        journal.batches.move(number, S.UNKNOWN, reason="no answer came")
        journal.end(number, S.LOST, [(key(record_id), state, "", "given up by the user")])
    resent = number - 1
    number = accept(journal, "run-odd", "req-again", item("00017"))
    arrive(journal, number, "run-odd", item("00017"), "t-17", "Made twice")
    journal.end(number, S.COLLECTED, ())
    journal.doubts.note_duplicates([Duplicate(key("00017"), resent, "t-17-first", "t-17")])
    journal.batches.end_run("run-odd", "out of credits", 60.0)


def third_run(journal: Journal) -> None:
    """Be killed with batches in every state that is not an end."""
    begin(journal, "run-killed", 1760020000.0)
    accept(journal, "run-killed", "req-accepted", item("00020"), item("00020", EXCERPT))
    number = accept(journal, "run-killed", "req-running", item("00021"), item("00022"))
    journal.batches.move(number, S.RUNNING)
    arrive(journal, number, "run-killed", item("00021"), "t-21", "Made, not yet written")
    number = accept(journal, "run-killed", "req-cancelling", item("00023"))
    journal.batches.move(number, S.CANCELLING)
    found = batch("run-killed", item("00024"), state=S.ACCEPTED, request_id="req-of-others", found=True)
    journal.batches.plan([found])
    number = send(journal, "run-killed", item("00025", was="Was there"))
    journal.batches.move(number, S.UNKNOWN, reason="no answer came within 90 s")
    send(journal, "run-killed", item("00026"))
    journal.batches.plan([batch("run-killed", item("00027"))])
    journal.batches.cancel_asked(journal.batches.ask_to_cancel("run-odd"))
    journal.batches.ask_to_cancel("")
    journal.texts.save_ended(journal.texts.save_begins("/home/anna/shop.xlsx", "11" * 32, "22" * 32))
    journal.texts.save_begins("/home/anna/shop.xlsx", "22" * 32, "33" * 32)


def simulated_run(journal: Journal) -> None:
    """Have tried it on the simulator before."""
    begin(journal, "run-simulated", 1750000000.0, service=SIMULATED)
    number = accept(journal, "run-simulated", "req-simulated", item("00001"))
    made = arrive(journal, number, "run-simulated", item("00001"), "s-1", "Simulated title")
    journal.end(number, S.COLLECTED, ())
    journal.texts.settle([(made, "written")])
    journal.batches.end_run("run-simulated", "done", 99.0)


ROUND = (
    "UPDATE batch SET changed_at = 1760000000 + id, sent_at = CASE sent_at WHEN 0 THEN 0 ELSE 1760000000 + id END",
    "UPDATE run SET ended_at = started_at + 60 WHERE ended_at IS NOT NULL",
    "UPDATE text SET seen_at = 1760000000 + rowid",
    "UPDATE delivery SET made_at = 1760000000 + id, settled_at = settled_at - settled_at + 1760000100 + id",
    "UPDATE base SET agreed_at = 1760000000 + rowid",
    "UPDATE event SET at = 1760000000 + id",
    "UPDATE ask SET asked_at = 1760000000 + id, done_at = done_at - done_at + 1760000100",
    "UPDATE duplicate SET found_at = 1760000000",
    "UPDATE save SET at = 1760000000 + id",
)
"""Moments that are the same whenever this runs, so that the file can be read and compared."""


def dump(path: Path) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in ROUND:
            connection.execute(statement)
        return "\n".join([*connection.iterdump(), f"PRAGMA user_version={VERSION};", ""])


def main() -> None:
    if VERSION != 1:
        sys.exit(f"this wtsync writes layout {VERSION}; v1.sql was made by one that wrote layout 1")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "golden.sqlite3")
        with Journal(path, SIMULATED, simulated=True) as journal:
            simulated_run(journal)
        with Journal(path, SERVICE) as journal:
            journal.belongs_to(Path("/home/anna/shop.xlsx"))
            first_run(journal)
            second_run(journal)
            third_run(journal)
        sys.stdout.write(dump(path))


if __name__ == "__main__":
    main()
