"""Says of one record where each of its inputs comes from: its row, the Settings sheet, or the service's own default."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.model import SIZED_TEXTS, Cell, Rules
from sync.records.choices import choosers
from sync.records.columns import find_columns
from sync.records.problems import Findings
from sync.records.settings import read_settings
from sync.workbook.layout import words_field

if TYPE_CHECKING:
    from sync.model import Record
    from sync.tables import Tables

SERVICE = "the service's own"
OURS = "wtsync's own"


class Explained(NamedTuple):
    """One input: its name, the value that counts, and where it comes from."""

    name: str
    value: str
    source: str


def explain(tables: Tables, record: Record) -> list[Explained]:
    """List the inputs of a record, and of each the winner: row before Settings before default."""
    findings, lists = Findings(), choosers(None)
    settings = read_settings(tables, lists, Rules(), findings)
    columns = find_columns(tables, settings.column_names, settings.not_sent, findings)
    at = tables.rows.index(record.row)
    key, inputs = record.key, record.inputs

    def source(field: str, value: str, otherwise: str = SERVICE) -> str:
        column = columns.fields.get(field)
        if column is not None and tables.columns.get(column, [""] * (at + 1))[at].strip():
            return str(Cell(tables.sheet, record.row, column))
        if field in settings.cells:
            return str(settings.cells[field])
        return OURS if value and otherwise == SERVICE and field in _OUR_DEFAULTS else otherwise

    plain = (
        ("Store", "store", key.store),
        ("Type", "type", key.type),
        ("Language", "language", key.language),
        ("Countries", "countries", ", ".join(inputs.countries)),
        ("Name", "name", inputs.name),
        ("SKU", "sku", inputs.sku),
        ("URL", "url", inputs.url),
        ("Keywords", "keywords", ", ".join(inputs.keywords)),
        ("Tones", "tones", ", ".join(inputs.tones)),
        ("Style", "style", inputs.style),
        ("Audiences", "audiences", ", ".join(inputs.audiences)),
        ("Custom tone", "custom_tone", inputs.custom_tone),
        ("Custom style", "custom_style", inputs.custom_style),
        ("Custom audience", "custom_audience", inputs.custom_audience),
        ("Formal language", "formal_language", inputs.formal_language),
        ("Other details", "other_details", inputs.other_details),
        ("Special instructions", "special_instructions", inputs.special_instructions),
    )
    found = [Explained(name, value, source(field, value)) for name, field, value in plain]
    by_name = {name: column for column, name in columns.attributes}
    for attribute in inputs.attributes:
        cell = Cell(tables.sheet, record.row, by_name[attribute.name]) if attribute.name in by_name else ""
        found.append(Explained(attribute.name, "; ".join(attribute.values), str(cell)))
    for wanted in record.wanted:
        if wanted.text_type in SIZED_TEXTS:
            for end, words in (("min", wanted.min_words), ("max", wanted.max_words)):
                name = f"{wanted.text_type.capitalize()}, {'fewest' if end == 'min' else 'most'} words"
                where = settings.cells.get(words_field(wanted.text_type, end))
                value = "" if words is None else str(words)
                found.append(Explained(name, value, str(where) if where else OURS if value else SERVICE))
    return found


_OUR_DEFAULTS = frozenset({"type", "language"})
