from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.world import Json, World, order, record

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", ["/text/generate", "/text/Generate/v2"])
def test_one_record_is_written_at_once_and_many_are_queued(path: str) -> None:
    world = World()
    one = world.post(path, order("A", queue=False, fields=("page title", "excerpt")))
    assert [(text["recordId"], text["field"], len(text["outputs"])) for text in one["texts"]] == [
        ("A", "page title", 1),
        ("A", "excerpt", 1),
    ]
    assert all(text["id"] for text in one["texts"])
    two = world.post(path, order("A", "B", queue=False))
    assert two["requestId"]
    assert "texts" not in two
    assert world.post(path, order("A", queue=True))["requestId"]


def test_an_order_is_not_hindered_by_the_same_order_in_the_queue() -> None:
    world = World(capacity=1)
    first, second = world.order("A", "B"), world.order("A", "B")
    assert first != second
    world.time += 10
    assert len(world.ledger()) == 4


def test_the_flat_nesting_of_the_documentation_is_read() -> None:
    world = World()
    body = {
        "type": "product", "storeId": "shop", "language": "de", "countries": "DE,AT", "recordId": "A",
        "name": "Eichenhocker", "tones": "Friendly, Witty", "keywords": "hocker,eiche", "fields": "page title, excerpt",
        "minWords": 20, "maxWords": 30,
    }  # fmt: skip
    texts = world.post("/text/generate", body)["texts"]
    assert [text["field"] for text in texts] == ["page title", "excerpt"]
    assert 20 <= len(texts[1]["outputs"][0].split()) <= 30
    body["fields"] = [{"field": "product description", "minWords": 10, "maxWords": 12}]
    assert world.post("/text/generate", body)["texts"][0]["field"] == "product description"


def test_names_are_read_in_any_letter_case() -> None:
    body = {
        "TYPE": "Product", "storeID": "shop", "Language": "en", "texts": [
            {"RecordId": "A", "NAME": "Stool", "Tone": "Witty", "Audience": "Adults", "Style": "concise",
             "Attributes": [{"Name": "Material", "Value": "Oak", "IsCustom": "true"}],
             "FIELDS": [{"Field": "Page Title"}]}],
    }  # fmt: skip
    assert World().post("/text/generate", body)["texts"][0]["field"] == "page title"


def test_alternatives_are_written_on_request_and_differ() -> None:
    body = order("A", queue=False)
    body["Texts"][0].update(options=3, autoselectFirst=False)
    world = World()
    outputs = world.post("/text/generate", body)["texts"][0]["outputs"]
    assert len(set(outputs)) == 3
    text = world.get("/text/Generate", type="Product", recordId="A")["records"][0]["stores"][0]["texts"][0]
    assert text["value"] == ""
    assert text["outputs"] == outputs


def changed(part: str, **changes: Any) -> Json:
    """Make an order with one thing put wrong: at the top, in the record or in the field."""
    body = order("A", "B", fields=("product description",))
    place = {"top": body, "record": body["Texts"][1], "field": body["Texts"][1]["fields"][0]}[part]
    place.update(changes)
    return body


