"""The Records sheet, column by column: every cell read, or noted as a problem at its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sync.model import Action, Attribute, Cell, Rules
from sync.records import values
from sync.records.ids import all_plain, odd_ones_out, read_id
from sync.records.own import readers
from sync.records.problems import Flaw
from sync.records.settings import record_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.records.choices import Choosers
    from sync.records.columns import Columns
    from sync.records.problems import Findings
    from sync.tables import Tables

T = TypeVar("T")

ID_REMARKS = frozenset({"date", "long number"})
"""What reading says of cells with ids that hold no text."""

_ACTIONS = {str(action): action for action in Action if action}


class Rows:
    """The parsed columns: lists with one entry for each row of the tables. None means: as in Settings."""

    def __init__(self, tables: Tables, columns: Columns, findings: Findings, choosers: Choosers, rules: Rules) -> None:
        self._tables, self._columns, self._findings, self._rules = tables, columns, findings, rules
        self.sheet, self.numbers = tables.sheet, tables.rows
        self.live = self._filled()
        """The positions of rows that are not blank, in the order of the sheet."""
        self._checked = self.live
        self._blank: dict[tuple[type, object], list[Any]] = {}
        self.record_id = self._ids()
        self.type: list[str | None] = self._read("type", record_type, None)
        self.store: list[str | None] = self._read("store", _store, None)
        self.language: list[str | None] = self._read("language", values.language, None)
        self.unaddressed = {at for at in self.live if tables.rows[at] in findings.bad} if findings.bad else set()
        """The positions of rows with a problem in what they are found under."""
        self.action: list[Action] = self._read("action", _action, Action.DECIDE)
        self._checked = every([at for at in self.live if self.action[at] is not Action.SKIP], len(tables.rows))
        self.name = self._lines("name", self._name, rules.max_name_length)
        self.sku = self._lines("sku", _line, None)
        self.url: list[str] = self._read("url", _url, "")
        self.keywords: list[tuple[str, ...]] = self._read("keywords", self._keywords, ())
        self.tones: list[tuple[str, ...] | None] = self._read("tones", choosers.tones.many, None)
        self.style: list[str | None] = self._read("style", choosers.styles.one, None)
        self.audiences: list[tuple[str, ...] | None] = self._read("audiences", choosers.audiences.many, None)
        self.other_details: list[str] = self._read("other_details", self._details, "")
        self.own: dict[str, list[Any]] = {
            name: self._read(name, read, None)
            for name, read in readers(choosers, rules).items()
            if name in columns.fields
        }
        """What rows say for themselves instead of Settings, by field; only of columns that there are."""
        self.links: dict[str, list[str]] = {
            name: self._read(name, str.strip if name == "images" else _line, "")
            for name in ("reference_record", "representatives", "images")
            if name in columns.fields
        }
        """Ids of other rows and of images, by field; only of columns that there are."""
        self.attributes: list[tuple[int, list[Attribute | None]]] = [
            (column, self._read_column(column, self._attribute(name), None)) for column, name in columns.attributes
        ]
        """Column and values, from left to right."""
        self.texts = {text_type: self._text(column) for text_type, column in columns.texts.items()}

    def cell_of(self, at: int, name: str) -> Cell:
        """Give the address of a row's cell in a column that is there, by the column's field."""
        return self.cell(at, self._columns.fields[name])

    def cell(self, at: int, column: int) -> Cell:
        """Give the address of a row's cell."""
        return Cell(self._tables.sheet, self._tables.rows[at], column)

    def _filled(self) -> Sequence[int]:
        cells = [self._tables.columns[column] for column in self._columns.all()]
        first, rest = cells[0], cells[1:]
        return every(
            [
                at
                for at, text in enumerate(first)
                if (text and not text.isspace()) or any(cell[at] and not cell[at].isspace() for cell in rest)
            ],
            len(first),
        )

    def _read(self, name: str, read: Callable[[str], T | Flaw], otherwise: T) -> list[T]:
        column = self._columns.fields.get(name)
        if column is None:  # one list for all such columns: of a million rows each takes 8 MB
            kind = type(otherwise), otherwise  # an Action equals its word
            return self._blank.get(kind) or self._blank.setdefault(kind, [otherwise] * len(self._tables.rows))
        return self._read_column(column, read, otherwise)

    def _lines(self, name: str, read: Callable[[str], str | Flaw], most: int | None) -> Sequence[str]:
        """Read a column in which hardly a text occurs twice: one look at all of them, and there is nothing to do."""
        column = self._columns.fields.get(name)
        cells = self.cells(column) if column is not None else ()
        if cells and values.all_lines(cells) and (most is None or max(map(len, cells)) <= most):
            return cells
        return self._read(name, read, "")

    def cells(self, column: int) -> Sequence[str]:
        """Give the texts of a column; nothing for the rows that are not looked at."""
        cells = self._tables.columns[column]
        if len(self._checked) == len(cells):
            return cells
        kept = [""] * len(cells)
        for at in self._checked:
            kept[at] = cells[at]
        return kept

    def _read_column(self, column: int, read: Callable[[str], T | Flaw], otherwise: T) -> list[T]:
        """Read one column; rows to be skipped are only looked at for what they are found under.

        Each different text is read once: tones and colours repeat, and where nothing does it costs little.
        """
        cells = self.cells(column)
        known: dict[str, T | Flaw] = {}
        flaws = False
        for text in dict.fromkeys(cells):
            if not text or text.isspace():
                known[text] = otherwise
                continue
            odd = text[0] == "#" or not text.isprintable()
            value = known[text] = (values.foreign(text) if odd else None) or read(text)
            flaws = flaws or type(value) is Flaw
        result = list(map(known.__getitem__, cells))
        if flaws:
            for at, value in enumerate(result):
                if type(value) is Flaw:
                    self._findings.in_records(self.cell(at, column), value)
                    result[at] = otherwise
        return result  # type: ignore[return-value]  # whatever is no Flaw is a T

    def _ids(self) -> Sequence[str]:
        column = self._columns.fields["record_id"]
        cells = self._tables.columns[column]
        plain = all_plain(cells)
        sound = dict(enumerate(cells)) if plain and all(cells) else dict(self._sound_ids(column, cells, plain=plain))
        numbers = {one.row: one for one in self._tables.remarks if one.kind in ID_REMARKS}
        odd = {at: numbers[row] for at, row in enumerate(self._tables.rows) if row in numbers} if numbers else {}
        for at, flaw in odd_ones_out(sound, odd):
            self._findings.in_records(self.cell(at, column), flaw)
        return list(sound.values()) if len(sound) == len(cells) else [sound.get(at, "") for at in range(len(cells))]

    def _sound_ids(self, column: int, cells: Sequence[str], *, plain: bool) -> Iterator[tuple[int, str]]:
        for at in self.live:
            found, flaw = (cells[at], None) if plain else read_id(cells[at])
            if found:
                yield at, found
            elif flaw is None:
                flaw = _NO_ID
            if flaw is not None:
                self._findings.in_records(self.cell(at, column), flaw)

    def _text(self, column: int) -> list[str]:
        cells = list(self._tables.columns[column])
        for at, text in enumerate(cells) if any(cells) else ():
            if "\r" in text:
                cells[at] = text.replace("\r\n", "\n")
            elif text[:1] == "#" and (flaw := values.failed(text)):
                if flaw.value:
                    flaw = flaw._replace(remedy="Repair the formula, or empty the cell.")
                self._findings.in_records(self.cell(at, column), flaw)
        return cells

    def _name(self, text: str) -> str | Flaw:
        name = _line(text)
        return values.too_long("name-too-long", "The name", name, self._rules.max_name_length) or name

    def _details(self, text: str) -> str | Flaw:
        if values.is_nothing(text):
            return ""
        details = text.replace("\r\n", "\n").strip()
        most = self._rules.max_other_details_length
        return values.too_long("other-details-too-long", "The text", details, most) or details

    def _keywords(self, text: str) -> tuple[str, ...] | Flaw:
        words, most = values.several(text), self._rules.max_keywords
        if most is not None and len(words) > most:
            return Flaw("too-many-keywords", text, f"There are {len(words)} keywords, and WriteText.ai takes {most}.",
                        f"Keep the {most} that matter most.")  # fmt: skip
        for word in words:
            if flaw := values.too_long("keyword-too-long", "A keyword", word, self._rules.max_keyword_length):
                return flaw
        return words

    def _attribute(self, name: str) -> Callable[[str], Attribute | Flaw | None]:
        most = self._rules.max_attribute_value_length

        def read(text: str) -> Attribute | Flaw | None:
            found = values.several_values(text)
            for value in found:
                if flaw := values.too_long("attribute-too-long", f"A value of {name}", value, most):
                    return flaw
            return Attribute(name, found) if found else None

        return read


def every(positions: Sequence[int], rows: int) -> Sequence[int]:
    """Give the positions, or where they are those of all rows, as nearly always, the same in no space."""
    return range(rows) if len(positions) == rows else positions


_NO_ID = Flaw("missing-id", "", "This row has no record id, so its texts could not be told from others.",
              "Type the shop's own id, or empty the row.")  # fmt: skip


def _line(text: str) -> str:
    if text.isprintable():
        text = text.strip()
        return "" if values.is_nothing(text) else text
    text = " ".join(text.split())
    return "" if values.is_nothing(text) else text


def _url(text: str) -> str | Flaw:
    return "" if values.is_nothing(text) else values.web_address(text)


def _store(text: str) -> str | None:
    return _line(text) or None


def _action(text: str) -> Action | Flaw:
    word = values.one_of("unknown-action", "something that wtsync can do", text, tuple(_ACTIONS))
    return word if isinstance(word, Flaw) else _ACTIONS[word]
