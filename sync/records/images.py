"""The sheet Images: every image becomes a record with one text, its alt text. And the images that products name.

An image is found under its own id, in the store and the language of the product that it shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.model import ALT_TEXT, IMAGE, IMAGE_ACTIONS, PRODUCT, Action, Cell, Inputs, Picture, Record, RecordKey, Wanted
from sync.records import values
from sync.records.ids import read_id
from sync.records.problems import Flaw
from sync.records.sources import is_address, named_images, picture_of
from sync.workbook.layout import IMAGE_HEADINGS, Role, image_heading_for, near_miss

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sync.records.problems import Findings
    from sync.records.settings import Settings
    from sync.tables import Tables

_ACTIONS = {str(action): action for action in Action if action in IMAGE_ACTIONS}
_WANTED = (Wanted(ALT_TEXT),)


def image_columns(images: Tables) -> dict[str, int]:
    """Find the columns of the sheet, results included, by our own name of the field; the first of several."""
    found: dict[str, int] = {}
    for column, text in images.headings:
        heading = image_heading_for(text)
        if heading is not None:
            found.setdefault(heading.field, column)
    return found


@dataclass(slots=True)
class ImageRows:
    """The sheet, read row by row. `keys` has one entry for each row of the tables; None: it is no image."""

    images: Tables
    columns: Mapping[str, int]
    keys: list[RecordKey | None]
    flaws: list[tuple[int, str, Flaw]] = field(default_factory=list)
    """What is wrong with where an image belongs: the position of the row, the field, the flaw."""

    def text(self, at: int, name: str) -> str:
        """Give what stands in a cell; empty where there is no such column."""
        column = self.columns.get(name)
        return "" if column is None else self.images.columns[column][at]

    def cell(self, at: int, name: str) -> Cell:
        """Give the address of a cell; of a column that is not there, that of the row's first."""
        return Cell(self.images.sheet, self.images.rows[at], self.columns.get(name, 1))


def image_rows(images: Tables, records: Iterable[RecordKey], store: str, language: str) -> ImageRows:
    """Find out under which key each image stands. `store` and `language` are those of Settings.

    A cell that is empty takes after the product: where that stands in several stores or languages, after Settings.
    """
    by_id: dict[str, list[RecordKey]] = {}
    for key in records:
        by_id.setdefault(key.record_id, []).append(key)
    rows = ImageRows(images, image_columns(images), [None] * len(images.rows))
    for at in range(len(images.rows)):
        identity, flaw = read_id(rows.text(at, "image_id"))
        if flaw is not None:
            rows.flaws.append((at, "image_id", flaw))
        if not identity:
            continue
        own_language = rows.text(at, "language").strip()
        code = values.language(own_language) if own_language else ""
        if isinstance(code, Flaw):
            rows.flaws.append((at, "language", code))
            continue
        shown = by_id.get(rows.text(at, "record_id").strip(), ())
        own_store = rows.text(at, "store").strip()
        stores = {key.store for key in shown}
        rows.keys[at] = RecordKey(
            own_store or (min(stores) if len(stores) == 1 else store),
            IMAGE,
            identity,
            code or _only({key.language for key in shown if own_store in {"", key.store}}) or language,
        )
    return rows


def _only(found: Collection[str]) -> str:
    return min(found) if len(found) == 1 else ""


