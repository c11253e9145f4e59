"""Shopify's product export: rows that share a Handle are one product, with a row for each variant and each picture.

Knows the headings of both forms that the admin writes: `Handle, Title, Body (HTML) ...` and, newer,
`URL handle, Title, Description ...`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sync.exports.prose import plain, shortened
from sync.exports.shaping import OTHER_DETAILS, Product, Row, counted, table
from sync.workbook.layout import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    import polars as pl

    from sync.workbook.template_rows import ProductTable

KIND = "Shopify"
EXPECTED = ("Handle (or URL handle)", "Title", "Vendor", "Option1 Name", "Option1 Value")

_HANDLE = ("Handle", "URL handle")
_SKU = ("Variant SKU", "SKU")
_GRAMS = ("Variant Grams", "Weight value (grams)")
_BODY = ("Body (HTML)", "Description")
_FIELDS = (("name", ("Title",)), ("page title", ("SEO Title",)), ("page description", ("SEO Description",)))
_ATTRIBUTES = (
    ("Brand", ("Vendor",)),
    ("Product type", ("Type", "Custom Product Type")),
    ("Product category", ("Product Category", "Standardized Product Type")),
)
_GOOGLE = (("Gender", ("Google Shopping / Gender",)), ("Age group", ("Google Shopping / Age Group",)))
_METAFIELD = re.compile(r"(.+?) \((?:product|variant)\.metafields\.([^.()]+)\.([^()]+)\)\s*$", re.IGNORECASE)
_SYSTEM_FIELDS = frozenset({"reviews", "mm-google-shopping", "judgeme", "yotpo", "global", "seo"})
_OPTIONS = (1, 2, 3)


def recognises(headings: AbstractSet[str]) -> bool:
    """Tell by the (folded) headings whether this is such an export."""
    return not headings.isdisjoint({"handle", "urlhandle"}) and "title" in headings


def read(frame: pl.DataFrame, source: str) -> ProductTable:
    """Fold the rows into products, in the order in which they first appear."""
    place = {folded(name): number for number, name in reversed(list(enumerate(frame.columns)))}
    metafields = [(match[1].strip(), name) for name in frame.columns if (match := _METAFIELD.match(name))
                  if match[2].casefold() not in _SYSTEM_FIELDS]  # fmt: skip
    products: dict[str, Product] = {}
    seen = _Seen()
    for cells in frame.iter_rows():
        row = Row(place, cells)
        handle = row.get(*_HANDLE)
        if not handle:
            seen.orphans += not row.empty
            continue
        product = products.setdefault(handle, Product(handle, {"record_id": handle}))
        _read_product(product, row)
        _read_variant(product, row, seen)
        for label, column in metafields:
            values, references = _metafield(row.get(column))
            product.add(label, values)
            seen.references += references
    unnamed = sum(not product.fields.get("name") for product in products.values())
    return table(KIND, source, list(products.values()), seen.said(unnamed))


class _Seen:
    """What is remembered from row to row, and what is worth telling at the end."""

    def __init__(self) -> None:
        self.orphans = 0
        self.references = 0
        self.options: dict[tuple[str, int], str] = {}
        self.variants: dict[str, int] = {}
        self.skus: dict[str, set[str]] = {}

    def said(self, unnamed: int) -> list[str]:
        """Say what was folded and left out."""
        folds = {handle: count for handle, count in self.variants.items() if count > 1}
        notes = []
        if folds:
            variants = counted(sum(folds.values()) - len(folds), "variant")
            into = "their product" if len(folds) == 1 else f"{len(folds):,} products"
            notes.append(f"{variants} folded into {into}")
        if several := sum(len(skus) > 1 for skus in self.skus.values()):
            notes.append(f"{counted(several, 'product')} with several SKUs: the first one stands in SKU")
        if self.orphans:
            notes.append(f"{counted(self.orphans, 'row')} without a Handle left out")
        if unnamed:
            notes.append(f"{counted(unnamed, 'product')} without a Title: give it a Name before it can be sent")
        if self.references:
            notes.append(f"{counted(self.references, 'metafield value')} left out: no words, but references or data")
        return notes


def _read_product(product: Product, row: Row) -> None:
    for name, headings in _FIELDS:
        product.put(name, row.get(*headings))
    if body := row.get(*_BODY):
        product.put("product description", body)
        product.put("other_details", shortened(plain(body), OTHER_DETAILS))
    for name, spellings in _ATTRIBUTES:
        product.add(name, [row.get(*spellings)])
    if not product.attributes.get("Product category"):
        category = row.get("Google Shopping / Google Product Category")
        product.add("Product category", [category] if not category.isdigit() else [])
    product.add("Tags", row.get("Tags").split(","))


def _read_variant(product: Product, row: Row, seen: _Seen) -> None:
    """Read the options; a row that has none (it only carries a picture) is no variant."""
    options = [(n, row.get(f"Option{n} Name"), row.get(f"Option{n} Value")) for n in _OPTIONS]
    for number, name, value in options:
        if name:  # the name stands on the first row of a product only
            seen.options.setdefault((product.record_id, number), name)
        label = seen.options.get((product.record_id, number), "")
        if value and label and (folded(label), folded(value)) != ("title", "defaulttitle"):
            product.add(label, [value])
    sku = row.get(*_SKU)
    if any(value for _, _, value in options) or sku:
        seen.variants[product.record_id] = seen.variants.get(product.record_id, 0) + 1
    if sku:
        product.put("sku", sku)
        seen.skus.setdefault(product.record_id, set()).add(sku)
    product.add("Weight", _weight(row.get(*_GRAMS)))
    for name, headings in _GOOGLE:
        product.add(name, [row.get(*headings)])


def _weight(grams: str) -> Iterator[str]:
    """Say a weight as people do: 450 g, 1.2 kg."""
    try:
        weight = float(grams)
    except ValueError:
        return
    if 0 < weight < float("inf"):
        yield f"{weight:g} g" if weight < 1000 else f"{weight / 1000:g} kg"


def _metafield(value: str) -> tuple[Iterable[str], int]:
    """Give the values of a metafield, and how many are references that say nothing to a reader."""
    values = value.split(";")
    if value.startswith(("[", "{")):
        try:
            content = json.loads(value)
        except ValueError:
            content = None
        items = content if isinstance(content, list) else []
        values = [str(item) for item in items if isinstance(item, str | int | float)]
        if not values:
            return (), 1
    values = [item.strip() for item in values if item.strip()]
    words = [plain(item) for item in values if not item.startswith("gid://")]
    return words, len(values) - len(words)
