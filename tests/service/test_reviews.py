"""Reviews and suggestions from answers that say little, or say it otherwise; what may cost is asked once."""

from __future__ import annotations

from typing import Any

import pytest

from sync.errors import Unreachable
from sync.model import RecordKey, Review, ReviewedText, ReviewRequest, Suggestions, Template, Wish
from sync.service import review_wire, suggestions, templates
from tests.service.wires import RawServer, answer, impatient

RECORD = RecordKey("shop", "Product", "SKU-1", "en-GB")


def read(value: object) -> tuple[Review, ...]:
    return review_wire.reviews(value, RECORD)


@pytest.mark.parametrize(
    ("value", "wish"),
    [
        (1, Wish.REWRITE),
        ("2", Wish.CORRECTION),
        (3.0, Wish.BOTH),
        (-1, Wish.DONE),
        ("EditForRewrite", Wish.REWRITE),
        ("edit_for_correction", Wish.CORRECTION),
        ("Done", Wish.DONE),
        (4, Wish.OTHER),
        (1.5, Wish.OTHER),
        ("Translate", Wish.OTHER),
        (None, Wish.OTHER),
        (True, Wish.OTHER),
    ],
)
def test_what_is_asked_of_a_text_is_a_number_or_a_word(value: object, wish: Wish) -> None:
    assert review_wire.wish(value) is wish


def test_a_wish_that_is_not_known_is_open() -> None:
    (found,) = read({"reviews": [{"id": 7, "fields": [{"field": "excerpt", "status": "Translate"}]}]})
    assert (found.review_id, found.open, found.texts[0].raw_wish) == ("7", True, "Translate")


@pytest.mark.parametrize(
    "value",
    [
        {"reviews": [{"id": "r", "comment": "c", "fields": [{"field": "excerpt", "status": 1}]}]},
        {"value": {"Reviews": [{"ID": "r", "Comment": "c", "Fields": [{"Field": "excerpt", "Status": "1"}]}]}},
        [{"reviewId": "r", "comment": "c", "fields": {"field": "excerpt", "status": 1}, "new": {}}],
        {"reviews": [None, 3, {"id": "x", "recordId": "other"}, {"id": "r", "comment": "c", "recordId": "sku-1",
                     "fields": [None, {"field": "excerpt", "status": 1}]}]},
    ],
)  # fmt: skip
def test_a_review_is_read_from_several_shapes(value: object) -> None:
    text = ReviewedText("excerpt", Wish.REWRITE, "1")
    assert read(value) == (Review("r", RECORD, "c", (text,)),)


@pytest.mark.parametrize("value", [None, [], {"reviews": None, "more": []}, {"reviews": []}])
def test_no_reviews_are_none(value: object) -> None:
    assert read(value) == ()


@pytest.mark.parametrize("value", ["page", 3, {}])
def test_an_answer_that_is_no_list_of_reviews_says_so(value: object) -> None:
    with pytest.raises(Unreachable, match="expected reviews"):
        read(value)


@pytest.mark.parametrize("body", [b"", b"{}", b"OK", b'{"review": {}}', b"null"])
def test_a_review_that_was_taken_stays_taken_whatever_the_answer_holds(body: bytes) -> None:
    with RawServer([answer(200, body)]) as server:
        with impatient(server.url) as service:
            assert service.reviews.save(ReviewRequest(RECORD, (("excerpt", "t", "w"),), "r"), at=0.0) == "r"
        assert len(server.work) == 1
        assert server.work[0].headers["accept-language"] == "en-GB"


def test_a_review_without_an_id_in_its_answer_has_none() -> None:
    for body, identity in (({"id": "r"}, "r"), ("r", "r"), ({"review": {"id": 7}}, "7"), ({}, "")):
        assert review_wire.review_id(body, "") == identity


def test_suggestions_are_asked_for_once_whatever_happens() -> None:
    for status in (429, 500, 503):
        with RawServer([answer(status, {"error": "no"})]) as server:
            with impatient(server.url) as service, pytest.raises(Exception, match="no"):
                service.suggestions.audiences(RECORD, "Oak stool")
            assert len(server.work) == 1


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, Suggestions(())),
        ({}, Suggestions(())),
        ("Parents", Suggestions(("Parents",))),
        (["Parents", None, "Parents"], Suggestions(("Parents",))),
        ({"Values": [{"name": "Parents"}], "Selected": "Women"}, Suggestions(("Parents",), ("Women",))),
        ({"texts": ["a", "b"]}, Suggestions(("a", "b"))),
        (
            {"texts": [{"text": "Oak", "values": ["a", "b"]}, {"text": "Oak", "values": "c"}], "selected": None},
            Suggestions(("a", "b", "c"), (), {"Oak": ("a", "b", "c")}),
        ),
    ],
)
def test_suggestions_are_read_from_several_shapes(value: object, found: Suggestions) -> None:
    assert suggestions.suggestions(value) == found


@pytest.mark.parametrize(
    "value",
    [
        {"templates": [{"id": "a", "name": "A", "default": "true"}]},
        {"value": [{"TemplateId": "a", "title": "A", "isDefault": 1}]},
        [None, {"id": "a", "name": "A", "selected": True}, {}],
    ],
)
def test_templates_are_read_from_several_shapes_and_kept_as_they_came(value: object) -> None:
    (found,) = templates.templates(value)
    assert (found.template_id, found.name, found.chosen) == ("a", "A", True)
    assert '"a"' in found.raw


def test_no_templates_are_none() -> None:
    nothing: list[Any] = [None, {}, [], "page", {"templates": {}}]
    assert [templates.templates(one) for one in nothing] == [()] * 5
    assert Template("a", "A").raw == ""
