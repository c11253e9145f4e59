from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sync.exports import read_export
from sync.workbook.layout import Role, heading_for, near_miss

if TYPE_CHECKING:
    from sync.exports import ProductTable

FILES = Path(__file__).parent / "files"
SAMPLES = Path(__file__).parents[3] / "shared/data/shopify-sample"


def records(table: ProductTable) -> dict[str, dict[str, str]]:
    """Give the filled cells of each record by heading."""
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert all(len(row) == len(names) for row in table.rows)
    filled = [{name: value for name, value in zip(names, row, strict=True) if value} for row in table.rows]
    return {record["Record ID"]: record for record in filled}


def test_rows_of_one_handle_become_one_record_with_all_option_values() -> None:
    table = read_export(FILES / "shopify.csv")
    assert table.kind == "Shopify"
    assert table.source == "shopify.csv"
    shirt = records(table)["linen-shirt"]
    assert shirt["Name"] == "Linen Shirt"
    assert shirt["Size"] == "S; M"
    assert shirt["Colour"] == "Sand; Ink"
    assert shirt["SKU"] == "00123"
    assert shirt["Weight"] == "240 g; 250 g"
    assert "2 variants folded into their product" in table.notes
    assert "1 product with several SKUs: the first one stands in SKU" in table.notes


def test_what_the_shop_knows_becomes_texts_and_properties() -> None:
    shirt = records(read_export(FILES / "shopify.csv"))["linen-shirt"]
    assert shirt["Page title"] == "Linen shirt for warm days"
    assert shirt["Page description"] == "Washed linen that breathes."
    assert shirt["Product description"].startswith("<p>A shirt of <b>washed</b> linen.&nbsp;It breathes.</p>\n<ul>")
    assert shirt["Other details"] == "A shirt of washed linen. It breathes. Woven in Portugal Corozo buttons"
    assert shirt["Brand"] == "Nordhaus"
    assert shirt["Product category"] == "Apparel & Accessories > Clothing > Shirts"
    assert shirt["Tags"] == "summer; linen; men"
    assert (shirt["Gender"], shirt["Age group"]) == ("male", "adult")


def test_metafields_are_properties_by_their_label_and_references_are_left_out() -> None:
    table = read_export(FILES / "shopify.csv")
    shirt = records(table)["linen-shirt"]
    assert shirt["Color"] == "beige; sand"
    assert shirt["Care"] == "Wash at 30 degrees; Do not bleach"
    assert not {"Rating", "Designer"} & {column.name for column in table.columns}
    assert any("metafield value left out" in note for note in table.notes)


def test_the_placeholder_option_and_weights_of_nothing_are_no_properties() -> None:
    table = read_export(FILES / "shopify.csv")
    stool = records(table)["oak-stool"]
    assert stool["Weight"] == "4.2 kg"
    assert "Title" not in {column.name for column in table.columns}
    assert "Weight" not in records(table)["=cmd"]
    assert records(table)["=cmd"]["SKU"] == "=1+1"


def test_rows_without_a_handle_are_told_and_left_out() -> None:
    table = read_export(FILES / "shopify.csv")
    assert list(records(table)) == ["linen-shirt", "oak-stool", "=cmd"]
    assert "1 row without a Handle left out" in table.notes


def test_prices_and_pictures_are_not_taken_over() -> None:
    names = {column.name for column in read_export(FILES / "shopify.csv").columns}
    assert not {name for name in names if "Image" in name or "Price" in name or "Status" in name}


def test_the_newer_headings_are_known_too_with_semicolons_between() -> None:
    table = records(read_export(FILES / "shopify-new.csv"))
    assert table["glass-carafe"]["Name"] == "Glass Carafe"
    assert table["glass-carafe"]["Product category"] == "Home & Garden > Kitchen"
    assert table["glass-carafe"]["Tags"] == "table; glass"
    assert table["wool-throw"]["Pattern"] == "Gingham; Plain"
    assert table["wool-throw"]["Weight"] == "1.25 kg"
    assert table["wool-throw"]["SKU"] == "THR-G"


@pytest.mark.parametrize(
    ("option", "heading"),
    [("Style", "Style (property)"), ("Status", "Status (property)"), ("Price", "Price (property)"),
     ("Keywrds", "Keywrds (property)"), ("Fit", "Fit")],
)  # fmt: skip
def test_no_option_can_be_taken_for_a_column_of_ours(tmp_path: Path, option: str, heading: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"Handle,Title,Option1 Name,Option1 Value\na,A,{option},one\na,,,two; three\n")
    table = read_export(path)
    assert [column.name for column in table.columns if column.role is Role.ATTRIBUTE] == [heading]
    assert heading_for(heading) is None
    assert near_miss(heading, ["Keywords", "Style", "Status"]) is None
    assert records(table)["a"][heading] == "one; two, three"


def test_spellings_of_one_property_share_a_column(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Handle,Title,Option1 Name,Option1 Value\na,A,Color,red\nb,B,color,blue\n")
    table = read_export(path)
    assert [column.name for column in table.columns] == ["Record ID", "Name", "Color"]
    assert [row[2] for row in table.rows] == ["red", "blue"]


def test_a_product_without_a_title_is_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Handle,Title,Vendor\na,,Nordhaus\n")
    assert read_export(path).notes == ("1 product without a Title: give it a Name before it can be sent",)


@pytest.mark.parametrize(("name", "products", "folded"), [("apparel", 20, 2), ("home-and-garden", 20, 1)])
def test_shopifys_own_sample_exports(name: str, products: int, folded: int) -> None:
    path = SAMPLES / f"{name}.csv"
    if not path.exists():
        pytest.skip("the sample exports are not here")
    table = read_export(path)
    assert len(records(table)) == products
    assert table.notes == (f"{folded} variant{'s' * (folded > 1)} folded into their product",)
    assert [column.role for column in table.columns][:2] == [Role.IDENTITY, Role.INPUT]
    assert all("<" not in record.get("Other details", "") for record in records(table).values())
