"""What holds for all tests.

Hypothesis looks at what is true, and not at how long it takes on a busy machine. Commands that tests start find their
bytecode, as what is installed does: where the environment keeps none, each of a thousand processes would compile all.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("wtsync", deadline=None)
settings.load_profile("wtsync")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
