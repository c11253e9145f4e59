"""Putting back what a run replaced in the workbook; nothing does it again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cli.test_push import address, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def test_undo_empties_the_cells_that_were_empty_and_nothing_fills_them_again(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    paid = shop.ledger()
    assert "4 texts in the workbook" in shop.here("undo", "shop.xlsx").stdout
    shop.here("undo", "shop.xlsx", "last", code=5)
    assert sorted(shop.cells()) == shop.everything(), "nobody said yes"
    shop.edit(**{address(shop, "Page title"): "Her words"})
    said = shop.here("undo", "shop.xlsx", "last", "--yes").stdout
    assert "3 texts put back" in said
    assert shop.cells() == {("00001", "page title"): "Her words"}
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.cells() == {("00001", "page title"): "Her words"}
    assert shop.ledger() == paid
    shop.here("apply", "shop.xlsx")
    assert len(shop.cells()) == 4, "apply writes them again"


def test_undo_puts_the_former_text_back_and_it_is_neither_sent_nor_made_anew(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    shop.here("run", "shop.xlsx", "--yes")
    before = shop.cells()
    shop.edit(**{address(shop, "Action"): "Regenerate"})
    shop.here("run", "shop.xlsx", "--yes")
    paid, there = shop.ledger(), texts(shop)["00001"]["value"]
    assert shop.cells() != before
    shop.here("undo", "shop.xlsx", "last", "--yes")
    assert shop.cells() == before
    for computer in (dict[str, Any](), {"WTSYNC_STATE_DIR": str(shop.folder / "colleague")}):
        shop.here("run", "shop.xlsx", "--yes", **computer)
    assert (shop.cells(), texts(shop)["00001"]["value"], shop.ledger()) == (before, there, paid)
