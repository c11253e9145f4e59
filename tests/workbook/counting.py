"""What this process has read and written so far, as the system counts it."""

from __future__ import annotations

from pathlib import Path

ACCOUNT = Path("/proc/self/io")


def bytes_read() -> int:
    """Give how many bytes came from files, or from what the system kept of them."""
    return _count("rchar")


def bytes_written() -> int:
    """Give how many bytes went to files, or to what the system keeps of them."""
    return _count("wchar")


def _count(name: str) -> int:
    return int(dict(line.split(": ") for line in ACCOUNT.read_text(encoding="ascii").splitlines())[name])
