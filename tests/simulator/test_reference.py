from __future__ import annotations

import pytest

from sync.simulator.catalogue import CATEGORY_TYPES, PRODUCT_TYPES, price
from tests.simulator.world import World

DATA = {
    "credits": "Credits",
    "rules": "Rules",
    "tones": "Tones",
    "styles": "Styles",
    "audiences": "Audiences",
    "texttypes": "TextTypes",
    "formallanguages": "FormalLanguages",
    "formallanguagesupport": "FormalLanguageSupport",
    "disallowedcombinations": "disallowedCombinations",
}


@pytest.mark.parametrize("name", DATA)
def test_reference_data_carries_an_etag_and_need_not_be_fetched_twice(name: str) -> None:
    world = World()
    answer = world.call("GET", f"/text/Generate/{DATA[name]}")
    tag = answer.headers["ETag"]
    assert tag.startswith('"')
    assert world.get("/text/Generate/Etags")[name] == tag
    for given in (tag, tag.strip('"'), f"W/{tag}"):
        again = world.call("GET", f"/text/Generate/{DATA[name]}", headers={"If-None-Match": given})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["ETag"] == tag
        probe = world.call("GET", "/text/Generate/Etags", headers={"If-None-Match": given})
        assert probe.status_code == 304
    other = world.call("GET", f"/text/Generate/{DATA[name]}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_choices_have_id_name_and_default() -> None:
    world = World()
    for name in ("Tones", "Styles", "Audiences", "FormalLanguages"):
        choices = world.get(f"/text/Generate/{name}")
        assert choices
        assert all(set(one) == {"id", "name", "default"} for one in choices)


def test_every_disallowed_combination_is_made_of_known_ids() -> None:
    world = World()
    known = {
        kind: {one["id"] for one in world.get(f"/text/Generate/{kind}s")} for kind in ("Tone", "Style", "Audience")
    }
    for rule in world.get("/text/Generate/disallowedCombinations"):
        assert len(rule["combination"]) > 1
        assert all(member["id"] in known[member["type"]] for member in rule["combination"])


def test_the_price_list_knows_every_text_type() -> None:
    prices = World().get("/text/Generate/Credits")
    assert set(prices["generation"]) == set(prices["generationTier"]) == {*PRODUCT_TYPES, *CATEGORY_TYPES}
    assert prices["wordsPerCredit"] == 300
    assert prices["altText"] == 1
    assert prices["keywordAnalysis"] == 6


@pytest.mark.parametrize(
    ("field", "words", "cost"),
    [("page title", 5, 1), ("page description", 900, 1), ("excerpt", 0, 2), ("product description", 300, 2),
     ("product description", 301, 3), ("category description", 901, 5)],
)  # fmt: skip
def test_long_texts_cost_a_tier_more_for_each_300_words_begun(field: str, words: int, cost: int) -> None:
    assert price(field, words) == cost


def test_the_balance_has_the_shape_of_the_service() -> None:
    assert World(credits=50).get("/text/Credit") == {
        "totalCredits": 50,
        "availableCredits": 50,
        "isPremium": True,
        "membershipType": "Professional",
    }
    assert World(premium=False).get("/text/Credit")["isPremium"] is False


@pytest.mark.parametrize(
    ("needed", "status"), [("50", 200), ("50.5", 400), ("51", 400), ("x", 400), ("-1", 400), ("nan", 400)]
)
def test_availability_is_a_status(needed: str, status: int) -> None:
    answer = World(credits=50).call("GET", f"/text/Credit/isAvailable/{needed}")
    assert answer.status_code == status
    assert ("error" in answer.json()) == (status == 400)
