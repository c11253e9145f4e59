"""What goes into the Records sheet of a new workbook, and how a text is made fit for a cell.

Nothing here reads or writes a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.model import PRODUCT_TEXTS, Cell, Problem
from sync.workbook.layout import HEADINGS, RECORDS, Role, folded, heading_for
from sync.workbook.package.text import LIMIT
from sync.workbook.package.text import fit as text_fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sync.workbook.layout import Heading

MOST_ROWS = 1_048_575
"""Rows below the heading that a sheet can hold."""

MOST_HEADING = 255
"""Characters that the name of a table's column can have."""

PRODUCT_EXAMPLES = ("Brand", "Material", "Colour", "Size")
CATEGORY_EXAMPLES = ("Parent category", "Brands", "Typical products")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading as it is shown, and what the column is for."""

    name: str
    role: Role
    width: float = 18.0
    note: str = ""
    field: str = ""
    """The name in our own code; empty for an attribute."""


@dataclass(frozen=True, slots=True)
class ProductTable:
    """Products on their way into a new workbook. Every row has one string a column, in the order of the columns.

    `kind` names the shop system (`Shopify`), `source` the file; `notes` say what was folded or left out.
    """

    kind: str
    source: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = field(default=())


def known_column(heading: Heading, values: Iterable[str] = ()) -> Column:
    """Make the column of a heading that we know; an id is shown whole, within reason."""
    width = heading.width
    if heading.role is Role.IDENTITY:
        width = max(width, min(44.0, max((len(value) for value in values), default=0) + 3))
    return Column(heading.name, heading.role, width, heading.note, heading.field)


def attribute_column(name: str, values: Iterable[str] = ()) -> Column:
    """Make an attribute column that is as wide as its values ask for, within reason."""
    longest = max((len(value) for value in values), default=0)
    width = float(min(36, max(12, longest + 2, len(name) + 4)))
    return Column(name, Role.ATTRIBUTE, width)


def record_columns(table: ProductTable | None, texts: Sequence[str], examples: Sequence[str]) -> tuple[Column, ...]:
    """Put the columns of a new Records sheet in order: what we know by name, attributes, texts, results.

    `texts` are the text types that get a column even when the table has none. Without a table, `examples` are the
    attributes; a table brings its own.
    """
    given = {folded(column.name): column for column in table.columns} if table else {}
    before: list[Column] = []
    after: list[Column] = []
    for heading in HEADINGS:
        wanted = heading.field in texts if heading.role is Role.TEXT else heading.template
        if heading.field == "sku" and not set(texts) & set(PRODUCT_TEXTS):
            wanted = False  # only products have one
        if wanted or folded(heading.name) in given:
            column = given.get(folded(heading.name), known_column(heading))
            (after if heading.role in {Role.TEXT, Role.RESULT} else before).append(column)
    if table is None:
        attributes = [attribute_column(name) for name in examples]
    else:
        attributes = [column for column in table.columns if heading_for(column.name) is None]
    return (*before, *attributes, *after)


# ------------------------------------------------------------------------------- what a cell can hold

_LINE_END = re.compile(r"\r\n?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cleaned(text: str) -> str:
    """Take out what XML cannot carry, and write every line end as a line feed."""
    return _FORBIDDEN.sub("", _LINE_END.sub("\n", text))


def escaped(text: str) -> str:
    """Guard what Excel would take for an escape: `_x0041_` would come back as A."""
    return _ESCAPE.sub("_x005F_", text)


def fits(text: str) -> bool:
    """Tell whether a cell can hold a text as it is; quick, and on the safe side."""
    return 2 * len(text) <= LIMIT and "\r" not in text and not _FORBIDDEN.search(text)


def fit(text: str, cell: Cell) -> tuple[str, Problem | None]:
    """Make a text fit for a cell; the problem (a warning) says what was lost, if anything was."""
    clean = cleaned(text)
    fitted = text_fit(clean)
    lost = len(_LINE_END.sub("\n", text)) - len(clean)
    if fitted.notes:
        kind, what, remedy = (
            "text-too-long",
            f"The text was {'; '.join(fitted.notes)}.",
            "Shorten it where it comes from.",
        )
    elif lost:
        kind = "control-characters"
        what = f"The text had {lost} invisible control characters that a workbook cannot hold; they were left out."
        remedy = "Nothing to do, unless the text reads wrong."
    else:
        return clean, None
    return fitted.text, Problem(str(cell), kind, clean[:40], what, remedy, warning=True)


def duplicate_ids(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[Problem, ...]:
    """Find rows that name the same record as an earlier row does: same id, type, store and language."""
    places = [i for i, column in enumerate(columns) if column.role is Role.IDENTITY]
    where = next((i + 1 for i, column in enumerate(columns) if column.field == "record_id"), 1)
    first: dict[tuple[str, ...], int] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        key = tuple(row[place] for place in places)
        if any(key) and first.setdefault(key, number) != number:
            problems.append(
                Problem(
                    where=str(Cell(RECORDS, number, where)),
                    kind="duplicate-id",
                    value=" / ".join(part for part in key if part),
                    what=f"Row {first[key]} has the same Record ID.",
                    remedy="Every record may stand in the workbook once.",
                ),
            )
    return tuple(problems)
