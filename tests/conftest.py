"""What holds for all tests: Hypothesis looks at what is true, and not at how long it takes on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("wtsync", deadline=None)
settings.load_profile("wtsync")
