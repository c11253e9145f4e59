"""The sheet Images: whether a sheet of that name is ours, and what stands on it. It never judges."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sync.model import ALT_TEXT
from sync.tables import Tables
from sync.workbook.added import lines
from sync.workbook.layout import Role, image_heading_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sync.workbook.headings import Line
    from sync.workbook.package.container import Container

SEARCHED = 10
"""Filled rows in which the headings are looked for."""

_OURS = {"image_id", ALT_TEXT}
"""By either of these headings the sheet is known for ours: a user's own may have the name as well."""


def is_image_sheet(container: Container, name: str) -> bool:
    """Tell whether a sheet begins as ours does, without reading all of it."""
    return any(_is_head(texts.values()) for _, texts in islice(lines(container, name), SEARCHED))


def image_tables(
    sheet: str,
    first: Iterable[Line],
    below: Callable[[int, Collection[int]], tuple[Sequence[int], Mapping[int, Sequence[str]]]],
    records: Tables,
) -> Tables | None:
    """Give what stands on the sheet, in the workbook of these records; None where it has no headings of ours.

    `first` are its first rows; `below` gives what is under a row, read so that the columns named hold ids.
    """
    for row, cells in first:
        if not _is_head(text for _, text in cells):
            continue
        ids = {column for column, text in cells if (found := image_heading_for(text)) and found.role is Role.IDENTITY}
        return Tables(sheet, row, tuple(cells), *below(row, ids), records.workbook_id, records.sha256)
    return None


def _is_head(texts: Iterable[str]) -> bool:
    return bool({found.field for text in texts if (found := image_heading_for(text))} & _OURS)
