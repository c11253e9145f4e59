"""A sheet as expat sees it, row by row: what the comparison of two workbooks looks at.

Nothing here knows how the patcher finds its way; it is the second opinion.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from sync.errors import NotAWorkbook
from sync.workbook.package.address import address, column_number
from sync.workbook.package.archive import RESAVE
from sync.workbook.package.expected import ColumnLooks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Content = list[tuple[str, dict[str, str]] | str | None]
"""Start tags with their attributes and the namespaces they declare (`xmlns:x`), texts, and None for an end tag."""

CellSeen = tuple[str, dict[str, str], Content]
"""Its address, its other attributes, and its content."""


class RowSeen(NamedTuple):
    """One row."""

    number: int
    attributes: dict[str, str]
    cells: list[CellSeen]


class Parsed:
    """What a sheet holds besides its rows."""

    def __init__(self) -> None:
        self.formulas = 0
        self.columns = ColumnLooks()
        """Known once the first row is read."""
        self._digest = hashlib.sha256()

    def add(self, *what: object) -> None:
        """Take in markup outside of cells. It stands between zero bytes, which no text and no markup can hold."""
        self._digest.update(f"\0{what!r}\0".encode("utf-8", "surrogatepass"))

    def add_text(self, text: str) -> None:
        """Take in text outside of cells, in its place between the markup; in how many pieces makes no difference."""
        self._digest.update(text.encode("utf-8", "surrogatepass"))

    def surroundings(self) -> str:
        """Sum up everything but rows and cells."""
        return self._digest.hexdigest()


def parsed(chunks: Iterable[bytes], about: Parsed) -> Iterator[RowSeen]:
    """Parse a sheet, row by row; `about` is complete once the rows are read."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartDoctypeDeclHandler = _refuse
    listener = _Listener(parser, about)
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keywords
            yield from listener.rows
            listener.rows.clear()
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
        yield from listener.rows
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotAWorkbook(f"A sheet inside the workbook cannot be parsed: {error}.", RESAVE) from error
    finally:
        listener.let_go()


def _refuse(*_: object) -> None:
    raise NotAWorkbook("A sheet inside the workbook declares a document type (DOCTYPE).", RESAVE)


class _Listener:
    """Gathers cells into rows. Its handlers are called millions of times: few steps each."""

    def __init__(self, parser: expat.XMLParserType, about: Parsed) -> None:
        self.rows: list[RowSeen] = []
        self._parser = parser
        self._about = about
        self._row: dict[str, str] = {}
        self._cells: list[CellSeen] = []
        self._content: Content | None = None
        self._inside = False
        self._number = 0
        self._last = ""
        self._nested = 0
        self._bound: dict[str, str] = {}
        parser.StartElementHandler = self._root
        parser.StartNamespaceDeclHandler = self._binds
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler = self._aside
        parser.ProcessingInstructionHandler = self._aside

    def let_go(self) -> None:
        """Part from the parser: each holds the other, and with it all rows, until the garbage collector comes."""
        parser = self._parser
        parser.StartElementHandler = parser.EndElementHandler = None
        parser.StartNamespaceDeclHandler = parser.CharacterDataHandler = None
        parser.CommentHandler = parser.ProcessingInstructionHandler = None

    def _binds(self, prefix: str | None, space: str | None) -> None:
        """Keep a namespace that the next element declares: `mc:Ignorable` names prefixes, which have to be bound."""
        self._bound[f"xmlns:{prefix or ''}"] = space or ""

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        """Take the namespace from the first element: strict workbooks have another one."""
        self._about.add(name, attributes | self._bound)
        self._bound.clear()
        space = name.rpartition(" ")[0]
        self._names = tuple(f"{space} {local}".lstrip() for local in ("c", "row", "f", "dimension", "sheetData", "col"))
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        cell, row, formula, dimension, data, column = self._names
        content = self._content
        if self._bound:
            attributes |= self._bound
            self._bound.clear()
        if content is not None:
            content.append((name, attributes))
            if name == formula:
                self._about.formulas += 1
            elif name == cell:
                self._nested += 1
        elif name == cell and self._inside:
            self._content = []
            self._last = attributes.pop("r", "") or _next(self._last, self._number)
            self._cells.append((self._last, attributes, self._content))
        elif name == row and self._inside:
            self._cells, self._last, self._row = [], "", attributes
            self._number = int(attributes.pop("r", 0)) or self._number + 1
            attributes.pop("spans", None)
        else:
            if name == dimension:
                attributes.pop("ref", None)
            elif name == column:
                self._about.columns.add(attributes)
            self._inside = self._inside or name == data
            self._about.add(name, attributes)

    def _end(self, name: str) -> None:
        content = self._content
        if content is None:
            if name == self._names[1] and self._inside:
                self.rows.append(RowSeen(self._number, self._row, self._cells))
            else:
                self._about.add(name)
                self._inside = self._inside and name != self._names[4]
        elif name == self._names[0] and not self._nested:
            self._content = None
        else:
            if name == self._names[0]:
                self._nested -= 1
            content.append(None)

    def _characters(self, text: str) -> None:
        content = self._content
        if content is None:
            self._about.add_text(text)
        elif content and type(content[-1]) is str:  # cut where two chunks meet
            content[-1] += text
        else:
            content.append(text)

    def _aside(self, *what: str) -> None:
        if self._content is None:
            self._about.add("aside", *what)
        else:
            self._content.append((" ".join(what), {}))


def _next(last: str, row: int) -> str:
    """Give the place of a cell that does not say where it is: after the last one."""
    return address(row, column_number(last.rstrip("0123456789").encode()) + 1 if last else 1)
