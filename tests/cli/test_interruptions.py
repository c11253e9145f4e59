"""Killed, stopped, cancelled, or with the workbook open elsewhere: the same command goes on, and pays once."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from sync.simulator import Simulator, running
from tests.cli.shop import Shop, wait_for

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX has them")


@contextmanager
def started(shop: Shop, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command; whatever happens, it does not outlive its test."""
    with shop.start(*words) as process:
        try:
            yield process
        finally:
            process.kill()


def collected(shop: Shop) -> int:
    """Count the texts that a run has found to be made: more may have been, since it looked."""
    journal = shop.folder / "state" / "journals" / "w-cli.sqlite3"
    with closing(sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)) as opened:
        return int(opened.execute("SELECT count(*) FROM text").fetchone()[0])


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in out + err, err
    return process.returncode, out, err


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
def test_g4_killed_at_random_moments_and_started_again_each_text_is_paid_once_and_every_cell_filled(
    opened: Callable[..., Shop], seed: int
) -> None:
    print(f"seed {seed}; replay: pytest tests/cli/test_interruptions.py -k 'g4 and {seed}]'")  # noqa: T201 - for the report
    dice = random.Random(seed)
    shop = opened(records=60, capacity=8, seconds_per_record=0.2)
    for _ in range(5):
        with started(shop, "run", "shop.xlsx", "--yes", "--batch-size", "12") as process:
            time.sleep(dice.uniform(0.4, 1.4))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        charged = shop.charged()
        assert len(set(charged)) == len(charged), f"paid twice, seed {seed}"
        shop.grid()  # whatever moment it was, the workbook opens
    done = shop.here("run", "shop.xlsx", "--yes", "--batch-size", "12", code=None)
    assert done.returncode in {0, 3}, done.stderr
    status = json.loads(shop.here("status", "shop.xlsx", "--json").stdout)["workbook"]
    unknown = {str(batch["batch"]) for batch in status["unknown"]}
    if unknown:  # killed between the intent and the first byte: the one moment that needs a person
        shop.here("run", "shop.xlsx", "--yes", *(word for one in unknown for word in ("--resend", one)))
    assert sorted(shop.cells()) == shop.charged() == shop.everything(), f"seed {seed}"
    assert list(shop.folder.glob(".wtsync-*")) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_s28_asked_to_stop_it_writes_what_is_there_and_says_how_to_go_on(
    opened: Callable[..., Shop], number: signal.Signals, code: int
) -> None:
    shop = opened(records=8, capacity=1, seconds_per_record=0.5)
    with started(shop, "run", "shop.xlsx", "--yes", "--batch-size", "4") as process:
        wait_for(lambda: shop.ledger() and collected(shop))
        process.send_signal(number)
        left, out, err = finish(process)
    assert left == code, err
    assert "To go on: wtsync run shop.xlsx" in err
    assert "still being made" in out
    written = set(shop.cells())
    assert written
    assert written <= set(shop.charged())
    shop.here("run", "shop.xlsx", "--yes")
    assert sorted(shop.cells()) == shop.charged() == shop.everything()


def test_s29_asked_twice_it_ends_at_once_and_the_next_run_goes_on(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4, capacity=2, seconds_per_record=0.3, faults="late:on=generate,seconds=3,count=1")
    with started(shop, "run", "shop.xlsx", "--yes") as process:
        wait_for(lambda: bool(shop.ledger()))
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        code, _, err = finish(process)
    assert code == 130, err
    shop.here("run", "shop.xlsx", "--yes")
    assert sorted(shop.cells()) == shop.charged() == shop.everything()


def test_p12_cancelled_from_another_process_it_collects_what_was_made_and_gives_a_receipt(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=20, capacity=1, seconds_per_record=0.6)  # not over before a slow computer has begun to cancel
    with started(shop, "run", "shop.xlsx", "--yes", "--batch-size", "5") as process:
        wait_for(lambda: len(shop.ledger()) >= 4)
        cancelled = shop.wtsync("cancel", "shop.xlsx")
        code, out, err = finish(process)
    assert code == 3, err
    assert "Cancelling, as asked from another window." in err
    charged = shop.charged()
    assert 4 <= len(charged) < 40
    assert sorted(shop.cells()) == charged
    spent = sum(one["credits"] for one in shop.ledger())
    for said in (out, cancelled.stdout):
        assert f"finished  {len(charged)} texts, {spent} credits" in said
        assert f"stopped   {40 - len(charged)} texts" in said
    assert "Nothing is outstanding" in shop.here("cancel", "shop.xlsx").stdout
    assert sum(one["credits"] for one in shop.ledger()) == spent, "nothing comes after the receipt"


