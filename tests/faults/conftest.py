"""Sets the laboratory's long tests apart, and shows its figures at the end of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.figures import FOLDER

HERE = Path(__file__).parent
QUICK = {"test_found", "test_mutants", "test_mutants_of_workbook"}
"""What runs with every test run; the rest takes minutes, and runs with `make faults`."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what belongs to the laboratory's own run."""
    for item in items:
        if item.path.parent == HERE and item.path.stem not in QUICK:
            item.add_marker("lab")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what the tests left for the end."""
    figures = config._tmp_path_factory.getbasetemp() / FOLDER / "figures.txt"  # type: ignore[attr-defined]
    if figures.exists():
        terminalreporter.section("the fault laboratory")
        terminalreporter.write(figures.read_text(encoding="utf-8"))
