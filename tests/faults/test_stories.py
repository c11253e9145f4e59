"""Stories drawn from seeds: several faults, crashes, cancellations, edits, top-ups, clocks and other people at once."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.figures import add, bound, say, shared
from tests.faults.promises import BrokenPromise
from tests.faults.schedules import play, read_schedule
from tests.faults.stories import tell, tell_quiet

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS, CHUNKS = 20_000, 80
LONG_SEEDS, LONG_CHUNKS = 500_000, 500
QUIET_SEEDS, QUIET_CHUNKS = 2_400, 8
MOST_ASKED = 0.05
KEPT = Path(__file__).with_name("seeds.txt")

SOMETIMES = {
    "adopted from the list": "an order nobody could say about was found in the list of active requests",
    "seen by its texts": "an order nobody could say about was found by its texts",
    "given up and sent again": "the user had it sent again",
    "taken for lost": "the user let it be",
    "-> gone": "the service no longer knew a request",
    "late text": "a text turned up after nobody could say about it",
    "landed late": "an order landed after the client had given up",
    "401 and sent again": "the token was renewed in the middle of an order",
    "429 after 7 and sent again": "the service asked for patience and got it",
    "-> blocked": "the credits were used up",
    "went on after a top-up": "after a top-up the same command went on",
    "cancelled half-way": "a cancelled request had finished some of its records",
    "found request followed": "somebody else's request was followed",
    "event overtaken": "somebody else ordered our records between plan and order",
    "event duplicate": "a second charge was found and told",
    "empty text": "the service made an empty text",
    "timed out": "a request ran out of time",
    "stopped by the user": "Ctrl-C in the middle",
    "crashed": "the process ended",
}
"""What must be reached at least once by the whole suite, or the suite has stopped testing it."""


def lines() -> list[str]:
    return [one for one in KEPT.read_text(encoding="utf-8").splitlines() if one and not one.startswith("#")]


@pytest.mark.parametrize("line", lines())
def test_what_ever_broke_a_promise_does_so_no_more(line: str) -> None:
    kind, _, what = line.partition(" ")
    if kind == "story":
        tell(int(what))
    else:
        play(read_schedule(what))


def _told(
    chunk: int, chunks: int, seeds: range, folder: Path, suite: str, teller: Callable[[int], Counter[str]]
) -> Counter[str] | None:
    began, seen, broken = time.process_time(), Counter[str](), []
    for seed in seeds:
        try:
            seen.update(teller(seed).keys())
        except BrokenPromise as error:
            broken.append(str(error))
    counts = {**seen, "stories": len(seeds), "broken": len(broken), "seconds": time.process_time() - began}
    total = add(folder, suite, chunk, chunks, counts)
    assert not broken, "\n".join(broken)
    return total


def _reached(total: Counter[str], folder: Path, suite: str) -> None:
    number = int(total["stories"])
    never = [words for name, words in SOMETIMES.items() if not total[name]]
    say(folder, f"{suite}: {bound(number, int(total['broken']))}; {total['seconds']:.0f} s of one core")
    say(folder, "reached: " + ", ".join(f"{name} {int(total[name]):,}" for name in SOMETIMES))
    assert not never, f"never reached: {never}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_g1_g2_stories_drawn_from_seeds_keep_every_promise(
    chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, each = shared(tmp_path_factory), SEEDS // CHUNKS
    total = _told(chunk, CHUNKS, range(chunk * each, chunk * each + each), folder, "stories", tell)
    if total is not None:
        _reached(total, folder, "stories")


@pytest.mark.long
@pytest.mark.parametrize("chunk", range(LONG_CHUNKS))
def test_g1_g2_the_release_gate_of_half_a_million_stories(chunk: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, each, start = shared(tmp_path_factory), LONG_SEEDS // LONG_CHUNKS, 1_000_000
    seeds = range(start + chunk * each, start + chunk * each + each)
    total = _told(chunk, LONG_CHUNKS, seeds, folder, "long", tell)
    if total is not None:
        _reached(total, folder, "long stories")


@pytest.mark.parametrize("chunk", range(QUIET_CHUNKS))
def test_g6_at_one_per_cent_faults_at_most_one_run_in_twenty_asks_anything(
    chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, each = shared(tmp_path_factory), QUIET_SEEDS // QUIET_CHUNKS
    total = _told(chunk, QUIET_CHUNKS, range(chunk * each, chunk * each + each), folder, "quiet", tell_quiet)
    if total is not None:
        share = total["asked"] / total["stories"]
        say(
            folder,
            f"at 1 % faults {share:.1%} of {int(total['stories']):,} runs asked anything"
            f" ({int(total['asked'])}; {int(total['-> unknown'])} runs were unsure of an order for a while)",
        )
        assert share <= MOST_ASKED
        assert total["-> unknown"] > total["asked"], "evidence settles some"