@pytest.mark.long  # half a minute, in which nothing moves on the service
def test_after_a_receipt_nobody_is_told_that_nothing_was_outstanding(tmp_path: Path) -> None:
    """Of two requests of others for one record, the second shows itself after the first, and then is gone."""
    simulator = Simulator(seed=3, capacity=1, seconds_per_record=60.0)
    for store, field in (("another", "excerpt"), ("shop", "excerpt"), ("shop", "page title")):
        text = {"recordId": "00001", "name": "Oak stool", "fields": [{"field": field}]}
        simulator.generate({"type": "Product", "storeId": store, "language": "en", "queue": True, "Texts": [text]})
    with running(simulator) as url:
        shop = Shop(tmp_path, url, 1)
        shop.faults("truncate:on=list,after=10")  # the look that follows the one which has found the second
        said = shop.here("cancel", "shop.xlsx").stdout
    assert said.count("Receipt") == 1
    assert "Nothing is outstanding" not in said


def test_cancelling_with_nobody_at_work_stops_what_is_outstanding(opened: Callable[..., Shop]) -> None:
    shop = opened(records=10, capacity=1, seconds_per_record=0.3)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    receipt = shop.here("cancel", "shop.xlsx").stdout
    assert "Receipt" in receipt
    assert len(shop.ledger()) < 20
    assert sorted(shop.cells()) == shop.charged()


def test_apply_fills_an_older_copy_of_the_file_without_asking_the_service(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    old = shop.folder / "old.xlsx"
    shutil.copy(shop.file, old)
    shop.here("run", "shop.xlsx", "--yes")
    texts = shop.cells()
    shutil.copy(old, shop.file)
    shop.edit(B2="00003", B4="00001")  # and meanwhile somebody has sorted it
    done = shop.here("apply", "shop.xlsx", WTSYNC_API_KEY="", WTSYNC_API_URL="http://127.0.0.1:9")
    assert "8 texts of the journal are in the workbook." in done.stdout
    assert shop.cells() == texts
    before = shop.file.read_bytes()
    shop.here("apply", "shop.xlsx")
    assert shop.file.read_bytes() == before


def test_w13_w17_rows_sorted_deleted_and_filled_between_sending_and_collecting(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    shop.here("run", "shop.xlsx", "--yes", "--detach")
    header = shop.grid()[0]
    title = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[header.index("Page title")]
    before = {row[1]: row for row in shop.grid()[1:5]}
    assert len(before) == 4
    shop.edit(B2="00004", B5="00001", B3="new-id", **{f"{title}4": "My own words"})
    shop.here("run", "shop.xlsx", "--yes", code=None)
    cells = shop.cells()
    by_ledger = {one["recordId"]: one for one in shop.ledger()}
    assert set(by_ledger) >= {"00001", "00003", "00004"}
    assert cells["00003", "page title"] == "My own words"
    assert "00001" not in cells["00004", "page title"]
    charged = shop.charged()
    assert len(set(charged)) == len(charged)
    rows = {row[1]: row for row in shop.grid()[1:]}
    for one in ("00001", "00004"):
        assert cells[one, "page title"], rows[one]


@pytest.mark.parametrize("name", [".~lock.shop.xlsx#", "~$shop.xlsx"])
def test_w09_w10_with_the_workbook_open_elsewhere_the_texts_wait_and_are_applied_later(
    opened: Callable[..., Shop], name: str
) -> None:
    shop = opened(records=2)
    lock: Path = shop.folder / name
    lock.write_bytes(b"\x04Anna" if name.startswith("~") else b",anna,pc,,file:///x;")
    before = shop.file.read_bytes()
    done = shop.here("run", "shop.xlsx", "--yes", code=None)
    assert "wtsync apply" in done.stderr
    assert shop.file.read_bytes() == before
    assert shop.charged() == shop.everything()
    assert "wtsync apply shop.xlsx" in shop.here("status", "shop.xlsx").stdout
    lock.unlink()
    shop.here("apply", "shop.xlsx")
    assert sorted(shop.cells()) == shop.everything()
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--yes").stdout
    assert shop.charged() == shop.everything()
