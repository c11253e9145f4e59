"""Rows and settings become records; what is wrong becomes problems. A bad row never stops the others."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sync.model import SIZED_TEXTS, TEXT_TYPES, Action, Inputs, Record, RecordKey, Rules, Wanted, Workbook
from sync.records.choices import choosers
from sync.records.columns import find_columns
from sync.records.problems import Findings, Flaw
from sync.records.remarks import note_remarks
from sync.records.rows import Rows
from sync.records.settings import read_settings
from sync.records.values import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.model import Attribute, Reference
    from sync.records.choices import Choosers
    from sync.records.columns import Columns
    from sync.records.settings import Settings
    from sync.tables import Tables


def to_workbook(tables: Tables, reference: Reference | None) -> Workbook:
    """Read and check every row and setting, and merge them: the row's value, or the setting's, or the default.

    The records are those without a problem (warnings do not count), in the order of the rows; none at all when
    something is wrong with a heading, or with a setting that concerns every record. Without `reference` the names
    of tones, styles, audiences and forms of address pass as they are, and lengths are not checked.
    """
    with _without_collecting():
        return _to_workbook(tables, reference)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare the garbage collector: it would look at 100,000 growing records again and again, and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _to_workbook(tables: Tables, reference: Reference | None) -> Workbook:
    findings = Findings()
    rules = reference.rules if reference else Rules()
    lists = choosers(reference)
    settings = read_settings(tables, lists, rules, findings)
    columns = find_columns(tables, settings.column_names, settings.not_sent, findings)
    note_remarks(tables, columns, findings)
    if "record_id" in columns.fields:
        rows = Rows(tables, columns, findings, lists, rules)
        merge = _Merge(rows, columns, settings, findings, lists)
        merge.formal = frozenset(reference.formal_support) if reference else frozenset()
        merge.most_attributes = rules.max_attributes
        records = tuple(merge.records(tables))
    else:
        records = ()
        findings.stopped = True
        findings.in_sheet(tables.sheet, Flaw(
            "no-record-id", "", f"{tables.sheet} has no column Record ID.",
            "Give the column with the shop's own ids the heading Record ID."))  # fmt: skip
    usable = () if findings.stopped else tuple(record for record in records if record.row not in findings.bad)
    return Workbook(tables.workbook_id, usable, settings.policies, findings.problems(), tables.sha256)


_Choices = tuple[tuple[str, ...], str, tuple[str, ...]]
_CHOICES = ("tones", "style", "audiences")


class _Merge:
    """Everything that making a record out of a row needs."""

    def __init__(self, rows: Rows, columns: Columns, settings: Settings, findings: Findings, lists: Choosers) -> None:
        self.rows, self.columns, self.settings, self.findings, self.lists = rows, columns, settings, findings, lists
        self.formal: frozenset[str] = frozenset()
        self.most_attributes: int | None = None
        self.nameless = False
        """It has been noted that there is no column of names."""
        self.clashes: dict[_Choices, Flaw | None] = {}
        self.usual: _Choices | None = None
        """The choices on Settings, if they can be used."""
        self.attributes = [cells for _, cells in rows.attributes if any(cells)]
        """The values of the attribute columns that have any."""
        self.wanted = {record_type: tuple(self._wanted(record_type)) for record_type in TEXT_TYPES}
        self.texts = {
            record_type: [(text_type, rows.texts[text_type]) for text_type in texts if text_type in rows.texts]
            for record_type, texts in TEXT_TYPES.items()
        }

    def records(self, tables: Tables) -> Iterator[Record]:
        """Make a record of each row without a problem; what only shows when all is put together is noted on the way."""
        self._check_settings()
        keys = self._keys()
        self._note_duplicates(keys)
        self._check_formal(keys)
        self._check_texts(keys)
        for at in self.rows.live:
            record_type = self.rows.type[at] or self.settings.type
            key, action = keys.get(at), self.rows.action[at]
            inputs = self._inputs(at, key.language if key else "")
            texts = {text_type: cells[at] for text_type, cells in self.texts.get(record_type, ())}
            if not self.rows.name[at] and action not in {Action.SKIP, Action.PULL}:
                empty = [wanted for wanted in self.wanted.get(record_type, ()) if not texts.get(wanted.text_type)]
                self._check_name(at, tables, makes=bool(self.wanted.get(record_type) if action else empty))
            row = tables.rows[at]
            if key is not None and inputs is not None and row not in self.findings.bad:
                yield Record(key, row, action, inputs, self.wanted[record_type], texts)

    def _wanted(self, record_type: str) -> Iterator[Wanted]:
        chosen = self.settings.texts if self.settings.texts is not None else self.columns.texts
        for text_type in TEXT_TYPES[record_type]:
            if text_type in chosen:
                fewest, most = self.settings.words[text_type] if text_type in SIZED_TEXTS else (None, None)
                yield Wanted(text_type, fewest, most)

    def _keys(self) -> dict[int, RecordKey]:
        """Address every row whose id, store, type and language are known, by its position."""
        rows, settings, broken = self.rows, self.settings, self.settings.broken
        keys = {}
        for at in rows.live:
            record_id, language = rows.record_id[at], rows.language[at] or settings.language
            record_type, store = rows.type[at] or settings.type, rows.store[at] or settings.store
            no_store = "store" in broken and not rows.store[at]
            if record_id and record_type and language and not no_store and at not in rows.unaddressed:
                keys[at] = RecordKey(store, record_type, record_id, language)
        return keys

    def _note_duplicates(self, keys: dict[int, RecordKey]) -> None:
        if len({key.record_id for key in keys.values()}) == len(keys):
            return
        first: dict[tuple[str, str, str, str], int] = {}
        column = self.columns.fields["record_id"]
        for at, key in keys.items():
            earlier = first.setdefault((key.record_id, key.language, key.type, key.store), at)
            if earlier != at:
                there, here = self.rows.cell(earlier, column), self.rows.cell(at, column)
                self.findings.bad.add(there.row)
                self.findings.in_records(here, Flaw(
                    "duplicate-id", key.record_id, f"Rows {there.row} and {here.row} are the same record.",
                    "Remove one of the two rows, or correct its id."))  # fmt: skip

    def _check_settings(self) -> None:
        """See whether the choices on Settings go together."""
        settings = self.settings
        flaw = self.lists.clash(settings.tones, settings.style, settings.audiences)
        at = next((name for name in _CHOICES if name in settings.cells), None)
        if flaw is not None and at is not None:
            self.findings.in_settings(settings.cells[at], flaw)
        if flaw is None and not settings.broken.intersection(_CHOICES):
            self.usual = (settings.tones, settings.style, settings.audiences)

    def _check_formal(self, keys: dict[int, RecordKey]) -> None:
        """See whether any record's language has the choice between formal and informal."""
        settings = self.settings
        at = settings.cells.get("formal_language")
        if not settings.formal_language or not self.formal or at is None:
            return
        languages = sorted({key.language for key in keys.values()} or {settings.language})
        if not any(self._has_formal(language) for language in languages):
            self.findings.stopped = True
            self.findings.in_settings(at, Flaw(
                "formal-not-offered", settings.formal_language,
                f"Formal and informal do not differ in the language {', '.join(languages)}.",
                "Empty this cell."))  # fmt: skip

    def _has_formal(self, language: str) -> bool:
        return not self.formal or language.partition("-")[0] in self.formal

    def _check_texts(self, keys: dict[int, RecordKey]) -> None:
        """Say when the rows of a type have no text that could be made for them."""
        for record_type in sorted({key.type for key in keys.values()}):
            if not self.wanted[record_type] and not self.findings.stopped:
                example = TEXT_TYPES[record_type][0].capitalize()
                self.findings.in_sheet(self.rows.sheet, Flaw(
                    "no-texts", record_type, f"No text is wanted for rows of the type {record_type}.",
                    f"Add a column for a text, such as {example}, or name texts beside Texts wanted on Settings.",
                    warning=True))  # fmt: skip

    def _check_name(self, at: int, tables: Tables, *, makes: bool) -> None:
        """Note a missing name where a text is to be made. A name that is there, but wrong, has been noted already."""
        column = self.columns.fields.get("name")
        flaw = Flaw("missing-name", "", "There is no name, and WriteText.ai needs it to write a text.",
                    "Type what the product is called.")  # fmt: skip
        if not makes:
            return
        if column is not None:
            text = tables.columns[column][at]
            if not text.strip() or is_nothing(text):
                self.findings.in_records(self.rows.cell(at, column), flaw)
        elif not self.nameless:
            self.nameless = self.findings.stopped = True
            self.findings.in_sheet(tables.sheet, flaw._replace(
                what=f"{tables.sheet} has no column Name, and WriteText.ai needs it to write a text.",
                remedy="Give the column with the names of the products the heading Name."))  # fmt: skip

    def _inputs(self, at: int, language: str) -> Inputs | None:
        """Merge a row with the settings; None where it cannot be used."""
        rows, settings = self.rows, self.settings
        chosen = self._chosen(at)
        attributes = self._attributes(at)
        if chosen is None or attributes is None:
            return None
        tones, style, audiences = chosen
        formal = settings.formal_language and self._has_formal(language)
        return Inputs(
            name=rows.name[at],
            sku=rows.sku[at],
            url=rows.url[at],
            keywords=rows.keywords[at],
            tones=tones,
            style=style,
            audiences=audiences,
            custom_tone=settings.custom_tone,
            custom_style=settings.custom_style,
            custom_audience=settings.custom_audience,
            formal_language=settings.formal_language if formal else "",
            other_details=rows.other_details[at],
            special_instructions=settings.special_instructions,
            countries=settings.countries,
            attributes=attributes,
        )

    def _chosen(self, at: int) -> _Choices | None:
        """Merge tones, style and audiences; None where Settings is broken or they do not go together."""
        rows, settings = self.rows, self.settings
        own = (rows.tones[at], rows.style[at], rows.audiences[at])
        if own == (None, None, None):
            return self.usual
        chosen = (
            settings.tones if own[0] is None else own[0],
            settings.style if own[1] is None else own[1],
            settings.audiences if own[2] is None else own[2],
        )
        given = [name for name, value in zip(_CHOICES, own, strict=True) if value is not None]
        if settings.broken.intersection(_CHOICES).difference(given):
            return None
        if chosen not in self.clashes:
            self.clashes[chosen] = self.lists.clash(*chosen)
        flaw = self.clashes[chosen]
        if flaw is None:
            return chosen
        self.findings.in_records(self.rows.cell(at, self.columns.fields[given[0]]), flaw)
        return None

    def _attributes(self, at: int) -> tuple[Attribute, ...] | None:
        filled = [attribute for cells in self.attributes if (attribute := cells[at]) is not None]
        most = self.most_attributes
        if most is not None and len(filled) > most:
            column = [column for column, cells in self.rows.attributes if cells[at] is not None][most]
            self.findings.in_records(self.rows.cell(at, column), Flaw(
                "too-many-attributes", filled[most].name,
                f"This row has {len(filled)} properties, and WriteText.ai takes {most}.",
                "Empty the cells that matter least, or add a column to Columns not to send on Settings."))  # fmt: skip
            return None
        return tuple(filled)
