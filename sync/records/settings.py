"""The Settings sheet: what holds for every record that does not say otherwise, and the user's standing decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sync.model import ALT_TEXT, SIZED_TEXTS, TEXT_TYPES, Cell, ChangedInputs, EditedCell, EmptiedCell, Policies
from sync.records import search, values
from sync.records.own import limited, out_of_order, words
from sync.records.problems import Flaw
from sync.workbook.layout import (
    HEADINGS,
    IGNORED_HEADINGS,
    NO,
    SETTINGS_ROWS,
    YES,
    column_names,
    folded,
    heading_for,
    near_miss,
    setting_for,
    words_field,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sync.model import Rules
    from sync.records.choices import Choosers
    from sync.records.own import Words
    from sync.records.problems import Findings
    from sync.tables import Tables

T = TypeVar("T")
P = TypeVar("P", EmptiedCell, EditedCell, ChangedInputs)

ROWS_MAY_DIFFER = frozenset({"store", "type", "language", "tones", "style", "audiences"})
"""Settings that a row can have its own value for: a bad one only spoils the rows that rely on it."""

_DEFAULTS = {setting.field: setting.value for setting in SETTINGS_ROWS}
_NAMES = {setting.field: setting.name for setting in SETTINGS_ROWS}
_COLUMNS = frozenset(map(folded, IGNORED_HEADINGS))
_ALL_TEXTS = (*(text_type for texts in TEXT_TYPES.values() for text_type in texts), ALT_TEXT)


@dataclass(slots=True)
class Settings:
    """The settings, read and checked. Lists hold ids of the service."""

    store: str = ""
    type: str = ""
    language: str = ""
    countries: tuple[str, ...] = ()
    texts: tuple[str, ...] | None = None
    """The texts wanted; None: those that have a column."""
    tones: tuple[str, ...] = ()
    style: str = ""
    audiences: tuple[str, ...] = ()
    custom_tone: str = ""
    custom_style: str = ""
    custom_audience: str = ""
    formal_language: str = ""
    special_instructions: str = ""
    words: dict[str, Words] = field(default_factory=dict)
    """Fewest and most words by text type."""
    keyword_country: str = ""
    """The market that is searched for keywords; empty: the first of `countries`."""
    keyword_clusters: int = 0
    flag_for_rewrite: bool = False
    column_names: dict[str, str] = field(default_factory=dict)
    """The user's headings, folded, and what they stand for."""
    not_sent: frozenset[str] = frozenset()
    """Headings, folded, that are for the user's eyes only."""
    policies: Policies = field(default_factory=Policies)
    cells: dict[str, Cell] = field(default_factory=dict)
    """Where each setting with a value stands."""
    broken: set[str] = field(default_factory=set)
    """Settings whose value cannot be used."""


class _Sheet:
    """The raw values, and noting what is wrong with them."""

    def __init__(self, tables: Tables, findings: Findings) -> None:
        self.findings = findings
        self.settings = Settings()
        self.text: dict[str, str] = {}
        for row in tables.settings:
            self._take(row.name, row.value, Cell(tables.settings_sheet, row.row, tables.settings_column))

    def _take(self, name: str, value: str, cell: Cell) -> None:
        if not value.strip():
            return
        setting = setting_for(name)
        cells = self.settings.cells
        if setting is None:
            self._unknown(name, value, cell)
        elif setting.field in cells:
            first = cells[setting.field]
            self.findings.in_settings(cell, Flaw(
                "duplicate-setting", value, f"{setting.name} stands in {first} already.",
                "Remove one of the two rows."))  # fmt: skip
            self.settings.broken.add(setting.field)
        else:
            cells[setting.field] = cell
            if flaw := values.foreign(value):
                self.flaw(setting.field, flaw)
            else:
                self.text[setting.field] = value.replace("\r\n", "\n").strip()

    def _unknown(self, name: str, value: str, cell: Cell) -> None:
        heading = heading_for(name)
        if folded(name) in _COLUMNS or (heading is not None and heading.field not in _NAMES):
            self.findings.in_settings(cell, Flaw(
                "unknown-setting", value,
                f"{name.strip()} is a column of the records and no setting, so this is not used.",
                "Remove the row; what holds for single records stands in their own rows.", warning=True))  # fmt: skip
            return
        near = near_miss(name, _NAMES.values())
        if near is None:
            self.findings.in_settings(cell, Flaw(
                "unknown-setting", value,
                f"There is no setting called {name.strip() or '(no name)'}, so this is not used.",
                "Remove the row, or take the name of a setting that there is.", warning=True))  # fmt: skip
            return
        self.findings.in_settings(cell, Flaw(
            "unknown-setting", value, f"There is no setting called {name.strip()}. Did you mean {near}?",
            f"Change the name to {near}."))  # fmt: skip
        self.findings.stopped = True

    def flaw(self, name: str, flaw: Flaw) -> None:
        """Note what is wrong with a setting."""
        self.findings.in_settings(self.settings.cells[name], flaw)
        if not flaw.warning:
            self.settings.broken.add(name)

    def get(self, name: str, read: Callable[[str], T | Flaw], otherwise: T) -> T:
        """Read a setting, or its default; an empty one without a default is `otherwise`."""
        text = self.text.get(name) or _DEFAULTS[name]
        value = read(text) if text else otherwise
        if isinstance(value, Flaw):
            self.flaw(name, value)
            return otherwise
        return value


