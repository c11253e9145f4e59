"""What may surround the rows of a sheet that was added: foretold from what was asked for, and nothing besides.

No link, drawing, control or extension, no hidden column; filter and colours where they belong. Nothing here knows how
the sheet was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.workbook.package.address import LAST_ROW, letters
from sync.workbook.package.parsed import Parsed
from sync.workbook.package.spelling import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.workbook.package.sheets import NewSheet

_MARGINS = {"left": "0.7", "right": "0.7", "top": "0.75", "bottom": "0.75", "header": "0.3", "footer": "0.3"}
_FROZEN = {"ySplit": "1", "topLeftCell": "A2", "activePane": "bottomLeft", "state": "frozen"}
_LIST = {"type": "list", "allowBlank": "1", "showErrorMessage": "1"}
_SHADES: dict[str, tuple[str, dict[str, str], list[tuple[str, ...]], list[str]]] = {
    "sign": ("iconSet", {"iconSet": "3Arrows"}, [("percent", "0"), ("num", "0"), ("num", "1")], []),
    "bar": ("dataBar", {}, [("num", "0"), ("max",)], ["FFA9C9EA"]),
    "low": ("colorScale", {}, [("num", "1"), ("num", "10"), ("num", "50")], ["FF9FD5A8", "FFFFF3C4", "FFFFFFFF"]),
}
"""What each kind of colours is in the file: its element, the points on its scale, and its colours."""
_WIDEST = 255  # characters that Excel allows a column


class Surroundings(Parsed):
    """Keeps what surrounds the rows, instead of only summing it up."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[object] = []
        self._columns: list[dict[str, str]] = []

    def add(self, *what: object) -> None:
        """Take in markup outside of cells; the look of a column stands aside, since it is judged by itself."""
        if len(what) == 2 and isinstance(what[1], dict) and str(what[0]).endswith(" col"):
            attributes = what[1]
            self._columns.append({name: attributes.pop(name) for name in ("width", "style") if name in attributes})
        self._kept.append(what)

    def add_text(self, text: str) -> None:
        """Take in text outside of cells."""
        if self._kept and isinstance(self._kept[-1], str):
            self._kept[-1] += text
        else:
            self._kept.append(text)

    def foretold(self, sheet: NewSheet, space: str, formats: int) -> bool:
        """Whether this is what surrounds this sheet in a workbook of that namespace, which has so many cell formats."""
        known = [_foretold(sheet, space, viewed=viewed) for viewed in (False, sheet.headed)]
        return self._kept in known and all(
            _wide(number(column.get("width", "")), sheet.widths[place : place + 1])
            and within(column.get("style", "0"), formats if sheet.headed else 0)
            for place, column in enumerate(self._columns)
        )


def within(style: str, formats: int) -> bool:
    """Whether there is a cell format of that number; the first is always there."""
    return style == "0" or (style.isascii() and style.isdecimal() and int(style) < formats)


def _wide(width: float | None, asked: Sequence[float]) -> bool:
    return width is not None and (f"{width:g}" == f"{asked[0]:g}" if asked else 0 < width <= _WIDEST)


def _rule(element: Callable[..., list[object]], kind: str, priority: str) -> list[object]:
    name, said, points, colours = _SHADES[kind]
    scale = [element("cfvo", dict(zip(("type", "val"), point, strict=False))) for point in points]
    shades = [element("color", {"rgb": colour}) for colour in colours]
    return element("cfRule", {"type": name, "priority": priority}, element(name, said, *scale, *shades))


def _foretold(sheet: NewSheet, space: str, *, viewed: bool) -> list[object]:
    def element(name: str, attributes: dict[str, str] | None = None, *inside: list[object] | str) -> list[object]:
        listed = [part for one in inside for part in ([one] if isinstance(one, str) else one)]
        return [(f"{space} {name}", attributes or {}), *listed, (f"{space} {name}",)]

    last = f"{letters(sheet.area.last_column)}{LAST_ROW}"
    pane = element("pane", _FROZEN) + element("selection", {"pane": "bottomLeft"})
    view = element("sheetViews", {}, element("sheetView", {"workbookViewId": "0"}, pane))
    columns = [
        element("col", {"min": f"{place}", "max": f"{place}", "customWidth": "1"})
        for place in range(1, sheet.columns + 1)
    ]
    checks = [
        element(
            "dataValidation",
            _LIST | {"sqref": f"{letters(column)}{1 + sheet.headed}:{letters(column)}{LAST_ROW}"},
            element("formula1", {}, f'"{",".join(values)}"'),
        )
        for column, values in sorted(sheet.choices.items())
    ]
    return element(
        "worksheet",
        {"xmlns:": space},
        element("dimension"),
        view if viewed else [],
        element("sheetFormatPr", {"defaultRowHeight": "15"}),
        element("cols", {}, *columns) if columns else [],
        element("sheetData"),
        element("autoFilter", {"ref": f"A1:{last}"}) if sheet.headed else [],
        *(
            element(
                "conditionalFormatting",
                {"sqref": f"{letters(column)}2:{letters(column)}{LAST_ROW}"},
                _rule(element, kind, str(priority)),
            )
            for priority, (column, kind) in enumerate(sorted(sheet.colours.items()), 1)
        ),
        element("dataValidations", {"count": str(len(checks))}, *checks) if checks else [],
        element("pageMargins", _MARGINS),
        element("ignoredErrors", {}, element("ignoredError", {"sqref": f"A1:{last}", "numberStoredAsText": "1"})),
    )
