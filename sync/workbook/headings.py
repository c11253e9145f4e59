"""Where a table's headings stand, and what they say: on any of the first rows, in merged cells, in several rows.

Pure: it looks at texts and places, not at files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.errors import WorkbookError
from sync.model import Cell
from sync.tables import Remark
from sync.workbook.layout import HEADINGS, folded, heading_for, near_miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.workbook.layout import Heading
    from sync.workbook.package.address import Area

Line = tuple[int, list[tuple[int, str]]]
"""A row of the sheet: its number, and column and text of its filled cells."""


class Names:
    """What headings mean, the user's own names for ours included."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self._own = own

    def heading(self, text: str) -> Heading | None:
        """Give the heading of ours that a text stands for."""
        return heading_for(self._own.get(folded(text), text))

    def known(self, text: str) -> bool:
        """Whether it is a heading of ours, or one that the user has spoken of in Settings."""
        return folded(text) in self._own or self.heading(text) is not None

    def is_id(self, text: str) -> bool:
        """Whether it is a heading for record ids."""
        heading = self.heading(text)
        return heading is not None and heading.field == "record_id"

    def is_certain_id(self, text: str) -> bool:
        """Whether it says Record ID, or the user says that it means that."""
        return self.is_id(text) and (folded(text) in self._own or folded(text) == "recordid")

    def fields(self, texts: Iterable[str]) -> int:
        """Count the different headings of ours among some texts."""
        return len({heading.field for text in texts if (heading := self.heading(text)) is not None})


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of the records: column and text of each, and the last row that they fill."""

    row: int
    texts: tuple[tuple[int, str], ...]
    remarks: tuple[Remark, ...] = ()


def find_headings(sheet: str, lines: Sequence[Line], names: Names, merged: Sequence[Area]) -> Headings:
    """Find the row with most headings of ours among those that have one for record ids; the first of several.

    Raises WorkbookError when there is none.
    """
    found = [line for line in lines if any(names.is_id(text) for _, text in line[1])]
    if not found:
        raise _no_ids(sheet, lines)
    row, cells = max(found, key=lambda line: _weight(line, names))
    column = next(column for column, text in cells if names.is_id(text))
    last = max((area.last_row for area in merged if area.holds(row, column)), default=row)
    texts = _texts(dict(lines), row, last, merged)
    if not any(map(names.is_id, texts.values())):  # merged far beyond the headings: no heading of several rows
        last, texts = row, dict(cells)
    remarks = tuple(
        Remark("merged-heading", last, column, texts[area.first_column], str(area))
        for area in merged
        if area.first_row <= last <= area.last_row and area.first_column in texts
        for column in range(area.first_column + 1, area.last_column + 1)
        if column not in texts
    )
    return Headings(last, tuple(sorted(texts.items())), remarks)


def _weight(line: Line, names: Names) -> tuple[int, int]:
    texts = [text for _, text in line[1]]
    return names.fields(texts), -line[0]


def _texts(lines: Mapping[int, list[tuple[int, str]]], row: int, last: int, merged: Sequence[Area]) -> dict[int, str]:
    """Give the lowest text of each column in the rows of the headings; a merged cell's text stands in its first row."""
    texts: dict[int, str] = {}
    for area in merged:
        if area.first_row < row <= area.last_row:
            above = dict(lines.get(area.first_row, []))
            if area.first_column in above:
                texts[area.first_column] = above[area.first_column]
    for number in range(row, last + 1):
        texts.update(lines.get(number, []))
    return texts


def _no_ids(sheet: str, lines: Sequence[Line]) -> WorkbookError:
    spellings = [name for heading in HEADINGS if heading.field == "record_id" for name in (heading.name, *heading.also)]
    for row, cells in lines:
        for column, text in cells:
            if near := near_miss(text, spellings):
                return WorkbookError(
                    f"{sheet} has no column Record ID. Did you mean {near} in {Cell(sheet, row, column)} ({text})?",
                    "Change the heading to Record ID.",
                )
    return WorkbookError(
        f"The sheet {sheet} has no column Record ID.",
        "Give the column with the shop's own ids the heading Record ID, or keep your heading and write it beside "
        "Column names on Settings: Your heading = Record ID.",
    )
