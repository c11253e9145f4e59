"""From the values of each product to the columns of a table: names, order, several values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.workbook.layout import HEADINGS, IGNORED_HEADINGS, folded, heading_for, near_miss
from sync.workbook.template_rows import MOST_HEADING, ProductTable, attribute_column, known_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEPARATOR = "; "
"""Between the values of an attribute."""

OTHER_DETAILS = 250
"""Characters of the description that go into Other details."""

_HEADING_NAMES = tuple(heading.name for heading in HEADINGS)
_IGNORED = frozenset(folded(name) for name in (*IGNORED_HEADINGS, "Images"))


@dataclass(slots=True)
class Product:
    """One record in the making. `fields` go into columns we know (by field name), the rest are attributes."""

    record_id: str
    fields: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, list[str]] = field(default_factory=dict)

    def put(self, name: str, value: str) -> None:
        """Fill a column we know, unless it is filled already."""
        if value and not self.fields.get(name):
            self.fields[name] = value

    def add(self, name: str, values: Iterable[str]) -> None:
        """Add values to an attribute, each once. A semicolon within one would cut it in two, so it becomes a comma."""
        for value in values:
            text = " ".join(value.replace(";", ",").split())
            if text and text not in self.attributes.setdefault(name, []):
                self.attributes[name].append(text)


class Row:
    """One row of the file, asked by heading; several spellings may be given, the first that is there counts."""

    def __init__(self, place: dict[str, int], cells: tuple[str | None, ...]) -> None:
        self._place = place
        self._cells = cells

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any((cell or "").strip() for cell in self._cells)

    def get(self, *headings: str) -> str:
        """Give the trimmed value, or an empty string."""
        for heading in headings:
            place = self._place.get(folded(heading))
            if place is not None and (value := (self._cells[place] or "").strip()):
                return value
        return ""


def attribute_name(name: str) -> str:
    """Give an attribute a heading that nobody can take for one of ours: Style becomes Style (property)."""
    clean = " ".join(name.split())[: MOST_HEADING - 20]
    ours = heading_for(clean) is not None or folded(clean) in _IGNORED or near_miss(clean, _HEADING_NAMES) is not None
    return f"{clean} (property)" if ours else clean


def table(kind: str, source: str, products: Sequence[Product], notes: Sequence[str]) -> ProductTable:
    """Make the table. Columns that are empty for every product are not made."""
    filled = {name for product in products for name, value in product.fields.items() if value}
    known = [heading for heading in HEADINGS if heading.field in filled]
    attributes = _attributes(products)
    rows = tuple(
        (
            *(product.fields.get(heading.field, "") for heading in known),
            *(SEPARATOR.join(product.attributes.get(spelling, ())) for spelling in attributes),
        )
        for product in products
    )
    columns = [known_column(heading, (row[place] for row in rows)) for place, heading in enumerate(known)]
    offset = len(known)
    columns += [attribute_column(name, (row[offset + place] for row in rows)) for place, name in enumerate(attributes)]
    return ProductTable(kind, source, tuple(columns), rows, tuple(notes))


def _attributes(products: Sequence[Product]) -> list[str]:
    """Bring attributes that differ only in their spelling (Color, color) together, and give their names in order."""
    names: dict[str, str] = {}
    for product in products:
        merged: dict[str, list[str]] = {}
        for spelling, values in product.attributes.items():
            name = attribute_name(spelling)
            if not values or not folded(name):
                continue
            name = names.setdefault(folded(name), name)
            merged[name] = list(dict.fromkeys((*merged.get(name, ()), *values)))
        product.attributes = merged
    return list(names.values())


def counted(number: int, one: str, many: str = "") -> str:
    """Say how many: `1 variant`, `2 variants`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
