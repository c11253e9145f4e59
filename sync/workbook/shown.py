"""Cells that a reader of bare values gets wrong, as they are shown: formatted numbers, dates, truth, errors.

It is told of such cells by `sync.workbook.scan`, which finds them, and holds them by column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.tables import NO_VALUE
from sync.workbook.formats import DIGITS, GENERAL, decimal, general, is_date, is_plain, shown, simple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.workbook.formats import Simple

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})?(?:T?(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?Z?")
_POWER = re.compile(r"[0-9]E[+-]?[0-9]")
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")
_MIDNIGHT = frozenset({"00:00", "00:00:00"})
_KEPT = 50_000
"""Different values of a style whose text is remembered."""


class Kind(StrEnum):
    """What is to be known of a cell, beside its text."""

    NUMBER = "number"
    DATE = "date"
    LONG = "long number"
    """A number of more digits than Excel keeps."""
    POWER = "power"
    """A number shown with an exponent."""
    UNKNOWN = "format"
    """A number whose format cannot be followed here; it stands as it would in General."""
    ERROR = "error"
    NO_VALUE = "no value"


@dataclass(slots=True)
class Column:
    """The cells of one column that are not as a bare reader reads them; rows and texts run side by side."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    odd: dict[int, tuple[Kind, str]] = field(default_factory=dict)
    """By row, what is no common number. With an exponent: the number written out. Unknown: the format."""

    def texts_of_ids(self) -> list[str]:
        """Give the texts as ids: written out, and without decimals that only the format adds (123.00)."""
        plain = [_whole(text) if "." in text else text for text in self.texts]
        for at, row in enumerate(self.rows) if self.odd else ():
            kind, detail = self.odd.get(row, _COMMON)
            if kind is Kind.POWER:
                plain[at] = detail
        return plain


class Shown:
    """Collects cells; knows the formats of the workbook's cell styles."""

    def __init__(self, codes: Sequence[str], *, from_1904: bool) -> None:
        self.columns: dict[int, Column] = {}
        self.telling = frozenset(style for style, code in enumerate(codes) if not is_plain(code))
        """The styles that make a number look other than it is."""
        self.formulas = False
        """Whether a formula was seen."""
        self._codes = codes
        self._from_1904 = from_1904
        self._quick = {style: quick for style in self.telling if (quick := simple(codes[style]))}
        self._known: dict[int, dict[bytes, tuple[str, Kind, str]]] = {}

    def number(self, row: int, column: int, style: int, value: bytes) -> None:
        """Note a number."""
        held = self.columns.get(column)
        if held is None:
            held = self.columns[column] = Column()
        held.rows.append(row)
        quick = self._quick.get(style)
        if quick is not None and len(value) <= DIGITS and value.isdigit():
            held.texts.append(quick.write(value.decode()))
            return
        known = self._known.setdefault(style, {})
        found = known.get(value)
        if found is None:
            found = self._number(self._code(style), value.decode("utf-8", "replace").strip(), quick)
            if len(known) < _KEPT:
                known[value] = found
        text, kind, detail = found
        held.texts.append(text)
        if kind is not Kind.NUMBER:
            held.odd[row] = (kind, detail)

    def truth(self, row: int, column: int, value: bytes) -> None:
        """Note a cell that is true or false."""
        self._add(row, column, "TRUE" if value.strip() in {b"1", b"true"} else "FALSE")

    def iso_date(self, row: int, column: int, value: bytes) -> None:
        """Note a date that is stored as text, as strict workbooks do."""
        text = value.decode("utf-8", "replace").strip()
        if found := _ISO.fullmatch(text):
            day, time = found.groups()
            text = " ".join(part for part in (day, time) if part and not (day and part in _MIDNIGHT))
        self._add(row, column, text, Kind.DATE)

    def error(self, row: int, column: int, value: bytes) -> None:
        """Note a formula that has failed."""
        self._add(row, column, value.decode("utf-8", "replace").strip() or "#VALUE!", Kind.ERROR)

    def no_value(self, row: int, column: int) -> None:
        """Note a formula that was never calculated."""
        self._add(row, column, NO_VALUE, Kind.NO_VALUE)

    def extra_rows(self) -> set[int]:
        """Give the rows of cells that a bare reader does not see at all."""
        lost = {Kind.ERROR, Kind.NO_VALUE}
        return {row for column in self.columns.values() for row, (kind, _) in column.odd.items() if kind in lost}

    def _code(self, style: int) -> str:
        return self._codes[style] if style < len(self._codes) else GENERAL

    def _number(self, code: str, value: str, quick: Simple | None) -> tuple[str, Kind, str]:
        """Give a number's text, and kind and detail."""
        try:
            number = decimal(value)
        except (ArithmeticError, ValueError):
            return value, Kind.NUMBER, ""
        text = quick.write(value) if quick else shown(code, value, from_1904=self._from_1904)
        if text is None:
            return general(number), Kind.UNKNOWN, code
        if is_date(code):
            return text, Kind.DATE, ""
        if number.adjusted() >= DIGITS:
            return text, Kind.LONG, ""
        written_out = general(number)
        return text, Kind.POWER if _POWER.search(text) and text != written_out else Kind.NUMBER, written_out

    def _add(self, row: int, column: int, text: str, kind: Kind = Kind.NUMBER) -> None:
        held = self.columns.get(column)
        if held is None:
            held = self.columns[column] = Column()
        held.rows.append(row)
        held.texts.append(text)
        if kind is not Kind.NUMBER:
            held.odd[row] = (kind, "")


def _whole(text: str) -> str:
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text


_COMMON = (Kind.NUMBER, "")
