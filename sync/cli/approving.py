"""A plan that is approved row by row inside the workbook: writing its sheet, reading it again, marking what is done."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.cli.console import say, typed
from sync.cli.saving import saved
from sync.counts import counted
from sync.errors import Refused, UsageError, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sync.approval import SheetRow
    from sync.cli.work import Work
    from sync.journal import Journal
    from sync.model import Plan, RecordKey, Side, TextKey

_WIDTHS = (10, 16, 10, 12, 10, 24, 18, 10, 50, 50, 36, 9, 9, 18, 5)


@dataclass(frozen=True, slots=True)
class Approved:
    """The part of a plan that was approved."""

    plan: Plan
    rows: Mapping[str, TextKey]
    """The approved rows by their id, each with its text."""
    doing: frozenset[TextKey]
    """The texts that this run carries out; the other rows were taken up before."""
    begun: frozenset[str]
    """The ids of rows still on the sheet that earlier runs have taken up."""
    since: float
    """When they were looked at, in seconds since 1970."""


def write_plan(file: Path, plan: Plan, names: Mapping[RecordKey, str], work: Work) -> list[str]:
    """Write a plan into its sheet, with what was approved before and has not moved; give what is to be said.

    Raises WorkbookBusy where the workbook is open elsewhere, WorkbookError where a sheet of the user's has the name.
    """
    from sync.approval import offered, sheet_rows
    from sync.report.plan_text import credits_range
    from sync.workbook.layout import PLAN, PLAN_HEADINGS
    from sync.workbook.package.sheets import NewSheet

    there = _read(file)
    if there is None and not offered(plan):
        return ["There is nothing to approve, and nothing was written."]
    before = {row.id for row in there or () if row.approved}
    rows = sheet_rows(plan, work.seen.service.identity, names, before)
    sheet = NewSheet(PLAN, (PLAN_HEADINGS, *rows), widths=_WIDTHS, choices={1: ("yes", "no")})
    with saved(file, work.journal, {}, (sheet,), sha256=work.seen.tables.sha256):
        pass
    kept = len(before & {str(row[-1]) for row in rows})
    said = [f"Written to the sheet {PLAN} of {file}: {counted(len(rows), 'row')}, {credits_range(plan.estimate)}."]
    if before:
        said.append(
            f"Approved before, and still so: {kept}; moved since, and to be looked at again: {len(before) - kept}."
        )
    return [*said, f"Choose yes under Approved, save and close it, then: wtsync run {typed(file)} --approved"]


def approved_part(file: Path, plan: Plan, work: Work) -> Approved:
    """Take from a plan what was approved on its sheet.

    Raises UsageError where there is no such sheet, Refused where nothing is approved or an approved row has moved.
    """
    from sync.approval import judge, narrowed, searched
    from sync.cli.begun import former_inputs, without_paid
    from sync.planfile import lines

    rows = _read(file)
    if rows is None:
        raise UsageError(
            f"{file.name} has no sheet with a plan.", f"Make one with: wtsync plan {typed(file)} --into-workbook"
        )
    since, begun = time.time(), work.journal.approvals.begun()
    looked_for = searched(rows, begun)
    anew = f"look at the plan and approve it anew: wtsync plan {typed(file)} --into-workbook"
    plan = without_paid(plan, {key: begun[own] for key, own in looked_for.items()}, work.journal, anew)
    former = former_inputs(work.seen, work.journal, looked_for)
    found = judge(plan, work.seen.service.identity, rows, begun, former)
    if found.refused:
        raise Refused(
            f"Of the approved rows on the sheet Plan, {len(found.refused)} cannot be carried out:\n"
            f"{lines(found.refused)}",
            f"Nothing was sent. To look at the plan as it is now: wtsync plan {typed(file)} --into-workbook",
        )
    if not found.rows and not any(row.cells["Done"] for row in rows):
        raise Refused("No row of the sheet Plan is approved.", "Choose yes in its column Approved, and save.")
    still = frozenset(begun) & {row.id for row in rows}
    return Approved(narrowed(plan, found.doing), found.rows, found.doing, still, since)


def approved_sides(file: Path) -> dict[TextKey, Side]:
    """Give the side that each approved row stands for, should its text be in conflict; none where there is no sheet."""
    from sync.approval import sides

    return sides(_read(file) or ())


def begin(what: Approved, work: Work) -> None:
    """Remember which rows are taken up, before anything is sent: interrupted, the same command goes on with them."""
    work.journal.approvals.begin({*what.rows, *what.begun})


def mark_done(file: Path, what: Approved, work: Work) -> None:
    """Say on the sheet which of the approved rows were carried out; where it cannot be written, that is told."""
    from sync.workbook.added import read_added
    from sync.workbook.layout import PLAN
    from sync.workbook.save import sha256_of

    done = _done(what, work.journal)
    moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    try:
        sha, there = sha256_of(file), read_added(file, PLAN)
        if there is None:
            return
        cells = {
            (row, there.columns["Done"]): moment
            for row, texts in there.rows
            if texts["Plan id"] in done and texts["Approved"] and not texts["Done"]
        }
        if cells:
            with saved(file, work.journal, {there.name: cells}, sha256=sha):
                pass
            say(f"wtsync: marked as done on the sheet {PLAN}: {counted(len(cells), 'row')}.")
    except (OSError, WorkbookError) as error:
        why = error.message if isinstance(error, WorkbookError) else str(error)
        say(f"wtsync: what is done was not marked on the sheet {PLAN}: {why} Nothing of it is done or paid for again.")


def _done(what: Approved, journal: Journal) -> set[str]:
    """Find the approved rows that were carried out, now or by the run that this one goes on with."""
    fresh, known = journal.texts.delivered_since(what.since), journal.texts.delivered_since(0.0)
    held = {key for part in journal.batches.held() for key in part}
    return {own for own, key in what.rows.items() if key in (fresh if key in what.doing else known) and key not in held}


def _read(file: Path) -> list[SheetRow] | None:
    from sync.approval import SheetRow
    from sync.workbook.added import read_added
    from sync.workbook.layout import PLAN

    there = read_added(file, PLAN)
    return None if there is None else [SheetRow(row, texts) for row, texts in there.rows]
