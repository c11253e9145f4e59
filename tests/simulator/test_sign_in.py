from __future__ import annotations

import pytest

from tests.simulator.world import BEGIN, World


def test_a_key_buys_a_token_for_a_day_and_names_the_host_it_was_asked_at() -> None:
    content = World().sign_in()
    assert content["token_type"] == "Bearer"
    assert content["expires_in"] == 86_400
    assert content["region"] == "sim.test:81"
    assert content["platform"]


@pytest.mark.parametrize("headers", [{}, {"WriteTextAI-Token": "wrong"}])
def test_a_wrong_key_is_refused(headers: dict[str, str]) -> None:
    answer = World().bare("GET", "/web/apitoken/accesstoken", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "bearer", ["", "Bearer", "Bearer sim.1.x", "Bearer sim.99999999999.abc", "Bearer \xb2", "Basic abc"]
)
def test_a_bad_bearer_is_refused_and_says_so(bearer: str) -> None:
    answer = World().bare("GET", "/text/Credit", headers={"Authorization": bearer.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["error"]


def test_a_token_is_good_for_24_hours_of_the_clock() -> None:
    world = World()
    world.sign_in()
    world.time = BEGIN + 86_399
    assert world.call("GET", "/text/Credit").status_code == 200
    world.time = BEGIN + 86_401
    assert world.call("GET", "/text/Credit").status_code == 401
    world.sign_in()
    assert world.call("GET", "/text/Credit").status_code == 200


def test_some_addresses_need_no_token() -> None:
    world = World()
    assert world.bare("GET", "/text/Ping").status_code == 200
    assert all(isinstance(host, str) for host in world.bare("GET", "/web/Regions").json())
    assert world.bare("GET", "/web/Token/time").status_code == 401
    assert world.get("/web/Token/time")["time"] == "2025-06-15T15:06:40.000Z"


def test_every_answer_says_what_it_is_and_what_time_it_is() -> None:
    world = World()
    for path in ("/text/Credit", "/text/nowhere", "/_simulator/state", "/text/Generate/Rules"):
        answer = world.call("GET", path)
        assert answer.headers["X-Simulator"] == "wtsync"
        assert answer.headers["Date"] == "Sun, 15 Jun 2025 15:06:40 GMT"
        assert "X-Simulator-Pace" not in answer.headers, "this clock is turned by hand"


def test_unknown_addresses_and_methods_are_refused_in_json() -> None:
    world = World()
    assert world.call("GET", "/text/nowhere").status_code == 404
    assert world.call("GET", "/text/nowhere").json()["error"]
    assert world.call("DELETE", "/text/Credit").status_code == 405
    assert world.call("DELETE", "/text/Credit").json()["error"]


@pytest.mark.parametrize("path", ["/text/credit", "/TEXT/CREDIT", "/Text/Credit"])
def test_paths_are_read_in_any_letter_case(path: str) -> None:
    assert World().call("GET", path).status_code == 200
