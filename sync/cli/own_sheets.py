"""Sheets of ours as they are read from a workbook, and as they are put into one: made readable, by their headings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sync.sheets.asked import Sheet
    from sync.sheets.standing import Laid, Standing
    from sync.sheets.values import Value
    from sync.workbook.package.colours import Colours
    from sync.workbook.package.edits import SheetValue
    from sync.workbook.package.sheets import NewSheet

_WHOLE, _DAY, _MOMENT = 1, 14, 22
_FORMATS = {
    "Search volume": _WHOLE, "Rank now": _WHOLE, "Rank before": _WHOLE, "Change": _WHOLE, "Rank": _WHOLE,
    "Best rank": _WHOLE, "Keywords found": _WHOLE, "Keywords ready": _WHOLE, "Keywords generated": _WHOLE,
    "Keywords published": _WHOLE, "Clusters asked": _WHOLE, "Clusters found": _WHOLE, "Data as of": _DAY,
    "Started at": _MOMENT, "Finished at": _MOMENT, "Last checked": _MOMENT,
    "When": _MOMENT,
}  # fmt: skip
WIDTHS = {
    "Needs a person": 30.0, "Name": 28.0, "Keyword": 30.0, "Keyword in use": 28.0, "Primary keyword": 28.0,
    "Also targeted by": 26.0, "Error or note": 36.0, "Message": 36.0, "URL": 36.0, "Title": 26.0, "Done": 20.0,
    "Suggestion": 32.0, "Goes into": 20.0, "There now": 32.0, "Kind": 18.0,
    "Comment": 40.0, "Text now": 44.0, "Asked for": 20.0, "By": 18.0, "When": 17.0,
    "Decision": 16.0, "Started at": 17.0, "Finished at": 17.0, "Last checked": 17.0, "Cluster": 20.0,
}  # fmt: skip
_USUAL = 13.0


def standing(path: Path, name: str) -> Standing | None:
    """Read a sheet of ours as it stands; None where the workbook has none that is ours. Raises NotAWorkbook."""
    from sync.sheets.standing import Standing, StandingRow
    from sync.workbook.added import read_whole

    there = read_whole(path, name)
    if there is None:
        return None
    rows = tuple(StandingRow(row.values, row.styles, row.number) for row in there.rows)
    return Standing(there.name, there.headings, rows)


def asked_sheet(path: Path, name: str) -> Sheet | None:
    """Read what people ask for on a sheet of ours; None where the workbook has none. Raises NotAWorkbook."""
    there = standing(path, name)
    return None if there is None else as_asked(there)


def unheard(path: Path, name: str) -> tuple[str, bool]:
    """Say why a sheet of ours is not read, where it has lost a heading, and whether something may be decided there.

    Raises NotAWorkbook.
    """
    from sync.workbook.added import lost_headings
    from sync.workbook.layout import ADDED_SHEETS

    lost, decided = lost_headings(path, name) if name in ADDED_SHEETS else ((), False)
    if not lost:
        return "", False
    one = len(lost) == 1
    which = f"column {lost[0]}; give the heading that name" if one else f"columns {', '.join(lost)}; name them so"
    return f"The sheet {name} has no {which} again.", decided


def as_asked(there: Standing) -> Sheet:
    """Give a sheet as a reader of decisions takes it: the texts of its rows by heading."""
    from sync.sheets.asked import Sheet

    columns = {text: place for place, text in reversed([*enumerate(there.headings, 1)]) if text}
    rows = (
        (row.number, {text: _as_text(row.values[place - 1]) for text, place in columns.items()})
        for row in there.rows
        if any(value not in {None, ""} for value in row.values)
    )
    return Sheet(there.name, columns, tuple(rows))


def _as_text(value: Value) -> str:
    """Give a number as it was typed: an id or a keyword may look like one."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _from_1904(path: Path) -> bool:
    from sync.workbook.package.container import Container
    from sync.workbook.styles import counts_from_1904

    with Container.open(path) as container:
        return counts_from_1904(container)


def as_sheet(laid: Laid, choices: Mapping[str, Sequence[str]], path: Path) -> NewSheet:
    """Give a sheet as it is put into a workbook; `choices` are offered below these headings. Raises NotAWorkbook."""
    from sync.workbook.package.sheets import NewSheet

    spelled = _spelling(from_1904=_from_1904(path))
    places = {heading: place for place, heading in enumerate(laid.headings, 1)}
    return NewSheet(
        laid.name,
        (laid.headings, *(list(map(spelled, row)) for row in laid.rows)),
        widths=[WIDTHS.get(heading, _USUAL) for heading in laid.headings],
        choices={places[heading]: offered for heading, offered in choices.items() if heading in places},
        formats={place: _FORMATS[heading] for heading, place in places.items() if heading in _FORMATS},
        colours={place: kind for heading, kind in _colours().items() if (place := places.get(heading))},
        styles=laid.styles,
    )


def to_write(path: Path, sheet: NewSheet, what: str) -> tuple[tuple[NewSheet, ...], str]:
    """Give a sheet if it has to be written, and if it cannot be, say so: that `what` (`The requests were`) was not.

    Raises NotAWorkbook.
    """
    from sync.workbook.ours import hindrance, is_there

    if is_there(path, sheet):
        return (), ""
    if reason := hindrance(path, sheet):
        reason = unheard(path, sheet.name)[0] or reason
        return (), f"{reason} {what} not written there."
    return (sheet,), ""


def in_place(
    path: Path, name: str, cells: Mapping[tuple[int, int], str | None]
) -> dict[str, Mapping[tuple[int, int], str | None]]:
    """Give the cells to write into a sheet that is not written anew, by its name; formulas and the like stay.

    Raises NotAWorkbook.
    """
    from sync.cli.obstacles import obstacles

    blocked = obstacles(path, name, set(cells))
    free = {cell: text for cell, text in cells.items() if cell not in blocked}
    return {name: free} if free else {}


def _colours() -> dict[str, Colours]:
    from sync.workbook.package.colours import Colours

    return {
        "Search volume": Colours.BAR,
        "Rank now": Colours.LOW,
        "Rank": Colours.LOW,
        "Best rank": Colours.LOW,
        "Change": Colours.SIGN,
    }


def _spelling(*, from_1904: bool) -> Callable[[Value], SheetValue]:
    """Give what makes a cell of a value: a moment is Excel's number of days, words that stand out are marked."""
    from sync.sheets.values import Tone, Toned
    from sync.workbook.dates import serial
    from sync.workbook.package.rich import Mark, RichText, Run

    marks = {Tone.GOOD: Mark.GOOD, Tone.WARN: Mark.MINE, Tone.BAD: Mark.BAD}

    def spelled(value: Value) -> SheetValue:
        if isinstance(value, Toned):
            return RichText((Run(value.text, marks[value.tone]),))
        return serial(value, from_1904=from_1904) if isinstance(value, datetime) else value

    return spelled
