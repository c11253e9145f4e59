"""Colours by the size of numbers, for new sheets: only such as need nothing in the workbook's styles.

Scales, bars and icons carry their colours themselves. A rule with a look of its own would need one in the styles part,
which every other sheet refers to by number.
"""

from __future__ import annotations

from enum import StrEnum


class Colours(StrEnum):
    """How the numbers of a column are coloured."""

    SIGN = "sign"
    """For whole numbers, an arrow: up and green from 1 on, down and red below zero.

    From 1 on and not above zero: LibreOffice does not tell the two apart, and would have an arrow up at zero.
    """
    BAR = "bar"
    """A bar as long as the number is large."""
    LOW = "low"
    """Green at 1, pale at 10, nothing from 50 on: places among search results."""


_RULES = {
    Colours.SIGN: (
        "iconSet",
        (
            '<iconSet iconSet="3Arrows"><cfvo type="percent" val="0"/><cfvo type="num" val="0"/>'
            '<cfvo type="num" val="1"/></iconSet>'
        ),
    ),
    Colours.BAR: (
        "dataBar",
        '<dataBar><cfvo type="num" val="0"/><cfvo type="max"/><color rgb="FFA9C9EA"/></dataBar>',
    ),
    Colours.LOW: (
        "colorScale",
        (
            '<colorScale><cfvo type="num" val="1"/><cfvo type="num" val="10"/><cfvo type="num" val="50"/>'
            '<color rgb="FF9FD5A8"/><color rgb="FFFFF3C4"/><color rgb="FFFFFFFF"/></colorScale>'
        ),
    ),
}


def conditional(kind: Colours, area: str, priority: int) -> str:
    """Spell the rule that colours an area such as `K2:K1048576`. No two rules of a sheet have the same priority."""
    name, inside = _RULES[kind]
    return (
        f'<conditionalFormatting sqref="{area}"><cfRule type="{name}" priority="{priority}">{inside}</cfRule>'
        "</conditionalFormatting>"
    )
