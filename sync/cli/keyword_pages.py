"""The sheets about keywords as they are put into a workbook: laid out over what stands there, and made readable.

`keyword_sheets` is what writes use: it gives the sheets that have to be written, and what is to be said of the others.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.standing import Laid, Standing
    from sync.keyword_sheets.table import Table
    from sync.keyword_sheets.values import Value
    from sync.workbook.package.colours import Colours
    from sync.workbook.package.edits import SheetValue
    from sync.workbook.package.sheets import NewSheet

_WHOLE, _DAY, _MOMENT = 1, 14, 22
_FORMATS = {
    "Search volume": _WHOLE, "Rank now": _WHOLE, "Rank before": _WHOLE, "Change": _WHOLE, "Rank": _WHOLE,
    "Best rank": _WHOLE, "Keywords found": _WHOLE, "Keywords ready": _WHOLE, "Keywords generated": _WHOLE,
    "Keywords published": _WHOLE, "Clusters asked": _WHOLE, "Clusters found": _WHOLE, "Data as of": _DAY,
    "Started at": _MOMENT, "Finished at": _MOMENT, "Last checked": _MOMENT,
}  # fmt: skip
_WIDTHS = {
    "Needs a person": 30.0, "Name": 28.0, "Keyword": 30.0, "Keyword in use": 28.0, "Primary keyword": 28.0,
    "Also targeted by": 26.0, "Error or note": 36.0, "Message": 36.0, "URL": 36.0, "Title": 26.0, "Done": 20.0,
    "Decision": 16.0, "Started at": 17.0, "Finished at": 17.0, "Last checked": 17.0, "Cluster": 20.0,
}  # fmt: skip
_USUAL = 13.0


def keyword_sheets(path: Path, found: Sequence[Found]) -> tuple[tuple[NewSheet, ...], tuple[str, ...]]:
    """Give the sheets Keyword runs, Keywords and Pipelines where they have to be written, and what is to be said.

    `found` are all records of the workbook, with what is known of their keywords; those that aim at a keyword count
    for the others even where nothing was analysed. A sheet of the user's that bears one of the names stays as it is.
    """
    from sync.keyword_sheets.keyword_rows import keyword_table
    from sync.keyword_sheets.pipeline_rows import pipeline_table
    from sync.keyword_sheets.run_rows import run_table
    from sync.keyword_sheets.targets import Targets

    targets = Targets(found)
    tables = (run_table(found, targets), keyword_table(found, targets), pipeline_table(found))
    return written(path, [table for table in tables if table.rows])


def written(path: Path, tables: Sequence[Table]) -> tuple[tuple[NewSheet, ...], tuple[str, ...]]:
    """Make sheets of tables: those that are not in the workbook as they are to be, and why others cannot be written."""
    from sync.keyword_sheets.standing import laid
    from sync.workbook.ours import hindrance, is_there

    sheets, said = [], []
    from_1904 = _from_1904(path) if tables else False
    for table in tables:
        sheet = _sheet(laid(table, _standing(path, table.name)), from_1904=from_1904)
        if is_there(path, sheet):
            continue
        if reason := hindrance(path, sheet):
            said.append(f"{reason} What is known of keywords was not written there.")
        else:
            sheets.append(sheet)
    return tuple(sheets), tuple(said)


def _standing(path: Path, name: str) -> Standing | None:
    from sync.keyword_sheets.standing import Standing, StandingRow
    from sync.workbook.added import read_whole

    there = read_whole(path, name)
    if there is None:
        return None
    return Standing(there.name, there.headings, tuple(StandingRow(row.values, row.styles) for row in there.rows))


def _from_1904(path: Path) -> bool:
    from sync.workbook.package.container import Container
    from sync.workbook.styles import counts_from_1904

    with Container.open(path) as container:
        return counts_from_1904(container)


def _sheet(laid: Laid, *, from_1904: bool) -> NewSheet:
    from sync.workbook.layout_keywords import KEYWORD_CHOICES, KEYWORDS, PIPELINE_CHOICES, PIPELINES
    from sync.workbook.package.sheets import NewSheet

    places = {heading: place for place, heading in enumerate(laid.headings, 1)}
    offered = {KEYWORDS: KEYWORD_CHOICES, PIPELINES: PIPELINE_CHOICES}.get(laid.name, ())
    return NewSheet(
        laid.name,
        (laid.headings, *([_value(value, from_1904=from_1904) for value in row] for row in laid.rows)),
        widths=[_WIDTHS.get(heading, _USUAL) for heading in laid.headings],
        choices={places["Decision"]: offered} if offered else {},
        formats={place: _FORMATS[heading] for heading, place in places.items() if heading in _FORMATS},
        colours={place: kind for heading, kind in _colours().items() if (place := places.get(heading))},
        styles=laid.styles,
    )


def _colours() -> dict[str, Colours]:
    from sync.workbook.package.colours import Colours

    return {
        "Search volume": Colours.BAR,
        "Rank now": Colours.LOW,
        "Rank": Colours.LOW,
        "Best rank": Colours.LOW,
        "Change": Colours.SIGN,
    }


def _value(value: Value, *, from_1904: bool) -> SheetValue:
    """Give a value as a cell holds it: a moment as Excel's number of days, words that stand out as such."""
    from sync.keyword_sheets.values import Tone, Toned
    from sync.workbook.dates import serial
    from sync.workbook.package.rich import Mark, RichText, Run

    if isinstance(value, Toned):
        mark = {Tone.GOOD: Mark.GOOD, Tone.WARN: Mark.MINE, Tone.BAD: Mark.BAD}[value.tone]
        return RichText((Run(value.text, mark),))
    return serial(value, from_1904=from_1904) if isinstance(value, datetime) else value
