"""What a damaged id was before, going by the ids that are known: a proposal for a person, never done by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sync.records.ids import EXACT, UNSEEN, reduce

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sync.model import Problem

REPAIRABLE = frozenset({"damaged-id", "short-id", "id-characters", "id-spaces", "similar-id"})
"""Kinds of problems whose value is an id that may have been another one."""

_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[Ee]\+([0-9]{1,3})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?(?: .*)?")
_NUMERIC_DATE = re.compile(r"([0-9]{1,4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,4}))?")
_WORDED_DATE = re.compile(r"(?:([0-9]{1,2})[-. /]?)?([A-Za-zäûé]{3,9})\.?[-. /]?([0-9]{1,4})?")
_MONTHS = (
    ("jan",), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr"), ("may", "mai", "mag"), ("jun", "juin"),
    ("jul", "juil"), ("aug", "aoû", "aou"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez", "déc"),
)  # fmt: skip


class KnownIds:
    """Ids that are known to be right, arranged to be asked for the ones that a damaged id can have been."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._all = frozenset(ids)
        self._reduced: dict[str, list[str]] = {}
        self._long: dict[int, list[str]] = {}
        """Long numbers by their count of digits."""
        self._dates: dict[tuple[int, int, int], list[str]] = {}
        """By year, month and day; zero where the id does not say."""
        self._decimals: dict[Decimal, list[str]] = {}
        for text in sorted(self._all):
            self._add(text)

    def fitting(self, damaged: str) -> tuple[str, ...]:
        """Give the known ids that Excel, or a person, can have turned into this one; none for one that is known."""
        if damaged in self._all:
            return ()
        found = dict.fromkeys((*self._spelled(damaged), *self._rounded(damaged), *self._dated(damaged)))
        return tuple(found)

    def _add(self, text: str) -> None:
        self._reduced.setdefault(reduce(_seen(text)), []).append(text)
        if text.isdecimal():
            self._long.setdefault(len(text.lstrip("0")), []).append(text)
        elif (number := _decimal(text)) is not None:
            self._decimals.setdefault(number, []).append(text)
        for day in _days(text):
            self._dates.setdefault(day, []).append(text)

    def _spelled(self, text: str) -> Iterator[str]:
        yield from self._reduced.get(reduce(_seen(text)), ())
        if (number := _decimal(text)) is not None:
            yield from self._decimals.get(number, ())

    def _rounded(self, text: str) -> Iterator[str]:
        if found := _SCIENTIFIC.fullmatch(text):
            first, more, power = found[1], found[2] or "", int(found[3])
            for known in self._long.get(power + 1, ()):
                if _rounds_to(known.lstrip("0"), first + more):
                    yield known
        elif text.isdecimal() and len(text) > EXACT:
            for known in self._long.get(len(text), ()):
                if not text[EXACT:].strip("0") and _rounds_to(known.lstrip("0"), text[:EXACT]):
                    yield known

    def _dated(self, text: str) -> Iterator[str]:
        found = _ISO.fullmatch(text)
        if found is None:
            return
        year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
        yield from self._dates.get((year, month, day), ())
        yield from self._dates.get((0, month, day), ())
        if day == 1:
            yield from self._dates.get((year, month, 0), ())


def proposed(problems: Iterable[Problem], known: Collection[str]) -> tuple[Problem, ...]:
    """Add to each problem of a damaged id the one known id that fits it, if there is exactly one."""
    problems = tuple(problems)
    if not known or not any(problem.kind in REPAIRABLE for problem in problems):
        return problems
    ids = KnownIds(known)
    return tuple(_with_proposal(one, ids) if one.kind in REPAIRABLE else one for one in problems)


def _with_proposal(problem: Problem, ids: KnownIds) -> Problem:
    fitting = ids.fitting(problem.value)
    if len(fitting) != 1:
        return problem
    return replace(problem, remedy=f"Did you mean {fitting[0]}? It is the only id known here that fits: type it, "
                                   "with the cell formatted as text.")  # fmt: skip


def _seen(text: str) -> str:
    return "".join(ch for ch in text if ch not in UNSEEN)


def _rounds_to(digits: str, shown: str) -> bool:
    """Whether a number, rounded or cut to as many digits, begins like this."""
    rest = digits[len(shown) :]
    up = str(int(digits[: len(shown)]) + 1) if rest[:1] >= "5" else ""
    return len(digits) >= len(shown) and shown in {digits[: len(shown)], up}


def _decimal(text: str) -> Decimal | None:
    if "." not in text and "," not in text:
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _days(text: str) -> Iterator[tuple[int, int, int]]:
    """Give the dates that Excel can take an id for; year or day is zero where it would be filled in."""
    if found := _NUMERIC_DATE.fullmatch(text):
        first, second, third = int(found[1]), int(found[2]), found[3]
        if third is None:
            yield from _checked((0, first, second), (0, second, first), (_year(found[1]), second, 0),
                                (_year(found[2]), first, 0))  # fmt: skip
        else:
            yield from _checked((_year(found[1]), second, int(third)), (_year(third), first, second),
                                (_year(third), second, first))  # fmt: skip
    elif found := _WORDED_DATE.fullmatch(text):
        before, word, after = found.groups()
        month = next((at for at, names in enumerate(_MONTHS, 1) if word.casefold().startswith(names)), 0)
        for number in (before, after):
            if number:
                yield from _checked((0, month, int(number)), (_year(number), month, 0))


def _year(digits: str) -> int:
    """Read a year as Excel does: 00 to 29 are of this century."""
    year = int(digits)
    return year + (2000 if year < 30 else 1900) if len(digits) <= 2 else year


def _checked(*days: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
    for year, month, day in dict.fromkeys(days):
        if 1 <= month <= 12 and 0 <= day <= 31 and (year == 0 or 1900 <= year <= 9999) and (year or day):
            yield year, month, day
