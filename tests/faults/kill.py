"""One trial of the real command: killed at random moments, the line in between misbehaving, started again until done.

Whatever happened is then compared from outside: the service's ledger, the proxy's books, the journal file, the
workbook, and what the command says of itself.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import urlopen
from xml.etree import ElementTree as ET

from sync.simulator import Simulator, running
from tests.cli.shop import Shop, make_workbook
from tests.faults.kill_nursery import Child, Nursery
from tests.faults.proxy import Proxy
from tests.faults.proxy_script import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.proxy_books import Text

RECORDS = 12
RUN = ["run", "shop.xlsx", "--yes", "--batch-size", "4"]
ENOUGH = 8
"""Starts after the kills, by which a run has to be at its end."""
PATIENCE = 30.0
SOME_LEFT = 3
"""Exit code of a run that went to its end, and of which some texts failed or are declared unknown."""


@dataclass
class Trial:
    """A shop behind a proxy, and what has been seen of it."""

    seed: int
    shop: Shop
    proxy: Proxy
    script: Drawn
    simulator_url: str
    nursery: Nursery
    broken: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    """What happened, for the figures: kills by what was aimed at, starts, the proxy's acts, declared texts."""

    # ------------------------------------------------------------------ doing

    def start(self, *words: str) -> Child:
        self.seen["starts"] += 1
        return self.nursery.start([*words] or RUN, self.shop.env, self.shop.folder)

    def kill_one(self, dice: random.Random) -> None:
        """Start a run and kill it at a moment drawn by time, by the traffic, or by what lies in the folder."""
        before = self.sha()
        child = self.start()
        aim = dice.choice(tuple(AIMS))
        reached = AIMS[aim](self, dice)
        pause = dice.choice((0.0, dice.uniform(0.0, 0.01), dice.uniform(0.0, 0.06)))
        until = time.monotonic() + PATIENCE
        while not reached():
            if child.poll() is not None:
                self.seen["ended before the kill"] += 1
                break
            assert time.monotonic() < until, f"a run that neither ends nor gets to its {aim}"
            time.sleep(0.001)
        time.sleep(pause)
        child.kill()
        if child.wait() == -9:
            self.seen[f"killed at {aim}"] += 1
        self._after(child, before)

    def run_until_done(self) -> None:
        """Start runs until one says that it is at its end; the line gets better after the third."""
        for turn in range(ENOUGH):
            if turn == 2:
                self.script.behave()
            before = self.sha()
            child = self.start()
            code = child.wait()
            self._after(child, before)
            if code == 0 or (code == SOME_LEFT and turn > 2):
                return
            if code not in {SOME_LEFT, 5, 6, 8}:
                self.broken.append(f"a run left with {code}: {child.err[-400:]}")
        self.broken.append(f"not at its end after {ENOUGH} runs")

    # ---------------------------------------------------------------- looking

    def _after(self, child: Child, before: str) -> None:
        """Look at what a process left, however it ended."""
        said = child.out + child.err
        if "Traceback" in said or "should not have happened" in said:
            self.broken.append(f"a fault of ours: {said[-600:]}")
        now = self.sha()
        if now != before and now not in self.saves():
            self.broken.append("the workbook is neither the old one nor one that the journal knew of")
        self._opens()
        self.broken += self.charged_too_often()

    def _opens(self) -> None:
        with zipfile.ZipFile(self.shop.file) as book:
            if book.testzip() is not None:
                self.broken.append("the workbook is torn")
            for name in book.namelist():
                if name.endswith((".xml", ".rels")):
                    ET.fromstring(book.read(name))  # noqa: S314 - our own file
        self.shop.grid()

    def sha(self) -> str:
        return hashlib.sha256(self.shop.file.read_bytes()).hexdigest()

    def journal(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the journal's file, as it lies there, through a connection of our own."""
        file = self.shop.folder / "state" / "journals" / "w-cli.sqlite3"
        if not file.exists() or not file.stat().st_size:
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'save'").fetchall():
                return []
            return connection.execute(query).fetchall()

    def saves(self) -> set[str]:
        return {sha for (sha,) in self.journal("SELECT new_sha256 FROM save")}

    def charged_too_often(self) -> list[str]:
        """List the texts that were charged more often than once, and once more for each doubling by the proxy."""
        charged = Counter((one["recordId"], one["language"], one["field"]) for one in self.shop_ledger())
        extra = self.proxy.books.doubled()
        return [f"{text} was charged {n} times" for text, n in charged.items() if n > 1 + extra.get(text, 0)]

    def shop_ledger(self) -> list[dict[str, Any]]:
        with urlopen(f"{self.simulator_url}/_simulator/ledger", timeout=PATIENCE) as answer:  # noqa: S310 - this machine
            charges: list[dict[str, Any]] = json.load(answer)
        return charges

    def declared(self) -> set[Text]:
        """Give the texts of which `wtsync status --json` says that nobody can say; nothing else counts."""
        child = self.start("status", "shop.xlsx", "--json")
        assert child.wait() == 0, child.err
        workbook = json.loads(child.out)["workbook"]
        if workbook["open"] or workbook["waiting"]:
            self.broken.append(f"something is left at the end: {workbook}")
        numbers = {batch["batch"]: batch["texts"] for batch in workbook["unknown"]}
        rows = self.journal("SELECT batch_id, record_id, language, text_type FROM item WHERE held = 1")
        held = Counter(number for number, *_ in rows)
        if held != numbers:
            self.broken.append(f"status declares {numbers}, the journal holds {dict(held)}")
        return {(record, language, field) for number, record, language, field in rows if number in numbers}

    def at_the_end(self) -> None:
        """Compare everything with everything."""
        self.proxy.settle()
        declared = self.declared()
        self.seen["declared texts"] += len(declared)
        kept = {text_id for (text_id,) in self.journal("SELECT text_id FROM text")}
        extra = self.proxy.books.doubled()
        ledger = self.shop_ledger()
        for one in ledger:
            text = (one["recordId"], one["language"], one["field"])
            if one["textId"] not in kept and text not in declared and text not in extra:
                self.broken.append(f"{text} was paid for and is nowhere")
        cells = self.shop.cells()
        for record, name in self.shop.everything():
            if (record, name) not in cells and (record, "en", name) not in declared:
                self.broken.append(f"the cell of {record} {name} is empty and nobody says why")
        charged = {(one["recordId"], one["field"]) for one in ledger}
        self.broken += [f"{cell} is filled and was never made" for cell in cells if cell not in charged]
        self.broken += [f"sent twice: {one}" for one in self.proxy.books.sent_again()]
        self.broken += self.charged_too_often()
        self.broken += [f"left behind: {one.name}" for one in self.shop.folder.glob(".wtsync-*")]
        self.seen.update(f"proxy: {one.fate.act}" for one in self.proxy.books.exchanges if one.fate.act != "pass")
        self.seen["proxy: door"] += self.proxy.books.refused
        self.seen["orders"] += len(self.proxy.books.orders())


# --------------------------------------------------------------------- where a kill is aimed at


def _moment(_: Trial, dice: random.Random) -> Callable[[], bool]:
    then = time.monotonic() + dice.uniform(0.0, 0.9)
    return lambda: time.monotonic() >= then


def _exchange(trial: Trial, dice: random.Random) -> Callable[[], bool]:
    number = len(trial.proxy.books.exchanges) + dice.randint(1, 50)
    return lambda: len(trial.proxy.books.exchanges) >= number


def _order(trial: Trial, dice: random.Random) -> Callable[[], bool]:
    number = len(trial.proxy.books.orders()) + dice.randint(1, 3)
    return lambda: len(trial.proxy.books.orders()) >= number


def _saving(trial: Trial, _: random.Random) -> Callable[[], bool]:
    return lambda: any(trial.shop.folder.glob(".wtsync-*"))


def _replacement(trial: Trial, _: random.Random) -> Callable[[], bool]:
    """Wait for the journal to announce a save: the new file is ready, and is about to take the old one's place."""
    known = len(trial.saves())
    return lambda: len(trial.saves()) > known


AIMS: dict[str, Callable[[Trial, random.Random], Callable[[], bool]]] = {
    "a moment": _moment,
    "an exchange": _exchange,
    "an order": _order,
    "a save": _saving,
    "a replacement": _replacement,
}


# --------------------------------------------------------------------------------- the trial


@cache
def _workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return make_workbook(Path(folder) / "shop.xlsx", RECORDS).read_bytes()


@contextmanager
def shop_behind_a_proxy(folder: Path, seed: int, nursery: Nursery) -> Iterator[Trial]:
    """Open a shop whose service can only be reached through a proxy; how bad that is depends on the seed."""
    dice = random.Random(f"{seed}/shop")
    simulator = Simulator(
        seed=seed, capacity=dice.choice((1, 4, 12)), seconds_per_record=dice.choice((0.005, 0.01, 0.02))
    )
    script = Drawn(
        seed, orders=dice.choice((0.0, 0.2, 0.5)), reads=dice.choice((0.0, 0.01)), doors=dice.choice((0.0, 0.05))
    )
    (folder / "shop.xlsx").write_bytes(_workbook())
    with running(simulator) as url, Proxy(urlsplit(url).port or 0, script) as proxy:
        yield Trial(seed, Shop(folder, proxy.url, RECORDS), proxy, script, url, nursery)


def trial(seed: int, nursery: Nursery) -> Trial:
    """Kill one to three runs, start again until done, compare. What is wrong stands in `broken`."""
    dice = random.Random(f"{seed}/kills")
    with (
        tempfile.TemporaryDirectory(prefix="wtsync-trial-") as folder,
        shop_behind_a_proxy(Path(folder), seed, nursery) as shop,
    ):
        for _ in range(dice.choice((1, 1, 2, 3))):
            shop.kill_one(dice)
        shop.run_until_done()
        shop.at_the_end()
        return shop


def found_out(breach: str, seeds: range) -> str:
    """Carry out trials with a command that breaks a rule, and give the first complaint; nothing if there is none."""
    with Nursery(breach) as nursery:
        for seed in seeds:
            try:
                one = trial(seed, nursery)
            except zipfile.BadZipFile:
                return "the workbook is torn"
            if one.broken:
                return one.broken[0]
    return ""


def trials(seeds: range) -> Counter[str]:
    """Carry out trials one after the other, and stop at the first that shows a broken promise."""
    seen: Counter[str] = Counter()
    with Nursery() as nursery:
        for seed in seeds:
            one = trial(seed, nursery)
            assert not one.broken, f"seed {seed}: {one.broken}\nreplay: {replay(seed)}"
            seen += one.seen
    return seen


def replay(seed: int) -> str:
    """Give the line that carries out one trial again. The script is the same; moments are the machine's."""
    return f"python -c 'from tests.faults.kill import trials; print(trials(range({seed}, {seed + 1})))'"
