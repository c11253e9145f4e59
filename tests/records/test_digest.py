from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Action, Attribute, Inputs, Record, RecordKey, Representative, Wanted
from sync.records import input_digest, input_digests

KEY = RecordKey("shop", "Product", "A1", "en")
RECORD = Record(KEY, 2, Action.DECIDE, Inputs(name="Oak"), (Wanted("excerpt", 25, 50), Wanted("page title")), {})

CHANGES: dict[str, object] = {
    "name": "Elm", "sku": "S", "url": "https://x", "keywords": ("k",), "tones": ("t",), "style": "s",
    "audiences": ("a",), "semantic_keywords": ("w",),
    "custom_tone": "c", "custom_style": "c", "custom_audience": "c", "formal_language": "f", "other_details": "o",
    "special_instructions": "i", "countries": ("GB",), "reference_record": "r",
    "representatives": (Representative("p", "n"),), "attributes": (Attribute("Colour", ("red",)),),
    "images": ("i",), "shows": "p", "picture": "https://x/i.jpg",
}  # fmt: skip


def test_every_input_has_its_change() -> None:
    assert set(CHANGES) == {field.name for field in fields(Inputs)}


@pytest.mark.parametrize("name", CHANGES)
def test_each_input_shapes_every_digest(name: str) -> None:
    changed = replace(RECORD, inputs=replace(RECORD.inputs, **{name: CHANGES[name]}))  # type: ignore[arg-type]  # by name
    for text_type in ("excerpt", "page title"):
        assert input_digest(changed, text_type) != input_digest(RECORD, text_type)


def test_no_two_inputs_are_taken_for_each_other() -> None:
    made = [replace(RECORD, inputs=replace(RECORD.inputs, **{name: value})) for name, value in CHANGES.items()]  # type: ignore[arg-type]  # by name
    assert len({input_digest(one, "excerpt") for one in made}) == len(made)


@pytest.mark.parametrize("key", [KEY._replace(store="x"), KEY._replace(type="Category"), KEY._replace(record_id="A2"),
                                 KEY._replace(language="de")])  # fmt: skip
def test_the_key_counts(key: RecordKey) -> None:
    assert input_digest(replace(RECORD, key=key), "excerpt") != input_digest(RECORD, "excerpt")


@pytest.mark.parametrize("words", [(24, 50), (25, 51), (None, 50), (25, None)])
def test_word_limits_count_for_their_own_text_only(words: tuple[int | None, int | None]) -> None:
    changed = replace(RECORD, wanted=(Wanted("excerpt", *words), Wanted("page title")))
    assert input_digest(changed, "excerpt") != input_digest(RECORD, "excerpt")
    assert input_digest(changed, "page title") == input_digest(RECORD, "page title")


def test_row_action_texts_and_other_texts_wanted_do_not_count() -> None:
    moved = replace(RECORD, row=99, action=Action.REGENERATE, texts={"excerpt": "x"}, wanted=RECORD.wanted[:1])
    assert input_digest(moved, "excerpt") == input_digest(RECORD, "excerpt")


def test_each_text_has_its_own_digest_and_all_at_once_are_the_same() -> None:
    digests = input_digests(RECORD)
    assert digests == {text_type: input_digest(RECORD, text_type) for text_type in ("excerpt", "page title")}
    assert len(set(digests.values())) == 2
    assert all(len(digest) == 64 for digest in digests.values())


def test_the_digest_stays_the_same_from_version_to_version() -> None:
    assert input_digest(RECORD, "excerpt") == "1e9427ba772af0112f83ab57d67c9de49dafd63da76f34a43a1ae334cf09bf07"


WORDS = st.text(max_size=6)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
ATTRIBUTES = st.lists(st.builds(Attribute, WORDS, LISTS), max_size=2).map(tuple)
INPUTS = st.builds(Inputs, name=WORDS, sku=WORDS, keywords=LISTS, tones=LISTS, attributes=ATTRIBUTES)


@given(INPUTS, INPUTS)
def test_digests_are_equal_exactly_when_the_inputs_are(one: Inputs, other: Inputs) -> None:
    first, second = (input_digest(replace(RECORD, inputs=inputs), "excerpt") for inputs in (one, other))
    assert (first == second) == (one == other)
