"""`wtsync verify`: what differs between two workbooks, for people and for programs, with an exit code."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def test_after_a_run_only_the_cells_that_it_wrote_differ(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    before = shop.folder / "before.xlsx"
    shutil.copy(shop.file, before)
    assert "before.xlsx and shop.xlsx: the same." in shop.here("verify", "before.xlsx", "shop.xlsx").stdout
    shop.here("run", "shop.xlsx", "--yes")
    text = shop.here("verify", "before.xlsx", "shop.xlsx", "--show", "4").stdout
    assert "before.xlsx and shop.xlsx: 50 cells differ." in text
    assert text.count(": (empty) -> ") == 4
    assert "... and 46 more cells" in text
    data = json.loads(shop.here("verify", "before.xlsx", "shop.xlsx", "--json", "--show", "100").stdout)
    assert (data["cellsDiffering"], data["onlyValues"], data["identical"]) == (50, True, False)
    assert Counter(one["sheet"] for one in data["cells"]) == {"Records": 18, "_sync": 32}, (
        "who made them is written too"
    )
    written = {one["now"] for one in data["cells"]}
    assert set(shop.cells().values()) <= written
    assert {one["was"] for one in data["cells"]} == {""}
    assert data["before"]["sha256"] != data["after"]["sha256"]


def test_anything_but_values_leaves_with_3_and_is_named(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    before = shop.folder / "before.xlsx"
    shutil.copy(shop.file, before)
    shop.edit(C2="Another stool")
    done = shop.here("verify", "before.xlsx", "shop.xlsx", code=3)
    assert "Records!C2: 'Oak stool 1' -> 'Another stool'" in done.stdout
    assert "of the file differ" in done.stdout


def test_what_is_no_workbook_leaves_with_4(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    assert "There is no file none.xlsx" in shop.here("verify", "none.xlsx", "shop.xlsx", code=4).stderr
