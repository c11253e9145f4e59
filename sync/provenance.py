"""What the `_sync` sheet says of each text: who made the agreed value, when, in which run. Pure.

One row a service and record, one column a text type. A cell holds six words: origin, time (UTC), run, text id, the
first part of the input digest, and a proof. The text itself is not there; the proof is a hash of the other words, of
the address and of the text, so that a cell that was edited, moved or made up proves nothing. What proves nothing is
taken for a text whose words are not known: equal to no other, so that nobody's words give way to it.
"""

from __future__ import annotations

import calendar
import re
import time
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from sync.model import Origin, RecordKey, normal
from sync.tables import Notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.model import Base, TextKey

HEADINGS = ("service", "simulated", "store", "type", "record id", "language")
"""What stands above the address of a record; the text types stand beside it."""
_SHORT, _PROOF = 12, 20
"""Characters of an input digest, and of a proof: enough that two do not agree by chance."""
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
_LINE = re.compile(r"(\w+) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\S+) (\S+) (\S+) ([0-9a-f]{20})")
_NOTHING = "-"
_NAMES = {origin.value: origin for origin in Origin}


class Entry(NamedTuple):
    """What one cell says."""

    origin: Origin
    stamp: str
    """The time in UTC, in a spelling that sorts."""
    run_id: str
    text_id: str
    input_digest: str
    """Only its beginning."""
    proof: str


@lru_cache(maxsize=4096)
def stamp(at: float) -> str:
    """Give seconds since 1970 as UTC, in a spelling that sorts."""
    return time.strftime(_STAMP, time.gmtime(at))


def known(base: Base) -> str:
    """Give the words that tell one agreement from another."""
    return f"{_begin(base.origin, base.at, base.run_id)} {_word(base.text_id)}"


@lru_cache(maxsize=4096)
def _begin(origin: Origin, at: float, run_id: str) -> str:
    """Give the words that a run's texts have in common."""
    return f"{origin.value} {stamp(at)} {_word(run_id)}"


_PLAIN = re.compile(r"[A-Za-z0-9_.~/-]+")
"""What `quote` leaves as it is, told sooner."""


def _word(text: str) -> str:
    plain = (text.isascii() and text.isalnum()) or _PLAIN.fullmatch(text)
    return text if plain else quote(text) or _NOTHING


def line(service: str, key: TextKey, base: Base) -> str:
    """Say what is agreed on one text, as a cell of the sheet holds it."""
    told = f"{known(base)} {base.input_digest[:_SHORT] or _NOTHING}"
    return f"{told} {_proof(service, key, told, base.value)}"


def _proof(service: str, key: TextKey, told: str, value: str) -> str:
    words = "\0".join((service, *key.record, key.text_type, told, normal(value)))
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_PROOF]


def entry(text: str) -> Entry | None:
    """Read a cell; None where it is none of ours."""
    found = _LINE.fullmatch(text.strip())
    if found is None or found[1] not in _NAMES or moment(found[2]) is None:
        return None
    origin, stamp_, run_id, text_id, digest, proof = found.groups()
    return Entry(_NAMES[origin], stamp_, _unquoted(run_id), _unquoted(text_id), _unquoted(digest), proof)


def _unquoted(word: str) -> str:
    if word == _NOTHING:
        return ""
    return unquote(word) if "%" in word else word


@lru_cache(maxsize=4096)
def moment(stamp: str) -> float | None:
    """Give the seconds since 1970 that a cell names; None where there is no such moment."""
    try:
        return float(calendar.timegm(time.strptime(stamp, _STAMP)))
    except ValueError:
        return None


def proves(service: str, key: TextKey, text: str, value: str) -> bool:
    """Tell whether a cell was made out for this text under this address, and has not been touched since."""
    told, _, proof = text.strip().rpartition(" ")
    return _proof(service, key, told, value) == proof


@dataclass(frozen=True, slots=True)
class Provenance:
    """The sheet, made out: where each record and each text type stands. Rows and columns are counted from 1."""

    notes: Notes
    """What stands there, without white space around it."""
    header: int = 0
    """The row of the headings; 0: there are none yet."""
    columns: Mapping[str, int] = field(default_factory=dict)
    """Where each heading stands."""
    at: Mapping[str, Mapping[RecordKey, int]] = field(default_factory=dict)
    """The position of each record's row among the rows, by service."""
    simulated: frozenset[str] = frozenset()
    """Services that are simulated."""
    strange: tuple[int, ...] = ()
    """Rows below the headings that cannot be made out."""

    @property
    def texts(self) -> dict[str, Sequence[str]]:
        """Give what stands in the cells below each heading, one a row."""
        return {name: self.notes.columns[column] for name, column in self.columns.items()}

    def text(self, service: str, key: TextKey) -> str:
        """Give what stands in the cell of a text; empty where it has none."""
        at, column = self.at.get(service, {}).get(key.record), self.columns.get(key.text_type)
        return "" if at is None or column is None else self.notes.columns[column][at]

    def place(self, service: str, key: TextKey) -> tuple[int, int] | None:
        """Give row and column of the cell of a text, where anything stands in it."""
        if not self.text(service, key):
            return None
        return self.notes.rows[self.at[service][key.record]], self.columns[key.text_type]


@lru_cache(maxsize=1)
def made_out(notes: Notes) -> Provenance:
    """Find headings and records on the sheet, wherever people have moved them. What cannot be made out is left.

    It is asked by all who deal with one and the same reading of a workbook; the last answer is kept.
    """
    columns = {number: [one.strip() for one in texts] for number, texts in notes.columns.items()}
    for at, row in enumerate(notes.rows):
        named = {texts[at].casefold(): number for number, texts in sorted(columns.items(), reverse=True) if texts[at]}
        if set(HEADINGS) <= set(named):
            return _below(Notes(notes.sheet, notes.rows, columns), row, named)
    return Provenance(notes)


def _below(notes: Notes, header: int, named: Mapping[str, int]) -> Provenance:
    address = [notes.columns[named[name]] for name in HEADINGS]
    found: dict[str, dict[RecordKey, int]] = {}
    simulated: set[str] = set()
    strange = []
    for at, (row, service, is_simulated, *key) in enumerate(zip(notes.rows, *address, strict=True)):
        if service and key[1] and key[2] and key[3] and row != header:
            found.setdefault(service, {}).setdefault(RecordKey(*key), at)
            if service not in simulated and is_simulated.casefold() == "yes":
                simulated.add(service)
        elif row > header and any(texts[at] for texts in notes.columns.values()):
            strange.append(row)
    return Provenance(notes, header, named, found, frozenset(simulated), tuple(strange))
