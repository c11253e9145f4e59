"""Texts of many records: few calls, nothing overlooked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import httpx
import pytest

from sync.errors import Rejected
from sync.service import Service
from tests.service.wires import KEY

STORE = "shop.example.com"


@dataclass
class Shelf:
    """A service that knows texts only. It takes `most` ids a call, else answers `too_much`."""

    texts: dict[str, str]
    most: int = 1000
    too_much: int = 400
    strict: bool = False
    """Answers 404 as soon as one id has no text."""
    asked: list[list[str]] = field(default_factory=list)
    longest: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("accesstoken"):
            return httpx.Response(200, json={"access_token": "t"})
        self.longest = max(self.longest, len(str(request.url)))
        ids = parse_qs(request.url.query.decode())["recordId"][0].split(",")
        self.asked.append(ids)
        if len(ids) > self.most:
            return httpx.Response(self.too_much)
        known = [one for one in ids if one in self.texts]
        if not known or (self.strict and len(known) < len(ids)):
            return httpx.Response(404)
        return httpx.Response(200, text=json.dumps({"records": [self._record(one) for one in known]}))

    def _record(self, identity: str) -> dict[str, object]:
        text = {"id": f"t-{identity}", "value": self.texts[identity]}
        stores = [{"storeId": STORE, "language": "en", "field": "page title", "texts": [text]}]
        return {"recordId": identity, "stores": stores}

    def read(self, ids: list[str]) -> list[str]:
        with Service("https://api.writetext.ai", KEY, transport=httpx.MockTransport(self)) as service:
            return [one.value for one in service.texts("Product", STORE, "en", ids)]


def numbered(count: int) -> list[str]:
    return [f"R{number:04}" for number in range(count)]


def test_more_and_more_ids_are_asked_at_once() -> None:
    ids = numbered(400)
    shelf = Shelf({one: one for one in ids})
    assert shelf.read(ids) == ids
    assert [len(one) for one in shelf.asked] == [5, 10, 20, 40, *[50] * 6, 25]


@pytest.mark.parametrize("status", [400, 413, 414])
@pytest.mark.parametrize("most", [1, 3, 5, 17])
def test_fewer_are_asked_when_it_is_too_much(status: int, most: int) -> None:
    ids = numbered(60)
    shelf = Shelf({one: one for one in ids}, most=most, too_much=status)
    assert shelf.read(ids) == ids
    assert sum(len(one) > most for one in shelf.asked) <= 2, "it learns"


def test_a_refusal_for_a_single_id_is_passed_on() -> None:
    with pytest.raises(Rejected):
        Shelf({}, most=0).read(["a", "b"])


def test_addresses_stay_short() -> None:
    ids = [f"{number}-" + "ä" * 60 for number in range(30)]
    shelf = Shelf({one: one for one in ids})
    assert shelf.read(ids) == ids
    assert shelf.longest <= 1_800


def test_records_without_texts_are_left_out() -> None:
    assert Shelf({"a": "A"}).read(["a", "b"]) == ["A"]
    assert Shelf({}).read(["a", "b", "c"]) == []


def test_nothing_is_overlooked_when_one_unknown_id_hides_the_others() -> None:
    ids = numbered(100)
    shelf = Shelf({one: one for one in ids if int(one[1:]) % 7}, strict=True)
    assert shelf.read(ids) == [one for one in ids if int(one[1:]) % 7]


def test_a_catalogue_without_texts_does_not_cost_a_call_per_record() -> None:
    shelf = Shelf({})
    assert shelf.read(numbered(2000)) == []
    assert len(shelf.asked) < 2000 / 50 + 40


def test_an_id_with_a_comma_is_asked_alone_and_other_records_are_not_mistaken_for_it() -> None:
    shelf = Shelf({"a": "A", "b": "B"})
    assert shelf.read(["b", "a,b", "a"]) == ["B", "A"]
    assert shelf.asked == [["b"], ["a", "b"], ["a"]]


def test_an_id_asked_twice_is_asked_once() -> None:
    shelf = Shelf({"a": "A"})
    assert shelf.read(["a", "a", ""]) == ["A"]
    assert shelf.asked == [["a"]]
