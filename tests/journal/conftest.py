"""A journal in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journals" / "w1.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal(path, "service-1", simulated=True) as opened:
        yield opened
