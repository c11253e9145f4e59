"""`wtsync simulate --openapi`: the description, and nothing is started."""

from __future__ import annotations

import json

from click.testing import CliRunner

from sync.cli.simulate import command
from sync.service.endpoints import ENDPOINTS


def test_the_description_is_printed_and_nothing_is_started() -> None:
    result = CliRunner().invoke(command, ["--openapi"], catch_exceptions=False)
    described = json.loads(result.stdout)
    assert described["openapi"].startswith("3.1")
    named = {one["operationId"] for path in described["paths"].values() for one in path.values()}
    assert named == set(ENDPOINTS)
    assert "WTSYNC_API_URL" not in result.stdout
