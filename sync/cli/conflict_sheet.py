"""The sheet Conflicts: each text in conflict with both its sides, written where there are any, cleared where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sync.model import TextKey
    from sync.projection import Projection
    from sync.records.locate import Places
    from sync.report.conflicts import Conflict
    from sync.report.word_marks import Piece
    from sync.workbook.package.rich import Mark, RichText
    from sync.workbook.package.sheets import NewSheet


def still_there(
    places: Places, projection: Projection, conflicts: Sequence[Conflict] | None
) -> tuple[Conflict, ...] | None:
    """Give the conflicts that the workbook has at the moment of writing; None where nobody has looked for any."""
    from sync.report.conflicts import standing

    if conflicts is None:
        return None
    brought = {item.key for item in projection.written} if conflicts else frozenset()

    def cell(key: TextKey) -> str | None:
        there = places.of(key.record)
        target = None if there is None else there.target(key)
        return None if there is None or target is None or key in brought else there.cell(*target)

    return standing(conflicts, cell)


def conflict_sheet(path: Path, conflicts: Sequence[Conflict] | None) -> tuple[tuple[NewSheet, ...], tuple[str, ...]]:
    """Give the sheet where it has to be written, and what is to be said where it cannot be."""
    from sync.workbook.layout import CONFLICTS
    from sync.workbook.ours import has_sheet, hindrance, is_there

    if conflicts is None or not (conflicts or has_sheet(path, CONFLICTS)):
        return (), ()
    sheet = _sheet(conflicts)
    if is_there(path, sheet):
        return (), ()
    reason = hindrance(path, sheet)
    if not reason:
        return (sheet,), ()
    return (), (f"{reason} Texts in conflict are named in Status and Message only.",) if conflicts else ()


def _sheet(conflicts: Sequence[Conflict]) -> NewSheet:
    from sync.report.conflicts import NONE_LEFT, WIDTHS
    from sync.workbook.layout import CONFLICT_HEADINGS, CONFLICTS
    from sync.workbook.package.sheets import NewSheet

    rows = [_row(one) for one in conflicts] or [("", NONE_LEFT)]
    return NewSheet(CONFLICTS, (CONFLICT_HEADINGS, *rows), widths=WIDTHS)


def _row(one: Conflict) -> tuple[str | RichText, ...]:
    from sync.report.conflicts import where
    from sync.workbook.package.rich import Mark

    here, there, agreed = one.sides
    return (
        one.key.record.record_id,
        one.name,
        one.key.text_type.capitalize(),
        _text(here, Mark.MINE),
        _text(there, Mark.THEIRS),
        _text(agreed, Mark.GONE),
        one.advice,
        where(one.key.record),
    )


def _text(pieces: Sequence[Piece], mark: Mark) -> RichText:
    from sync.workbook.package.rich import Mark, RichText, Run

    return RichText(tuple(Run(piece.text, mark if piece.differs else Mark.NONE) for piece in pieces))
