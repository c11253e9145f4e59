"""Cells as a person sees them: shared strings looked up, numbers in one spelling, formulas beside their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from sync.errors import NotAWorkbook
from sync.workbook.package.archive import RESAVE
from sync.workbook.package.relations import parse
from sync.workbook.package.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.workbook.package.container import Container
    from sync.workbook.package.parsed import CellSeen, Content


class Shown(NamedTuple):
    """What a cell shows, or an entry of the table of shared strings."""

    value: str = ""
    formula: str | None = None
    rich: str = ""
    """The formats inside the text, where it has any; good for comparing only."""


NOTHING = Shown()


def shown(cell: CellSeen, strings: Sequence[Shown]) -> Shown:
    """Read a cell. Raises NotAWorkbook when it names a shared string that there is not."""
    _, attributes, content = cell
    kind = attributes.get("t", "n")
    if kind == "inlineStr":
        return _text(content)
    value, formula = "", None
    for name, given, text in _elements(content):
        if name == "v":
            value = text
        elif name == "f":
            formula = text or f"(as the others of group {given.get('si', '?')})"
            if given.get("t") in {"array", "dataTable"}:
                formula = f"{formula} ({given['t']} over {given.get('ref', '?')})"
    if kind == "s" and value:
        try:
            return strings[int(value)]._replace(formula=formula)
        except (ValueError, IndexError):
            raise NotAWorkbook("A cell names a shared string that the workbook does not have.", RESAVE) from None
    return Shown(_spelled(kind, value), formula)


def _spelled(kind: str, value: str) -> str:
    if kind == "b":
        return "TRUE" if value.strip() in {"1", "true"} else "FALSE"
    if kind in {"n", ""} and value:
        try:
            return f"{float(value):.15g}"
        except ValueError:
            return value
    return decode(value)


def _elements(content: Content) -> Iterator[tuple[str, dict[str, str], str]]:
    """List the elements right inside a cell, with their text."""
    depth, name, attributes, text = 0, "", {}, ""
    for part in content:
        if isinstance(part, tuple):
            depth += 1
            if depth == 1:
                name, attributes, text = part[0].rpartition(" ")[2], part[1], ""
        elif part is None:
            depth -= 1
            if depth == 0:
                yield name, attributes, text
        else:
            text += part


def _text(content: Content) -> Shown:
    """Put the runs of a text together; what is only there to help reading (phonetic) is left out."""
    stack: list[str] = []
    words, markup = [], []
    for part in content:
        if isinstance(part, tuple):
            stack.append(part[0].rpartition(" ")[2])
            if stack[-1] not in {"t", "is", "si"}:
                markup.append(repr(part))
        elif part is None:
            stack.pop()
        elif stack and stack[-1] == "t" and "rPh" not in stack:
            words.append(part)
            markup.append(str(len(part)))
    formats = any(not one.isdecimal() for one in markup)
    return Shown(decode("".join(words)), None, "".join(markup) if formats else "")


def shared_strings(container: Container) -> list[Shown]:
    """Read the table of shared strings; empty where a workbook has none. Raises NotAWorkbook."""
    table = strings_part(container)
    return list(_strings(container.chunks(table))) if table else []


def strings_part(container: Container) -> str:
    """Name the part that holds the shared strings; empty where there is none."""
    for one in container.relations(container.workbook_part):
        if one.kind == "sharedStrings" and container.has(one.target):
            return container.entry(one.target).name
    return ""


def without_calculation(workbook_part: bytes) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """List the elements of the workbook part, less the wish to have formulas calculated when it is opened."""
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "calcPr":
            attributes.pop("fullCalcOnLoad", None)
            if not attributes:
                return
        found.append((name, tuple(attributes.items())))

    parse(workbook_part, start)
    return found


def _strings(chunks: Iterable[bytes]) -> Iterator[Shown]:
    entries: list[Content] = []
    inside: list[Content] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not inside and name.rpartition(" ")[2] == "si":
            inside.append([])
        if inside:
            inside[0].append((name, attributes))

    def end(name: str) -> None:
        if inside:
            inside[0].append(None)
            if name.rpartition(" ")[2] == "si":
                entries.append(inside.pop())

    def characters(text: str) -> None:
        if inside:
            inside[0].append(text)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keywords
            yield from map(_text, entries)
            entries.clear()
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
        yield from map(_text, entries)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotAWorkbook(f"The texts inside the workbook cannot be parsed: {error}.", RESAVE) from error
