"""Sets the machine apart: its stories are long, and run with `make promises`."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all that the machine plays."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker("soak")
