"""Small workbooks as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import Choice, Combination, Reference, Rules
from sync.records import to_workbook
from sync.tables import SettingRow, Tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.model import Problem, Record, Workbook

RULES = Rules(
    max_name_length=40,
    max_custom_tone_length=10,
    max_custom_style_length=10,
    max_custom_audience_length=10,
    max_other_details_length=50,
    max_attributes=2,
    max_attribute_value_length=20,
    max_keywords=2,
    max_keyword_length=12,
    max_semantic_keywords=2,
    min_output_words=5,
    max_output_words=2000,
)
REFERENCE = Reference(
    rules=RULES,
    tones=(Choice("t1", "Friendly"), Choice("t2", "Formal"), Choice("t3", "Technical")),
    styles=(Choice("s1", "Concise"), Choice("s2", "Story-like")),
    audiences=(Choice("a1", "Home owners"), Choice("a2", "Children")),
    formal_languages=(Choice("f1", "Formal"), Choice("f2", "Informal")),
    formal_support=("de", "fr"),
    disallowed=(Combination((("Tone", "t1"), ("Style", "s1"))),),
)


def tables(
    headings: Sequence[str],
    *rows: Sequence[str],
    settings: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    first_row: int = 2,
) -> Tables:
    """Make a Records sheet whose headings stand in row 1, and a Settings sheet with its values in column B."""
    pairs = list(settings.items() if hasattr(settings, "items") else settings)
    width = max([len(headings), *map(len, rows)])
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    return Tables(
        sheet="Records",
        header_row=1,
        headings=tuple((column, text) for column, text in enumerate(headings, 1) if text),
        rows=range(first_row, first_row + len(rows)),
        columns={column: [row[column - 1] for row in filled] for column in range(1, width + 1)},
        workbook_id="w1",
        sha256="0" * 64,
        settings=tuple(SettingRow(row, name, value) for row, (name, value) in enumerate(pairs, 2)),
    )


def workbook(
    headings: Sequence[str],
    *rows: Sequence[str],
    settings: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    reference: Reference | None = REFERENCE,
) -> Workbook:
    """Read a small workbook."""
    return to_workbook(tables(headings, *rows, settings=settings), reference)


def record(
    headings: Sequence[str],
    row: Sequence[str],
    *,
    settings: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    reference: Reference | None = REFERENCE,
) -> Record:
    """Read the one record of a workbook without problems."""
    book = workbook(headings, row, settings=settings, reference=reference)
    assert not book.problems, book.problems
    return book.records[0]


def found(book: Workbook) -> list[tuple[str, str]]:
    """Give address and kind of each problem."""
    return [(problem.where, problem.kind) for problem in book.problems]


def only(book: Workbook) -> Problem:
    """Give the one problem."""
    assert len(book.problems) == 1, book.problems
    return book.problems[0]