LONG = "x" * 600
REFUSED: list[tuple[Any, str]] = [
    (changed("top", type=None), "type"),
    (changed("top", type="Shop"), "Product or Category"),
    (changed("top", type="Category"), "not for Category"),
    (changed("top", Texts=[]), "Texts"),
    (changed("top", Texts=["A"]), "Texts"),
    (changed("top", Texts={"a": 1}), "Texts"),
    (changed("top", specialInstructions=LONG), "specialInstructions"),
    (changed("top", countries=[1]), "countries"),
    (changed("record", recordId=""), "recordId"),
    (changed("record", recordId="A"), "more than once"),
    (changed("record", recordId=["B"]), "recordId"),
    (changed("record", fields=[]), "fields"),
    (changed("record", fields=None), "fields"),
    (changed("record", fields=["slogan"]), "unknown text type"),
    (changed("record", fields=["category description"]), "not for Product"),
    (changed("record", fields=["excerpt", "excerpt"]), "more than once"),
    (changed("record", name="n" * 101), "name"),
    (changed("record", otherDetails=LONG), "otherDetails"),
    (changed("record", tones=["Sad"]), "unknown tone"),
    (changed("record", style="Baroque"), "unknown style"),
    (changed("record", style="Concise,Descriptive"), "one style"),
    (changed("record", audiences=["Martians"]), "unknown audience"),
    (changed("record", formalLanguage="Royal"), "unknown formalLanguage"),
    (changed("record", tones=["Formal", "Witty"]), "combination"),
    (changed("record", tone="Blunt", style="Storytelling"), "combination"),
    (changed("record", customTone="t" * 51), "customTone"),
    (changed("record", customStyle="t" * 51), "customStyle"),
    (changed("record", customAudience="t" * 151), "customAudience"),
    (changed("record", keywords=["k"] * 6), "too many keywords"),
    (changed("record", keywords=["k" * 36]), "too long"),
    (changed("record", semanticKeywords=["k"] * 11), "semanticKeywords"),
    (changed("record", attributes=[{"name": "a", "value": "b"}] * 51), "too many attributes"),
    (changed("record", attributes=[{"name": "a", "value": "b" * 251}]), "too long"),
    (changed("record", attributes=[{"value": "b"}]), "name"),
    (changed("record", options=0), "options"),
    (changed("record", options="many"), "options"),
    (changed("field", minWords=4), "minWords"),
    (changed("field", maxWords=2001), "maxWords"),
    (changed("field", minWords=90, maxWords=80), "above"),
    (changed("field", minWords="x"), "minWords"),
    (changed("field", minWords=True), "minWords"),
    (changed("field", rewriteText="a", referenceText="b"), "combined"),
    ([], "object"),
    ("text", "object"),
]


@pytest.mark.parametrize(("body", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_the_service_would_refuse_is_refused_whole(body: Any, said: str) -> None:
    world = World()
    answer = world.call("POST", "/text/generate", json=body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    state = world.get("/_simulator/state")
    assert state["requests"] == state["charges"] == 0


def test_a_refusal_names_the_record() -> None:
    answer = World().call("POST", "/text/generate", json=changed("field", minWords=4))
    assert "'B'" in answer.json()["error"]
    assert "product description" in answer.json()["error"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"nonsense", b"[" * 200_000])
def test_a_body_that_is_no_json_is_refused(content: bytes) -> None:
    answer = World().call("POST", "/text/generate", content=content)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


def test_odd_characters_do_no_harm(tmp_path: Path) -> None:
    world = World(state_file=tmp_path / "state.json")
    content = json.dumps(order("A\ud800\u2028{0}%s", queue=False))
    text = world.call("POST", "/text/generate", content=content).json()["texts"][0]
    assert text["recordId"] == "A?\u2028{0}%s"
    content = json.dumps(order("A\ud800\u2028{0}%s", "B"))
    assert world.call("POST", "/text/generate", content=content).json()["requestId"]
    assert World(state_file=tmp_path / "state.json").get("/_simulator/state")["charges"] == 1


def test_premium_fields_need_a_premium_account() -> None:
    world = World(premium=False)
    for body in (order("A", specialInstructions="x"), order("A", Texts=[record("A", otherDetails="x")])):
        answer = world.call("POST", "/text/generate", json=body)
        assert answer.status_code == 400
        assert "premium" in answer.json()["error"]
    assert world.order("A")


def test_an_order_beyond_the_credits_is_refused_whole() -> None:
    world = World(credits=5, capacity=1)
    wanted = ("product description",)
    assert world.order("A", "B", fields=wanted)
    answer = world.call("POST", "/text/generate", json=order("C", fields=wanted))
    assert answer.status_code == 402
    assert "credits" in answer.json()["error"].lower()
    assert world.order("C")
    world.post("/_simulator/credits", {"available": 100})
    assert world.order("D", fields=wanted)


def test_the_most_words_decide_what_must_be_there_and_the_words_written_what_is_paid() -> None:
    world = World(credits=10)
    body = order("A", fields=("product description",))
    body["Texts"][0]["fields"][0].update(minWords=5, maxWords=2000)
    assert world.post("/text/generate", body)["requestId"]
    assert world.get("/_simulator/state")["reservedCredits"] == 8
    assert world.call("GET", "/text/Credit/isAvailable/3").status_code == 400
    world.time += 5
    charge = world.ledger()[0]
    assert 2 <= charge["credits"] <= 8
    assert world.get("/_simulator/state")["reservedCredits"] == 0
    assert world.get("/text/Credit")["availableCredits"] == 10 - charge["credits"]
