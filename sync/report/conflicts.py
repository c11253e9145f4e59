"""Texts in conflict: what stands on either side, what was last agreed on, and what a person can do about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.model import IMAGE, UNSEEN, Kind, normal, same
from sync.report.word_marks import Piece, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sync.model import Base, Change, RecordKey, TextKey

WIDTHS = (12.0, 20.0, 14.0, 44.0, 44.0, 44.0, 32.0, 20.0)
"""Of the columns of the sheet, in characters."""
NONE_LEFT = "No text is in conflict."


@dataclass(frozen=True, slots=True)
class Conflict:
    """A text that differs here and on the service, so that a person has to choose."""

    key: TextKey
    here: str
    there: str
    agreed: str
    """Empty where the two have never agreed on a text."""
    name: str = ""
    """Of the product."""

    @property
    def sides(self) -> tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Piece, ...]]:
        """Give the three texts with the words marked that each side has changed since they agreed.

        Where they never did, the sides are held against each other.
        """
        if not normal(self.agreed):
            return marked(self.here, self.there), marked(self.there, self.here), ()
        kept = marked(self.agreed, self.here if not same(self.here, self.agreed) else self.there)
        return marked(self.here, self.agreed), marked(self.there, self.agreed), kept

    @property
    def advice(self) -> str:
        """Say what to do."""
        sheet = "Images" if self.key.record.type == IMAGE else "Records"
        return (
            f"On {sheet}, at {self.key.record.record_id}, choose the Action Pull to take the service's text, or Push to"
            " send yours; then run again."
        )


def conflicts(
    changes: Iterable[Change], bases: Mapping[TextKey, Base], names: Mapping[RecordKey, str]
) -> tuple[Conflict, ...]:
    """Pick the texts in conflict, in the order of the workbook. `names` are those of the products."""
    return tuple(
        Conflict(
            change.key,
            change.was,
            change.now,
            _words(bases.get(change.key)),
            names.get(change.key.record, ""),
        )
        for change in changes
        if change.kind is Kind.CONFLICT
    )


def standing(found: Iterable[Conflict], cell: Callable[[TextKey], str | None]) -> tuple[Conflict, ...]:
    """Give the conflicts that are still there, with what their cells say now; `cell` gives None where there is none."""
    now = ((one, cell(one.key)) for one in found)
    return tuple(
        replace(one, here=text) for one, text in now if text is not None and normal(text) and not same(text, one.there)
    )


def messages(found: Iterable[Conflict]) -> dict[RecordKey, str]:
    """Say in the row of each record which of its texts are in conflict, and what to choose."""
    names: dict[RecordKey, list[str]] = {}
    for one in found:
        names.setdefault(one.key.record, []).append(one.key.text_type)
    return {
        record: f"{', '.join(texts).capitalize()}: another text here than on the service. Choose Pull to take the"
        " service's, or Push to send yours; the sheet Conflicts shows both."
        for record, texts in names.items()
    }


def where(record: RecordKey) -> str:
    """Name type, store and language of a record."""
    return f"{record.type}, {record.store}, {record.language}"


def _words(base: Base | None) -> str:
    """Give the words that were agreed on, where they are known."""
    return "" if base is None or base.value == UNSEEN else base.value
