from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.simulator.catalogue import LONG_TYPES, SHORT_TYPES, TEXT_TYPES, TONES
from sync.simulator.compose import compose
from sync.simulator.languages import LANGUAGES
from sync.simulator.orders import Order, read_order
from sync.simulator.wire import plain, words
from tests.simulator.world import World, record

NAMES = [
    "Oak stool", "Alder armchair", "Ridge hiking boots", "Merino tee", "Ethiopia Yirgacheffe 250 g", "Two-person tent",
]  # fmt: skip
ATTRIBUTES = {
    "Material": ("Oak", "Merino wool", "100% cotton"), "Colour": ("white", "natural, white"), "Weight": ("1.2 kg",),
    "Care": ("hand wash", "wipe clean"), "Origin": ("Ethiopia",), "Waterproof": ("yes", "no"),
    "Tasting notes": ("Jasmine, Lemon",), "Fit": ("Regular",), "Warranty": ("2 years",), "Thread": ("M6",),
    "Height": ("45 cm",),
}  # fmt: skip


def read(record_entry: dict[str, Any], kind: str = "Product", **more: Any) -> Order:
    return read_order({"type": kind, "storeId": "s", "language": "en", "Texts": [record_entry], **more}, premium=True)


def write(order: Order, field: str = "", *, seed: int = 0, salt: int = 0) -> str:
    one = order.records[0]
    wanted = next(wanted for wanted in one.wanted if wanted.field == field or not field)
    return compose(order, one, wanted, seed=seed, salt=salt)


def check(text: str, field: str, least: int, most: int) -> None:
    short = field.removeprefix("category ")
    if field in LONG_TYPES:
        assert least <= words(text) <= most
        assert least <= len(text.split()) <= most, "counting with the tags left in gives another number"
        assert plain(text)
    else:
        assert 0 < len(text) <= SHORT_TYPES[short]
        assert "<p>" not in text
    if short in {"page description", "open graph text", "excerpt"}:
        assert text.endswith((".", "!", "?", "…"))
    assert text == text.strip()
    assert "  " not in text
    assert "{" not in text


limits = st.tuples(st.integers(5, 400), st.integers(0, 300)).map(lambda pair: (pair[0], pair[0] + pair[1]))
safe = st.text(st.characters(codec="utf-8", exclude_characters="<>{}&"), max_size=90)


@settings(max_examples=120, deadline=None)
@given(
    name=st.one_of(st.sampled_from(NAMES), safe),
    kind=st.sampled_from(["Product", "Category"]),
    language=st.sampled_from(["en-GB", "en", "pl", *LANGUAGES]),
    attributes=st.lists(st.tuples(st.sampled_from([*ATTRIBUTES, "Anything"]), safe), max_size=8),
    keywords=st.lists(st.text(min_size=1, max_size=30).filter(lambda text: "{" not in text), max_size=5),
    tones=st.lists(st.sampled_from([tone["id"] for tone in TONES if tone["id"] != "Formal"]), max_size=2, unique=True),
    style=st.sampled_from(["", "Concise", "Descriptive", "Bullet points"]),
    range_=limits,
    salt=st.integers(0, 12),
    carried=st.sampled_from(["", "rewriteText", "referenceText", "currentValue"]),
)
def test_texts_keep_to_the_length_asked_for(
    name: str, kind: str, language: str, attributes: list[tuple[str, str]], keywords: list[str],
    tones: list[str], style: str, range_: tuple[int, int], salt: int, carried: str,
) -> None:  # fmt: skip
    fields = [
        {"field": field, "minWords": range_[0], "maxWords": range_[1], carried: "An old text of 12 words. With more."}
        for field in TEXT_TYPES[kind]
    ]
    entry = {
        "recordId": "A-1", "name": name, "keywords": keywords, "tones": tones, "style": style, "fields": fields,
        "attributes": [{"name": one, "value": value} for one, value in attributes],
    }  # fmt: skip
    order = read(entry, kind, language=language)
    for wanted in order.records[0].wanted:
        check(compose(order, order.records[0], wanted, seed=1, salt=salt), wanted.field, *range_)


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("length", [5, 6, 7, 11, 50, 700, 2000])
def test_an_exact_length_is_kept_to_the_word(length: int, language: str) -> None:
    entry = record("A", name="A rather long name for such a very small stool made of oak")
    entry["fields"] = [{"field": "product description", "minWords": length, "maxWords": length}]
    assert words(write(read(entry, language=language))) == length


def varied(number: int) -> list[dict[str, Any]]:
    draws = random.Random(5)
    found = []
    for place in range(number):
        chosen = draws.sample(sorted(ATTRIBUTES), draws.randint(0, 5))
        found.append(
            record(
                f"R{place}",
                *TEXT_TYPES["Product"],
                name=draws.choice(NAMES),
                attributes=[{"name": name, "value": draws.choice(ATTRIBUTES[name])} for name in chosen],
                tones=draws.choice([[], ["Friendly"], ["Witty"], ["Selling"]]),
            )
        )
    return found


