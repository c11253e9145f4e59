"""The sheet Images: which record each image becomes, what products may name, and every cell that is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.model import ALT_TEXT, IMAGE, Action, RecordKey
from sync.records import input_digest, to_workbook
from sync.records.locate import locate
from sync.records.sources import named_images, picture_of
from tests.records.sheets import REFERENCE, found, only, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.model import Workbook
    from sync.tables import Tables

HEADINGS = ("Image ID", "Record ID", "URL or file", "Alt text", "Action")
RECORDS = ("Record ID", "Name", "Keywords", "Page title")
STOOL = ("S1", "Oak stool", "oak", "A title")
URL = "https://shop.example.com/stool.jpg"


def sheets(
    images: Sequence[Sequence[str]],
    records: Sequence[Sequence[str]] = (STOOL,),
    headings: Sequence[str] = RECORDS,
    image_headings: Sequence[str] = HEADINGS,
    **settings: str,
) -> Tables:
    given = {"Store": "shop", **{name.replace("_", " "): value for name, value in settings.items()}}
    sheet = tables(image_headings, *images)
    return replace(
        tables(headings, *records, settings=given), images=replace(sheet, sheet="Images", settings=(), images=None)
    )


def book(
    images: Sequence[Sequence[str]],
    records: Sequence[Sequence[str]] = (STOOL,),
    headings: Sequence[str] = RECORDS,
    **settings: str,
) -> Workbook:
    return to_workbook(sheets(images, records, headings, **settings), REFERENCE)


def test_an_image_is_a_record_with_one_text_and_what_the_service_needs_of_its_product() -> None:
    made = book([["front", "S1", URL, "Mine", "Publish"]])
    assert not made.problems
    image = made.records[1]
    assert image.key == RecordKey("shop", IMAGE, "front", "en")
    assert (image.row, image.action, dict(image.texts)) == (2, Action.PUBLISH, {ALT_TEXT: "Mine"})
    assert [one.text_type for one in image.wanted] == [ALT_TEXT]
    assert (image.inputs.name, image.inputs.keywords, image.inputs.shows) == ("Oak stool", ("oak",), "S1")
    assert made.pictures["shop", "front"].url == URL
    assert made.pictures["shop", "front"].where == "Images!C2"
    assert made.images == 1


def test_a_new_picture_changes_the_digest_of_its_alt_text() -> None:
    old, new = (book([["front", "S1", source, "", ""]]).records[1] for source in (URL, "pics/front.jpg"))
    assert input_digest(old, ALT_TEXT) != input_digest(new, ALT_TEXT)


def test_texts_wanted_on_settings_decides_for_alt_texts_too() -> None:
    assert book([["front", "S1", URL, "", ""]], Texts_wanted="Page title").records[1].wanted == ()
    assert book([["front", "S1", URL, "", ""]], Texts_wanted="Alt text").records[1].wanted


def test_an_image_takes_after_the_one_row_of_its_product() -> None:
    headings = ("Record ID", "Name", "Page title", "Store", "Language")
    rows = [["S1", "Hocker", "", "other", "de"]]
    made = book([["front", "S1", URL, "", ""]], rows, headings)
    assert made.records[1].key == RecordKey("other", IMAGE, "front", "de")


def test_of_a_product_in_several_languages_each_has_a_row_of_its_own_for_the_image() -> None:
    headings = ("Record ID", "Name", "Page title", "Language")
    rows = [["S1", "Hocker", "", "de"], ["S1", "Stool", "", "en"]]
    images = [["front", "S1", URL, "", "", ""], ["front", "S1", URL, "", "", "de"]]
    made = to_workbook(sheets(images, rows, headings, (*HEADINGS, "Language")), REFERENCE)
    assert not made.problems
    assert [(one.key.language, one.inputs.name) for one in made.records[2:]] == [("en", "Stool"), ("de", "Hocker")]


def test_what_results_are_written_to_is_found_under_the_same_keys() -> None:
    places = locate(sheets([["front", "S1", URL, "Mine", ""]], image_headings=(*HEADINGS[:4], "Status")))
    assert places.images is not None
    key = RecordKey("shop", IMAGE, "front", "en")
    assert places.of(key) is places.images
    assert dict(places.images.rows) == {key: 2}
    assert (places.images.texts, places.images.results) == ({ALT_TEXT: 4}, {"status": 5})


@pytest.mark.parametrize(
    ("row", "where", "kind"),
    [
        (["", "S1", URL, "", ""], "Images!A2", "missing-id"),
        (["a,b", "S1", URL, "", ""], "Images!A2", "image-id-characters"),
        (["front", "", URL, "", ""], "Images!B2", "no-product"),
        (["front", "S2", URL, "", ""], "Images!B2", "unknown-product"),
        (["front", "S1", "ftp://shop.example.com/a.jpg", "", ""], "Images!C2", "bad-image-address"),
        (["front", "S1", "data:image/png;base64,AAAA", "", ""], "Images!C2", "bad-image-address"),
        (["front", "S1", "/etc/passwd", "", ""], "Images!C2", "file-elsewhere"),
        (["front", "S1", "C:\\pics\\a.jpg", "", ""], "Images!C2", "file-elsewhere"),
        (["front", "S1", "pics/../../a.jpg", "", ""], "Images!C2", "file-elsewhere"),
        (["front", "S1", URL, "", "Rewrite"], "Images!E2", "unknown-action"),
        (["front", "S1", URL, "", "Archive"], "Images!E2", "unknown-action"),
        (["front", "S1", URL, "#REF!", ""], "Images!D2", "error-value"),
    ],
)
def test_what_is_wrong_is_named_with_its_cell_and_the_product_is_used_all_the_same(
    row: list[str], where: str, kind: str
) -> None:
    made = book([row])
    assert (where, kind) in found(made)
    assert [one.key.record_id for one in made.records] == ["S1"]


def test_a_row_to_be_skipped_is_not_looked_at() -> None:
    assert not book([["front", "S1", "ftp://nowhere", "", "Skip"]]).problems


def test_the_same_image_twice_is_used_in_neither_row() -> None:
    made = book([["front", "S1", URL, "", ""], ["front", "S1", URL, "", ""]])
    assert found(made) == [("Images!A3", "duplicate-id")]
    assert [one.key.record_id for one in made.records] == ["S1"]


def test_a_product_without_a_name_cannot_have_its_images_described() -> None:
    made = book([["front", "S1", URL, "", ""]], [["S1", "", "", "A title"]], ("Record ID", "Name", "X", "Page title"))
    assert only(made).kind == "missing-name"


def test_a_misspelt_heading_is_told() -> None:
    made = to_workbook(sheets([["front", "S1", URL, ""]], image_headings=("Image ID", "Record ID", "URL", "Alt txt")),
                       REFERENCE)  # fmt: skip
    assert found(made) == [("Images!D1", "misspelt-heading")]


# ------------------------------------------------------------------------------- the column Images


NAMING = ("Record ID", "Name", "Images", "Page title")


def test_a_product_names_images_of_the_sheet_and_addresses() -> None:
    made = book([["front", "S1", URL, "x", ""]], [["S1", "Stool", f"front, {URL}?a=1,2", ""]], NAMING)
    assert not made.problems
    front, other = made.records[0].inputs.images
    assert front == "front"
    assert made.pictures["shop", other].url == f"{URL}?a=1,2"
    assert made.pictures["shop", other].where == "Records!C2"


def test_an_address_is_the_same_image_wherever_it_is_named() -> None:
    rows = [["S1", "Stool", URL, ""], ["S2", "Table", URL, ""]]
    made = to_workbook(tables(NAMING, *rows), REFERENCE)
    assert made.records[0].inputs.images == made.records[1].inputs.images
    assert len(made.pictures) == 1


def test_an_image_that_is_not_there_is_told_with_the_one_that_may_be_meant() -> None:
    problem = only(book([["front", "S1", URL, "x", ""]], [["S1", "Stool", "frnot", ""]], NAMING))
    assert (problem.where, problem.kind) == ("Records!C2", "unknown-image")
    assert problem.remedy == "Type front."


def test_without_a_sheet_images_a_name_says_nothing() -> None:
    problem = only(to_workbook(tables(NAMING, ["S1", "Stool", "front.jpg", ""]), REFERENCE))
    assert problem.kind == "unknown-image"
    assert "no sheet Images" in problem.what


def test_a_product_that_names_an_image_with_a_flaw_waits_until_it_is_put_right() -> None:
    made = book([["front", "S1", "ftp://x", "x", ""]], [["S1", "Stool", "front", ""]], NAMING)
    assert found(made) == [("Images!C2", "bad-image-address")]
    assert not made.records


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("a, b;c\nd", ("a", "b", "c", "d")),
        ("a,b,a", ("a", "b")),
        ("(none)", ()),
        ("https://x.example/a,b.jpg, c", ("https://x.example/a,b.jpg", "c")),
        ("https://x.example/a.jpg,https://x.example/b.jpg", ("https://x.example/a.jpg", "https://x.example/b.jpg")),
    ],
)
def test_names_are_parted_by_commas_but_not_within_an_address(cell: str, names: tuple[str, ...]) -> None:
    assert named_images(cell) == names


def test_files_are_named_alike_on_every_system() -> None:
    assert picture_of("shop", "a", "pics\\a.jpg") == picture_of("shop", "a", "pics/a.jpg")
