"""Sequences whose members are made when they are asked for: equal each time, but not the same."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class MadeAnew(Sequence[T_co]):
    """What such sequences have in common, once they say how many they are and how one of them is made."""

    __slots__ = ()

    @abstractmethod
    def _one(self, number: int) -> T_co:
        """Make one; there is one of this number."""

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T_co]: ...
    def __getitem__(self, at: int | slice) -> T_co | Sequence[T_co]:
        """Give one by its number, or some of them as a tuple. Raises IndexError."""
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        number = at if at >= 0 else at + len(self)
        if not 0 <= number < len(self):
            raise IndexError(at)
        return self._one(number)

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence has the same members in the same order."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # equal to a list, which has none
