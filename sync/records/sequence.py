"""Many records that are not kept: made out of their columns, some hundred at a time, whenever somebody asks for them.

A record and its inputs take 600 bytes, and a catalogue may have a million; the columns are there anyway.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from sync.model import MadeAnew, Record, RecordKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TOGETHER = 256
"""Records that are made in one go."""
NEAR = 8
"""How far from one to the next who goes through them steps at most; who jumps gets one at a time."""
KEPT = 64
"""How many such pieces are kept: of 16,000 records none is made twice."""


class Records(MadeAnew[Record]):
    """The records of a workbook, in its order: those of rows, made when they are asked for, and others after them."""

    __slots__ = ("_kept", "_latest", "_make", "_others", "_positions")

    def __init__(
        self, positions: Sequence[int], make: Callable[[Sequence[int]], list[Record]], others: Sequence[Record] = ()
    ) -> None:
        self._positions, self._make, self._others = positions, make, others
        self._kept: OrderedDict[int, list[Record]] = OrderedDict()
        self._latest: tuple[int, Record | None] = (-1, None)

    def __len__(self) -> int:
        return len(self._positions) + len(self._others)

    def __iter__(self) -> Iterator[Record]:
        for start in range(0, len(self._positions), TOGETHER):
            yield from self._piece(start)
        yield from self._others

    def _one(self, number: int) -> Record:
        if number >= len(self._positions):
            return self._others[number - len(self._positions)]
        last, latest = self._latest
        if last == number and latest is not None:
            return latest
        inside = number % TOGETHER
        start = number - inside
        if 0 <= number - last <= NEAR or start in self._kept:
            found = self._piece(start)[inside]
        else:
            found = self._make(self._positions[number : number + 1])[0]
        self._latest = number, found
        return found

    def __repr__(self) -> str:
        return f"<{len(self):,} records>"

    def only(self, keep: Callable[[Record], bool]) -> Records:
        """Give those of which `keep` says so; it is asked once of each."""
        rows = zip(self._positions, self, strict=False)  # the others are left over
        positions = [at for at, record in rows if keep(record)]
        return Records(positions, self._make, tuple(filter(keep, self._others)))

    def _piece(self, start: int) -> list[Record]:
        found = self._kept.get(start)
        if found is not None:
            self._kept.move_to_end(start)
            return found
        found = self._kept[start] = self._make(self._positions[start : start + TOGETHER])
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found


def only(records: Sequence[Record], keep: Callable[[Record], bool]) -> Sequence[Record]:
    """Give the records of which `keep` says so, in their order."""
    return records.only(keep) if isinstance(records, Records) else tuple(filter(keep, records))


class ByKey(Mapping[RecordKey, Record]):
    """Records by their address, without keeping them."""

    __slots__ = ("_places", "_records")

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._places = {record.key: at for at, record in enumerate(records)}

    def __getitem__(self, key: RecordKey) -> Record:
        return self._records[self._places[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[RecordKey]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Names(Mapping[RecordKey, str]):
    """What each record of a workbook is called. The pages ask; who reads a plan on the terminal does not."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    @cached_property
    def _names(self) -> dict[RecordKey, str]:
        return {record.key: record.inputs.name for record in self._records}

    def __getitem__(self, key: RecordKey) -> str:
        return self._names[key]

    def __iter__(self) -> Iterator[RecordKey]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._records)
