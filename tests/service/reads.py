"""One way to make each reading call of the table, and a simulator in which every one of them finds something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import RecordKey
from sync.simulator import Simulator, imaging, reviews

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.service import Service

STORE, LANGUAGE = "shop", "en"
RECORD = RecordKey(STORE, "Product", "SKU-1", LANGUAGE)
IDS = ("SKU-1", "SKU-2")


def furnished() -> Simulator:
    """Make a simulator that holds texts, an open request, images with alt texts, and editors' requests for change."""
    simulator = Simulator(seed=5, seconds_per_record=0.0, clock=lambda: 1_790_000_000.0)
    records = [{"recordId": one, "name": "Oak stool", "fields": [{"field": "page title"}]} for one in IDS]
    order = {"type": "Product", "storeId": STORE, "language": LANGUAGE}
    for one in records:
        simulator.generate({**order, "queue": False, "Texts": [one]})
    simulator.seconds_per_record = 1_000.0
    simulator.generate({**order, "queue": True, "Texts": records})
    for identity in ("A", "B"):
        url = f"https://shop.example.com/{identity}.jpg"
        imaging.upload(simulator, {"storeId": STORE, "imageId": identity, "url": url, "ipAddress": "::1"})
    imaging.describe(simulator, {"storeId": STORE, "language": LANGUAGE, "images": [{"imageId": "A"}]})
    for wish in ("rewrite", "both"):
        asked = {"storeId": STORE, "recordId": "SKU-1", "field": "page title", "comment": "Too short", "wish": wish}
        reviews.ask(simulator, asked)
    return simulator


def request_id(simulator: Simulator) -> str:
    """Return the id of the request that is open."""
    return simulator.open_requests()[0].id


READS: Mapping[str, Callable[[Service, str], object]] = {
    "sign-in": lambda service, _: service.sign_in(),
    "token-time": lambda service, _: service.token_time(),
    "credit": lambda service, _: service.balance(),
    "credit-available": lambda service, _: service.is_available(1),
    "text-types": lambda service, _: sorted(service.text_types()),
    "active-requests": lambda service, _: service.active_requests(),
    "request": lambda service, request: service.request(request),
    "texts": lambda service, _: service.texts("Product", STORE, LANGUAGE, IDS),
    "status": lambda service, _: list(service.status_pages("Product", store=STORE)),
    "history": lambda service, _: list(service.history_pages("Product", STORE)),
    "image": lambda service, _: service.images.get(STORE, "A", language=LANGUAGE),
    "images": lambda service, _: service.images.read(STORE, ["A", "B"], language=LANGUAGE),
    "reviews": lambda service, _: service.reviews.read(RECORD),
    "review-status": lambda service, _: list(service.reviews.status_pages("Product")),
    "suggested-audiences": lambda service, _: service.suggestions.audiences(RECORD, "Oak stool"),
    "suggested-keywords": lambda service, _: service.suggestions.keywords(RECORD, ["Oak stool"]),
    "template-settings": lambda service, _: [
        (one.template_id, one.name, one.chosen) for one in service.templates.read("Product", store=STORE)
    ],
    "regions": lambda service, _: service.web.regions(),
    "ping": lambda service, _: service.web.ping() >= 0,
    "user-token": lambda service, _: service.web.user_token("ann@example.com"),
    "account": lambda service, _: service.web.company(),
    "advert": lambda service, _: bool(service.web.advert()),
    **dict.fromkeys(
        (
            "prices",
            "etags",
            "rules",
            "tones",
            "styles",
            "audiences",
            "formal-languages",
            "formal-support",
            "disallowed",
        ),
        lambda service, _: (service.reference(), service.reference()),
    ),
}
"""How to make each call that reads, given the id of an open request. The lists come all together, twice: the second
time by their ETags."""
