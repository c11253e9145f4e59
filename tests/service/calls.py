"""One small story for each call of the client: what the cassettes are recorded from, and checked by.

A story starts with a fresh simulator and a signed-out client. It may turn the simulator's clock, which does nothing
when a cassette answers. Its asserts hold in both cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.attempt import GenerateRecord, GenerateRequest
from sync.errors import NotFound, Rejected
from sync.model import Attribute, Inputs, RecordKey, RequestState, TextUpdate, Wanted
from tests.service.calls_images import IMAGE_STORIES
from tests.service.calls_keywords import KEYWORD_STORIES
from tests.service.calls_reviews import REVIEW_STORIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.service import Service

    Story = Callable[[Service, Callable[[float], None]], None]

STORE, LANGUAGE = "shop.example.com", "en-GB"
FAULTS = {"retry": "timeout:count=1"}
"""Faults that the simulator starts with, by the name of the story."""


def order(*ids: str) -> GenerateRequest:
    """Make an order that uses most of what an order can say."""
    records = tuple(
        GenerateRecord(
            identity,
            Inputs(
                name="Oak step stool",
                sku=identity,
                url=f"https://{STORE}/{identity.lower()}",
                keywords=("oak stool",),
                tones=("Friendly", "Informational"),
                attributes=(Attribute("Material", ("Oak",)), Attribute("Colour", ("natural", "white"))),
            ),
            ((Wanted("page title"), ""), (Wanted("product description", 75, 150), "An old text, größer.")),
        )
        for identity in ids
    )
    return GenerateRequest("Product", STORE, LANGUAGE, ("GB",), "Mention the two-year guarantee.", records)


def sign_in(service: Service, _: Callable[[float], None]) -> None:
    service.sign_in()
    assert service.simulated
    assert service.identity.startswith("simulator")


def token_time(service: Service, _: Callable[[float], None]) -> None:
    assert service.token_time() == 1_790_000_000.0


def credit(service: Service, _: Callable[[float], None]) -> None:
    balance = service.balance()
    assert (balance.available, balance.premium) == (10_000, True)


def credit_available(service: Service, _: Callable[[float], None]) -> None:
    assert service.is_available(12.5)
    assert not service.is_available(1_000_000)


def reference(service: Service, _: Callable[[float], None]) -> None:
    first = service.reference()
    assert {"Friendly", "Witty"} <= {tone.id for tone in first.tones}
    assert first.styles
    assert first.audiences
    assert first.rules.max_output_words
    assert first.prices.generation["page title"] == 1
    before = service.requests
    assert service.reference() == first
    assert service.requests == before + 1, "one look at the ETags is enough when nothing changed"


def text_types(service: Service, _: Callable[[float], None]) -> None:
    assert "page title" in service.text_types()


def generate(service: Service, _: Callable[[float], None]) -> None:
    attempt = service.generate(order("SKU-1001", "SKU-1002"))
    assert (attempt.status, bool(attempt.request_id), attempt.texts) == (200, True, ())
    refused = service.generate(GenerateRequest("Product", STORE, LANGUAGE, (), "", ()))
    assert (refused.status, bool(refused.error)) == (400, True)


def active_requests(service: Service, turn: Callable[[float], None]) -> None:
    assert service.active_requests() == ()
    attempt = service.generate(order("SKU-1001", "SKU-1002"))
    turn(0)
    (details,) = service.active_requests()
    assert details.request_id == attempt.request_id
    assert details.records == {"SKU-1001", "SKU-1002"}
    assert (details.store, details.language, details.type) == (STORE, LANGUAGE, "Product")


def request(service: Service, turn: Callable[[float], None]) -> None:
    identity = service.generate(order("SKU-1001", "SKU-1002")).request_id
    assert service.request(identity).state is RequestState.RUNNING
    turn(60)
    details = service.request(identity)
    assert (details.state, details.finished) == (RequestState.COMPLETED, True)
    assert details.completed == {"SKU-1001", "SKU-1002"}
    with pytest.raises(NotFound):
        service.request("nothing/of this kind")


def cancel(service: Service, turn: Callable[[float], None]) -> None:
    identity = service.generate(order(*(f"SKU-{number}" for number in range(9)))).request_id
    service.cancel(identity)
    assert service.request(identity).state is RequestState.CANCELLING
    turn(60)
    details = service.request(identity)
    assert details.state is RequestState.CANCELLED
    assert len(details.completed) < 9
    with pytest.raises(NotFound):
        service.cancel("unknown")


def retry(service: Service, turn: Callable[[float], None]) -> None:
    identity = service.generate(order(*(f"SKU-{number}" for number in range(9)))).request_id
    turn(60)
    assert service.request(identity).state is RequestState.TIMED_OUT
    service.retry(identity)
    turn(60)
    details = service.request(identity)
    assert (details.state, len(details.completed)) == (RequestState.COMPLETED, 9)


def texts(service: Service, turn: Callable[[float], None]) -> None:
    service.generate(order("SKU-1001", "SKU-1002"))
    turn(60)
    found = service.texts("Product", STORE, LANGUAGE, ["SKU-1001", "SKU-1002", "SKU-9"], ["page title"])
    assert [one.key.record.record_id for one in found] == ["SKU-1001", "SKU-1002"]
    assert all(one.value and one.text_id for one in found)
    assert service.texts("Product", STORE, LANGUAGE, ["SKU-9"]) == []


def status(service: Service, turn: Callable[[float], None]) -> None:
    service.generate(order("SKU-1001", "SKU-1002"))
    turn(60)
    pages = list(service.status_pages("Product", store=STORE, language=LANGUAGE, start=1_789_000_000, page_size=3))
    assert [len(page) for page in pages] == [3, 1]
    assert {row.status for page in pages for row in page} == {"Generated"}


def history(service: Service, turn: Callable[[float], None]) -> None:
    assert list(service.history_pages("Product", STORE)) == []
    service.generate(order("SKU-1001", "SKU-1002"))
    turn(60)
    (page,) = service.history_pages("Product", STORE, record_ids=["SKU-1001"], end=1_799_000_000)
    assert {row.record_id for row in page} == {"SKU-1001"}
    assert all(row.value and row.text_id and row.date for row in page)


def update_texts(service: Service, turn: Callable[[float], None]) -> None:
    service.generate(order("SKU-1001"))
    turn(60)
    (text,) = service.texts("Product", STORE, LANGUAGE, ["SKU-1001"], ["page title"])
    service.update_texts(
        text.key.record, [TextUpdate("page title", text.text_id, "Größer — and by hand", reviewed=True)]
    )
    (again,) = service.texts("Product", STORE, LANGUAGE, ["SKU-1001"], ["page title"])
    assert (again.text_id, again.value) == (text.text_id, "Größer — and by hand")
    with pytest.raises(Rejected):
        service.update_texts(RecordKey(STORE, "Product", "SKU-9", LANGUAGE), [TextUpdate("page title", "t-0", "x")])


def archive(service: Service, turn: Callable[[float], None]) -> None:
    service.generate(order("SKU-1001", "SKU-1002"))
    turn(60)
    service.archive("Product", ["SKU-1001", "SKU-1002"])
    with pytest.raises(NotFound):
        service.archive("Product", ["SKU-9"])


STORIES: dict[str, Story] = {
    "sign-in": sign_in,
    "token-time": token_time,
    "credit": credit,
    "credit-available": credit_available,
    "reference": reference,
    "text-types": text_types,
    "generate": generate,
    "active-requests": active_requests,
    "request": request,
    "cancel": cancel,
    "retry": retry,
    "texts": texts,
    "status": status,
    "history": history,
    "update-texts": update_texts,
    "archive": archive,
    **IMAGE_STORIES,
    **REVIEW_STORIES,
    **KEYWORD_STORIES,
}