class Gallery:
    """All images that the workbook names, those on the sheet and those that are only an address on Records."""

    def __init__(self, tables: Tables, records: Iterable[RecordKey], settings: Settings, findings: Findings) -> None:
        self._findings = findings
        self._wanted = settings.texts is None or ALT_TEXT in settings.texts
        self.keys = set(records)
        self.rows = (
            image_rows(tables.images, self.keys, settings.store, settings.language)
            if tables.images is not None
            else ImageRows(tables, {}, [])
        )
        self.there = tables.images is not None
        self.pictures: dict[tuple[str, str], Picture] = {}
        self.known: set[tuple[str, str]] = set()
        """Store and id of every image on the sheet, those with a problem too."""
        self._actions: dict[int, Action] = {}
        self._bad: set[int] = set()
        self._flawed: set[tuple[str, str]] = set()
        self._ids = {key.record_id for key in self.keys}
        self._places = {(key.store, key.record_id, key.language) for key in self.keys}
        if self.there:
            self._check_headings()
            self._read()

    def of_product(self, key: RecordKey, cell: str, where: str) -> tuple[str, ...] | Flaw:
        """Read the cell Images of a row of Records: give ids, and learn of the addresses among them."""
        found = []
        for name in named_images(cell):
            if is_address(name):
                picture = picture_of(key.store, "", name, where)
                if isinstance(picture, Flaw):
                    return picture
                self.pictures.setdefault((key.store, picture.image_id), picture)
                found.append(picture.image_id)
            elif (key.store, name) in self.known:
                found.append(name)
            else:
                return self._unknown(key, name)
        return tuple(found)

    def has_flaw(self, store: str, images: Iterable[str]) -> bool:
        """Tell whether one of some images stands on the sheet and cannot be used."""
        return bool(self._flawed) and any((store, one) in self._flawed for one in images)

    def _unknown(self, key: RecordKey, name: str) -> Flaw:
        if not self.there:
            return Flaw("unknown-image", name, "This workbook has no sheet Images that could say what this is.",
                        "Type the web address of the image, or add a sheet Images with the columns Image ID, Record ID"
                        " and URL or file.")  # fmt: skip
        near = values.near_id(name, [identity for store, identity in self.known if store == key.store])
        return Flaw("unknown-image", name,
                    f"There is no image {name} on the sheet {self.rows.images.sheet}."
                    f"{f' Did you mean {near}?' if near else ''}",
                    f"Type {near}." if near else "Type an Image ID of that sheet, or empty this cell.")  # fmt: skip

    def shown(self) -> set[tuple[str, str, str]]:
        """Give store, id and language of the products that the images on the sheet show."""
        if not self.there or ALT_TEXT not in self.rows.columns:
            return set()
        keys = ((at, key) for at, key in enumerate(self.rows.keys) if key is not None)
        return {(key.store, self.rows.text(at, "record_id").strip(), key.language) for at, key in keys}

    def records(self, products: Iterable[Record]) -> Iterator[Record]:
        """Make a record of each image without a problem whose product has none either, in the order of the sheet.

        `products` are those that are `shown` and have no problem.
        """
        if not self.there or ALT_TEXT not in self.rows.columns:
            return
        by_place: dict[tuple[str, str, str], Record] = {}
        for one in products:
            place = (one.key.store, one.key.record_id, one.key.language)
            if place not in by_place or one.key.type == PRODUCT:
                by_place[place] = one
        for at, key in enumerate(self.rows.keys):
            if key is None or at in self._bad:
                continue
            product = by_place.get((key.store, self.rows.text(at, "record_id").strip(), key.language))
            if product is not None and (record := self._record(at, key, product)) is not None:
                yield record

    def _record(self, at: int, key: RecordKey, product: Record) -> Record | None:
        text, action = self._alt_text(at), self._actions.get(at, Action.DECIDE)
        makes = action in {Action.GENERATE, Action.REGENERATE} or (action is Action.DECIDE and not text.strip())
        if self._wanted and makes and not product.inputs.name:
            self._note(at, "record_id", Flaw(
                "missing-name", product.key.record_id, "This product has no name, and WriteText.ai needs it.",
                "Type what it is called, on the sheet with the records."))  # fmt: skip
            return None
        picture = self.pictures.get((key.store, key.record_id))
        return Record(
            key=key,
            row=self.rows.images.rows[at],
            action=action,
            inputs=Inputs(
                name=product.inputs.name,
                keywords=product.inputs.keywords,
                shows=product.key.record_id,
                picture=picture.source if picture is not None else "",
            ),
            wanted=_WANTED if self._wanted else (),
            texts={ALT_TEXT: text},
            shown=product.key,
        )

    def _alt_text(self, at: int) -> str:
        return self.rows.text(at, ALT_TEXT).replace("\r\n", "\n")

    def _check_headings(self) -> None:
        images, columns = self.rows.images, self.rows.columns
        for column, text in images.headings:
            cell, heading = Cell(images.sheet, images.header_row, column), image_heading_for(text)
            if heading is None and (near := near_miss(text, (one.name for one in IMAGE_HEADINGS))):
                self._findings.in_image(cell, Flaw(
                    "misspelt-heading", text, f"Did you mean {near}? As it is, this column is not used.",
                    f"Change the heading to {near}.", warning=near in columns))  # fmt: skip
            elif heading is not None and columns[heading.field] != column and heading.role is not Role.RESULT:
                first = Cell(images.sheet, images.header_row, columns[heading.field])
                self._findings.in_image(cell, Flaw(
                    "duplicate-heading", text, f"It stands for {heading.name}, as the one in {first} does.",
                    f"Leave only one column for {heading.name}."))  # fmt: skip
        for name, what in (("image_id", "Image ID"), ("record_id", "Record ID")):
            if name not in columns:
                self._findings.in_image(Cell(images.sheet, images.header_row, 1), Flaw(
                    "no-column", "", f"{images.sheet} has no column {what}, so that no image can be used.",
                    f"Add a column with the heading {what}."))  # fmt: skip

    def _read(self) -> None:
        rows, first = self.rows, dict[RecordKey, int]()
        for at, name, flaw in rows.flaws:
            self._note(at, name, flaw)
        for at, key in enumerate(rows.keys):
            if key is None:
                if at not in self._bad and any(rows.text(at, name).strip() for name in _SAYING):
                    self._note(at, "image_id", _NO_ID)
                continue
            self.known.add((key.store, key.record_id))
            earlier = first.setdefault(key, at)
            if earlier != at:
                there = rows.images.rows[earlier]
                self._note(at, "image_id", Flaw(
                    "duplicate-id", key.record_id, f"Rows {there} and {rows.images.rows[at]} are the same image.",
                    "Remove one of the two rows, or give it an id of its own."))  # fmt: skip
                self._spoil(earlier)
                continue
            self._row(at, key)

    def _row(self, at: int, key: RecordKey) -> None:
        rows = self.rows
        word = rows.text(at, "action").strip()
        action = values.one_of("unknown-action", "something that can be done with an image", word, tuple(_ACTIONS))
        if word and isinstance(action, Flaw):
            self._note(at, "action", action)
        elif word:
            self._actions[at] = _ACTIONS[str(action)]
        if self._actions.get(at) is Action.SKIP:
            return
        if any(sign in key.record_id for sign in ",;\n"):
            self._note(at, "image_id", Flaw(
                "image-id-characters", key.record_id, "There is a comma or semicolon in the id, and these part ids.",
                "Write the id without it."))  # fmt: skip
        shows = rows.text(at, "record_id").strip()
        if flaw := self._strange(shows, key):
            self._note(at, "record_id", flaw)
        if flaw := values.failed(rows.text(at, ALT_TEXT)):
            self._note(at, ALT_TEXT, flaw)
        source = rows.text(at, "source").strip()
        picture = picture_of(key.store, key.record_id, source, str(rows.cell(at, "source"))) if source else None
        if isinstance(picture, Flaw):
            self._note(at, "source", picture)
        elif picture is not None and at not in self._bad:
            other = self.pictures.setdefault((key.store, key.record_id), picture)
            if other.source != picture.source:
                self._note(at, "source", Flaw(
                    "other-source", source, f"{other.where} says another address or file for the same image.",
                    "Make the two alike: an image is one picture in all its languages."))  # fmt: skip

    def _strange(self, shows: str, key: RecordKey) -> Flaw | None:
        """Find that an image shows no product of the workbook."""
        if not shows:
            return Flaw("no-product", "", "This row does not say which product the image shows.",
                        "Type the Record ID of the product.")  # fmt: skip
        if (key.store, shows, key.language) in self._places:
            return None
        if shows in self._ids:
            return Flaw("unknown-product", shows,
                        f"{shows} is not there in the shop {key.store} and the language {key.language}.",
                        "Correct Store and Language of this row, or add that row to the records.")  # fmt: skip
        near = values.near_id(shows, sorted(self._ids))
        return Flaw("unknown-product", shows,
                    f"There is no row with the Record ID {shows}.{f' Did you mean {near}?' if near else ''}",
                    f"Type {near}." if near else "Type the Record ID of a row, or remove this one.")  # fmt: skip

    def _note(self, at: int, name: str, flaw: Flaw) -> None:
        self._findings.in_image(self.rows.cell(at, name), flaw)
        if not flaw.warning:
            self._spoil(at)

    def _spoil(self, at: int) -> None:
        self._bad.add(at)
        if key := self.rows.keys[at]:
            self._flawed.add((key.store, key.record_id))


_SAYING = ("record_id", "source", ALT_TEXT, "action")
"""Columns that say something of an image; a row with results only is blank."""
_NO_ID = Flaw("missing-id", "", "This row has no image id, so that it could not be told from others.",
              "Type a name of your own for the image, or empty the row.")  # fmt: skip
