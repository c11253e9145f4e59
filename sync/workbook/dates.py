"""Serial numbers of Excel as dates and times: year first, whatever the region; only the parts that a cell shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

FLAGS = frozenset("ymdhs")
_SECONDS = 86_400
_LAST = 2_958_465
"""The serial number of 31 December 9999."""
_FICTION = 60
"""Excel's 29 February 1900, a day that never was."""


def shown_date(parts: Sequence[str], number: Decimal, *, from_1904: bool = False) -> str | None:
    """Write a serial number; None where Excel shows no date either (negative, or after 9999).

    `parts` are the parts of the format in its order: `yyyy`, `mm`, `d`, `hh`, `ss.00`, `[h]`, `am`.
    """
    if number < 0 or number >= _LAST + 1:
        return None
    names = _named(parts)
    places = max((len(part.strip("[]").partition(".")[2]) for part in parts), default=0)
    units = 10**places
    seconds = round(number * _SECONDS * units)  # Excel rounds what it shows, too
    day, rest = divmod(seconds, _SECONDS * units)
    if elapsed := next((name for name in names if name[0] == "["), None):
        return _elapsed(elapsed, names, seconds, places)
    time = _time(names, rest, places)
    if not set("YMD") & set(names):
        return time
    shown = _day(int(day), names, from_1904=from_1904)
    return f"{shown} {time}" if time and rest else shown  # midnight is how Excel stores a date without a time


def serial(moment: datetime, *, from_1904: bool = False) -> float:
    """Give the number of days by which Excel means a moment, whatever its time zone: a cell has none."""
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone
    days, rest = divmod(round((moment.replace(tzinfo=None) - start).total_seconds()), _SECONDS)
    return days + rest / _SECONDS


def _named(parts: Sequence[str]) -> list[str]:
    """Name the parts: Y, M and D of a date, h, m and s of a time; an m beside hours or seconds is minutes."""
    parts = [part for part in parts if part[0] != "." and part != "am"]
    letters = [part if part[0] == "[" else part[0] for part in parts]
    named: list[str] = []
    for at, letter in enumerate(letters):
        before, after = letters[at - 1] if at else "", letters[at + 1] if at + 1 < len(letters) else ""
        if letter == "m" and len(parts[at]) < 3 and (before[:2] in {"h", "[h"} or after == "s"):
            named.append("m")
        else:
            named.append(letter.upper() if letter in "ymd" else letter)
    return named


def _day(serial: int, names: Sequence[str], *, from_1904: bool) -> str:
    if not from_1904 and serial in {0, _FICTION}:
        return "1900-01-00" if not serial else "1900-02-29"
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 30 if serial > _FICTION else 31)
    try:
        day = start + timedelta(serial)
    except OverflowError:  # the last four years of a workbook that counts from 1904
        return str(serial)
    if "Y" in names and "D" not in names:
        return f"{day:%Y-%m}" if "M" in names else f"{day:%Y}"
    return day.isoformat()


def _time(names: Sequence[str], rest: int, places: int) -> str:
    if not set("hms") & set(names):
        return ""
    seconds, part = divmod(rest, 10**places)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    fraction = f".{part:0{places}d}" if places else ""
    if "h" not in names:
        return f"{minutes:02}:{seconds:02}{fraction}"
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}{fraction}" if "s" in names else "")


def _elapsed(elapsed: str, names: Sequence[str], units: int, places: int) -> str:
    """Write how long something took: [h] counts all hours, [m] all minutes, [s] all seconds."""
    seconds, part = divmod(units, 10**places)
    fraction = f".{part:0{places}d}" if places else ""
    kind = elapsed[1]
    if kind == "s":
        return f"{seconds}{fraction}"
    if kind == "m":
        return f"{seconds // 60}" + (f":{seconds % 60:02}{fraction}" if "s" in names else "")
    text = f"{seconds // 3600}"
    if "m" in names or "M" in names:
        text += f":{seconds // 60 % 60:02}"
    return text + (f":{seconds % 60:02}{fraction}" if "s" in names else "")
