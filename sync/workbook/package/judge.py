"""Whether two sheets differ where they should, and only there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sync.workbook.package import spelling
from sync.workbook.package.address import column_number, letters
from sync.workbook.package.edits import settled
from sync.workbook.package.expected import PLAIN, row_look
from sync.workbook.package.rich import RichText, properties
from sync.workbook.package.surroundings import within
from sync.workbook.package.text import Fitted, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.workbook.package.edits import SheetValue
    from sync.workbook.package.expected import ColumnLooks
    from sync.workbook.package.parsed import CellSeen, Content, RowSeen

_SPACE = {"http://www.w3.org/XML/1998/namespace space": "preserve"}
_STALE = {"t", "cm", "vm", "ph"}
_NO_ROW: Mapping[int, SheetValue] = {}


class Judge:
    """Compares the rows of a sheet before and after, and keeps count."""

    def __init__(
        self,
        planned: Mapping[int, Mapping[int, SheetValue]],
        formats: int | None = None,
        columns: ColumnLooks | None = None,
    ) -> None:
        """Be told with `formats` how many cell formats there are, where cells may only have one of those.

        `columns` are the columns' looks, where a new cell is to have its row's or its column's.
        """
        self._planned = planned
        self._formats = formats
        self._columns = columns
        self._done: set[int] = set()
        self.changed = 0
        self.faults: list[tuple[tuple[int, int], str]] = []

    def rows(self, before: Iterator[RowSeen], after: Iterator[RowSeen]) -> None:
        """Compare in step; both sides ascend."""
        old, new = next(before, None), next(after, None)
        while old is not None or new is not None:
            if new is None or (old is not None and old.number < new.number):
                if old is not None:
                    self._fault(old.number, 0, "this row is gone")
                old = next(before, None)
            elif old is None or new.number < old.number:
                if new.attributes:
                    self._fault(new.number, 0, "a new row has properties")
                self._row(new.number, [], new.cells, None)
                new = next(after, None)
            else:
                if old.attributes != new.attributes:
                    self._fault(old.number, 0, "the row's properties differ")
                if old.cells != new.cells or old.number in self._planned:
                    self._row(old.number, old.cells, new.cells, row_look(new.attributes))
                old, new = next(before, None), next(after, None)
        for row in self._planned.keys() - self._done:
            for column, value in self._planned[row].items():
                if settled(value) is not None:
                    self._fault(row, column, "was not written")

    def _fault(self, row: int, column: int, what: str) -> None:
        self.faults.append(((row, column), what))

    def _row(self, number: int, before: list[CellSeen], after: list[CellSeen], look: str | None) -> None:
        """Compare the cells of a row: those not planned must be the same, in the same order."""
        planned = self._planned.get(number, _NO_ROW)
        if number in self._done:
            self._fault(number, 0, "this row is there twice")
        self._done.add(number)
        wanted = {f"{letters(column)}{number}": column for column in planned}
        old = {cell[0]: cell for cell in before if cell[0] in wanted}
        new = {cell[0]: cell for cell in after if cell[0] in wanted}
        for place, column in wanted.items():
            what = _judged(planned[column], old.get(place), new.get(place))
            what = what or self._looked_at(column, old.get(place), new.get(place), look)
            if what:
                self._fault(number, column, what)
            elif old.get(place) != new.get(place):
                self.changed += 1
            if self._formats is not None and place in new and not within(new[place][1].get("s", "0"), self._formats):
                self._fault(number, column, "has a format that nobody asked for")
        kept = [cell for cell in before if cell[0] not in wanted]
        now = [cell for cell in after if cell[0] not in wanted]
        if len(before) - len(kept) > len(old) or len(after) - len(now) > len(new):
            self._fault(number, 0, "a cell is there twice")
        if kept != now:
            self._others(number, kept, now)
        if not _ordered(after) and _ordered(before):
            self._fault(number, 0, "its cells are out of order")

    def _looked_at(self, column: int, old: CellSeen | None, new: CellSeen | None, look: str | None) -> str:
        """Say what is wrong with the look of a new cell; `look` is the row's own, if it has one."""
        if old is not None or new is None or self._columns is None:
            return ""
        right = self._columns.of(column) if look is None else look
        return "" if new[1].get("s", PLAIN) == right else "does not look as its row or column does"

    def _others(self, number: int, before: list[CellSeen], after: list[CellSeen]) -> None:
        old, new = {cell[0]: cell for cell in before}, {cell[0]: cell for cell in after}
        places = [place for place in old | new if old.get(place) != new.get(place)]
        for place in places:
            self.changed += 1
            self._fault(number, _column(place), "differs, though it was not to be written")
        if not places:
            self._fault(number, 0, "its cells are in another order")


def _ordered(cells: list[CellSeen]) -> bool:
    return all(one < two for one, two in pairwise(_column(cell[0]) for cell in cells))


def _column(place: str) -> int:
    return column_number(place.rstrip("0123456789").encode())


def _judged(value: SheetValue, old: CellSeen | None, new: CellSeen | None) -> str:
    """Say what is wrong with a cell that was to be written; nothing when it is right."""
    expected = settled(value)
    if new is None:
        return "" if expected is None and old is None else "was not written"
    _, attributes, content = new
    kind = attributes.get("t", "n")
    if old is not None:
        kept = {name: text for name, text in old[1].items() if name not in _STALE}
        if kept != {name: text for name, text in attributes.items() if name != "t"}:
            return "its style differs"
    elif attributes.keys() - {"s", "t"}:
        return "it has properties that nobody asked for"
    if expected is None:
        return "" if not content and kind == "n" else "was not emptied"
    names = [part[0].rpartition(" ")[2] for part in content if isinstance(part, tuple)]
    if isinstance(expected, RichText):
        right = kind == "inlineStr" and _named(content) == _marked(expected)
        return "" if right else "does not hold the marked text"
    if isinstance(expected, Fitted):
        right = kind == "inlineStr" and names == ["is", "t"] and _text(content) == expected.text
        return "" if right else "does not hold the text"
    if names != ["v"] or len(content) != 3 or not isinstance(content[1], str):
        return "does not hold the value"
    if isinstance(expected, bool):
        return "" if kind == "b" and content[1] == str(int(expected)) else "does not hold the value"
    return "" if kind == "n" and spelling.number(content[1]) == expected else "does not hold the number"


def _text(content: Content) -> str | None:
    """Read [is, t, text, end, end]; None when it is anything else."""
    if content[-2:] != [None, None] or not isinstance(content[1], tuple) or content[1][1] != _SPACE:
        return None
    text = content[2]
    return decode(text) if len(content) == 5 and isinstance(text, str) else None


def _named(content: Content) -> list[object]:
    """Give a content with the names of its elements less their namespace, and its texts as they are read."""
    return [
        (part[0].rpartition(" ")[2], part[1]) if isinstance(part, tuple) else part and decode(part) for part in content
    ]


def _marked(text: RichText) -> list[object]:
    """Give what the content of a text with marked words has to be."""
    content: list[object] = [("is", {})]
    for run in text.kept():
        content.append(("r", {}))
        if inside := properties(run.mark):
            content.append(("rPr", {}))
            for one in inside:
                content += one, None
            content.append(None)
        content += ("t", _SPACE), run.text, None, None
    return [*content, None]
