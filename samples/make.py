"""Make the workbooks of the stories anew: `python samples/make.py`, or `python samples/make.py FOLDER` elsewhere.

What is in them stands in plain files:

    products.csv              the forty products of the shop, for every story
    second-night/new.csv      the products that came later
    second-night/service.json the texts that the service has, from an earlier night with the simulator; the workbook
                              has the same ones,
    second-night/differs.csv  but for these cells; conflict/ has both files too
    bad-cells/cells.csv       the cells that are wrong, and what kind of problem each of them is
    season/products.csv       the forty garden products of that story,
    season/images.csv         and images of them; four are drawn in season/pictures

The same files give the same workbooks, byte for byte.
"""  # noqa: INP001 - a script among data; nothing imports it as a package

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sync.model import PRODUCT_TEXTS
from sync.workbook.layout import SETTINGS, heading_for
from sync.workbook.template import ProductTable, make
from sync.workbook.template_rows import attribute_column, known_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAMPLES = Path(__file__).parent
STORIES = ("first-generation", "second-night", "bad-cells", "conflict", "season")
ID = "Record ID"

SHOP = {
    "Store": "husundheim.example",
    "Language": "en",
    "Countries": "DE, DK, GB",
    "Tones": "Confident",
    "Budget": "400",
}
"""The settings of every story."""


@dataclass
class Shop:
    """A workbook in the making: settings, and rows by record id, as the files have them."""

    settings: dict[str, str] = field(default_factory=lambda: dict(SHOP))
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    images: list[dict[str, str]] = field(default_factory=list)

    def add(self, products: Path) -> None:
        """Add the products of a file."""
        self.rows.update((row[ID], row) for row in rows_of(products))

    def change(self, cells: Iterable[Mapping[str, str]]) -> None:
        """Write over single cells: `Where` is a record id or Settings, `Column` a heading or a setting."""
        for cell in cells:
            target = self.settings if cell["Where"] == SETTINGS else self.rows[cell["Where"]]
            target[cell["Column"]] = cell["Value"]

    def table(self) -> ProductTable:
        """Give the rows as the template takes them; a column that only some rows have is empty in the others."""
        names = list(dict.fromkeys(name for row in self.rows.values() for name in row))
        columns = []
        for name in names:
            heading = heading_for(name)
            values = [row.get(name, "") for row in self.rows.values()]
            columns.append(known_column(heading) if heading else attribute_column(name, values))
        rows = tuple(tuple(row.get(name, "") for name in names) for row in self.rows.values())
        return ProductTable("sample", "products.csv", tuple(columns), rows)


def rows_of(path: Path) -> list[dict[str, str]]:
    r"""Read a file of comma-separated values with headings; `\u200b` and the like in it are characters."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: _spelt_out(value) for name, value in row.items()} for row in csv.DictReader(file)]


def _spelt_out(value: str) -> str:
    r"""Give the invisible characters that are written as `\x7f` or `\u200b`; what is visible stays."""
    for written in (r"\x7f", r"\u200b"):
        value = value.replace(written, written.encode().decode("unicode_escape"))
    return value


def first_generation() -> Shop:
    """Forty products, and not one text."""
    shop = Shop()
    shop.add(SAMPLES / "products.csv")
    return shop


def second_night() -> Shop:
    """Have the texts of an earlier night, three products more, and what people have done since."""
    shop = first_generation()
    shop.add(SAMPLES / "second-night" / "new.csv")
    known = json.loads((SAMPLES / "second-night" / "service.json").read_text(encoding="utf-8"))
    for row in shop.rows.values():
        row.update(dict.fromkeys(map(str.capitalize, PRODUCT_TEXTS), ""))
    for text in known["texts"]:
        shop.rows[text["recordId"]][text["field"].capitalize()] = text["value"]
    shop.change(rows_of(SAMPLES / "second-night" / "differs.csv"))
    return shop


def bad_cells() -> Shop:
    """Forty products, thirty cells of which are wrong."""
    shop = first_generation()
    shop.change(rows_of(SAMPLES / "bad-cells" / "cells.csv"))
    return shop


def conflict() -> Shop:
    """Have six products, two of whose texts are others here than on the service."""
    shop = first_generation()
    known = json.loads((SAMPLES / "conflict" / "service.json").read_text(encoding="utf-8"))
    ids = {text["recordId"] for text in known["texts"]}
    shop.rows = {record: row for record, row in shop.rows.items() if record in ids}
    shop.settings["Texts wanted"] = "page title, excerpt"
    for row in shop.rows.values():
        row.update({"Page title": "", "Excerpt": ""})
    for text in known["texts"]:
        shop.rows[text["recordId"]][text["field"].capitalize()] = text["value"]
    shop.change(rows_of(SAMPLES / "conflict" / "differs.csv"))
    return shop


def season() -> Shop:
    """Have forty products for the garden, without a keyword or a text, and images of them."""
    shop = Shop()
    shop.add(SAMPLES / "season" / "products.csv")
    shop.images = rows_of(SAMPLES / "season" / "images.csv")
    shop.settings |= {"Countries": "GB, IE", "Tones": "Friendly"}
    return shop


def make_samples(folder: Path) -> list[Path]:
    """Make every story's workbook in its folder below `folder`, and give their paths."""
    paths = []
    shops = (first_generation(), second_night(), bad_cells(), conflict(), season())
    for story, shop in zip(STORIES, shops, strict=True):
        path = folder / story / "workbook.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        identity = sha256(f"wtsync sample {story}".encode()).hexdigest()[:32]
        problems = make(path, workbook_id=identity, rows=shop.table(), images=shop.images, settings=shop.settings)
        if problems:
            raise ValueError(f"{path}: {problems}")
        paths.append(path)
    return paths


if __name__ == "__main__":
    for made in make_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES):
        print(made)  # noqa: T201 - a command of its own
