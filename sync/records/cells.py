"""What stands in the text columns of a row, read from the columns: a dictionary of its own would take twice as much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sync.model import TEXT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class RowTexts(Mapping[str, str]):
    """The texts of one row by text type; `columns` has a list for each, and all rows share them."""

    __slots__ = ("_at", "_columns")

    def __init__(self, columns: Mapping[str, Sequence[str]], at: int) -> None:
        self._columns, self._at = columns, at

    def __getitem__(self, text_type: str) -> str:
        return self._columns[text_type][self._at]

    def get(self, text_type: str, default: str = "") -> str:  # type: ignore[override]  # quicker than asking and failing
        """Give a text, or else what is given for it."""
        column = self._columns.get(text_type)
        return default if column is None else column[self._at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return repr(dict(self))


class Texts:
    """What stands in the columns of the texts that go with a row's type, by the position of the row."""

    __slots__ = ("_by_type", "_types")

    def __init__(self, columns: Mapping[str, Sequence[str]], types: Sequence[str]) -> None:
        self._types = types
        self._by_type = {
            record_type: {
                text_type: columns[text_type] for text_type in TEXT_TYPES[record_type] if text_type in columns
            }
            for record_type in TEXT_TYPES.keys() & set(types)
        }

    def __getitem__(self, at: int) -> Mapping[str, str]:
        return RowTexts(self._by_type.get(self._types[at], _NONE), at)

    def __len__(self) -> int:
        return len(self._types)


_NONE: Mapping[str, Sequence[str]] = {}
