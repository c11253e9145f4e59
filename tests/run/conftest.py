"""Makes worlds for single tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.run.world import World, quick_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def world() -> Iterator[Callable[..., World]]:
    """Make a world; it is gone after the test."""
    with quick_folder() as folder:

        def make(**settings: Any) -> World:
            return World(folder, **settings)

        yield make
