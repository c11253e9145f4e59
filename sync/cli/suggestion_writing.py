"""Reads the sheet Suggestions, and writes it with what came of its decisions; again if the file changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.cli.console import typed
from sync.suggesting.shelf import NAMES
from sync.workbook.layout_suggestions import SUGGESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sync.cli.work import Work
    from sync.model import Problem, Record, RecordKey, Reference, Suggested
    from sync.records.locate import Places
    from sync.sheets.asked import Sheet, Signature
    from sync.sheets.standing import Standing
    from sync.suggesting.decisions import Decided
    from sync.suggesting.shelf import Place, Shelf
    from sync.tables import Tables
    from sync.workbook.certificate import Certificate

_SIGNED = ("Record ID", "Type", "Store", "Language", "Kind", "Suggestion", "Decision")
_Edits = dict[tuple[int, int], str | None]


@dataclass(frozen=True, slots=True)
class Page:
    """A workbook as it stands, with what is suggested for its records, and what is decided on the sheet."""

    places: Places
    columns: Mapping[str, int]
    """Where a column that suggestions go into stands, or will stand; by field."""
    records: Sequence[Record]
    known: tuple[Suggested, ...]
    shelf: Shelf
    there: Standing | None
    """The sheet as it stands in the file."""
    sheet: Sheet | None
    decided: Decided
    fixed: frozenset[int]
    """Rows whose State must not be written, as a formula."""
    signatures: Mapping[int, Signature]
    """What each row asks for: it may be sorted meanwhile, and what is changed meanwhile is another wish."""


def page(work: Work, tables: Tables, records: Sequence[Record]) -> Page:
    """Read the sheet as it stands, take over what only it knows, and check what is decided there."""
    from sync.cli.own_sheets import as_asked, standing
    from sync.records.locate import locate
    from sync.suggesting.decisions import Decided, decided
    from sync.suggesting.rows import as_on_sheet, learned

    there, places = standing(work.file, SUGGESTIONS), locate(tables)
    sheet = None if there is None else as_asked(there)
    kept, fixed = work.journal.suggestions, _fixed(work.file, sheet)
    if sheet is not None and (new := learned(sheet, kept.all(), places.rows, fixed)):
        kept.learn(new)
    known = tuple(kept.all() if sheet is None else as_on_sheet(sheet, kept.all(), places.rows))
    rows = sheet.rows if sheet is not None else ()
    wanted = {cells.get("Record ID", "").strip() for _, cells in rows if cells.get("Decision")}
    columns, shelf = _shelf(work.file, places, work.seen.reference, wanted)
    asked = decided(sheet, known, records, shelf) if sheet is not None else Decided()
    signatures = sheet.signatures(_SIGNED) if sheet is not None else {}
    return Page(places, columns, records, known, shelf, there, sheet, asked, fixed, signatures)


def _fixed(file: Path, sheet: Sheet | None) -> frozenset[int]:
    """Find the rows whose State is worked out by a formula, or cannot be written for another reason."""
    from sync.cli.obstacles import obstacles

    if sheet is None:
        return frozenset()
    cells = {(row, sheet.columns["State"]) for row, _ in sheet.rows}
    return frozenset(row for row, _ in obstacles(file, sheet.name, cells))


def _shelf(file: Path, places: Places, reference: Reference, wanted: set[str]) -> tuple[Mapping[str, int], Shelf]:
    """See where suggestions go; the cells of the records that are `wanted` are looked at for what hinders writing."""
    from sync.cli.obstacles import obstacles
    from sync.model import Cell
    from sync.suggesting.shelf import Shelf

    tables = places.tables
    columns, missing = dict(places.fields), {}
    free = max((*tables.columns, *(column for column, _ in tables.headings)), default=0)
    apart = any(one.kind == "apart" for one in tables.remarks)
    for name, heading in NAMES.items():
        if name not in columns:
            free += 1
            columns[name] = free
            missing[name] = f"{tables.sheet} has no column {heading}, and no room beside it. Add one." if apart else ""
    heads = {(tables.header_row, columns[name]) for name in missing}
    rows = {key: row for key, row in places.rows.items() if key.record_id in wanted}
    at = {(row, columns[name]): (key, name) for key, row in rows.items() for name in NAMES}
    blocked = obstacles(file, tables.sheet, {*at, *heads}) if wanted else {}
    said = {cell: f"{one.sheet}!{one.address}: the cell {one.reason}. {one.hint}" for cell, one in blocked.items()}
    missing |= {name: said[head] for name in missing for head in heads if head in said and head[1] == columns[name]}
    spots = {place: Cell(tables.sheet, *cell) for cell, place in at.items()}
    cells = {
        (key, name): "" if name in missing else places.cell(row, columns[name])
        for key, row in places.rows.items()
        for name in NAMES
    }
    hindered = {at[cell]: why for cell, why in said.items() if cell in at}
    return columns, Shelf(reference, _names(places), cells, spots, hindered, missing)


def _names(places: Places) -> dict[RecordKey, str]:
    column = places.fields.get("name")
    return {
        key: "" if column is None else " ".join(places.cell(row, column).split())
        for key, row in sorted(places.rows.items(), key=lambda one: one[1])
    }


@dataclass(frozen=True, slots=True)
class Marks:
    """What came of the rows, by what they ask for: those that were agreed to, and what is said in others."""

    agreed: Mapping[Signature, Suggested] = field(default_factory=dict)
    """What was agreed to. Rows may be sorted until it is written, so that it goes by what they say."""
    cells: Mapping[Place, str] = field(default_factory=dict)
    """What the cells that are to be changed held when it was agreed to."""
    said: Mapping[Signature, str] = field(default_factory=dict)


def marks(seen: Page, *, agreed: bool) -> Marks:
    """Note what is to be carried out, if that was agreed to, and what is wrong with the other rows."""
    wrong: dict[int, list[Problem]] = {}
    for at, problem in seen.decided.problems:
        wrong.setdefault(at.row, []).append(problem)
    said = {seen.signatures[row]: " ".join(f"{one.what} {one.remedy}" for one in all_) for row, all_ in wrong.items()}
    if not agreed:
        return Marks(said=said)
    taken = {one.at.row: one.suggested for one in seen.decided.decisions}
    taken |= {at.row: one for at, one, _ in seen.decided.already}
    places = {(one.record, seen.shelf.field_of(one.idea, one.value)) for one in taken.values()}
    cells = {place: seen.shelf.cells[place] for place in places if place in seen.shelf.cells}
    return Marks({seen.signatures[row]: one for row, one in taken.items()}, cells, said)


@dataclass(frozen=True, slots=True)
class Written:
    """What came of the write. Without a certificate nothing had to be written."""

    carried_out: int = 0
    left: tuple[str, ...] = ()
    """What was agreed to, and could not be carried out any more, each with the reason."""
    certificate: Certificate | None = None
    said: tuple[str, ...] = ()
    known: Sequence[Suggested] = ()
    shelf: Shelf | None = None


def write(work: Work, noted: Marks) -> Written:
    """Write the sheet anew, and what was accepted into its cells on Records, in one go.

    Raises WorkbookBusy when the file is open elsewhere or keeps changing, WorkbookError when it cannot be written.
    """
    from sync.cli.saving import until_quiet

    hint = f"Close it where it is open, then run: wtsync suggest {typed(work.file)}"
    return until_quiet(work.file, lambda: _write_once(work, noted), hint)


def _write_once(work: Work, noted: Marks) -> Written:
    from sync.cli.own_sheets import as_sheet, in_place, to_write
    from sync.cli.saving import read_again, saved
    from sync.records import to_workbook
    from sync.sheets.standing import laid, with_cells
    from sync.suggesting.asking import chosen
    from sync.suggesting.decisions import decided
    from sync.suggesting.rows import suggestion_table
    from sync.workbook.layout_suggestions import SUGGESTION_CHOICES

    tables = read_again(work.file, work.journal)
    seen = page(work, tables, to_workbook(tables, work.seen.reference).records)
    carried = decided(_only(seen, noted), seen.known, seen.records, seen.shelf, noted.cells)
    there = seen.there
    fates = [one.suggested for one in carried.decisions] + [one for _, one, _ in carried.already]
    cells = _cells(seen, carried.cells)
    shelf = replace(seen.shelf, cells={**seen.shelf.cells, **carried.cells})
    known = _after(seen.known, fates)
    done = Written(len(carried.decisions), _left(seen, carried, noted), known=known, shelf=shelf)
    if there is None and not known:
        return done
    own = _own_cells(seen, carried, noted)
    table = suggestion_table(known, shelf)
    over = with_cells(there, own) if there else None
    sheet = as_sheet(laid(table, over), {"Decision": SUGGESTION_CHOICES}, work.file)
    edits: dict[str, Mapping[tuple[int, int], str | None]] = {tables.sheet: cells} if cells else {}
    sheets, refused = to_write(work.file, sheet, "The suggestions were")
    if refused and there:
        edits |= in_place(work.file, there.name, own)
    if not edits and not sheets:
        return replace(done, said=(refused,) if refused else ())
    to_tell = chosen(seen.known, [one.suggested for one in carried.decisions])
    with saved(
        work.file, work.journal, edits, sheets, sha256=tables.sha256,
        first=lambda: work.journal.suggestions.choose(to_tell),
    ) as report:  # fmt: skip
        # Killed before this, the journal learns it from the sheet.
        work.journal.suggestions.decide(fates)
    told = (*report.warnings, *map(str, report.notes), *((refused,) if refused else ()))
    return replace(done, certificate=report.certificate, said=told)


def _only(seen: Page, noted: Marks) -> Sheet:
    """Give the sheet with just the rows whose decisions were agreed to."""
    from sync.sheets.asked import Sheet

    if seen.sheet is None:
        return Sheet("", {}, ())
    return replace(seen.sheet, rows=tuple(one for one in seen.sheet.rows if seen.signatures[one[0]] in noted.agreed))


def _left(seen: Page, carried: Decided, noted: Marks) -> tuple[str, ...]:
    """Say of what was agreed to why it is not carried out: its cell has changed since, or the decision itself."""
    why: dict[Signature, str] = {}
    for at, problem in carried.problems:
        why.setdefault(seen.signatures[at.row], f"{problem.what} {problem.remedy}")
    gone = f"The decision is no longer on {SUGGESTIONS} as you agreed to it, and was not carried out."
    there = set(seen.signatures.values())
    return tuple(
        f"{one.value}, for {one.record.record_id}: {why.get(signature, gone)}"
        for signature, one in noted.agreed.items()
        if signature in why or signature not in there
    )


def _cells(seen: Page, values: Mapping[tuple[RecordKey, str], str]) -> _Edits:
    """Give the cells of Records to write; a column that is not there yet gets its heading."""
    edits: _Edits = {}
    for (key, name), value in values.items():
        edits[seen.places.rows[key], seen.columns[name]] = value
        if name in seen.shelf.missing:
            edits[seen.places.tables.header_row, seen.columns[name]] = NAMES[name]
    return edits


def _own_cells(seen: Page, carried: Decided, noted: Marks) -> _Edits:
    """Give the cells of the sheet to write: decisions that were carried out go, and what came of the others is said."""
    from sync.suggesting.rows import named_in_full

    if seen.sheet is None:
        return {}
    columns = seen.sheet.columns
    edits: _Edits = dict(named_in_full(seen.sheet, seen.shelf.names))
    fates = {one.at.row: one.suggested.fate.value for one in carried.decisions}
    fates |= {at.row: one.fate.value for at, one, _ in carried.already}
    over = {one.at.row: "" for one in carried.decisions} | {at.row: why for at, _, why in carried.already}
    later = {at.row: f"{problem.what} {problem.remedy}" for at, problem in carried.problems}
    for row, _ in seen.sheet.rows:
        if row in over:
            edits[row, columns["Decision"]] = None
            held = (
                f"It is {fates[row]}; State cannot say so, as its cell must not be written."
                if row in seen.fixed
                else ""
            )
            edits[row, columns["Message"]] = f"{over[row]} {held}".strip() or None
            edits[row, columns["State"]] = fates[row]
        elif said := noted.said.get(seen.signatures[row], "") or later.get(row, ""):
            edits[row, columns["Message"]] = said
    return edits


def _after(known: Iterable[Suggested], fates: Iterable[Suggested]) -> tuple[Suggested, ...]:
    by = {(one.record, one.idea, one.value): one for one in fates}
    return tuple(by.get((one.record, one.idea, one.value), one) for one in known)
