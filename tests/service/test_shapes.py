"""What we take answers to look like: the simulator keeps to it, and every way of not keeping to it is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from sync.service import Place, Service
from sync.service.differences import differences
from sync.service.endpoints import ENDPOINTS
from sync.service.shapes import SHAPES, Shape
from sync.simulator import DEFAULT_KEY, Simulator, create_app, imaging, optimizing, reviews
from sync.simulator.wire import Fields
from tests.asgi import AsgiTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.model import Probe

SHAPE: Shape = {"id": "text", "at?": "time", "of": [{"many": "number", "is?": "yes/no"}], "by": {"*": "number"}}
GOOD = {"id": "a", "at": "2026-03-04T05:06:07Z", "of": [{"many": 1, "is": True}, {"many": 2.5}], "by": {"x": 1}}


def said(value: object) -> list[str]:
    return [str(one) for one in differences(value, SHAPE)]


def test_what_is_as_expected_has_no_difference() -> None:
    assert said(GOOD) == []
    assert said({**GOOD, "at": None}) == []
    assert said({name: value for name, value in GOOD.items() if name != "at"}) == []


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({"id": None}, "id: a text was expected, and it is null"),
        ({"id": 7}, "id: a text was expected, and it is a number"),
        ({"at": "soon"}, "at: a time was expected, and it is a text"),
        ({"of": {"many": 1}}, "of: a list was expected, and it is an object"),
        ({"of": [{"many": "1"}]}, "of[].many: a number was expected, and it is a number written as text"),
        ({"of": [{}]}, "of[].many: it is missing"),
        ({"of": [{"many": 1, "is": "true"}]}, "of[].is: a yes/no was expected, and it is a text"),
        ({"of": "many"}, "of: a list was expected, and it is a text"),
        ({"by": {"x": "y"}}, "by.*: a number was expected, and it is a text"),
        ({"new": []}, "new: it is not known here; it is a list"),
    ],
)
def test_each_way_of_being_different_is_told(changed: dict[str, object], difference: str) -> None:
    assert said({**GOOD, **changed}) == [difference]


def test_another_letter_case_is_told_and_looked_into() -> None:
    assert said({**{name: value for name, value in GOOD.items() if name != "id"}, "ID": 3}) == [
        "id: it is spelled ID",
        "id: a text was expected, and it is a number",
    ]


@pytest.mark.parametrize("value", [None, [], "page", 3, True])
def test_something_else_altogether_is_told(value: object) -> None:
    assert [one.partition(": ")[0] for one in said(value)] == ["the answer"]


def test_the_same_difference_in_many_entries_is_told_once() -> None:
    assert said({**GOOD, "of": [{"many": None}] * 500}) == ["of[].many: a number was expected, and it is null"]


def test_no_value_is_told_and_no_name_that_may_be_one() -> None:
    secret = "c4n4ry of the user"
    told = said({**GOOD, "id": [secret], secret: {secret: secret}, "of": secret, "by": {secret: secret}})
    assert len(told) == 4
    assert secret not in " ".join(told)


def test_every_free_read_has_a_shape() -> None:
    """A read that costs nothing and is not looked at would leave an assumption that nobody can check."""
    free = {name for name, one in ENDPOINTS.items() if one.method == "GET" and not one.billable}
    assert set(SHAPES) == free - {"sign-in", "user-token"}


class _Otherwise(httpx.BaseTransport):
    """A service that answers one address otherwise than the simulator."""

    def __init__(self, inner: httpx.BaseTransport, path: str, change: Callable[[object], object]) -> None:
        self._inner, self._path, self._change = inner, path.lower(), change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        if request.url.path.lower() != self._path:
            return answer
        changed = self._change(json.loads(answer.read()))
        return changed if isinstance(changed, httpx.Response) else httpx.Response(200, json=changed)


@pytest.fixture
def line() -> Iterator[AsgiTransport]:
    simulator = Simulator(seed=5, seconds_per_record=0.0)
    order: dict[str, object] = {
        "type": "Product",
        "storeId": "shop",
        "language": "en",
        "queue": False,
        "Texts": [{"recordId": "1", "name": "Oak stool", "fields": [{"field": "page title"}]}],
    }
    simulator.generate(order)
    simulator.generate({**order, "queue": True})
    image = {"storeId": "shop", "imageId": "i", "url": "https://shop.example.com/i.jpg", "ipAddress": "::1"}
    imaging.upload(simulator, image)
    reviews.ask(simulator, {"storeId": "shop", "recordId": "1", "field": "page title", "comment": "Too short"})
    imaging.describe(simulator, {"storeId": "shop", "language": "en", "images": [{"imageId": "i"}]})
    place = {"storeId": "shop", "type": "Product", "recordId": "1", "languageCode": "en"}
    optimizing.start(simulator, {**place, "seedKeywords": ["oak stool"], "triggers": [{"action": "FlagForRewrite"}]})
    optimizing.act(simulator, "type", Fields(place), {"keywords": ["barn stool"]})
    optimizing.act(simulator, "take", Fields(place), {})
    with AsgiTransport(create_app(simulator)) as transport:
        yield transport


def probed(transport: httpx.BaseTransport) -> dict[str, Probe]:
    with Service("https://api.writetext.ai", DEFAULT_KEY, transport=transport, sleep=lambda _: None) as service:
        return {one.call: one for one in service.probe(Place("Product", "shop", "en"))}


def test_the_simulator_answers_as_assumed(line: AsgiTransport) -> None:
    found = probed(line)
    assert set(found) == set(SHAPES)
    assert {name: one.differences for name, one in found.items() if one.differences} == {}
    assert {one.status for name, one in found.items() if name != "request"} == {200}


def test_a_service_that_answers_otherwise_is_told_by_call_and_field(line: AsgiTransport) -> None:
    def renamed(value: object) -> object:
        assert isinstance(value, dict)
        return {"creditsLeft": value["availableCredits"], **{n: v for n, v in value.items() if n != "availableCredits"}}

    found = probed(_Otherwise(line, "/text/Credit", renamed))
    assert found["credit"].as_assumed is False
    assert set(found["credit"].differences) == {
        "availableCredits: it is missing",
        "creditsLeft: it is not known here; it is a number",
    }
    assert all(one.as_assumed is not False for name, one in found.items() if name != "credit")


@pytest.mark.parametrize(
    ("answer", "status", "as_assumed"),
    [
        (httpx.Response(404, json={"error": "no"}), 404, False),
        (httpx.Response(200, text="<html>maintenance</html>"), None, False),
        (httpx.Response(500), None, False),
    ],
)
def test_a_call_that_is_not_there_stops_none_of_the_others(
    line: AsgiTransport, answer: httpx.Response, status: int | None, as_assumed: bool
) -> None:
    found = probed(_Otherwise(line, "/text/Generate/Tones", lambda _: answer))
    assert (found["tones"].status, found["tones"].as_assumed) == (status, as_assumed)
    assert found["history"].as_assumed is True


def test_an_empty_list_says_that_its_entries_were_not_seen(line: AsgiTransport) -> None:
    found = probed(_Otherwise(line, "/text/Generate/Status", lambda _: {"records": []}))
    assert found["status"].remark == "it was empty, so its entries were not seen"
    assert found["texts"].as_assumed is None
