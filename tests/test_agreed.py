"""What is agreed on a text, by journal, sheet and service: the whole table, and what a merge does that breaks a rule.

A breach puts nothing of ours in another's place: a merge that checks no proof does what the real one does with a sheet
whose proofs are right, and one that ranks by time alone does what the real one does while the service says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import pytest

from sync.agreed import Merged, merge
from sync.model import UNSEEN, Base, Origin, RemoteState, RemoteText
from sync.noting import updates
from sync.provenance import HEADINGS, Provenance, line, made_out
from sync.tables import Notes
from tests.nouns import TITLE, record, text_key

if TYPE_CHECKING:
    from collections.abc import Callable

HERE, KEY = "the service", text_key()
OLD, NEW = 1_700_000_000.0, 1_710_000_000.0
KNOWN, ONLY_SHEET = None, "known from the workbook"
OURS, THEIRS = "the service has what the journal says", "the service has what the workbook says"
OURS_NEWER, THEIRS_NEWER = "what the journal says is newer", "what the workbook says is newer"


@dataclass(frozen=True)
class Case:
    """Who says what: texts and ids, and the moment for journal and sheet. None: says nothing."""

    journal: tuple[str, str, float] | None
    sheet: tuple[str, str, float] | None
    cell: str
    service: tuple[str, str] | None
    agreed: tuple[str, str] | None
    """The text and its id."""
    why: str | None
    spoiled: Callable[[str], str] | None = None
    """What somebody did to the cell of the sheet."""


def later(cell: str) -> str:
    return cell.replace("2023-11-14", "2099-11-14")


def another_id(cell: str) -> str:
    return cell.replace(" t2 ", " t1 ")


def of_another_record(_: str) -> str:
    return line(HERE, text_key("B2"), base("sheet's", "t2", OLD))


def cut(cell: str) -> str:
    return cell[:-4]


J_OLD, J_NEW = ("journal's", "t1", OLD), ("journal's", "t1", NEW)
S_OLD, S_NEW = ("sheet's", "t2", OLD), ("sheet's", "t2", NEW)

CASES = {
    "nobody knows of it": Case(None, None, "a", ("b", "t9"), None, None),
    "only the journal": Case(J_OLD, None, "a", ("b", "t9"), ("journal's", "t1"), KNOWN),
    "only the sheet, its words in the cell": Case(None, S_OLD, "sheet's", ("b", "t9"), ("sheet's", "t2"), ONLY_SHEET),
    "only the sheet, its words on the service": Case(
        None, S_OLD, "edited", ("sheet's", "t2"), ("sheet's", "t2"), ONLY_SHEET
    ),
    "only the sheet, its words nowhere": Case(None, S_OLD, "edited", ("b", "t2"), (UNSEEN, "t2"), ONLY_SHEET),
    "both say the same": Case(J_OLD, J_OLD, "a", ("b", "t9"), ("journal's", "t1"), KNOWN),
    "the service has the journal's, which is older": Case(
        J_OLD, S_NEW, "sheet's", ("journal's", "t1"), ("journal's", "t1"), OURS
    ),
    "the service has the sheet's, which is older": Case(
        J_NEW, S_OLD, "a", ("sheet's", "t2"), ("sheet's", "t2"), THEIRS
    ),
    "the service has other words under the journal's id": Case(
        J_OLD, S_NEW, "sheet's", ("b", "t1"), ("journal's", "t1"), OURS
    ),
    "the service has other words under the sheet's id": Case(
        J_NEW, S_OLD, "sheet's", ("b", "t2"), ("sheet's", "t2"), THEIRS
    ),
    "words count before the id": Case(J_OLD, S_NEW, "sheet's", ("journal's", "t2"), ("journal's", "t1"), OURS),
    "of equal words the id counts": Case(
        ("sheet's", "t1", OLD), S_NEW, "sheet's", ("sheet's", "t1"), ("sheet's", "t1"), OURS
    ),
    "the service tells nothing, the sheet's is newer": Case(
        J_OLD, S_NEW, "sheet's", None, ("sheet's", "t2"), THEIRS_NEWER
    ),
    "the service tells nothing, the journal's is newer": Case(
        J_NEW, S_OLD, "sheet's", None, ("journal's", "t1"), OURS_NEWER
    ),
    "of the same moment, the journal's": Case(J_OLD, S_OLD, "sheet's", None, ("journal's", "t1"), OURS_NEWER),
    "the sheet's moment was changed": Case(None, S_OLD, "sheet's", None, (UNSEEN, "t2"), ONLY_SHEET, later),
    "the sheet's id was changed": Case(None, S_OLD, "sheet's", None, (UNSEEN, "t1"), ONLY_SHEET, another_id),
    "the sheet's cell is another record's": Case(
        None, S_OLD, "sheet's", None, (UNSEEN, "t2"), ONLY_SHEET, of_another_record
    ),
    "the sheet's cell cannot be made out": Case(J_OLD, S_NEW, "sheet's", None, ("journal's", "t1"), KNOWN, cut),
}


def base(value: str, text_id: str, at: float) -> Base:
    return Base(value, text_id, "d" * 64, Origin.GENERATED, run_id="r1", at=at)


def sheet(case: Case) -> Provenance:
    """Write the sheet as a run writes it, then let somebody at it."""
    if case.sheet is None:
        return made_out(Notes("_sync", (1,), {1: ("workbook id",)}))
    made = updates(Provenance(Notes("_sync", (1,))), HERE, {KEY: base(*case.sheet)}.items, simulated=False)
    cells = {place: str(text) for place, text in made.items()}
    place = max(cells)
    if case.spoiled is not None:
        assert cells[place] != case.spoiled(cells[place])
        cells[place] = case.spoiled(cells[place])
    rows = sorted({row for row, _ in cells})
    columns = range(1, len(HEADINGS) + 2)
    return made_out(Notes("_sync", rows, {at: [cells.get((row, at), "") for row in rows] for at in columns}))


def merged(case: Case, provenance: Provenance, service: tuple[str, str] | None, runs: tuple[str, ...]) -> Merged:
    remote = RemoteState({} if service is None else {KEY: RemoteText(KEY, service[1], service[0])})
    known = {} if case.journal is None else {KEY: base(*case.journal)}
    rows = [record(texts={TITLE: case.cell})]
    return merge(provenance, HERE, rows, remote, known, runs, lambda _: {TITLE: "d" * 64})


def as_told(found: Merged) -> tuple[tuple[str, str] | None, str | None]:
    one, why = found.bases.get(KEY), found.settled.get(KEY)
    return (None if one is None else (one.value, one.text_id)), why and why.rpartition("; ")[2]


@pytest.mark.parametrize("what", CASES)
def test_what_counts_is_what_the_table_says(what: str) -> None:
    case = CASES[what]
    found = merged(case, sheet(case), case.service, ("r1",))
    assert as_told(found) == (case.agreed, case.why)
    taken = found.bases.get(KEY) if case.why in {ONLY_SHEET, THEIRS, THEIRS_NEWER} else None
    assert found.learned.get(KEY) == taken, "the journal learns what counts and it did not know"
    assert bool(found.strange) == (case.spoiled is cut)


def signed_again(case: Case) -> tuple[Provenance, tuple[str, str] | None]:
    """Check no proof: the sheet's words are whatever stands in the cell."""
    provenance = sheet(case)
    if case.sheet is not None and case.spoiled is not cut:
        column = provenance.columns[TITLE]
        *_, text_id, digest, _ = provenance.text(HERE, KEY).split()
        at = NEW if case.sheet[2] == NEW else OLD
        said = line(HERE, KEY, replace(base(case.cell, text_id, at), input_digest=digest))
        below = [said if text else "" for text in provenance.notes.columns[column]]
        below[0] = TITLE
        notes = Notes("_sync", provenance.notes.rows, {**provenance.notes.columns, column: below})
        provenance = made_out(notes)
    return provenance, case.service


