"""What a shell waits for: help, and what Tab completes, beside an import of click that both cannot do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.processes import WTSYNC, Cost, measured, median, python

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

RUNS = 9
_COMPLETION = {"_WTSYNC_COMPLETE": "bash_complete", "COMP_WORDS": "wtsync pl", "COMP_CWORD": "1"}
_OPTION = {**_COMPLETION, "COMP_WORDS": "wtsync run --ov", "COMP_CWORD": "2"}
WAYS: dict[str, Callable[[], Cost]] = {
    "`import click`": lambda: python("import click"),
    "`wtsync --help`": lambda: measured((*WTSYNC, "--help")),
    "Tab after `wtsync pl`": lambda: _completed(_COMPLETION),
    "Tab after `wtsync run --ov`": lambda: _completed(_OPTION),
}


def measure(_folder: Path) -> dict[str, Cost]:
    """Start each in turn, nine times; give the medians."""
    samples: dict[str, list[Cost]] = {name: [] for name in WAYS}
    for _ in range(RUNS):
        for name, way in WAYS.items():
            samples[name].append(way())
    return {name: median(costs) for name, costs in samples.items()}


def _completed(env: Mapping[str, str]) -> Cost:
    """Ask for what Tab would show. click looks at the name that it was called by."""
    code = "import sys; sys.argv = ['wtsync']; from sync.cli import main; main()"
    heard: list[str] = []
    cost = measured((*WTSYNC[:2], code), env=env, heard=heard.append)
    assert any(line.startswith("plain,") for line in heard), heard
    return cost


def lines(found: Mapping[str, Cost]) -> list[str]:
    """Write the figures as lines of a page."""
    floor = found["`import click`"]
    rows = [
        f"| {name} | {1000 * cost.seconds:.0f} | {cost.seconds / floor.seconds:.2f} | {1000 * cost.cpu:.0f} |"
        f" {cost.cpu / floor.cpu:.2f} |"
        for name, cost in found.items()
    ]
    head = [
        "## Start",
        "",
        "| what | ms | of `import click` | CPU ms | of `import click` |",
        "|---|---:|---:|---:|---:|",
    ]
    return [*head, *rows, ""]
