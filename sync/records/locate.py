"""Finds where things stand in a workbook at the moment of writing: records by their key, columns by their heading.

It judges nothing: a row that has become wrong since its texts were ordered is still the row they belong to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.model import ALT_TEXT, IMAGE, KEYWORDS, RecordKey, Rules
from sync.records.choices import choosers
from sync.records.columns import find_columns
from sync.records.images import image_rows
from sync.records.problems import Findings
from sync.records.rows import Rows
from sync.records.settings import read_settings
from sync.workbook.layout import HEADINGS, Role, folded, heading_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import TextKey
    from sync.records.columns import Columns
    from sync.records.settings import Settings
    from sync.tables import Tables


@dataclass(frozen=True, slots=True)
class Places:
    """Rows by record and columns by what they hold, counted from 1. A record that stands in two rows has no place."""

    tables: Tables
    rows: Mapping[RecordKey, int]
    texts: Mapping[str, int]
    """By text type, and the column Keywords beside them: keywords that were found come into it as texts do."""
    results: Mapping[str, int]
    action: int | None
    fields: Mapping[str, int] = field(default_factory=dict)
    """Columns of what the texts are made from, by our own name of the field."""
    images: Places | None = None
    """Where the images stand, on their own sheet."""

    def sheets(self) -> tuple[Places, ...]:
        """Give the places of each sheet by themselves."""
        return (self,) if self.images is None else (self, self.images)

    def of(self, record: RecordKey) -> Places | None:
        """Give the places of the sheet that a record stands on; None where the workbook has no such sheet."""
        return self.images if record.type == IMAGE else self

    def target(self, key: TextKey) -> tuple[int, int] | None:
        """Give row and column of a text on this sheet; None where it has no place."""
        row, column = self.rows.get(key.record), self.texts.get(key.text_type)
        return None if row is None or column is None else (row, column)

    def cell(self, row: int, column: int) -> str:
        """Give what stands in a cell of a record's row."""
        rows = self.tables.rows
        at = rows.index(row) if isinstance(rows, range) else bisect_left(rows, row)
        return self.tables.columns[column][at]


def locate(tables: Tables) -> Places:
    """Find every record and column that results can be written to."""
    findings, lists, rules = Findings(), choosers(None), Rules()
    settings = read_settings(tables, lists, rules, findings)
    columns = find_columns(tables, settings.column_names, settings.not_sent, findings)
    found: dict[RecordKey, int] = {}
    twice: set[RecordKey] = set()
    if "record_id" in columns.fields:
        rows = Rows(tables, columns, findings, lists, rules)
        for at in rows.live:
            key = RecordKey(
                rows.store[at] or settings.store,
                rows.type[at] or settings.type,
                rows.record_id[at],
                rows.language[at] or settings.language,
            )
            if key in found:
                twice.add(key)
            if key.record_id:
                found[key] = tables.rows[at]
    return Places(
        tables=tables,
        rows={key: row for key, row in found.items() if key not in twice} if twice else found,
        texts=_texts(columns),
        results=_results(tables, settings),
        action=columns.fields.get("action"),
        fields=columns.fields,
        images=_images(tables.images, found, settings) if tables.images is not None else None,
    )


def text_columns(tables: Tables) -> list[tuple[Tables, Mapping[str, int]]]:
    """Find only the columns of texts, sheet by sheet, that of the images last; as in `Places.texts`."""
    findings = Findings()
    settings = read_settings(tables, choosers(None), Rules(), findings)
    columns = find_columns(tables, settings.column_names, settings.not_sent, findings)
    found: list[tuple[Tables, Mapping[str, int]]] = [(tables, _texts(columns))]
    if tables.images is not None:
        found.append((tables.images, _images(tables.images, (), settings).texts))
    return found


def _texts(columns: Columns) -> dict[str, int]:
    keywords = {KEYWORDS: columns.fields["keywords"]} if "keywords" in columns.fields else {}
    return columns.texts | keywords


def result_columns(tables: Tables) -> list[tuple[Tables, Mapping[str, int]]]:
    """Find only the columns of results, sheet by sheet: for that no row needs to be looked at."""
    settings = read_settings(tables, choosers(None), Rules(), Findings())
    found: list[tuple[Tables, Mapping[str, int]]] = [(tables, _results(tables, settings))]
    if tables.images is not None:
        found.append((tables.images, _images(tables.images, (), settings).results))
    return found


def _results(tables: Tables, settings: Settings) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, text in tables.headings:
        heading = heading_for(settings.column_names.get(folded(text), text))
        if heading is not None and heading.role is Role.RESULT:
            found.setdefault(heading.field, column)
    return found


def _images(tables: Tables, records: Iterable[RecordKey], settings: Settings) -> Places:
    rows = image_rows(tables, records, settings.store, settings.language)
    counted = Counter(key for key in rows.keys if key is not None)
    return Places(
        tables=tables,
        rows={key: row for key, row in zip(rows.keys, tables.rows, strict=True) if key and counted[key] == 1},
        texts={name: column for name, column in rows.columns.items() if name == ALT_TEXT},
        results={name: column for name, column in rows.columns.items() if name in _RESULTS},
        action=rows.columns.get("action"),
    )


_RESULTS = {heading.field for heading in HEADINGS if heading.role is Role.RESULT}
