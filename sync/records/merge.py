"""Rows and settings become records; what is wrong becomes problems. A bad row never stops the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import ALT_TEXT, SIZED_TEXTS, TEXT_TYPES, Action, Rules, Wanted, Workbook
from sync.records.bulk import without_collecting
from sync.records.cells import Texts
from sync.records.choices import choosers
from sync.records.columns import find_columns
from sync.records.images import Gallery
from sync.records.links import Links, find_links
from sync.records.making import Addresses, Maker
from sync.records.manner import manners, usual_manner
from sync.records.names import check_names
from sync.records.own import check_formal, check_words
from sync.records.problems import Findings, Flaw
from sync.records.remarks import note_remarks
from sync.records.rows import Rows, every
from sync.records.sequence import Records
from sync.records.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.model import Attribute, Record, RecordKey, Reference
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
    with without_collecting():
        return _to_workbook(tables, reference)


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
        merge.most_attributes, merge.most_representatives = rules.max_attributes, rules.max_representatives
        records: Sequence[Record] = merge.records(tables)
        pictures = merge.gallery.pictures
    else:
        records, pictures = (), {}
        findings.stopped = True
        findings.in_sheet(tables.sheet, Flaw(
            "no-record-id", "", f"{tables.sheet} has no column Record ID.",
            "Give the column with the shop's own ids the heading Record ID."))  # fmt: skip
    return Workbook(
        tables.workbook_id,
        () if findings.stopped else records,
        settings.policies,
        findings.problems(),
        tables.sha256,
        pictures,
    )


class _Merge:
    """Everything that making records out of rows needs. It goes by columns: what all rows share is looked at once."""

    def __init__(self, rows: Rows, columns: Columns, settings: Settings, findings: Findings, lists: Choosers) -> None:
        self.rows, self.columns, self.settings, self.findings, self.lists = rows, columns, settings, findings, lists
        self.formal: frozenset[str] = frozenset()
        self.most_attributes: int | None = None
        self.most_representatives: int | None = None
        self.wanted = {record_type: tuple(self._wanted(record_type)) for record_type in TEXT_TYPES}
        self.addresses = Addresses(
            rows.record_id,
            _either(rows.store, settings.store),
            _either(rows.type, settings.type),
            _either(rows.language, settings.language),
        )
        self.texts = Texts(rows.texts, self.addresses.types)

    def records(self, tables: Tables) -> Records:
        """Give the records of the rows without a problem; what only shows when all is put together is noted first."""
        usual = usual_manner(self.settings, self.lists, self.findings)
        addressed = self._addressed()
        self._note_duplicates(addressed)
        self._check_formal(addressed)
        check_words(self.rows, addressed, self.settings.words, self.findings)
        check_formal(self.rows, addressed, self.addresses.languages, self._has_formal, self.findings)
        self._check_texts(addressed)
        nameless = [at for at in self.rows.live if not self.rows.name[at] and self._makes(at)]
        check_names(self.rows, self.columns, tables, nameless, self.findings)
        choices = manners(self.rows, self.columns, self.settings, usual, self.lists, self.findings)
        keywords = self.columns.fields.get("keywords")
        maker = Maker(
            self.rows,
            self.settings,
            self.addresses,
            self.texts,
            self.wanted,
            choices,
            self._attributes(),
            self._links(addressed),
            self._images(tables, addressed),
            {language: self._has_formal(language) for language in set(self.addresses.languages)},
            None if keywords is None else self.rows.cells(keywords),
        )
        bad = self.findings.bad
        sound = every(
            [at for at in addressed if choices[at] is not None and not (bad and tables.rows[at] in bad)],
            len(tables.rows),
        )
        return Records(sound, maker.records, tuple(self.gallery.records(maker.records(self._shown(sound)))))

    def _shown(self, sound: Sequence[int]) -> list[int]:
        """Pick the rows whose products an image shows."""
        of, places = self.addresses, self.gallery.shown()
        return [at for at in sound if (of.stores[at], of.ids[at], of.languages[at]) in places] if places else []

    def _images(self, tables: Tables, addressed: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Read the sheet with the images, and which of them the rows name; rows that name none are left out."""
        cells = self.rows.links.get("images", ())
        there = tables.images is not None and tables.images.rows
        keys = self._keys(addressed) if there or any(cells) else {}
        self.gallery = Gallery(tables, keys.values(), self.settings, self.findings)
        found: dict[int, tuple[str, ...]] = {}
        for at, key in keys.items() if any(cells) else ():
            named = self.gallery.of_product(key, cells[at], str(self.rows.cell_of(at, "images")))
            if isinstance(named, Flaw):
                self.findings.in_records(self.rows.cell_of(at, "images"), named)
            else:
                found[at] = named
                if self.gallery.has_flaw(key.store, named):
                    self.findings.bad.add(tables.rows[at])
        return found

    def _keys(self, addressed: Sequence[int]) -> dict[int, RecordKey]:
        return {at: self.addresses.key(at) for at in addressed}

    def _links(self, addressed: Sequence[int]) -> Links:
        if not any(map(any, self.rows.links.values())):
            return Links()
        return find_links(self.rows, self._keys(addressed), self.texts, self.most_representatives, self.findings)

    def _wanted(self, record_type: str) -> Iterator[Wanted]:
        chosen = self.settings.texts if self.settings.texts is not None else self.columns.texts
        for text_type in TEXT_TYPES[record_type]:
            if text_type in chosen:
                fewest, most = self.settings.words[text_type] if text_type in SIZED_TEXTS else (None, None)
                yield Wanted(text_type, fewest, most)

    def _addressed(self) -> Sequence[int]:
        """Give the positions of the rows whose id, store, type and language are known."""
        of, unaddressed = self.addresses, self.rows.unaddressed
        no_store = "store" in self.settings.broken
        found = [
            at
            for at in self.rows.live
            if of.ids[at] and of.types[at] and of.languages[at]
            if at not in unaddressed and (self.rows.store[at] or not no_store)
        ]
        return every(found, len(of.ids))

    def _note_duplicates(self, addressed: Sequence[int]) -> None:
        of = self.addresses
        if len({of.ids[at] for at in addressed}) == len(addressed):
            return
        first: dict[tuple[str, str, str, str], int] = {}
        column = self.columns.fields["record_id"]
        for at in addressed:
            earlier = first.setdefault((of.ids[at], of.languages[at], of.types[at], of.stores[at]), at)
            if earlier != at:
                there, here = self.rows.cell(earlier, column), self.rows.cell(at, column)
                self.findings.bad.add(there.row)
                self.findings.in_records(here, Flaw(
                    "duplicate-id", of.ids[at], f"Rows {there.row} and {here.row} are the same record.",
                    "Remove one of the two rows, or correct its id."))  # fmt: skip

    def _check_formal(self, addressed: Sequence[int]) -> None:
        """See whether any record's language has the choice between formal and informal."""
        settings = self.settings
        at = settings.cells.get("formal_language")
        if not settings.formal_language or not self.formal or at is None:
            return
        languages = sorted({self.addresses.languages[at] for at in addressed} or {settings.language})
        if not any(self._has_formal(language) for language in languages):
            self.findings.stopped = True
            self.findings.in_settings(at, Flaw(
                "formal-not-offered", settings.formal_language,
                f"Formal and informal do not differ in the language {', '.join(languages)}.",
                "Empty this cell."))  # fmt: skip

    def _has_formal(self, language: str) -> bool:
        return not self.formal or language.partition("-")[0] in self.formal

    def _check_texts(self, addressed: Sequence[int]) -> None:
        """Say when the rows of a type have no text that could be made for them."""
        for record_type in sorted({self.addresses.types[at] for at in addressed}):
            only_images = ALT_TEXT in (self.settings.texts or ())
            if not self.wanted[record_type] and not only_images and not self.findings.stopped:
                example = TEXT_TYPES[record_type][0].capitalize()
                self.findings.in_sheet(self.rows.sheet, Flaw(
                    "no-texts", record_type, f"No text is wanted for rows of the type {record_type}.",
                    f"Add a column for a text, such as {example}, or name texts beside Texts wanted on Settings.",
                    warning=True))  # fmt: skip

    def _makes(self, at: int) -> bool:
        """Tell whether a text may be made for a row."""
        action, texts = self.rows.action[at], self.texts[at]
        wanted = self.wanted.get(self.addresses.types[at], ())
        return action not in {Action.SKIP, Action.PULL} and any(
            action or not texts.get(one.text_type) for one in wanted
        )

    def _attributes(self) -> list[tuple[Attribute, ...]]:
        """Put the attributes of each row together; note the rows that have too many."""
        columns = [cells for _, cells in self.rows.attributes if any(cells)]
        if not columns:
            return [()] * len(self.addresses.types)
        known: dict[tuple[Attribute | None, ...], tuple[Attribute, ...]] = {}
        filled = [
            known.get(cells) or known.setdefault(cells, tuple(filter(None, cells)))
            for cells in zip(*columns, strict=True)
        ]
        most = len(columns) if self.most_attributes is None else self.most_attributes
        for at in self.rows.live if len(columns) > most else ():
            if len(filled[at]) <= most:
                continue
            column = [column for column, cells in self.rows.attributes if cells[at] is not None][most]
            self.findings.in_records(self.rows.cell(at, column), Flaw(
                "too-many-attributes", filled[at][most].name,
                f"This row has {len(filled[at])} properties, and WriteText.ai takes {most}.",
                "Empty the cells that matter least, or add a column to Columns not to send on Settings."))  # fmt: skip
        return filled


def _either(column: Sequence[str | None], otherwise: str) -> list[str]:
    return [own or otherwise for own in column] if any(column) else [otherwise] * len(column)
