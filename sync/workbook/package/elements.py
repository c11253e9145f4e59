"""Adding to a small part of the package: elements and attributes are put in, and no other byte changes.

expat says where each element stands; what is added goes between the bytes that are there, in the part's own encoding,
and with the namespace prefix of the element around it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from sync.errors import NotAWorkbook
from sync.workbook.package.archive import RESAVE
from sync.workbook.package.markup import ATTRIBUTES, as_utf8, from_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.workbook.package.container import Container

_TAG = re.compile(rb"<([^\s/>]+)" + ATTRIBUTES + rb">")
_BOUND = re.compile(rb"""\sxmlns:([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Element(NamedTuple):
    """Where an element stands in the bytes of its part."""

    space: str
    """Its namespace; empty when it has none."""
    name: str
    """Without prefix."""
    attributes: dict[str, str]
    """Those in a namespace are named by it, a space, and their name."""
    depth: int
    start: int
    body: int
    """Where its start tag ends."""
    close: int
    """Where its end tag starts; the same as `end` when it has none."""
    end: int


class Part:
    """A small part, and what is to be added to it. Look at it first, then add: what was added is not seen."""

    def __init__(self, xml: bytes, encoding: str | None = None) -> None:
        self.xml = xml
        self.elements = _elements(xml)
        self.root = self.elements[0]
        self._encoding = encoding
        self._splices: list[tuple[int, int, bytes]] = []
        self._inside: dict[int, tuple[Element, list[bytes]]] = {}

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return bool(self._splices or self._inside)

    def children(self, parent: Element) -> list[Element]:
        """List the elements right inside one."""
        return [one for one in self.elements if one.depth == parent.depth + 1 and parent.start < one.start < parent.end]

    def child(self, parent: Element, name: str) -> Element | None:
        """Find the first element of that name, and of the parent's namespace, right inside it."""
        for one in self.children(parent):
            if one.name == name and one.space == parent.space:
                return one
        return None

    def spelled(self, parent: Element, name: str, attributes: Mapping[str, str], content: bytes = b"") -> bytes:
        """Spell an element as it would be written inside the parent; its attributes are named as they are spelled."""
        tag = self.prefix(parent) + name.encode()
        said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items()).encode()
        return b"<%s%s>%s</%s>" % (tag, said, content, tag) if content else b"<%s%s/>" % (tag, said)

    def prefix(self, element: Element) -> bytes:
        """Give an element's prefix with its colon; empty when it has none."""
        name = self._tag(element)
        return name[: name.find(b":") + 1]

    def bound(self, space: str) -> str:
        """Give the prefix that the root element binds to a namespace; empty when it does not."""
        for found in _BOUND.finditer(self.xml[self.root.start : self.root.body]):
            if (found[2] or found[3] or b"").decode() == space:
                return found[1].decode()
        return ""

    def append(self, parent: Element, element: bytes) -> None:
        """Put an element in as the last one inside another."""
        self._inside.setdefault(parent.start, (parent, []))[1].append(element)

    def insert(self, at: int, piece: bytes) -> None:
        """Put bytes in before a place."""
        self._splices.append((at, at, piece))

    def set(self, element: Element, name: str, value: str) -> None:
        """Give an attribute without a prefix another value, or add it."""
        tag = self.xml[element.start : element.body]
        if found := re.search(rb"""\s%s\s*=\s*("[^"]*"|'[^']*')""" % name.encode(), tag):
            self._splices.append((element.start + found.start(1) + 1, element.start + found.end(1) - 1, value.encode()))
            return
        at = element.start + len(tag[:-1].removesuffix(b"/").rstrip())
        self.insert(at, f' {name}="{value}"'.encode())

    def pieces(self) -> Iterator[bytes]:
        """Give the part with what was added, in the encoding it has."""
        splices = list(self._splices)
        for parent, added in self._inside.values():
            inside = b"".join(added)
            if parent.close == parent.end:
                slash = self.xml.rindex(b"/", 0, parent.end)
                splices.append((slash, parent.end, b">" + inside + b"</" + self._tag(parent) + b">"))
            else:
                splices.append((parent.close, parent.close, inside))
        pieces: list[bytes] = []
        copied = 0
        for start, end, piece in sorted(splices, key=lambda one: one[:2]):
            pieces += self.xml[copied:start], piece
            copied = end
        yield from from_utf8([*pieces, self.xml[copied:]], self._encoding)

    def _tag(self, element: Element) -> bytes:
        found = _TAG.match(self.xml, element.start)
        return found[1] if found else b""


class Parts:
    """The small parts of a workbook that are being added to."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._known: dict[str, Part] = {}

    def part(self, name: str) -> Part:
        """Give a part; the same one each time."""
        entry = self._container.entry(name).name
        if entry not in self._known:
            encoding = self._container.encoding(name)
            self._known[entry] = Part(b"".join(as_utf8(self._container.chunks(name), encoding)), encoding)
        return self._known[entry]

    def changed(self) -> dict[str, Part]:
        """Give those that something was added to, by the names of their entries."""
        return {name: part for name, part in self._known.items() if part.changed}


def _elements(xml: bytes) -> list[Element]:
    found: list[Element] = []
    opened: list[int] = []
    parser = expat.ParserCreate("utf-8", " ")

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        tag = _TAG.match(xml, at)
        if tag is None:
            raise _broken()
        space, _, local = name.rpartition(" ")
        opened.append(len(found))
        found.append(Element(space, local, attributes, len(opened) - 1, at, tag.end(), 0, 0))

    def end(_: str) -> None:
        number = opened.pop()
        element = found[number]
        if xml[element.body - 2 : element.body] == b"/>":
            found[number] = element._replace(close=element.body, end=element.body)
        else:
            close = parser.CurrentByteIndex
            found[number] = element._replace(close=close, end=xml.index(b">", close) + 1)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError) as error:
        raise _broken() from error
    return found


def _refuse(*_: object) -> None:
    raise NotAWorkbook("A part inside the workbook declares a document type (DOCTYPE).", RESAVE)


def _broken() -> NotAWorkbook:
    return NotAWorkbook("A part inside the workbook is damaged.", RESAVE)
