"""Memory that a library has let go of, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> bool:
    """Return what calamine used and freed: Python makes its texts elsewhere, so that it would lie idle.

    Of a million rows that is half a gigabyte. Only the C library of Linux keeps it, and only there it can be told to
    let go; elsewhere this does nothing. Tells whether anything was returned.
    """
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in every C library: musl has none
    return bool(trim is not None and trim(0))