def read_settings(tables: Tables, choosers: Choosers, rules: Rules, findings: Findings) -> Settings:
    """Read every setting; what is not there, or empty, has its default."""
    sheet = _Sheet(tables, findings)
    got, settings = sheet.get, sheet.settings
    settings.store = got("store", _plain, "")
    settings.type = got("type", record_type, "")
    settings.language = got("language", values.language, "")
    settings.countries = got("countries", values.countries, ())
    settings.texts = got("texts", _texts, None)
    settings.tones = got("tones", choosers.tones.many, ())
    settings.style = got("style", choosers.styles.one, "")
    settings.audiences = got("audiences", choosers.audiences.many, ())
    settings.formal_language = got("formal_language", choosers.formal_languages.one, "")
    settings.custom_tone = got("custom_tone", limited("custom_tone", rules.max_custom_tone_length), "")
    settings.custom_style = got("custom_style", limited("custom_style", rules.max_custom_style_length), "")
    settings.custom_audience = got("custom_audience", limited("custom_audience", rules.max_custom_audience_length), "")
    instructions = limited("special_instructions", rules.max_other_details_length)
    settings.special_instructions = got("special_instructions", instructions, "")
    settings.words = {text_type: _words(sheet, text_type, rules) for text_type in SIZED_TEXTS}
    settings.keyword_country = got("keyword_country", search.country, "")
    settings.keyword_clusters = got("keyword_clusters", search.clusters, 0)
    settings.flag_for_rewrite = got("flag_for_rewrite", _yes_or_no, otherwise=False)
    settings.column_names = dict(_column_names(sheet, tables))
    settings.not_sent = frozenset(_not_sent(sheet, tables))
    settings.policies = Policies(
        emptied_cell=got("emptied_cell", _policy(EmptiedCell), EmptiedCell.RESTORE),
        edited_cell=got("edited_cell", _policy(EditedCell), EditedCell.PUSH),
        changed_inputs=got("changed_inputs", _policy(ChangedInputs), ChangedInputs.NOTE),
        budget=got("budget", _number("budget", whole=False), None),
        budget_month=got("budget_month", _number("budget_month", whole=False), None),
        keywords_first=got("keywords_first", _yes_or_no, otherwise=False),
        most_records=_whole(got("most_records", _number("most_records", whole=True), None)),
    )
    findings.stopped |= bool(settings.broken - ROWS_MAY_DIFFER)
    return settings


def record_type(text: str) -> str | Flaw:
    """Read what a row is: Product or Category."""
    return values.one_of("unknown-type", "a type of record", text, tuple(TEXT_TYPES))


def _plain(text: str) -> str | Flaw:
    return "" if values.is_nothing(text) else text


def _number(name: str, *, whole: bool) -> Callable[[str], float | Flaw | None]:
    def read(text: str) -> float | Flaw | None:
        return None if values.is_nothing(text) else values.amount(text, _NAMES[name], whole=whole)

    return read


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _policy(words: type[P]) -> Callable[[str], P | Flaw]:
    def read(text: str) -> P | Flaw:
        word = values.one_of(
            "unknown-policy", "one of the words that this setting knows", text, [str(w) for w in words]
        )
        return word if isinstance(word, Flaw) else words(word)

    return read


def _yes_or_no(text: str) -> bool | Flaw:
    word = values.one_of("unknown-policy", "yes or no", text, (NO, YES))
    return word if isinstance(word, Flaw) else word == YES


def _texts(text: str) -> tuple[str, ...] | Flaw | None:
    found = []
    for part in values.several(text):
        word = values.one_of("unknown-text", "a text that WriteText.ai makes", part, _ALL_TEXTS)
        if isinstance(word, Flaw):
            return word
        found.append(word)
    return tuple(found)


def _words(sheet: _Sheet, text_type: str, rules: Rules) -> Words:
    low, high = words_field(text_type, "min"), words_field(text_type, "max")
    limits = (sheet.get(low, words(rules), 0) or None, sheet.get(high, words(rules), 0) or None)
    cells = sheet.settings.cells
    at = low if low in cells else high
    if at in cells and (flaw := out_of_order(text_type, limits, sheet.text[at])):
        sheet.flaw(at, flaw)
    return limits


def _column_names(sheet: _Sheet, tables: Tables) -> Iterator[tuple[str, str]]:
    """Read the user's own headings; say which of them lead nowhere."""
    there = {folded(text): text for _, text in tables.headings}
    for theirs, ours in column_names(sheet.text.get("column_names", "")):
        if not theirs or not ours:
            sheet.flaw("column_names", Flaw(
                "bad-column-name", theirs or ours, "This line does not pair two headings.",
                "Write your heading, an equals sign, our heading: Artikel = Record ID."))  # fmt: skip
            continue
        near = near_miss(ours, (heading.name for heading in HEADINGS))
        if near and not heading_for(ours) and folded(ours) != folded(theirs):
            sheet.flaw("column_names", Flaw(
                "bad-column-name", ours, f"There is no column called {ours}. Did you mean {near}?",
                f"Write {theirs} = {near}."))  # fmt: skip
        if folded(theirs) not in there:
            sheet.flaw("column_names", _not_there(theirs, there.values(), tables.sheet))
        yield folded(theirs), ours


def _not_sent(sheet: _Sheet, tables: Tables) -> Iterator[str]:
    there = {folded(text): text for _, text in tables.headings}
    for name in values.several(sheet.text.get("not_sent", "")):
        if folded(name) not in there:
            sheet.flaw("not_sent", _not_there(name, there.values(), tables.sheet))
        yield folded(name)


def _not_there(name: str, there: Iterable[str], sheet: str) -> Flaw:
    near = near_miss(name, there)
    ask = f" Did you mean {near}?" if near else ""
    return Flaw("unknown-column", name, f"{sheet} has no column {name}.{ask}",
                f"Write {near}." if near else "Remove it, or write the heading as it stands there.",
                warning=near is None)  # fmt: skip
