"""Cell formats for new sheets, added behind the user's own in the styles part.

Three formats, one for each number format that is asked for, one font and one fill are appended, so that every number in
use keeps its meaning. A workbook whose styles cannot be made out gets sheets without looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.workbook.package.sheets import Looks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.workbook.package.container import Container
    from sync.workbook.package.elements import Element, Part, Parts

MOST_FORMATS = 65_000
"""Excel stops at 65,490."""

_SHADE = "FFE8ECF1"


def add_looks(container: Container, parts: Parts, numbers: Iterable[int] = ()) -> Looks:
    """Add the formats, with those for some built-in `numbers`; without a usable styles part there are none."""
    listed = [one.target for one in container.relations(container.workbook_part) if one.kind == "styles"]
    if not listed or not container.has(listed[0]):
        return Looks()
    part = parts.part(listed[0])
    formats, fonts, fills = (part.child(part.root, name) for name in ("cellXfs", "fonts", "fills"))
    if formats is None or fonts is None:
        return Looks()
    known, faces = _listed(part, formats, "xf"), _listed(part, fonts, "font")
    if not known or not faces or len(known) > MOST_FORMATS:
        return Looks()
    base = {key: known[0].attributes[key] for key in _BASE if key in known[0].attributes}
    base["numFmtId"] = "0"
    heading = base | {"fontId": _bold(part, fonts, faces), "applyFont": "1"}
    if fills is not None and (shades := _listed(part, fills, "fill")):
        heading |= {"fillId": _shade(part, fills, len(shades)), "applyFill": "1"}
    aligned = {"applyAlignment": "1"}
    wrapped = part.spelled(formats, "alignment", {"vertical": "top", "wrapText": "1"})
    plain = part.spelled(formats, "alignment", {"vertical": "top"})
    part.append(formats, part.spelled(formats, "xf", heading | aligned, wrapped))
    part.append(formats, part.spelled(formats, "xf", base | {"quotePrefix": "1"} | aligned, wrapped))
    part.append(formats, part.spelled(formats, "xf", base | aligned, plain))
    wanted = sorted(set(numbers))
    for number in wanted:
        shown = base | {"numFmtId": str(number), "applyNumberFormat": "1"}
        part.append(formats, part.spelled(formats, "xf", shown | aligned, plain))
    _counted(part, formats, len(known) + 3 + len(wanted))
    first, text, value, *others = (str(len(known) + place).encode() for place in range(3 + len(wanted)))
    return Looks(first, text, value, dict(zip(wanted, others, strict=True)))


_BASE = ("numFmtId", "fontId", "fillId", "borderId", "xfId")


def _listed(part: Part, parent: Element, name: str) -> list[Element]:
    """List the children; none when they are not all of that name, or not as many as they are said to be."""
    children = part.children(parent)
    said = parent.attributes.get("count", str(len(children)))
    return children if said == str(len(children)) and all(one.name == name for one in children) else []


def _bold(part: Part, fonts: Element, faces: list[Element]) -> str:
    """Add the workbook's own font in bold."""
    usual = faces[0]
    if part.child(usual, "b"):
        return "0"
    inside = part.xml[usual.body : usual.close]
    part.append(fonts, part.spelled(fonts, "font", {}, part.spelled(fonts, "b", {}) + inside))
    _counted(part, fonts, len(faces) + 1)
    return str(len(faces))


def _shade(part: Part, fills: Element, count: int) -> str:
    colour = part.spelled(fills, "fgColor", {"rgb": _SHADE}) + part.spelled(fills, "bgColor", {"indexed": "64"})
    pattern = part.spelled(fills, "patternFill", {"patternType": "solid"}, colour)
    part.append(fills, part.spelled(fills, "fill", {}, pattern))
    _counted(part, fills, count + 1)
    return str(count)


def _counted(part: Part, parent: Element, count: int) -> None:
    if "count" in parent.attributes:
        part.set(parent, "count", str(count))
