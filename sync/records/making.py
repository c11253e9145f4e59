"""Records out of columns, some rows at a time: as often as they are asked for, and not before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sync.model import Inputs, Record, RecordKey
from sync.records.bulk import made
from sync.records.links import Links
from sync.records.manner import AS_ANOTHER
from sync.records.own import own_words, words_columns
from sync.records.search import searches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.model import Attribute, Search, Wanted
    from sync.records.cells import Texts
    from sync.records.manner import Manner
    from sync.records.rows import Rows
    from sync.records.settings import Settings

T = TypeVar("T")
_NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Addresses:
    """What records are found under: columns with one value for each row; the first is as the user wrote it."""

    ids: Sequence[str]
    stores: Sequence[str]
    types: Sequence[str]
    languages: Sequence[str]

    def key(self, at: int) -> RecordKey:
        """Give the address of one row."""
        return RecordKey(self.stores[at], self.types[at], self.ids[at], self.languages[at])


@dataclass(slots=True)
class Maker:
    """Everything that making records out of rows needs, once all rows were checked. It goes by columns."""

    rows: Rows
    settings: Settings
    addresses: Addresses
    texts: Texts
    wanted: Mapping[str, tuple[Wanted, ...]]
    """The texts wanted of each type, as Settings has them."""
    manners: Sequence[Manner | None]
    attributes: Sequence[tuple[Attribute, ...]]
    links: Links = field(default_factory=Links)
    images: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the images that a row names; rows that name none are left out."""
    formal: Mapping[str, bool] = field(default_factory=dict)
    """Whether formal and informal differ, by language."""
    keywords: Sequence[str] | None = None
    """What stands in the column Keywords, if there is one."""
    _words: Mapping[str, Sequence[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._words = words_columns(self.rows)  # that looks at whole columns; each piece, at its own rows only

    def records(self, positions: Sequence[int]) -> list[Record]:
        """Make the records of some rows, by their positions, which ascend."""
        addresses, references = self.addresses, self.links.references
        types = _at(positions, addresses.types)
        return made(
            Record,
            key=self.keys(positions),
            row=_at(positions, self.rows.numbers),
            action=_at(positions, self.rows.action),
            inputs=self._inputs(positions),
            wanted=own_words(self._words, positions, self.wanted, types),
            texts=[self.texts[at] for at in positions],
            search=self._searches(positions),
            patterns=[self.texts[references[at]] if at in references else _NONE for at in positions],
            shown=[None] * len(positions),
        )

    def keys(self, positions: Sequence[int]) -> list[RecordKey]:
        """Give the addresses of some rows."""
        of = self.addresses
        columns = (_at(positions, column) for column in (of.stores, of.types, of.ids, of.languages))
        return list(map(RecordKey, *columns))

    def _searches(self, positions: Sequence[int]) -> Sequence[Search]:
        own, usual = self.rows.own.get("countries"), self.settings.countries
        sold_in = [usual if own is None or own[at] is None else own[at] for at in positions]
        return searches(self.rows, self.settings, self.keywords, positions, sold_in)

    def _inputs(self, positions: Sequence[int]) -> list[Inputs]:
        """Merge the rows with the settings."""
        rows, settings, links, languages = self.rows, self.settings, self.links, self.addresses.languages
        imitates = links.references
        manners = [AS_ANOTHER if at in imitates else self.manners[at] or AS_ANOTHER for at in positions]

        def either(name: str) -> Sequence[object]:
            usual, own = getattr(settings, name), rows.own.get(name)
            return (
                [usual] * len(positions) if own is None else [usual if own[at] is None else own[at] for at in positions]
            )

        def manner(name: str) -> Sequence[object]:
            found = either(name)
            return (
                ["" if at in imitates else one for at, one in zip(positions, found, strict=True)] if imitates else found
            )

        own, named = rows.own.get("semantic_keywords"), rows.links.get("reference_record", ())
        return made(
            Inputs,
            name=_at(positions, rows.name),
            sku=_at(positions, rows.sku),
            url=_at(positions, rows.url),
            keywords=_at(positions, rows.keywords),
            semantic_keywords=[own[at] or () for at in positions] if own else [()] * len(positions),
            tones=[tones for tones, _, _ in manners],
            style=[style for _, style, _ in manners],
            audiences=[audiences for _, _, audiences in manners],
            custom_tone=manner("custom_tone"),
            custom_style=manner("custom_style"),
            custom_audience=manner("custom_audience"),
            formal_language=[
                chosen if self.formal[languages[at]] else ""
                for at, chosen in zip(positions, either("formal_language"), strict=True)
            ],
            other_details=_at(positions, rows.other_details),
            special_instructions=either("special_instructions"),
            countries=either("countries"),
            attributes=_at(positions, self.attributes),
            reference_record=[named[at] if at in imitates else "" for at in positions],
            representatives=[links.representatives.get(at, ()) for at in positions],
            images=[self.images.get(at, ()) for at in positions],
            shows=[""] * len(positions),
            picture=[""] * len(positions),
        )


def _at(positions: Sequence[int], column: Sequence[T]) -> list[T]:
    return [column[at] for at in positions]
