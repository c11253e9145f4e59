"""Record the cassettes again, from the simulator over real HTTP: `python -m tests.service.record [call ...]`.

The same simulator gives the same files, byte for byte: its clock stands still, ports and tokens are replaced, and
headers that depend on the machine are left out. Cassettes named `sim-` are made by this and never by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import vcr

from sync.service import Service
from sync.simulator import DEFAULT_KEY, Simulator, running
from tests.service.calls import FAULTS, STORIES

CASSETTES = Path(__file__).parents[2] / "cassettes"
START = 1_790_000_000.0
REQUEST_HEADERS = {"accept-language", "content-type", "if-none-match"}
RESPONSE_HEADERS = {"content-type", "date", "etag", "retry-after", "www-authenticate", "x-simulator"}


def player() -> vcr.VCR:
    """Make the recorder; the same one plays. Requests are told apart by method, path, query and body."""
    return vcr.VCR(
        cassette_library_dir=str(CASSETTES),
        match_on=["method", "path", "query", "body"],
        before_record_request=_clean_request,
        before_record_response=_clean_response,
        decode_compressed_response=True,
    )


def simulator(call: str, clock: list[float]) -> Simulator:
    """Make the simulator that a story meets; `clock` holds its time."""
    return Simulator(seed=7, capacity=4, seconds_per_record=1.0, clock=lambda: clock[0], faults=FAULTS.get(call))


def record(call: str) -> None:
    """Record one cassette, in place of the one there was."""
    path = CASSETTES / f"sim-{call}.yaml"
    path.unlink(missing_ok=True)
    clock = [START]

    def turn(seconds: float) -> None:
        clock[0] += seconds

    with (
        running(simulator(call, clock)) as url,
        player().use_cassette(path.name, record_mode="all"),
        Service(url, DEFAULT_KEY, attempts=1, assumed_deletes=True) as service,
    ):
        STORIES[call](service, turn)


def _clean_request(request: Any) -> Any:
    parts = urlsplit(request.uri)
    request.uri = urlunsplit(("http", "127.0.0.1", parts.path, parts.query, ""))
    kept = {name.lower(): value for name, value in request.headers.items() if name.lower() in REQUEST_HEADERS}
    request.headers = kept
    return request


def _clean_response(response: Any) -> Any:
    headers = response["headers"]
    response["headers"] = {name: value for name, value in headers.items() if name.lower() in RESPONSE_HEADERS}
    try:
        body = json.loads(response["body"]["string"])
    except ValueError:
        return response
    if isinstance(body, dict) and "access_token" in body:
        body["access_token"] = "recorded-token"
        if "region" in body:
            body["region"] = "127.0.0.1"
        response["body"]["string"] = json.dumps(body, separators=(",", ":")).encode()
    return response


if __name__ == "__main__":
    for name in sys.argv[1:] or STORIES:
        record(name)
