"""What goes over the wire: the three levels of an order, and edits."""

from __future__ import annotations

import json

from sync.attempt import GenerateRecord, GenerateRequest
from sync.model import Attribute, Inputs, RecordKey, Representative, TextUpdate, Wanted
from sync.service.body import body_sha256, encode, generate_body, time, update_body
from sync.service.endpoint import Source
from sync.service.endpoints import ENDPOINTS
from sync.service.session import address
from sync.simulator.orders import read_order
from tests.service.calls import order

FULL = Inputs(
    name="Stool",
    sku="S-1",
    url="https://shop.example.com/s-1",
    keywords=("oak", "stool"),
    semantic_keywords=("milking stool",),
    tones=("Friendly",),
    style="Concise",
    audiences=("A", "B"),
    custom_tone="like a pirate",
    custom_style="short",
    custom_audience="pirates",
    formal_language="Formal",
    other_details="Sold in pairs.",
    special_instructions="left to the request",
    countries=("DE",),
    attributes=(Attribute("Material", ("Oak",)), Attribute("Colour", ("red", "blue")), Attribute("Empty", ())),
)


def test_an_order_has_three_levels() -> None:
    record = GenerateRecord("1", FULL, ((Wanted("page title"), ""), (Wanted("excerpt", 25, 50), "old")))
    body = generate_body(GenerateRequest("Product", "shop", "en-GB", ("GB",), "Be kind.", (record,)))
    assert body == {
        "type": "Product",
        "storeId": "shop",
        "language": "en-GB",
        "countries": ["GB"],
        "specialInstructions": "Be kind.",
        "queue": True,
        "Texts": [
            {
                "recordId": "1",
                "name": "Stool",
                "sku": "S-1",
                "url": "https://shop.example.com/s-1",
                "otherDetails": "Sold in pairs.",
                "tone": "Friendly",
                "customTone": "like a pirate",
                "style": "Concise",
                "customStyle": "short",
                "audiences": ["A", "B"],
                "customAudience": "pirates",
                "formalLanguage": "Formal",
                "keywords": ["oak", "stool"],
                "semanticKeywords": ["milking stool"],
                "attributes": [
                    {"Name": "Material", "Value": "Oak", "IsCustom": "true"},
                    {"Name": "Colour", "Values": ["red", "blue"], "IsCustom": "true"},
                ],
                "options": 1,
                "autoselectFirst": True,
                "fields": [
                    {"field": "page title", "currentValue": ""},
                    {"field": "excerpt", "currentValue": "old", "minWords": 25, "maxWords": 50},
                ],
            }
        ],
    }


def test_what_is_empty_is_left_out() -> None:
    record = GenerateRecord("1", Inputs(), ((Wanted("page title"), ""),))
    body = generate_body(GenerateRequest("Category", "s", "de", (), "", (record,)))
    assert set(body) == {"type", "storeId", "language", "queue", "Texts"}
    assert isinstance(body["Texts"], list)
    assert set(body["Texts"][0]) == {"recordId", "options", "autoselectFirst", "fields"}


def test_the_simulator_reads_what_is_written() -> None:
    read = read_order(json.loads(encode(generate_body(order("A", "B")))), premium=True)
    assert [one.id for one in read.records] == ["A", "B"]
    assert read.queue


def test_the_same_order_has_the_same_digest() -> None:
    assert body_sha256(order("A", "B")) == body_sha256(order("A", "B"))
    assert body_sha256(order("A", "B")) != body_sha256(order("B", "A"))
    assert encode({"text": "größer \ud83d 😀"}).isascii(), "half a character can be sent, too"


def test_marks_are_sent_only_when_they_are_set() -> None:
    body = update_body(
        RecordKey("s", "Product", "1", "en"),
        [TextUpdate("page title", "t-1", "x"), TextUpdate("excerpt", "t-2", "", publish=False, reviewed=True)],
    )
    assert body["fields"] == [
        {"field": "page title", "textId": "t-1", "value": "x"},
        {"field": "excerpt", "textId": "t-2", "value": "", "publish": False, "reviewed": True},
    ]


def test_moments_are_written_in_utc() -> None:
    assert time(1789984800.1234) == "2026-09-21T10:00:00.123Z"
    assert time(None) == ""


def test_addresses_are_percent_encoded() -> None:
    request = ENDPOINTS["request"]
    base = "https://h/text/Generate/Bulk/"
    assert address("https://h", request, "a/b?c#d é") == base + "a%2Fb%3Fc%23d%20%C3%A9"
    assert address("https://h", request, "..") == base + "%2E%2E"
    query = [("recordId", "a&b,c+d"), ("field", "page title"), ("empty", "")]
    expected = "https://h/text/Generate?recordId=a%26b%2Cc%2Bd&field=page%20title"
    assert address("https://h", ENDPOINTS["texts"], query=query) == expected


def test_the_table_says_what_is_assumed() -> None:
    assert all(endpoint.note for endpoint in ENDPOINTS.values() if endpoint.source is Source.ASSUMED)
    assert {name for name, endpoint in ENDPOINTS.items() if endpoint.billable} == {
        "generate",
        "retry",
        "generate-alt-texts",
        "suggested-audiences",
        "suggested-keywords",
        "start-keywords",
        "optimize-for-text",
        "create-pipeline",
        "update-pipelines",
    }
    assert all(endpoint.cost for endpoint in ENDPOINTS.values() if endpoint.billable)
    assert ENDPOINTS["generate"].path == "/text/generate"


def test_a_text_to_be_rewritten_goes_along_as_such_and_the_others_only_to_be_looked_at() -> None:
    fields = ((Wanted("page title"), "Ours"), (Wanted("excerpt", 25, 50), "old"))
    record = GenerateRecord("1", Inputs(), fields, frozenset({"excerpt"}))
    title, excerpt = generate_body(GenerateRequest("Product", "shop", "en", (), "", (record,)))["Texts"][0]["fields"]  # type: ignore[index]
    assert title == {"field": "page title", "currentValue": "Ours"}
    assert excerpt == {"field": "excerpt", "currentValue": "old", "rewriteText": "old", "minWords": 25, "maxWords": 50}


def test_a_text_to_be_imitated_goes_along_with_the_id_of_its_record_and_products_with_their_category() -> None:
    inputs = Inputs(reference_record="7", representatives=(Representative("P1", "Oak stool", "Sturdy."),))
    record = GenerateRecord(
        "1", inputs, ((Wanted("excerpt"), ""), (Wanted("page title"), "")), references={"excerpt": "So."}
    )
    sent = generate_body(GenerateRequest("Category", "shop", "en", (), "", (record,)))["Texts"][0]  # type: ignore[index]
    assert sent["products"] == [{"id": "P1", "name": "Oak stool", "description": "Sturdy."}]
    assert sent["fields"] == [
        {"field": "excerpt", "currentValue": "", "referenceText": "So.", "referenceRecordId": "7"},
        {"field": "page title", "currentValue": ""},
    ]
