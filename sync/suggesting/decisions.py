"""Decisions on the sheet: checked against the workbook and the service's rules.

A filled cell is added to where it holds several things, and replaced only where somebody says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.keyword_sheets.decisions import too_long, with_keywords
from sync.model import ON_PURPOSE, Fate, Suggested
from sync.sheets.asked import Hearing, Names
from sync.sheets.values import fold
from sync.suggesting.rows import idea_of
from sync.suggesting.shelf import AUDIENCES, CUSTOM, KINDS, NAMES, SEMANTIC, holds, parts
from sync.workbook.layout_suggestions import DISMISS, REPLACE, SUGGESTION_CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.model import Cell, Problem, Record, RecordKey
    from sync.sheets.asked import Sheet
    from sync.suggesting.shelf import Place, Shelf

_SHOWN = 80
"""Characters of a cell that a message shows."""


@dataclass(frozen=True, slots=True)
class Settled:
    """One decision to carry out, checked. `place` is the cell that it changes; a suggestion dismissed changes none."""

    at: Cell
    suggested: Suggested
    effect: str
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.at}  {self.suggested.value}: {self.effect}"


@dataclass(frozen=True, slots=True)
class Decided:
    """What the sheet asks for, and what stands in the cells afterwards."""

    decisions: tuple[Settled, ...] = ()
    cells: Mapping[Place, str] = field(default_factory=dict)
    problems: tuple[tuple[Cell, Problem], ...] = ()
    already: tuple[tuple[Cell, Suggested, str], ...] = ()
    """Rows that need nothing done, each with the reason."""


def decided(
    sheet: Sheet,
    known: Iterable[Suggested],
    records: Sequence[Record],
    shelf: Shelf,
    agreed: Mapping[Place, str] | None = None,
) -> Decided:
    """Read the decisions, and check them against the workbook and the service's rules.

    `agreed` says what the cells held when somebody agreed to these decisions: one that holds something else by now is
    left as it is, and the decision is a problem. None: nobody was asked yet.
    """
    return _Reading(sheet, known, records, shelf, agreed).result()


class _Reading:
    """Reads the sheet row by row; what was decided above counts for what is decided below."""

    def __init__(
        self,
        sheet: Sheet,
        known: Iterable[Suggested],
        records: Sequence[Record],
        shelf: Shelf,
        agreed: Mapping[Place, str] | None,
    ) -> None:
        self.sheet, self.shelf, self.agreed = sheet, shelf, agreed
        self.hearing: Hearing[Settled] = Hearing(sheet)
        self.records = {record.key: record for record in records}
        self.known = {(one.record, one.idea, fold(one.value)): one for one in known}
        self.names = Names(shelf.names)
        self.cells: dict[Place, str] = {}
        self.by: dict[Place, int] = {}
        """The row that has put something into a cell that holds one thing."""
        self.already: list[tuple[Cell, Suggested, str]] = []

    def result(self) -> Decided:
        """Read all rows: what replaces comes first, then what is added to it."""
        found = [said for row, cells in self.sheet.rows if (said := self._said(row, cells)) is not None]
        for word, at, one in sorted(found, key=lambda each: each[0] != REPLACE):
            if word == DISMISS:
                effect = f"not wanted for {one.record.record_id}"
                self.hearing.decisions.append(Settled(at, replace(one, fate=Fate.DISMISSED), effect))
            else:
                self._take(at, one, whole=word == REPLACE)
        order = sorted(self.hearing.decisions, key=lambda one: one.at.row)
        return Decided(tuple(order), self.cells, tuple(self.hearing.problems), tuple(self.already))

    def _said(self, row: int, cells: Mapping[str, str]) -> tuple[str, Cell, Suggested] | None:
        if not (said := cells.get("Decision", "").strip()):
            return None
        at = self.sheet.cell(row, "Decision")
        word, key = self.hearing.word(at, said, SUGGESTION_CHOICES), self.names.find(self.hearing, row, cells)
        idea, value = idea_of(cells), fold(cells.get("Suggestion", ""))
        if idea is None:
            self.hearing.refuse(
                self.sheet.cell(row, "Kind"), "unknown-kind", cells.get("Kind", ""),
                "This is no kind of suggestion.", f"Type one of: {', '.join(KINDS.values())}.",
            )  # fmt: skip
        elif not value:
            where = self.sheet.cell(row, "Suggestion")
            self.hearing.refuse(where, "no-suggestion", "", "The row has no suggestion.", "Fill in the Suggestion.")
        elif word is not None and key is not None:
            words = " ".join(cells["Suggestion"].split())
            return word, at, self.known.get((key, idea, value), Suggested(key, idea, words))
        return None

    def _take(self, at: Cell, one: Suggested, *, whole: bool) -> None:
        goes = self.shelf.field_of(one.idea, one.value)
        place = (one.record, goes)
        now = self.cells.get(place, self.shelf.cells.get(place, ""))
        if holds(now, one.value, goes) and (not whole or fold(now) == fold(one.value)):
            self.already.append((at, replace(one, fate=Fate.ACCEPTED), f"It stands in {NAMES[goes]} already."))
            return
        if flaw := self._flaw(place, one, now, whole=whole):
            self.hearing.refuse(at, *flaw)
            return
        after = one.value if whole or goes == CUSTOM else with_keywords(now, [one.value], ())
        self.cells[place] = after
        self.by[place] = at.row
        effect = self._effect(place, now if whole else "")
        self.hearing.decisions.append(Settled(at, replace(one, fate=Fate.ACCEPTED), effect, place))

    def _flaw(self, place: Place, one: Suggested, now: str, *, whole: bool) -> tuple[str, str, str, str] | None:
        """Say why a suggestion cannot go into its cell: kind, value, what, remedy."""
        goes, column, rules = place[1], NAMES[place[1]], self.shelf.reference.rules
        if place not in self.shelf.cells:
            return "no-row", one.value, "The record has no row of its own on Records.", "Look at its row there."
        if (said := self._changed(place)) is not None:
            return "cell-has-changed", self.shelf.cells[place], said, "Look at it, then run the same command again."
        if reason := self.shelf.missing.get(goes, "") or self.shelf.blocked.get(place, ""):
            return "no-place", one.value, reason, "Put that right, then run the same command again."
        if whole and place in self.by:
            return ("decisions-differ", one.value, f"Row {self.by[place]} replaces the same cell, {column}.",
                    "Keep one of them.")  # fmt: skip
        if not whole and now and (goes == CUSTOM or fold(now) == fold(ON_PURPOSE)):
            if place in self.by:
                what = f"Row {self.by[place]} puts '{now}' into {column}, which holds one thing."
                return "decisions-differ", one.value, what, "Keep one of them."
            what = f"In {column} stands '{now}', which is not replaced without your word."
            return "cell-is-filled", one.value, what, f"Choose {REPLACE} to have it replaced."
        if goes == CUSTOM:
            most = rules.max_custom_audience_length
            what = f"The audience has {len(one.value)} characters; the service takes {most}."
            return ("audience-too-long", one.value, what, "Shorten it.") if most and len(one.value) > most else None
        if goes == SEMANTIC and (flaw := too_long(one.value, rules)):
            return flaw
        most, there = rules.max_semantic_keywords, 0 if whole else len(parts(now))
        if goes == SEMANTIC and most is not None and there >= most:
            return ("too-many-keywords", one.value, f"The service takes {most} semantic keywords of a record.",
                    f"Take another one out of {column} first.")  # fmt: skip
        return None

    def _changed(self, place: Place) -> str | None:
        """Say what has happened to a cell since somebody agreed to a change of it; None where nothing has."""
        now = self.shelf.cells[place]
        was = now if self.agreed is None else self.agreed.get(place)
        if was == now:
            return None
        where = self.shelf.at.get(place, NAMES[place[1]])
        held = "" if was is None else f" It held {_quoted(was)}."
        return f"The cell {where} has changed since you agreed, and now holds {_quoted(now)}.{held}"

    def _effect(self, place: Place, was: str) -> str:
        key, goes = place
        said = f"into {NAMES[goes]} of {key.record_id}"
        usual = "" if self.shelf.cells[place] else self._usual(key, goes)
        if was:
            said += f", instead of '{was}'"
        elif usual:
            said += f", instead of '{usual}' on Settings"
        return f"{said} (a new column)" if goes in self.shelf.missing else said

    def _usual(self, key: RecordKey, goes: str) -> str:
        """Give what counts for the record as long as its cell is empty."""
        if key not in self.records:
            return ""
        inputs = self.records[key].inputs
        shown = {one.id: one.name for one in self.shelf.reference.audiences}
        return {
            AUDIENCES: ", ".join(shown.get(one, one) for one in inputs.audiences),
            CUSTOM: inputs.custom_audience,
        }.get(goes, "")


def _quoted(text: str) -> str:
    return f"'{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}'" if text else "nothing"
