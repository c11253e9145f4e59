"""Stories of the calls about reviews, suggestions, template settings, and of the minor ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.errors import NotFound, NotSignedIn
from sync.model import RecordKey, ReviewRequest, Wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.service import Service

STORE, LANGUAGE, NOW = "shop.example.com", "en-GB", 1_790_000_000.0
RECORD = RecordKey(STORE, "Product", "SKU-1001", LANGUAGE)
REQUEST = ReviewRequest(
    RECORD, (("page title", "t-1", "Oak"), ("excerpt", "t-2", "Größer")), comment="Too short", wish=Wish.CORRECTION
)


def reviews(service: Service, _: Callable[[float], None]) -> None:
    assert service.reviews.read(RECORD) == ()
    identity = service.reviews.save(REQUEST, at=NOW)
    (found,) = service.reviews.read(RECORD)
    assert (found.review_id, found.key, found.comment, found.open) == (identity, RECORD, "Too short", True)
    assert [(one.text_type, one.wish, one.text_id) for one in found.texts] == [
        ("page title", Wish.CORRECTION, "t-1"),
        ("excerpt", Wish.CORRECTION, "t-2"),
    ]
    assert (found.user, found.name, found.date) == ("simulator@example.com", "Simulator", NOW)
    assert service.reviews.read(RECORD._replace(language="fr")) == ()


def review_status(service: Service, turn: Callable[[float], None]) -> None:
    for number in range(3):
        service.reviews.save(replace(REQUEST, key=RECORD._replace(record_id=f"SKU-{number}")), at=NOW)
    turn(10)
    service.reviews.save(replace(REQUEST, wish=Wish.REWRITE), at=NOW)
    pages = list(service.reviews.status_pages("Product", store=STORE, language=LANGUAGE, page_size=5))
    assert [len(page) for page in pages] == [5, 3]
    (late,) = service.reviews.status_pages("Product", start=NOW + 5, fields=["page title"], states=["EditForRewrite"])
    assert [(row.record_id, row.text_type, row.status) for row in late] == [
        ("SKU-1001", "page title", "EditForRewrite")
    ]


def review(service: Service, _: Callable[[float], None]) -> None:
    identity = service.reviews.save(REQUEST, at=NOW)
    again = service.reviews.save(replace(REQUEST, review_id=identity, comment="Much too short"), at=NOW)
    assert again == identity
    (found,) = service.reviews.read(RECORD)
    assert found.comment == "Much too short"
    service.reviews.settle(found, at=NOW, text_types=["excerpt"])
    (found,) = service.reviews.read(RECORD)
    assert [(one.wish, one.open) for one in found.texts] == [(Wish.CORRECTION, True), (Wish.DONE, False)]
    service.reviews.settle(found, at=NOW)
    (found,) = service.reviews.read(RECORD)
    assert not found.open
    assert list(service.reviews.status_pages("Product")) == []
    with pytest.raises(NotFound):
        service.reviews.save(replace(REQUEST, review_id="unknown"), at=NOW)


def suggested_audiences(service: Service, _: Callable[[float], None]) -> None:
    first = service.suggestions.audiences(RECORD, "Oak step stool", ["oak stool"])
    assert first.values
    assert service.suggestions.audiences(RECORD, "Oak step stool", ["oak stool"]) == first
    assert service.suggestions.audiences(RECORD, "Oak step stool", ["oak stool"], afresh=True).values != first.values
    assert service.suggestions.audiences(RECORD, " ").values == ()


def choose_audience(service: Service, _: Callable[[float], None]) -> None:
    service.suggestions.choose_audience(RECORD, "Oak step stool", "Homeowners, and others")
    assert service.suggestions.audiences(RECORD, "Oak step stool").selected == ("Homeowners, and others",)


def suggested_keywords(service: Service, _: Callable[[float], None]) -> None:
    found = service.suggestions.keywords(RECORD, ["Oak step stool", "oak stool"])
    assert set(found.by_text) == {"Oak step stool", "oak stool"}
    assert set(found.values) == {one for many in found.by_text.values() for one in many}
    assert all("oak" in one for one in found.values)


def choose_keywords(service: Service, _: Callable[[float], None]) -> None:
    service.suggestions.choose_keywords(RECORD, "Oak step stool", ["oak stool", "small stool"])
    assert service.suggestions.keywords(RECORD, ["Oak step stool"]).selected == ("oak stool", "small stool")


def template_settings(service: Service, _: Callable[[float], None]) -> None:
    found = service.templates.read("Category", store=STORE)
    assert {one.type for one in found} == {"Category"}
    assert [one.name for one in found if one.chosen] == ["Standard"] * 4
    assert '"default":true' in found[0].raw


def choose_template(service: Service, _: Callable[[float], None]) -> None:
    short = next(one for one in service.templates.read("Product", store=STORE) if one.name == "Short")
    service.templates.choose("Product", short.template_id, store=STORE)
    assert next(one for one in service.templates.read("Product", store=STORE) if one.name == "Short").chosen
    assert not next(one for one in service.templates.read("Product") if one.name == "Short").chosen
    with pytest.raises(NotFound):
        service.templates.choose("Product", "unknown")


def regions(service: Service, _: Callable[[float], None]) -> None:
    assert service.web.regions() == ("api-eu.writetext.ai", "api-us.writetext.ai")
    assert service.requests == 1, "no sign-in is needed"


def ping(service: Service, _: Callable[[float], None]) -> None:
    assert service.web.ping() >= 0
    assert service.requests == 1, "no sign-in is needed"
    with pytest.raises(NotSignedIn):
        service.web.ping("elsewhere.example.com")
    assert service.requests == 1


def user_token(service: Service, _: Callable[[float], None]) -> None:
    token = service.web.user_token("ann@example.com", "Ann", "Miller")
    assert token.reveal()
    assert token.reveal() not in repr(token)


def account(service: Service, _: Callable[[float], None]) -> None:
    found = service.web.company()
    assert (found.name, found.free_premium_credits, found.eligible) == ("Simulated shop", True, True)


def decline_free_premium(service: Service, _: Callable[[float], None]) -> None:
    service.web.decline_free_premium()
    assert service.web.company().free_premium_credits is False


def advert(service: Service, _: Callable[[float], None]) -> None:
    assert service.web.advert()


def statistics(service: Service, _: Callable[[float], None]) -> None:
    service.web.statistics({"version": "1"})
    assert service.requests == 2


REVIEW_STORIES = {
    "reviews": reviews,
    "review-status": review_status,
    "review": review,
    "suggested-audiences": suggested_audiences,
    "choose-audience": choose_audience,
    "suggested-keywords": suggested_keywords,
    "choose-keywords": choose_keywords,
    "template-settings": template_settings,
    "choose-template": choose_template,
    "regions": regions,
    "ping": ping,
    "user-token": user_token,
    "account": account,
    "decline-free-premium": decline_free_premium,
    "advert": advert,
    "statistics": statistics,
}
