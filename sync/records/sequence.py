"""Many records that are not kept: made out of their columns, some hundred at a time, whenever somebody asks for them.

A record and its inputs take 600 bytes, and a catalogue may have a million; the columns are there anyway.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

from sync.model import Record, RecordKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOGETHER = 256
"""Records that are made in one go."""
NEAR = 8
"""How far from one to the next who goes through them steps at most; who jumps gets one at a time."""
KEPT = 64
"""How many such pieces are kept: of 16,000 records none is made twice."""


class Records(Sequence[Record]):
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

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | Sequence[Record]:
        """Give a record by its number, or some of them as a tuple. Raises IndexError."""
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        number = at if at >= 0 else at + len(self)
        if not 0 <= number < len(self):
            raise IndexError(at)
        if number >= len(self._positions):
            return self._others[number - len(self._positions)]
        inside = number % TOGETHER
        start = number - inside
        last, latest = self._latest
        if last == number and latest is not None:
            return latest
        in_turn = 0 <= number - last <= NEAR
        made = self._piece(start)[inside] if in_turn or start in self._kept else self._one(number)
        self._latest = number, made
        return made

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence has the same records in the same order."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # equal to a list, which has none

    def __repr__(self) -> str:
        return f"<{len(self):,} records>"

    def only(self, keep: Callable[[Record], bool]) -> Records:
        """Give those of which `keep` says so; it is asked once of each."""
        rows = zip(self._positions, self, strict=False)  # the others are left over
        positions = [at for at, record in rows if keep(record)]
        return Records(positions, self._make, tuple(filter(keep, self._others)))

    def _one(self, number: int) -> Record:
        return self._make(self._positions[number : number + 1])[0]

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
