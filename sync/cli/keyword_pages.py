"""The sheets about keywords as they are put into a workbook: laid out over what stands there, and made readable.

`keyword_pages` is what every write uses: it gives the sheets that have to be written, and what is to be said of the
others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sync.keyword_sheets.asked import Sheet
    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.marks import Mark
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
    "When": _MOMENT,
}  # fmt: skip
_WIDTHS = {
    "Needs a person": 30.0, "Name": 28.0, "Keyword": 30.0, "Keyword in use": 28.0, "Primary keyword": 28.0,
    "Also targeted by": 26.0, "Error or note": 36.0, "Message": 36.0, "URL": 36.0, "Title": 26.0, "Done": 20.0,
    "Comment": 40.0, "Text now": 44.0, "Asked for": 20.0, "By": 18.0, "When": 17.0,
    "Decision": 16.0, "Started at": 17.0, "Finished at": 17.0, "Last checked": 17.0, "Cluster": 20.0,
}  # fmt: skip
_USUAL = 13.0
_DECIDED = ("Keywords", "Pipelines")


@dataclass(frozen=True, slots=True)
class Pages:
    """What has to be written, and what is to be said of the rest."""

    sheets: tuple[NewSheet, ...] = ()
    edits: Mapping[str, Mapping[tuple[int, int], str | None]] = field(default_factory=dict)
    """Cells of sheets that are not written anew, by the name of the sheet."""
    said: tuple[str, ...] = ()


def keyword_pages(path: Path, found: Sequence[Found], marks: Sequence[Mark] = (), *, manual: bool = False) -> Pages:
    """Give the sheets Keyword runs, Keywords and Pipelines where they have to be written, and what is to be said.

    `found` are all records of the workbook, with what is known of their keywords; those that aim at a keyword count
    for the others even where nothing was analysed. `marks` say what came of decisions. With `manual`, a workbook
    without a sheet Manual keywords gets one. A sheet of the user's that bears one of the names stays as it is.
    Raises NotAWorkbook.
    """
    from sync.keyword_sheets.keyword_rows import keyword_table
    from sync.keyword_sheets.pipeline_rows import pipeline_table
    from sync.keyword_sheets.run_rows import run_table
    from sync.keyword_sheets.targets import Targets
    from sync.workbook.layout_keywords import MANUAL_KEYWORDS
    from sync.workbook.ours import has_sheet

    targets = Targets(found)
    tables = (run_table(found, targets), keyword_table(found, targets), pipeline_table(found))
    pages = Pages()
    from_1904 = _from_1904(path)
    for table in tables:
        pages = _with_page(pages, path, table, marks, from_1904=from_1904)
    if manual and not has_sheet(path, MANUAL_KEYWORDS):
        pages = _with_sheet(pages, path, _manual_sheet())
    elif asked := asked_sheet(path, MANUAL_KEYWORDS):
        pages = _with_edits(pages, asked, marks)
    return pages


def _with_page(pages: Pages, path: Path, table: Table, marks: Sequence[Mark], *, from_1904: bool) -> Pages:
    from sync.keyword_sheets.marks import marked, with_marks
    from sync.keyword_sheets.standing import laid

    there = standing(path, table.name)
    asked = None if there is None else _asked(there)
    if there is not None and asked is not None and table.name in _DECIDED:
        there = with_marks(there, marked(asked, marks))
    if there is None and not table.rows:
        return pages
    more = _with_sheet(pages, path, _sheet(laid(table, there), from_1904=from_1904))
    refused = len(more.said) > len(pages.said)
    return _with_edits(more, asked, marks) if refused and asked is not None and table.name in _DECIDED else more


def _with_sheet(pages: Pages, path: Path, sheet: NewSheet) -> Pages:
    from sync.workbook.ours import hindrance, is_there

    if is_there(path, sheet):
        return pages
    if reason := hindrance(path, sheet):
        return replace(pages, said=(*pages.said, f"{reason} What is known of keywords was not written there."))
    return replace(pages, sheets=(*pages.sheets, sheet))


def _with_edits(pages: Pages, asked: Sheet, marks: Sequence[Mark]) -> Pages:
    from sync.keyword_sheets.marks import marked

    edits = marked(asked, marks)
    return replace(pages, edits={**pages.edits, asked.name: edits}) if edits else pages


def standing(path: Path, name: str) -> Standing | None:
    """Read one of these sheets as it stands; None where the workbook has none that is ours. Raises NotAWorkbook."""
    from sync.keyword_sheets.standing import Standing, StandingRow
    from sync.workbook.added import read_whole

    there = read_whole(path, name)
    if there is None:
        return None
    rows = tuple(StandingRow(row.values, row.styles, row.number) for row in there.rows)
    return Standing(there.name, there.headings, rows)


def asked_sheet(path: Path, name: str) -> Sheet | None:
    """Read what people ask for on one of these sheets; None where the workbook has none. Raises NotAWorkbook."""
    there = standing(path, name)
    return None if there is None else _asked(there)


def _asked(there: Standing) -> Sheet:
    from sync.keyword_sheets.asked import Sheet

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


def _manual_sheet() -> NewSheet:
    from sync.workbook.layout_keywords import MANUAL_CHOICES, MANUAL_HEADINGS, MANUAL_KEYWORDS
    from sync.workbook.package.sheets import NewSheet

    widths = [_WIDTHS.get(heading, 16.0) for heading in MANUAL_HEADINGS]
    choices = {MANUAL_HEADINGS.index("Add or remove") + 1: MANUAL_CHOICES}
    return NewSheet(MANUAL_KEYWORDS, (MANUAL_HEADINGS,), widths=widths, choices=choices)


def _from_1904(path: Path) -> bool:
    from sync.workbook.package.container import Container
    from sync.workbook.styles import counts_from_1904

    with Container.open(path) as container:
        return counts_from_1904(container)


def _sheet(laid: Laid, *, from_1904: bool) -> NewSheet:
    from sync.workbook.layout_keywords import KEYWORD_CHOICES, KEYWORDS, PIPELINE_CHOICES, PIPELINES

    offered = {KEYWORDS: KEYWORD_CHOICES, PIPELINES: PIPELINE_CHOICES}.get(laid.name, ())
    return _made(laid, {"Decision": offered} if offered else {}, from_1904=from_1904)


def as_sheet(laid: Laid, choices: Mapping[str, Sequence[str]], path: Path) -> NewSheet:
    """Give a sheet as it is put into a workbook; `choices` are offered below these headings."""
    return _made(laid, choices, from_1904=_from_1904(path))


def _made(laid: Laid, choices: Mapping[str, Sequence[str]], *, from_1904: bool) -> NewSheet:
    from sync.workbook.package.sheets import NewSheet

    spelled = _spelling(from_1904=from_1904)
    places = {heading: place for place, heading in enumerate(laid.headings, 1)}
    return NewSheet(
        laid.name,
        (laid.headings, *(list(map(spelled, row)) for row in laid.rows)),
        widths=[_WIDTHS.get(heading, _USUAL) for heading in laid.headings],
        choices={places[heading]: offered for heading, offered in choices.items() if heading in places},
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


def _spelling(*, from_1904: bool) -> Callable[[Value], SheetValue]:
    """Give what makes a cell of a value: a moment is Excel's number of days, words that stand out are marked."""
    from sync.keyword_sheets.values import Tone, Toned
    from sync.workbook.dates import serial
    from sync.workbook.package.rich import Mark, RichText, Run

    marks = {Tone.GOOD: Mark.GOOD, Tone.WARN: Mark.MINE, Tone.BAD: Mark.BAD}

    def spelled(value: Value) -> SheetValue:
        if isinstance(value, Toned):
            return RichText((Run(value.text, marks[value.tone]),))
        return serial(value, from_1904=from_1904) if isinstance(value, datetime) else value

    return spelled
