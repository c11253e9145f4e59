"""Looks that ask only for what changed, again and again: what they believe is what a full look finds.

Of a remembered record nobody sees that it is remembered wrongly until its turn comes to be read besides; so this shop
has more records than are read in one turn, and its service more time than what is asked twice.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from sync.simulator import Simulator, running
from tests.cli.shop import TEXTS, Shop
from tests.machine.people import Editor
from tests.machine.rules import Ticking
from tests.run.world import quick_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECORDS, EDITS = 45, 6
IDS = [f"{number:05}" for number in range(1, RECORDS + 1)]
LONGER = 2000.0
"""Seconds: longer than what a look asks for a second time."""
PARTS = ("changes", "notes", "counts")


class Season:
    """A shop with all its texts made, an editor on the service, and time that passes between the looks."""

    def __init__(self, shop: Shop, editor: Editor, clock: Ticking, seed: int) -> None:
        self.shop, self.editor, self.clock = shop, editor, clock
        self.dice = random.Random(seed)
        self.words = 0

    def edit(self) -> None:
        """Let somebody type over a few texts on the service."""
        texts = self.editor.texts(IDS)
        for key in self.dice.sample(sorted(texts), self.dice.randint(0, EDITS)):
            self.words += 1
            self.editor.change(key, texts[key][0], f"Changed there {self.words}")

    def make(self) -> None:
        """Let somebody have a text made there, and wait for it."""
        self.editor.generate((self.dice.choice(IDS), self.dice.choice(sorted(TEXTS.values()))))
        while self.editor.busy():
            self.clock.time += 1

    def run(self) -> None:
        self.shop.here("run", "shop.xlsx", "--yes", "--overwrite")

    def run_full(self) -> None:
        self.shop.here("run", "shop.xlsx", "--yes", "--overwrite", "--full")

    def look(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Plan by what changed, and with a copy of the journal by everything there is."""
        self.clock.hold()
        copy = self.shop.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.shop.folder / "state", copy)
        short = json.loads(self.shop.here("plan", "shop.xlsx", "--json").stdout)
        whole = self.shop.here("plan", "shop.xlsx", "--json", "--full", WTSYNC_STATE_DIR=str(copy)).stdout
        return short, json.loads(whole)


@contextmanager
def season(seed: int) -> Iterator[Season]:
    with quick_folder() as folder:
        clock = Ticking()
        simulator = Simulator(seed=seed, capacity=50, seconds_per_record=0.1, clock=clock, pace=0.01)
        with running(simulator) as url:
            editor = Editor(url)
            try:
                begun = Season(Shop(folder, url, RECORDS), editor, clock, seed)
                begun.run()
                yield begun
            finally:
                editor.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_looks_edits_and_runs_a_look_by_what_changed_believes_what_a_full_look_finds(seed: int) -> None:
    with season(seed) as shop:
        by_changes = 0
        for _ in range(7):
            acts: list[Callable[[], None]] = [shop.edit, shop.edit, shop.make, shop.run, shop.run_full]
            for act in shop.dice.sample(acts, 2):
                act()
            shop.clock.time += shop.dice.choice([0.0, 30.0, LONGER])
            short, whole = shop.look()
            assert whole["look"] == "full"
            assert [short[part] for part in PARTS] == [whole[part] for part in PARTS]
            by_changes += short["look"] == "changes"
        assert by_changes >= 4, "most looks ask only for what changed"


def test_a_look_that_forgets_what_was_told_before_it_is_found_out() -> None:
    with season(3) as shop:
        shop.look()
        shop.clock.time += LONGER
        texts = shop.editor.texts(IDS)
        for record in IDS[20:]:  # it is not yet their turn to be read besides
            shop.editor.change((record, "excerpt"), texts[record, "excerpt"][0], f"Changed there {record}")
        shop.clock.time += LONGER
        with closing(sqlite3.connect(shop.shop.folder / "state" / "journals" / "w-cli.sqlite3")) as journal, journal:
            journal.execute("UPDATE look SET at = ?", (shop.clock.time - 9,))  # as if it had looked after the changes
        short, whole = shop.look()
        assert short["look"] == "changes"
        assert whole["counts"] == {"pull": RECORDS - 20, "unchanged": 2 * RECORDS - (RECORDS - 20)}
        assert short["counts"] != whole["counts"]
