"""What comes over the wire: understood in many spellings, and never a crash."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import Unreachable
from sync.model import Balance, Choice, Combination, RequestState
from sync.service import loose, results, wire
from tests.service.wires import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ASKED = results.Asked("Product", "shop.example.com", "en-GB", ("SKU-1", "SKU-2"), ("page title",))

BALANCE = {"totalCredits": 5000, "availableCredits": 3712, "isPremium": True, "membershipType": "Starter"}
RULES = {"maxNameLength": 100, "maxOutputWords": 2000, "maxKeywords": 5}
TONES = [{"id": "Witty", "name": "Geistreich", "default": True}, {"id": "Blunt", "name": "Direkt", "default": False}]
COMBINATIONS = [{"combination": [{"type": "Tone", "id": "Formal"}, {"type": "Style", "id": "Joke"}]}]
PRICES = {"generation": {"page title": 1}, "generationTier": {"page title": 0.5}, "wordsPerCredit": 250}
REQUEST = {
    "id": "r-1",
    "userName": "ann@example.com",
    "recordType": "Product",
    "storeId": "shop.example.com",
    "language": "en-GB",
    "status": "Running",
    "estimatedEndTime": "2026-09-21T10:03:20Z",
    "queuedIds": ["4"],
    "runningIds": ["3"],
    "completedIds": ["1", "2"],
    "failedIds": ["2"],
    "total": 4,
}
TEXTS = {
    "type": "Product",
    "records": [
        {
            "recordId": "SKU-1",
            "stores": [
                {
                    "storeId": "shop.example.com",
                    "language": "en-GB",
                    "field": "page title",
                    "texts": [{"id": "t-2", "value": "New", "outputs": ["Other"]}, {"id": "t-1", "value": "Old"}],
                    "reviews": [],
                }
            ],
        }
    ],
}
STATUS = {
    "continuationToken": "next",
    "records": [{"recordId": "1", "field": "page title", "status": "Edited", "date": "2026-09-21T10:00:00Z"}],
}
HISTORY = {
    "histories": [
        {"timestamp": "2026-09-21T10:00:00", "textType": "excerpt", "value": "x", "textId": "t", "recordId": "1"}
    ]
}
INLINE = {"requestId": "r-9", "texts": [{"id": "t-1", "recordId": "SKU-1", "field": "page title", "outputs": ["Hi"]}]}

READERS: dict[str, tuple[Callable[[Any], object], Any]] = {
    "balance": (wire.balance, BALANCE),
    "rules": (wire.rules, RULES),
    "choices": (lambda value: wire.choices(value, "tones"), TONES),
    "codes": (lambda value: wire.codes(value, "codes"), ["de", "FR"]),
    "text types": (wire.text_types, ["page title", "excerpt"]),
    "combinations": (wire.combinations, COMBINATIONS),
    "prices": (wire.prices, PRICES),
    "request": (lambda value: wire.request_details(value, "asked"), REQUEST),
    "requests": (wire.request_list, [REQUEST, REQUEST | {"id": "r-2", "status": "Pending"}]),
    "texts": (lambda value: results.remote_texts(value, ASKED), TEXTS),
    "status": (results.status_page, STATUS),
    "history": (results.history_page, HISTORY),
    "inline": (lambda value: results.inline_texts(value, order("SKU-1", "SKU-2")), INLINE),
    "order id": (wire.order_id, INLINE),
    "clock": (wire.clock, {"time": "2026-09-21T10:00:00Z"}),
}
NAMES = sorted(
    {
        name
        for _, sample in READERS.values()
        for name in json.dumps(sample).replace('": ', '"\0').split('"')
        if name and name[0] != "\0" and name.isprintable()
    }
)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(["", "1", "-0", *NAMES])
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=6)), inner, max_size=5),
    ),
    max_leaves=20,
)


def respelt(value: Any, dice: random.Random) -> Any:
    """Change the letter case of every name, put unknown names beside, and shuffle."""
    if isinstance(value, dict):
        pairs = [("".join(_swapped(name, dice)), respelt(one, dice)) for name, one in value.items()]
        pairs += [
            (name, dice.choice([None, 1, "x", [], {"id": "no"}])) for name in ("zz", "x-new") if dice.random() < 0.5
        ]
        dice.shuffle(pairs)
        return dict(pairs)
    if isinstance(value, list):
        return [respelt(one, dice) for one in value]
    return value


def _swapped(name: str, dice: random.Random) -> Iterator[str]:
    return (letter.swapcase() if dice.random() < 0.5 else letter for letter in name)


def damaged(value: Any, other: Any, dice: random.Random) -> Any:
    """Put something else in place of parts, wrap objects into lists, leave names out."""
    if dice.random() < 0.15:
        return other
    if isinstance(value, dict):
        kept = {name: damaged(one, other, dice) for name, one in value.items() if dice.random() < 0.85}
        return [kept] if dice.random() < 0.2 else kept
    if isinstance(value, list):
        return {"items": value} if dice.random() < 0.15 else [damaged(one, other, dice) for one in value]
    return value


# A name of an object that is itself data (a text type in the price list) may not change its letter case.
RESPELT = [name for name in READERS if name != "prices"]


@pytest.mark.parametrize("name", RESPELT)
@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_letter_case_order_and_unknown_names_do_not_matter(name: str, seed: int) -> None:
    read, sample = READERS[name]
    assert read(respelt(sample, random.Random(seed))) == read(sample)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None)
@given(other=anything, seed=st.integers(0, 2**32))
def test_whatever_comes_is_read_or_called_unreadable(name: str, other: Any, seed: int) -> None:
    read, sample = READERS[name]
    value = damaged(sample, other, random.Random(seed))
    try:
        text = repr(read(value))
    except Unreachable as error:
        text = error.message
        assert "expected" in text
    text.encode()


@given(st.binary(max_size=200))
def test_bytes_are_json_or_called_unreadable(body: bytes) -> None:
    loose.complaint(body)
    wire.denies(body)
    try:
        loose.parse(body, "something")
    except Unreachable:
        return


@pytest.mark.parametrize("body", [b"[" * 100_000, b"1" * 10_000, b'{"a":' * 50_000])
def test_endless_nesting_and_numbers_are_called_unreadable(body: bytes) -> None:
    with pytest.raises(Unreachable):
        loose.parse(body, "something")


def test_balance() -> None:
    assert wire.balance(BALANCE) == Balance(3712, 5000, premium=True, membership="Starter")
    assert wire.balance({"availableCredits": "12.5", "isPremium": "true"}) == Balance(12.5, None, premium=True)
    unusable: list[Any] = [{}, None, [], {"availableCredits": None}, {"availableCredits": "many"}, "12"]
    for value in unusable:
        with pytest.raises(Unreachable, match="credits"):
            wire.balance(value)


def test_choices_may_be_objects_or_bare_names() -> None:
    expected = (Choice("Witty", "Geistreich", default=True), Choice("Blunt", "Direkt"))
    assert wire.choices(TONES, "tones") == expected
    assert wire.choices({"tones": TONES}, "tones") == expected
    assert wire.choices(["A", {"id": 5}, {"name": "B"}, {}, None], "tones") == (
        Choice("A", "A"),
        Choice("5", "5"),
        Choice("B", "B"),
    )
    with pytest.raises(Unreachable):
        wire.choices(None, "tones")


def test_a_combination_that_is_not_wholly_readable_forbids_nothing() -> None:
    assert wire.combinations(COMBINATIONS) == (Combination((("Tone", "Formal"), ("Style", "Joke"))),)
    assert (
        wire.combinations([{}, {"combination": []}, {"combination": [{"type": "Tone"}]}, {"combination": None}]) == ()
    )


def test_prices_have_a_usual_size_of_a_tier() -> None:
    assert wire.prices(PRICES).tier == {"page title": 0.5}
    assert wire.prices({"generation": {"x": "two"}, "wordsPerCredit": 0}).words_per_credit == 300


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ("Pending", RequestState.PENDING),
        ("RUNNING", RequestState.RUNNING),
        ("timedOut", RequestState.TIMED_OUT),
        ("Timed Out", RequestState.TIMED_OUT),
        ("Canceled", RequestState.CANCELLED),
        ("Paused", RequestState.OTHER),
        ("?", RequestState.OTHER),
        ("", RequestState.OTHER),
    ],
)
def test_p03_an_unknown_status_is_kept_as_it_is(raw: str, state: RequestState) -> None:
    details = wire.request_details(REQUEST | {"status": raw}, "r-1")
    assert (details.state, details.raw_state) == (state, raw)


def test_a_request_says_which_records_are_where() -> None:
    details = wire.request_details(REQUEST, "r-1")
    assert [sorted(part) for part in (details.queued, details.running, details.completed, details.failed)] == [
        ["4"],
        ["3"],
        ["1", "2"],
        ["2"],
    ]
    assert details.estimated_end == 1789985000.0
    bare = wire.request_details({"status": "Pending", "queuedIds": None, "completedIds": 7}, "asked")
    assert (bare.request_id, sorted(bare.queued), sorted(bare.completed)) == ("asked", [], ["7"])


def test_requests_without_an_id_are_left_out_of_the_list() -> None:
    assert [one.request_id for one in wire.request_list([REQUEST, {}, None, 7, {"id": "k"}])] == ["r-1", "k"]
    assert wire.request_list(None) == ()
    with pytest.raises(Unreachable):
        wire.request_list("<html>")


def test_the_newest_text_comes_first_and_its_value_counts_before_its_alternatives() -> None:
    (text,) = results.remote_texts(TEXTS, ASKED)
    assert (text.text_id, text.value) == ("t-2", "New")
    both = results.remote_texts(TEXTS, results.Asked("Product", "shop.example.com", "en-GB", ("SKU-1",), history=5))
    assert [one.text_id for one in both] == ["t-2", "t-1"]


def place(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "storeId": "shop.example.com",
        "language": "en-GB",
        "field": "page title",
        "texts": [{"id": "t", "value": "v"}],
    }
    return {"records": [{"recordId": "SKU-1", "stores": [usual | changes]}]}


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        ([{"value": "v"}], "v"),
        ([{"value": "", "outputs": ["o"]}], "o"),
        ([{"value": None, "outputs": ["o", "p"]}], "o"),
        ([{"value": ""}], ""),
        ([{"value": 5}], "5"),
        ([{"value": "\ud800 half"}], "\ufffd half"),
        ([{"value": "\U0001f600"}], "\U0001f600"),
        ([{"value": None, "outputs": None}], None),
        ([{"value": {"a": 1}}], None),
        ({"value": "v"}, "v"),
        ([], None),
        (None, None),
    ],
)
def test_a_text_is_its_value_or_its_first_alternative(texts: object, value: str | None) -> None:
    assert [one.value for one in results.remote_texts(place(texts=texts), ASKED)] == ([] if value is None else [value])


def test_texts_come_under_the_names_they_were_asked_by() -> None:
    (same,) = results.remote_texts(place(storeId="SHOP.example.com", language="EN-gb", field="Page Title"), ASKED)
    assert (same.key.record.store, same.key.record.language, same.key.text_type) == (
        "shop.example.com",
        "en-GB",
        "page title",
    )
    (other,) = results.remote_texts(place(language="de"), ASKED)
    assert other.key.record.language == "de", "another language stays another language"
    (silent,) = results.remote_texts(place(storeId=None, language=None), ASKED)
    assert silent.key.record.store == "shop.example.com"


def test_p06_texts_of_records_nobody_asked_for_are_left_out() -> None:
    data = place()
    data["records"] = [{"recordId": one, "stores": data["records"][0]["stores"]} for one in ("X", "sku-2", None)]  # type: ignore[index]
    assert [one.key.record.record_id for one in results.remote_texts(data, ASKED)] == ["SKU-2"]


def test_an_order_may_be_answered_in_several_shapes() -> None:
    good: list[Any] = [
        {"requestId": "r"},
        {"RequestID": "r"},
        {"value": {"requestId": "r"}},
        [{"requestId": "r"}],
        {"id": "r"},
    ]
    for value in good:
        assert wire.order_id(value) == "r"
    without: list[Any] = [None, {}, {"requestId": None, "texts": []}, {"id": "t", "texts": []}, "OK", 5]
    for value in without:
        assert wire.order_id(value) == ""


def test_inline_texts_without_alternatives_are_left_out() -> None:
    entry: dict[str, Any] = {"recordId": "SKU-1", "field": "page title"}
    shapes: list[Any] = [None, "text", {}, [], [None]]
    for outputs in shapes:
        found = results.inline_texts({"texts": [entry | {"outputs": outputs}]}, order())
        assert [one.value for one in found] == (["text"] if outputs == "text" else [])
    (lone,) = results.inline_texts({"texts": [{"field": "page title", "outputs": ["x"]}]}, order("only"))
    assert lone.key.record.record_id == "only"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-09-21T10:00:00Z", 1789984800.0),
        ("2026-09-21T10:00:00", 1789984800.0),
        ("2026-09-21T12:00:00+02:00", 1789984800.0),
        ("2026-09-21T10:00:00.1234567Z", 1789984800.123456),
        (1789984800, 1789984800.0),
        ("soon", None),
        ("", None),
        (None, None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_are_utc_unless_they_say_otherwise(value: object, moment: float | None) -> None:
    assert loose.moment(value) == moment


def test_x10_somebody_elses_words_are_cleaned_and_shortened() -> None:
    body = json.dumps({"Error": "bad\x1b[2J\r\nthing\u202e " + "x" * 1000}).encode()
    said = loose.complaint(body)
    assert said.startswith("bad [2J thing x")
    assert len(said) == 300
    assert loose.complaint(b'{"error": {"message": "inner"}}') == "inner"
    assert loose.complaint(b"<html>") == ""
