"""Which column is what: headings found by name, and what is odd about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.model import Cell
from sync.records.problems import Flaw
from sync.records.remarks import merged_headings
from sync.workbook.layout import HEADINGS, IGNORED_HEADINGS, Heading, Role, folded, heading_for, near_miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.records.problems import Findings
    from sync.tables import Tables

_IGNORED = frozenset(map(folded, IGNORED_HEADINGS))
_CANONICAL = {folded(heading.name) for heading in HEADINGS}
_SERIOUS = {Role.CONTROL, Role.IDENTITY, Role.TEXT}
"""Reading such a column as an attribute would cost money or texts; a misspelt one has to be cleared up."""

_CONFIRM = "If it is meant as it is, write {0} = {0} beside Column names on Settings"


@dataclass(slots=True)
class Columns:
    """The columns of Records by what they are for; numbers count from 1."""

    fields: dict[str, int] = field(default_factory=dict)
    """Control, identity and input columns by our own name of the field."""
    texts: dict[str, int] = field(default_factory=dict)
    """Text columns by text type."""
    attributes: list[tuple[int, str]] = field(default_factory=list)
    """Column and name of each attribute, from left to right."""

    def all(self) -> list[int]:
        """Give every column that says something about a record."""
        return [*self.fields.values(), *self.texts.values(), *(column for column, _ in self.attributes)]


@dataclass(slots=True)
class _Claim:
    """A column and the heading it might be; `rank` 0 is a heading of ours to the letter, 1 another name for it."""

    column: int
    text: str
    heading: Heading | None
    rank: int
    meant: bool
    """The user has said in Settings what it is."""


def find_columns(tables: Tables, names: Mapping[str, str], not_sent: Iterable[str], findings: Findings) -> Columns:
    """Sort the columns by what they are for.

    `names` maps a folded heading of the user to ours or to an attribute's name; `not_sent` holds folded headings.
    """
    hidden = set(not_sent)
    claims = [_claim(column, text, names) for column, text in tables.headings if folded(text) not in hidden]
    winners: dict[str, _Claim] = {}
    for claim in sorted((claim for claim in claims if claim.heading), key=lambda claim: claim.rank):
        winners.setdefault(claim.heading.field if claim.heading else "", claim)
    columns = Columns()
    attributes: dict[str, int] = {}
    for claim in claims:
        cell = Cell(tables.sheet, tables.header_row, claim.column)
        heading = claim.heading
        if heading is not None and winners[heading.field] is claim:
            _place(columns, heading, claim.column)
            continue
        if heading is not None and (heading.role is Role.RESULT or not _second(claim, winners, cell, findings)):
            continue
        key = folded(claim.text)
        if key in _IGNORED and not claim.meant:
            continue
        if key in attributes:
            first = Cell(tables.sheet, tables.header_row, attributes[key])
            findings.in_heading(cell, Flaw(
                "duplicate-heading", claim.text, f"There is another column {claim.text} in {first}.",
                "Give one of the two another heading, or put the values into one column."))  # fmt: skip
            continue
        attributes[key] = claim.column
        columns.attributes.append((claim.column, " ".join(claim.text.split())))
        if heading is None and not claim.meant:
            _look_for_misspelling(claim, winners, cell, findings)
    _look_for_nameless(tables, findings)
    _leave_out_circles(tables, columns, winners, findings)
    return columns


def _leave_out_circles(tables: Tables, columns: Columns, winners: Mapping[str, _Claim], findings: Findings) -> None:
    """Leave out properties that are worked out from what we write: each text would change its own product."""
    ours = {*columns.texts.values()}
    ours |= {claim.column for claim in winners.values() if claim.heading and claim.heading.role is Role.RESULT}
    for column, name in [one for one in columns.attributes if _from(one[0], tables.worked_out) & ours]:
        columns.attributes.remove((column, name))
        findings.in_heading(Cell(tables.sheet, tables.header_row, column), Flaw(
            "worked-out-of-texts", name, f"{name} is worked out from texts that wtsync writes, so it is not sent.",
            "That is all right. To be rid of this, name the column beside Columns not to send on Settings.",
            warning=True))  # fmt: skip


def _from(column: int, formulas: Mapping[int, frozenset[int]]) -> set[int]:
    """Give all columns that a column is worked out from, however many steps away."""
    found: set[int] = set()
    waiting = [column]
    while waiting:
        new = formulas.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting += new
    return found


def _claim(column: int, text: str, names: Mapping[str, str]) -> _Claim:
    ours = names.get(folded(text))
    if ours is None:
        return _Claim(column, text, heading_for(text), 0 if folded(text) in _CANONICAL else 1, meant=False)
    heading = heading_for(ours)
    if folded(ours) == folded(text) and folded(text) not in _CANONICAL:
        heading = None  # "Title = Title": an attribute, although we would have taken it for something else
    return _Claim(column, text if heading else ours, heading, 0, meant=True)


def _place(columns: Columns, heading: Heading, column: int) -> None:
    if heading.role is Role.TEXT:
        columns.texts[heading.field] = column
    elif heading.role is not Role.RESULT:
        columns.fields[heading.field] = column


def _second(claim: _Claim, winners: Mapping[str, _Claim], cell: Cell, findings: Findings) -> bool:
    """Say what happens to a column whose place is taken; True if it goes on as an attribute."""
    heading = claim.heading
    if heading is None:
        return True
    winner = winners[heading.field]
    taken = Cell(cell.sheet, cell.row, winner.column)
    if claim.rank == winner.rank:
        findings.in_heading(cell, Flaw(
            "duplicate-heading", claim.text, f"It stands for {heading.name}, as {winner.text} in {taken} does.",
            f"Leave only one of them called {heading.name}, and give the other another heading."))  # fmt: skip
        return False
    sent = heading.role is Role.INPUT
    goes = "is sent as a property of the product" if sent else "is not used"
    findings.in_heading(cell, Flaw(
        "second-heading", claim.text, f"{taken} is the {heading.name} already, so the column {claim.text} {goes}.",
        _CONFIRM.format(claim.text) + ", or add it to Columns not to send.", warning=True))  # fmt: skip
    return sent


def _look_for_misspelling(claim: _Claim, winners: Mapping[str, _Claim], cell: Cell, findings: Findings) -> None:
    ours = near_miss(claim.text, (heading.name for heading in HEADINGS))
    heading = heading_for(ours) if ours else None
    if ours is None or heading is None:
        return
    serious = heading.role in _SERIOUS and heading.field not in winners
    findings.in_heading(cell, Flaw(
        "misspelt-heading", claim.text,
            f"Did you mean {ours}? As it is, this column is sent as a property of the product.",
        f"Change the heading to {ours}. " + _CONFIRM.format(claim.text) + ".", warning=not serious))  # fmt: skip


def _look_for_nameless(tables: Tables, findings: Findings) -> None:
    named = {column for column, _ in tables.headings}
    merged = merged_headings(tables.remarks)
    for column, cells in tables.columns.items():
        if column in named:
            continue
        at = next((index for index, value in enumerate(cells) if value.strip()), None)
        if at is not None:
            over = merged.get(column)
            why = f": {over.value}, merged across {over.detail}, is that of the first column only" if over else ""
            findings.in_heading(Cell(tables.sheet, tables.header_row, column), Flaw(
                "no-heading", cells[at],
                f"This column has no heading{why}, so it is not used (row {tables.rows[at]} has a value).",
                "Give it a heading if it belongs to the products.", warning=True))  # fmt: skip
