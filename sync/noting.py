"""What has to be written into the `_sync` sheet so that it says what the journal knows. Pure.

A season has 200,000 texts: only where each stands is held, and what has to be said of it; not what was agreed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sync.model import UNSEEN, ByColumn, RecordKey
from sync.provenance import HEADINGS, entry, known, line, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sync.model import Base, TextKey
    from sync.provenance import Provenance


def updates(
    provenance: Provenance,
    service: str,
    agreed: Callable[[], Iterable[tuple[TextKey, Base]]],
    *,
    simulated: bool,
) -> ByColumn:
    """Give the cells of the sheet that have to be written so that it says what the journal knows; only those.

    What somebody agreed on later, with another journal, stays. `agreed` gives what the journal knows, twice: of all
    texts of a catalogue, only those that have to be written are held. Of two about one text the later one counts.
    """
    wanted = _wanted(provenance, service, agreed())
    sheet = _Additions(provenance, service, simulated=simulated)
    at = provenance.at.get(service, {})
    # In the order of the addresses: what is written again has its place wherever the journal remembers it.
    for record in sorted(wanted):
        sheet.place(record, sorted(wanted[record]), at.get(record))
    for key, base in agreed() if wanted else ():
        if key.text_type in wanted.get(key.record, ()):
            sheet.say(key, base)
    return sheet.cells()


_NONE = frozenset[str]()


def _wanted(
    provenance: Provenance, service: str, agreed: Iterable[tuple[TextKey, Base]]
) -> dict[RecordKey, frozenset[str]]:
    """Find the texts of which the sheet does not say what it should: their types, by record."""
    at, cells_of = provenance.at.get(service, {}), provenance.texts
    wanted: dict[RecordKey, frozenset[str]] = {}
    same: dict[frozenset[str], frozenset[str]] = {}
    """Most records want the same: it is held once."""
    for (record, text_type), base in agreed:
        position, texts = at.get(record), cells_of.get(text_type)
        there = texts[position] if position is not None and texts is not None else ""
        before = wanted.get(record, _NONE)
        after = before | {text_type} if _is_older(there, base) else before - {text_type}
        if after:
            wanted[record] = same.setdefault(after, after)
        elif before:
            del wanted[record]
    return wanted


def _is_older(there: str, base: Base) -> bool:
    """Tell whether a cell has to say something else, and nothing that was agreed on later."""
    if base.value == UNSEEN or (there and there.startswith(f"{known(base)} ")):
        return False
    said = entry(there) if there else None
    return said is None or said.stamp <= stamp(base.at)


class _Additions:
    """What is written into the sheet; records that it does not have come below all that is there."""

    def __init__(self, provenance: Provenance, service: str, *, simulated: bool) -> None:
        rows = provenance.notes.rows
        self._service = service
        self._address: tuple[str | int, ...] = (service, "yes" if simulated else "no", *range(len(RecordKey._fields)))
        """In the order of the headings: what is the same of all records, and positions in the record's key."""
        self._rows, self._columns = rows, dict(provenance.columns)
        self._header, self._last = provenance.header, max(rows, default=0)
        self._last_column = max(provenance.notes.columns, default=0) if self._header else 0
        self._heads: dict[int, dict[int, str]] = {}
        self._lines: dict[int, dict[int, str]] = {}
        self._at: dict[RecordKey, int] = {}
        self._new: list[RecordKey] = []
        self._first = 0

    def place(self, record: RecordKey, text_types: Iterable[str], position: int | None) -> None:
        """Find the row of a record, at this position among those that are there, or below them; and its columns."""
        if not self._header:
            self._header = self._last = self._last + 1
            for name in HEADINGS:
                self._column(name)
        if position is None:
            self._last += 1
            self._first = self._first or self._last
            self._new.append(record)
        self._at[record] = self._last if position is None else self._rows[position]
        for name in text_types:
            self._column(name)

    def say(self, key: TextKey, base: Base) -> None:
        """Write what is agreed on one text."""
        column = self._lines.setdefault(self._column(key.text_type), {})
        column[self._at[key.record]] = line(self._service, key, base)

    def cells(self) -> ByColumn:
        """Give all that is to be written."""
        cells: dict[int, Mapping[int, str]] = {
            column: {**head, **self._lines.get(column, {})} for column, head in self._heads.items()
        }
        for name, part in zip(HEADINGS, self._address, strict=True) if self._new else ():
            column = self._columns[name]
            cells[column] = _Part(part, self._first, self._new, self._heads.get(column, {}))
        return ByColumn({**self._lines, **cells})

    def _column(self, name: str) -> int:
        if name not in self._columns:
            self._last_column += 1
            self._columns[name] = self._last_column
            self._heads[self._last_column] = {self._header: name}
        return self._columns[name]


class _Part(Mapping[int, str]):
    """A part of the addresses of records that stand in rows one after another, below its heading."""

    def __init__(self, part: str | int, first: int, records: Sequence[RecordKey], head: Mapping[int, str]) -> None:
        self._part, self._first, self._records, self._head = part, first, records, head

    def __getitem__(self, row: int) -> str:
        if row in self._head:
            return self._head[row]
        if not 0 <= row - self._first < len(self._records):
            raise KeyError(row)
        text = self._of(self._records[row - self._first])
        if not text:
            raise KeyError(row)
        return text

    def __iter__(self) -> Iterator[int]:
        yield from self._head
        yield from (row for row, record in enumerate(self._records, self._first) if self._of(record))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _of(self, record: RecordKey) -> str:
        return self._part if isinstance(self._part, str) else record[self._part]
