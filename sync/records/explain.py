"""Says of one record where each of its inputs comes from: its row, the Settings sheet, or the service's own default."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.model import IMAGE, SIZED_TEXTS, Cell, Rules
from sync.records.choices import choosers
from sync.records.columns import find_columns
from sync.records.images import image_columns
from sync.records.problems import Findings
from sync.records.settings import read_settings
from sync.workbook.layout import words_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.model import Choice, Record, Reference
    from sync.tables import Tables

SERVICE = "the service's own"
OURS = "wtsync's own"


class Explained(NamedTuple):
    """One input: its name, the value that counts, and where it comes from."""

    name: str
    value: str
    source: str


def explain(tables: Tables, record: Record, reference: Reference | None = None) -> list[Explained]:
    """List the inputs of a record, and of each the winner: row before Settings before default.

    With `reference`, choices are shown by their names, and what the service takes by itself is named.
    """
    if record.key.type == IMAGE and tables.images is not None:
        return _of_image(tables.images, record)
    findings, lists = Findings(), choosers(None)
    settings = read_settings(tables, lists, Rules(), findings)
    columns = find_columns(tables, settings.column_names, settings.not_sent, findings)
    at = tables.rows.index(record.row)
    inputs = record.inputs

    def source(field: str, value: str, otherwise: str = SERVICE) -> str:
        column = columns.fields.get(field)
        if column is not None and tables.columns.get(column, [""] * (at + 1))[at].strip():
            return str(Cell(tables.sheet, record.row, column))
        if inputs.reference_record and field in _MANNER:
            return f"as in {inputs.reference_record}, which it imitates"
        if field in settings.cells:
            return str(settings.cells[field])
        return OURS if value and otherwise == SERVICE and field in _OUR_DEFAULTS else otherwise

    formal = reference.formal_languages if reference and _has_formal(record.key.language, reference) else ()
    plain = _plain(record, reference, formal)
    found = [Explained(name, value, source(field, value)) for name, field, value in plain]
    usual = {field: _usual(choices) for field, choices in _lists(reference, formal).items()}
    fields = [field for _, field, _ in plain]
    found = [
        one._replace(value=usual[field]) if one.source == SERVICE and not one.value and usual.get(field) else one
        for field, one in zip(fields, found, strict=True)
    ]
    by_name = {name: column for column, name in columns.attributes}
    for attribute in inputs.attributes:
        cell = Cell(tables.sheet, record.row, by_name[attribute.name]) if attribute.name in by_name else ""
        found.append(Explained(attribute.name, "; ".join(attribute.values), str(cell)))
    found += [Explained(name, value, source(field, value)) for name, field, value in _words(record)]
    return found


def _of_image(images: Tables, record: Record) -> list[Explained]:
    """List what an alt text is made from: what stands on the sheet Images, and what the product has."""
    columns, at = image_columns(images), images.rows.index(record.row)
    key, inputs = record.key, record.inputs
    found = []
    for name, field, value, otherwise in (
        ("Store", "store", key.store, "as the product"),
        ("Type", "", key.type, "the sheet Images"),
        ("Language", "language", key.language, "as the product"),
        ("Record ID", "record_id", inputs.shows, ""),
        ("URL or file", "source", inputs.picture, "the service has it already"),
        ("Name", "", inputs.name, f"as {inputs.shows}"),
        ("Keywords", "", ", ".join(inputs.keywords), f"as {inputs.shows}"),
    ):
        column = columns.get(field)
        filled = column is not None and images.columns[column][at].strip()
        source = str(Cell(images.sheet, record.row, column)) if column is not None and filled else otherwise
        found.append(Explained(name, value, source))
    return found


def _plain(record: Record, reference: Reference | None, formal: Sequence[Choice]) -> tuple[tuple[str, str, str], ...]:
    """Give the inputs that are no properties: name, field and value."""
    key, inputs = record.key, record.inputs
    semantic = ", ".join(inputs.semantic_keywords)
    return (
        ("Store", "store", key.store),
        ("Type", "type", key.type),
        ("Language", "language", key.language),
        ("Countries", "countries", ", ".join(inputs.countries)),
        ("Name", "name", inputs.name),
        ("SKU", "sku", inputs.sku),
        ("URL", "url", inputs.url),
        ("Keywords", "keywords", ", ".join(inputs.keywords)),
        *([("Semantic keywords", "semantic_keywords", semantic)] if semantic else ()),
        ("Images", "images", ", ".join(inputs.images)),
        ("Tones", "tones", _named(inputs.tones, reference.tones if reference else ())),
        ("Style", "style", _named([inputs.style], reference.styles if reference else ())),
        ("Audiences", "audiences", _named(inputs.audiences, reference.audiences if reference else ())),
        ("Custom tone", "custom_tone", inputs.custom_tone),
        ("Custom style", "custom_style", inputs.custom_style),
        ("Custom audience", "custom_audience", inputs.custom_audience),
        ("Formal language", "formal_language", _named([inputs.formal_language], formal)),
        ("Reference record", "reference_record", inputs.reference_record),
        ("Representative products", "representatives", ", ".join(one.record_id for one in inputs.representatives)),
        ("Other details", "other_details", inputs.other_details),
        ("Special instructions", "special_instructions", inputs.special_instructions),
    )


def _words(record: Record) -> Iterator[tuple[str, str, str]]:
    """Give the ends of the lengths that are wanted: name, field and value."""
    for wanted in record.wanted:
        if wanted.text_type in SIZED_TEXTS:
            for end, words in (("min", wanted.min_words), ("max", wanted.max_words)):
                name = f"{wanted.text_type.capitalize()}, {'fewest' if end == 'min' else 'most'} words"
                yield name, words_field(wanted.text_type, end), "" if words is None else str(words)


def _named(ids: Iterable[str], choices: Iterable[Choice]) -> str:
    names = {choice.id: choice.name for choice in choices}
    return ", ".join(names.get(one, one) for one in ids)


def _lists(reference: Reference | None, formal: Sequence[Choice]) -> dict[str, Sequence[Choice]]:
    if reference is None:
        return {}
    lists = {"tones": reference.tones, "style": reference.styles, "audiences": reference.audiences}
    return {**lists, "formal_language": formal}


def _usual(choices: Iterable[Choice]) -> str:
    """Name what the service takes where nothing is chosen, as far as its lists say so."""
    return ", ".join(choice.name for choice in choices if choice.default)


def _has_formal(language: str, reference: Reference) -> bool:
    return not reference.formal_support or language.partition("-")[0] in reference.formal_support


_MANNER = frozenset({"tones", "style", "audiences", "custom_tone", "custom_style", "custom_audience"})
_OUR_DEFAULTS = frozenset(
    {"type", "language", *(words_field(text_type, end) for text_type in SIZED_TEXTS for end in ("min", "max"))}
)
