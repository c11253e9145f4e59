"""The cells of a workbook as they were read, before anybody has asked what they mean.

Held by columns, not by rows or cells: 100,000 records make fifteen lists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


NO_VALUE = "#NO_VALUE!"
"""What stands in the place of a formula that was never calculated: its cell shows nothing, and means something."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that reading has seen of a cell, or of the sheet, which its text does not say.

    `kind` is one of the words below; `row` and `column` say where, `value` what stands there, `detail` what more
    there is to know.
    """

    kind: str
    row: int
    column: int
    value: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One row of the Settings sheet: where it stands, the setting's name, and its value."""

    row: int
    name: str
    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """What stands on our own very hidden sheet: row numbers, and columns with one text for each of them.

    Each reading of a workbook is one of its own: it equals no other.
    """

    sheet: str
    rows: Sequence[int] = ()
    columns: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tables:
    """What stands on the sheets that matter. Rows and columns are counted from 1, as Excel shows them.

    `rows` holds the row numbers below the headings in which anything stands, ascending; every column has one
    value for each of them, and an empty cell is an empty string. A column without a heading is in `columns` only.
    """

    sheet: str
    header_row: int
    headings: tuple[tuple[int, str], ...]
    """Column and text of each heading, from left to right."""
    rows: Sequence[int]
    columns: Mapping[int, Sequence[str]]
    workbook_id: str
    sha256: str
    """Of the file's bytes."""
    settings: tuple[SettingRow, ...] = ()
    settings_sheet: str = "Settings"
    settings_column: int = 2
    """The column in which the values stand."""
    remarks: tuple[Remark, ...] = ()
    """What else was seen on the sheet of the records."""
    notes: Notes | None = None
    """Our own sheet; None where the workbook has none."""
    worked_out: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Columns that hold formulas, each with the columns that these refer to."""
    images: Tables | None = None
    """The sheet with the images, without settings and notes; None where the workbook has none."""
