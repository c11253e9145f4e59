"""Reads the sheets about keywords, and writes them with what came of their decisions; again if the file changed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.cli.console import typed
from sync.cli.keyword_deeds import IN_WORKBOOK, Deed
from sync.keyword_sheets.asked import Asked, Verb
from sync.model import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sync.cli.work import Work
    from sync.keyword_sheets.asked import Decision
    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.marks import Mark
    from sync.model import Cell, RecordKey, Rules
    from sync.records.locate import Places
    from sync.sheets.asked import Sheet
    from sync.workbook.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Reading:
    """What people ask for, with the sheets as they were read."""

    asked: Asked
    sheets: Mapping[str, Sheet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What came of everything that was asked for, and of the write. Without a certificate nothing had to be written."""

    deeds: tuple[Deed, ...]
    certificate: Certificate | None = None
    said: tuple[str, ...] = ()


def asked_on(file: Path, found: Sequence[Found], rules: Rules) -> Reading:
    """Read the decisions on all three sheets. Raises NotAWorkbook."""
    from sync.cli.own_sheets import asked_sheet
    from sync.keyword_sheets.decisions import keyword_decisions, pipeline_decisions
    from sync.keyword_sheets.manual import manual_decisions
    from sync.workbook import layout_keywords as layout

    asked = Asked()
    names = (layout.KEYWORDS, layout.PIPELINES, layout.MANUAL_KEYWORDS)
    sheets = {name: sheet for name in names if (sheet := asked_sheet(file, name))}
    if layout.KEYWORDS in sheets:
        asked += keyword_decisions(sheets[layout.KEYWORDS], found, rules)
    if layout.PIPELINES in sheets:
        asked += pipeline_decisions(sheets[layout.PIPELINES], found)
    if layout.MANUAL_KEYWORDS in sheets:
        asked += manual_decisions(sheets[layout.MANUAL_KEYWORDS], found, rules)
    return Reading(asked, {sheet.name: sheet for sheet in sheets.values()})


def write(work: Work, found: Sequence[Found], reading: Reading, deeds: Sequence[Deed]) -> Written:
    """Write what is known and what came of the decisions, in one go.

    `deeds` are those of the service. The decisions that only change a cell on Records are carried out here. Raises
    WorkbookBusy when the file is open elsewhere or keeps changing, WorkbookError when it cannot be written.
    """
    from sync.cli.saving import until_quiet

    hint = f"Close it where it is open, then run: wtsync keywords {typed(work.file)}"
    return until_quiet(work.file, lambda: _write_once(work, found, reading, deeds), hint)


def _write_once(work: Work, found: Sequence[Found], reading: Reading, deeds: Sequence[Deed]) -> Written:
    from sync.cli.keyword_pages import keyword_pages
    from sync.cli.saving import read_again, saved
    from sync.records.locate import locate

    tables = read_again(work.file, work.journal)
    cells, here = _on_records(work.file, locate(tables), reading.asked.decisions)
    all_deeds = (*deeds, *here)
    pages = keyword_pages(work.file, _as_decided(found, here), _marks(reading, all_deeds), manual=True)
    if not cells and not pages.sheets and not pages.edits:
        return Written(all_deeds, said=pages.said)
    edits = {**pages.edits, **({tables.sheet: cells} if cells else {})}
    with saved(work.file, work.journal, edits, pages.sheets, sha256=tables.sha256) as report:
        pass
    return Written(all_deeds, report.certificate, (*report.warnings, *map(str, report.notes), *pages.said))


def _on_records(
    file: Path, places: Places, decisions: Sequence[Decision]
) -> tuple[dict[tuple[int, int], str | None], tuple[Deed, ...]]:
    """Put keywords into their cells on Records and take others out; say of each decision what came of it."""
    from sync.cli.obstacles import obstacles
    from sync.keyword_sheets.decisions import with_keywords

    by_record: dict[RecordKey, list[Decision]] = {}
    for one in decisions:
        if one.verb in IN_WORKBOOK:
            by_record.setdefault(one.record, []).append(one)
    column = places.texts.get(KEYWORDS, 0)
    at = {key: (places.rows.get(key, 0), column) for key in by_record}
    blocked = obstacles(file, places.tables.sheet, set(at.values()))
    cells: dict[tuple[int, int], str | None] = {}
    deeds: list[Deed] = []
    for key, ones in by_record.items():
        row = at[key][0]
        problem = ""
        if not column:
            problem = "Records has no column Keywords. Add one."
        elif not row:
            problem = "The record has no row of its own on Records."
        elif hurdle := blocked.get((row, column)):
            problem = f"{hurdle.sheet}!{hurdle.address}: the cell {hurdle.reason}. {hurdle.hint}"
        else:
            use = [one.subject for one in ones if one.verb is Verb.USE]
            drop = {one.subject for one in ones if one.verb is Verb.DROP}
            cells[row, column] = with_keywords(places.cell(row, column), use, drop) or None
        deeds += (Deed(one, problem) for one in ones)
    return cells, tuple(deeds)


def _as_decided(found: Sequence[Found], deeds: Sequence[Deed]) -> list[Found]:
    """Give the records with the keywords that their cells have after the write."""
    changed: dict[RecordKey, tuple[list[str], set[str]]] = {}
    for deed in deeds:
        if not deed.problem:
            use, drop = changed.setdefault(deed.decision.record, ([], set()))
            if deed.decision.verb is Verb.USE:
                use.append(deed.decision.subject)
            else:
                drop.add(deed.decision.subject)
    return [_with_words(one, *changed[one.record.key]) if one.record.key in changed else one for one in found]


def _with_words(one: Found, use: Sequence[str], drop: set[str]) -> Found:
    from sync.sheets.values import fold

    inputs = one.record.inputs
    words = (*(word for word in inputs.keywords if fold(word) not in drop), *use)
    return replace(one, record=replace(one.record, inputs=replace(inputs, keywords=words)))


def _marks(reading: Reading, deeds: Sequence[Deed]) -> list[Mark]:
    """Say in the rows of the decisions what came of them."""
    from sync.keyword_sheets.marks import mark

    moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime())

    def told() -> Iterator[tuple[Cell, str, str]]:
        for deed in deeds:
            done = "" if deed.problem else f"{moment} {deed.decision.verb}"
            yield deed.decision.at, done, deed.problem or deed.note
        for at, why in reading.asked.settled:
            yield at, moment, why
        for at, problem in reading.asked.problems:
            yield at, "", f"{problem.what} {problem.remedy}"

    return [mark(reading.sheets[at.sheet], at, done=done, message=message) for at, done, message in told()]
