"""`wtsync doctor`: every ill it can name is named, with what to do, and nothing is changed by looking."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from sync.journal import Lease, journal_path
from sync.service.shapes import SHAPES
from sync.workbook.save import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def findings(shop: Shop, *words: str, code: int = 0, **env: str) -> dict[str, dict[str, str]]:
    told = json.loads(shop.here("doctor", *words, "--json", code=code, **env).stdout)
    return {one["about"]: one for one in told["findings"]}


def test_when_all_is_well_it_says_so_and_changes_nothing(opened: Callable[..., Shop]) -> None:
    shop = opened()
    before, state = sha256_of(shop.file), shop.state()
    said = shop.here("doctor", str(shop.file)).stdout
    assert said.endswith("All is well.\n")
    assert "6 records on the sheet Records" in said
    assert "10,000 credits" in said
    assert sha256_of(shop.file) == before
    assert shop.state() | {"time": ""} == state | {"time": ""}
    assert [one.name for one in (shop.folder / "state").rglob("*") if one.is_file()] == []


def test_after_a_run_the_journal_is_sound_and_says_where_it_is(opened: Callable[..., Shop]) -> None:
    shop = opened()
    shop.here("run", str(shop.file), "--yes")
    journal = shop.folder / "state" / "journals" / "w-cli.sqlite3"
    assert findings(shop, str(shop.file))["journal"]["what"] == f"sound: {journal}"
    journal.write_bytes(b"SQLite format 3\x00" + bytes(200))
    found = findings(shop, str(shop.file), code=7)["journal"]
    assert found["state"] == "WRONG"
    assert "`wtsync run`" in found["remedy"]


def test_a_clock_that_is_wrong_is_told_as_people_tell_it(opened: Callable[..., Shop]) -> None:
    found = findings(opened(days_later=0.01))["clock"]
    assert found["what"] == "this computer's clock is 14 minutes behind"


def test_without_a_key_it_names_the_ways_to_give_one(opened: Callable[..., Shop]) -> None:
    found = findings(opened(), code=6, WTSYNC_API_KEY="")
    assert found["key"]["state"] == "WRONG"
    assert "wtsync login" in found["key"]["remedy"]
    assert "sign-in" not in found


def test_a_key_that_is_not_taken_is_told_and_not_shown(opened: Callable[..., Shop]) -> None:
    shop = opened()
    done = shop.here("doctor", "--live", code=6, WTSYNC_API_KEY="canary-4711")
    assert "does not take the API key" in done.stdout
    assert "canary-4711" not in done.stdout + done.stderr


def test_cells_to_put_right_are_counted_and_leave_with_4(opened: Callable[..., Shop]) -> None:
    shop = opened()
    shop.edit(A3="00001")
    found = findings(shop, str(shop.file), code=4)
    assert found["cells"]["state"] == "WRONG"
    assert "to be put right" in found["cells"]["what"]


@pytest.mark.parametrize("content", [b"", b"a;b\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_a_file_that_is_no_workbook_is_told_in_words(opened: Callable[..., Shop], content: bytes) -> None:
    shop = opened()
    shop.file.write_bytes(content)
    assert findings(shop, str(shop.file), code=4)["readable"]["state"] == "WRONG"


def test_a_workbook_that_is_open_in_excel_is_worth_a_note(opened: Callable[..., Shop]) -> None:
    shop = opened()
    shop.file.with_name(f"~${shop.file.name}").write_bytes(b"\x03Ann" + bytes(50))
    found = findings(shop, str(shop.file))["open"]
    assert found["state"] == "note"
    assert "open in Excel by Ann" in found["what"]


def test_a_read_only_workbook_is_wrong_before_anything_is_spent(opened: Callable[..., Shop]) -> None:
    shop = opened()
    shop.file.chmod(stat.S_IRUSR)
    found = findings(shop, str(shop.file), code=4)["writing"]
    assert "read-only" in found["what"]


def test_whoever_is_at_work_on_it_is_named(opened: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    shop = opened()
    monkeypatch.setenv("WTSYNC_STATE_DIR", shop.env["WTSYNC_STATE_DIR"])
    with Lease(journal_path("w-cli"), "wtsync run shop.xlsx"):
        assert f"process {os.getpid()}" in findings(shop, str(shop.file))["at work"]["what"]


def test_a_state_folder_that_cannot_be_used_is_wrong(opened: Callable[..., Shop]) -> None:
    shop = opened()
    (shop.folder / "file").write_text("")
    found = findings(shop, code=7, WTSYNC_STATE_DIR=str(shop.folder / "file"))
    assert found["journals"]["state"] == "WRONG"


def test_live_reports_every_free_read_and_no_value(opened: Callable[..., Shop]) -> None:
    shop = opened()
    shop.here("run", str(shop.file), "--yes")
    words = next(iter(shop.cells().values()))
    said = shop.here("doctor", str(shop.file), "--live").stdout
    report = said[said.index("## Free reads of the simulator") :]
    assert f" of {len(SHAPES)} called, 0 answered otherwise than assumed." in report
    assert "| GET /text/Generate | documented | 200 | yes |" in report
    assert "| GET /text/Generate/Status | documented | 200 | yes |" in report
    assert words not in report
    assert "00001" not in report


def test_an_empty_account_is_a_note_and_no_fault(opened: Callable[..., Shop]) -> None:
    found = findings(opened(credits=0))["balance"]
    assert (found["state"], found["what"]) == ("note", "0 credits (Professional)")
