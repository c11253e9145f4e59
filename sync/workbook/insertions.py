"""Proof that a small part of a package differs by what was planned to be put in, and by nothing else.

Both versions are parsed whole, what may be new is taken out of the new one, and the rest must be equal, namespaces,
comments and declared encoding included. Nothing here knows how things were put in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from sync.errors import NotAWorkbook
from sync.workbook.package.address import parse_area
from sync.workbook.package.archive import RESAVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.workbook.package.edits import ByRow

_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
"""The elements of a workbook part, in the only order that Excel reads (ECMA-376 part 1, 18.2.27)."""
_OTHER = "something differs that was not planned"
_TRUE = {"1", "true"}
_FORMATS = {"fonts": 1, "fills": 1, "cellXfs": 3}
"""What may be added to the styles, and how many of it."""


@dataclass(slots=True)
class Node:
    """An element with everything in it."""

    name: str
    """Without namespace."""
    space: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    spaces: tuple[tuple[str, str], ...] = ()
    """The prefixes that it binds to namespaces."""
    inside: list[Node | str | tuple[str, ...]] = field(default_factory=list)
    """Elements and texts; comments, instructions and the declaration as they are told."""

    def nodes(self) -> list[Node]:
        """List the elements right inside."""
        return [one for one in self.inside if isinstance(one, Node)]

    def child(self, name: str) -> Node | None:
        """Find the first element with a name right inside, in the same namespace."""
        return next((one for one in self.nodes() if one.name == name and one.space == self.space), None)


def tree(xml: bytes) -> Node:
    """Parse a small part; NotAWorkbook when it is damaged."""
    top = Node("")
    opened = [top]
    bound: list[tuple[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        node = Node(local, space, attributes, tuple(bound))
        bound.clear()
        opened[-1].inside.append(node)
        opened.append(node)

    def text(data: str) -> None:
        opened[-1].inside.append(data)

    def aside(*what: object) -> None:
        opened[-1].inside.append(tuple(map(str, what)))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: opened.pop()
    parser.CharacterDataHandler = text
    parser.StartNamespaceDeclHandler = lambda prefix, space: bound.append((prefix or "", space or ""))
    parser.XmlDeclHandler = lambda *what: aside("declaration", *what)
    parser.CommentHandler = lambda *what: aside("comment", *what)
    parser.ProcessingInstructionHandler = lambda *what: aside("instruction", *what)
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotAWorkbook("A part of the workbook that was written cannot be parsed.", RESAVE) from error
    return top


def is_recalculated(workbook: bytes) -> bool:
    """Whether a workbook part asks for a full calculation when it is opened."""
    asked = tree(workbook).nodes()[0].child("calcPr")
    return asked is not None and asked.attributes.get("fullCalcOnLoad") in _TRUE


def space(workbook: bytes) -> str:
    """Give the namespace of a workbook part, which its sheets share."""
    return tree(workbook).nodes()[0].space


def formats(styles: bytes) -> int:
    """Count the cell formats that there are."""
    listed = tree(styles).nodes()[0].child("cellXfs")
    return len(listed.nodes()) if listed else 0


def in_workbook(before: bytes, after: bytes, added: Mapping[str, str], *, calculated: bool) -> str:
    """Say what is wrong with a workbook part; nothing when it only lists new sheets, or also asks for a calculation.

    `added` are the names of the new sheets in their order, with the area of their filter if they have one;
    `calculated`: the request may be new.
    """
    old, new = tree(before), tree(after)
    one, other = old.nodes()[0], new.nodes()[0]
    known, sheets = one.child("sheets") or Node(""), other.child("sheets") or Node("")
    numbers = [sheet.attributes.get("sheetId") for sheet in sheets.nodes()]
    if len(set(numbers)) < len(numbers) and added:
        return "two sheets have the same number"
    if [sheet.attributes.get("name") for sheet in _appended(known, sheets)] != list(added):
        return "its list of sheets differs otherwise than planned"
    filters = {str(place): area for place, area in enumerate(added.values(), len(known.nodes())) if area}
    if filters and not _filtered(one, other, filters):
        return "its names differ otherwise than planned"
    if calculated:
        _calculated(one, other)
    return "" if old == new else _OTHER


def _filtered(old: Node, new: Node, filters: Mapping[str, str]) -> bool:
    """Take the names of the filters of new sheets out of the new part; tell whether they are just those."""
    known, names = old.child("definedNames"), new.child("definedNames")
    if names is None or not _in_order(new):
        return False
    added = _appended(known or Node("definedNames", new.space), names)
    if known is None and not names.inside:
        new.inside.remove(names)
    told = {one.attributes.get("localSheetId", ""): "".join(map(str, one.inside)) for one in added}
    return told == filters and all(
        one.name == "definedName"
        and one.attributes.keys() == {"name", "localSheetId", "hidden"}
        and one.attributes["name"] == "_xlnm._FilterDatabase"
        for one in added
    )


def _in_order(workbook: Node) -> bool:
    """Whether the elements of a workbook part stand in the order that Excel reads."""
    order = [_ORDER.index(one.name) for one in workbook.nodes() if one.space == workbook.space and one.name in _ORDER]
    return order == sorted(order)


def _calculated(old: Node, new: Node) -> None:
    """Take the request for a calculation out of the new part, where it is new and in its place."""
    known, asked = old.child("calcPr"), new.child("calcPr")
    if asked is None or asked.attributes.get("fullCalcOnLoad") != "1":
        return
    if known is None:
        if asked == Node("calcPr", new.space, {"fullCalcOnLoad": "1"}) and _in_order(new):
            new.inside.remove(asked)
    else:
        for one in (known, asked):
            one.attributes.pop("fullCalcOnLoad", None)


def in_list(before: bytes, after: bytes, wanted: Sequence[Mapping[str, str]]) -> str:
    """Say what is wrong with a list of relationships or types that should have new entries at its end only.

    `wanted` are the new entries: attributes, and what their values end in.
    """
    old, new = tree(before), tree(after)
    added = _appended(old.nodes()[0], new.nodes()[0])
    right = len(added) == len(wanted) and all(
        one.attributes.get(key, "").endswith(end)
        for one, told in zip(added, wanted, strict=True)
        for key, end in told.items()
    )
    ids = [one.attributes["Id"] for one in (*new.nodes()[0].nodes(), *added) if "Id" in one.attributes]
    return "" if right and old == new and len(set(ids)) == len(ids) else _OTHER


def in_styles(before: bytes, after: bytes, numbers: int = 0) -> str:
    """Say what is wrong with the styles; nothing when formats were only added behind the others, and counted.

    `numbers` is how many number formats were asked for: each needs a format of its own.
    """
    old, new = tree(before), tree(after)
    for name, usual in _FORMATS.items():
        one, other = old.nodes()[0].child(name), new.nodes()[0].child(name)
        count = len(other.nodes()) if other else 0
        added = _appended(one, other)
        if one is None or other is None or not added:
            continue
        told = other.attributes.pop("count", None)
        most = usual + numbers if name == "cellXfs" else usual
        if len(added) > most or (one.attributes.pop("count", None) is None) != (told is None):
            return f"its {name} differ otherwise than planned"
        if told not in {None, str(count)}:
            return f"its {name} are counted wrong"
    return "" if old == new else _OTHER


def in_table(before: bytes, after: bytes, rows: ByRow) -> str:
    """Say what is wrong with a table; nothing when it only grew over the rows that were written right below it."""
    old, new = tree(before), tree(after)
    one, other = old.nodes()[0], new.nodes()[0]
    was, now = parse_area(one.attributes.pop("ref", "")), parse_area(other.attributes.pop("ref", ""))
    if was is None or now is None or now != was._replace(last_row=now.last_row) or now.last_row <= was.last_row:
        return "it reaches elsewhere than planned"
    columns = range(was.first_column, was.last_column + 1)
    for row in range(was.last_row + 1, now.last_row + 2):
        written = any(rows.get(row, {}).get(column) not in {None, ""} for column in columns)
        if written == (row > now.last_row):
            return "it does not reach over the rows that were written below it"
    filters = one.child("autoFilter"), other.child("autoFilter")
    reach, reached = (parse_area(found.attributes.pop("ref", "")) if found else None for found in filters)
    if reach is not None and reach.last_row == was.last_row:
        reach = reach._replace(last_row=now.last_row)
    if reached != reach:
        return "its filter reaches elsewhere than planned"
    return "" if old == new else _OTHER


def _appended(old: Node | None, new: Node | None) -> list[Node]:
    """Take out of an element what stands behind everything that it held before."""
    if old is None or new is None:
        return []
    added = [one for one in new.inside[len(old.inside) :] if isinstance(one, Node)]
    new.inside = [one for number, one in enumerate(new.inside) if number < len(old.inside) or not isinstance(one, Node)]
    return added
