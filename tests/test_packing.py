"""Many changes in little space: what comes out is what was put in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Change, Kind, Price, RecordKey, TextKey, Together
from sync.packing import Packed, gathered
from sync.plan import make
from tests.nouns import change

DIGEST = "0123456789abcdef" * 4
DIGESTS = st.sampled_from([DIGEST, DIGEST[::-1], "", DIGEST.upper(), DIGEST[:-1], DIGEST + "0", "12 " + DIGEST[3:]])
WORDS = st.sampled_from(["", "A", "B", "Ä\ud800"])
PRICES = st.sampled_from([Price(), Price(1.0, 2.0), Price(1, 2)])


def changes() -> st.SearchStrategy[list[Change]]:
    keys = st.builds(TextKey, st.builds(RecordKey, WORDS, WORDS, WORDS, WORDS), WORDS)
    together = st.none() | st.builds(Together, WORDS, st.integers(1, 9), st.floats(0, 9))
    one = st.builds(
        Change,
        keys,
        st.integers(1, 1_048_576),
        st.sampled_from(Kind),
        *[WORDS] * 6,
        DIGESTS,
        PRICES,
        st.booleans(),
        WORDS,
        WORDS,
        together,
    )
    return st.lists(one, max_size=20)


@given(changes(), st.sampled_from([1, 600]))
def test_what_comes_out_is_what_was_put_in(some: list[Change], times: int) -> None:
    some *= times
    packed = Packed(some)
    assert list(packed) == some == [packed[at] for at in range(len(packed))]
    for mine, theirs in zip(packed, some, strict=True):
        assert [type(one) for one in mine] == [type(one) for one in theirs]
        assert type(mine.price.max) is type(theirs.price.max)


def many(count: int = 1_500) -> list[Change]:
    texts = ("page title", "excerpt")
    return [change(f"A{at:05}", text_type=text, input_digest=DIGEST) for at in range(count) for text in texts]


def test_they_are_counted_picked_and_compared_as_any_other_sequence() -> None:
    some = many()
    packed = Packed(iter(some))
    assert len(packed) == 3_000
    assert packed == some
    assert packed == tuple(some)
    assert packed != some[1:]
    assert packed != [*some[1:], some[0]]
    assert packed[-1] == some[-1]
    assert packed[500:520] == tuple(some[500:520])
    assert packed[::-700] == tuple(some[::-700])
    assert some[2_000] in packed
    with pytest.raises(IndexError):
        packed[3_000]


def test_only_more_than_there_is_space_for_are_packed() -> None:
    some = many(10)
    assert type(gathered(some, most=20)) is tuple
    assert type(gathered(some, most=19)) is Packed
    assert gathered(iter(some), most=19) == gathered(some, most=20) == tuple(some)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("keywords", [False, True])
def test_a_plan_of_packed_changes_is_the_same_plan(*, backwards: bool, keywords: bool) -> None:
    """Its digest too, which goes by the order of keys: somebody may have signed it."""
    some = many()[::-1] if backwards else many()
    some[3:4] = [change("A00700", Kind.PULL, text_type="page description", was="x", now="y")]
    if keywords:
        some = [change(f"A{at:05}", Kind.KEYWORDS, text_type="keywords") for at in (1_400, 7, 700)] + some
    plain, packed = make(some, None), make(Packed(some), None)
    assert packed == plain
    assert packed.digest == plain.digest
    assert packed.digest != make(Packed(some[1:]), None).digest


def test_alt_texts_share_the_price_of_their_request_when_they_are_packed_too() -> None:
    some = [change(f"I{at}", text_type="alt text", together=Together("A1", 10, 5.0)) for at in range(1_200)]
    plain, packed = make(some, None), make(Packed(some), None)
    assert packed == plain
    assert plain.estimate == Price(600.0, 600.0)
    assert type(plain.changes) is type(make(some[:3], None).changes) is tuple


def test_what_is_left_alone_is_packed_too() -> None:
    some = [change(f"A{at}", Kind.PROTECTED if at % 2 else Kind.UNCHANGED) for at in range(2_000)]
    assert make(Packed(some), None).notes == tuple(some[1::2])
