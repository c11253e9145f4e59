"""Which number format each cell style has: read from the workbook's styles, nothing else of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.workbook.formats import GENERAL
from sync.workbook.package.relations import parse

if TYPE_CHECKING:
    from sync.workbook.package.container import Container

_TRUE = {"1", "true", "on"}
_DATE, _TIME, _MONEY = "yyyy-mm-dd", "hh:mm:ss", "#,##0"

# The formats that a file names by number only (ECMA-376 part 1, 18.8.30). Those that are different in every region
# are given here in one form; money without its sign, for which one it is depends on the region, too.
_BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: _MONEY, 6: _MONEY, 7: _MONEY + ".00", 8: _MONEY + ".00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: _DATE, 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), _DATE),
    **dict.fromkeys((*range(32, 36), 55, 56), _TIME),
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: _MONEY, 42: _MONEY, 43: _MONEY + ".00", 44: _MONEY + ".00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip


def format_codes(container: Container) -> list[str]:
    """Give the number format of each cell style, by the number that cells name it by."""
    part = next((one.target for one in container.relations(container.workbook_part) if one.kind == "styles"), None)
    if part is None or not container.has(part):
        return []
    own: dict[int, str] = {}
    used: list[int] = []
    inside = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        local = name.rpartition(" ")[2]
        if local == "numFmt" and inside != "dxfs":
            own[_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", GENERAL)
        elif local in {"cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}:
            inside = local
        elif local == "xf" and inside == "cellXfs":
            used.append(_number(attributes.get("numFmtId", "")))

    parse(container.read(part), start)
    return [own.get(number) or _BUILT_IN.get(number, GENERAL) for number in used]


def counts_from_1904(container: Container) -> bool:
    """Whether the workbook's dates count from 1904, as those of old Macs do."""
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "workbookPr":
            found.append(attributes.get("date1904", ""))

    parse(container.read(container.workbook_part), start)
    return found[:1] != [] and found[0] in _TRUE


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
