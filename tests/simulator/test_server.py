from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from sync.simulator import DEFAULT_KEY, Simulator, running, serve
from tests.simulator.world import order

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from sync.simulator import serve
serve(state=sys.argv[1], seconds_per_record=0.01, announce=lambda url, key: print(url, key, flush=True))
"""


@contextmanager
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, trust_env=False) as made:
        content = made.get("/web/apitoken/accesstoken", headers={"WriteTextAI-Token": DEFAULT_KEY}).json()
        assert url == f"http://{content['region']}"
        made.headers["Authorization"] = f"Bearer {content['access_token']}"
        yield made


def test_a_server_in_the_background_answers_at_once_and_stops_cleanly() -> None:
    with running(Simulator()) as url, client(url) as caller:
        answer = caller.get("/TEXT/credit")
        assert answer.json()["availableCredits"] == 10_000
        assert answer.headers.get_list("date") == [answer.headers["date"]]
        assert "server" not in answer.headers
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


@pytest.mark.parametrize(("seconds", "pace"), [(0.0, "0.02"), (0.3, "0.15"), (60.0, "0.35")])
def test_in_real_time_it_says_how_often_it_may_be_looked_at(seconds: float, pace: str) -> None:
    with running(Simulator(seconds_per_record=seconds)) as url, client(url) as caller:
        assert caller.get("/text/credit").headers["X-Simulator-Pace"] == pace


@pytest.mark.parametrize(
    ("fault", "error"),
    [("reset", (httpx.ReadError, httpx.RemoteProtocolError)), ("lost", (httpx.ReadError, httpx.RemoteProtocolError)),
     ("cut", httpx.RemoteProtocolError)],
)  # fmt: skip
def test_connections_are_really_dropped_and_nothing_is_logged(
    fault: str, error: type[Exception] | tuple[type[Exception], ...], capfd: pytest.CaptureFixture[str]
) -> None:
    with running(Simulator(faults=f"{fault}:on=generate,count=2")) as url, client(url) as caller:
        for _ in range(2):
            with pytest.raises(error):
                caller.post("/text/generate", json=order("A", "B"))
        expected = 0 if fault == "reset" else 2
        assert caller.get("/_simulator/state").json()["requests"] == expected
        assert caller.post("/text/generate", json=order("A", "B")).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_a_caller_that_gave_up_finds_its_late_order_done() -> None:
    with running(Simulator(faults="late:on=generate,seconds=0.3")) as url, client(url) as caller:
        with pytest.raises(httpx.ReadTimeout):
            caller.post("/text/generate", json=order("A", "B"), timeout=0.05)
        assert caller.get("/_simulator/state").json()["requests"] == 1


def test_a_call_that_is_being_answered_when_the_server_is_told_to_end_gets_its_answer() -> None:
    def ordered() -> int:
        with client(url) as caller:
            return caller.post("/text/generate", json=order("A", "B")).status_code

    with ThreadPoolExecutor(1) as threads:
        with running(Simulator(faults="late:on=generate,seconds=0.3")) as url:
            answer = threads.submit(ordered)
            with client(url) as watcher:
                while not watcher.get("/_simulator/state").json()["requests"]:
                    assert not answer.done()
        assert answer.result() == 200


def test_a_port_in_use_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match=f"port {taken.getsockname()[1]}"):
            serve(port=taken.getsockname()[1])


def test_a_bad_fault_is_said_before_anything_is_announced() -> None:
    with pytest.raises(ValueError, match="boom"):
        serve(fault="boom", announce=lambda _url, _key: pytest.fail("announced"))


@contextmanager
def process(state: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-c", PROGRAM, str(state)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as started:
        try:
            assert started.stdout is not None
            url, key = started.stdout.readline().split()
            assert key == DEFAULT_KEY
            yield started, url
        finally:
            started.kill()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_whatever_ends_the_process_what_it_acknowledged_is_kept(tmp_path: Path, number: str) -> None:
    state = tmp_path / "state.json"
    with process(state) as (started, url):
        with client(url) as caller:
            answer = caller.post("/text/generate", json=order("A", "B"))
            identity = answer.json()["requestId"]
        started.send_signal(getattr(signal, number))
        assert started.wait(10) == (-9 if number == "SIGKILL" else 0)
        assert started.stderr is not None
        assert started.stderr.read() == ""
    with running(Simulator(state_file=state)) as url, client(url) as caller:
        assert caller.get(f"/text/Generate/Bulk/{identity}").json()["total"] == 2
