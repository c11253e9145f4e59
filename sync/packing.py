"""Many changes in little space: a plan for a million rows has five million of them.

Few fields differ from one change to the next: the id, the text type, the row and the digest of the inputs. Piece by
piece, what is the same in all of a piece is held once, and the changes are made again whenever somebody looks at them.
"""

from __future__ import annotations

from array import array
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any, TypeVar

from sync.model import Change, MadeAnew, RecordKey, TextKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MANY = 1_000_000
"""Changes that are held as they are, in 300 MB; more of them are packed, which takes longer to look at."""
_PIECE = 512
_DIGEST = 32
"""Bytes of a digest; as it is spelled, twice as many characters."""

_T = TypeVar("_T")
_Column = Any
"""The values of one field in a piece: packed numbers or digests, a tuple, or a `_Same`."""


class _Same:
    """A value that a whole piece shares."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def gathered(changes: Iterable[Change], most: int = MANY) -> Sequence[Change]:
    """Hold changes, in their order, to be looked at as often as one likes; more than `most` of them are packed."""
    if isinstance(changes, tuple | Packed):
        return changes
    coming = iter(changes)
    first = tuple(islice(coming, most + 1))
    return first if len(first) <= most else Packed(chain(first, coming))


class Packed(MadeAnew[Change]):
    """Changes that are made when they are asked for, equal to those that were put in."""

    __slots__ = ("_pieces", "_total")

    def __init__(self, changes: Iterable[Change]) -> None:
        self._pieces: list[tuple[_Column, ...]] = []
        self._total = 0
        coming = iter(changes)
        while piece := list(islice(coming, _PIECE)):
            self._pieces.append(_packed(piece))
            self._total += len(piece)

    def __len__(self) -> int:
        return self._total

    def __iter__(self) -> Iterator[Change]:
        for start, columns in zip(range(0, self._total, _PIECE), self._pieces, strict=True):
            count = min(_PIECE, self._total - start)
            yield from _made([_unpacked(column, count) for column in columns])

    def _one(self, number: int) -> Change:
        piece, inside = divmod(number, _PIECE)
        return next(_made([(_value(column, inside),) for column in self._pieces[piece]]))

    def __repr__(self) -> str:
        return f"<{self._total:,} changes>"


_DIGEST_AT = Change._fields.index("input_digest")


def _packed(piece: Sequence[Change]) -> tuple[_Column, ...]:
    columns = list(zip(*piece, strict=True))
    records, text_types = zip(*columns[0], strict=True)
    digests = columns.pop(_DIGEST_AT)
    return (
        *map(_column, zip(*records, strict=True)),
        _column(text_types),
        array("l", columns[1]),
        _digests(digests),
        *map(_column, columns[2:]),
    )


def _column(values: tuple[object, ...]) -> _Column:
    first = values[0]
    # The same object, or texts that are equal: numbers and enums that are equal need not be alike.
    if all(one is first or (type(one) is type(first) is str and one == first) for one in values):
        return _Same(first)
    return values


def _digests(values: tuple[str, ...]) -> _Column:
    if not any(values):
        return _Same("")
    try:
        told = b"".join(map(bytes.fromhex, values))
    except ValueError:
        return values
    if len(told) != _DIGEST * len(values) or any(one != one.lower() or len(one) != 2 * _DIGEST for one in values):
        return values
    return told


def _made(columns: Sequence[Iterable[Any]]) -> Iterator[Change]:
    """Make changes of columns, which stand as `_packed` puts them."""
    store, kind, ids, language, text_type, row, digest, *others = columns
    before, after = others[: _DIGEST_AT - 2], others[_DIGEST_AT - 2 :]
    keys = _tuples(TextKey, _tuples(RecordKey, store, kind, ids, language), text_type)
    return _tuples(Change, keys, row, *before, digest, *after)


def _tuples(kind: type[_T], *columns: Iterable[Any]) -> Iterator[_T]:
    """Make what `kind`, a named tuple, would make of each row of the columns, in a quarter of the time."""
    rows = zip(*columns, strict=True)
    return map(tuple.__new__, repeat(kind), rows)  # type: ignore[arg-type]  # it makes the kind that it is given


def _value(column: _Column, at: int) -> Any:
    if isinstance(column, _Same):
        return column.value
    if isinstance(column, bytes):
        return column[at * _DIGEST : (at + 1) * _DIGEST].hex()
    return column[at]


def _unpacked(column: _Column, count: int) -> Iterable[Any]:
    if isinstance(column, _Same):
        return repeat(column.value, count)
    if isinstance(column, bytes):
        whole, size = column.hex(), 2 * _DIGEST
        return [whole[at : at + size] for at in range(0, len(whole), size)]
    values: Iterable[Any] = column
    return values
