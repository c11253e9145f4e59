"""The whole way, as a user goes it: plan, run, status, again; and what stands in the workbook afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from sync.service.key import KEY_VARIABLE
from tests.cli.shop import ROOT, Shop, make_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_plan_run_and_run_again(opened: Callable[..., Shop]) -> None:
    shop = opened()
    before = shop.file.read_bytes()

    text = shop.wtsync("plan", "shop.xlsx")
    assert "shop.xlsx: 6 records" in text.stdout
    assert "make      12 texts for 6 records" in text.stdout
    assert "wtsync run shop.xlsx" in text.stderr
    data = json.loads(shop.wtsync("plan", "shop.xlsx", "--json", "--exit-code", code=10).stdout)
    assert {"changes", "notes", "counts", "estimate", "balance", "digest"} <= set(data)
    assert data["counts"] == {"generate": 12}
    assert set(data["estimate"]) == {"min", "max"}
    assert [one["recordId"] for one in data["changes"][:3]] == ["00001", "00001", "00002"]
    assert shop.file.read_bytes() == before
    assert shop.ledger() == []

    ran = shop.wtsync("run", "shop.xlsx", "--yes")
    assert "12 texts made for 18 credits, 12 texts written into the workbook." in ran.stdout
    assert "Workbook: " in ran.stdout
    assert sorted(shop.cells()) == shop.charged() == shop.everything()
    spent = sum(one["credits"] for one in shop.ledger())
    assert data["estimate"]["min"] <= spent <= data["estimate"]["max"]
    assert shop.column("Status") == ["Done"] * 6
    assert sum(float(one) for one in shop.column("Credits")) == spent
    assert all("simulator" in one for one in shop.column("Message"))

    after = shop.file.read_bytes()
    again = shop.wtsync("run", "shop.xlsx", "--yes")
    assert "Nothing to do: 12 texts looked at." in again.stdout
    assert shop.charged() == shop.everything()
    assert shop.file.read_bytes() == after

    status = json.loads(shop.wtsync("status", "shop.xlsx", "--json").stdout)
    run = status["workbook"]["lastRun"]
    assert (run["state"], run["done"], run["total"], run["credits"]) == ("done", 12, 12, spent)
    assert status["balance"] == data["balance"] - spent
    assert (status["workbook"]["open"], status["workbook"]["unknown"], status["workbook"]["waiting"]) == ([], [], 0)
    assert "Nothing is outstanding." in shop.wtsync("status", "shop.xlsx").stdout


def test_x06_the_key_and_the_token_are_in_no_output_and_no_file(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2, api_key="canary-key-77", faults="500:on=generate,count=1")
    shop.key = "canary-key-77"
    said = shop.here("run", "shop.xlsx", "--yes", code=3)
    shop.here("status", "shop.xlsx")
    files = [file for file in shop.folder.rglob("*") if file.is_file()]
    content = b"".join(file.read_bytes() for file in files) + (said.stdout + said.stderr).encode()
    assert b"canary-key-77" not in content
    assert b"sim.1" not in content.replace(b"sim.xlsx", b""), "nor the beginning of a token"


def test_a_real_simulator_in_a_process_of_its_own_serves_the_command(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sync", "simulate", "--port", "0", "--seconds-per-record", "0.01", "--capacity", "50"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            said = dict(process.stdout.readline().strip().split("=", 1) for _ in range(2))
            shop = Shop(tmp_path, said["WTSYNC_API_URL"], 3, key=said[KEY_VARIABLE])
            shop.wtsync("run", "shop.xlsx", "--yes")
            assert sorted(shop.cells()) == shop.charged() == shop.everything()
            process.terminate()
            process.wait(10)
        finally:
            process.kill()


def test_json_events_are_one_a_line_and_end_with_the_sum(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    lines = shop.here("run", "shop.xlsx", "--yes", "--json").stdout.splitlines()
    events = [json.loads(line) for line in lines]
    assert events[0]["event"] == "plan"
    assert events[-1]["event"] == "done"
    assert (events[-1]["done"], events[-1]["total"], events[-1]["written"]) == (6, 6, 6)
    assert {"sent", "progress"} <= {one["event"] for one in events}
    last = [one for one in events if one["event"] == "progress"][-1]
    assert [last[name] for name in ("total", "done", "credits")] == [6, 6, events[-1]["credits"]], "as it is at the end"


def test_failed_records_leave_with_3_and_are_named_in_their_row(opened: Callable[..., Shop]) -> None:
    shop = opened(faults="fail:count=2")
    ran = shop.here("run", "shop.xlsx", "--yes", code=3)
    assert "4 texts failed" in ran.stdout
    assert shop.column("Status").count("Failed") == 2
    shop.faults("")
    shop.here("run", "shop.xlsx", "--yes")
    assert sorted(shop.cells()) == shop.charged() == shop.everything()
    assert shop.column("Status") == ["Done"] * 6


def test_s18_what_nobody_can_say_leaves_with_3_and_is_sent_again_on_the_users_word_only(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(faults="500:on=generate,count=1")
    ran = shop.here("run", "shop.xlsx", "--yes", "--batch-size", "3", code=3)
    assert "--resend 1" in ran.stderr
    assert "6 texts nobody can say about, up to 9 credits" in ran.stdout
    assert shop.column("Status").count("Unknown") == 3
    assert "nobody can say" in shop.here("run", "shop.xlsx", "--yes", code=3).stdout
    assert "--resend 1" in shop.here("status", "shop.xlsx").stdout
    refused = shop.here("run", "shop.xlsx", "--yes", "--resend", "2", code=2)
    assert "batch 2" in refused.stderr
    shop.here("run", "shop.xlsx", "--yes", "--resend", "1")
    assert sorted(shop.cells()) == shop.charged() == shop.everything()


def test_s12_out_of_credits_leaves_with_8_after_collecting_what_was_sent(opened: Callable[..., Shop]) -> None:
    shop = opened(faults="402:on=generate,after=1")
    ran = shop.here("run", "shop.xlsx", "--yes", "--batch-size", "3", code=8)
    assert "Sending has stopped" in ran.stderr
    assert len(shop.cells()) == len(shop.ledger()) == 6
    shop.faults("")
    shop.here("run", "shop.xlsx", "--yes")
    assert sorted(shop.cells()) == shop.charged() == shop.everything()


def test_regenerate_pays_once_and_its_action_is_emptied(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    shop.here("run", "shop.xlsx", "--yes")
    old = shop.cells()
    shop.edit(A3="Regenerate")
    shop.here("run", "shop.xlsx", "--yes")
    new = shop.cells()
    assert {key for key in old if old[key] != new[key]} == {("00002", "page title"), ("00002", "excerpt")}
    assert not any(shop.column("Action"))
    assert len(shop.ledger()) == 10
    shop.here("run", "shop.xlsx", "--yes")
    assert len(shop.ledger()) == 10


def test_a_new_workbook_of_the_same_products_fetches_what_exists_for_nothing(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.here("run", "shop.xlsx", "--yes")
    texts = shop.cells()
    make_workbook(shop.file, 3, workbook_id="another")
    shop.here("run", "shop.xlsx")
    assert shop.cells() == texts
    assert shop.charged() == shop.everything()
    assert shop.column("Status") == ["Fetched"] * 3
