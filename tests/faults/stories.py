"""Stories drawn from a seed: things going wrong, crashes, cancellations, a person at the workbook, time, other people.

A story is a shop, a network, some things that happen one after the other, and then calm, in which everything has to
come to its end. The same seed is the same story as long as the product makes the same calls.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from sync.simulator import read_faults
from sync.simulator.wire import Refusal
from tests.faults.lab import laboratory
from tests.faults.network import TROUBLES, Network
from tests.faults.promises import BrokenPromise
from tests.faults.schedules import finish

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping, Sequence

    from tests.faults.lab import Lab

TWO = ("Action", "Record ID", "Name", "Page title", "Page description")
ONE = TWO[:4]
PLENTY = 10_000
DAY = 86_400.0
MOST_SEAM = 36
"""Crashes are drawn up to here; where a command has fewer seams, it ends well."""


class Story:
    """One story under way."""

    def __init__(self, seed: int, lab: Lab, dice: random.Random) -> None:
        self.seed = seed
        self.lab = lab
        self.dice = dice
        self.options: dict[str, Any] = {
            "first": dice.randint(1, 2), "size": dice.randint(1, 3), "window": dice.randint(1, 3),
        }  # fmt: skip
        self.words = 0

    def tell(self) -> None:
        """Let happen what happens."""
        for _ in range(self.dice.randint(0, 2)):
            self._happening()
        self._run()
        for _ in range(self.dice.randint(0, 2)):
            self._happening()
        asked = self._calm()
        if asked:
            self.lab.seen["asked"] += 1

    def _happening(self) -> None:
        name, *_ = self.dice.choices(list(_HAPPENINGS), weights=[weight for weight, _ in _HAPPENINGS.values()])
        _HAPPENINGS[name][1](self)

    # ------------------------------------------------------------------ commands

    def _crash(self) -> int:
        return self.dice.randint(1, MOST_SEAM) if self.dice.random() < 0.45 else 0

    def _run(self) -> None:
        if self.dice.random() < 0.4:
            self._meanwhile()
        self.lab.act(self._crash(), **self.options)

    def _detach(self) -> None:
        self.lab.act(self._crash(), detach=True, **self.options)

    def _cancel(self) -> None:
        self.lab.act(self._crash(), cancelling=True)

    def _resend(self) -> None:
        numbers = self.lab.unknown()
        if numbers:
            self.lab.act(self._crash(), resend=[self.dice.choice(numbers)], **self.options)

    def _let_be(self) -> None:
        if self.lab.unknown():
            self.lab.take_for_lost()

    # ------------------------------------------------------------------ what happens while a command is at work

    def _meanwhile(self) -> None:
        """Let something happen at a moment to come, in the middle of a command."""
        act = self.dice.choice(
            [self._foreign, self._edit, self._sort, self.lab.ask_to_cancel, self._stop, self._top_up]
        )
        self.lab.clock.at.append((self.lab.clock.time + self.dice.choice([0.3, 2.0, 30.0]), act))

    def _stop(self) -> None:
        self.lab.stopping = True
        self.lab.seen["stopped by the user"] += 1

    # ------------------------------------------------------------------ others, time, money

    def _foreign(self) -> None:
        """Let somebody else order texts for some of our records."""
        ids = [row[1] for row in self.lab.rows]
        chosen = self.dice.sample(ids, self.dice.randint(1, len(ids)))
        fields = self.dice.choice([("page title",), ("page title", "page description"), ("excerpt",)])
        try:
            self.lab.foreign_order(*chosen, fields=fields)
        except Refusal:
            return  # there are no credits left

    def _wait(self) -> None:
        self.lab.wait(self.dice.choice([1.0, 20.0, 400.0, 4000.0, DAY, 3 * DAY]))

    def _skew(self) -> None:
        """S26, S27: our clock is set, or the machine sleeps."""
        self.lab.skew = self.dice.choice([-2 * DAY, -3600.0, -61.0, 0.0, 61.0, 3600.0, 2 * DAY])

    def _top_up(self) -> None:
        self.lab.simulator.set_credits(PLENTY)
        self.lab.seen["topped up"] += 1

    # ------------------------------------------------------------------ a person at the workbook

    def _edit(self) -> None:
        row = self.dice.choice(self.lab.rows)
        heading = self.dice.choice([one for one in self.lab.headings if one.startswith("Page")])
        self.words += 1
        self.lab.write(row[1], heading, f"My own words {self.words}")

    def _empty(self) -> None:
        row = self.dice.choice(self.lab.rows)
        heading = self.dice.choice([one for one in self.lab.headings if one.startswith("Page")])
        self.lab.own.pop((row[1], heading.lower()), None)
        self.lab.put(row[1], heading, "")

    def _sort(self) -> None:
        self.dice.shuffle(self.lab.rows)

    def _wish(self) -> None:
        row = self.dice.choice(self.lab.rows)
        self.lab.wish(row[1], self.dice.choice(["Regenerate", "Regenerate", "Generate", "Pull", "Push", "Publish"]))

    # ------------------------------------------------------------------ the end

    def _calm(self) -> bool:
        lab = self.lab
        lab.network.calm()
        lab.lag = 0.0
        lab.skew = 0.0
        lab.simulator.faults.set(())
        lab.simulator.set_credits(PLENTY)
        blocked = lab.seen["-> blocked"] > 0
        asked = finish(lab, **self.options)
        if blocked and lab.seen["topped up"]:
            lab.seen["went on after a top-up"] += 1
        return asked


_HAPPENINGS: Mapping[str, tuple[int, Callable[[Story], None]]] = {
    "run": (10, Story._run),
    "detach": (2, Story._detach),
    "cancel": (2, Story._cancel),
    "resend": (2, Story._resend),
    "let be": (1, Story._let_be),
    "foreign": (2, Story._foreign),
    "wait": (3, Story._wait),
    "skew": (1, Story._skew),
    "top up": (1, Story._top_up),
    "edit": (2, Story._edit),
    "empty": (1, Story._empty),
    "sort": (1, Story._sort),
    "wish": (2, Story._wish),
}


def tell(seed: int, *, http: bool = False) -> Counter[str]:
    """Tell the story of a seed; gives what was seen. Raises BrokenPromise with the line that tells it again."""
    try:
        return _tell(seed, http=http)
    except Exception as error:
        line = f"python -m tests.faults.replay story {seed}"
        raise BrokenPromise(f"{type(error).__name__}: {error}\n  replay: {line}") from error


def _tell(seed: int, *, http: bool) -> Counter[str]:
    dice = random.Random(seed)
    headings: Sequence[str] = ONE if dice.random() < 0.8 else TWO
    calls = list(TROUBLES)
    kinds = {call: dice.sample(TROUBLES[call], min(len(TROUBLES[call]), 6)) for call in calls}
    network = Network(chance=dice.choice([0.01, 0.05, 0.15, 0.3]), kinds=kinds, dice=dice)
    work = [
        f"{kind}:p={chance}"
        for kind, chance in (("fail", 0.15), ("empty", 0.1), ("timeout", 0.4))
        if dice.random() < 0.25
    ]
    with laboratory(
        records=dice.choice([2, 2, 3, 3, 4]),
        headings=headings,
        network=network,
        lag=dice.choice([0.0, 0.0, 0.0, 10.0, 60.0]),
        http=http,
        seed=seed,
        capacity=dice.randint(1, 3),
        seconds_per_record=dice.choice([0.0, 0.4, 0.4, 3.0, 3.0, 20.0, 400.0]),
        retention=dice.choice([DAY, DAY, 30.0]),
        credits=dice.choice([PLENTY, PLENTY, PLENTY, 2]),
    ) as lab:
        lab.simulator.faults.set(read_faults(";".join(work)))
        Story(seed, lab, dice).tell()
        lab.seen.update(f"struck: {one}" for one in lab.network.struck)
        return lab.seen


def tell_quiet(seed: int) -> Counter[str]:
    """Tell of a day on which hardly anything goes wrong: one command, at one per cent faults on every call."""
    try:
        dice = random.Random(f"quiet {seed}")
        with laboratory(
            records=6, headings=ONE, network=Network(chance=0.01, dice=dice), seed=seed, seconds_per_record=2.0
        ) as lab:
            lab.act(first=2, size=2, window=2)
            lab.network.calm()
            if finish(lab, first=2, size=2):
                lab.seen["asked"] += 1
            return lab.seen
    except Exception as error:
        line = f"python -c 'from tests.faults.stories import tell_quiet; tell_quiet({seed})'"
        raise BrokenPromise(f"{type(error).__name__}: {error}\n  replay: {line}") from error
