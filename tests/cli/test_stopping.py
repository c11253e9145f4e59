"""Asked to stop while another wtsync is sending for the same account, a run ends at once and has ordered nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.cli.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.shop import Shop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are as POSIX has them")

SETTLING = 1.5
"""Seconds from the plan to the lock, at which nothing shows that the run has come there."""
_SENDING = """
import sys
from sync.journal import account_lock
with account_lock(sys.argv[1])():
    print("sending", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_is_sending(shop: Shop, service: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _SENDING, service],
        env={**shop.env, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sending\n"
        yield process
        process.kill()


@contextmanager
def started(shop: Shop) -> Iterator[subprocess.Popen[str]]:
    """Start a run that waits for the other one; whatever comes of the test, it does not stay."""
    with shop.start("run", "shop.xlsx", "--yes") as run:
        try:
            assert run.stderr is not None
            assert any("Balance:" in line for line in run.stderr), "the plan is shown"
            time.sleep(SETTLING)
            yield run
        finally:
            run.kill()


def service_of(shop: Shop) -> str:
    return str(json.loads(shop.here("status", "--json").stdout)["service"])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_s28_asked_to_stop_while_another_one_is_sending_it_ends_within_seconds(
    opened: Callable[..., Shop], number: signal.Signals, code: int
) -> None:
    shop = opened(records=4)
    with another_is_sending(shop, service_of(shop)), started(shop) as run:
        assert run.poll() is None, "it waits"
        assert shop.ledger() == []
        began = time.monotonic()
        os.kill(run.pid, number)
        _, err = run.communicate(timeout=20)
        assert time.monotonic() - began < 5
    assert run.returncode == code, err
    assert "To go on: wtsync run shop.xlsx" in err
    assert "Traceback" not in err
    assert shop.ledger() == []
    assert "It has had no run on this computer." in shop.here("status", "shop.xlsx").stdout
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.charged() == shop.everything()


def test_s23_when_the_other_one_has_done_with_sending_it_goes_on_by_itself(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    with another_is_sending(shop, service_of(shop)) as other, started(shop) as run:
        assert shop.ledger() == []
        other.kill()
        _, err = run.communicate(timeout=20)
    assert run.returncode == 0, err
    assert shop.charged() == shop.everything()
