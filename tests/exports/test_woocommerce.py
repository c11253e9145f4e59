from __future__ import annotations

from pathlib import Path

from sync.exports import read_export

FILES = Path(__file__).parent / "files"


def records() -> dict[str, dict[str, str]]:
    table = read_export(FILES / "woocommerce.csv")
    names = [column.name for column in table.columns]
    filled = [{name: value for name, value in zip(names, row, strict=True) if value} for row in table.rows]
    return {record["Record ID"]: record for record in filled}


def test_variations_go_into_their_product_by_id_or_sku() -> None:
    hoodie = records()["44"]
    assert hoodie["Colour"] == "Blue; Green; Red"
    assert hoodie["SKU"] == "HOOD"
    assert hoodie["Weight"] == "0.6 kg; 0.65 kg"


def test_every_other_kind_of_product_is_kept() -> None:
    assert list(records()) == ["44", "50", "60", "70"]
    assert records()["60"]["Name"] == "Winter set"


def test_descriptions_are_the_texts_that_the_shop_has() -> None:
    hoodie = records()["44"]
    assert hoodie["Excerpt"] == "<p>Warm and soft.</p>"
    assert hoodie["Product description"] == "<p>Brushed cotton.</p>\n<p>Made to last.</p>"
    assert hoodie["Other details"] == "Brushed cotton. Made to last."
    assert hoodie["Page description"] == "A hoodie for cold days."
    assert "Page title" not in hoodie  # a pattern with placeholders, not a text


def test_categories_tags_and_measures_are_properties() -> None:
    hoodie, belt = records()["44"], records()["50"]
    assert hoodie["Product category"] == "Clothing > Hoodies; Sale"
    assert hoodie["Tags"] == "winter; cotton"
    assert hoodie["Brand"] == "Nordhaus"
    assert hoodie["Style (property)"] == "Zip; Pullover"
    assert belt["Product category"] == "Accessories, small"
    assert belt["Length"] == "110 cm"
    assert "Weight" not in belt


def test_the_apostrophe_against_formulas_is_taken_off() -> None:
    assert records()["50"]["SKU"] == "=BELT"


def test_everything_left_out_is_told() -> None:
    table = read_export(FILES / "woocommerce.csv")
    assert table.kind == "WooCommerce"
    assert table.notes == (
        "2 variations folded into their product",
        "1 variation left out: the product is not in the file",
        "1 row left out: the ID stands in the file already",
    )


def test_a_backslash_n_that_was_meant_stays(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text('ID,Type,SKU,Name,Description\n1,simple,A,A,"C:\\\\\\\\new\\nline"\n'.replace("\\\\\\\\", "\\\\"))
    table = read_export(path)
    assert table.rows[0][[column.name for column in table.columns].index("Product description")] == "C:\\new\nline"
