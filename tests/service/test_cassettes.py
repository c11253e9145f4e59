"""The recorded answers: the client still understands them, and the simulator still gives such answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from vcr.serializers import yamlserializer

from sync.service import Service
from sync.service.endpoints import ENDPOINTS
from sync.simulator import DEFAULT_KEY, create_app
from tests.asgi import AsgiTransport
from tests.service.calls import STORIES
from tests.service.record import CASSETTES, player, simulator

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(CASSETTES.glob("sim-*.yaml"))


def interactions(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yamlserializer.deserialize(path.read_text("utf-8"))["interactions"]
    return found


def shape(value: Any) -> Any:
    """Reduce JSON to its names and kinds; a list is the set of what is in it."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(one), sort_keys=True) for one in value})
    if isinstance(value, bool) or value is None:
        return str(type(value).__name__)
    return "number" if isinstance(value, (int, float)) else "string"


def test_every_call_has_a_cassette() -> None:
    assert {path.name for path in FILES} == {f"sim-{call}.yaml" for call in STORIES}
    lists = {name for name, endpoint in ENDPOINTS.items() if endpoint.caching or name == "etags"}
    assert set(STORIES) - {"reference"} == set(ENDPOINTS) - lists


@pytest.mark.parametrize("call", STORIES)
def test_the_client_understands_what_was_recorded(call: str) -> None:
    with (
        player().use_cassette(f"sim-{call}.yaml", record_mode="none") as cassette,
        Service("http://127.0.0.1", DEFAULT_KEY, attempts=1, assumed_deletes=True) as service,
    ):
        STORIES[call](service, lambda _: None)
    assert cassette.all_played


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_simulator_still_answers_in_the_recorded_shape(path: Path) -> None:
    clock = [0.0]
    api = simulator(path.stem.removeprefix("sim-"), clock)
    with AsgiTransport(create_app(api)) as transport, httpx.Client(transport=transport) as client:
        for one in interactions(path):
            asked, recorded = one["request"], one["response"]
            clock[0] = httpx_date(recorded["headers"])
            parts = urlsplit(asked["uri"])
            token = client.headers.get("authorization", "")
            headers = {name: values[0] for name, values in asked["headers"].items()} | {"authorization": token}
            headers["writetextai-token"] = DEFAULT_KEY
            url = f"http://127.0.0.1{parts.path}?{parts.query}"
            given = client.request(asked["method"], url, content=asked["body"] or b"", headers=headers)
            assert given.status_code == recorded["status"]["code"], asked["uri"]
            was = json.loads(recorded["body"]["string"] or "null")
            now = json.loads(given.content or "null")
            assert shape(now) == shape(was), asked["uri"]
            if isinstance(now, dict) and "access_token" in now:
                client.headers["authorization"] = f"Bearer {now['access_token']}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_cassette_holds_a_secret_or_a_port(path: Path) -> None:
    content = path.read_text("utf-8")
    assert DEFAULT_KEY not in content
    assert "earer " not in content.replace('Bearer error="invalid_token"', "")
    for one in interactions(path):
        assert urlsplit(one["request"]["uri"]).netloc == "127.0.0.1"
        assert one["response"]["headers"].get("X-Simulator", one["response"]["headers"].get("x-simulator"))


def httpx_date(headers: dict[str, list[str]]) -> float:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - only here

    return parsedate_to_datetime({name.lower(): values[0] for name, values in headers.items()}["date"]).timestamp()
