"""The sheet Images, as a merchandiser uses it: addresses and files, alt texts, and what somebody changes meanwhile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from tests.cli.test_push import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
URL = "https://shop.example.com/stool.jpg"


def fill(shop: Shop, *rows: tuple[str, ...]) -> None:
    """Type rows of image id, record id, address or file, alt text and Action; what is there is typed over."""
    book = load_workbook(shop.file)
    sheet = book["Images"]
    at = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    for number, row in enumerate(rows, 2):
        for heading, value in zip(("Image ID", "Record ID", "URL or file", "Alt text", "Action"), row, strict=False):
            sheet.cell(number, at[heading]).value = value or None
    book.save(shop.file)


def images(shop: Shop) -> list[dict[str, Any]]:
    """Give the filled rows of the sheet, by heading."""
    book = load_workbook(shop.file, read_only=True)
    try:
        header, *rows = [list(map(_shown, row)) for row in book["Images"].iter_rows(values_only=True)]
        return [dict(zip(header, row, strict=False)) for row in rows if any(row)]
    finally:
        book.close()


def _shown(value: Any) -> Any:
    return value


def call(shop: Shop, method: str, path: str, **more: Any) -> Any:
    """Call the service as somebody else of the account does."""
    with signed_in(shop) as client:
        answer = client.request(method, path, **more)
    answer.raise_for_status()
    return answer.json()


def there(shop: Shop, image: str) -> dict[str, Any]:
    found: dict[str, Any] = call(
        shop, "GET", "/text/Image", params={"storeId": "shop", "language": "en", "imageId": image,
                                            "includeUpdateHistory": "true"}
    )  # fmt: skip
    return found


@pytest.fixture
def stool(opened: Callable[..., Shop]) -> Shop:
    """Open a shop with one product, whose texts are not wanted, and two images of it."""
    shop = opened(records=1, settings={"Texts wanted": "Alt text"})
    (shop.folder / "pics").mkdir()
    (shop.folder / "pics" / "side.png").write_bytes(PNG)
    fill(shop, ("front", "00001", URL), ("side", "00001", "pics/side.png"))
    return shop


def test_alt_texts_are_planned_with_their_price_made_and_written_beside_their_images(stool: Shop) -> None:
    plan = " ".join(stool.here("plan", "shop.xlsx").stdout.split())
    assert "shop.xlsx: 1 record and 2 images make 2 texts for 2 images 1 credit" in plan
    assert "upload 2 images to be looked at free" in plan
    said = stool.here("run", "shop.xlsx", "--yes").stdout
    assert "2 texts made for 1 credit," in said
    rows = images(stool)
    assert all(row["Alt text"].startswith("Oak stool 1") for row in rows)
    assert [(row["Status"], row["Credits"]) for row in rows] == [("Done", 0.5), ("Done", 0.5)]
    assert [one["credits"] for one in stool.ledger()] == [1]
    assert "Nothing to do" in stool.here("run", "shop.xlsx", "--yes").stdout
    assert len(stool.ledger()) == 1


def test_the_file_itself_reaches_the_service(stool: Shop) -> None:
    stool.here("run", "shop.xlsx", "--yes")
    assert there(stool, "front")["url"] == URL
    assert there(stool, "side")["url"] != ""


def test_a_change_there_is_fetched_one_here_goes_back_and_both_wait_for_a_decision(stool: Shop) -> None:
    stool.here("run", "shop.xlsx", "--yes")
    edit = {"storeId": "shop", "language": "en", "imageId": "front", "textId": there(stool, "front")["altText"]["id"]}
    call(stool, "POST", "/text/Image/altText", json={**edit, "value": "Theirs"})
    fill(stool, ("front", "00001", URL, "Mine"), ("side", "00001", "pics/side.png", "Also mine"))
    stool.here("run", "shop.xlsx", "--yes")
    rows = images(stool)
    assert [(row["Alt text"], row["Status"]) for row in rows] == [("Mine", "Conflict"), ("Also mine", "Sent back")]
    assert there(stool, "side")["altText"]["value"] == "Also mine"
    fill(stool, ("front", "00001", URL, "Mine", "Pull"))
    stool.here("run", "shop.xlsx", "--yes", "--overwrite")
    row = images(stool)[0]
    assert (row["Alt text"], row["Status"], row["Action"]) == ("Theirs", "Fetched", None)


def test_publish_marks_the_alt_text_on_the_service(stool: Shop) -> None:
    stool.here("run", "shop.xlsx", "--yes")
    words = images(stool)[0]["Alt text"]
    fill(stool, ("front", "00001", URL, words, "Publish"))
    stool.here("run", "shop.xlsx", "--yes")
    assert there(stool, "front")["altText"]["history"][0]["publish"] is True
    row = images(stool)[0]
    assert (row["Status"], row["Action"]) == ("Published", None)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("http://10.0.0.7/a.jpg", "is inside a network"),
        ("http://localhost.localdomain.local/a.jpg", "is inside a network"),
        ("https://user:pass@shop.example.com/a.jpg", "holds a user name"),
        ("pics/gone.png", "There is no file pics/gone.png"),
        ("shop.xlsx", "no image of a kind"),
        ("../secret.png", "have to lie beside"),
    ],
)
def test_what_may_or_can_not_be_uploaded_is_named_with_its_cell_and_nothing_is_sent(
    stool: Shop, source: str, said: str
) -> None:
    fill(stool, ("front", "00001", source))
    shown = stool.here("plan", "shop.xlsx", code=4).stdout
    assert f"Images!D2 '{source}'" in shown
    assert said in shown
    stool.here("run", "shop.xlsx", "--yes", code=4)
    assert stool.ledger() == []
    stool.here("run", "shop.xlsx", "--yes", "--skip-problems")
    assert [bool(row["Alt text"]) for row in images(stool)] == [False, True]


def test_a_product_chosen_takes_its_images_along(stool: Shop) -> None:
    plan = json.loads(stool.here("plan", "shop.xlsx", "--json", "--record", "00001").stdout)
    assert {one["recordId"] for one in plan["changes"]} == {"front", "side"}
    plan = json.loads(stool.here("plan", "shop.xlsx", "--json", "--record", "side").stdout)
    assert {one["recordId"] for one in plan["changes"]} == {"side"}
    plan = json.loads(stool.here("plan", "shop.xlsx", "--json", "--where", "Name ~ stool").stdout)
    assert {one["recordId"] for one in plan["changes"]} == {"front", "side"}
    plan = json.loads(stool.here("plan", "shop.xlsx", "--json", "--where", "Name ~ table").stdout)
    assert plan["changes"] == []


def test_only_alt_texts_can_be_chosen(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1, settings={"Texts wanted": "Page title, Alt text"})
    fill(shop, ("front", "00001", URL))
    plan = json.loads(shop.here("plan", "shop.xlsx", "--json", "--only", "alt-text").stdout)
    assert [one["field"] for one in plan["changes"]] == ["alt text"]


def test_a_budget_counts_a_request_and_not_its_images(stool: Shop) -> None:
    stool.here("run", "shop.xlsx", "--yes", "--budget", "1")
    assert len(stool.ledger()) == 1


def test_what_was_made_waits_while_the_workbook_is_open_and_is_in_the_file_beside_it(stool: Shop) -> None:
    lock = stool.folder / "~$shop.xlsx"
    lock.write_bytes(b"\x04Anna" + b" " * 160)
    stool.here("run", "shop.xlsx", "--yes", code=None)
    beside = load_workbook(stool.folder / "shop.results.xlsx", read_only=True)
    header, *rows = [list(map(_shown, row)) for row in beside["Results"].iter_rows(values_only=True)]
    assert [row[header.index("Alt text")].startswith("Oak stool") for row in rows] == [True, True]
    beside.close()
    lock.unlink()
    stool.here("apply", "shop.xlsx")
    assert all(row["Alt text"] for row in images(stool))


def test_undo_takes_alt_texts_out_again(stool: Shop) -> None:
    fill(stool, ("front", "00001", URL, "By hand", "Regenerate"))
    stool.here("run", "shop.xlsx", "--yes", "--overwrite")
    said = stool.here("undo", "shop.xlsx", "last", "--yes").stdout
    assert "2 texts put back" in said
    assert [(row["Alt text"], row["Status"]) for row in images(stool)] == [("By hand", "Undone"), (None, "Undone")]


def test_an_older_copy_of_the_workbook_gets_its_alt_texts_again_for_nothing(stool: Shop) -> None:
    old = stool.file.read_bytes()
    stool.here("run", "shop.xlsx", "--yes")
    made = [row["Alt text"] for row in images(stool)]
    stool.file.write_bytes(old)
    stool.here("run", "shop.xlsx", "--yes")
    assert [row["Alt text"] for row in images(stool)] == made
    assert len(stool.ledger()) == 1


def test_a_colleague_with_the_file_alone_goes_on_as_she_would(stool: Shop) -> None:
    stool.here("run", "shop.xlsx", "--yes")
    fill(stool, ("front", "00001", URL, "Mine"))
    hers = str(stool.folder / "hers")
    plan = json.loads(stool.here("plan", "shop.xlsx", "--json", WTSYNC_STATE_DIR=hers).stdout)
    assert plan["counts"] == {"push": 1, "unchanged": 1}, "the sheet _sync says what was agreed on alt texts too"


def test_explain_says_where_each_part_of_an_alt_text_comes_from(stool: Shop) -> None:
    said = stool.here("plan", "shop.xlsx", "--explain", "side").stdout
    assert "pics/side.png" in said
    assert "Images!D3" in said
    assert "as 00001" in said
    assert "alt text" in said.casefold()
    assert "Images!D2" in stool.here("plan", "shop.xlsx", "--explain", "00001").stdout


def test_doctor_counts_the_images(stool: Shop) -> None:
    said = stool.here("doctor", "shop.xlsx", code=None).stdout
    assert "2 images on the sheet Images" in said


def test_where_the_journal_is_gone_a_wish_beside_an_alt_text_is_not_paid_for_again(stool: Shop) -> None:
    stool.here("run", "shop.xlsx", "--yes")
    made = [row["Alt text"] for row in images(stool)]
    book = load_workbook(stool.file)
    del book["_sync"]
    book.save(stool.file)
    fill(stool, ("front", "00001", URL, "", "Generate"))
    stool.here("run", "shop.xlsx", "--yes", WTSYNC_STATE_DIR=str(stool.folder / "new"))
    assert [row["Alt text"] for row in images(stool)] == made
    assert len(stool.ledger()) == 1
