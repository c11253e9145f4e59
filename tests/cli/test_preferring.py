"""`--prefer`: conflicts settled for one side, over the real command and a service that listens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_approving import ID, plan_rows, say_yes
from tests.cli.test_conflicts import TITLE, divided, sheet
from tests.cli.test_push import address, edit_there, texts

if TYPE_CHECKING:
    from tests.cli.shop import Shop

__all__ = ["divided"]  # the fixture
HERE, THERE = ["Oak stool, by hand", "Oak stool too, by hand"], ["Oak stool, from the website"]
THERE += ["Oak stool too, from the website"]


def there(shop: Shop) -> list[str]:
    return [texts(shop)[one]["value"] for one in ("00001", "00002")]


@pytest.mark.parametrize(("side", "words"), [("workbook", HERE), ("service", THERE)])
def test_one_side_is_taken_after_the_guard_and_the_sheet_and_the_rows_say_so(
    divided: Shop, side: str, words: list[str]
) -> None:
    divided.here("run", "shop.xlsx", "--yes")
    paid = divided.ledger()
    told = divided.here("run", "shop.xlsx", "--yes", "--prefer", side, code=5)
    assert "--overwrite" in told.stderr
    assert (divided.column(TITLE)[:2], there(divided)) == (HERE, THERE)
    divided.here("run", "shop.xlsx", "--yes", "--overwrite", "--prefer", side)
    assert divided.column(TITLE)[:2] == there(divided) == words
    assert "No text is in conflict." in sheet(divided)[0]
    assert "Conflict" not in divided.column("Status")
    assert divided.column("Action") == [None] * 3
    assert divided.ledger() == paid
    assert "Nothing to do" in divided.here("run", "shop.xlsx", "--yes", "--prefer", side).stdout


def test_it_is_never_the_default_and_the_plan_shows_it(divided: Shop) -> None:
    assert "2 in conflict" in divided.here("plan", "shop.xlsx").stdout
    assert "2 texts changed here" in divided.here("plan", "shop.xlsx", "--prefer", "workbook").stdout
    told = divided.here("plan", "shop.xlsx", "--prefer", "service", "--explain", "00001").stdout
    assert "you prefer the service's text" in told
    assert "workbook" in divided.here("plan", "shop.xlsx", "--prefer", "mine", code=2).stderr


def test_with_a_record_only_its_conflict_is_settled_and_the_other_stays_on_the_sheet(divided: Shop) -> None:
    divided.here("run", "shop.xlsx", "--yes", "--overwrite", "--prefer", "workbook", "--record", "00001")
    assert there(divided) == [HERE[0], THERE[1]]
    assert [row[0] for row in sheet(divided)] == ["00002"]
    assert divided.column("Status")[:2] == ["Sent back", "Conflict"]


def test_only_leaves_the_conflicts_that_would_be_settled_by_other_work(divided: Shop) -> None:
    divided.here("run", "shop.xlsx", "--yes", "--overwrite", "--prefer", "service", "--only", "push")
    assert (divided.column(TITLE)[:2], there(divided)) == (HERE, THERE)
    assert [row[0] for row in sheet(divided)] == ["00001", "00002"]


def test_an_action_for_a_mark_stays_and_is_carried_out_by_the_next_run(divided: Shop) -> None:
    divided.edit(**{address(divided, "Action"): "Review"})
    divided.here(
        "run", "shop.xlsx", "--yes", "--overwrite", "--prefer", "workbook", "--record", "00001", "--only", "push"
    )
    assert there(divided)[0] == HERE[0]
    assert divided.column("Action")[0] == "Review"
    divided.here("run", "shop.xlsx", "--yes", "--record", "00001")
    assert any(one["reviewed"] for one in texts(divided)["00001"]["history"])
    assert divided.column("Action")[0] is None


def test_a_signed_plan_settles_what_it_says_and_refuses_what_moved(divided: Shop) -> None:
    divided.here("plan", "shop.xlsx", "--prefer", "workbook", "--out", "signed.json")
    signed = json.loads((divided.folder / "signed.json").read_text(encoding="utf-8"))
    assert signed["selection"]["prefer"] == "workbook"
    told = divided.here("run", "shop.xlsx", "--plan", "signed.json", "--prefer", "workbook", code=2)
    assert "which conflicts it settles" in told.stderr
    edit_there(divided, "00002", "Moved since")
    told = divided.here("run", "shop.xlsx", "--yes", "--overwrite", "--plan", "signed.json", code=5)
    assert "00002 page title: the service has another text now" in told.stderr
    edit_there(divided, "00002", THERE[1])
    divided.here("run", "shop.xlsx", "--yes", "--overwrite", "--plan", "signed.json")
    assert there(divided) == HERE


def test_a_plan_from_before_this_wish_settles_nothing_and_one_with_an_unknown_side_is_none(divided: Shop) -> None:
    divided.here("plan", "shop.xlsx", "--out", "signed.json")
    signed = json.loads((divided.folder / "signed.json").read_text(encoding="utf-8"))
    del signed["selection"]["prefer"]
    (divided.folder / "older.json").write_text(json.dumps(signed), encoding="utf-8")
    divided.here("run", "shop.xlsx", "--yes", "--plan", "older.json")
    assert there(divided) == THERE
    signed["selection"]["prefer"] = "mine"
    (divided.folder / "odd.json").write_text(json.dumps(signed), encoding="utf-8")
    assert "is no plan" in divided.here("run", "shop.xlsx", "--plan", "odd.json", code=2).stderr


def test_rows_approved_in_the_workbook_settle_their_own_conflicts_and_no_others(divided: Shop) -> None:
    divided.here("plan", "shop.xlsx", "--prefer", "service", "--into-workbook")
    assert [row[ID] for row in plan_rows(divided.file)] == ["00001", "00002"]
    say_yes(divided.file, "00002")
    divided.here("run", "shop.xlsx", "--yes", "--overwrite", "--approved")
    assert divided.column(TITLE)[:2] == [HERE[0], THERE[1]]
    assert [row[0] for row in sheet(divided)] == ["00001"]


def test_an_approved_row_whose_conflict_has_moved_is_refused(divided: Shop) -> None:
    divided.here("plan", "shop.xlsx", "--prefer", "service", "--into-workbook")
    say_yes(divided.file, "00001")
    divided.edit(**{address(divided, TITLE): "Written since"})
    told = divided.here("run", "shop.xlsx", "--yes", "--overwrite", "--approved", code=5)
    assert "the text that stands there has changed" in told.stderr
    assert divided.column(TITLE)[0] == "Written since"
