"""Counts in words, as people say them: `12,345`, `1 text`, `1,200 texts`. Pure; every part may use it."""

from __future__ import annotations


def number(value: float) -> str:
    """Write a number for people: 12,345 or 2.5."""
    value = round(value, 6)  # shares of a request may add up to a hair's breadth less than the whole
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def plural(count: float, word: str) -> str:
    """Give the word in the number that goes with the count."""
    return word if count == 1 else f"{word}s"


def counted(count: float, word: str) -> str:
    """Write a count for people, with its word: `1 text`, `1,200 texts`."""
    return f"{number(count)} {plural(count, word)}"


def between(least: float, most: float, word: str) -> str:
    """Write a range for people, with its word: `2 credits`, `280 to 320 credits`."""
    return counted(most, word) if least == most else f"{number(least)} to {counted(most, word)}"


def was(count: float) -> str:
    """Give the verb that goes with the count."""
    return "was" if count == 1 else "were"


def lasting(seconds: float) -> str:
    """Write a length of time for people, in the biggest unit that says enough: `40 seconds`, `6 minutes`, `3 days`."""
    for unit, word, least in _UNITS:
        if seconds >= least:
            return counted(round(seconds / unit), word)
    return counted(round(seconds), "second")


_UNITS = ((86_400, "day", 129_600), (3_600, "hour", 5_400), (60, "minute", 60))
"""Seconds of each, and from how many on it is told in it: `1 day` could be anything from twelve hours to 36."""
