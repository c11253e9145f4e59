"""One way to make each reading call of the table, and a simulator in which every one of them finds something."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sync.model import AltTextOrder, OptimizationOrder, RecordKey, ReviewRequest, Upload
from sync.service import Service
from sync.simulator import DEFAULT_KEY, Simulator, create_app
from tests.asgi import AsgiTransport
from tests.service.wires import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import httpx

    from sync.model import KeywordResult

STORE, LANGUAGE = "shop.example.com", "en-GB"
RECORD = RecordKey(STORE, "Product", "SKU-1", LANGUAGE)
OTHER = RECORD._replace(record_id="SKU-2")
IDS = (RECORD.record_id, OTHER.record_id)


class Place(NamedTuple):
    """A service in which every read finds something, and the ids that some of them need."""

    simulator: Simulator
    transport: httpx.BaseTransport
    request: str
    snapshot: str


def client(transport: httpx.BaseTransport) -> Service:
    """Make a client that never waits."""
    return Service(
        "https://api.writetext.ai", DEFAULT_KEY, transport=transport, sleep=lambda _: None, monotonic=lambda: 0.0
    )


@contextmanager
def furnished() -> Iterator[Place]:
    """Make a simulator with texts, an open request, keywords, described images, and editors' requests for change."""
    clock = [1_790_000_000.0]
    simulator = Simulator(seed=5, seconds_per_record=0.0, clock=lambda: clock[0])
    with AsgiTransport(create_app(simulator)) as transport, client(transport) as service:
        service.keywords.start(OptimizationOrder(RECORD, name="Oak stool", seed_keywords=("oak stool",), clusters=2))
        clock[0] += 3_600.0
        snapshot = service.keywords.save_snapshot(RECORD)
        service.keywords.set_manual(OTHER, ["barn stool"])
        for record in (RECORD, OTHER):
            service.reviews.save(ReviewRequest(record, (("page title", "t", "Oak"),), comment="Too short"), at=0.0)
        for identity in ("A", "B"):
            service.images.upload(Upload(STORE, identity, f"https://shop.example.com/{identity}.jpg"))
        service.images.generate_alt_texts(AltTextOrder(STORE, LANGUAGE, (("A", ""),)))
        service.generate(order(RECORD.record_id, OTHER.record_id))
        simulator.look()
        simulator.seconds_per_record = 1_000.0
        request = service.generate(order(RECORD.record_id, OTHER.record_id)).request_id
        yield Place(simulator, transport, request, snapshot)


def unraw(result: KeywordResult | None) -> object:
    """Leave out the answer as it came, in which new fields are to be seen."""
    return result and replace(result, raw="")


READS: Mapping[str, Callable[[Service, Place], object]] = {
    "sign-in": lambda service, _: service.sign_in(),
    "token-time": lambda service, _: service.token_time(),
    "credit": lambda service, _: service.balance(),
    "credit-available": lambda service, _: service.is_available(1),
    "text-types": lambda service, _: sorted(service.text_types()),
    "active-requests": lambda service, _: service.active_requests(),
    "request": lambda service, place: service.request(place.request),
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
    "keyword-optimizations": lambda service, _: list(service.keywords.optimizations("Product", STORE, LANGUAGE, IDS)),
    "keyword-result": lambda service, _: unraw(service.keywords.result(RECORD)),
    "keyword-states": lambda service, _: list(service.keywords.states("Product", STORE, LANGUAGE)),
    "keyword-snapshot": lambda service, place: service.keywords.snapshot(RECORD, place.snapshot),
    "manual-keywords": lambda service, _: service.keywords.manual(OTHER),
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
"""How to make each call that reads, and what is to be compared. The lists come all together, twice: the second
time by their ETags."""
