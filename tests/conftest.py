"""What holds for all tests.

Hypothesis looks at what is true, and not at how long it takes on a busy machine. Commands that tests start find their
bytecode, as what is installed does: where the environment keeps none, each of a thousand processes would compile all.
The garbage collector leaves out what collecting the tests has made: it stays to the end, and to look through all of it
again and again takes time and finds nothing.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

settings.register_profile("wtsync", deadline=None)
settings.load_profile("wtsync")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Set the tests, and what they import, apart from what they make."""
    gc.collect()
    gc.freeze()
