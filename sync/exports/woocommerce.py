r"""WooCommerce's product export: variations follow their product and name it in Parent, as `id:44` or by SKU.

The exporter writes line breaks in descriptions as `\n`, commas within a value as `\,`, and puts an apostrophe before
what a spreadsheet would take for a formula; all three are undone here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.exports.prose import plain, shortened
from sync.exports.shaping import OTHER_DETAILS, Product, Row, counted, table
from sync.workbook.layout import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    import polars as pl

    from sync.workbook.template_rows import ProductTable

KIND = "WooCommerce"
EXPECTED = ("ID", "Type", "SKU", "Name", "Short description", "Description", "Categories", "Parent")

_SEO_TITLE = ("Meta: _yoast_wpseo_title", "Meta: rank_math_title", "Meta: _aioseo_title")
_SEO_DESCRIPTION = ("Meta: _yoast_wpseo_metadesc", "Meta: rank_math_description", "Meta: _aioseo_description")
_KEYWORDS = ("Meta: _yoast_wpseo_focuskw", "Meta: rank_math_focus_keyword")
_ATTRIBUTE = re.compile(r"Attribute (\d+) name\s*$", re.IGNORECASE)
_MEASURE = re.compile(r"(Weight|Length|Width|Height) \(([^()]+)\)\s*$", re.IGNORECASE)
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")


def recognises(headings: AbstractSet[str]) -> bool:
    """Tell by the (folded) headings whether this is such an export."""
    return {"id", "type", "name"} <= headings and not headings.isdisjoint({"sku", "categories", "parent", "published"})


def read(frame: pl.DataFrame, source: str) -> ProductTable:
    """Fold variations into their products, in the order of the file."""
    place = {folded(name): number for number, name in reversed(list(enumerate(frame.columns)))}
    rows = [Row(place, cells) for cells in frame.iter_rows()]
    attributes = [int(match[1]) for name in frame.columns if (match := _ATTRIBUTE.match(name))]
    measures = [(match[1].capitalize(), match[2], name) for name in frame.columns if (match := _MEASURE.match(name))]

    products: dict[str, Product] = {}
    by_sku: dict[str, Product] = {}
    variations: list[Row] = []
    repeated = without_id = 0
    for row in rows:
        number = row.get("ID")
        if "variation" in _values(row.get("Type").casefold()):
            variations.append(row)
        elif not number:
            without_id += not row.empty
        elif number in products:
            repeated += 1
        else:
            product = products[number] = _product(number, row)
            by_sku.setdefault(product.fields.get("sku", ""), product)
            _read_attributes(product, row, attributes, measures)

    orphans, parents = 0, set()
    for row in variations:
        parent = _parent(row.get("Parent"), products, by_sku)
        if parent is None:
            orphans += 1
            continue
        parents.add(parent.record_id)
        _read_attributes(parent, row, attributes, measures)
    unnamed = sum(not product.fields.get("name") for product in products.values())
    notes = _said(len(variations) - orphans, len(parents), orphans, repeated, without_id, unnamed)
    return table(KIND, source, list(products.values()), notes)


def _said(folds: int, parents: int, orphans: int, repeated: int, without_id: int, unnamed: int) -> list[str]:
    notes = []
    if folds:
        into = "their product" if parents == 1 else f"{parents:,} products"
        notes.append(f"{counted(folds, 'variation')} folded into {into}")
    if orphans:
        notes.append(f"{counted(orphans, 'variation')} left out: the product is not in the file")
    if repeated:
        notes.append(f"{counted(repeated, 'row')} left out: the ID stands in the file already")
    if without_id:
        notes.append(f"{counted(without_id, 'row')} without an ID left out")
    if unnamed:
        notes.append(f"{counted(unnamed, 'product')} without a Name: give it one before it can be sent")
    return notes


def _product(number: str, row: Row) -> Product:
    product = Product(number, {"record_id": number})
    product.put("name", _bare(row.get("Name")))
    product.put("sku", _bare(row.get("SKU")))
    body = _prose(row.get("Description"))
    product.put("product description", body)
    product.put("excerpt", _prose(row.get("Short description")))
    product.put("other_details", shortened(plain(body or product.fields.get("excerpt", "")), OTHER_DETAILS))
    product.put("keywords", ", ".join(_values(row.get(*_KEYWORDS))))
    for name, headings in (("page title", _SEO_TITLE), ("page description", _SEO_DESCRIPTION)):
        text = _bare(row.get(*headings))
        product.put(name, text if "%" not in text else "")  # with placeholders it is a pattern, not a text
    product.add("Brand", _values(row.get("Brands", "Brand")))
    product.add("Product category", _values(row.get("Categories")))
    product.add("Tags", _values(row.get("Tags")))
    return product


def _read_attributes(
    product: Product,
    row: Row,
    attributes: Sequence[int],
    measures: Sequence[tuple[str, str, str]],
) -> None:
    for number in attributes:
        if name := row.get(f"Attribute {number} name"):
            product.add(_bare(name), _values(row.get(f"Attribute {number} value(s)")))
    for name, unit, heading in measures:
        value = row.get(heading)
        if value.strip("0.,"):
            product.add(name, [f"{value} {unit}"])


def _parent(parent: str, products: dict[str, Product], by_sku: dict[str, Product]) -> Product | None:
    if parent.casefold().startswith("id:"):
        return products.get(parent[3:].strip())
    return by_sku.get(_bare(parent)) if parent else None


def _values(cell: str) -> list[str]:
    r"""Cut a cell at its commas, but not at `\,`."""
    return [value for part in _UNESCAPED_COMMA.split(_bare(cell)) if (value := part.replace("\\,", ",").strip())]


def _prose(cell: str) -> str:
    r"""Give a description its line breaks back: `\n` is one, `\\n` is meant as it stands."""
    return "\\n".join(part.replace("\\n", "\n") for part in _bare(cell).split("\\\\n")).strip()


def _bare(cell: str) -> str:
    """Take off the apostrophe that guards against formulas."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in set("=+-@") else cell