def by_time_alone(case: Case) -> tuple[Provenance, tuple[str, str] | None]:
    """Look at nothing but which is newer."""
    return sheet(case), None


def by_id_alone(case: Case) -> tuple[Provenance, tuple[str, str] | None]:
    """Look at the service's text id, and not at its words."""
    return sheet(case), case.service and ("other words", case.service[1])


def sheet_unread(case: Case) -> tuple[Provenance, tuple[str, str] | None]:
    """Take the journal's word for everything."""
    return sheet(replace(case, sheet=None)), case.service


Breach: TypeAlias = "Callable[[Case], tuple[Provenance, tuple[str, str] | None]]"
"""What the merge gets to see of a case, instead of what is so: the sheet, and what the service has."""

BREACHES: dict[Breach, set[str]] = {
    signed_again: {
        "only the sheet, its words nowhere",
        "the sheet's moment was changed",
        "the sheet's id was changed",
        "the sheet's cell is another record's",
    },
    by_time_alone: {
        "the service has the journal's, which is older",
        "the service has the sheet's, which is older",
        "the service has other words under the journal's id",
        "the service has other words under the sheet's id",
        "words count before the id",
        "of equal words the id counts",
    },
    by_id_alone: {"words count before the id"},
    sheet_unread: {"only the sheet, its words in the cell", "the service has the sheet's, which is older"},
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_merge_that_breaks_a_rule_is_caught_by_the_table(
    breach: Breach,
) -> None:
    caught = {
        what for what, case in CASES.items() if as_told(merged(case, *breach(case), ("r1",))) != (case.agreed, case.why)
    }
    assert caught >= BREACHES[breach]


@pytest.mark.parametrize(("runs", "shared"), [(("r1",), False), ((), True)])
def test_a_run_that_the_journal_does_not_know_tells_of_somebody_else(runs: tuple[str, ...], shared: bool) -> None:
    case = CASES["only the sheet, its words in the cell"]
    assert merged(case, sheet(case), case.service, runs).shared is shared
