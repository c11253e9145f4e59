"""Memory that a library has let go of, given back to the system."""

from __future__ import annotations

import ctypes
import sys

_THRESHOLD = -3
"""The C library's number of what is set below."""
_LARGE = 4 << 20
"""Bytes: more than the pieces in which sheets are inflated, less than a column of a million rows."""


def give_back() -> bool:
    """Return what calamine used and freed: Python makes its texts elsewhere, so that it would lie idle.

    Of a million rows that is half a gigabyte. Only the C library of Linux keeps it, and only there it can be told to
    let go; elsewhere this does nothing. Tells whether anything was returned.
    """
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in every C library: musl has none
    return bool(trim is not None and trim(0))


def large_apart() -> bool:
    """Have whatever takes megabytes lie by itself, so that it goes back to the system the moment it is freed.

    The C library of Linux does so at first, and less and less once such pieces have been freed: the columns of a
    million rows, 8 MB each, would then leave holes that nothing fits into. Tells whether anything was set.
    """
    if not sys.platform.startswith("linux"):
        return False
    option = getattr(ctypes.CDLL(None), "mallopt", None)  # not in every C library: musl has none
    return bool(option is not None and option(_THRESHOLD, _LARGE))
