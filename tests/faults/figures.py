"""Figures of a whole suite, counted by tests that may run in several processes, and what they prove.

Each test leaves its counts in a folder that all processes of one pytest share; whoever completes the set gets the sum.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

FOLDER = "laboratory"


def shared(factory: pytest.TempPathFactory) -> Path:
    """Give a folder that every process of this pytest shares."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def add(folder: Path, suite: str, part: int, parts: int, counts: Mapping[str, float]) -> Counter[str] | None:
    """Leave the counts of one part; gives the sum when all parts have been left, and None before."""
    mine = folder / f"{suite}-{part:04d}.json"
    draft = mine.with_suffix(".draft")
    draft.write_text(json.dumps(counts), encoding="utf-8")
    draft.replace(mine)
    found = sorted(folder.glob(f"{suite}-*.json"))
    if len(found) < parts:
        return None
    total: Counter[str] = Counter()
    for one in found:
        total.update(json.loads(one.read_text(encoding="utf-8")))
    return total


def say(folder: Path, line: str) -> None:
    """Keep a line for the end of the report."""
    with (folder / "figures.txt").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def bound(trials: int, failures: int = 0) -> str:
    """Say what so many independent trials prove, for the modelled faults (95 % sure)."""
    if failures:
        return f"{failures} of {trials:,} failed"
    return f"0 of {trials:,}: the rate is under about {3 / max(1, trials):.0e} for the modelled faults (3/N, 95 %)"
