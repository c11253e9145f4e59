"""The small XML parts that say which part is what: relationships and the list of sheets."""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from sync.errors import NotAWorkbook
from sync.workbook.package.archive import RESAVE

if TYPE_CHECKING:
    from collections.abc import Callable

_SPACE = " "  # between namespace and name, as expat is asked to write them
_OFFICE = "relationships"


class Relation(NamedTuple):
    """One reference from a part to another part of the package."""

    id: str
    kind: str
    """The last word of its type: worksheet, table, pivotTable."""
    target: str
    """The part, from the root of the package, without a leading slash."""


def rels_of(part: str) -> str:
    """Name the part that lists what a part refers to."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def relations(xml: bytes, folder: str) -> list[Relation]:
    """Read a .rels part; what lies outside the package is left out. `folder` is where its owner lies."""
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("TargetMode", "").casefold() != "external":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = resolve(folder, attributes.get("Target", ""))
            found.append(Relation(attributes.get("Id", ""), kind, target))

    parse(xml, start)
    return found


def sheet_list(xml: bytes) -> list[tuple[str, str, str]]:
    """Read name, relationship id and state of every sheet from the workbook part, in the order of the tabs."""
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            ids = [value for key, value in attributes.items() if _local(key) == "id" and _OFFICE in key]
            found.append((attributes.get("name", ""), ids[0] if ids else "", attributes.get("state", "")))

    parse(xml, start)
    return found


def parse(xml: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `start` with each element's name (namespace, space, name) and its attributes."""
    parser = expat.ParserCreate(namespace_separator=_SPACE)
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotAWorkbook("The workbook is damaged: a list of its parts cannot be read.", RESAVE) from error


def _refuse(*_: object) -> None:
    raise NotAWorkbook("A part inside the workbook declares a document type (DOCTYPE).", RESAVE)


def _local(name: str) -> str:
    return name.rpartition(_SPACE)[2]


def resolve(folder: str, target: str) -> str:
    """Name the part that a part in this folder refers to, from the root of the package."""
    target = unquote(target).replace("\\", "/")
    joined = target if target.startswith("/") else f"{folder}/{target}"
    return normpath("/" + joined).lstrip("/")