def all_values(world: World) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, texts in world.simulator.shelf.texts.items():
        found.setdefault(key.field, []).extend(text.value for text in texts)
    return found


def test_no_two_records_share_a_text_even_with_the_same_names() -> None:
    world = World(capacity=400)
    body = {"type": "Product", "storeId": "s", "language": "en", "Texts": varied(400)}
    world.post("/text/generate", body)
    world.time += 5
    world.get("/text/Credit")
    found = all_values(world)
    assert set(found) == set(TEXT_TYPES["Product"])
    for values in found.values():
        assert len(values) == 400
        assert len(set(values)) == 400
    starts = {plain(value)[:60] for value in found["product description"]}
    assert len(starts) > 40


def test_the_same_seed_writes_the_same_and_another_seed_something_else() -> None:
    def story(seed: int) -> dict[str, list[str]]:
        world = World(seed=seed)
        world.post("/text/generate", {"type": "Product", "language": "en", "Texts": varied(10)})
        world.time += 60
        world.get("/text/Credit")
        return all_values(world)

    assert story(3) == story(3)
    assert story(3) != story(4)


def test_the_inputs_show_in_the_text() -> None:
    entry = record(
        "A", "product description", name="Alder armchair", keywords=["reading chair"], customAudience="keen readers",
        attributes=[{"name": "Material", "value": "Oak"}, {"name": "Colour", "values": ["natural", "white"]}],
        otherDetails="Two spare screws are in the box",
    )  # fmt: skip
    entry["fields"][0].update(minWords=100, maxWords=200)
    text = plain(write(read(entry, countries=["GB", "IE"], specialInstructions="Mention the two-year guarantee.")))
    for said in (
        "alder armchair", "reading chair", "keen readers", "oak", "natural", "white",
        "two spare screws are in the box.",
        "the two-year guarantee", "the united kingdom and ireland",
    ):  # fmt: skip
        assert said in text.lower()


def test_names_are_escaped_in_descriptions_and_plain_elsewhere() -> None:
    entry = record(
        "A", "product description", "excerpt", name="Salt & Pepper", attributes=[{"name": "A", "value": "b"}]
    )
    order = read(entry)
    assert "&amp; Pepper" in write(order, "product description")
    assert "Salt & Pepper" in write(order, "excerpt")


def test_many_things_are_spoken_of_in_the_plural() -> None:
    texts = [write(read(record("A", "excerpt", name="Ridge hiking boots, men's")), salt=salt) for salt in range(20)]
    assert not any(re.search(r"boots, men's (is|has|makes|comes|keeps)\b", text) for text in texts)


@pytest.mark.parametrize(("style", "listed"), [("Bullet points", True), ("Storytelling", False)])
def test_the_style_decides_on_lists(style: str, listed: bool) -> None:
    attributes = [{"name": "Material", "value": "Oak"}, {"name": "Height", "value": "45 cm"}]
    text = write(read(record("A", "product description", style=style, attributes=attributes)))
    assert ("<ul><li>" in text) == listed


def test_tones_are_heard() -> None:
    plain_text = write(read(record("A", "product description")))
    assert write(read(record("A", "product description", tones=["Witty"]))) != plain_text
    assert write(read(record("A", "product description", customTone="pirate"))) != plain_text


@pytest.mark.parametrize(
    ("name", "given_text", "kept"),
    [
        (
            "rewriteText",
            "<p>Our stool began in a small workshop. It is fine.</p>",
            "Our stool began in a small workshop.",
        ),
        ("referenceText", "A chair. We wish you many happy evenings.", "We wish you many happy evenings."),
        ("currentValue", "Nice. It carries up to 150 kg with ease.", "It carries up to 150 kg with ease."),
    ],
)
def test_earlier_texts_leave_a_trace(name: str, given_text: str, kept: str) -> None:
    entry = record("A", "product description")
    entry["fields"][0][name] = given_text
    assert kept in write(read(entry))


@pytest.mark.parametrize(("language", "word"), [("de-DE", " und "), ("fr", " et "), ("sv_SE", " och "), ("xx", "the")])
def test_the_language_is_written_or_else_english(language: str, word: str) -> None:
    texts = [write(read(record("A", "product description"), language=language), salt=salt) for salt in range(5)]
    assert any(word in text for text in texts)


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_keyword_of_nothing_but_brackets_is_passed_over(language: str) -> None:
    fields = [{"field": field} for field in TEXT_TYPES["Product"]]
    order = read({**record("A", keywords=["<", ">>"]), "fields": fields}, language=language)
    for salt in range(20):
        for wanted in order.records[0].wanted:
            assert "  " not in write(order, wanted.field, salt=salt)
