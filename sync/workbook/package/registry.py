"""Making a new sheet known to a package: the list of sheets, its relationship, its content type.

Everything is spelled as the package spells it for the sheets it has: folder, names, prefixes, namespaces, slashes.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sync.errors import NotAWorkbook, WorkbookError
from sync.workbook.package.archive import CENTRAL, RESAVE, Entry
from sync.workbook.package.elements import Parts
from sync.workbook.package.relations import rels_of, resolve

if TYPE_CHECKING:
    from sync.workbook.package.container import Container
    from sync.workbook.package.elements import Element, Part
    from sync.workbook.package.sheets import NewSheet

TYPES = "[Content_Types].xml"
WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
FILTER = "_xlnm._FilterDatabase"
BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
"""What comes before the defined names in the workbook part."""
TRUE = {"1", "true"}
_OFFICE = "relationships"  # how the namespace of relationship ids ends, strict or not
_MOST_IDS = 65_534
_INFLATED = 20  # the version of the format that can deflate


class Registry:
    """The lists of a package in which new sheets are entered."""

    def __init__(self, container: Container, parts: Parts) -> None:
        """Raise WorkbookError when the workbook says that no sheet may be added."""
        self._container = container
        self._workbook = parts.part(container.workbook_part)
        self._relations = parts.part(rels_of(container.workbook_part))
        self._types = parts.part(TYPES)
        self._sheets = _needed(self._workbook, "sheets")
        self._listed = self._workbook.children(self._sheets)
        self._sibling = self._relation(container.sheets[0].part)
        self._ids = {one.attributes.get("Id", "") for one in self._relations.children(self._relations.root)}
        self._numbers = {
            int(number) for one in self._listed if (number := one.attributes.get("sheetId", "")).isdecimal()
        }
        types = self._types.children(self._types.root)
        self._overrides = [one for one in types if one.name == "Override"]
        self._taken = {one.attributes.get("PartName", "").lstrip("/").casefold() for one in self._overrides}
        self._taken |= set(container.archive.by_name)
        _allowed(container)

    @property
    def space(self) -> str:
        """The namespace of the workbook's elements, which its sheets share."""
        return self._workbook.root.space

    @property
    def viewed(self) -> bool:
        """Whether the workbook has a window, to which the views of its sheets refer."""
        views = self._workbook.child(self._workbook.root, "bookViews")
        return views is not None and bool(self._workbook.children(views))

    def enter(self, sheets: list[NewSheet]) -> list[Entry]:
        """Enter sheets behind the others; give the archive's entries that their parts are to be. Only once."""
        entries = [self._enter(sheet) for sheet in sheets]
        names = [
            (str(number), sheet.filtered) for number, sheet in enumerate(sheets, len(self._listed)) if sheet.filtered
        ]
        if names:
            self._name(names)
        return entries

    def _name(self, names: list[tuple[str, str]]) -> None:
        """Name the areas of filters, each for the sheet with that place in the list."""
        workbook = self._workbook
        known = workbook.child(workbook.root, "definedNames")
        spelled = [
            workbook.spelled(
                workbook.root,
                "definedName",
                {"name": FILTER, "localSheetId": place, "hidden": "1"},
                escape(area).encode(),
            )
            for place, area in names
        ]
        if known is not None:
            for name in spelled:
                workbook.append(known, name)
            return
        before = [one.end for name in BEFORE_NAMES if (one := workbook.child(workbook.root, name))]
        workbook.insert(max(before), workbook.spelled(workbook.root, "definedNames", {}, b"".join(spelled)))

    def _enter(self, sheet: NewSheet) -> Entry:
        entry, file = self._entry()
        relation = next(name for number in count(len(self._ids) + 1) if (name := f"rId{number}") not in self._ids)
        self._ids.add(relation)
        self._list(sheet, relation)
        known = self._sibling.attributes
        target = re.sub(r"[^/\\]*\Z", lambda _: file, known["Target"], count=1)
        attributes = {"Id": relation, "Type": known["Type"], "Target": target}
        self._relations.append(
            self._relations.root, self._relations.spelled(self._relations.root, "Relationship", attributes)
        )
        override = {"PartName": self._part_name(entry.name, file), "ContentType": WORKSHEET}
        self._types.append(self._types.root, self._types.spelled(self._types.root, "Override", override))
        return entry

    def _list(self, sheet: NewSheet, relation: str) -> None:
        number = max(self._numbers, default=0) + 1
        if number > _MOST_IDS:
            number = next(one for one in count(1) if one not in self._numbers)
        self._numbers.add(number)
        key = next(key for one in self._listed for key in one.attributes if key.endswith(f"{_OFFICE} id"))
        space = key.rpartition(" ")[0]
        prefix = self._workbook.bound(space)
        attributes = {} if prefix else {"xmlns:r": space}
        attributes |= {"name": sheet.name, "sheetId": str(number)}
        if sheet.state != "visible":
            attributes["state"] = sheet.state
        attributes[f"{prefix or 'r'}:id"] = relation
        self._workbook.append(self._sheets, self._workbook.spelled(self._sheets, "sheet", attributes))

    def _entry(self) -> tuple[Entry, str]:
        """Find a free name beside the first sheet: the entry, and its last word."""
        sibling = self._container.entry(self._container.sheets[0].part)
        folder, slash, known = sibling.name.rpartition("/")
        stem, end = re.fullmatch(r"(.*?)[0-9]*(\.[^.]*)?", known, re.DOTALL).groups("")  # type: ignore[union-attr]
        for number in count(1):
            file = f"{stem}{number}{end}"
            name = folder + slash + file
            key = name.lstrip("/").casefold()  # some packages start the names of their entries with a slash
            if key not in self._taken and not self._container.has(rels_of(name)):
                break
        self._taken.add(key)
        start = re.sub(rb"[^/\\]*\Z", b"", sibling.raw_name, count=1)
        flags = CENTRAL.unpack_from(sibling.central)[3]
        raw = start + file.encode("utf-8" if flags & 0x800 else "cp437")
        fields = list(CENTRAL.unpack_from(sibling.central))
        fields[2], fields[10:14] = max(fields[2], _INFLATED), [len(raw), 0, 0, 0]
        return Entry(name, raw, fields[4], 0, 0, 0, -1, 0, CENTRAL.pack(*fields) + raw, 42), file

    def _part_name(self, name: str, file: str) -> str:
        """Spell the part as the package spells the sheet that lies beside it."""
        beside = self._container.entry(self._container.sheets[0].part).name.casefold()
        for one in self._overrides:
            said = one.attributes.get("PartName", "")
            if resolve("", said).casefold() == beside:
                return re.sub(r"[^/\\]*\Z", lambda _: file, said, count=1)
        return f"/{name.lstrip('/')}"

    def _relation(self, part: str) -> Element:
        folder = self._container.workbook_part.rpartition("/")[0]
        for one in self._relations.elements:
            if one.name == "Relationship" and resolve(folder, one.attributes.get("Target", "")) == part:
                return one
        raise NotAWorkbook("The workbook is damaged: the list of its parts cannot be read.", RESAVE)


def _needed(part: Part, name: str) -> Element:
    found = part.child(part.root, name)
    if found is None:
        raise NotAWorkbook(f"The workbook is damaged: its list of {name} is missing.", RESAVE)
    return found


def is_locked(container: Container) -> str:
    """Say why no sheet can be added to the workbook: it is protected or shared; empty when one can."""
    workbook = Parts(container).part(container.workbook_part)
    protection = workbook.child(workbook.root, "workbookProtection")
    if protection is not None and protection.attributes.get("lockStructure") in TRUE:
        return "protected"
    shared = any(one.kind == "revisionHeaders" for one in container.relations(container.workbook_part))
    return "shared" if shared else ""


def _allowed(container: Container) -> None:
    match is_locked(container):
        case "protected":
            hint = "Unprotect it (Review > Protect Workbook), and protect it again afterwards."
            raise WorkbookError("The structure of the workbook is protected: no sheet can be added.", hint)
        case "shared":
            hint = "Stop sharing it (Review > Share Workbook), or use a copy."
            raise WorkbookError("The workbook is shared in the old way: no sheet can be added.", hint)
