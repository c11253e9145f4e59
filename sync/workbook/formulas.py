"""Which columns of a sheet are worked out from which others, as its formulas say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.workbook.package.address import LAST_COLUMN, column_number
from sync.workbook.package.rows import Batch, walk

if TYPE_CHECKING:
    from sync.workbook.package.container import Container

ENOUGH = 20
"""Formulas of a column that are looked at: those below are nearly always the same."""

_CELL = re.compile(
    rb'<(?:[A-Za-z_][\w.-]*:)?c [^<>]*?\br="([A-Z]{1,3})[0-9]+"[^<>]*>\s*<(?:[A-Za-z_][\w.-]*:)?f(?:\s[^<>]*)?>([^<]+)<'
)
_REFERENCE = re.compile(
    rb"(?<![A-Za-z0-9_.!'\]])\$?([A-Z]{1,3})(?:\$?[0-9]+(?![0-9(A-Za-z_])|(?=:\$?[A-Z]{1,3}(?![0-9A-Za-z(])))"
)
_TEXT = re.compile(rb'"[^"]*"')


def worked_out(container: Container, sheet: str) -> dict[int, frozenset[int]]:
    """Give the columns that hold formulas, each with the columns of the same sheet that these refer to.

    What a formula refers to by a name, or through a table, is not seen.
    """
    seen: dict[int, int] = {}
    found: dict[int, set[int]] = {}
    for piece in walk(container.blocks(container.sheet(sheet).part)):
        if not isinstance(piece, Batch) or b"f>" not in piece.mask:
            continue
        for letters, formula in _CELL.findall(piece.mask):
            column = column_number(letters)
            seen[column] = seen.get(column, 0) + 1
            if seen[column] <= ENOUGH:
                named = map(column_number, _REFERENCE.findall(_TEXT.sub(b'""', formula)))
                found.setdefault(column, set()).update(one for one in named if one <= LAST_COLUMN)
    return {column: frozenset(columns) for column, columns in found.items()}
